// Package mkt203built sends requests whose URL is written into them.
package mkt203built

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
)

func literal(w http.ResponseWriter, r *http.Request) {
	u := &url.URL{Scheme: "https", Host: chi.URLParam(r, "host"), Path: "/status"}
	http.DefaultClient.Do(&http.Request{Method: http.MethodGet, URL: u}) // want `V MKT203/ssrf: The path parameter host chooses the host`
}

func nested(w http.ResponseWriter, r *http.Request) {
	req := &http.Request{Method: http.MethodGet, URL: &url.URL{Scheme: "https", Host: r.FormValue("h")}}
	http.DefaultClient.Do(req) // want `V MKT203/ssrf: The form field h chooses the host`
}

func moved(c *gin.Context) {
	req, err := http.NewRequestWithContext(c, http.MethodGet, "https://api.partner.io/", nil)
	if err != nil {
		return
	}
	req.URL.Host = c.Query("h")
	http.DefaultClient.Do(req) // want `V MKT203/ssrf: The query parameter h chooses the host`
}

func replaced(w http.ResponseWriter, r *http.Request) {
	req, err := http.NewRequest(http.MethodGet, "https://api.partner.io/", nil)
	if err != nil {
		return
	}
	if req.URL, err = url.Parse(r.FormValue("u")); err != nil {
		return
	}
	http.DefaultClient.Do(req) // want `V MKT203/ssrf: The form field u chooses the host`
}

func tripped(w http.ResponseWriter, r *http.Request) {
	out := r.Clone(r.Context())
	out.URL.Host = r.Header.Get("X-Backend")
	http.DefaultTransport.RoundTrip(out) // want `. MKT203/ssrf: `
}

// The client comes from elsewhere: what it dials is not seen.
type fetcher struct{ Client *http.Client }

func (f *fetcher) fetch(w http.ResponseWriter, r *http.Request) {
	f.Client.Do(&http.Request{URL: &url.URL{Scheme: "https", Host: r.FormValue("h")}}) // want `R MKT203/ssrf: `
}

func publicOnly(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if a := ap.Addr().Unmap(); a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return errors.New("no public address")
	}
	return nil
}

var guarded = &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{Control: publicOnly}).DialContext}}

func guardedLiteral(w http.ResponseWriter, r *http.Request) {
	guarded.Do(&http.Request{URL: &url.URL{Scheme: "https", Host: r.FormValue("h")}}) // ok: the dialer refuses private addresses
}

func fixedHost(w http.ResponseWriter, r *http.Request) {
	http.DefaultClient.Do(&http.Request{URL: &url.URL{Scheme: "https", Host: "api.partner.io", Path: r.FormValue("p")}}) // ok: the host is constant
}

func onlyPath(w http.ResponseWriter, r *http.Request) {
	req, _ := http.NewRequest(http.MethodGet, "https://api.partner.io/", nil)
	req.URL.RawQuery = url.Values{"q": {r.FormValue("q")}}.Encode()
	http.DefaultClient.Do(req) // ok: only the query is set
}

var partners = map[string]bool{"a.partner.io": true, "b.partner.io": true}

func listed(w http.ResponseWriter, r *http.Request) {
	h := r.FormValue("h")
	if !partners[h] {
		return
	}
	http.DefaultClient.Do(&http.Request{URL: &url.URL{Scheme: "https", Host: h}}) // ok: compared with a list
}

func hostHeader(w http.ResponseWriter, r *http.Request) {
	req, _ := http.NewRequestWithContext(context.Background(), http.MethodGet, "https://api.partner.io/", nil)
	req.Host = r.FormValue("h")
	http.DefaultClient.Do(req) // ok: names the virtual host only, the connection goes to the URL's
}

// A request that is only looked at.
func asked(w http.ResponseWriter, r *http.Request) {
	probe := &http.Request{URL: &url.URL{Scheme: "https", Host: r.FormValue("h")}}
	http.ProxyFromEnvironment(probe) // ok: nothing is sent
}

// A socket option is no guard.
func reuse(_, _ string, c syscall.RawConn) error {
	return c.Control(func(fd uintptr) { syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1) })
}

var reusing = &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{Control: reuse}).DialContext}}

func optioned(w http.ResponseWriter, r *http.Request) {
	reusing.Get(r.FormValue("u")) // want `V MKT203/ssrf: `
}
