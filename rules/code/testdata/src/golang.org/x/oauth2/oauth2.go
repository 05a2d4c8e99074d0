// Package oauth2 is a stub for tests: only declarations, written by hand.
package oauth2

import "context"
import "net/http"

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

	RedirectURL string
	Scopes      []string
}

func (c *Config) AuthCodeURL(state string) string { return "" }

// AuthCodeOption is a stub.
type AuthCodeOption interface{ setValue() }

var AccessTypeOffline AuthCodeOption

func (c *Config) Exchange(ctx context.Context, code string, opts ...AuthCodeOption) (*Token, error) {
	return nil, nil
}

func (c *Config) Client(ctx context.Context, t *Token) *http.Client { return nil }

func SetAuthURLParam(key, value string) AuthCodeOption { return nil }

func GenerateVerifier() string { return "" }

func S256ChallengeOption(verifier string) AuthCodeOption { return nil }

func S256ChallengeFromVerifier(verifier string) string { return "" }

func VerifierOption(verifier string) AuthCodeOption { return nil }
