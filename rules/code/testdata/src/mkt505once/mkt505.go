// Package mkt505once gives options to single sessions and none to the store.
package mkt505once

import (
	"net/http"

	"github.com/gorilla/sessions"
)

var sessionStore = sessions.NewCookieStore([]byte("k")) // want `^V MKT505/http-only: the session store has no options`

func visit(w http.ResponseWriter, r *http.Request) {
	s, _ := sessionStore.Get(r, "visit")
	s.Values["seen"] = "yes"
	_ = s.Save(r, w)
}

func shortLived(w http.ResponseWriter, r *http.Request) {
	s, _ := sessionStore.Get(r, "flow")
	s.Values["user"] = r.FormValue("user")
	s.Options = &sessions.Options{MaxAge: 600, Secure: true, SameSite: http.SameSiteLaxMode} // want `^V MKT505/http-only: a session cookie lacks HttpOnly$`
	_ = sessionStore.Save(r, w, s)
}

func shortLivedRight(w http.ResponseWriter, r *http.Request) {
	s, _ := sessionStore.Get(r, "flow")
	s.Values["user"] = r.FormValue("user")
	s.Options = &sessions.Options{MaxAge: 600, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode} // ok: every attribute is set
	_ = s.Save(r, w)
}
