// Package mkt301asked leaves it to another package to know who asks.
package mkt301asked

import (
	"database/sql"
	"net/http"

	"app.example.io/authz"
)

var db *sql.DB

func reads(w http.ResponseWriter, r *http.Request) {
	db.Exec("DELETE FROM notes WHERE id = $1 AND tenant = $2", r.PathValue("id"), authz.Tenant(r))
}

func refuses(w http.ResponseWriter, r *http.Request) {
	tenant, ok := authz.Current(r)
	if !ok {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	db.Exec("DELETE FROM notes WHERE id = $1 AND tenant = $2", r.PathValue("id"), tenant)
}

func compares(w http.ResponseWriter, r *http.Request) {
	tenant := authz.Tenant(r)
	if tenant == "" {
		http.Error(w, "unauthorized", http.StatusUnauthorized)
		return
	}
	db.Exec("DELETE FROM notes WHERE id = $1 AND tenant = $2", r.PathValue("id"), tenant)
}

func requires(w http.ResponseWriter, r *http.Request) {
	db.Exec("DELETE FROM notes WHERE id = $1 AND tenant = $2", r.PathValue("id"), authz.Require(w, r))
}

func serve() {
	mux := http.NewServeMux()
	mux.HandleFunc("DELETE /api/a/{id}", reads)    // want `^R MKT301: DELETE /api/a/{id} shows no authentication: who asks is read in another package, and nobody is refused here`
	mux.HandleFunc("DELETE /api/b/{id}", refuses)  // ok: branches on the answer
	mux.HandleFunc("DELETE /api/c/{id}", compares) // ok: refuses an empty one
	mux.HandleFunc("DELETE /api/d/{id}", requires) // ok: may answer itself
	http.ListenAndServe(":1", mux)
}
