// Package negroni is a stub for tests: only declarations, written by hand.
package negroni

import "net/http"

type Handler interface {
	ServeHTTP(w http.ResponseWriter, r *http.Request, next http.HandlerFunc)
}

type Negroni struct{}

func New(handlers ...Handler) *Negroni { return nil }

func Classic() *Negroni { return nil }

func (n *Negroni) Use(h Handler) {}

func (n *Negroni) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

type PanicFormatter interface{}

type Recovery struct {
	PrintStack bool
	LogStack   bool
	Formatter  PanicFormatter
}

func NewRecovery() *Recovery { return nil }

func (rec *Recovery) ServeHTTP(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {}
