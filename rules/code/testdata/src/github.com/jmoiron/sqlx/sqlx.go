// Package sqlx is a stub for tests: only declarations, written by hand.
package sqlx

import "database/sql"

type DB struct{ *sql.DB }

func (db *DB) Get(dest any, query string, args ...any) error { return nil }

func (db *DB) Select(dest any, query string, args ...any) error { return nil }
