package probe

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// recordVersion is raised whenever what a record says changes its meaning.
const recordVersion = 1

// maxRecord bounds an encoded record in bytes.
const maxRecord = 8 << 20

// A Record is what a probe saw. It survives JSON.
type Record struct {
	Version      int        `json:"version"`
	At           time.Time  `json:"at"`
	ObservedFrom string     `json:"observed_from"` // "runner", "bot"
	Repository   Repository `json:"repository"`    // what the hosts were asked for
	Hosts        []Host     `json:"hosts"`
	Endpoints    []Endpoint `json:"endpoints"`
}

// A Host is what belongs to a host name, whatever is served there.
type Host struct {
	Name      string       `json:"name"`
	Addresses []netip.Addr `json:"addresses,omitempty"`
	// Refused says why the host is not looked at: one of its addresses is not
	// public.
	Refused string `json:"refused,omitempty"`
	// Error is why its addresses could not be found out.
	Error string `json:"error,omitempty"`
	// Missing is true when the name servers say that the name does not exist, or
	// the one its aliases lead to.
	Missing bool     `json:"missing,omitempty"`
	Aliases []string `json:"aliases,omitempty"` // CNAME targets, the last one last
	CAA     Seen     `json:"caa,omitempty"`     // whether somebody may issue certificates is said in DNS

	TLS       []Address `json:"tls,omitempty"`
	Document  *Proof    `json:"document,omitempty"` // /.well-known/staylisted.json
	TXT       *Proof    `json:"txt,omitempty"`      // _staylisted.HOST
	PlainHTTP *Answer   `json:"plain_http,omitempty"`
}

// Seen is a yes, a no, or nothing.
type Seen string

const (
	Yes Seen = "yes"
	No  Seen = "no"
)

// An Address is how one address of a host takes TLS.
type Address struct {
	IP netip.Addr `json:"ip"`
	// Unreachable is true when this machine has no way to the address, as
	// without IPv6; it was not looked at.
	Unreachable bool         `json:"unreachable,omitempty"`
	Offers      []Offer      `json:"offers,omitempty"` // oldest version first
	Certificate *Certificate `json:"certificate,omitempty"`
}

// An Offer is how a server took the offer of one version alone.
type Offer struct {
	Version string `json:"version"` // "SSL 3.0", "TLS 1.0" …
	Result  string `json:"result"`  // accepted, refused, unknown
	Detail  string `json:"detail,omitempty"`
}

// A Certificate is the first of the chain a server sends.
type Certificate struct {
	Issuer    string    `json:"issuer,omitempty"`
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
	SHA256    string    `json:"sha256"`
	Problem   string    `json:"problem,omitempty"` // why it does not verify; empty when it does
}

// A Proof is a place that may say whose a host is.
type Proof struct {
	Status int          `json:"status,omitempty"` // of a document
	Names  []Repository `json:"names,omitempty"`
	Error  string       `json:"error,omitempty"` // why it says nothing
}

// An Endpoint is what a target answers.
type Endpoint struct {
	URL     string   `json:"url"`
	Page    []Answer `json:"page"` // the address itself and where it leads, in order
	Unknown *Answer  `json:"unknown,omitempty"`
	Private []Answer `json:"private,omitempty"` // one a path, as declared
}

// An Answer is one response. No body, no cookie value and no query is kept.
type Answer struct {
	URL     string     `json:"url"` // without query
	Path    string     `json:"path,omitempty"`
	Error   string     `json:"error,omitempty"` // why there is none
	Address netip.Addr `json:"address,omitzero"`
	Proto   string     `json:"proto,omitempty"`
	Status  int        `json:"status,omitempty"`
	// Header are the fields that are judged, each value in the order sent.
	Header map[string][]string `json:"header,omitempty"`
	// Digest is the SHA-256 of all header fields but cookies.
	Digest    string   `json:"digest,omitempty"`
	Location  string   `json:"location,omitempty"` // where it leads, absolute, without query
	Cookies   []Cookie `json:"cookies,omitempty"`
	Body      string   `json:"body,omitempty"` // SHA-256 of what was read
	Size      int      `json:"size,omitempty"`
	Truncated bool     `json:"truncated,omitempty"` // there is more than was read
	Opaque    bool     `json:"opaque,omitempty"`    // the body could not be read
	Page      *Page    `json:"page,omitempty"`      // when it is HTML
	Leaks     []string `json:"leaks,omitempty"`     // kinds of what an error page gives away
	// Malformed cookies are counted; browsers drop them.
	Malformed int `json:"malformed_cookies,omitempty"`
}

// Encode writes a record as JSON.
func (r *Record) Encode() ([]byte, error) {
	return json.MarshalIndent(r, "", "\t")
}

// Decode reads a record. Unknown fields, another version, a missing time, and
// anything after the record are errors.
func Decode(data []byte) (*Record, error) {
	if len(data) > maxRecord {
		return nil, fmt.Errorf("read the probe's record: larger than %d MiB", maxRecord>>20)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var r Record
	if err := d.Decode(&r); err != nil {
		return nil, fmt.Errorf("read the probe's record: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("read the probe's record: something stands after its end")
	}
	if r.Version != recordVersion {
		return nil, fmt.Errorf("read the probe's record: version %d is not known, this program reads %d; probe again", r.Version, recordVersion)
	}
	if r.At.IsZero() {
		return nil, errors.New("read the probe's record: it does not say when it was made; probe again")
	}
	if r.ObservedFrom != "runner" && r.ObservedFrom != "bot" {
		return nil, fmt.Errorf("read the probe's record: it was observed from %q, which is neither runner nor bot", printable(r.ObservedFrom))
	}
	return &r, nil
}

// host returns the record of a host name.
func (r *Record) host(name string) *Host {
	for i := range r.Hosts {
		if r.Hosts[i].Name == name {
			return &r.Hosts[i]
		}
	}
	return nil
}

// endpoint returns the record of an address.
func (r *Record) endpoint(url string) *Endpoint {
	for i := range r.Endpoints {
		if r.Endpoints[i].URL == url {
			return &r.Endpoints[i]
		}
	}
	return nil
}

// Owned says whether the host of an address was seen to belong to the repository
// that the record was made for: true when its document or DNS says so, false when
// it was looked at and does not. A nil record knows nothing.
func (r *Record) Owned(address string) rules.Ternary {
	if r == nil {
		return rules.Undecided
	}
	u, err := url.Parse(address)
	if err != nil {
		return rules.Undecided
	}
	for i := range r.Hosts {
		if h := &r.Hosts[i]; strings.EqualFold(h.Name, u.Hostname()) {
			if h.owned(r.Repository) {
				return rules.True
			}
			return rules.False
		}
	}
	return rules.Undecided
}
