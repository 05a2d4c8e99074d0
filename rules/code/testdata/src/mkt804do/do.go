// Package mkt804do builds requests to a marketplace with fasthttp and sends them.
package mkt804do

import (
	"time"

	"github.com/valyala/fasthttp"
)

const endpoint = "https://api.monday.com/v2"

var shared = &fasthttp.Client{ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second}

func forever(body []byte) error {
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	req.SetRequestURI(endpoint)
	req.Header.SetMethod(fasthttp.MethodPost)
	req.SetBody(body)
	return fasthttp.Do(req, resp) // want `R MKT804: .*sent without a timeout`
}

func bareClient(req *fasthttp.Request, resp *fasthttp.Response) error {
	req.SetRequestURI(endpoint)
	c := &fasthttp.Client{Name: "partner"}
	return c.Do(req, resp) // want `R MKT804: .*sent without a timeout`
}

func redirects(req *fasthttp.Request, resp *fasthttp.Response) error {
	req.SetRequestURI(endpoint)
	return fasthttp.DoRedirects(req, resp, 3) // want `R MKT804: .*sent without a timeout`
}

func timeout(req *fasthttp.Request, resp *fasthttp.Response) error {
	req.SetRequestURI(endpoint)
	return fasthttp.DoTimeout(req, resp, 5*time.Second) // ok: a timeout
}

func deadline(req *fasthttp.Request, resp *fasthttp.Response) error {
	req.SetRequestURI(endpoint)
	return shared.DoDeadline(req, resp, time.Now().Add(time.Minute)) // ok: a deadline
}

func sharedClient(req *fasthttp.Request, resp *fasthttp.Response) error {
	req.SetRequestURI(endpoint)
	return shared.Do(req, resp) // ok: the client reads with a timeout
}

func ownTimeout(req *fasthttp.Request, resp *fasthttp.Response) error {
	req.SetRequestURI(endpoint)
	req.SetTimeout(5 * time.Second)
	return fasthttp.Do(req, resp) // ok: the request has a timeout
}

func handed(c *fasthttp.Client, req *fasthttp.Request, resp *fasthttp.Response) error {
	req.SetRequestURI(endpoint)
	return c.Do(req, resp) // ok: the client's maker may have set a timeout
}

func elsewhere(req, other *fasthttp.Request, resp *fasthttp.Response) error {
	other.SetRequestURI(endpoint)
	req.SetRequestURI("https://status.example.com/")
	return fasthttp.Do(req, resp) // ok: another request
}

func late(resp *fasthttp.Response) error {
	c := &fasthttp.Client{}
	c.ReadTimeout = 10 * time.Second
	req := fasthttp.AcquireRequest()
	req.SetRequestURI(endpoint)
	return c.Do(req, resp) // ok: the timeout is set after
}
