package mkt309scs

import (
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

var sm *scs.SessionManager

func setup() {
	sm = scs.New()
	sm.Lifetime = 365 * 24 * time.Hour // want `^V MKT309: sessions live 365 days, the limit is 24 hours`
}

func setupRight() {
	sm = scs.New()
	sm.Lifetime = 12 * time.Hour
}

func login(w http.ResponseWriter, r *http.Request) {
	sm.Put(r.Context(), "userID", 7) // want `^V MKT309: the login keeps the session id that the visitor came with; call RenewToken`
}

// flash is nobody's identity.
func flash(w http.ResponseWriter, r *http.Request) { sm.Put(r.Context(), "flash", "saved") }
