// Package sessions is a stub for tests: only declarations, written by hand.
package sessions

import "net/http"

type Options struct {
	Path, Domain     string
	MaxAge           int
	Secure, HttpOnly bool
	SameSite         http.SameSite
}

type Session struct {
	ID      string
	Values  map[any]any
	Options *Options
	IsNew   bool
}

func (s *Session) Save(r *http.Request, w http.ResponseWriter) error { return nil }

type Store interface {
	Get(r *http.Request, name string) (*Session, error)
	New(r *http.Request, name string) (*Session, error)
	Save(r *http.Request, w http.ResponseWriter, s *Session) error
}

type CookieStore struct{ Options *Options }

func NewCookieStore(keyPairs ...[]byte) *CookieStore { return nil }

func (s *CookieStore) Get(r *http.Request, name string) (*Session, error)               { return nil, nil }
func (s *CookieStore) New(r *http.Request, name string) (*Session, error)               { return nil, nil }
func (s *CookieStore) Save(r *http.Request, w http.ResponseWriter, sess *Session) error { return nil }
func (s *CookieStore) MaxAge(age int)                                                   {}
