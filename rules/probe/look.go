package probe

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/staylisted/staylisted/rules/probe/internal/wire"
)

// maxTargets bounds how many endpoints one probe looks at.
const maxTargets = 50

// atOnce is how many hosts are looked at side by side.
const atOnce = 4

// unknownName is a path that no app serves on purpose.
const unknownName = "staylisted-no-such-path"

// A session is one probe. Every host name is resolved once in it.
type session struct {
	prober *Prober
	now    time.Time

	mu    sync.Mutex
	hosts map[string]*pinned
}

// A pinned host is a name with the addresses it had the first time.
type pinned struct {
	once  sync.Once
	addrs []netip.Addr
	err   error
}

// pin resolves a name once and refuses the whole host when one of its addresses
// must not be reached: a name that leads to a private address now and then is
// not looked at now and then.
func (s *session) pin(ctx context.Context, name string) ([]netip.Addr, error) {
	name = strings.ToLower(name)
	s.mu.Lock()
	p, found := s.hosts[name]
	if !found {
		p = &pinned{}
		s.hosts[name] = p
	}
	s.mu.Unlock()
	p.once.Do(func() {
		p.addrs, p.err = s.prober.wire.Resolve(ctx, name)
		for _, addr := range p.addrs {
			if err := s.prober.wire.CheckAddr(addr); err != nil {
				p.addrs, p.err = nil, err
				return
			}
		}
	})
	return p.addrs, p.err
}

// look looks at every host and its endpoints.
func (s *session) look(ctx context.Context, targets []Target) *Record {
	r := &Record{Version: recordVersion, At: s.now, ObservedFrom: s.prober.opts.ObservedFrom, Repository: s.prober.opts.Repository, Hosts: []Host{}, Endpoints: []Endpoint{}}
	byHost := map[string][]Target{}
	var names []string
	for _, t := range targets[:min(len(targets), maxTargets)] {
		u, err := parseTarget(t.URL)
		if err != nil {
			continue // Judge finds no record and says so
		}
		name := hostOf(u)
		if byHost[name] == nil {
			names = append(names, name)
		}
		if !slices.ContainsFunc(byHost[name], func(other Target) bool { return other.URL == t.URL }) {
			byHost[name] = append(byHost[name], t)
		}
	}
	type part struct {
		host      Host
		endpoints []Endpoint
	}
	parts := make([]part, len(names))
	var wait sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for i, name := range names {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			parts[i].host, parts[i].endpoints = s.host(ctx, name, byHost[name])
		})
	}
	wait.Wait()
	for _, p := range parts {
		r.Hosts = append(r.Hosts, p.host)
		r.Endpoints = append(r.Endpoints, p.endpoints...)
	}
	return r
}

// parseTarget reads the address of a target.
func parseTarget(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("it is no web address")
	}
	if u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Opaque != "" || port(u) != "443" {
		return nil, errors.New("it is no https address on port 443")
	}
	return u, nil
}

