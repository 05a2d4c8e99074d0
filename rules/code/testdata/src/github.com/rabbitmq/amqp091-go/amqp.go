// Package amqp091 is a stub for tests: only declarations, written by hand.
package amqp091

import "crypto/tls"

type Connection struct{}

type Config struct{ TLSClientConfig *tls.Config }

func Dial(url string) (*Connection, error) { return nil, nil }

func DialConfig(url string, c Config) (*Connection, error) { return nil, nil }

func DialTLS(url string, c *tls.Config) (*Connection, error) { return nil, nil }
