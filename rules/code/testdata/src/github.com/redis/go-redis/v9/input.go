package redis

import "context"

type Cmd struct{}

func (c *Client) Eval(ctx context.Context, script string, keys []string, args ...any) *Cmd {
	return nil
}
