// Package partner talks to Apollo, Druva and monday. The hosts are constants:
// no input decides where a request goes.
package partner

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/time/rate"
)

const (
	maxAnswer = 1 << 20
	maxTries  = 4
	maxPause  = 20 * time.Second
)

// Transport returns the transport of all partners.
func Transport() *http.Transport {
	return &http.Transport{
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 15 * time.Second,
		IdleConnTimeout:       time.Minute,
		MaxIdleConnsPerHost:   4,
		ForceAttemptHTTP2:     true,
	}
}

// A caller sends requests to one partner: not faster than agreed, again after a
// pause when the partner asks for it, never without an end.
type caller struct {
	client *http.Client
	limit  *rate.Limiter
}

func newCaller(transport http.RoundTripper, perSecond float64) *caller {
	refuse := func(*http.Request, []*http.Request) error { return errors.New("a partner's API does not redirect") }
	return &caller{
		client: &http.Client{Transport: transport, Timeout: 30 * time.Second, CheckRedirect: refuse},
		limit:  rate.NewLimiter(rate.Limit(perSecond), 5),
	}
}

// context lets the token requests of x/oauth2 use the caller's client.
func (c *caller) context(ctx context.Context) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, c.client)
}

// send carries out a request that newRequest makes anew for each try, and
// decodes the answer when into is not nil.
func (c *caller) send(ctx context.Context, newRequest func() (*http.Request, error), into any) error {
	for try := 1; ; try++ {
		if err := c.limit.Wait(ctx); err != nil {
			return fmt.Errorf("waiting for a turn: %w", err)
		}
		req, err := newRequest()
		if err != nil {
			return fmt.Errorf("making a request: %w", err)
		}
		again, pause, err := c.once(req, into)
		if !again || try == maxTries {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(maxPause, max(pause, backoff(try)))):
		}
	}
}

// once makes one try. again says that the partner asked to wait.
func (c *caller) once(req *http.Request, into any) (again bool, pause time.Duration, err error) {
	resp, err := c.client.Do(req)
	if err != nil {
		return false, 0, fmt.Errorf("calling %s: %w", req.URL.Host, err)
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	switch {
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable:
		if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && seconds > 0 {
			pause = time.Duration(seconds) * time.Second
		}
		return true, pause, fmt.Errorf("%s asked to wait (%d)", req.URL.Host, resp.StatusCode)
	case resp.StatusCode/100 != 2:
		return false, 0, fmt.Errorf("%s answered %d", req.URL.Host, resp.StatusCode)
	case into == nil:
		return false, 0, nil
	}
	return false, 0, json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(into)
}

// backoff doubles with every try and is spread by half, so that callers that
// were refused together do not come back together.
func backoff(try int) time.Duration {
	base := time.Second << (try - 1)
	spread, err := rand.Int(rand.Reader, big.NewInt(int64(base)))
	if err != nil {
		return base
	}
	return base/2 + time.Duration(spread.Int64())
}

// jsonRequest makes a request with a JSON body that is authorised by a token.
func jsonRequest(ctx context.Context, method, url string, token *oauth2.Token, body any) func() (*http.Request, error) {
	return func() (*http.Request, error) {
		var reader io.Reader
		if body != nil {
			encoded, err := json.Marshal(body)
			if err != nil {
				return nil, err
			}
			reader = bytes.NewReader(encoded)
		}
		req, err := http.NewRequestWithContext(ctx, method, url, reader)
		if err != nil {
			return nil, err
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", "application/json")
		token.SetAuthHeader(req)
		return req, nil
	}
}
