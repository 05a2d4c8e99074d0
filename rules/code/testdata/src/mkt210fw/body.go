// Package mkt210fw reads bodies behind chi and gorilla/mux.
package mkt210fw

import (
	"encoding/json"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/gorilla/mux"
)

func create(w http.ResponseWriter, r *http.Request) {
	var in struct{ Name string }
	json.NewDecoder(r.Body).Decode(&in) // want `^R MKT210`
}

func serve() {
	c := chi.NewRouter()
	c.Use(middleware.Logger)
	c.Post("/items", create)
	m := mux.NewRouter()
	m.HandleFunc("/items", create).Methods("POST")
}
