package bun

import "context"

type InsertQuery struct{}

type UpdateQuery struct{}

func (db *DB) NewInsert() *InsertQuery { return nil }

func (db *DB) NewUpdate() *UpdateQuery { return nil }

func (q *InsertQuery) Model(v any) *InsertQuery { return q }

func (q *InsertQuery) Exec(ctx context.Context) error { return nil }

func (q *UpdateQuery) Model(v any) *UpdateQuery { return q }

func (q *UpdateQuery) Column(columns ...string) *UpdateQuery { return q }

func (q *UpdateQuery) Exec(ctx context.Context) error { return nil }
