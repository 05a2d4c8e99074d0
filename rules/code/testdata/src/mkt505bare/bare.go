package mkt505bare

import (
	"net/http"

	"github.com/alexedwards/scs/v2"
	"github.com/gorilla/sessions"
)

var store = sessions.NewCookieStore(key()) // want `^R MKT505: the session store has no options`

func key() []byte { return nil }

func manager(h http.Handler) http.Handler {
	m := scs.New() // want `^V MKT505: the session cookie of scs lacks Secure`
	return m.LoadAndSave(h)
}
