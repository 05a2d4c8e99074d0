package mkt802own

import (
	"net/http"
	"time"
)

func boards(c *http.Client) (*http.Response, error) {
	for wait := time.Second; ; wait *= 2 {
		resp, err := c.Get("https://api.monday.com/v2")
		if err != nil || wait > time.Minute || resp.StatusCode != http.StatusTooManyRequests {
			return resp, err
		}
		resp.Body.Close()
		time.Sleep(wait)
	}
}
