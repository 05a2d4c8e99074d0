// Package redis is a stub for tests: only declarations, written by hand.
package redis

import (
	"context"
	"crypto/tls"
	"time"
)

type Options struct {
	Network   string
	Addr      string
	Password  string
	TLSConfig *tls.Config
}

type UniversalOptions struct {
	Addrs     []string
	TLSConfig *tls.Config
}

type Client struct{}

type StatusCmd struct{}

func NewClient(o *Options) *Client { return nil }

func NewUniversalClient(o *UniversalOptions) *Client { return nil }

func ParseURL(u string) (*Options, error) { return nil, nil }

func (c *Client) Set(ctx context.Context, key string, value any, ttl time.Duration) *StatusCmd {
	return nil
}

func (c *Client) HSet(ctx context.Context, key string, values ...any) *StatusCmd { return nil }
