// Package mkt802waits doubles its wait with each answer of 429 or 503.
package mkt802waits

import (
	"context"
	"math/rand/v2"
	"net/http"
	"time"
)

func get(ctx context.Context, client *http.Client, url string) (*http.Response, error) {
	wait := time.Second
	for attempt := 0; ; attempt++ {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return nil, err
		}
		resp, err := client.Do(req)
		if err != nil {
			return nil, err
		}
		switch resp.StatusCode {
		case http.StatusTooManyRequests, http.StatusServiceUnavailable:
			resp.Body.Close()
		default:
			return resp, nil
		}
		select {
		case <-time.After(wait + rand.N(wait)):
			wait *= 2
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func contacts(ctx context.Context) (*http.Response, error) {
	return get(ctx, http.DefaultClient, "https://api.apollo.io/api/v1/contacts") // ok: the loop waits on 429 and 503
}
