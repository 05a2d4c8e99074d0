// Package session is a stub for tests: only declarations, written by hand.
package session

import (
	"time"

	"github.com/gofiber/fiber/v2"
)

type Config struct {
	Expiration     time.Duration
	KeyLookup      string
	CookieSecure   bool
	CookieHTTPOnly bool
	CookieSameSite string
}

type Store struct{}

func New(config ...Config) *Store { return nil }

func (s *Store) Get(c *fiber.Ctx) (*Session, error) { return nil, nil }

type Session struct{}

func (s *Session) Get(key string) any    { return nil }
func (s *Session) Set(key string, v any) {}
func (s *Session) Save() error           { return nil }
func (s *Session) Regenerate() error     { return nil }
func (s *Session) Destroy() error        { return nil }
