// Package mkt802monday retries at once, which makes it worse.
package mkt802monday

import (
	"net/http"
	"strings"
)

func post(client *http.Client, query string) (*http.Response, error) {
	var resp *http.Response
	var err error
	for range 5 {
		resp, err = client.Post("https://api.monday.com/v2", "application/json", strings.NewReader(query)) // want `^R MKT802: requests to api.monday.com`
		if err == nil && resp.StatusCode < 500 {
			break
		}
	}
	return resp, err
}
