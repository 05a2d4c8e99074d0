// Package gatekeeper is a stub for tests: only declarations, written by hand.
package gatekeeper

import "net/http"

type Door struct{}

func Enter(next http.Handler) http.Handler       { return next }
func (Door) Pass(next http.Handler) http.Handler { return next }
