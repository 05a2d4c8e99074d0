package mkt802rate

import (
	"context"
	"net/http"

	"golang.org/x/time/rate"
)

var limit = rate.NewLimiter(2, 1)

func boards(ctx context.Context, c *http.Client) (*http.Response, error) {
	if err := limit.Wait(ctx); err != nil {
		return nil, err
	}
	return c.Get("https://api.monday.com/v2")
}
