// Package mkt304kept keeps the state in a cookie, and never compares it.
package mkt304kept

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"
)

var conf = &oauth2.Config{}

type flow struct {
	State    string `json:"state"`
	Verifier string `json:"verifier"`
}

func login(w http.ResponseWriter, r *http.Request) {
	f := flow{State: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	kept, _ := json.Marshal(f)
	http.SetCookie(w, &http.Cookie{Name: "flow", Value: url.QueryEscape(string(kept)), Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, conf.AuthCodeURL(f.State, oauth2.S256ChallengeOption(f.Verifier)), http.StatusFound)
}

func callback(w http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie("flow")
	if err != nil {
		return
	}
	text, _ := url.QueryUnescape(c.Value)
	var f flow
	if json.Unmarshal([]byte(text), &f) != nil {
		return
	}
	conf.Exchange(r.Context(), r.URL.Query().Get("code"), oauth2.VerifierOption(f.Verifier)) // want `R MKT304: the callback exchanges the code and the package never looks at state`
}
