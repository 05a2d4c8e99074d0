// Package websocket is a stub for tests: only declarations, written by hand.
package websocket

import (
	"context"
	"net/http"
)

type Dialer struct{}

type Conn struct{}

var DefaultDialer = &Dialer{}

func (d *Dialer) Dial(urlStr string, h http.Header) (*Conn, *http.Response, error) {
	return nil, nil, nil
}

func (d *Dialer) DialContext(ctx context.Context, urlStr string, h http.Header) (*Conn, *http.Response, error) {
	return nil, nil, nil
}
