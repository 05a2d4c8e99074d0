// Package client is a stub for tests: only declarations, written by hand.
package client

type Config struct {
	BaseURL string
	DocsURL string
	Name    string
}
