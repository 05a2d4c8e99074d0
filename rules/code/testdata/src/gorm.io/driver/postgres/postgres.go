// Package postgres is a stub for tests: only declarations, written by hand.
package postgres

type Dialector struct{}

type Config struct {
	DSN                  string
	PreferSimpleProtocol bool
}

func Open(dsn string) *Dialector { return nil }

func New(c Config) *Dialector { return nil }
