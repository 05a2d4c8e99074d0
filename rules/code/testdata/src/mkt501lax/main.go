// Package mkt501lax keeps its session cookie from other sites.
package mkt501lax

import (
	"net/http"

	"app.example.io/store"
)

var db store.Store

func login(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: "session", Value: "x", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

func transfer(w http.ResponseWriter, r *http.Request) {
	if _, err := r.Cookie("session"); err != nil {
		return
	}
	db.Create(r.Context(), store.Item{Name: r.FormValue("to")})
}

func basic(w http.ResponseWriter, r *http.Request) {
	if _, _, ok := r.BasicAuth(); !ok {
		return
	}
	db.Create(r.Context(), store.Item{Name: r.FormValue("to")})
}

func main() {
	m := http.NewServeMux()
	m.HandleFunc("POST /login", login)
	m.HandleFunc("POST /transfer", transfer)
	m.HandleFunc("POST /basic", basic) // want `^V MKT501: POST /basic is authenticated by basic authentication`
	http.ListenAndServe(":1", m)
}
