// Package oauth2 is a stub for tests: only declarations, written by hand.
package oauth2

import "time"

type Token struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type,omitempty"`
	RefreshToken string `json:"refresh_token,omitempty"`
	Expiry       time.Time
}

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
