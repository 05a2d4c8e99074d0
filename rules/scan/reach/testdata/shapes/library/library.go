// Package library is not main: what it exports is an entry.
package library

import "example.test/vuln"

type client struct{}

// New returns an unexported type with an exported method.
func New() any { return client{} }

func (client) Do() error { return vuln.Bad() }
