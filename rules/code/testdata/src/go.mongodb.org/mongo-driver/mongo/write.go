package mongo

import "context"

func (c *Collection) InsertOne(ctx context.Context, doc any, opts ...any) (any, error) {
	return nil, nil
}

func (c *Collection) ReplaceOne(ctx context.Context, filter, doc any, opts ...any) (any, error) {
	return nil, nil
}
