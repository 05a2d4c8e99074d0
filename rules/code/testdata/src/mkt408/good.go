package mkt408

import (
	"cmp"
	"crypto/rand"
	"flag"
	"log"
	"os"

	"config.partner.io/env"
	"github.com/spf13/viper"
)

func near() []string {
	return []string{
		getenv("JWT_SECRET", ""),
		getenv("JWT_SECRET_FILE", "/run/secrets/jwt"),
		getenv("TLS_PRIVATE_KEY", "server.key"),
		getenv("PRIVATE_KEY", "./keys/app.pem"),
		getenv("TOKEN_URL", "https://login.partner.io/token"),
		getenv("ACCESS_TOKEN", "https://login.partner.io/token"),
		getenv("TOKEN_TTL", "24h"),
		getenv("REFRESH_TOKEN", "24h"),
		getenv("SECRET_NAME", "app/jwt"),
		getenv("AUTHOR", "staff"),
		getenv("TOKENIZER", "cl100k"),
		getenv("KEYBOARD", "us"),
		getenv("PASSWORD_POLICY", "strict"),
		getenv("SECRET", "${APP_SECRET}"),
		getenv("SECRET", "APP_SECRET"),
		getenv("API_TOKEN", "<token>"),
		getenv("API_TOKEN", "none"),
		getenv("TEST_DB_PASSWORD", "postgres"),
		getenv("PUBLIC_KEY", "abcdef"),
		getenv("LOG_LEVEL", "secret"),
		env.String("PORT", "8080"),
		cmp.Or(os.Getenv("REGION"), "eu-1"),
		cmp.Or(os.Getenv("API_KEY"), os.Getenv("LEGACY_API_KEY")),
		os.Getenv("JWT_SECRET"),
	}
}

func fatal() string {
	secret := os.Getenv("JWT_SECRET")
	if secret == "" {
		log.Fatal("JWT_SECRET is not set")
	}
	return secret
}

func generated() string {
	secret := os.Getenv("JWT_SECRET")
	if secret == "" {
		secret = rand.Text()
	}
	return secret
}

func shown(token string) string {
	if token == "" {
		token = "(not set)"
	}
	return token
}

func masked(password string) string {
	if password == "" {
		password = "********"
	}
	return password
}

// compared is no fallback.
func compared(password string) bool {
	if password == "changeme" {
		return false
	}
	return password != "admin"
}

func notEmpty(secret string) string {
	if secret != "" {
		secret = "set"
	}
	return secret
}

func joined(name, fallback string) string { return name + fallback }

func notEnv() string { return joined("JWT_SECRET", "changeme") }

func flags() {
	flag.String("token", "", "API token")
	flag.String("token-file", "token.txt", "file with the token")
	flag.Bool("password", true, "ask for the password")
	viper.SetDefault("jwt.secret", "")
	viper.SetDefault("jwt.token.ttl", "secret")
	viper.SetDefault("password.min_length", 12)
}

type goodTags struct {
	Secret   string `env:"JWT_SECRET,required"`
	Path     string `env:"SECRET_PATH" envDefault:"/run/secret"`
	Token    string `json:"token" default:"abc"`
	TTL      string `env:"TOKEN_TTL" envDefault:"15m"`
	Password int    `env:"PASSWORD" default:"12"`
}

func basic(password string) string {
	if password == "" {
		password = "x-oauth-basic"
	}
	return password
}
