// Package mkt802druva builds its addresses from a constant base.
package mkt802druva

import (
	"context"
	"errors"
	"net/http"
)

const base = "https://apis.druva.com"

var errLimited = errors.New("too many requests")

type client struct{ http *http.Client }

// get knows the status and gives up.
func (c *client) get(ctx context.Context, path string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, nil) // want `^R MKT802: requests to apis.druva.com`
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(req)
	if err == nil && resp.StatusCode == http.StatusTooManyRequests {
		resp.Body.Close()
		return nil, errLimited
	}
	return resp, err
}
