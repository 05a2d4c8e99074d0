// Package policyscopesone asks for less than the policy declares.
package policyscopesone

import "golang.org/x/oauth2/clientcredentials"

var conf = clientcredentials.Config{
	TokenURL: "https://auth.partner.io/token",
	Scopes:   []string{"orders:read"}, // want `R MKT307: OAuth scopes: orders:write is declared in the policy and not requested here`
}
