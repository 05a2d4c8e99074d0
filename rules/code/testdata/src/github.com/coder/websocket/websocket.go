// Package websocket is a stub for tests: only declarations, written by hand.
package websocket

import (
	"context"
	"net/http"
)

type Conn struct{}

type AcceptOptions struct{}

type DialOptions struct{}

func Accept(w http.ResponseWriter, r *http.Request, o *AcceptOptions) (*Conn, error) { return nil, nil }

func Dial(ctx context.Context, u string, o *DialOptions) (*Conn, *http.Response, error) {
	return nil, nil, nil
}

func (c *Conn) Read(ctx context.Context) (int, []byte, error) { return 0, nil, nil }
