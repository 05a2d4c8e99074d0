// Package scs is a stub for tests: only declarations, written by hand.
package scs

import (
	"context"
	"net/http"
	"time"
)

type SessionCookie struct {
	Name             string
	HttpOnly, Secure bool
	Persist          bool
	SameSite         http.SameSite
}

type SessionManager struct {
	IdleTimeout, Lifetime time.Duration
	Cookie                SessionCookie
}

func New() *SessionManager { return nil }

func (s *SessionManager) LoadAndSave(next http.Handler) http.Handler       { return next }
func (s *SessionManager) Put(ctx context.Context, key string, v any)       {}
func (s *SessionManager) GetString(ctx context.Context, key string) string { return "" }
func (s *SessionManager) GetInt(ctx context.Context, key string) int       { return 0 }
func (s *SessionManager) Exists(ctx context.Context, key string) bool      { return false }
func (s *SessionManager) RenewToken(ctx context.Context) error             { return nil }
func (s *SessionManager) Destroy(ctx context.Context) error                { return nil }
