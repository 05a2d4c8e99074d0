// Package mkt304passed reads the state and never compares it.
package mkt304passed

import (
	"fmt"
	"net/http"

	"golang.org/x/oauth2"
)

var conf = &oauth2.Config{}

func callback(w http.ResponseWriter, r *http.Request) {
	state := r.FormValue("state")
	if state == "" {
		http.Error(w, "no state", 400)
		return
	}
	fmt.Println("state", state)
	conf.Exchange(r.Context(), r.FormValue("code")) // want `R MKT304: the callback reads state and never compares it`
	http.Redirect(w, r, state, http.StatusFound)
}
