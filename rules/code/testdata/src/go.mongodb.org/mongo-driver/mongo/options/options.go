// Package options is a stub for tests: only declarations, written by hand.
package options

type ClientOptions struct{}

func Client() *ClientOptions { return nil }

func (o *ClientOptions) ApplyURI(uri string) *ClientOptions { return o }
