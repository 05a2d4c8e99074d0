// Package mkt306 exercises rule MKT306.
package mkt306

import (
	"net/http"
	"net/url"

	"github.com/go-resty/resty/v2"
)

const base = "https://api.apollo.io/api/v1"

type client struct {
	base string
	key  string
	http *http.Client
}

func newClient(key string) *client { return &client{base: base, key: key} }

func direct(key string) {
	req, _ := http.NewRequest("GET", "https://api.apollo.io/api/v1/contacts", nil)
	req.Header.Set("X-Api-Key", key) // want `V MKT306: an API key is sent to Apollo`
	http.DefaultClient.Do(req)
}

func (c *client) search(q string) {
	req, _ := http.NewRequest("POST", c.base+"/mixed_people/search", nil)
	c.sign(req)
	c.http.Do(req)
}

func (c *client) sign(req *http.Request) {
	req.Header.Add("x-api-key", c.key) // want `V MKT306: an API key is sent to Apollo`
}

func query(key string) {
	http.Get(base + "/contacts?page=1&api_key=" + key) // want `V MKT306: an API key is sent to api.apollo.io in the URL`
	v := url.Values{}
	v.Set("api_key", key) // want `V MKT306`
	http.Get(base + "/contacts?" + v.Encode())
}

func body(key string) map[string]string {
	return map[string]string{"api_key": key, "q": "x"} // want `V MKT306`
}

func rest(key string) {
	resty.New().SetBaseURL(base).R().SetHeader("X-API-KEY", key).Get("/contacts") // want `V MKT306`
}
