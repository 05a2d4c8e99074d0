// Package mkt211 lists routes of net/http and chi for rule MKT211.
package mkt211

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

func show(w http.ResponseWriter, r *http.Request) {}

func serve() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", show)   // want `^R MKT211: the code serves GET /orders/\{id\}$`
	mux.HandleFunc("/orders/", show)           // want `^R MKT211: the code serves /orders/\*$`
	mux.HandleFunc("api.example.com/v1", show) // want `^R MKT211: the code serves /v1$`
	http.ListenAndServe(":8080", mux)
}

// Router is mounted by its callers, below what they like.
func Router() http.Handler {
	r := chi.NewRouter()
	r.Route("/invoices", func(r chi.Router) {
		r.Post("/", show)           // want `^R MKT211: the code serves POST /invoices/$`
		r.Get("/{id:[0-9]+}", show) // want `^R MKT211: the code serves GET /invoices/\{id:\[0-9\]\+\}$`
	})
	return r
}

// Register puts a route below a prefix of its caller's.
func Register(r chi.Router, name string) {
	r.Get("/reports/latest", show) // want `^R MKT211: the code serves GET …/reports/latest$`
	r.Get("/reports/"+name, show)  // want `^R MKT211: the code serves GET …/reports/…$`
}

type registry map[string]http.HandlerFunc

func (r registry) Get(path string, h http.HandlerFunc) { r[path] = h }

// near looks like routes and serves nothing.
func near(r registry, cache map[string]string) {
	r.Get("/orders", show)                                                     // ok: no router, a map of the package's own
	http.Get("https://api.example.com/orders")                                 // ok: a request, not a route
	cache["GET /orders"] = "x"                                                 // ok: a key of a map
	_, _ = http.NewRequest(http.MethodPost, "https://example.com/orders", nil) // ok: a request, not a route
}
