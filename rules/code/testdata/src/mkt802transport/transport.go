// Package mkt802transport retries in a transport of its own.
package mkt802transport

import (
	"net/http"
	"strconv"
	"time"
)

type patient struct{ next http.RoundTripper }

// RoundTrip waits as long as the answer asks for.
func (p patient) RoundTrip(req *http.Request) (*http.Response, error) {
	for attempt := 0; ; attempt++ {
		resp, err := p.next.RoundTrip(req)
		if err != nil || resp.StatusCode != http.StatusTooManyRequests || attempt == 4 {
			return resp, err
		}
		resp.Body.Close()
		seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
		if err != nil {
			seconds = 1 << attempt
		}
		time.Sleep(time.Duration(seconds) * time.Second)
	}
}

func backups() (*http.Response, error) {
	client := &http.Client{Transport: patient{http.DefaultTransport}}
	return client.Get("https://apis.druva.com/insync/endpoint/v1/backups") // ok: the transport waits
}
