// Package chi is a stub for tests: only declarations, written by hand.
package chi

import "net/http"

type Router interface {
	http.Handler
	Get(pattern string, h http.HandlerFunc)
	Route(pattern string, fn func(r Router)) Router
}

type Mux struct{}

func NewRouter() *Mux { return nil }

func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

func (m *Mux) Get(pattern string, h http.HandlerFunc) {}

func (m *Mux) Post(pattern string, h http.HandlerFunc) {}

func (m *Mux) Route(pattern string, fn func(r Router)) Router { return nil }
