// Package mkt210fwsafe bounds every body before the router.
package mkt210fwsafe

import (
	"encoding/json"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

func create(w http.ResponseWriter, r *http.Request) {
	var in struct{ Name string }
	json.NewDecoder(r.Body).Decode(&in) // ok: RequestSize stands before every handler
}

func serve() {
	c := chi.NewRouter()
	c.Use(middleware.RequestSize(1 << 20))
	c.Post("/items", create)
	http.ListenAndServe(":8080", c)
}
