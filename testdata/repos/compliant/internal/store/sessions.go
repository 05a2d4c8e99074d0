package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

const (
	// SessionAbsolute is how long a session lives, whatever happens.
	SessionAbsolute = 12 * time.Hour
	// SessionIdle is how long it lives without a request.
	SessionIdle = 30 * time.Minute
)

// A Session is somebody who signed in.
type Session struct {
	Tenant string
	User   string
}

// StartSession keeps a session under the digest of its token.
func (s *Store) StartSession(ctx context.Context, digest []byte, who Session) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO sessions (digest, tenant_id, user_id, expires_at) VALUES ($1, $2, $3, now() + make_interval(secs => $4))`,
		digest, who.Tenant, who.User, SessionAbsolute.Seconds())
	return err
}

// TouchSession returns the session if it has neither ended nor been idle for too
// long, and notes that it was used.
func (s *Store) TouchSession(ctx context.Context, digest []byte) (Session, error) {
	var who Session
	err := s.db.QueryRowContext(ctx, `UPDATE sessions SET seen_at = now()
		WHERE digest = $1 AND expires_at > now() AND seen_at > now() - make_interval(secs => $2)
		RETURNING tenant_id, user_id`, digest, SessionIdle.Seconds()).Scan(&who.Tenant, &who.User)
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, ErrNotFound
	}
	return who, err
}

// EndSession makes a session invalid at once.
func (s *Store) EndSession(ctx context.Context, digest []byte) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM sessions WHERE digest = $1`, digest)
	return err
}

// Purge removes what has outlived its time (docs/retention.md).
func (s *Store) Purge(ctx context.Context) error {
	for _, statement := range []string{
		`DELETE FROM sessions WHERE expires_at < now() OR seen_at < now() - interval '30 minutes'`,
		`DELETE FROM connections WHERE updated_at < now() - interval '90 days'`,
		`DELETE FROM consents WHERE withdrawn_at < now() - interval '365 days'`,
		`DELETE FROM tenants WHERE seen_at < now() - interval '365 days'`,
	} {
		if _, err := s.db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
