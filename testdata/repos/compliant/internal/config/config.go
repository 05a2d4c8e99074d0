// Package config reads the settings from the environment. Secrets have no
// defaults: without one the server does not start.
package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// Origin is where people and webhooks reach the product. It is part of
// registered redirect addresses and of the audience of webhook tokens, so it is
// no setting.
const Origin = "https://app.harbour.example"

// A Secret shows itself to nobody who does not ask for it by name.
type Secret string

// Reveal returns the value.
func (s Secret) Reveal() string { return string(s) }

// String hides the value from print functions.
func (Secret) String() string { return "[hidden]" }

// GoString hides the value from %#v.
func (Secret) GoString() string { return "[hidden]" }

// LogValue hides the value from log records.
func (Secret) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// MarshalText hides the value from encoders.
func (Secret) MarshalText() ([]byte, error) { return []byte("[hidden]"), nil }

// A Repository is where the source of this deployment lies on GitHub.
type Repository struct {
	Name string `json:"repository"`    // "owner/name"
	ID   int64  `json:"repository_id"` // stays the same when the name changes
}

// A Config is what the server needs to run.
type Config struct {
	Listen   string // address of the TLS listener
	CertFile string
	KeyFile  string

	Database Secret // of PostgreSQL, with sslmode=verify-full

	ApolloID      string
	ApolloSecret  Secret
	MondayID      string
	MondaySecret  Secret
	MondaySigning Secret // signs the tokens of board webhooks

	SealKey  string // id of the key new records are sealed with
	SealKeys map[string][]byte

	Repository Repository // proves that this deployment belongs to its repository
}

// Load reads the environment and reports everything that is missing at once.
func Load() (Config, error) {
	var problems []error
	get := func(name string) string {
		v := os.Getenv(name)
		if v == "" {
			problems = append(problems, fmt.Errorf("%s has no value", name))
		}
		return v
	}
	c := Config{
		Listen:        get("LISTEN"),
		CertFile:      get("TLS_CERT_FILE"),
		KeyFile:       get("TLS_KEY_FILE"),
		Database:      Secret(get("DATABASE_URL")),
		ApolloID:      get("APOLLO_CLIENT_ID"),
		ApolloSecret:  Secret(get("APOLLO_CLIENT_SECRET")),
		MondayID:      get("MONDAY_CLIENT_ID"),
		MondaySecret:  Secret(get("MONDAY_CLIENT_SECRET")),
		MondaySigning: Secret(get("MONDAY_SIGNING_SECRET")),
		Repository:    Repository{Name: get("REPOSITORY")},
	}
	var err error
	if c.SealKey, c.SealKeys, err = sealKeys(get("SEAL_KEYS")); err != nil {
		problems = append(problems, err)
	}
	if c.Repository.ID, err = strconv.ParseInt(get("REPOSITORY_ID"), 10, 64); err != nil || c.Repository.ID <= 0 {
		problems = append(problems, errors.New("REPOSITORY_ID must be the number of the repository on GitHub"))
	}
	if err := checkDatabase(c.Database.Reveal()); err != nil {
		problems = append(problems, err)
	}
	if len(problems) > 0 {
		return Config{}, errors.Join(problems...)
	}
	return c, nil
}

// sealKeys reads "id:base64,id:base64". The first key seals, the others still
// open what they sealed before a rotation.
func sealKeys(list string) (current string, keys map[string][]byte, err error) {
	keys = map[string][]byte{}
	for entry := range strings.SplitSeq(list, ",") {
		id, encoded, ok := strings.Cut(entry, ":")
		raw, err := base64.StdEncoding.DecodeString(encoded)
		if !ok || id == "" || err != nil || len(raw) != 32 {
			return "", nil, errors.New("SEAL_KEYS must list entries of the form id:key, each key 32 bytes in base64")
		}
		if current == "" {
			current = id
		}
		keys[id] = raw
	}
	return current, keys, nil
}

// checkDatabase refuses an address whose connection would not be encrypted and
// verified.
func checkDatabase(dsn string) error {
	u, err := url.Parse(dsn)
	if err != nil || u.Scheme != "postgres" || u.Query().Get("sslmode") != "verify-full" {
		return errors.New("DATABASE_URL must begin with postgres:// and set sslmode=verify-full")
	}
	return nil
}
