// Package cors is a stub for tests: only declarations, written by hand.
package cors

import "net/http"

type Options struct {
	AllowedOrigins         []string
	AllowOriginFunc        func(origin string) bool
	AllowOriginRequestFunc func(r *http.Request, origin string) bool
	AllowedMethods         []string
	AllowCredentials       bool
}

type Cors struct{}

func New(o Options) *Cors                           { return nil }
func Default() *Cors                                { return nil }
func AllowAll() *Cors                               { return nil }
func (c *Cors) Handler(h http.Handler) http.Handler { return h }
