package store

import (
	"context"
	"database/sql"
	"errors"
)

// A Link ties an item of a monday board to a contact at Apollo.
type Link struct {
	ID      string `json:"id"`
	Board   int64  `json:"board"`
	Item    int64  `json:"item"`
	Contact string `json:"contact"`
}

// ClaimAccount ties a monday account to a tenant. An account that belongs to
// another tenant is refused.
func (s *Store) ClaimAccount(ctx context.Context, tenant string, account int64) error {
	result, err := s.db.ExecContext(ctx, `INSERT INTO monday_accounts (account_id, tenant_id) VALUES ($1, $2)
		ON CONFLICT (account_id) DO UPDATE SET tenant_id = excluded.tenant_id WHERE monday_accounts.tenant_id = excluded.tenant_id`, account, tenant)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrNotFound, err)
	}
	return nil
}

// TenantOf returns the tenant a monday account belongs to.
func (s *Store) TenantOf(ctx context.Context, account int64) (string, error) {
	var tenant string
	err := s.db.QueryRowContext(ctx, `SELECT tenant_id FROM monday_accounts WHERE account_id = $1`, account).Scan(&tenant)
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrNotFound
	}
	return tenant, err
}

// AddLink keeps a link of a tenant.
func (s *Store) AddLink(ctx context.Context, who Session, l Link) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO links (tenant_id, id, board_id, item_id, contact_id, created_by) VALUES ($1, $2, $3, $4, $5, $6)`,
		who.Tenant, l.ID, l.Board, l.Item, l.Contact, who.User)
	return err
}

// Links lists the links of a tenant.
func (s *Store) Links(ctx context.Context, tenant string) ([]Link, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT id, board_id, item_id, contact_id FROM links WHERE tenant_id = $1 ORDER BY created_at LIMIT 500`, tenant)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Link{}
	for rows.Next() {
		var l Link
		if err := rows.Scan(&l.ID, &l.Board, &l.Item, &l.Contact); err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, rows.Err()
}

// LinkOf returns one link of a tenant.
func (s *Store) LinkOf(ctx context.Context, tenant, id string) (Link, error) {
	l := Link{ID: id}
	err := s.db.QueryRowContext(ctx, `SELECT board_id, item_id, contact_id FROM links WHERE tenant_id = $1 AND id = $2`, tenant, id).
		Scan(&l.Board, &l.Item, &l.Contact)
	if errors.Is(err, sql.ErrNoRows) {
		return Link{}, ErrNotFound
	}
	return l, err
}

// LinkAt returns the link of a board's item.
func (s *Store) LinkAt(ctx context.Context, tenant string, board, item int64) (Link, error) {
	l := Link{Board: board, Item: item}
	err := s.db.QueryRowContext(ctx, `SELECT id, contact_id FROM links WHERE tenant_id = $1 AND board_id = $2 AND item_id = $3`, tenant, board, item).
		Scan(&l.ID, &l.Contact)
	if errors.Is(err, sql.ErrNoRows) {
		return Link{}, ErrNotFound
	}
	return l, err
}

// DeleteLink removes a link of a tenant.
func (s *Store) DeleteLink(ctx context.Context, tenant, id string) error {
	result, err := s.db.ExecContext(ctx, `DELETE FROM links WHERE tenant_id = $1 AND id = $2`, tenant, id)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrNotFound, err)
	}
	return nil
}

// SetConsent notes that a person agreed to a purpose, or withdrew.
func (s *Store) SetConsent(ctx context.Context, who Session, purpose string, granted bool) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO consents (tenant_id, user_id, purpose, granted_at, withdrawn_at)
		VALUES ($1, $2, $3, now(), CASE WHEN $4 THEN NULL ELSE now() END)
		ON CONFLICT (tenant_id, user_id, purpose) DO UPDATE SET
			granted_at = CASE WHEN $4 THEN now() ELSE consents.granted_at END,
			withdrawn_at = CASE WHEN $4 THEN NULL ELSE now() END`, who.Tenant, who.User, purpose, granted)
	return err
}

// Consents returns the purposes that somebody of the tenant agreed to and did
// not withdraw.
func (s *Store) Consents(ctx context.Context, tenant string) (map[string]bool, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT DISTINCT purpose FROM consents WHERE tenant_id = $1 AND withdrawn_at IS NULL`, tenant)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var purpose string
		if err := rows.Scan(&purpose); err != nil {
			return nil, err
		}
		out[purpose] = true
	}
	return out, rows.Err()
}
