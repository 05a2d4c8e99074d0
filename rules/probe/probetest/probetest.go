// Package probetest builds a small internet on this machine, so that tests can
// probe a deployment under the name it would have.
//
// A [World] has its own name server, its own certification authority and, for
// each [Site], listeners for https and plain http on loopback. The names resolve
// to public addresses, which the prober checks as ever; only the last step, the
// connect, is led to the listener, and an address that belongs to no site
// refuses the connection. Nothing leaves the machine.
//
// It is the only way to a prober that reaches loopback, and it takes a
// [testing.TB]: no policy file, environment variable or flag leads here. Import
// it from tests only; a test of package probe holds that.
package probetest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules/probe"
	"github.com/staylisted/staylisted/rules/probe/internal/wire"
)

// A Site is one host of a world.
type Site struct {
	Host string // "app.harbour.example"
	// HTTPS and HTTP answer on the ports 443 and 80; nil: nothing listens.
	HTTPS, HTTP http.Handler
	// TLS changes how the site takes handshakes; its certificates are filled in
	// when it has none. nil takes TLS 1.2 and 1.3.
	TLS *tls.Config
	// Certificate changes the site's certificate before it is signed.
	Certificate func(c *x509.Certificate)
	// RSA gives the site an RSA key, for old handshakes.
	RSA bool
	// Unknown has the certificate signed by an authority nobody believes.
	Unknown bool
	// Raw takes over every connection to port 443 instead of HTTPS.
	Raw func(conn net.Conn)
	// Addresses are what the name resolves to; nil gives it one of its own. Only
	// addresses that are not of another site lead to this one.
	Addresses []netip.Addr
	// Resolve, when set, answers the name server's n-th question (from 0) for the
	// addresses of the name.
	Resolve func(n int) []netip.Addr
	// Alias makes the name a CNAME of another.
	Alias string
	// TXT are the texts of _staylisted below the name.
	TXT []string
	// CAA says that a CAA record stands at the name.
	CAA bool
}

// A World is the sites of one test.
type World struct {
	t     testing.TB
	now   time.Time
	roots *x509.CertPool
	names *nameserver
	route map[netip.AddrPort]netip.AddrPort
	// Connect and Request shorten the prober's two time limits; zero keeps them.
	Connect, Request time.Duration
}

// New starts the sites and stops them when the test ends. now is about when
// certificates are valid.
func New(t testing.TB, now time.Time, sites ...Site) *World {
	t.Helper()
	believed, unknown := newAuthority(t, "Harbour Test Root", now), newAuthority(t, "Nobody's Root", now)
	w := &World{t: t, now: now, roots: x509.NewCertPool(), route: map[netip.AddrPort]netip.AddrPort{}}
	w.roots.AddCert(believed.cert)
	for i := range sites {
		s := &sites[i]
		if s.Addresses == nil && s.Resolve == nil && s.Alias == "" {
			s.Addresses = []netip.Addr{netip.AddrFrom4([4]byte{52, 0, 1, byte(i + 1)})}
		}
		authority := believed
		if s.Unknown {
			authority = unknown
		}
		w.start(s, authority)
	}
	w.names = startNames(t, sites)
	return w
}

// Prober returns a prober whose internet is this world.
func (w *World) Prober(o probe.Options) *probe.Prober {
	return probe.Over(wire.Loopback(probe.UserAgent, o.Own, wire.World{
		Nameserver: w.names.addr, Routes: w.route, Roots: w.roots, Connect: w.Connect, Request: w.Request,
	}), o)
}

// Questions is how often the name server was asked for the addresses of a name.
func (w *World) Questions(host string) int { return w.names.count(host) }

// start opens the site's listeners.
func (w *World) start(s *Site, ca authority) {
	w.t.Helper()
	if s.HTTPS != nil || s.Raw != nil {
		config := &tls.Config{}
		if s.TLS != nil {
			config = s.TLS.Clone()
		}
		if config.Certificates == nil {
			config.Certificates = []tls.Certificate{ca.issue(w.t, s, w.now)}
		}
		if config.NextProtos == nil {
			config.NextProtos = []string{"h2", "http/1.1"}
		}
		w.listen(s, 443, s.HTTPS, config)
	}
	if s.HTTP != nil {
		w.listen(s, 80, s.HTTP, nil)
	}
}

// listen serves one port of a site.
func (w *World) listen(s *Site, port uint16, h http.Handler, config *tls.Config) {
	w.t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		w.t.Fatalf("listen on loopback: %v", err)
	}
	for _, addr := range s.Addresses {
		w.route[netip.AddrPortFrom(addr.Unmap(), port)] = l.Addr().(*net.TCPAddr).AddrPort()
	}
	if port == 443 && s.Raw != nil {
		go serveRaw(l, s.Raw)
		w.t.Cleanup(func() { _ = l.Close() })
		return
	}
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(config != nil && slices.Contains(config.NextProtos, "h2"))
	server := &http.Server{Protocols: &protocols, Handler: h, TLSConfig: config, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
	go func() {
		if config != nil {
			_ = server.ServeTLS(l, "", "") // returns when closed
		} else {
			_ = server.Serve(l)
		}
	}()
	w.t.Cleanup(func() { _ = server.Close() })
}

func serveRaw(l net.Listener, handle func(net.Conn)) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			handle(conn)
		}()
	}
}

// An authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t testing.TB, name string, now time.Time) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(10, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{cert, key}
}

// issue makes the certificate of a site, valid for 90 days around now.
func (a authority) issue(t testing.TB, s *Site, now time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var private any = key
	var public any = key.Public()
	if s.RSA {
		old, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		private, public = old, old.Public()
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: s.Host}, DNSNames: []string{s.Host},
		NotBefore: now.AddDate(0, 0, -10), NotAfter: now.AddDate(0, 0, 80),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if s.Certificate != nil {
		s.Certificate(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, public, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private}
}

// Owned serves the document that proves ownership, and everything else from h.
func Owned(r probe.Repository, h http.Handler) http.Handler {
	text, err := json.Marshal(r)
	if err != nil {
		panic(fmt.Sprintf("write a repository as JSON: %v", err)) // it is a text and a number
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/staylisted.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(text)
	})
	mux.Handle("/", h)
	return mux
}

// Secure adds the headers that every check asks for to whatever h answers.
func Secure(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Strict-Transport-Security", "max-age=31536000")
		header.Set("Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'")
		header.Set("X-Frame-Options", "DENY")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.ServeHTTP(w, r)
	})
}

// ToHTTPS redirects plain http to https on the same host.
func ToHTTPS() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://"+r.Host+r.URL.RequestURI(), http.StatusPermanentRedirect)
	})
}
