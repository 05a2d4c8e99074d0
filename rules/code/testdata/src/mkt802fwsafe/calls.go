// Package mkt802fwsafe calls a marketplace through a client that retries.
package mkt802fwsafe

import (
	"net/http"

	"github.com/hashicorp/go-retryablehttp"
)

func call() (*http.Response, error) {
	return retryablehttp.NewClient().Get("https://api.apollo.io/v1/contacts") // ok: it waits and tries again
}
