// Package mkt802fw calls a marketplace with fasthttp.
package mkt802fw

import "github.com/valyala/fasthttp"

func call(dst []byte) (int, []byte, error) {
	return fasthttp.Get(dst, "https://api.apollo.io/v1/contacts") // want `^R MKT802: requests to api.apollo.io`
}

func local(dst []byte) (int, []byte, error) {
	return fasthttp.Get(dst, "https://status.partner.io/v1") // ok: no marketplace
}
