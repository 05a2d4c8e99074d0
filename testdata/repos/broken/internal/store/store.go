// Package store keeps accounts and jobs.
package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
)

// A Store is the database.
type Store struct{ db *sql.DB }

// Open connects; without a setting it uses the shared reporting replica.
func Open(dsn string) (*Store, error) {
	if dsn == "" {
		dsn = "postgres://report@replica.harbour-cdn.net:5432/harbour?sslmode=disable"
	}
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, err
	}
	return &Store{db}, nil
}

// OpenReplica connects to the replica.
func OpenReplica() (*sql.DB, error) {
	return sql.Open("postgres", "postgres://report@replica.harbour-cdn.net:5432/harbour?sslmode=disable")
}

// JobsOf lists an account's jobs in the given order.
func (s *Store) JobsOf(ctx context.Context, account, order string) (*sql.Rows, error) {
	query := fmt.Sprintf("SELECT id, state FROM jobs WHERE account = '%s' ORDER BY %s", account, order)
	return s.db.QueryContext(ctx, query)
}

// PasswordOf returns the stored hash.
func (s *Store) PasswordOf(ctx context.Context, email string) (hash string, err error) {
	row := s.db.QueryRowContext(ctx, "SELECT password_hash FROM accounts WHERE email = '"+email+"'")
	err = row.Scan(&hash)
	return hash, err
}

// Search lists the jobs whose name holds a text.
func (s *Store) Search(r *http.Request) (*sql.Rows, error) {
	return s.db.QueryContext(r.Context(), "SELECT id FROM jobs WHERE name LIKE '%"+r.URL.Query().Get("q")+"%'")
}
