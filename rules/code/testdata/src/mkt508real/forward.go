// Package mkt508real forwards requests to a server of its own.
package mkt508real

import (
	"net/http"
	"net/url"

	"github.com/valyala/fasthttp"
)

type forwarder struct{ target *url.URL }

func (f *forwarder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	u := new(url.URL)
	*u = *r.URL
	u.Scheme = f.target.Scheme
	u.Host = f.target.Host
	out := fasthttp.AcquireRequest()
	out.SetHost(u.Host) // ok: the host of the copy was replaced
	w.WriteHeader(http.StatusNoContent)
}

type mirror struct{ always bool }

func (m *mirror) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	u := new(url.URL)
	*u = *r.URL
	if m.always {
		u.Host = "mirror.example.com"
	}
	out := fasthttp.AcquireRequest()
	out.SetHost(u.Host) // want `V MKT508`
	w.WriteHeader(http.StatusNoContent)
}

func routes(f *forwarder, m *mirror) {
	http.Handle("/", f)
	http.Handle("/mirror", m)
}
