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
		getenv("JWT_SECRET", ""),                      // ok: an empty default
		getenv("JWT_SECRET_FILE", "/run/secrets/jwt"), // ok: a path
		getenv("TLS_PRIVATE_KEY", "server.key"),       // ok: a file
		getenv("PRIVATE_KEY", "./keys/app.pem"),
		getenv("TOKEN_URL", "https://login.partner.io/token"), // ok: a URL
		getenv("ACCESS_TOKEN", "https://login.partner.io/token"),
		getenv("TOKEN_TTL", "24h"), // ok: a duration
		getenv("REFRESH_TOKEN", "24h"),
		getenv("SECRET_NAME", "app/jwt"), // ok: the name of a secret
		getenv("AUTHOR", "staff"),        // ok: an author, no auth
		getenv("TOKENIZER", "cl100k"),    // ok: a tokenizer, no token
		getenv("KEYBOARD", "us"),
		getenv("PASSWORD_POLICY", "strict"),    // ok: a policy, no password
		getenv("SECRET", "${APP_SECRET}"),      // ok: a reference
		getenv("SECRET", "APP_SECRET"),         // ok: the name of a variable
		getenv("API_TOKEN", "<token>"),         // ok: a placeholder
		getenv("API_TOKEN", "none"),            // ok: a word that says there is none
		getenv("TEST_DB_PASSWORD", "postgres"), // ok: a test's password
		getenv("PUBLIC_KEY", "abcdef"),         // ok: a public key
		getenv("LOG_LEVEL", "secret"),
		env.String("PORT", "8080"),
		cmp.Or(os.Getenv("REGION"), "eu-1"),
		cmp.Or(os.Getenv("API_KEY"), os.Getenv("LEGACY_API_KEY")), // ok: one variable for another
		os.Getenv("JWT_SECRET"),
	}
}

func fatal() string {
	secret := os.Getenv("JWT_SECRET")
	if secret == "" {
		log.Fatal("JWT_SECRET is not set") // ok: it stops without a secret
	}
	return secret
}

func generated() string {
	secret := os.Getenv("JWT_SECRET")
	if secret == "" {
		secret = rand.Text() // ok: generated
	}
	return secret
}

func shown(token string) string {
	if token == "" {
		token = "(not set)" // ok: shown in its place
	}
	return token
}

func masked(password string) string {
	if password == "" {
		password = "********" // ok: masked
	}
	return password
}

// compared is no fallback.
func compared(password string) bool {
	if password == "changeme" { // ok: refused, not used
		return false
	}
	return password != "admin"
}

func notEmpty(secret string) string {
	if secret != "" {
		secret = "set" // ok: the case that there is one
	}
	return secret
}

func joined(name, fallback string) string { return name + fallback }

func notEnv() string { return joined("JWT_SECRET", "changeme") } // ok: no environment is read

func flags() {
	flag.String("token", "", "API token")                         // ok: an empty default
	flag.String("token-file", "token.txt", "file with the token") // ok: a file
	flag.Bool("password", true, "ask for the password")
	viper.SetDefault("jwt.secret", "")
	viper.SetDefault("jwt.token.ttl", "secret")
	viper.SetDefault("password.min_length", 12)
}

type goodTags struct {
	Secret   string `env:"JWT_SECRET,required"`                  // ok: required
	Path     string `env:"SECRET_PATH" envDefault:"/run/secret"` // ok: a path
	Token    string `json:"token" default:"abc"`                 // ok: no configuration is read by this tag
	TTL      string `env:"TOKEN_TTL" envDefault:"15m"`
	Password int    `env:"PASSWORD" default:"12"`
}

func basic(password string) string {
	if password == "" {
		password = "x-oauth-basic" // ok: a word of a protocol
	}
	return password
}
