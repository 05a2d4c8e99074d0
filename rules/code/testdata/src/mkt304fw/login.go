// Package mkt304fw starts logins behind chi.
package mkt304fw

import (
	"crypto/rand"
	"net/http"

	"github.com/go-chi/chi/v5"
	"golang.org/x/oauth2"
)

var conf *oauth2.Config

func fixed(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, conf.AuthCodeURL("login"), 302) // want `^V MKT304`
}

func random(w http.ResponseWriter, r *http.Request) {
	state := rand.Text()
	http.SetCookie(w, &http.Cookie{Name: "state", Value: state, Secure: true, HttpOnly: true})
	http.Redirect(w, r, conf.AuthCodeURL(state), 302) // ok: random, and kept in a cookie
}

func back(w http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie("state")
	if err != nil || c.Value != r.FormValue("state") {
		http.Error(w, "state", http.StatusBadRequest)
		return
	}
	conf.Exchange(r.Context(), r.FormValue("code"))
}

func routes() {
	c := chi.NewRouter()
	c.Get("/login", fixed)
	c.Get("/begin", random)
	c.Get("/callback", back)
	http.ListenAndServe(":8080", c)
}
