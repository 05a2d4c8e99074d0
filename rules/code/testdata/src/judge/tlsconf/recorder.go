package tlsconf

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
)

// render uses a recorder as a buffer: this file is no test.
func render(h http.Handler, r *http.Request) []byte {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec.Body.Bytes()
}

func beside() *tls.Config { return &tls.Config{InsecureSkipVerify: true} } // want `G402 review`
