// Package config reads the settings from the environment.
package config

import (
	"fmt"
	"os"
)

// A Config is what the service needs to run.
type Config struct {
	Database     string
	DruvaID      string
	DruvaSecret  string
	ApolloToken  string
	MondayToken  string
	MondayKey    []byte
	SessionKey   []byte
	UploadFolder string
}

// Load reads the environment. A missing setting is an error: there are no
// defaults for secrets.
func Load() (Config, error) {
	var missing []string
	get := func(name string) string {
		v := os.Getenv(name)
		if v == "" {
			missing = append(missing, name)
		}
		return v
	}
	c := Config{
		Database:     get("DATABASE_URL"),
		DruvaID:      get("DRUVA_CLIENT_ID"),
		DruvaSecret:  get("DRUVA_CLIENT_SECRET"),
		ApolloToken:  get("APOLLO_TOKEN"),
		MondayToken:  get("MONDAY_TOKEN"),
		MondayKey:    []byte(get("MONDAY_SIGNING_SECRET")),
		SessionKey:   []byte(get("SESSION_KEY")),
		UploadFolder: get("UPLOADS"),
	}
	if len(missing) > 0 {
		return Config{}, fmt.Errorf("settings without a value: %q", missing)
	}
	return c, nil
}
