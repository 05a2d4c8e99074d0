// Package mkt408fw reads its configuration with libraries.
package mkt408fw

import (
	"github.com/alecthomas/kong"
	"github.com/kelseyhightower/envconfig"
)

type settings struct {
	SigningKey string `envconfig:"SIGNING_KEY" default:"hunter2-signing"` // want `^V MKT408: SIGNING_KEY falls back`
	Database   string `envconfig:"DATABASE_NAME" default:"app"`           // ok: no secret
	Password   string `envconfig:"DB_PASSWORD" required:"true"`           // ok: no default
}

type flags struct {
	APIToken string `help:"Token." env:"API_TOKEN" default:"letmein-please"` // want `^V MKT408: API_TOKEN falls back`
	Listen   string `help:"Address." default:":8080"`                        // ok: no secret
	Secret   string `help:"Secret." env:"APP_SECRET" required:""`            // ok: no default
}

func load() (s settings, f flags) {
	envconfig.MustProcess("", &s)
	kong.Parse(&f)
	return s, f
}
