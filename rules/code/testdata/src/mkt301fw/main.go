// Package mkt301fw serves through httprouter and alice.
package mkt301fw

import (
	"net/http"

	"app.example.io/auth"
	"app.example.io/store"
	"github.com/julienschmidt/httprouter"
	"github.com/justinas/alice"
)

var db store.Store

func remove(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
	db.Delete(r.Context(), ps.ByName("id"))
}

func create(w http.ResponseWriter, r *http.Request) {
	db.Create(r.Context(), store.Item{Name: r.FormValue("name")})
}

func signedIn(next httprouter.Handle) httprouter.Handle {
	return func(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
		if auth.UserFrom(r.Context()) == "" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next(w, r, ps)
	}
}

func timed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

func main() {
	r := httprouter.New()
	r.DELETE("/items/:id", remove)                                                    // want `^V MKT301: DELETE /items/:id is served without authentication`
	r.DELETE("/orders/:id", signedIn(remove))                                         // ok: the wrapper asks who it is
	r.Handler("POST", "/items", alice.New(timed).ThenFunc(create))                    // want `^V MKT301: POST /items`
	r.Handler("POST", "/orders", alice.New(timed, auth.Require).ThenFunc(create))     // ok: a layer of the chain asks
	r.HandlerFunc("GET", "/healthz", func(w http.ResponseWriter, r *http.Request) {}) // ok: a health check
	http.ListenAndServe(":8080", r)
}
