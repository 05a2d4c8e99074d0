// Package autocert is a stub for tests: only declarations, written by hand.
package autocert

import (
	"crypto/tls"
	"net/http"
)

type Manager struct{}

func (m *Manager) HTTPHandler(fallback http.Handler) http.Handler { return nil }

func (m *Manager) TLSConfig() *tls.Config { return nil }
