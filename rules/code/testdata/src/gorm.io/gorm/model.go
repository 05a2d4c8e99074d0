package gorm

import "time"

type Model struct {
	ID                   uint
	CreatedAt, UpdatedAt time.Time
}

func (db *DB) Save(v any) *DB { return db }

func (db *DB) Updates(v any) *DB { return db }

func (db *DB) Model(v any) *DB { return db }

func (db *DB) Omit(columns ...string) *DB { return db }
