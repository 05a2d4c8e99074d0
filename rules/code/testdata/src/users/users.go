// Package users stands for a package of the same module.
package users

import "errors"

var ErrNotFound = errors.New("no such user")

type Store struct{}

func (s *Store) Load(id string) (string, error) { return "", ErrNotFound }

type QuotaError struct{ Limit int }

func (e *QuotaError) Error() string { return "quota" }
