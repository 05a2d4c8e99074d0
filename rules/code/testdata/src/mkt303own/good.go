// Package mkt303own does the checks it switches off.
package mkt303own

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

func verify(ctx context.Context, p *oidc.Provider, raw string) error {
	v := p.Verifier(&oidc.Config{SkipClientIDCheck: true, SkipExpiryCheck: true, SkipIssuerCheck: true}) // ok: audience, issuer and expiry are checked below
	t, err := v.Verify(ctx, raw)
	if err != nil {
		return err
	}
	if !slices.Contains(t.Audience, "app") || t.Issuer != "https://login.partner.io" || time.Now().After(t.Expiry) {
		return errors.New("token")
	}
	return nil
}
