// Package mkt304keptgood decodes what a page sends to the callback and compares
// the field.
package mkt304keptgood

import (
	"crypto/rand"
	"encoding/json"
	"net/http"

	"golang.org/x/oauth2"
)

var conf = &oauth2.Config{}

type answer struct {
	State string `json:"state,omitempty"`
	Code  string `json:"code"`
}

func login(w http.ResponseWriter, r *http.Request) {
	state := rand.Text()
	http.SetCookie(w, &http.Cookie{Name: "kept", Value: state, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, conf.AuthCodeURL(state), http.StatusFound)
}

func callback(w http.ResponseWriter, r *http.Request) {
	var a answer
	c, err := r.Cookie("kept")
	if err != nil || json.NewDecoder(r.Body).Decode(&a) != nil || c.Value != a.State {
		return
	}
	conf.Exchange(r.Context(), a.Code)
}
