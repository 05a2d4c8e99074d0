// Package mkt501open does not set the cookie it reads.
package mkt501open

import (
	"net/http"

	"app.example.io/store"
)

var db store.Store

func transfer(w http.ResponseWriter, r *http.Request) {
	if _, err := r.Cookie("session"); err != nil {
		return
	}
	db.Create(r.Context(), store.Item{Name: r.FormValue("to")})
}

func main() {
	m := http.NewServeMux()
	m.HandleFunc("POST /transfer", transfer) // want `^R MKT501: POST /transfer is authenticated by a cookie`
	http.ListenAndServe(":1", m)
}

// Routes may be protected by who serves it.
func Routes() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("POST /transfer", transfer) // want `^R MKT501: POST /transfer is authenticated by a cookie or the like and shows no CSRF defence here, and the router is served outside`
	return m
}

func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-CSRF-Token") == "" {
			http.Error(w, "no", 403)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Partly guards some routes and forgets one.
func Partly() http.Handler {
	m := http.NewServeMux()
	m.Handle("POST /a", guard(http.HandlerFunc(transfer)))
	m.HandleFunc("POST /b", transfer) // want `^R MKT501: POST /b is authenticated by a cookie and has no defence`
	return m
}
