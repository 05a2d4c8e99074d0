package probe

import (
	"cmp"
	"context"
	"net/netip"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/probe/internal/wire"
)

// UserAgent names the probe to the servers it asks.
const UserAgent = "staylisted-probe/1 (+https://github.com/staylisted/staylisted)"

// Limits of one UTC day (catalogue §2.8).
const (
	MaxRequests   = 12 // requests an endpoint
	MaxHandshakes = 6  // TLS offers an address; one is kept for the requests
)

// maxAddresses is how many addresses of a host are offered TLS versions.
const maxAddresses = 4

// maxHops is how many redirects are followed.
const maxHops = 5

// A Target is one declared endpoint.
type Target struct {
	URL       string // https
	Kind      string // browser, embedded, api, webhook, static; empty counts as browser
	Private   []string
	Anonymous []string
	Where     rules.Location // in the policy file
}

// A Repository is whose endpoints are looked at.
type Repository struct {
	Name string `json:"repository,omitempty"`    // "OWNER/NAME"
	ID   int64  `json:"repository_id,omitempty"` // GitHub's number of it, 0 when not known
}

// Options say how to look.
type Options struct {
	// Repository is what hosts have to name to prove ownership. Without a name
	// and a number nothing can be proved.
	Repository Repository
	// ObservedFrom says where the prober runs: "runner" (the repository's own,
	// the default) or "bot".
	ObservedFrom string
	// Own are networks that are refused besides all that are not public: those
	// of the machine the prober runs on.
	Own []netip.Prefix
}

// A Prober looks at endpoints through a dialler that reaches public addresses
// only. It remembers how much it asked whom on the day; it is safe for
// concurrent use.
type Prober struct {
	wire   *wire.Wire
	opts   Options
	budget budget
}

// New returns a prober of the public internet.
func New(o Options) *Prober {
	return Over(nil, o)
}

// Over returns a prober over another wire than the public one. Only packages
// below this one can make one, and only probetest does; nil is the public wire.
func Over(w *wire.Wire, o Options) *Prober {
	if w == nil {
		w = wire.Public(UserAgent, o.Own)
	}
	o.ObservedFrom = cmp.Or(o.ObservedFrom, "runner")
	return &Prober{wire: w, opts: o}
}

// Probe looks at every target. It returns what it saw until ctx ends; what it
// could not see is recorded as such. now is the time the record carries and
// certificates are checked at.
func (p *Prober) Probe(ctx context.Context, targets []Target, now time.Time) *Record {
	s := &session{prober: p, now: now.UTC().Truncate(time.Second), hosts: map[string]*pinned{}}
	return s.look(ctx, targets)
}

// sameRepository compares names as GitHub does.
func sameRepository(a, b string) bool { return a != "" && strings.EqualFold(a, b) }
