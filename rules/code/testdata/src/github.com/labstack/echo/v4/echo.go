// Package echo is a stub for tests: only declarations, written by hand.
package echo

import "net/http"

type HandlerFunc func(c Context) error

type Context interface {
	Request() *http.Request
	QueryParam(name string) string
	FormValue(name string) string
	JSON(code int, i any) error
	JSONPretty(code int, i any, indent string) error
	String(code int, s string) error
	Bind(i any) error
}
