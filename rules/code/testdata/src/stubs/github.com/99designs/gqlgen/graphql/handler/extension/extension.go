// Package extension is a stub for tests: only declarations, written by hand.
package extension

type Introspection struct{}

type ComplexityLimit struct{}
