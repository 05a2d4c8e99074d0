package mkt802

import (
	"net/http"
	"time"
)

const base = "https://api.apollo.io"

func contacts() (*http.Response, error) {
	return http.Get(base + "/v1/contacts") // want `^R MKT802: requests to api.apollo.io are neither retried`
}

func people() (*http.Response, error) { return http.Get(base + "/v1/people") }

func backups(c *http.Client) (*http.Response, error) {
	req, err := http.NewRequest("GET", "https://apis.druva.com/insync/v1/backups", nil) // want `^R MKT802: requests to apis.druva.com`
	if err != nil {
		return nil, err
	}
	return c.Do(req)
}

// Waiting without looking at the answer is a poll, no backoff.
func poll() {
	for {
		time.Sleep(time.Minute)
		contacts()
	}
}

// Other hosts are not the rule's matter.
func other() (*http.Response, error) { return http.Get("https://api.partner.io/v1") }

// A link in an answer is no request.
func link() string { return "https://app.apollo.io/#/people" }
