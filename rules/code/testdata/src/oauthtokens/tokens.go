// Package oauthtokens speaks OAuth by hand, and shows tokens.
package oauthtokens

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/go-resty/resty/v2"
	"golang.org/x/oauth2"
)

const druvaAPI = "https://apis.druva.com"

type client struct {
	http    *http.Client
	base    string
	token   string
	service string
}

func newClient(service string) *client {
	return &client{http: http.DefaultClient, base: druvaAPI, token: os.Getenv("DRUVA_TOKEN"), service: service}
}

func (c *client) credentials(ctx context.Context, id, secret string) (*http.Response, error) {
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {"read"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/token", strings.NewReader(form.Encode())) // want `druva:oauth2-client-credentials: apis.druva.com`
	if err != nil {
		return nil, err
	}
	req.SetBasicAuth(id, secret)
	return c.http.Do(req)
}

func exchange(code string) (*http.Response, error) {
	form := url.Values{}
	form.Set("grant_type", "authorization_code")
	form.Set("code", code)
	return http.PostForm("https://app.apollo.io/api/v1/oauth/token", form) // want `apollo:oauth2-code: app.apollo.io`
}

type tokenRequest struct {
	Grant string `json:"grant_type"`
	Code  string `json:"code"`
}

func exchangeJSON(code string) (*http.Response, error) {
	body, err := json.Marshal(tokenRequest{Grant: "authorization_code", Code: code})
	if err != nil {
		return nil, err
	}
	return http.Post("https://app.apollo.io/api/v1/oauth/token", "application/json", bytes.NewReader(body)) // want `apollo:oauth2-code: app.apollo.io`
}

func exchangeEncoded(code string) (*http.Response, error) {
	var body bytes.Buffer
	if err := json.NewEncoder(&body).Encode(map[string]string{"grant_type": "authorization_code", "code": code}); err != nil {
		return nil, err
	}
	return http.Post("https://app.apollo.io/api/v1/oauth/token", "application/json", &body) // want `apollo:oauth2-code: app.apollo.io`
}

func exchangeText(code string) (*http.Response, error) {
	body := strings.NewReader("grant_type=authorization_code&code=" + url.QueryEscape(code))
	return http.Post("https://auth.monday.com/oauth2/token", "application/x-www-form-urlencoded", body) // want `monday:oauth2-code: auth.monday.com`
}

func exchangeResty(code string) (*resty.Response, error) {
	return resty.New().R().
		SetFormData(map[string]string{"grant_type": "authorization_code", "code": code}).
		Post("https://app.apollo.io/api/v1/oauth/token") // want -2 `apollo:oauth2-code: app.apollo.io`
}

func refresh(token string) (*http.Response, error) {
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}
	return http.PostForm("https://app.apollo.io/api/v1/oauth/token", form) // ok: how the first token was got is not seen
}

func other(code string) (*http.Response, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}}
	return http.PostForm("https://login.partner.io/token", form) // ok: another service
}

func unknown(code string) (*http.Response, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}}
	return http.PostForm(os.Getenv("TOKEN_URL"), form) // ok: the host is only known at run time
}

func (c *client) list(ctx context.Context) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/insync/devicemanagement/v1/devices", nil)
	if err != nil {
		return nil, err
	}
	c.sign(req)
	return c.http.Do(req)
}

func (c *client) sign(req *http.Request) {
	req.Header.Set("Authorization", "Bearer "+c.token) // want `druva:api-token: apis.druva.com`
}

func boards(token string) (*http.Response, error) {
	req, err := http.NewRequest(http.MethodPost, "https://api.monday.com/v2", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", token) // want `monday:api-token: api.monday.com`
	return http.DefaultClient.Do(req)
}

func events(token string) (*resty.Response, error) {
	return resty.New().R().SetAuthToken(token).Get(druvaAPI + "/insync/eventmanagement/v2/events") // want `druva:api-token: apis.druva.com`
}

func eventsOf(token string) (*resty.Response, error) {
	return resty.New().SetBaseURL(druvaAPI).SetAuthToken(token).R().Get("/insync/eventmanagement/v2/events") // want `druva:api-token: apis.druva.com`
}

func contacts(token string) (*http.Response, error) {
	req, err := http.NewRequest(http.MethodGet, "https://api.apollo.io/api/v1/contacts", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token) // ok: a token does not say that the code flow brought it
	return http.DefaultClient.Do(req)
}

func basic(user, pass string) (*http.Response, error) {
	req, err := http.NewRequest(http.MethodGet, druvaAPI+"/users", nil)
	if err != nil {
		return nil, err
	}
	req.SetBasicAuth(user, pass)                                            // ok: Basic is no token
	req.Header.Set("Authorization", fmt.Sprintf("Basic %s:%s", user, pass)) // ok: Basic is no token
	req.Header.Set("Authorization", "Bearer fixed")                         // ok: written down, which is a leak
	req.Header.Set("X-Tenant", user)                                        // ok: another header
	return http.DefaultClient.Do(req)
}

func elsewhere(token string) (*http.Response, error) {
	req, err := http.NewRequest(http.MethodGet, "https://api.partner.io/users", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token) // ok: another service
	return http.DefaultClient.Do(req)
}

func reports(ctx context.Context, token string) (*http.Response, error) {
	c := oauth2.NewClient(ctx, oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}))
	return c.Get(druvaAPI + "/insync/reporting/v1/reports") // want `druva:api-token: apis.druva.com`
}

func alerts(ctx context.Context, token string) (*http.Response, error) {
	c := oauth2.NewClient(ctx, oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}))
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, druvaAPI+"/insync/alerts", nil) // want `druva:api-token: apis.druva.com`
	if err != nil {
		return nil, err
	}
	return c.Do(req)
}

func anonymous(ctx context.Context, token string) (*http.Response, error) {
	c := oauth2.NewClient(ctx, oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "fixed"}))
	if resp, err := c.Get(druvaAPI + "/status"); err == nil { // ok: written down, which is a leak
		return resp, nil
	}
	c = oauth2.NewClient(ctx, oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}))
	if resp, err := c.Get("https://api.apollo.io/api/v1/contacts"); err == nil { // ok: a token does not say that the code flow brought it
		return resp, nil
	}
	return http.Get(druvaAPI + "/status") // ok: nobody signs in
}
