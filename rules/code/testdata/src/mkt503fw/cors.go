// Package mkt503fw configures go-chi/cors.
package mkt503fw

import (
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/cors"
)

func open(c chi.Router) {
	c.Use(cors.Handler(cors.Options{AllowOriginFunc: func(r *http.Request, origin string) bool { return true }, AllowCredentials: true})) // want `^V MKT503`
	c.Use(cors.Handler(cors.Options{AllowedOrigins: []string{"https://app.partner.io"}, AllowCredentials: true}))                         // ok: one origin
	c.Use(cors.Handler(cors.Options{AllowedOrigins: []string{"*"}}))                                                                      // ok: without credentials
}
