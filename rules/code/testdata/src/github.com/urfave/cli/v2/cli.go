// Package cli is a stub for tests: only declarations, written by hand.
package cli

type StringFlag struct {
	Name, Value, Usage string
	EnvVars            []string
}
