// Package mkt303oidc switches checks of go-oidc off.
package mkt303oidc

import "github.com/coreos/go-oidc/v3/oidc"

type options struct{ anyAge bool }

func all(p *oidc.Provider, o options) {
	p.Verifier(&oidc.Config{
		SkipClientIDCheck:          true,     // want `V MKT303: SkipClientIDCheck: ID tokens issued for other clients are accepted`
		SkipIssuerCheck:            true,     // want `V MKT303: SkipIssuerCheck`
		SkipExpiryCheck:            o.anyAge, // want `R MKT303: SkipExpiryCheck`
		InsecureSkipSignatureCheck: true,     // want `V MKT303: InsecureSkipSignatureCheck`
	})
	p.Verifier(&oidc.Config{ClientID: "app"})                         // ok: nothing is skipped
	p.Verifier(&oidc.Config{ClientID: "app", SkipExpiryCheck: false}) // ok: false skips nothing
}
