// Package stripe is a stub for tests: only declarations, written by hand.
package stripe

var Key string
