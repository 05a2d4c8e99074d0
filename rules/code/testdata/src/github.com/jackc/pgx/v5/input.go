package pgx

import "context"

type Rows interface {
	Next() bool
	Scan(dest ...any) error
}

type Identifier []string

func (i Identifier) Sanitize() string { return "" }

func (c *Conn) Query(ctx context.Context, sql string, args ...any) (Rows, error) { return nil, nil }

type Batch struct{}

func (b *Batch) Queue(sql string, args ...any) {}
