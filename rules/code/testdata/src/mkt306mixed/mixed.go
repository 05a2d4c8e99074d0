// Package mkt306mixed speaks to Apollo and to others.
package mkt306mixed

import (
	"net/http"
	"net/url"
)

func apollo(key string) {
	req, _ := http.NewRequest("GET", "https://api.apollo.io/api/v1/contacts", nil)
	req.Header.Set("X-Api-Key", key) // want `V MKT306: an API key is sent to Apollo`
	http.DefaultClient.Do(req)
}

func other(key string) {
	req, _ := http.NewRequest("GET", "https://api.partner.io/v1", nil)
	req.Header.Set("X-Api-Key", key)
	http.DefaultClient.Do(req)
}

func unclear(key string) url.Values {
	v := url.Values{}
	v.Set("api_key", key) // want `R MKT306`
	return v
}
