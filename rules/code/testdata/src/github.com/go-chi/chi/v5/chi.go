// Package chi is a stub for tests: only declarations, written by hand.
package chi

import "net/http"

type Middlewares []func(http.Handler) http.Handler

type Router interface {
	http.Handler
	Use(mws ...func(http.Handler) http.Handler)
	With(mws ...func(http.Handler) http.Handler) Router
	Group(fn func(r Router)) Router
	Route(pattern string, fn func(r Router)) Router
	Mount(pattern string, h http.Handler)
	Handle(pattern string, h http.Handler)
	HandleFunc(pattern string, h http.HandlerFunc)
	Method(method, pattern string, h http.Handler)
	MethodFunc(method, pattern string, h http.HandlerFunc)
	Delete(pattern string, h http.HandlerFunc)
	Get(pattern string, h http.HandlerFunc)
	Patch(pattern string, h http.HandlerFunc)
	Post(pattern string, h http.HandlerFunc)
	Put(pattern string, h http.HandlerFunc)
}

type Mux struct{}

func (mx *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request)      {}
func (mx *Mux) Use(mws ...func(http.Handler) http.Handler)            {}
func (mx *Mux) With(mws ...func(http.Handler) http.Handler) Router    { return nil }
func (mx *Mux) Group(fn func(r Router)) Router                        { return nil }
func (mx *Mux) Route(pattern string, fn func(r Router)) Router        { return nil }
func (mx *Mux) Mount(pattern string, h http.Handler)                  {}
func (mx *Mux) Handle(pattern string, h http.Handler)                 {}
func (mx *Mux) HandleFunc(pattern string, h http.HandlerFunc)         {}
func (mx *Mux) Method(method, pattern string, h http.Handler)         {}
func (mx *Mux) MethodFunc(method, pattern string, h http.HandlerFunc) {}
func (mx *Mux) Delete(pattern string, h http.HandlerFunc)             {}
func (mx *Mux) Get(pattern string, h http.HandlerFunc)                {}
func (mx *Mux) Patch(pattern string, h http.HandlerFunc)              {}
func (mx *Mux) Post(pattern string, h http.HandlerFunc)               {}
func (mx *Mux) Put(pattern string, h http.HandlerFunc)                {}

func NewRouter() *Mux { return nil }

func URLParam(r *http.Request, key string) string { return "" }
