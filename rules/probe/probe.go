// Package probe says what the deployed app shows to the world.
package probe

import (
	"context"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// A Target is one declared endpoint.
type Target struct {
	URL       string // https
	Kind      string // browser, embedded, api, webhook, static; empty counts as browser
	Private   []string
	Anonymous []string
	Where     rules.Location // in the policy file
}

// A Record is what a probe saw. It survives JSON.
type Record struct {
	At           time.Time `json:"at"`
	ObservedFrom string    `json:"observed_from"` // "runner", "bot"
}

// A Prober looks at endpoints through a dialler that reaches public addresses
// only.
type Prober struct{}

// Probe looks at every target.
func (p *Prober) Probe(ctx context.Context, targets []Target, now time.Time) *Record {
	return &Record{At: now}
}

// Judge turns a record into evidence; without one the endpoints were not looked
// at, for the reason given.
func Judge(r *Record, targets []Target, reason string, now time.Time) rules.Gathered {
	var g rules.Gathered
	return g
}
