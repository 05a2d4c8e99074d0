// Package google is a stub for tests: only declarations, written by hand.
package google

import "golang.org/x/oauth2"

var Endpoint oauth2.Endpoint
