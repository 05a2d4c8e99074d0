package posture

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-github/v66/github"
)

// NewClient returns a client of the GitHub whose API is at base
// ("https://api.github.com", "https://github.example.com/api/v3"). The token is
// sent to that host alone: a redirect elsewhere is refused, because go-github's
// own WithAuthToken would take the token along. Without TLS only a loopback
// address is served. A nil transport takes http.DefaultTransport.
func NewClient(base, token string, transport http.RoundTripper) (*github.Client, error) {
	u, err := url.Parse(strings.TrimRight(base, "/") + "/")
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())) {
		return nil, errors.New("the address of GitHub's API is not https://HOST or https://HOST/api/v3; correct GITHUB_API_URL")
	}
	if token == "" || strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return nil, errors.New("the token is empty or has white space in it; set GITHUB_TOKEN to the token alone")
	}
	if transport == nil {
		transport = http.DefaultTransport
	}
	h := &http.Client{
		Transport: &bound{token, u.Scheme, u.Host, transport},
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if req.URL.Scheme != u.Scheme || req.URL.Host != u.Host {
				return errors.New("GitHub sent the request to another host, " + plain(req.URL.Host, 100) + ", which gets no token")
			}
			if len(via) >= 5 {
				return errors.New("GitHub sent the request in a circle")
			}
			return nil
		},
	}
	c := github.NewClient(h)
	c.BaseURL = u
	c.UserAgent = "staylisted"
	return c, nil
}

func loopback(host string) bool { return host == "localhost" || host == "127.0.0.1" || host == "::1" }

// A bound transport adds a token to requests for one host and refuses others.
type bound struct {
	token, scheme, host string
	next                http.RoundTripper
}

// RoundTrip sends a request.
func (b *bound) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != b.scheme || req.URL.Host != b.host {
		return nil, fmt.Errorf("a request for %s was not sent: the token belongs to %s", plain(req.URL.Host, 100), b.host)
	}
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+b.token)
	return b.next.RoundTrip(req)
}
