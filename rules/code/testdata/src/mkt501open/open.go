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
