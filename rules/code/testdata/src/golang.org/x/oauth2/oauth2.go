// Package oauth2 is a stub for tests: only declarations, written by hand.
package oauth2

import "time"

import (
	"context"
	"net/http"
)

type Endpoint struct {
	AuthURL  string
	TokenURL string
}

type Config struct {
	ClientID     string
	ClientSecret string
	Endpoint     Endpoint
	RedirectURL  string
	Scopes       []string
}

type AuthCodeOption interface{ setValue() }

var AccessTypeOffline AuthCodeOption

func (c *Config) AuthCodeURL(state string, opts ...AuthCodeOption) string { return "" }

type Token struct {
	AccessToken  string
	TokenType    string
	RefreshToken string
	Expiry       time.Time
}

func (c *Config) Exchange(ctx context.Context, code string, opts ...AuthCodeOption) (*Token, error) {
	return nil, nil
}

func (c *Config) Client(ctx context.Context, t *Token) *http.Client { return nil }

func SetAuthURLParam(key, value string) AuthCodeOption { return nil }

func GenerateVerifier() string { return "" }

func S256ChallengeOption(verifier string) AuthCodeOption { return nil }

func S256ChallengeFromVerifier(verifier string) string { return "" }

func VerifierOption(verifier string) AuthCodeOption { return nil }
