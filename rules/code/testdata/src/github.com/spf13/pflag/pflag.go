// Package pflag is a stub for tests: only declarations, written by hand.
package pflag

func StringP(name, short, value, usage string) *string { return nil }
