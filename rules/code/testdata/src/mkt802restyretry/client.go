// Package mkt802restyretry lets resty retry.
package mkt802restyretry

import (
	"net/http"
	"time"

	"github.com/go-resty/resty/v2"
)

func newClient(token string) *resty.Client {
	return resty.New().
		SetBaseURL("https://api.apollo.io").
		SetAuthToken(token).
		SetRetryCount(4).
		SetRetryWaitTime(time.Second).
		SetRetryMaxWaitTime(20 * time.Second).
		AddRetryCondition(func(r *resty.Response, err error) bool {
			return err != nil || r.StatusCode() == http.StatusTooManyRequests
		})
}

func contacts(token string) (*resty.Response, error) {
	return newClient(token).R().Get("/api/v1/contacts") // ok: resty waits and retries
}

func direct(token string) (*resty.Response, error) {
	return newClient(token).R().Get("https://api.apollo.io/api/v1/users") // ok: the same client with the whole address
}
