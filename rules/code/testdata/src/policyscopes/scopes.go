// Package policyscopes exercises rule MKT307 with a policy.
package policyscopes

import "golang.org/x/oauth2"

var apollo = oauth2.Endpoint{AuthURL: "https://app.apollo.io/#/oauth/authorize", TokenURL: "https://app.apollo.io/api/v1/oauth/token"}

func equal() {
	_ = &oauth2.Config{
		Endpoint: oauth2.Endpoint{TokenURL: "https://auth.partner.io/token"},
		Scopes:   []string{"orders:write", "orders:read"},
	}
	_ = &oauth2.Config{Endpoint: apollo, Scopes: []string{"contacts_read"}}
	_ = &oauth2.Config{Endpoint: apollo, Scopes: []string{"contacts_read", "email"}}
	// The host is not known: what is declared anywhere counts.
	_ = &oauth2.Config{Scopes: []string{"contacts_read", "orders:read"}}
}

func more() {
	_ = &oauth2.Config{
		Endpoint: oauth2.Endpoint{TokenURL: "https://auth.partner.io/token"},
		Scopes:   []string{"orders:write", "orders:read", "contacts_read"}, // want `R MKT307: OAuth scopes: contacts_read is requested and not declared`
	}
	_ = oauth2.SetAuthURLParam("scope", "contacts_read invoices") // want `R MKT307: OAuth scopes: invoices is requested and not declared`
}
