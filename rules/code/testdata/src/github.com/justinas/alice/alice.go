// Package alice is a stub for tests: only declarations, written by hand.
package alice

import "net/http"

type Constructor func(http.Handler) http.Handler

type Chain struct{}

func New(c ...Constructor) Chain                         { return Chain{} }
func (c Chain) Append(more ...Constructor) Chain         { return c }
func (c Chain) Then(h http.Handler) http.Handler         { return h }
func (c Chain) ThenFunc(f http.HandlerFunc) http.Handler { return f }
