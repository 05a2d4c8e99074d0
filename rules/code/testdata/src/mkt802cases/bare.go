// Package mkt802cases calls marketplaces without looking at 429.
package mkt802cases

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/go-resty/resty/v2"
	"github.com/valyala/fasthttp"
)

type apollo struct {
	client *http.Client
	token  string
}

func newApollo(token string) *apollo {
	return &apollo{client: &http.Client{Timeout: 10 * time.Second}, token: token}
}

func (a *apollo) search(ctx context.Context, query string) ([]byte, error) {
	body, err := json.Marshal(map[string]string{"q_keywords": query})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://api.apollo.io/api/v1/mixed_people/search", bytes.NewReader(body)) // want `^R MKT802: requests to api.apollo.io`
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+a.token)
	resp, err := a.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("searching: %s", resp.Status)
	}
	return nil, nil
}

// boards uses resty as it comes, without retries.
func boards(token, query string) (*resty.Response, error) {
	return resty.New().SetTimeout(10*time.Second).R().
		SetHeader("Authorization", token).
		SetBody(map[string]string{"query": query}).
		Post("https://api.monday.com/v2") // want `^R MKT802: requests to api.monday.com`
}

func backups(token string) (int, error) {
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	req.SetRequestURI("https://apis.druva.com/phoenix/sites/v1/backupsets") // want `^R MKT802: requests to apis.druva.com`
	req.Header.Set("Authorization", "Bearer "+token)
	if err := fasthttp.DoTimeout(req, resp, 10*time.Second); err != nil {
		return 0, err
	}
	return resp.StatusCode(), nil
}

// own speaks to our own host.
func own() (*http.Response, error) { return http.Get("https://billing.vendor.io/v1/plans") } // ok: no marketplace

// docs is a link that people follow.
const docs = "https://developer.monday.com/apps" // ok: nothing is called
