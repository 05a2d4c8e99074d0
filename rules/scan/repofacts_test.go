package scan

import (
	"testing"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/code"
	"github.com/staylisted/staylisted/rules/evidence"
)

// TestCustomerKeys: decision G5, an integration that is seen to use OAuth alone
// needs no page on API keys.
func TestCustomerKeys(t *testing.T) {
	oauth := code.Facts{OAuth: []rules.Item{{Name: "apollo:oauth2-code", Detail: "app.apollo.io"}}}
	druva := code.Facts{OAuth: []rules.Item{{Name: "druva:oauth2-client-credentials", Detail: "apis.druva.com"}}}
	key := []*packageResult{{Hits: []hit{{Rule: "MKT306"}}}}
	declared := func(host, auth string) *evidence.File {
		return &evidence.File{Name: "p.yml", Services: []evidence.Service{{Name: "S", Hosts: []string{host}, Auth: auth}}}
	}
	for name, test := range map[string]struct {
		repo    repository
		results []*packageResult
		want    rules.Ternary
	}{
		"OAuth alone":         {repository{packages: oauth, complete: true}, nil, rules.False},
		"not all was seen":    {repository{packages: oauth}, nil, rules.Undecided},
		"a key beside it":     {repository{packages: oauth, complete: true}, key, rules.True},
		"nothing was seen":    {repository{complete: true}, nil, rules.Undecided},
		"another marketplace": {repository{packages: druva, complete: true}, nil, rules.Undecided},
		"a key is declared":   {repository{packages: oauth, complete: true, policy: declared("*.apollo.io", "api-key")}, nil, rules.True},
		"OAuth is declared":   {repository{packages: oauth, complete: true, policy: declared("api.apollo.io", "oauth2-code")}, nil, rules.False},
		"a key elsewhere":     {repository{packages: oauth, complete: true, policy: declared("api.stripe.com", "api-key")}, nil, rules.False},
	} {
		if f := test.repo.customerKeys(test.results); f.ID != "customer-api-keys" || f.State != test.want || f.Detail == "" {
			t.Errorf("%s: %+v, want %q", name, f, test.want)
		}
	}
}
