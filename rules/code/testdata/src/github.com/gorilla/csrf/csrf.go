// Package csrf is a stub for tests: only declarations, written by hand.
package csrf

import "net/http"

type Option func(*int)

func Protect(authKey []byte, opts ...Option) func(http.Handler) http.Handler { return nil }
func Secure(s bool) Option                                                   { return nil }
func ErrorHandler(h http.Handler) Option                                     { return nil }
func TrustedOrigins(origins []string) Option                                 { return nil }
func Token(r *http.Request) string                                           { return "" }
func UnsafeSkipCheck(r *http.Request) *http.Request                          { return r }
