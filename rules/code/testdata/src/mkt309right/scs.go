// Package mkt309right does what mkt309scs does, rightly.
package mkt309right

import (
	"net/http"

	"github.com/alexedwards/scs/v2"
)

var sm = scs.New()

func login(w http.ResponseWriter, r *http.Request) {
	if err := sm.RenewToken(r.Context()); err != nil {
		return
	}
	sm.Put(r.Context(), "userID", 7)
}

func leave(w http.ResponseWriter, r *http.Request) { _ = sm.Destroy(r.Context()) }
