package code

import "testing"

// TestScopesOfPolicy compares requested scopes with declared ones.
func TestScopesOfPolicy(t *testing.T) {
	opts := Options{Scopes: []DeclaredScopes{
		{Marketplace: "apollo", Scopes: []string{"contacts_read"}},
		{Hosts: []string{"*.partner.io"}, Scopes: []string{"orders:read", "orders:write"}},
	}}
	for _, r := range With(opts) {
		if r.ID == "MKT307" {
			expect(t, classed(r), "policyscopes", "policyscopesone")
			return
		}
	}
	t.Fatal("MKT307 is not registered")
}

func TestBroadScope(t *testing.T) {
	for scope, want := range map[string]bool{
		"*": true, "boards:*": true, "admin": true, "org_admin": true, "admin:org": true, "https://x.io/auth/admin.directory": true,
		"administration_notes": false, "boards:read": false, "badminton": false, "a*b": false, "": false,
	} {
		if got := broadScope(scope); got != want {
			t.Errorf("broadScope(%q) = %v, want %v", scope, got, want)
		}
	}
}
