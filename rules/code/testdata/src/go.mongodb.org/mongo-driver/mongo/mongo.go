// Package mongo is a stub for tests: only declarations, written by hand.
package mongo

import "context"

type Collection struct{}

type Cursor struct{}

type SingleResult struct{}

type Pipeline []any

func (c *Collection) Find(ctx context.Context, filter any, opts ...any) (*Cursor, error) {
	return nil, nil
}

func (c *Collection) FindOne(ctx context.Context, filter any, opts ...any) *SingleResult { return nil }

func (c *Collection) UpdateOne(ctx context.Context, filter, update any, opts ...any) (any, error) {
	return nil, nil
}

func (c *Collection) Aggregate(ctx context.Context, pipeline any, opts ...any) (*Cursor, error) {
	return nil, nil
}

func (c *Collection) InsertOne(ctx context.Context, doc any) (any, error) { return nil, nil }

func (c *Collection) ReplaceOne(ctx context.Context, filter, doc any, opts ...any) (any, error) {
	return nil, nil
}
