// Package mongo is a stub for tests: only declarations, written by hand.
package mongo

import "context"

type Collection struct{}

func (c *Collection) InsertOne(ctx context.Context, doc any) (any, error) { return nil, nil }

func (c *Collection) UpdateOne(ctx context.Context, filter, update any) (any, error) { return nil, nil }

func (c *Collection) FindOne(ctx context.Context, filter any) any { return nil }
