package rules

import (
	"slices"
	"testing"
)

func TestMarketplaceHosts(t *testing.T) {
	for host, want := range map[string]string{"api.apollo.io": "apollo", "API.Apollo.io.": "apollo", "auth.monday.com": "monday", "apollo.io": "", "evil-api.apollo.io.example": "", "": ""} {
		if got := MarketplaceOf(host); got != want {
			t.Errorf("MarketplaceOf(%q) is %q, want %q", host, got, want)
		}
	}
	for declared, want := range map[string][]string{"api.apollo.io": {"apollo"}, "*.apollo.io": {"apollo"}, "*.druva.com": {"druva"}, "*.com": {"druva", "monday"}, "apollo.io": {}, "*.example.com": {}} {
		if got := MarketplacesBelow(declared); !slices.Equal(got, want) {
			t.Errorf("MarketplacesBelow(%q) is %q, want %q", declared, got, want)
		}
	}
}
