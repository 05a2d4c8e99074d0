// Package store keeps accounts and jobs.
package store

import (
	"context"
	"database/sql"
)

// A Store is the database.
type Store struct{ db *sql.DB }

// Open connects.
func Open(dsn string) (*Store, error) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, err
	}
	return &Store{db}, nil
}

// An Order is a way to sort jobs.
type Order int

// The orders.
const (
	ByID Order = iota
	ByState
)

// JobsOf lists the ids of an account's jobs in the given order.
func (s *Store) JobsOf(ctx context.Context, account string, order Order) ([]string, error) {
	query := "SELECT id FROM jobs WHERE account = $1 ORDER BY id"
	if order == ByState {
		query = "SELECT id FROM jobs WHERE account = $1 ORDER BY state, id"
	}
	rows, err := s.db.QueryContext(ctx, query, account)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// PasswordOf returns the salt and the stored hash.
func (s *Store) PasswordOf(ctx context.Context, email string) (salt, hash []byte, err error) {
	row := s.db.QueryRowContext(ctx, "SELECT password_salt, password_hash FROM accounts WHERE email = $1", email)
	err = row.Scan(&salt, &hash)
	return salt, hash, err
}

// SaveSession stores a session under the digest of its token.
func (s *Store) SaveSession(ctx context.Context, digest []byte, email string) error {
	_, err := s.db.ExecContext(ctx, "INSERT INTO sessions (digest, email, expires) VALUES ($1, $2, now() + interval '12 hours')", digest, email)
	return err
}
