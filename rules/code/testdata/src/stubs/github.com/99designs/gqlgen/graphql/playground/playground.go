// Package playground is a stub for tests: only declarations, written by hand.
package playground

import "net/http"

func Handler(title, endpoint string) http.HandlerFunc { return nil }
