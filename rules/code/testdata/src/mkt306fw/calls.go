// Package mkt306fw sends keys with fasthttp.
package mkt306fw

import "github.com/valyala/fasthttp"

func apollo(req *fasthttp.Request, key string) {
	req.SetRequestURI("https://api.apollo.io/v1/contacts?api_key=" + key) // want `^V MKT306`
}
