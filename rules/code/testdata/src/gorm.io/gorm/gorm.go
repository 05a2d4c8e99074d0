// Package gorm is a stub for tests: only declarations, written by hand.
package gorm

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
type Model struct{ ID uint }