func hostOf(u *url.URL) string { return strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")) }

// host looks at what belongs to the name, then at its endpoints.
func (s *session) host(ctx context.Context, name string, targets []Target) (Host, []Endpoint) {
	h := Host{Name: name}
	addrs, err := s.pin(ctx, name)
	var refused *wire.RefusedError
	switch {
	case errors.As(err, &refused):
		h.Refused = fmt.Sprintf("%s is not looked at: %s", refused.To.Addr(), refused.Why)
		return h, nil
	case errors.Is(err, wire.ErrNoName):
		h.Error = "the name has no address"
		aliases, missing, err := s.prober.wire.Chain(ctx, name)
		if err != nil {
			h.Error = wire.Explain(err)
		}
		h.Aliases, h.Missing = aliases, missing && err == nil
		return h, nil
	case err != nil:
		h.Error = wire.Explain(err)
		return h, nil
	}
	h.Addresses = addrs
	if _, err := netip.ParseAddr(name); err != nil {
		if found, err := s.prober.wire.CAA(ctx, name); err == nil {
			h.CAA = No
			if found {
				h.CAA = Yes
			}
		}
		h.TXT = s.txt(ctx, name)
	}
	h.TLS = s.floor(ctx, name, addrs)

	client := s.prober.wire.Client(s.pin, s.now)
	defer client.Close()
	first := targets[0].URL
	h.Document = s.document(ctx, client, name, first)
	u, err := parseTarget(first)
	if err == nil {
		u.Scheme, u.Host = "http", strings.TrimSuffix(u.Host, ":443")
		h.PlainHTTP, _ = s.get(ctx, client, first, u, "*/*")
	}
	var endpoints []Endpoint
	for _, t := range targets {
		endpoints = append(endpoints, s.endpoint(ctx, client, t))
	}
	return h, endpoints
}

// versions are offered oldest first.
var versions = []struct {
	name   string
	number uint16
}{{"SSL 3.0", wire.SSL30}, {"TLS 1.0", wire.TLS10}, {"TLS 1.1", wire.TLS11}, {"TLS 1.2", wire.TLS12}, {"TLS 1.3", wire.TLS13}}

// floor offers every version to the host's addresses.
func (s *session) floor(ctx context.Context, name string, addrs []netip.Addr) []Address {
	var out []Address
	for _, addr := range spread(addrs) {
		a := Address{IP: addr}
		if addr.Is6() && !s.prober.wire.Routed(ctx, addr) {
			a.Unreachable = true
			out = append(out, a)
			continue
		}
		for _, v := range versions {
			o := wire.Offered{Result: wire.Unclear, Detail: fmt.Sprintf("the %d handshakes of this day are used up", MaxHandshakes)}
			if s.prober.budget.take("tls "+name+" "+addr.String(), MaxHandshakes-1, s.now) {
				o = s.prober.wire.Offer(ctx, netip.AddrPortFrom(addr, 443), name, v.number, s.now)
			}
			a.Offers = append(a.Offers, Offer{Version: v.name, Result: o.Result, Detail: shown(o.Detail)})
			if len(o.Chain) > 0 {
				c := &Certificate{Issuer: shown(o.Chain[0].Issuer.String()), NotBefore: o.Chain[0].NotBefore.UTC(), NotAfter: o.Chain[0].NotAfter.UTC()}
				sum := sha256.Sum256(o.Chain[0].Raw)
				c.SHA256 = hex.EncodeToString(sum[:])
				if err := s.prober.wire.Verify(o.Chain, name, s.now); err != nil {
					c.Problem = shown(err.Error())
				}
				if a.Certificate == nil || c.Problem != "" || c.NotAfter.Before(a.Certificate.NotAfter) {
					a.Certificate = c // the worse of the two that may be served
				}
			}
		}
		out = append(out, a)
	}
	return out
}

// spread picks the addresses to look at, both families where there are both.
func spread(addrs []netip.Addr) []netip.Addr {
	if len(addrs) <= maxAddresses {
		return addrs
	}
	var four, six []netip.Addr
	for _, a := range addrs {
		if a.Is4() {
			four = append(four, a)
		} else {
			six = append(six, a)
		}
	}
	n := min(len(four), max(maxAddresses/2, maxAddresses-len(six)))
	return append(slices.Clone(four[:n]), six[:min(len(six), maxAddresses-n)]...)
}

// txt looks for the record that proves ownership.
func (s *session) txt(ctx context.Context, name string) *Proof {
	found, err := s.prober.wire.TXT(ctx, ownershipName+name)
	if err != nil {
		return &Proof{Error: wire.Explain(err)}
	}
	p := &Proof{}
	for _, text := range found {
		r, err := ParseOwnershipTXT(text)
		if err != nil {
			p.Error = err.Error()
			continue
		}
		p.Names = append(p.Names, r)
	}
	return p
}

// document looks for the file that proves ownership, on the host itself: a
// redirect leads to somebody who may be somebody else.
func (s *session) document(ctx context.Context, client *wire.Client, name, endpoint string) *Proof {
	if !s.prober.budget.take("get "+endpoint, MaxRequests, s.now) {
		return &Proof{Error: spent}
	}
	u := &url.URL{Scheme: "https", Host: urlHost(name), Path: ownershipPath}
	got, err := client.Get(ctx, u, "application/json")
	if err != nil {
		return &Proof{Error: shown(wire.Explain(err))}
	}
	p := &Proof{Status: got.Status}
	if got.Status != http.StatusOK {
		return p
	}
	if got.Truncated || got.Opaque {
		p.Error = "it cannot be read to its end"
		return p
	}
	names, err := ParseOwnership(got.Body)
	if err != nil {
		p.Error = err.Error()
	}
	p.Names = names
	return p
}

// urlHost writes a host for a URL.
func urlHost(name string) string {
	if addr, err := netip.ParseAddr(name); err == nil && addr.Is6() {
		return "[" + name + "]"
	}
	return name
}

// spent is why a request was not made.
var spent = fmt.Sprintf("the %d requests of this day are used up", MaxRequests)

// What the kinds of endpoints are asked for.
const (
	acceptPage = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
	acceptAPI  = "application/json,*/*;q=0.1"
)

// endpoint asks for the page and where it leads, for a path that is not there,
// and for the private paths.
func (s *session) endpoint(ctx context.Context, client *wire.Client, t Target) Endpoint {
	e := Endpoint{URL: t.URL}
	u, err := parseTarget(t.URL)
	if err != nil {
		return e
	}
	u.Host = urlHost(hostOf(u))
	accept := acceptPage
	if !kindOf(t).page() {
		accept = acceptAPI
	}
	seen := map[string]bool{}
	for at := u; at != nil && len(e.Page) <= maxHops && !seen[at.String()]; {
		seen[at.String()] = true
		a, next := s.get(ctx, client, t.URL, at, accept)
		e.Page = append(e.Page, *a)
		at = next
	}
	unknown := *u
	unknown.Path, unknown.RawPath = path.Join("/", u.Path, unknownName), ""
	e.Unknown, _ = s.get(ctx, client, t.URL, &unknown, accept)
	for _, p := range privatePaths(t) {
		private, err := u.Parse(p)
		if err != nil || hostOf(private) != hostOf(u) || private.Scheme != "https" {
			e.Private = append(e.Private, Answer{Path: p, Error: "it is not a path"})
			continue
		}
		a, _ := s.get(ctx, client, t.URL, private, acceptAPI)
		a.Path = p
		e.Private = append(e.Private, *a)
	}
	return e
}

// privatePaths are the declared private routes that a GET can be sent to: those
// of another method, and those with placeholders, cannot be tried.
func privatePaths(t Target) []string {
	var out []string
	for _, route := range t.Private {
		method, p, both := strings.Cut(route, " ")
		if !both {
			method, p = http.MethodGet, route
		}
		if (method == http.MethodGet || method == http.MethodHead) && !strings.ContainsAny(p, "{}*:?#") && strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "//") {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// kept are the header fields that are judged.
var kept = []string{
	"Strict-Transport-Security", "Content-Security-Policy", "Content-Security-Policy-Report-Only", "X-Frame-Options",
	"X-Content-Type-Options", "Referrer-Policy", "Content-Type",
}

// Bounds of what is kept of one answer's header.
const (
	maxFields = 20
	maxField  = 16 << 10
)

// get asks for one address within the endpoint's budget. next is where the
// answer leads, nil when nowhere.
func (s *session) get(ctx context.Context, client *wire.Client, endpoint string, u *url.URL, accept string) (a *Answer, next *url.URL) {
	a = &Answer{URL: bare(u)}
	if !s.prober.budget.take("get "+endpoint, MaxRequests, s.now) {
		a.Error = spent
		return a, nil
	}
	r, err := client.Get(ctx, u, accept)
	if err != nil {
		a.Error = shown(wire.Explain(err))
		return a, nil
	}
	a.Address, a.Proto, a.Status, a.Truncated, a.Opaque, a.Size = r.Address, shown(r.Proto), r.Status, r.Truncated, r.Opaque, len(r.Body)
	for _, name := range kept {
		for _, value := range r.Header.Values(name)[:min(maxFields, len(r.Header.Values(name)))] {
			if a.Header == nil {
				a.Header = map[string][]string{}
			}
			a.Header[name] = append(a.Header[name], strings.ToValidUTF8(value[:min(len(value), maxField)], "\ufffd"))
		}
	}
	a.Digest = digest(r.Header)
	for i, field := range r.Header.Values("Set-Cookie") {
		c, ok := ParseSetCookie(field, s.now)
		if !ok || i >= maxCookies {
			a.Malformed++
			continue
		}
		c.Name, c.Domain, c.Path = shown(c.Name), shown(c.Domain), shown(c.Path)
		a.Cookies = append(a.Cookies, c)
	}
	sum := sha256.Sum256(r.Body)
	a.Body = hex.EncodeToString(sum[:])
	contentType := r.Header.Get("Content-Type")
	if isHTML(contentType, r.Body) {
		a.Page = readPage(r.Body, u)
	}
	if a.Status >= 400 && readable(contentType, r.Body) {
		a.Leaks = findLeaks(string(r.Body))
	}
	if location := r.Header.Get("Location"); location != "" && redirects(a.Status) {
		if to, err := u.Parse(location); err == nil && to.Host != "" {
			a.Location = bare(to)
			if to.Scheme == "https" && to.User == nil {
				next = to
			}
		}
	}
	return a, next
}

func redirects(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// digest is the SHA-256 of a header, its cookies left out.
func digest(header http.Header) string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(header)) {
		if name == "Set-Cookie" {
			continue
		}
		for _, value := range header[name] {
			fmt.Fprintf(sum, "%s: %s\n", name, value)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}
