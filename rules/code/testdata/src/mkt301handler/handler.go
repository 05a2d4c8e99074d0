// Package mkt301handler holds a handler that another package serves.
package mkt301handler

import (
	"database/sql"
	"net/http"
)

// API answers every path.
type API struct{ DB *sql.DB }

func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { // want `^R MKT301: the route /… could not be read: API.ServeHTTP tells the paths apart itself, and what serves it is in another package`
	switch r.URL.Path {
	case "/admin/reset":
		a.DB.Exec("UPDATE settings SET value = ''")
	case "/healthz":
	}
}

// Pages only reads.
type Pages struct{ DB *sql.DB }

func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) { // ok: changes nothing
	if r.URL.Path == "/about" {
		w.Write([]byte("about"))
	}
}
