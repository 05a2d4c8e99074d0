package evidence

import (
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

// TestContradicted holds declarations against themselves and against the names
// in the code: what they leave out, or say in two ways, proves nothing.
func TestContradicted(t *testing.T) {
	const db = "stores: {db: {provider: aws, service: rds, region: eu, encryption: aes-256}}\n"
	names := func(list ...string) []rules.Fact {
		f := rules.Fact{ID: factDataName, State: rules.True}
		for _, n := range list {
			f.Items = append(f.Items, rules.Item{Name: n})
		}
		return []rules.Fact{f}
	}
	for _, c := range []declarationCase{
		{name: "an inventory without the tokens of the code", policy: db + "data: [{name: docs, class: public}]\n", facts: names("access token"), verifier: dataVerifier, control: "no-plaintext-secrets-storage",
			lacks: "handles secrets (access token)"},
		{name: "no secret anywhere", policy: db + "data: [{name: docs, class: public}]\n", facts: names("email address"), verifier: dataVerifier, control: "no-plaintext-secrets-storage", proves: true},
		{name: "in memory and in plain text", policy: db + "data: [{name: token, class: secret, source: apollo, store: db, protection: memory and database in plaintext, retention: P30D}]\n",
			verifier: dataVerifier, control: "no-plaintext-secrets-storage", finds: []string{"policy:data/plaintext-secret"}},
		{name: "an environment file in git", policy: "secrets: [{name: API_SECRET, store: env file in git, owner: \"@a\", rotated: 2026-11-01}]\n", verifier: secretsVerifier, control: "secret-store", lacks: "not a store for secrets"},
		{name: "sops in git", policy: "secrets: [{name: API_SECRET, store: sops in git, owner: \"@a\", rotated: 2026-11-01}]\n", verifier: secretsVerifier, control: "secret-store", proves: true},
		{name: "encrypted, with a no beside it", policy: "stores: {db: {provider: hetzner, service: postgres, encryption: aes-256 not customer managed}}\n", verifier: storesVerifier, control: "encryption-at-rest",
			lacks: "do not say that they are encrypted"},
		{name: "a service without hosts and provider", policy: strings.Replace(db, "region: eu", "region: eu, jurisdiction: EU", 1) + "services: [{name: Mail, hosts: [], auth: api-key, why: mail}]\n",
			verifier: storesVerifier, control: "data-location", lacks: `the service "Mail" has no provider`},
	} {
		t.Run(c.name, c.run)
	}
}

// TestStatementAgainstStores: a statement on encryption does not cover a store
// the policy file does not know.
func TestStatementAgainstStores(t *testing.T) {
	const attested = "require-attestation-grade: A3\nattestations: [{for: [DRUVA-AP-03], statement: All disks are encrypted with AES-256 by LUKS, owner: \"@ada\", date: 2026-11-01, expires: 2027-10-01}]\n"
	sql := []rules.Fact{{ID: "sql", State: rules.True, Items: []rules.Item{{Name: "github.com/jackc/pgx/v5", Location: rules.Location{Path: "db.go", Line: 4}}}}}
	for _, c := range []declarationCase{
		{name: "declared", policy: attested + "stores: {db: {provider: own, service: postgres}}\n", facts: sql, proves: true},
		{name: "not declared", policy: attested + "stores: {cache: {provider: own, service: redis}}\n", facts: sql, lacks: "SQL database (github.com/jackc/pgx/v5 at db.go:4)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, g := weighing{policy: c.policy, facts: c.facts}.gather(t)
			var seen bool
			var text strings.Builder
			for _, o := range proofs(g, statementVerifier, "encryption-at-rest") {
				seen = seen || slices.Contains(o.For, "DRUVA-AP-03")
			}
			for _, s := range g.Shortfalls {
				if s.Verifier == statementVerifier && slices.Contains(s.For, "DRUVA-AP-03") {
					text.WriteString(s.Text)
				}
			}
			if seen != c.proves || !strings.Contains(text.String(), c.lacks) {
				t.Errorf("proved %t, lacking %q", seen, text.String())
			}
		})
	}
}

func TestDeclaredFactsAgainstCode(t *testing.T) {
	const inventory = "data: [{name: docs, class: public}]\n"
	for _, c := range []struct {
		name, policy       string
		kinds              []string
		high, sensitiveApp rules.Ternary
	}{
		{"nothing personal", inventory, nil, rules.False, rules.False},
		{"secrets alone", inventory, []string{"access token", "key"}, rules.False, rules.False},
		{"personal data in the code", inventory, []string{"email address"}, rules.False, rules.Undecided},
		{"highly sensitive data in the code", inventory, []string{"payment card"}, rules.Undecided, rules.Undecided},
		{"privileged scopes", inventory + "services: [{name: A, hosts: [api.apollo.io], scopes: [admin], why: w}]\n", nil, rules.False, rules.True},
	} {
		f := rules.Fact{ID: factDataName, State: rules.True}
		for _, n := range c.kinds {
			f.Items = append(f.Items, rules.Item{Name: n})
		}
		_, g := weighing{policy: c.policy, facts: []rules.Fact{f}}.gather(t)
		for _, got := range g.Facts {
			if got.ID == factPIIHigh && got.State != c.high || got.ID == factSensitive && got.State != c.sensitiveApp {
				t.Errorf("%s: %s is %q (%s)", c.name, got.ID, got.State, got.Detail)
			}
		}
	}
}

func TestBroadScope(t *testing.T) {
	for scope, broad := range map[string]bool{
		"*": true, "admin": true, "contacts:admin": true, "all": true, "read.all": true, "all:write": true, "contacts:*": true,
		"Files.Read.All": false, "https://graph.microsoft.com/User.Read.All": false, "contacts_read": false, "administrative_area_read": false,
	} {
		if got := broadScope(scope); got != broad {
			t.Errorf("%s: %t", scope, got)
		}
	}
}
