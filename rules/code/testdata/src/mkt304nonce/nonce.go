// Package mkt304nonce compares the nonce of the ID token instead.
package mkt304nonce

import (
	"net/http"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

var conf = &oauth2.Config{}

func callback(w http.ResponseWriter, r *http.Request, v *oidc.IDTokenVerifier) {
	conf.Exchange(r.Context(), r.FormValue("code"))
	id, _ := v.Verify(r.Context(), "raw")
	c, _ := r.Cookie("nonce")
	if id.Nonce != c.Value {
		return
	}
}
