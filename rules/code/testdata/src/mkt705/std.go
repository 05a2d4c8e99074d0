package mkt705

import (
	"log/slog"
	"net/http"

	"app.example.io/admin"
)

type store interface{ Delete(id string) error }

type app struct {
	db  store
	log *slog.Logger
}

func (a *app) login(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("user") == "" {
		http.Error(w, "no", 401)
	}
}

func (a *app) remove(w http.ResponseWriter, r *http.Request) { a.db.Delete(r.PathValue("id")) }

func (a *app) loggedRemove(w http.ResponseWriter, r *http.Request) {
	a.db.Delete(r.PathValue("id"))
	a.done(r, "deleted")
}

func (a *app) done(r *http.Request, what string) { a.note(what) }

func (a *app) note(what string) { a.log.Info(what) }

func (a *app) list(w http.ResponseWriter, r *http.Request) { w.Write([]byte("[]")) }

func (a *app) grant(w http.ResponseWriter, r *http.Request) { a.auditGrant(r) }

func (a *app) auditGrant(r *http.Request) { a.db.Delete("") }

// signedIn logs what it refuses.
func (a *app) signedIn(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			a.note("refused")
			http.Error(w, "no", 401)
			return
		}
		next(w, r)
	}
}

func (a *app) logged(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			http.Error(w, "no", 401)
			return
		}
		a.note("let through")
		next(w, r)
	}
}

func (a *app) timed(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		defer func() { a.note("done") }()
		next.ServeHTTP(w, r)
	}
}

func (a *app) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /login", a.login) // want `^R MKT705: 3 critical actions are without a log or audit record in this package: POST /login, DELETE /items/\{id\}, DELETE /shared/\{id\}$`
	mux.HandleFunc("DELETE /items/{id}", a.remove)
	mux.HandleFunc("DELETE /orders/{id}", a.loggedRemove)
	mux.HandleFunc("PUT /users/{id}/roles", a.grant)
	mux.HandleFunc("DELETE /tenants/{id}", admin.DeleteTenant)  // want `^R MKT705: a critical action is answered by code that is not in sight here; .*DELETE /tenants/\{id\}$`
	mux.HandleFunc("DELETE /shared/{id}", a.signedIn(a.remove)) // a record of refusals is none of the deletion
	mux.HandleFunc("DELETE /boards/{id}", a.logged(a.remove))
	mux.HandleFunc("DELETE /links/{id}", a.timed(a.remove))
	// Near misses: reading, words inside others, pages about an action.
	mux.HandleFunc("GET /items", a.list)
	mux.HandleFunc("GET /login", a.list)
	mux.HandleFunc("POST /exporters", a.list)
	mux.HandleFunc("POST /keyboards", a.list)
	mux.HandleFunc("GET /users/{id}/roles", a.list)
	mux.HandleFunc("POST /logins/search", a.list)
	return mux
}
