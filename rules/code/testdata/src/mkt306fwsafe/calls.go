// Package mkt306fwsafe sends a token of the user with fasthttp.
package mkt306fwsafe

import "github.com/valyala/fasthttp"

func apollo(req *fasthttp.Request, accessToken string) {
	req.SetRequestURI("https://api.apollo.io/v1/contacts?page=1") // ok: no key
	req.Header.Set("Authorization", "Bearer "+accessToken)        // ok: a token of OAuth
}
