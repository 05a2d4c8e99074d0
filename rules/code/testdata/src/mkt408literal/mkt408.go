package mkt408literal

import "os"

const smtpPassword = "w1nter-mail" // want `^R MKT408/literal: smtpPassword is given a literal`

type account struct {
	user     string
	password string
	apiToken string
}

func accounts() []account {
	a := account{
		user:     "mailer",
		password: "p4ss", // want `^R MKT408/literal: password is given a literal`
	}
	a.apiToken = "t0k3n-of-the-mailer" // want `^R MKT408/literal: apiToken is given a literal`
	return []account{a}
}

const (
	passwordField = "password1"                       // ok: the name of a form field
	resetPassword = "reset-password"                  // ok: a word, no digit
	tokenURL      = "https://auth2.example.com/token" // ok: a URL
	testPassword  = "p4ssw0rd"                        // ok: its name says that it is a test's
	publicKey     = "ssh-ed25519"                     // ok: a public key
	secretPath    = "/run/secrets/db1"                // ok: a path
	apiKeyHeader  = "X-Api-Key2"                      // ok: the name of a header
	dbPassword    = "${DB1_PASSWORD}"                 // ok: a reference
)

func fromEnvironment() account {
	return account{
		user:     "mailer2",
		password: os.Getenv("SMTP_PASSWORD2"), // ok: read from the environment
		apiToken: "",                          // ok: empty
	}
}

func compared(password string) bool {
	return password == "changeme1" // ok: refused, not used
}
