// Package mkt303real checks proofs of possession, whose age no library knows.
package mkt303real

import (
	"crypto"
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

type proof struct {
	Method string `json:"htm"`
	jwt.RegisteredClaims
}

var errStale = errors.New("the proof is too old")

// check reads the age by hand: the claims have no expiry.
func check(raw string, key crypto.PublicKey) error {
	t, err := jwt.ParseWithClaims(raw, &proof{}, func(t *jwt.Token) (any, error) {
		if _, ok := t.Method.(*jwt.SigningMethodECDSA); !ok {
			return nil, errors.New("unexpected method")
		}
		return key, nil
	}, jwt.WithoutClaimsValidation()) // want `R MKT303: WithoutClaimsValidation accepts expired tokens`
	if err != nil {
		return err
	}
	c, ok := t.Claims.(*proof)
	if !ok || c.IssuedAt == nil || time.Since(c.IssuedAt.Time).Abs() > time.Minute {
		return errStale
	}
	return nil
}

// unchecked looks at nothing.
func unchecked(raw string, key crypto.PublicKey) (*jwt.Token, error) {
	return jwt.ParseWithClaims(raw, &proof{}, func(t *jwt.Token) (any, error) {
		if _, ok := t.Method.(*jwt.SigningMethodECDSA); !ok {
			return nil, errors.New("unexpected method")
		}
		return key, nil
	}, jwt.WithoutClaimsValidation()) // want `V MKT303: WithoutClaimsValidation accepts expired tokens`
}
