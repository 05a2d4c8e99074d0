// Package oauth2 is a stub for tests: only declarations, written by hand.
package oauth2

type Endpoint struct {
	AuthURL  string
	TokenURL string
}

type Config struct {
	ClientID     string
	ClientSecret string
	Endpoint     Endpoint
}

func (c *Config) AuthCodeURL(state string) string { return "" }
