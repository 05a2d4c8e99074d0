// Package statsviz is a stub for tests: only declarations, written by hand.
package statsviz

import "net/http"

func Register(mux *http.ServeMux) error { return nil }
