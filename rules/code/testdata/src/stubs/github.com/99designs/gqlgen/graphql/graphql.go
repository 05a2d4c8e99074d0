// Package graphql is a stub for tests: only declarations, written by hand.
package graphql

type ExecutableSchema interface{ Schema() any }
