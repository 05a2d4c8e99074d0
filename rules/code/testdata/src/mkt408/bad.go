// Package mkt408 exercises rule MKT408.
package mkt408

import (
	"cmp"
	"flag"
	"os"

	"config.partner.io/env"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
	"github.com/urfave/cli/v2"
)

type config struct {
	Secret     string
	DBPassword string
	Addr       string
}

func getenv(name, fallback string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return fallback
}

func lookup(name string, fallback string) string {
	v, ok := os.LookupEnv("APP_" + name)
	if !ok {
		v = fallback
	}
	return v
}

const devSecret = "changeme"

func helpers() config {
	return config{
		Secret:     getenv("JWT_SECRET", "changeme"),  // want `V MKT408: JWT_SECRET falls back to a literal in the source when it is not configured; fail instead$`
		DBPassword: lookup("DB_PASSWORD", "postgres"), // want `V MKT408: DB_PASSWORD falls back`
		Addr:       getenv("ADDR", ":8080"),
	}
}

func named() string { return getenv("API_KEY", devSecret) } // want `V MKT408: API_KEY falls back`

func elsewhere() string { return env.String("SESSION_SECRET", "s3cr3t-session") } // want `V MKT408: SESSION_SECRET falls back`

func or() string { return cmp.Or(os.Getenv("SIGNING_KEY"), "dev-signing-key") } // want `V MKT408: SIGNING_KEY falls back`

func assigned() string {
	secret := os.Getenv("X")
	if secret == "" {
		secret = "test" // want `V MKT408: secret falls back`
	}
	return secret
}

func (c *config) defaults() {
	if c.DBPassword == "" {
		c.DBPassword = "secret" // want `V MKT408: DBPassword falls back`
	}
	if len(c.Secret) == 0 {
		c.Secret = "secret" // want `V MKT408: Secret falls back`
	}
}

func overwritten() []byte {
	k := "0123456789abcdef"
	if v := os.Getenv("ENCRYPTION_KEY"); v != "" { // want `V MKT408: ENCRYPTION_KEY falls back`
		k = v
	}
	return []byte(k)
}

func returned() string {
	if v, ok := os.LookupEnv("WEBHOOK_SECRET"); ok { // want `V MKT408: WEBHOOK_SECRET falls back`
		return v
	}
	return "whsec-dev"
}

func stored(c *config) {
	c.Secret = "dev"
	if v, ok := os.LookupEnv("APP_SECRET"); ok { // want `V MKT408: APP_SECRET falls back`
		c.Secret = v
	}
}

func libraries() {
	viper.SetDefault("auth.jwt.secret", "changeme")         // want `V MKT408: auth.jwt.secret falls back`
	viper.New().SetDefault("database.password", "postgres") // want `V MKT408: database.password falls back`
	flag.String("admin-password", "admin", "password")      // want `V MKT408: admin-password falls back`
	pflag.StringP("api-token", "t", "abc123", "token")      // want `V MKT408: api-token falls back`
	_ = cli.StringFlag{
		Name:  "jwt-secret",
		Value: "changeme", // want `V MKT408: jwt-secret falls back`
	}
}

type tags struct {
	Secret   string `env:"JWT_SECRET" envDefault:"changeme"`     // want `V MKT408: JWT_SECRET falls back`
	Password string `envconfig:"DB_PASSWORD" default:"postgres"` // want `V MKT408: DB_PASSWORD falls back`
	APIKey   string `yaml:"api_key" env-default:"abc"`           // want `V MKT408: APIKey falls back`
	Token    string `env:"ADMIN_TOKEN,default=letmein"`          // want `V MKT408: ADMIN_TOKEN falls back`
}

func lexed(token string) string {
	if token == "" {
		token = "end of file" // want `R MKT408: token falls back`
	}
	return token
}
