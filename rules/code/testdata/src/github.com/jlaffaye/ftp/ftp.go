// Package ftp is a stub for tests: only declarations, written by hand.
package ftp

import (
	"crypto/tls"
	"time"
)

type ServerConn struct{}

type DialOption struct{}

func Dial(addr string, opts ...DialOption) (*ServerConn, error) { return nil, nil }

func DialWithTimeout(d time.Duration) DialOption { return DialOption{} }

func DialWithExplicitTLS(cfg *tls.Config) DialOption { return DialOption{} }
