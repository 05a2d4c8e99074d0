// Package mkt403fw puts secrets into URLs of fasthttp.
package mkt403fw

import "github.com/valyala/fasthttp"

func send(req *fasthttp.Request, apiKey string) {
	req.SetRequestURI("https://api.partner.io/items?api_key=" + apiKey) // want `^V MKT403: apiKey stands in a URL`
	req.SetRequestURI("https://api.partner.io/items?page=2")            // ok: no secret
	req.Header.Set("X-Api-Key", apiKey)                                 // ok: in a header
}
