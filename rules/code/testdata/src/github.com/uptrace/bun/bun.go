// Package bun is a stub for tests: only declarations, written by hand.
package bun

import "context"

type DB struct{}

type InsertQuery struct{}

func (db *DB) NewInsert() *InsertQuery { return nil }

func (q *InsertQuery) Model(m any) *InsertQuery { return q }

func (q *InsertQuery) Exec(ctx context.Context) (any, error) { return nil, nil }
