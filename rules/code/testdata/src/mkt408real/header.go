// Package mkt408real holds names that defaults may have.
package mkt408real

import "os"

type settings struct {
	TrustedHeaderAuthKey string `default:"Remote-User" env:"TRUSTED_HEADER_AUTH_KEY"` // ok: the name of a header
	SigningKey           string `default:"Summer-2024-Party" env:"SIGNING_KEY"`       // want `V MKT408: SIGNING_KEY falls back to a literal`
}

func apiKeyHeader() string {
	if v := os.Getenv("API_KEY"); v != "" {
		return v
	}
	return "X-Api-Key" // ok: the name of a header
}
