package mkt505bare

import (
	"net/http"

	"github.com/alexedwards/scs/v2"
	"github.com/gorilla/sessions"
)

var store = sessions.NewCookieStore(key()) // want `^V MKT505/http-only: the session store has no options: its cookie lacks HttpOnly, which is off`

func key() []byte { return nil }

func manager(h http.Handler) http.Handler {
	m := scs.New() // want `^V MKT505/secure: the session cookie of scs lacks Secure`
	return m.LoadAndSave(h)
}
