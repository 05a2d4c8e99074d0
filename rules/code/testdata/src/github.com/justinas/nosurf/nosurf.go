// Package nosurf is a stub for tests: only declarations, written by hand.
package nosurf

import "net/http"

type CSRFHandler struct{}

func New(h http.Handler) *CSRFHandler                                   { return nil }
func NewPure(h http.Handler) http.Handler                               { return nil }
func (h *CSRFHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {}
func (h *CSRFHandler) ExemptFunc(fn func(r *http.Request) bool)         {}
func (h *CSRFHandler) ExemptPath(path string)                           {}
func (h *CSRFHandler) SetFailureHandler(f http.Handler)                 {}
