// Package judgedialing sends requests through clients that refuse addresses.
// The answers are those of a second look at what gosec says of them.
package judgedialing

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"app.example.io/targets"
)

func publicOnly(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if a := ap.Addr().Unmap(); a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return errors.New("private")
	}
	return nil
}

var global = &http.Client{Timeout: time.Second, Transport: &http.Transport{DialContext: (&net.Dialer{Control: publicOnly}).DialContext}}

func newClient() *http.Client {
	d := &net.Dialer{Control: publicOnly}
	return &http.Client{Timeout: time.Second, Transport: &http.Transport{DialContext: d.DialContext}}
}

type service struct{ client *http.Client }

func newService() *service { return &service{newClient()} }

func (s *service) field(w http.ResponseWriter, r *http.Request) {
	req, err := http.NewRequest(http.MethodGet, r.FormValue("u"), nil) // want `G704 informational`
	if err != nil {
		return
	}
	s.client.Do(req)               // want `G704 informational`
	s.client.Get(r.FormValue("u")) // want `G704 informational`
}

func variable(w http.ResponseWriter, r *http.Request) {
	global.Get(r.FormValue("u"))                                                               // want `G704 informational`
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, r.FormValue("u"), nil) // want `G704 informational`
	if err != nil {
		return
	}
	global.Do(req) // want `G704 informational`
}

func local(w http.ResponseWriter, r *http.Request) {
	newClient().Get(r.FormValue("u")) // want `G704 informational`
}

// The function that refuses is of another package.
var named = &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{Control: targets.PublicOnly}).DialContext}}

func byName(w http.ResponseWriter, r *http.Request) {
	named.Get(r.FormValue("u")) // want `G704 review`
}

// One of two clients is guarded.
func either(w http.ResponseWriter, r *http.Request) {
	c := http.DefaultClient
	if r.FormValue("safe") != "" {
		c = global
	}
	c.Get(r.FormValue("u")) // want `G704 review`
}

func open(w http.ResponseWriter, r *http.Request) {
	http.DefaultClient.Get(r.FormValue("u")) // want `G704 as is`
	timed := &http.Client{Timeout: time.Second}
	timed.Get(r.FormValue("u")) // want `G704 as is`
}
