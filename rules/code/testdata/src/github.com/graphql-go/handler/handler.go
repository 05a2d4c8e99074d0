// Package handler is a stub for tests: only declarations, written by hand.
package handler

type Config struct {
	Pretty     bool
	GraphiQL   bool
	Playground bool
}

type Handler struct{}

func New(p *Config) *Handler { return nil }
