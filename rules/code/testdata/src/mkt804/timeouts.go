package mkt804

import (
	"context"
	"net/http"
	"time"

	"github.com/go-resty/resty/v2"
)

const base = "https://api.monday.com"

func simple() (*http.Response, error) {
	return http.Get(base + "/v2") // want `^R MKT804: the request to api.monday.com may wait for ever: http.Get has no timeout`
}

type client struct {
	http *http.Client
	slow *http.Client
}

func newClient() *client {
	return &client{http: &http.Client{Timeout: time.Minute}, slow: &http.Client{}}
}

func (c *client) good() (*http.Response, error) { return c.http.Get(base + "/v2") } // ok: the client has a timeout

func (c *client) bad() (*http.Response, error) {
	return c.slow.Get(base + "/v2") // want `^R MKT804: .*its client has no Timeout`
}

func (c *client) built() (*http.Response, error) {
	req, err := http.NewRequest("GET", base+"/v2", nil)
	if err != nil {
		return nil, err
	}
	return http.DefaultClient.Do(req) // want `^R MKT804: .*the request no deadline`
}

func background() (*http.Response, error) {
	req, err := http.NewRequestWithContext(context.Background(), "GET", base+"/v2", nil)
	if err != nil {
		return nil, err
	}
	return http.DefaultClient.Do(req) // want `^R MKT804`
}

func bounded() (*http.Response, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", base+"/v2", nil)
	if err != nil {
		return nil, err
	}
	return http.DefaultClient.Do(req)
}

// The caller decides.
func passed(ctx context.Context) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, "GET", base+"/v2", nil)
	if err != nil {
		return nil, err
	}
	return http.DefaultClient.Do(req)
}

func injected(c *http.Client) (*http.Response, error) { return c.Get(base + "/v2") } // ok: whoever makes the client decides

func late() (*http.Response, error) {
	c := &http.Client{}
	c.Timeout = time.Minute
	return c.Get(base + "/v2")
}

func other() (*http.Response, error) { return http.Get("https://api.partner.io/v1") } // ok: no marketplace

func rest() (*resty.Response, error) {
	return resty.New().R().Get(base + "/v2") // want `^R MKT804: .*no SetTimeout`
}
