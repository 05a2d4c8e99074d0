package probe_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/probe"
	"github.com/staylisted/staylisted/rules/probe/probetest"
)

const unknownPath = "/staylisted-no-such-path"

func answer(status int, kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func plain(status int) http.Handler { return answer(status, "text/plain", "hello") }

func redirect(to string) http.Handler { return http.RedirectHandler(to, http.StatusMovedPermanently) }

func cookie(text string) http.Handler {
	return header(func(h http.Header) { h.Add("Set-Cookie", text) })
}

// TestOneFlaw changes one thing of a site on which nothing is wrong.
func TestOneFlaw(t *testing.T) {
	insecure := func(h http.Handler) probetest.Site { s := compliant(); s.HTTP = h; return s }
	changed := func(change func(s *probetest.Site)) probetest.Site { s := compliant(); change(&s); return s }
	tests := []struct {
		name    string
		site    probetest.Site
		kind    string // browser when empty
		want    string // findings
		unclear string // verifiers that are not complete
	}{
		{name: "nothing", site: compliant()},
		{name: "nothing, HTTP/1.1", site: changed(func(s *probetest.Site) { s.TLS = &tls.Config{NextProtos: []string{"http/1.1"}} })},

		{name: "no HSTS", site: deployed(without("Strict-Transport-Security")), want: "probe:hsts/missing"},
		{name: "HSTS of half a year", site: deployed(set("Strict-Transport-Security", "max-age=15552000")), want: "probe:hsts"},
		{name: "HSTS a second short", site: deployed(set("Strict-Transport-Security", "max-age=31535999")), want: "probe:hsts"},
		{name: "HSTS off", site: deployed(set("Strict-Transport-Security", "max-age=0")), want: "probe:hsts/missing"},
		{name: "HSTS twice, good first", site: deployed(header(func(h http.Header) { h.Add("Strict-Transport-Security", "max-age=0") }))},
		{name: "HSTS twice, bad first", site: deployed(header(func(h http.Header) { h["Strict-Transport-Security"] = []string{"max-age=0", "max-age=31536000"} })), want: "probe:hsts/missing"},
		{name: "HSTS missing on 404", site: deployed(at(unknownPath, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Del("Strict-Transport-Security")
			http.NotFound(w, r)
		})), want: "probe:hsts/missing"},
		{name: "HSTS missing on a redirect", site: deployed(deployment(func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/" && r.URL.RawQuery == "" {
				w.Header().Del("Strict-Transport-Security")
				http.Redirect(w, r, "/?page=1", http.StatusFound)
				return true
			}
			return false
		})), want: "probe:hsts/missing"},

		{name: "port 80 closed", site: insecure(nil)},
		{name: "port 80 serves", site: insecure(plain(200)), want: "probe:tls/plain-http"},
		{name: "port 80 asks for credentials", site: insecure(plain(401)), want: "probe:tls/plain-http"},
		{name: "port 80 refuses", site: insecure(plain(403))},
		{name: "port 80 redirects for a while", site: insecure(http.RedirectHandler("https://"+app+"/", http.StatusFound))},
		{name: "port 80 leads to another host", site: insecure(redirect("https://www.harbour.example/")), want: "probe:hsts/redirect"},
		{name: "port 80 leads to http", site: insecure(redirect("http://" + app + "/x")), want: "probe:hsts/redirect"},
		{name: "port 80 leads nowhere", site: insecure(plain(302)), want: "probe:hsts/redirect"},

		{name: "no CSP", site: deployed(without("Content-Security-Policy")), want: "probe:csp/missing"},
		{name: "CSP reports only", site: deployed(header(func(h http.Header) {
			h.Set("Content-Security-Policy-Report-Only", h.Get("Content-Security-Policy"))
			h.Del("Content-Security-Policy")
		})), want: "probe:csp/missing"},
		{name: "CSP with inline", site: deployed(set("Content-Security-Policy", "default-src 'self' 'unsafe-inline'")), want: "probe:csp"},
		{name: "two CSPs, one strict", site: deployed(header(func(h http.Header) { h.Add("Content-Security-Policy", "default-src *") }))},
		{name: "CSP in the page", site: deployed(deployment(func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Del("Content-Security-Policy")
			if r.URL.Path == "/" {
				answer(200, "text/html", `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'self'">`)(w, r)
				return true
			}
			return false
		}))},
		{name: "no CSP on an API", kind: "api", site: deployed(header(func(h http.Header) {
			h.Del("Content-Security-Policy")
			h.Del("X-Frame-Options")
			h.Del("Referrer-Policy")
		})), unclear: "probe:referrer-policy probe:sri"},

		{name: "embedded by anybody", kind: "embedded", site: deployed(set("Content-Security-Policy", "default-src 'self'")), want: "probe:csp/frame-ancestors"},
		{name: "embedded by a star", kind: "embedded", site: deployed(set("Content-Security-Policy", "default-src 'self'; frame-ancestors *")), want: "probe:csp/frame-ancestors"},
		{name: "embedded by name", kind: "embedded", site: deployed(header(func(h http.Header) {
			h.Set("Content-Security-Policy", "default-src 'self'; frame-ancestors https://*.monday.com")
			h.Del("X-Frame-Options")
		}))},
		{name: "embedded, said in the page", kind: "embedded", site: deployed(deployment(func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Security-Policy", "default-src 'self'")
			if r.URL.Path != "/" {
				return false
			}
			answer(200, "text/html", `<!doctype html><meta http-equiv="Content-Security-Policy" content="frame-ancestors https://monday.com">`)(w, r)
			return true
		})), want: "probe:csp/frame-ancestors"},
		{name: "framed by anybody", site: deployed(header(func(h http.Header) {
			h.Set("Content-Security-Policy", "default-src 'self'")
			h.Del("X-Frame-Options")
		})), want: "probe:headers/framing"},
		{name: "ALLOW-FROM", site: deployed(header(func(h http.Header) {
			h.Set("Content-Security-Policy", "default-src 'self'")
			h.Set("X-Frame-Options", "ALLOW-FROM https://monday.com")
		})), want: "probe:headers/framing"},
		{name: "frame-ancestors alone", site: deployed(without("X-Frame-Options"))},
		{name: "no nosniff", site: deployed(without("X-Content-Type-Options")), want: "probe:headers"},
		{name: "no nosniff on a webhook", kind: "webhook", site: deployed(without("X-Content-Type-Options")), want: "probe:headers", unclear: "probe:referrer-policy probe:sri"},

		{name: "no referrer policy", site: deployed(without("Referrer-Policy")), want: "probe:referrer-policy"},
		{name: "unsafe referrer policy", site: deployed(set("Referrer-Policy", "unsafe-url")), want: "probe:referrer-policy"},
		{name: "referrer policy undone in the page", site: deployed(html(`<meta name=referrer content=unsafe-url>`)), want: "probe:referrer-policy"},

		{name: "bare cookie", site: deployed(cookie("session=1")), want: "probe:cookies"},
		{name: "cookie deleted", site: deployed(cookie("session=; Max-Age=0"))},
		{name: "cookie of the load balancer", site: deployed(cookie("AWSALB=1; Path=/"))},
		{name: "cookie for a year", site: deployed(cookie("session=1; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000")), want: "probe:cookies/lifetime"},
		{name: "cookie for others", site: deployed(cookie("session=1; Secure; HttpOnly; SameSite=None")), want: "probe:cookies"},
		{name: "cookie for others, embedded", kind: "embedded", site: deployed(cookie("session=1; Secure; HttpOnly; SameSite=None; Partitioned"))},
		{name: "cookie on the error page", site: deployed(at(unknownPath, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("Set-Cookie", "session=1; Secure; SameSite=Lax")
			http.NotFound(w, r)
		})), want: "probe:cookies"},

		{name: "script of another origin", site: deployed(html(`<script src="//cdn.example/x.js"></script>`)), want: "probe:sri"},
		{name: "huge page", site: deployed(html(strings.Repeat(" ", 300<<10))), unclear: "probe:sri"},

		{name: "private data open", site: deployed(at("/account", answer(200, "application/json", `{"email":"x"}`))), want: "probe:private-endpoints"},
		{name: "private page open", site: deployed(at("/account", answer(200, "text/html", `<h1>Hello Ann</h1>`))), want: "probe:private-endpoints/page"},
		{name: "private page is a login", site: deployed(at("/account", answer(200, "text/html", `<form><input type=password></form>`)))},
		{name: "private path leads to login", site: deployed(at("/account", http.RedirectHandler("/login", http.StatusFound).ServeHTTP))},
		{name: "private path is the app's shell", site: deployed(deployment(func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/" {
				return false
			}
			answer(200, "text/html", `<div id=root></div>`)(w, r)
			return true
		}))},
		{name: "private path breaks", site: deployed(at("/account", answer(502, "text/plain", "x"))), unclear: "probe:private-endpoints"},

		{name: "stack trace", site: deployed(at(unknownPath, answer(500, "text/plain", "goroutine 7 [running]:\nmain.main()"))), want: "probe:errors"},
		{name: "version", site: deployed(at(unknownPath, answer(404, "text/html", "<center>nginx/1.18.0</center>"))), want: "probe:errors/version"},
		{name: "API answers everything", kind: "api", site: deployed(at(unknownPath, answer(200, "application/json", "{}"))), want: "probe:undeclared-paths", unclear: "probe:referrer-policy probe:sri"},
		{name: "page answers everything", site: deployed(at(unknownPath, answer(200, "text/html", "<div id=root></div>")))},

		{name: "TLS 1.0", site: changed(func(s *probetest.Site) { s.TLS = &tls.Config{MinVersion: tls.VersionTLS10} }), want: "probe:tls"},
		{name: "TLS 1.0 with RSA key exchange alone", site: changed(func(s *probetest.Site) {
			s.RSA, s.TLS = true, &tls.Config{MinVersion: tls.VersionTLS10, NextProtos: []string{"http/1.1"},
				CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_RSA_WITH_AES_128_CBC_SHA}}
		}), want: "probe:tls"},
		{name: "certificate of another name", site: changed(func(s *probetest.Site) {
			s.Certificate = func(c *x509.Certificate) { c.DNSNames = []string{"www.harbour.example"} }
		}), want: "probe:certificate", unclear: "probe:hsts probe:csp probe:headers probe:referrer-policy probe:cookies probe:sri probe:private-endpoints probe:errors"},
		{name: "certificate of nobody", site: changed(func(s *probetest.Site) { s.Unknown = true }), want: "probe:certificate",
			unclear: "probe:hsts probe:csp probe:headers probe:referrer-policy probe:cookies probe:sri probe:private-endpoints probe:errors"},
		{name: "certificate expired", site: changed(func(s *probetest.Site) {
			s.Certificate = func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Hour) }
		}), want: "probe:certificate", unclear: "probe:hsts probe:csp probe:headers probe:referrer-policy probe:cookies probe:sri probe:private-endpoints probe:errors"},

		{name: "server error", site: deployed(deployment(func(w http.ResponseWriter, r *http.Request) bool {
			answer(503, "text/html", "down")(w, r)
			return true
		})), unclear: "probe:hsts probe:csp probe:headers probe:referrer-policy probe:cookies probe:sri probe:private-endpoints probe:errors"},
		{name: "page needs a login", site: deployed(at("/", answer(403, "text/html", "no"))), unclear: "probe:csp probe:headers probe:referrer-policy probe:sri"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			// Where the certificate does not verify, the document cannot prove
			// ownership; the record in DNS does.
			test.site.TXT = []string{"repository=harbour/sync repository_id=4711"}
			_, g := look(t, probetest.New(t, now, test.site), target(test.kind, "/account"))
			if got := found(g); got != test.want {
				t.Errorf("findings %q, want %q\n%+v", got, test.want, g.Findings)
			}
			var unclear []string
			for _, r := range g.Runs {
				if r.State != rules.Complete && r.Verifier != "probe:undeclared-paths" {
					unclear = append(unclear, r.Verifier)
				}
			}
			if got := strings.Join(unclear, " "); got != test.unclear {
				t.Errorf("not complete: %q, want %q\n%s", got, test.unclear, runs(g))
			}
			for _, f := range g.Findings {
				if f.Location.Path != ".github/staylisted.yml" || f.Location.Line != 4 || f.Source != "probe" || f.Tokens == "" || !slices.ContainsFunc(g.Rules, func(r rules.Rule) bool { return r.ID == f.Rule && r.Class == f.Class }) {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}

// TestPlainUnclear: an API without anything at its root.
func TestPlainUnclear(t *testing.T) {
	s := deployed(at("/", answer(404, "text/plain", "x")))
	s.HTTP = plain(404)
	if _, g := look(t, probetest.New(t, now, s), target("api")); found(g) != "probe:tls/plain-http-unclear" {
		t.Errorf("findings %q", found(g))
	}
}

// TestCertificateEnds: proof ends with the certificate.
func TestCertificateEnds(t *testing.T) {
	s := compliant()
	ends := now.AddDate(0, 0, 10)
	s.Certificate = func(c *x509.Certificate) { c.NotAfter = ends }
	_, g := look(t, probetest.New(t, now, s), target("browser"))
	for _, id := range []string{"probe:certificate", "probe:tls"} {
		if o := observation(g, id); o == nil || !o.Expires.Equal(ends) {
			t.Errorf("%s: %+v", id, o)
		}
	}
}

// TestMeasures: requirements with other limits read the same observation.
func TestMeasures(t *testing.T) {
	s := deployed(set("Strict-Transport-Security", "max-age=15552000"))
	s.TLS = &tls.Config{MinVersion: tls.VersionTLS11}
	_, g := look(t, probetest.New(t, now, s), target("browser"))
	if o := observation(g, "probe:hsts"); o == nil || o.Measure == nil || *o.Measure != (rules.Measurement{Name: "hsts-max-age-seconds", Value: 15552000}) {
		t.Errorf("hsts: %+v", o)
	}
	if o := observation(g, "probe:tls"); o == nil || o.Measure == nil || *o.Measure != (rules.Measurement{Name: "tls-version", Value: 1.1}) {
		t.Errorf("tls: %+v", o)
	}
	for _, f := range g.Findings {
		if f.Measure == nil {
			t.Errorf("%s has no measurement", f.Rule)
		}
	}
}

// TestOwnership: nothing proves anything for a host that belongs to somebody
// else, and what is wrong there is for review.
func TestOwnership(t *testing.T) {
	bad := without("Referrer-Policy")
	other := probe.Repository{Name: "other/app", ID: 1}
	redirected := http.NewServeMux()
	redirected.Handle("/.well-known/staylisted.json", http.RedirectHandler("https://"+app+"/owned.json", http.StatusFound))
	redirected.Handle("/", deployment(nil))
	tests := []struct {
		name  string
		https http.Handler
		txt   []string
		asked probe.Repository
		owned bool
		says  string
	}{
		{"document", probetest.Owned(harbour, deployment(nil)), nil, harbour, true, ""},
		{"document, number alone", probetest.Owned(probe.Repository{ID: 4711}, deployment(nil)), nil, harbour, true, ""},
		{"document, name alone", probetest.Owned(probe.Repository{Name: "Harbour/Sync"}, deployment(nil)), nil, harbour, true, ""},
		{"record", deployment(nil), []string{"v=spf1", "repository_id=4711"}, harbour, true, ""},
		{"nothing", deployment(nil), nil, harbour, false, "answers 404"},
		{"page for everything", at("/.well-known/staylisted.json", answer(200, "text/html", "<html>")), nil, harbour, false, "not the JSON"},
		{"somebody else's", probetest.Owned(other, deployment(nil)), []string{"repository=other/app"}, harbour, false, "names other/app"},
		{"the name was given up", probetest.Owned(probe.Repository{Name: "harbour/sync", ID: 9}, deployment(nil)), nil, harbour, false, "repository_id 9"},
		{"redirect", redirected, nil, harbour, false, "answers 302"},
		{"nobody asked", probetest.Owned(harbour, deployment(nil)), nil, probe.Repository{}, false, "--repository"},
	}
	for _, test := range tests {
		s := compliant()
		s.HTTPS, s.TXT = test.https, test.txt
		_, g := lookAs(t, probetest.New(t, now, s), probe.Options{Repository: test.asked, ObservedFrom: "bot"}, target("browser", "/account"))
		if (len(g.Observations) > 0) != test.owned || (len(g.Shortfalls) == 1) != test.owned {
			t.Errorf("%s: %d observations, shortfalls %+v", test.name, len(g.Observations), g.Shortfalls)
		}
		for _, o := range g.Observations {
			if strings.Contains(o.Text, "runner") {
				t.Errorf("%s: %s", test.name, o.Text)
			}
		}
		for _, short := range g.Shortfalls {
			if test.owned || short.Verifier == "probe:undeclared-paths" {
				continue
			}
			if !strings.Contains(short.Text, "Ownership unproved") || !strings.Contains(short.Text, test.says) || !strings.Contains(short.Snippet, `"repository":`) || short.In != "https://"+app+"/.well-known/staylisted.json" {
				t.Errorf("%s: %+v", test.name, short)
			}
		}
		if test.owned {
			continue
		}
		// A clean run alone would let these controls pass.
		for _, id := range []string{"probe:referrer-policy", "probe:cookies", "probe:sri"} {
			if got := run(t, g, id); got.State == rules.Complete || !strings.Contains(got.Reason, "Ownership unproved") {
				t.Errorf("%s: %+v", test.name, got)
			}
		}
	}
	s := compliant()
	s.HTTPS = bad
	_, g := look(t, probetest.New(t, now, s), target("browser"))
	if len(g.Findings) != 1 || g.Findings[0].Class != rules.Review {
		t.Errorf("findings at somebody else's host: %+v", g.Findings)
	}
}

// TestRebinding: a name that leads somewhere else when it is asked again.
func TestRebinding(t *testing.T) {
	s := compliant()
	public, private := netip.MustParseAddr("52.0.7.7"), netip.MustParseAddr("127.0.0.1")
	s.Addresses = []netip.Addr{public}
	s.Resolve = func(n int) []netip.Addr {
		if n == 0 {
			return []netip.Addr{public}
		}
		return []netip.Addr{private}
	}
	w := probetest.New(t, now, s)
	r, g := look(t, w, target("browser", "/account"))
	if len(g.Findings) != 0 || len(g.Observations) == 0 {
		t.Errorf("findings %q, %d observations\n%s", found(g), len(g.Observations), runs(g))
	}
	if n := w.Questions(app); n != 1 {
		t.Errorf("the name server was asked for addresses %d times", n)
	}
	if len(r.Hosts) != 1 || !slices.Equal(r.Hosts[0].Addresses, []netip.Addr{public}) {
		t.Errorf("addresses %v", r.Hosts[0].Addresses)
	}
}

// TestPrivateAddresses: names that lead to what must not be reached.
func TestPrivateAddresses(t *testing.T) {
	for _, list := range [][]string{{"127.0.0.1"}, {"169.254.169.254"}, {"10.1.2.3", "52.0.1.1"}, {"52.0.1.1", "fd00:ec2::254"}, {"::1"}, {"::ffff:127.0.0.1"}, {"64:ff9b::7f00:1"}} {
		s := compliant()
		for _, text := range list {
			s.Addresses = append(s.Addresses, netip.MustParseAddr(text))
		}
		_, g := look(t, probetest.New(t, now, s), target("browser", "/account"))
		if len(g.Findings)+len(g.Observations) != 0 {
			t.Errorf("%v: %q, %+v", list, found(g), g.Observations)
		}
		for _, r := range g.Runs {
			if r.Verifier != "probe:undeclared-paths" && (r.State != rules.Broken || !strings.Contains(r.Reason, "is not looked at: it ")) {
				t.Errorf("%v: %+v", list, r)
			}
		}
	}
	// An address of the machine that probes.
	_, g := lookAs(t, probetest.New(t, now, compliant()), probe.Options{Repository: harbour, Own: []netip.Prefix{netip.MustParsePrefix("52.0.0.0/8")}}, target("browser"))
	if r := run(t, g, "probe:tls"); r.State != rules.Broken || !strings.Contains(r.Reason, "network of the machine") {
		t.Errorf("%+v", r)
	}
}

// TestRedirects follows five hops, each checked anew, and credits nobody else's.
func TestRedirects(t *testing.T) {
	reached := make(chan string, 100)
	other := probetest.Site{Host: "other.example", HTTPS: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reached <- r.Host
		w.Header().Set("Set-Cookie", "session=bad")
		if r.URL.Path == "/back" {
			http.Redirect(w, r, "https://"+app+"/page", http.StatusFound)
			return
		}
		answer(200, "text/html", "<script src=//x.example/y.js></script>")(w, r)
	})}
	metadata := probetest.Site{Host: "metadata.example", Addresses: []netip.Addr{netip.MustParseAddr("169.254.169.254")}, HTTPS: plain(200)}
	tests := []struct {
		name, to string
		state    rules.RunState
		says     string
		reaches  int
	}{
		{"another host", "https://other.example/", rules.Complete, "another host", 1},
		{"there and back", "https://other.example/back", rules.Complete, "", 1},
		{"to a private name", "https://metadata.example/latest", rules.Complete, "another host", 0},
		{"to a private address", "https://127.0.0.1/", rules.Complete, "another host", 0},
		{"to another port", "https://" + app + ":8443/", rules.Broken, "ports 80 and 443", 0},
		{"to plain http", "http://" + app + "/", rules.Broken, "away from https", 0},
		{"to another scheme", "ftp://" + app + "/", rules.Broken, "away from https", 0},
		{"with a password", "https://user:pass@" + app + "/page", rules.Broken, "away from https", 0},
		{"in a circle", "/", rules.Broken, "circle", 0},
		{"a hundred times", "/hop/0", rules.Broken, "more than 5 times", 0},
	}
	for _, test := range tests {
		s := deployed(deployment(func(w http.ResponseWriter, r *http.Request) bool {
			var n int
			switch {
			case r.URL.Path == "/":
				http.Redirect(w, r, test.to, http.StatusFound)
			case r.URL.Path == "/page":
				answer(200, "text/html", "<!doctype html>")(w, r)
			case strings.HasPrefix(r.URL.Path, "/hop/"):
				if _, err := fmt.Sscanf(r.URL.Path, "/hop/%d", &n); err != nil {
					return false
				}
				http.Redirect(w, r, fmt.Sprintf("/hop/%d", n+1), http.StatusFound)
			default:
				return false
			}
			return true
		}))
		r, g := look(t, probetest.New(t, now, s, other, metadata), target("browser"))
		csp := run(t, g, "probe:csp")
		texts := []string{csp.Reason}
		for _, short := range g.Shortfalls {
			if short.Verifier == "probe:csp" {
				texts = append(texts, short.Text)
			}
		}
		text := strings.Join(texts, " ")
		if csp.State != test.state || !strings.Contains(text, test.says) || len(g.Findings) > 0 {
			t.Errorf("%s: %+v, %q, findings %q", test.name, csp, text, found(g))
		}
		if o := observation(g, "probe:csp"); (o != nil) != (test.says == "") {
			t.Errorf("%s: %+v", test.name, o)
		}
		if n := len(r.Endpoints[0].Page); n > 6 {
			t.Errorf("%s: %d hops", test.name, n)
		}
		if len(reached) != test.reaches {
			t.Errorf("%s: the other host was asked %d times", test.name, len(reached))
		}
		for len(reached) > 0 {
			<-reached
		}
		// The record keeps no query and no password.
		if encoded, err := r.Encode(); err != nil || strings.Contains(string(encoded), "user:pass") {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// TestDomain: names that lead nowhere.
func TestDomain(t *testing.T) {
	dangling := probetest.Site{Host: app, Alias: "old.cloud.example"}
	nothing := probetest.Site{Host: app, Addresses: []netip.Addr{}}
	for name, test := range map[string]struct {
		site   probetest.Site
		want   string
		domain rules.RunState
	}{
		"dangling alias": {dangling, "probe:domain/dangling", rules.Complete},
		"no such name":   {probetest.Site{Host: "else.example"}, "probe:domain", rules.Complete},
		"no address":     {nothing, "", rules.Broken},
	} {
		_, g := look(t, probetest.New(t, now, test.site), target("browser"))
		if found(g) != test.want || run(t, g, "probe:domain").State != test.domain || run(t, g, "probe:tls").State != rules.Broken || observation(g, "probe:domain") != nil {
			t.Errorf("%s: %q\n%s", name, found(g), runs(g))
		}
	}
	alias := compliant()
	alias.Host = "lb.cloud.example"
	alias.Certificate = func(c *x509.Certificate) { c.DNSNames = []string{app} }
	_, g := look(t, probetest.New(t, now, probetest.Site{Host: app, Alias: "lb.cloud.example"}, alias), target("browser"))
	if found(g) != "" || observation(g, "probe:domain") == nil {
		t.Errorf("an alias: %q\n%s", found(g), runs(g))
	}
}

// TestAddresses: every address counts.
func TestAddresses(t *testing.T) {
	good := compliant()
	good.Addresses = []netip.Addr{netip.MustParseAddr("52.0.3.1"), netip.MustParseAddr("2600::1")}
	r, g := look(t, probetest.New(t, now, good), target("browser"))
	if len(g.Observations) == 0 || len(r.Hosts[0].TLS) != 2 || len(r.Hosts[0].TLS[1].Offers) != 5 {
		t.Errorf("two addresses: %+v\n%s", r.Hosts[0].TLS, runs(g))
	}

	// The name has an address at which an old server still answers.
	old := probetest.Site{Host: "old.example", HTTPS: plain(200), TLS: &tls.Config{MinVersion: tls.VersionTLS11}, Addresses: []netip.Addr{netip.MustParseAddr("52.0.3.2")},
		Certificate: func(c *x509.Certificate) { c.DNSNames = []string{app} }}
	good.Resolve = func(int) []netip.Addr { return append(slices.Clone(good.Addresses[:1]), old.Addresses...) }
	_, g = look(t, probetest.New(t, now, good, old), target("browser"))
	if found(g) != "probe:tls" {
		t.Errorf("an old server at the second address: %q", found(g))
	}

	// One that refuses connections is unknown, not safe.
	good.Resolve = func(int) []netip.Addr { return []netip.Addr{good.Addresses[0], netip.MustParseAddr("52.0.3.9")} }
	_, g = look(t, probetest.New(t, now, good), target("browser"))
	if r := run(t, g, "probe:tls"); r.State != rules.Broken || !strings.Contains(r.Reason, "52.0.3.9") || observation(g, "probe:tls") != nil {
		t.Errorf("a dead address: %+v", r)
	}

	// A machine without IPv6 looks at the others and says so.
	good.Resolve = func(int) []netip.Addr { return []netip.Addr{good.Addresses[0], netip.MustParseAddr("2600::9")} }
	_, g = look(t, probetest.New(t, now, good), target("browser"))
	if r := run(t, g, "probe:tls"); r.State != rules.Complete || observation(g, "probe:tls") == nil || !slices.ContainsFunc(g.Notes, func(n string) bool { return strings.Contains(n, "2600::9") && strings.Contains(n, "no IPv6") }) {
		t.Errorf("no IPv6: %+v, %q", r, g.Notes)
	}

	// No more than four addresses are offered handshakes.
	good.Resolve = func(int) []netip.Addr {
		return []netip.Addr{good.Addresses[0], netip.MustParseAddr("52.0.3.4"), netip.MustParseAddr("52.0.3.5"), netip.MustParseAddr("52.0.3.6"), netip.MustParseAddr("52.0.3.7"), netip.MustParseAddr("2600::1")}
	}
	r, _ = look(t, probetest.New(t, now, good), target("browser"))
	if n := len(r.Hosts[0].TLS); n != 4 || !r.Hosts[0].TLS[3].IP.Is6() {
		t.Errorf("%d addresses", n)
	}
}

// TestSlow: what does not answer in time is unknown.
func TestSlow(t *testing.T) {
	s := compliant()
	s.HTTPS, s.Raw = nil, func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }
	w := probetest.New(t, now, s)
	w.Connect, w.Request = 100*time.Millisecond, 200*time.Millisecond
	_, g := look(t, w, target("browser", "/account"))
	if len(g.Findings)+len(g.Observations) > 1 || found(g) != "" { // the name does resolve
		t.Errorf("%q, %+v", found(g), g.Observations)
	}
	for _, id := range probe.Verifiers() {
		if r := run(t, g, id); id != "probe:domain" && id != "probe:undeclared-paths" && (r.State != rules.Broken || !strings.Contains(r.Reason, app)) {
			t.Errorf("%+v", r)
		}
	}
}

// TestBudget: a second look on the same day finds nothing more to ask.
func TestBudget(t *testing.T) {
	asked := 0
	s := deployed(deployment(func(http.ResponseWriter, *http.Request) bool { asked++; return false }))
	p := probetest.New(t, now, s).Prober(probe.Options{Repository: harbour})
	many := target("browser")
	for i := range 20 {
		many.Private = append(many.Private, fmt.Sprintf("/account/%02d", i))
	}
	targets := []probe.Target{many}
	g := probe.Judge(p.Probe(t.Context(), targets, now), targets, "", now)
	if asked > probe.MaxRequests {
		t.Errorf("%d requests", asked)
	}
	if r := run(t, g, "probe:private-endpoints"); r.State != rules.Broken || !strings.Contains(r.Reason, "12 requests of this day are used up") {
		t.Errorf("%+v", r)
	}
	if r := run(t, g, "probe:csp"); r.State != rules.Complete {
		t.Errorf("%+v", r)
	}
	before := asked
	g = probe.Judge(p.Probe(t.Context(), targets, now.Add(time.Hour)), targets, "", now)
	if r := run(t, g, "probe:tls"); r.State != rules.Broken || !strings.Contains(r.Reason, "handshakes of this day are used up") || asked != before || len(g.Findings) > 0 {
		t.Errorf("%+v, %d requests more", r, asked-before)
	}
	g = probe.Judge(p.Probe(t.Context(), targets, now.AddDate(0, 0, 1)), targets, "", now)
	if r := run(t, g, "probe:tls"); r.State != rules.Complete {
		t.Errorf("the next day: %+v", r)
	}
}

// TestSeveral: one good endpoint does not cover for another.
func TestSeveral(t *testing.T) {
	second := deployed(without("Content-Security-Policy"))
	second.Host = "b.harbour.example"
	third := probetest.Site{Host: "c.harbour.example"}
	targets := []probe.Target{target("browser"), {URL: "https://b.harbour.example/", Kind: "browser"}, {URL: "https://c.harbour.example/", Kind: "api"}}
	w := probetest.New(t, now, compliant(), second, third)
	_, g := look(t, w, targets[:2]...)
	if found(g) != "probe:csp/missing" {
		t.Errorf("findings %q", found(g))
	}
	_, g = look(t, w, targets...)
	if r := run(t, g, "probe:hsts"); r.State != rules.Broken || !strings.Contains(r.Reason, "c.harbour.example") || observation(g, "probe:hsts") != nil {
		t.Errorf("%+v", r)
	}
	if r := run(t, g, "probe:csp"); r.State != rules.Complete { // not asked of an API
		t.Errorf("%+v", r)
	}
	// Two kinds of one host.
	_, g = look(t, w, target("browser"), probe.Target{URL: "https://" + app + "/account", Kind: "api"})
	if found(g) != "" || len(g.Observations) < 9 || run(t, g, "probe:undeclared-paths").State != rules.Complete {
		t.Errorf("%q\n%s", found(g), runs(g))
	}
}

// TestCancelled: what was not reached is not known.
func TestCancelled(t *testing.T) {
	w := probetest.New(t, now, compliant())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	targets := []probe.Target{target("browser")}
	g := probe.Judge(w.Prober(probe.Options{Repository: harbour}).Probe(ctx, targets, now), targets, "", now)
	if r := run(t, g, "probe:hsts"); r.State != rules.Broken || len(g.Findings)+len(g.Observations) > 0 {
		t.Errorf("%+v", r)
	}
}
