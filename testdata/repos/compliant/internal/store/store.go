// Package store keeps tenants, their sessions, connections, links and consents
// in PostgreSQL. Every statement names the tenant, or finds it by a digest or an
// account that was verified before.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	_ "github.com/lib/pq" // the driver of PostgreSQL
)

// ErrNotFound says that the tenant has no such record.
var ErrNotFound = errors.New("no such record")

// A Store is the database.
type Store struct{ db *sql.DB }

// Open prepares connections. The first query opens one.
func Open(dsn string) (*Store, error) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, fmt.Errorf("preparing the database: %w", err)
	}
	db.SetMaxOpenConns(16)
	db.SetConnMaxIdleTime(5 * time.Minute)
	db.SetConnMaxLifetime(time.Hour)
	return &Store{db}, nil
}

// Close ends all connections.
func (s *Store) Close() error { return s.db.Close() }

// AddTenant makes a tenant known, or notes that somebody of it signed in again.
func (s *Store) AddTenant(ctx context.Context, tenant string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO tenants (tenant_id) VALUES ($1) ON CONFLICT (tenant_id) DO UPDATE SET seen_at = now()`, tenant)
	return err
}

// DeleteTenant removes everything that is kept about a tenant. The other tables
// follow by their foreign keys.
func (s *Store) DeleteTenant(ctx context.Context, tenant string) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM tenants WHERE tenant_id = $1`, tenant)
	return err
}

// SaveConnection keeps what a tenant granted at a partner. The value is sealed.
func (s *Store) SaveConnection(ctx context.Context, tenant, partner string, sealed []byte) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO connections (tenant_id, partner, sealed) VALUES ($1, $2, $3)
		ON CONFLICT (tenant_id, partner) DO UPDATE SET sealed = excluded.sealed, updated_at = now()`, tenant, partner, sealed)
	return err
}

// Connection returns the sealed value.
func (s *Store) Connection(ctx context.Context, tenant, partner string) ([]byte, error) {
	var sealed []byte
	err := s.db.QueryRowContext(ctx, `SELECT sealed FROM connections WHERE tenant_id = $1 AND partner = $2`, tenant, partner).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	}
	return sealed, err
}

// Connected lists the partners a tenant is connected to.
func (s *Store) Connected(ctx context.Context, tenant string) (map[string]bool, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT partner FROM connections WHERE tenant_id = $1`, tenant)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var partner string
		if err := rows.Scan(&partner); err != nil {
			return nil, err
		}
		out[partner] = true
	}
	return out, rows.Err()
}
