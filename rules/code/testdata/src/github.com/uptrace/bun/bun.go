// Package bun is a stub for tests: only declarations, written by hand.
package bun

type DB struct{}

type SelectQuery struct{}

func (db *DB) NewSelect() *SelectQuery { return nil }

func (q *SelectQuery) Where(query string, args ...any) *SelectQuery { return q }

func (q *SelectQuery) OrderExpr(query string, args ...any) *SelectQuery { return q }

func (q *SelectQuery) Order(orders ...string) *SelectQuery { return q }

type Ident string
