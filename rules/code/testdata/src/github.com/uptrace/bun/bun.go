// Package bun is a stub for tests: only declarations, written by hand.
package bun

import "context"

type DB struct{}

type SelectQuery struct{}

func (db *DB) NewSelect() *SelectQuery { return nil }

func (q *SelectQuery) Where(query string, args ...any) *SelectQuery { return q }

func (q *SelectQuery) OrderExpr(query string, args ...any) *SelectQuery { return q }

func (q *SelectQuery) Order(orders ...string) *SelectQuery { return q }

type Ident string

// InsertQuery is a stub.
type InsertQuery struct{}

func (db *DB) NewInsert() *InsertQuery { return nil }

func (q *InsertQuery) Model(m any) *InsertQuery { return q }

func (q *InsertQuery) Exec(ctx context.Context) (any, error) { return nil, nil }

// UpdateQuery is a stub.
type UpdateQuery struct{}

func (db *DB) NewUpdate() *UpdateQuery { return nil }

func (q *UpdateQuery) Model(v any) *UpdateQuery { return q }

func (q *UpdateQuery) Column(columns ...string) *UpdateQuery { return q }

func (q *UpdateQuery) Exec(ctx context.Context) error { return nil }
