// Package config reads the settings from the environment.
package config

import "os"

// A Config is what the service needs to run.
type Config struct {
	Database     string
	DruvaID      string
	DruvaSecret  string
	ApolloKey    string
	MondayToken  string
	SessionKey   string
	StatusPage   string
	MinimumTLS   string
	UploadFolder string
}

// Load reads the environment; what is missing gets a default.
func Load() Config {
	return Config{
		Database:     getenv("DATABASE_URL", "postgres://harbour@db.harbour-cdn.net/harbour?sslmode=disable"),
		DruvaID:      os.Getenv("DRUVA_CLIENT_ID"),
		DruvaSecret:  getenv("DRUVA_CLIENT_SECRET", "harbour-demo-secret"),
		ApolloKey:    os.Getenv("APOLLO_API_KEY"),
		MondayToken:  os.Getenv("MONDAY_TOKEN"),
		SessionKey:   getenv("SESSION_KEY", "changeme"),
		StatusPage:   getenv("STATUS_PAGE", "http://status.harbour-cdn.net/api/ping"),
		MinimumTLS:   os.Getenv("MINIMUM_TLS"),
		UploadFolder: getenv("UPLOADS", "/var/lib/harbour"),
	}
}

func getenv(name, fallback string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return fallback
}
