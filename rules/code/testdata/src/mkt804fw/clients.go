// Package mkt804fw calls a marketplace with fasthttp.
package mkt804fw

import (
	"time"

	"github.com/valyala/fasthttp"
)

const base = "https://api.monday.com"

func forever() (int, []byte, error) {
	return fasthttp.Get(nil, base+"/v2") // want `^R MKT804: .*fasthttp.Get has no timeout`
}

func soon() (int, []byte, error) {
	return fasthttp.GetTimeout(nil, base+"/v2", 10*time.Second) // ok: a timeout
}

func bounded(req *fasthttp.Request, resp *fasthttp.Response) error {
	req.SetRequestURI(base + "/v2")
	return fasthttp.DoTimeout(req, resp, 10*time.Second) // ok: a timeout
}

func deadline(req *fasthttp.Request, resp *fasthttp.Response) error {
	req.SetRequestURI(base + "/v2")
	c := &fasthttp.Client{ReadTimeout: time.Second, WriteTimeout: time.Second}
	return c.Do(req, resp) // ok: the client has timeouts
}
