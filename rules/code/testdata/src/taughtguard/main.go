// Package taughtguard calls addresses that the policy's url-guard has seen.
package taughtguard

import (
	"net/http"

	"app.example.io/house"
)

func open(w http.ResponseWriter, r *http.Request) {
	http.Get(r.FormValue("url")) // want `^V MKT203/ssrf: `
}

func looked(w http.ResponseWriter, r *http.Request) {
	url := r.FormValue("url")
	if err := house.Look(url); err != nil {
		http.Error(w, "no", http.StatusBadRequest)
		return
	}
	http.Get(url)
}

func through(w http.ResponseWriter, r *http.Request) {
	house.Web().Get(r.FormValue("url"))
}
