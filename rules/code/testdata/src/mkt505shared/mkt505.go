// Package mkt505shared hands its store to others, which may configure it.
package mkt505shared

import (
	"net/http"

	"github.com/gorilla/sessions"
)

// Store is for every package.
var Store = sessions.NewCookieStore([]byte("k")) // want `^R MKT505/http-only: the session store has no options`

func visit(w http.ResponseWriter, r *http.Request) {
	s, _ := Store.Get(r, "visit")
	s.Values["seen"] = "yes"
	_ = s.Save(r, w)
}
