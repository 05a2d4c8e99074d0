// Package mkt502fw protects forms behind chi and gorilla/mux.
package mkt502fw

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/gorilla/csrf"
	"github.com/gorilla/mux"
	"github.com/justinas/nosurf"
)

var key []byte

func forgotten() http.Handler {
	c := chi.NewRouter()
	_ = csrf.Protect(key) // want `^V MKT502: the middleware is built here and never put before a handler`
	return c
}

func unused() http.Handler {
	m := mux.NewRouter()
	_ = csrf.Protect(key, csrf.Path("/")) // want `^V MKT502: the middleware is built here`
	return m
}

func protected() http.Handler {
	c := chi.NewRouter()
	c.Use(csrf.Protect(key)) // ok: before every handler
	return c
}

func wrapped() http.Handler {
	m := mux.NewRouter()
	return csrf.Protect(key)(m) // ok: around the router
}

func hooks() http.Handler {
	m := mux.NewRouter()
	h := nosurf.New(m)
	h.ExemptPath("/webhooks/orders") // ok: a webhook has no cookie
	return h
}
