// Package secure is a stub for tests: only declarations, written by hand.
package secure

import "net/http"

type Options struct {
	IsDevelopment           bool
	FrameDeny               bool
	ContentTypeNosniff      bool
	STSIncludeSubdomains    bool
	ContentSecurityPolicy   string
	CustomFrameOptionsValue string
	ReferrerPolicy          string
	STSSeconds              int64
}

type Secure struct{}

func New(options ...Options) *Secure { return nil }

func (s *Secure) Handler(h http.Handler) http.Handler { return h }
