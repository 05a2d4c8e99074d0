// Package gorm is a stub for tests: only declarations, written by hand.
package gorm

import "time"

import "errors"

var ErrRecordNotFound = errors.New("record not found")

type DB struct{ Error error }

func (db *DB) Create(v any) *DB { return db }

func (db *DB) First(v any, conds ...any) *DB { return db }

func (db *DB) Where(q any, args ...any) *DB { return db }

func (db *DB) Take(v any, conds ...any) *DB { return db }

func (db *DB) Delete(v any, conds ...any) *DB { return db }

func (db *DB) Model(v any) *DB { return db }

func (db *DB) Updates(v any) *DB { return db }

func (db *DB) Scopes(f ...func(*DB) *DB) *DB { return db }

func (db *DB) Preload(q string, args ...any) *DB { return db }

func (db *DB) Save(v any) *DB { return db }

// Model is a stub.
type Model struct {
	ID                   uint
	CreatedAt, UpdatedAt time.Time
}

func (db *DB) Raw(sql string, values ...any) *DB { return db }

func (db *DB) Exec(sql string, values ...any) *DB { return db }

func (db *DB) Or(q any, args ...any) *DB { return db }

func (db *DB) Order(v any) *DB { return db }

func (db *DB) Group(name string) *DB { return db }

func (db *DB) Having(q any, args ...any) *DB { return db }

func (db *DB) Joins(q string, args ...any) *DB { return db }

func (db *DB) Select(q any, args ...any) *DB { return db }

func (db *DB) Table(name string, args ...any) *DB { return db }

func (db *DB) Pluck(column string, dest any) *DB { return db }

func (db *DB) Find(v any, conds ...any) *DB { return db }

func (db *DB) Limit(n int) *DB { return db }

func (db *DB) Scan(dest any) *DB { return db }

func (db *DB) Omit(columns ...string) *DB { return db }
