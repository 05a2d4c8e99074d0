// Package ldap is a stub for tests: only declarations, written by hand.
package ldap

import "crypto/tls"

type Conn struct{}

type DialOpt func()

func DialURL(addr string, opts ...DialOpt) (*Conn, error) { return nil, nil }

func Dial(network, addr string) (*Conn, error) { return nil, nil }

func (c *Conn) StartTLS(cfg *tls.Config) error { return nil }

func (c *Conn) Bind(user, pass string) error { return nil }
