// Package bson is a stub for tests: only declarations, written by hand.
package bson

type M map[string]any
