// Package mkt306cases sends credentials to Apollo and to others.
package mkt306cases

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/go-resty/resty/v2"
	"golang.org/x/oauth2"
)

const people = "https://api.apollo.io/api/v1/people/match"

func byHeader(ctx context.Context) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, people, strings.NewReader(`{}`))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")   // ok: no credential
	req.Header.Set("X-Api-Key", os.Getenv("APOLLO_KEY")) // want `^V MKT306: an API key is sent to Apollo`
	return http.DefaultClient.Do(req)
}

func byQuery(key string) (*http.Response, error) {
	return http.Get("https://api.apollo.io/api/v1/auth/health?api_key=" + url.QueryEscape(key)) // want `^V MKT306: an API key is sent to api.apollo.io in the URL`
}

func byResty(key string) (*resty.Response, error) {
	return resty.New().R().SetHeader("x-api-key", key).Get(people) // want `^V MKT306: an API key is sent to Apollo`
}

func byToken(ctx context.Context, source oauth2.TokenSource) (*http.Response, error) {
	return oauth2.NewClient(ctx, source).Post(people, "application/json", strings.NewReader(`{}`)) // ok: the token of a source
}

func byBearer(ctx context.Context, token *oauth2.Token) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, people, nil)
	if err != nil {
		return nil, err
	}
	token.SetAuthHeader(req) // ok: a bearer token
	return http.DefaultClient.Do(req)
}

func byRestyToken(token string) (*resty.Response, error) {
	return resty.New().SetAuthToken(token).R().SetHeader("X-Request-Id", "7").Get(people) // ok: a bearer token
}

func partner(key string) (*http.Response, error) {
	req, err := http.NewRequest(http.MethodGet, "https://api.partner.io/v1/contacts", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("X-Api-Key", key) // ok: another host
	return http.DefaultClient.Do(req)
}

func partnerResty(key string) (*resty.Response, error) {
	return resty.New().R().SetHeader("x-api-key", key).Get("https://api.partner.io/v1/contacts") // ok: another host
}

func partnerQuery(key string) (*http.Response, error) {
	return http.Get("https://api.partner.io/v1/contacts?api_key=" + url.QueryEscape(key)) // ok: another host
}

// ours reads the key of who calls us.
func ours(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Api-Key") != os.Getenv("OUR_KEY") { // ok: an incoming request
		http.Error(w, "unauthorized", http.StatusUnauthorized)
		return
	}
	w.Header().Set("X-Api-Key-Expires", "2027-01-01") // ok: an answer
}

func strip(r *http.Request) {
	r.Header.Del("X-Api-Key") // ok: it takes the key away
}
