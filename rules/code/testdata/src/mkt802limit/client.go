// Package mkt802limit stays below the limit with a token bucket.
package mkt802limit

import (
	"context"
	"net/http"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

type client struct {
	http    *http.Client
	limiter *rate.Limiter
}

func newClient() *client {
	return &client{&http.Client{Timeout: 10 * time.Second}, rate.NewLimiter(rate.Every(time.Second), 5)}
}

func (c *client) query(ctx context.Context, query string) (*http.Response, error) {
	if err := c.limiter.Wait(ctx); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://api.monday.com/v2", strings.NewReader(query)) // ok: the limiter waits
	if err != nil {
		return nil, err
	}
	return c.http.Do(req)
}
