// Package mkt408known reads its configuration with further libraries.
package mkt408known

import (
	"context"

	"github.com/caarlos0/env/v11"
	"github.com/ilyakaznacheev/cleanenv"
	"github.com/sethvargo/go-envconfig"
)

type parsed struct {
	Token string `env:"API_TOKEN" envDefault:"letmein-please"` // want `^V MKT408: API_TOKEN falls back`
	Key   string `env:"SIGNING_KEY,required"`                  // ok: no default
	Level string `env:"LOG_LEVEL" envDefault:"info"`           // ok: no secret
}

type cleaned struct {
	Password string `env:"DB_PASSWORD" env-default:"hunter2-database"` // want `^V MKT408: DB_PASSWORD falls back`
	Secret   string `env:"APP_SECRET" env-required:"true"`             // ok: no default
	Host     string `env:"DB_HOST" env-default:"localhost"`            // ok: no secret
}

type processed struct {
	Secret string `env:"SESSION_SECRET, default=hunter2-session"` // want `^V MKT408: SESSION_SECRET falls back`
	Token  string `env:"API_TOKEN, required"`                     // ok: no default
	Region string `env:"REGION, default=eu-west-1"`               // ok: no secret
}

func load(ctx context.Context) (a parsed, b cleaned, c processed) {
	env.Parse(&a)
	cleanenv.ReadEnv(&b)
	envconfig.Process(ctx, &c)
	return a, b, c
}
