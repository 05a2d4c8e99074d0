// Package store is a stub for tests: only declarations, written by hand.
package store

import "context"

type Item struct{ ID, Name string }

type Store struct{}

func (s *Store) List(ctx context.Context) ([]Item, error)          { return nil, nil }
func (s *Store) Find(ctx context.Context, id string) (Item, error) { return Item{}, nil }
func (s *Store) Create(ctx context.Context, it Item) error         { return nil }
func (s *Store) Delete(ctx context.Context, id string) error       { return nil }
