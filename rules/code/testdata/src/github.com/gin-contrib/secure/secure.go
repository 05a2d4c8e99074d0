// Package secure is a stub for tests: only declarations, written by hand.
package secure

import "github.com/gin-gonic/gin"

type Config struct {
	STSSeconds              int64
	STSIncludeSubdomains    bool
	FrameDeny               bool
	CustomFrameOptionsValue string
	ContentTypeNosniff      bool
	ContentSecurityPolicy   string
	ReferrerPolicy          string
	IsDevelopment           bool
}

func DefaultConfig() Config { return Config{} }

func New(config Config) gin.HandlerFunc { return nil }
