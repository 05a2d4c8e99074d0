// Package mkt303fw reads tokens with go-jose.
package mkt303fw

import (
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

var secret = []byte{1}

func unverified(raw string) (c jwt.Claims, err error) {
	t, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.HS256})
	if err != nil {
		return c, err
	}
	return c, t.UnsafeClaimsWithoutVerification(&c) // want `^[VR] MKT303`
}

func verified(raw string) (c jwt.Claims, err error) {
	t, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.HS256})
	if err != nil {
		return c, err
	}
	if err := t.Claims(secret, &c); err != nil { // ok: the signature is checked
		return c, err
	}
	return c, c.Validate(jwt.Expected{Issuer: "partner"})
}
