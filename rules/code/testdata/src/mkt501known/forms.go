// Package mkt501known keeps forms from other sites with filippo.io/csrf.
package mkt501known

import (
	"net/http"

	"app.example.io/store"
	"filippo.io/csrf"
	"github.com/go-chi/chi/v5"
)

var db store.Store

func login(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: "session", Value: "x", Secure: true, HttpOnly: true})
}

func transfer(w http.ResponseWriter, r *http.Request) {
	db.Create(r.Context(), store.Item{Name: r.FormValue("to")})
}

func session(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("session"); err != nil {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func around() {
	m := chi.NewRouter()
	m.Use(session)
	m.Post("/transfer", transfer) // ok: the whole server is behind the protection
	http.ListenAndServe(":8080", csrf.New().Handler(m))
}

func used() {
	m := chi.NewRouter()
	m.Use(csrf.New().Handler, session)
	m.Post("/transfer", transfer) // ok: the middleware checks the origin
	http.ListenAndServe(":8080", m)
}

func open() {
	m := chi.NewRouter()
	m.Use(session)
	m.Post("/transfer", transfer) // want `^[VR] MKT501`
	http.ListenAndServe(":8080", m)
}
