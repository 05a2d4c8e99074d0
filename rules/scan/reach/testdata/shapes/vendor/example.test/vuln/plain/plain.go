// Package plain belongs to the same module and has no known vulnerability.
package plain

func Fine() error { return nil }
