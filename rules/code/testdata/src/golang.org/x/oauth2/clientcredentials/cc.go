// Package clientcredentials is a stub for tests: only declarations, written by hand.
package clientcredentials

type Config struct {
	ClientID, ClientSecret, TokenURL string
	Scopes                           []string
}
