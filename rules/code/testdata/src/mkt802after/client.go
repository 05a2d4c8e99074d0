// Package mkt802after sleeps until the time that the marketplace names.
package mkt802after

import (
	"net/http"
	"time"
)

func accounts(c *http.Client) (*http.Response, error) {
	for {
		resp, err := c.Get("https://api.apollo.io/api/v1/accounts") // ok: a timer runs before the next try
		if err != nil || resp.StatusCode != 429 {
			return resp, err
		}
		resp.Body.Close()
		t := time.NewTimer(30 * time.Second)
		<-t.C
	}
}
