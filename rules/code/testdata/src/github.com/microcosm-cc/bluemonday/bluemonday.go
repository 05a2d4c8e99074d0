// Package bluemonday is a stub for tests: only declarations, written by hand.
package bluemonday

type Policy struct{}

func UGCPolicy() *Policy { return nil }

func (p *Policy) Sanitize(s string) string { return "" }
