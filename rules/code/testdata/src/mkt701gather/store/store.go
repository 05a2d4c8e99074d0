// Package store is another package of the same program.
package store

import "errors"

// User finds a user.
func User(id string) (string, error) { return id, errors.New("store") }

// Touch notes that a user was there.
func Touch(id string) error { return errors.New("store") }
