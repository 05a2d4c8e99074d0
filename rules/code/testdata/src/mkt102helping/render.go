// Package mkt102helping has files that import packages for tests and are none:
// what they do needs a look, and is not passed over.
package mkt102helping

import (
	"net/http"
	"net/http/httptest"
)

func render(h http.Handler, r *http.Request) []byte {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec.Body.Bytes()
}

func load() (*http.Response, error) {
	return http.Get("http://api.partner.io/v1") // want `R MKT102: http:// request to api.partner.io`
}
