package mkt210

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
)

func read(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body) // want `^R MKT210: the request's body is read whole, whatever its size; .*\(2 places in this package\)`
	if err != nil {
		return
	}
	w.Write(body)
}

func decode(w http.ResponseWriter, r *http.Request) {
	var v struct{ A int }
	json.NewDecoder(r.Body).Decode(&v)
}

func limited(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20)) // ok: limited
	w.Write(body)
}

func wrapped(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20) // ok: limited for what follows
	parse(r)
}

func parse(r *http.Request) {
	var v struct{ A int }
	json.NewDecoder(r.Body).Decode(&v)
}

// The answer of another service is MKT206's matter, if anyone's.
func fetch() ([]byte, error) {
	resp, err := http.Get("https://api.partner.io/v1")
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body) // ok: the answer of a service
}

type logging struct{ next http.RoundTripper }

func (l logging) RoundTrip(r *http.Request) (*http.Response, error) {
	io.ReadAll(r.Body)
	return l.next.RoundTrip(r)
}

func webhook(w http.ResponseWriter, r *http.Request) {
	var event struct{ Type string }
	json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&event) // want `^I MKT210: the webhook accepts fields`
}

func strict(w http.ResponseWriter, r *http.Request) {
	var event struct{ Type string }
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16))
	d.DisallowUnknownFields()
	d.Decode(&event) // ok: limited, and strict
}

func serve(target *url.URL) {
	proxy := httputil.NewSingleHostReverseProxy(target)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /webhook", webhook)
	mux.HandleFunc("POST /webhook/strict", strict)
	mux.Handle("/", proxy) // want `^R MKT210: the reverse proxy forwards`
	mux.Handle("/static/", proxy)
	other := http.NewServeMux()
	other.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { // want `^R MKT210: the reverse proxy forwards`
		r.Host = target.Host
		proxy.ServeHTTP(w, r)
	})
	listed := http.NewServeMux()
	listed.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/api/") {
			http.NotFound(w, r)
			return
		}
		proxy.ServeHTTP(w, r)
	})
	go http.ListenAndServe(":1", mux)
	go http.ListenAndServe(":2", other)
	go http.ListenAndServe(":3", listed)
	http.ListenAndServe(":4", proxy) // want `^R MKT210: the reverse proxy serves the whole address`
}
