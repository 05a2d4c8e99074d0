// Package esapi is a stub for tests: only declarations, written by hand.
package esapi

import "io"

type SearchRequest struct {
	Index []string
	Body  io.Reader
}
