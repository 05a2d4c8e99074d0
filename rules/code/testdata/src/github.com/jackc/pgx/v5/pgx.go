// Package pgx is a stub for tests: only declarations, written by hand.
package pgx

import (
	"context"
	"crypto/tls"
)

type Conn struct{}

type ConnConfig struct {
	Host      string
	TLSConfig *tls.Config
}

func Connect(ctx context.Context, dsn string) (*Conn, error) { return nil, nil }

func ParseConfig(dsn string) (*ConnConfig, error) { return nil, nil }
