package tlsconf

import (
	"crypto/tls"
	"testing"
)

func testClient(t *testing.T) *tls.Config {
	t.Helper()
	return &tls.Config{InsecureSkipVerify: true} // want `G402 review`
}
