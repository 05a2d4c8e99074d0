package evidence

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// A declaration case: what the file says, and what becomes of one control.
type declarationCase struct {
	name, policy      string
	facts             []rules.Fact
	verifier, control string
	tags              []string // of all observations together, sorted; nil for no observation
	proves            bool
	lacks             string   // part of what is lacking
	finds             []string // rules with findings
	people            map[string]rules.Ternary
}

func (c declarationCase) run(t *testing.T) {
	t.Helper()
	_, g := weighing{policy: c.policy, facts: c.facts, people: c.people}.gather(t)
	seen := proofs(g, c.verifier, c.control)
	if (len(seen) > 0) != c.proves {
		t.Errorf("%d observations, want proof %t; lacking %q", len(seen), c.proves, texts(g, c.verifier, c.control))
	}
	var tags []string
	for _, o := range seen {
		tags = append(tags, o.Tags...)
	}
	slices.Sort(tags)
	if c.tags != nil && !slices.Equal(slices.Compact(tags), c.tags) {
		t.Errorf("tags %q, want %q", tags, c.tags)
	}
	lacking := texts(g, c.verifier, c.control)
	if c.lacks == "" && lacking != "" && c.proves || !strings.Contains(lacking, c.lacks) {
		t.Errorf("lacking %q, want %q", lacking, c.lacks)
	}
	if got := flagged(g); !slices.Equal(got, c.finds) {
		t.Errorf("findings %q, want %q", got, c.finds)
	}
}

func TestContacts(t *testing.T) {
	const both = "contacts: {security: {email: s@harbour.dev}, technical: {github: \"@harbour/ops\"}}\n"
	for _, c := range []declarationCase{
		{name: "both", policy: both, proves: true},
		{name: "none", policy: "", lacks: "no security and no technical contact"},
		{name: "one", policy: "contacts: {security: {email: s@harbour.dev}}\n", lacks: "no technical contact"},
		{name: "copied address", policy: "contacts: {security: {email: security@example.com}, technical: {email: t@harbour.dev}}\n", lacks: "one of documentation"},
		{name: "copied address below", policy: "contacts: {security: {email: security@mail.example.com}, technical: {email: t@harbour.dev}}\n", lacks: "one of documentation"},
		{name: "team is gone", policy: both, people: map[string]rules.Ternary{"@harbour/ops": rules.False}, lacks: "no access"},
		{name: "team is gone, as GitHub writes it", policy: both, people: map[string]rules.Ternary{"Harbour/Ops": rules.False}, lacks: "no access"},
		{name: "team is not known", policy: both, people: map[string]rules.Ternary{"@harbour/ops": rules.Undecided}, proves: true},
		{name: "team is gone, mail is there", policy: "contacts: {security: {email: s@harbour.dev, github: \"@gone\"}, technical: {email: t@harbour.dev}}\n", people: map[string]rules.Ternary{"@gone": rules.False}, proves: true},
	} {
		c.verifier, c.control = contactsVerifier, "contacts-declared"
		t.Run(c.name, c.run)
	}
}

func TestServicesDeclared(t *testing.T) {
	apollo := factOf("hosts", rules.True, placeItem("api.apollo.io", "literal"), placeItem("*.amazonaws.com", "github.com/aws/aws-sdk-go-v2"), placeItem("x", "the host could not be resolved"),
		placeItem("net/http.Get", "the host is only known at run time"), placeItem("net/http.Client.Do", "the request is built elsewhere"))
	const all = "services:\n  - {name: Apollo, hosts: [api.apollo.io], auth: oauth2-code, why: contacts}\n  - {name: AWS, hosts: [\"*.amazonaws.com\"], auth: signature, why: files}\n"
	for _, c := range []declarationCase{
		{name: "covered", policy: all, facts: []rules.Fact{apollo}, proves: true, tags: []string{"api-apollo"}},
		{name: "declared, not called", policy: all, facts: []rules.Fact{factOf("hosts", rules.False)}, proves: true, tags: []string{}},
		{name: "one is missing", policy: "services: [{name: Apollo, hosts: [api.apollo.io], auth: oauth2-code, why: contacts}]\n", facts: []rules.Fact{apollo}, lacks: "*.amazonaws.com"},
		{name: "no pattern covers a name above it", policy: "services: [{name: Apollo, hosts: [\"*.api.apollo.io\"], auth: oauth2-code, why: contacts}]\n", facts: []rules.Fact{factOf("hosts", rules.True, placeItem("api.apollo.io", "literal"))}, lacks: "api.apollo.io"},
		{name: "without reason", policy: "services: [{name: Apollo, hosts: [api.apollo.io], auth: oauth2-code}]\n", facts: []rules.Fact{factOf("hosts", rules.False)}, lacks: "do not say"},
		{name: "without a way to sign in", policy: "services: [{name: Apollo, hosts: [api.apollo.io], why: contacts}]\n", facts: []rules.Fact{factOf("hosts", rules.False)}, lacks: "do not say"},
		{name: "placeholder", policy: "services: [{name: Apollo, hosts: [api.apollo.io], auth: oauth2-code, why: TODO}]\n", facts: []rules.Fact{factOf("hosts", rules.False)}, lacks: "do not say"},
		{name: "nothing and nothing", policy: "", facts: []rules.Fact{factOf("hosts", rules.False)}, proves: true},
		{name: "nothing, and the code is open", policy: "", facts: []rules.Fact{factOf("hosts", rules.Undecided, placeItem("http.Get", "the host could not be resolved"))}, lacks: "lists no service"},
		{name: "nothing, and nobody looked", policy: "", lacks: "lists no service"},
	} {
		c.verifier, c.control = servicesVerifier, "services-declared"
		t.Run(c.name, c.run)
	}
}

func TestDelegatedAccessDeclared(t *testing.T) {
	service := func(host, auth string) string {
		if auth != "" {
			auth = ", auth: " + auth
		}
		return fmt.Sprintf("  - {name: S, hosts: [%q]%s, why: data}\n", host, auth)
	}
	for _, c := range []declarationCase{
		{name: "Apollo", policy: "services:\n" + service("api.apollo.io", "oauth2-code"), proves: true, tags: []string{"apollo:oauth2-code"}, lacks: "authorised at druva"},
		{name: "pattern", policy: "services:\n" + service("*.apollo.io", "oauth2-code"), proves: true, tags: []string{"apollo:oauth2-code"}, lacks: "authorised at druva"},
		{name: "both", policy: "services:\n" + service("api.apollo.io", "oauth2-code") + service("apis.druva.com", "oauth2-client-credentials"), proves: true,
			tags: []string{"apollo:oauth2-code", "druva:oauth2-client-credentials"}},
		{name: "a key at Apollo", policy: "services:\n" + service("api.apollo.io", "api-key"), proves: true, tags: []string{"apollo:api-key"}, lacks: "authorised at druva", finds: []string{"policy:services/api-key"}},
		{name: "two ways at Apollo", policy: "services:\n" + service("api.apollo.io", "oauth2-code") + service("app.apollo.io", "api-key"), lacks: "several ways", finds: []string{"policy:services/api-key"}},
		{name: "one entry is silent", policy: "services:\n" + service("api.apollo.io", "oauth2-code") + service("app.apollo.io", ""), lacks: "authorised at apollo"},
		{name: "no delegation", policy: "services:\n" + service("apis.druva.com", "basic"), lacks: "no delegated access"},
		{name: "another service", policy: "services:\n" + service("api.stripe.com", "api-key"), lacks: "authorised at apollo"},
	} {
		c.verifier, c.control = servicesVerifier, "delegated-access"
		t.Run(c.name, c.run)
	}
	for _, c := range []struct {
		auth, seen string
		proves     bool
	}{
		{"oauth2-code", "apollo:oauth2-code", true},
		{"oauth2-code", "apollo:oauth2-client-credentials", false},
		{"oauth2-code", "apollo:oauth2-device", false},
		{"oauth2-code", "apollo:api-token", true},
		{"oauth2-code", "druva:oauth2-client-credentials", true},
		{"oidc", "apollo:oauth2-code", true},
	} {
		in := Input{File: &File{Name: PolicyPath, Marketplaces: []Marketplace{{ID: "apollo"}}, Services: []Service{{Name: "Apollo", Hosts: []string{"api.apollo.io"}, Auth: c.auth}}},
			Catalogue: builtCatalogue(t), Authorised: []rules.Item{{Name: c.seen, Location: rules.Location{Path: "main.go", Line: 3}}}, Now: now}
		d := newDeclared(&in)
		d.delegatedAccess()
		if got := len(d.g.Observations) > 0; got != c.proves || !got && !strings.Contains(d.g.Shortfalls[0].Text, "main.go:3") {
			t.Errorf("declared %s, the code shows %s: proved %t %q", c.auth, c.seen, got, d.g.Shortfalls)
		}
	}
	key := weighing{policy: "services: [{name: Apollo, hosts: [api.apollo.io], auth: api-key, why: d}, {name: Druva, hosts: [apis.druva.com], auth: oauth2-client-credentials, why: d}]\n"}.judge(t, now)
	if v := key["APOLLO-ORG-02"].Verdict; v != rules.Fail {
		t.Errorf("an API key at Apollo: APOLLO-ORG-02 is %s %q (decision G5)", v, key["APOLLO-ORG-02"].Reasons)
	}
	if v := key["DRUVA-AP-01"].Verdict; v != rules.Pass {
		t.Errorf("an API key at Apollo: DRUVA-AP-01 is %s %q", v, key["DRUVA-AP-01"].Reasons)
	}
}

func TestScopesDeclared(t *testing.T) {
	for _, c := range []declarationCase{
		{name: "service", policy: "services: [{name: A, hosts: [api.apollo.io], scopes: [contacts_read], why: sync}]\n", proves: true},
		{name: "without reason", policy: "services: [{name: A, hosts: [api.apollo.io], scopes: [contacts_read]}]\n", lacks: "does not say why"},
		{name: "no scopes", policy: "services: [{name: A, hosts: [api.apollo.io], why: sync}]\n", lacks: "lists no scopes"},
		{name: "no entry", policy: "", lacks: "is the API of apollo"},
		{name: "everything", policy: "services: [{name: A, hosts: [api.apollo.io], scopes: [\"*\"], why: sync}]\n", finds: []string{"policy:services/broad-scope"}},
		{name: "administration", policy: "services: [{name: A, hosts: [api.apollo.io], scopes: [\"contacts:admin\"], why: sync}]\n", finds: []string{"policy:services/broad-scope"}},
		{name: "a word of a name", policy: "services: [{name: A, hosts: [api.apollo.io], scopes: [administrative_area_read], why: sync}]\n", proves: true},
	} {
		c.verifier, c.control = servicesVerifier, "least-privilege-scopes"
		t.Run(c.name, c.run)
	}
}

const someData = "data:\n  - {name: mail, class: pii, source: apollo, store: db, retention: P90D, deletion: docs/r.md}\n"

func TestEncryptionDeclared(t *testing.T) {
	sql := []rules.Fact{factOf("sql", rules.True, placeItem("database/sql", "")), factOf("stores-data", rules.True, placeItem("database/sql", ""))}
	two := append(slices.Clone(sql), factOf("nosql", rules.True, placeItem("github.com/redis/go-redis/v9", "")))
	store := func(entries ...string) string { return "stores:\n  " + strings.Join(entries, "\n  ") + "\n" + someData }
	both := []string{"aes-256", "full-disk"}
	for _, c := range []declarationCase{
		{name: "provider and cipher", policy: store("db: {provider: aws, service: rds, encryption: aes-256}"), facts: sql, proves: true, tags: both},
		{name: "switched on at a known provider", policy: store("db: {provider: aws, service: rds, encryption: kms}"), facts: sql, proves: true, tags: both},
		{name: "default of the provider", policy: store("db: {provider: gcp, service: cloud-sql}"), facts: sql, proves: true, tags: both},
		{name: "no default of the provider", policy: store("db: {provider: aws, service: rds}"), facts: sql, lacks: "do not say that they are encrypted"},
		{name: "cipher alone", policy: store("db: {provider: hetzner, service: postgres, encryption: aes-256}"), facts: sql, proves: true, tags: []string{"aes-256"}, lacks: "APOLLO-DATA-01"},
		{name: "disk alone", policy: store("db: {provider: hetzner, service: postgres, encryption: luks}"), facts: sql, proves: true, tags: []string{"full-disk"}, lacks: "DRUVA-AP-03"},
		{name: "disk with its cipher", policy: store("db: {provider: hetzner, service: postgres, encryption: luks2-aes-256-xts}"), facts: sql, proves: true, tags: both},
		{name: "another cipher", policy: store("db: {provider: hetzner, service: postgres, encryption: aes-128}"), facts: sql, lacks: "DRUVA-AP-03"},
		{name: "yes", policy: store("db: {provider: hetzner, service: postgres, encryption: enabled}"), facts: sql, lacks: "DRUVA-AP-03"},
		{name: "none", policy: store("db: {provider: hetzner, service: postgres, encryption: none}"), facts: sql, lacks: "DRUVA-AP-03", finds: []string{"policy:stores/unencrypted"}},
		{name: "cipher switched off", policy: store("db: {provider: aws, service: rds, encryption: aes-256-off}"), facts: sql, lacks: "DRUVA-AP-03", finds: []string{"policy:stores/unencrypted"}},
		{name: "broken cipher", policy: store("db: {provider: hetzner, service: postgres, encryption: 3des}"), facts: sql, lacks: "DRUVA-AP-03", finds: []string{"policy:stores/weak-cipher"}},
		{name: "none, for public data", policy: "stores: {db: {provider: hetzner, service: postgres, encryption: none}}\ndata: [{name: prices, class: public, store: db}]\n", facts: sql, proves: true},
		{name: "none, and nobody says what for", policy: "stores: {db: {provider: hetzner, service: postgres, encryption: none}}\n", facts: sql, lacks: "DRUVA-AP-03", finds: []string{"policy:stores/unencrypted"}},
		{name: "none, and data without a store", policy: "stores: {db: {service: postgres, encryption: none}}\ndata: [{name: prices, class: public, store: db}, {name: mail, class: pii}]\n", facts: sql, lacks: "DRUVA-AP-03", finds: []string{"policy:stores/unencrypted"}},
		{name: "one of two is not declared", policy: store("db: {provider: aws, service: rds, encryption: aes-256}"), facts: two, lacks: "redis (github.com/redis/go-redis/v9 at main.go:3)"},
		{name: "both", policy: store("db: {provider: aws, service: rds, encryption: aes-256}", "cache: {provider: gcp, service: memorystore}"), facts: two, proves: true, tags: both},
		{name: "one of two is open", policy: store("db: {provider: aws, service: rds, encryption: aes-256}", "cache: {provider: upstash, service: redis}"), facts: two, lacks: "\"cache\""},
		{name: "a name nobody knows stands for one", policy: store("db: {provider: acme, service: keeper, encryption: aes-256}"), facts: sql, proves: true, tags: []string{"aes-256"}, lacks: "APOLLO-DATA-01"},
		{name: "a name nobody knows stands for one only", policy: store("db: {provider: acme, service: keeper, encryption: aes-256}"), facts: two, lacks: "not declared"},
		{name: "nothing", policy: "", facts: sql, lacks: "SQL database"},
		{name: "nothing seen", policy: "", lacks: "declares no store"},
	} {
		c.verifier, c.control = storesVerifier, "encryption-at-rest"
		t.Run(c.name, c.run)
	}
}

// TestEncryptionByRequirement holds each requirement to its own stores: Apollo's
// speaks of stores with its data and of full disks.
func TestEncryptionByRequirement(t *testing.T) {
	w := weighing{policy: "stores:\n  a: {provider: aws, service: rds, encryption: aes-256}\n  b: {provider: hetzner, service: mysql, encryption: xchacha20}\n" +
		"data:\n  - {name: mail, class: pii, source: apollo, store: a}\n  - {name: job, class: confidential, source: druva, store: b}\n"}
	got := w.judge(t, now)
	for id, want := range map[string]rules.Verdict{"DRUVA-AP-03": rules.Pass, "APOLLO-DATA-01": rules.Pass, "MONDAY-Q-06": rules.Pass} {
		if v := control(t, got[id], "encryption-at-rest"); v.Verdict != want {
			t.Errorf("%s is %s %q, want %s", id, v.Verdict, v.Reasons, want)
		}
	}
	w.policy = strings.Replace(w.policy, "source: druva", "source: apollo", 1)
	got = w.judge(t, now)
	if v := control(t, got["APOLLO-DATA-01"], "encryption-at-rest"); v.Verdict != rules.NeedsEvidence {
		t.Errorf("with Apollo's data where the disk is not known: %s %q", v.Verdict, v.Reasons)
	}
	w.policy = strings.Replace(w.policy, "xchacha20", "none", 1)
	got = w.judge(t, now)
	for _, id := range []string{"DRUVA-AP-03", "APOLLO-DATA-01", "MONDAY-Q-06"} {
		if v := control(t, got[id], "encryption-at-rest"); v.Verdict != rules.Fail {
			t.Errorf("%s with an open store is %s %q", id, v.Verdict, v.Reasons)
		}
	}
}

func TestPlaces(t *testing.T) {
	for _, c := range []declarationCase{
		{name: "all", policy: "stores: {db: {provider: aws, service: rds, region: eu-central-1, jurisdiction: EU}}\nservices: [{name: Apollo, hosts: [api.apollo.io]}, {name: S, hosts: [s.io], provider: s, region: us, jurisdiction: US}]\n", proves: true},
		{name: "no law", policy: "stores: {db: {provider: aws, service: rds, region: eu-central-1}}\n", lacks: "has no jurisdiction"},
		{name: "a service", policy: "stores: {db: {provider: aws, region: eu, jurisdiction: EU}}\nservices: [{name: S, hosts: [s.io]}]\n", lacks: "the service \"S\" has no provider, region, jurisdiction"},
		{name: "none", policy: "", lacks: "declares no store"},
	} {
		c.verifier, c.control = storesVerifier, "data-location"
		t.Run(c.name, c.run)
	}
}

func TestInventory(t *testing.T) {
	const stores = "stores: {db: {provider: gcp, service: cloud-sql, region: eu}}\n"
	for _, c := range []declarationCase{
		{name: "complete", policy: stores + someData, proves: true},
		{name: "public needs no more", policy: stores + someData + "  - {name: prices, class: public}\n", proves: true},
		{name: "empty", policy: stores, lacks: "lists no data"},
		{name: "no retention", policy: stores + "data: [{name: mail, class: pii, source: apollo, store: db, deletion: docs/r.md}]\n", lacks: "lacks: retention"},
		{name: "no region", policy: "stores: {db: {provider: gcp}}\n" + someData, lacks: "region of its store"},
		{name: "secret without protection", policy: stores + "data: [{name: token, class: secret, source: apollo, store: db, retention: 30d}]\n", lacks: "lacks: protection"},
		{name: "secret in memory", policy: stores + "data: [{name: token, class: secret, source: apollo, protection: not-stored}]\n", proves: true},
		{name: "passwords are handled", policy: stores + someData, facts: []rules.Fact{factOf("password", rules.True, placeItem("Password", "field"))}, lacks: "passwords"},
		{name: "passwords are listed", policy: stores + someData + "  - {name: password, class: secret, source: user, store: db, protection: argon2id, retention: 365d}\n", facts: []rules.Fact{factOf("password", rules.True, placeItem("Password", "field"))}, proves: true},
	} {
		c.verifier, c.control = dataVerifier, "data-inventory"
		t.Run(c.name, c.run)
	}
}

func TestStoredSecrets(t *testing.T) {
	const stores = "stores: {db: {provider: gcp, service: cloud-sql, region: eu}}\n"
	token := func(protection string) string {
		return stores + "data: [{name: token, class: secret, source: apollo, store: db, retention: 30d, protection: " + protection + "}]\n"
	}
	for _, c := range []declarationCase{
		{name: "AEAD", policy: token("aead-kms"), proves: true},
		{name: "AES", policy: token("aes-256-gcm"), proves: true},
		{name: "hash", policy: token("sha256"), proves: true},
		{name: "hash as its standard writes it", policy: token("sha-256-digest"), proves: true},
		{name: "weak hash", policy: token("sha-1-digest"), lacks: "does not say how the value is protected"},
		{name: "unclear", policy: token("yes-we-do"), lacks: "does not say how"},
		{name: "weak hash", policy: token("md5"), lacks: "does not say how"},
		{name: "base64", policy: token("base64"), finds: []string{"policy:data/plaintext-secret"}},
		{name: "plain", policy: token("plaintext"), finds: []string{"policy:data/plaintext-secret"}},
		{name: "none stored", policy: stores + someData, proves: true},
		{name: "none stored, and the list is not complete", policy: stores + "data: [{name: mail, class: pii}]\n", lacks: "not complete"},
		{name: "tokens of users are forgotten", policy: stores + someData + "services: [{name: A, hosts: [api.apollo.io], auth: oauth2-code}]\n", lacks: "tokens of its users"},
		{name: "no list", policy: stores, lacks: "lists no data"},
	} {
		c.verifier, c.control = dataVerifier, "no-plaintext-secrets-storage"
		t.Run(c.name, c.run)
	}
}

func TestSubProcessors(t *testing.T) {
	sentry := []rules.Fact{factOf("hosts", rules.True, placeItem("*.sentry.io", "github.com/getsentry/sentry-go"))}
	for _, c := range []declarationCase{
		{name: "listed", policy: "sub-processors: [{name: Functional Software (Sentry), purpose: errors, data: [user id], region: us}]\n", facts: sentry, proves: true},
		{name: "not complete", policy: "sub-processors: [{name: Sentry, purpose: errors}]\n", facts: sentry, lacks: "lacks: data, region"},
		{name: "missing", policy: "sub-processors: []\n", facts: sentry, lacks: "Sentry"},
		{name: "none", policy: "sub-processors: []\n", proves: true},
		{name: "not said", policy: "", lacks: "does not say"},
		{name: "page", policy: "sub-processors: https://harbour.dev/subprocessors\n", facts: sentry, proves: true},
		{name: "copied page", policy: "sub-processors: https://example.com/subprocessors\n", lacks: "leads nowhere"},
	} {
		c.verifier, c.control = subProcessorsVerifier, "sub-processors"
		t.Run(c.name, c.run)
	}
}

func TestSecretStores(t *testing.T) {
	used := []rules.Fact{factOf("secrets-used", rules.True, placeItem("DRUVA_CLIENT_SECRET", "os.Getenv"), placeItem("apollo.client-secret", "github.com/spf13/viper.GetString"),
		placeItem("golang.org/x/oauth2", ""), placeItem("AccessToken", "field"), placeItem("os.Getenv", "the name is only known at run time"))}
	entry := func(name, store string) string {
		return fmt.Sprintf("  - {name: %s, store: %s, owner: \"@a\", rotated: 2026-11-01}\n", name, store)
	}
	all := "secrets:\n" + entry("prod/druva_client_secret", "aws-secretsmanager") + entry("APOLLO_CLIENT_SECRET", "github-actions")
	for _, c := range []declarationCase{
		{name: "all", policy: all, facts: used, proves: true},
		{name: "one is missing", policy: "secrets:\n" + entry("DRUVA_CLIENT_SECRET", "vault"), facts: used, lacks: "apollo.client-secret"},
		{name: "none", policy: "", lacks: "ledger of secrets is empty"},
		{name: "unknown store", policy: "secrets:\n" + entry("A_SECRET", "drawer"), lacks: "not a store for secrets that is known"},
		{name: "repository", policy: "secrets:\n" + entry("A_SECRET", "git-repo"), finds: []string{"policy:secrets/unsafe-store"}},
		{name: "wiki", policy: "secrets:\n" + entry("A_SECRET", "wiki"), finds: []string{"policy:secrets/unsafe-store"}},
	} {
		c.verifier, c.control = secretsVerifier, "secret-store"
		t.Run(c.name, c.run)
	}
}

// TestRotation walks one secret through the days of decision G8.
func TestRotation(t *testing.T) {
	rotated := date("2026-01-01")
	w := func(extra string) weighing {
		return weighing{policy: "secrets:\n  - {name: OLD_SECRET, store: vault, owner: \"@a\", rotated: 2026-01-01" + extra + "}\n  - {name: NEW_SECRET, store: vault, owner: \"@a\", rotated: 2026-01-01}\n"}
	}
	for _, test := range []struct {
		days    int
		advised rules.Verdict // APOLLO-APPSEC-02, 90 days
		limited rules.Verdict // DRUVA-SC-09, APOLLO-DATA-10, 180 days
		risk    bool
	}{
		{0, rules.Pass, rules.Pass, false},
		{90, rules.Pass, rules.Pass, false},
		{91, rules.Fail, rules.Pass, true},
		{180, rules.Fail, rules.Pass, true},
		{181, rules.Fail, rules.Fail, false},
	} {
		for _, gathered := range []int{0, 6} { // the evidence may be some days old
			if gathered > test.days {
				continue
			}
			at := rotated.AddDate(0, 0, test.days)
			x := w("")
			x.at = at.AddDate(0, 0, -gathered)
			got := x.judge(t, at.Add(23*time.Hour))
			advised := control(t, got["APOLLO-APPSEC-02"], "secret-rotation")
			if advised.Verdict != test.advised {
				t.Errorf("day %d, gathered %d days before: APOLLO-APPSEC-02 is %s %q, want %s", test.days, gathered, advised.Verdict, advised.Reasons, test.advised)
			}
			for _, id := range []string{"DRUVA-SC-09", "APOLLO-DATA-10", "DRUVA-AP-05"} {
				c := control(t, got[id], "secret-rotation")
				if c.Verdict != test.limited || slices.Contains(c.Flags, rules.AtRisk) != test.risk {
					t.Errorf("day %d, gathered %d days before: %s is %s %q %q, want %s, at risk %t", test.days, gathered, id, c.Verdict, c.Flags, c.Reasons, test.limited, test.risk)
				}
			}
			if v := control(t, got["DRUVA-SC-01"], "secure-coding-baseline"); v.Verdict != rules.Pass {
				t.Errorf("day %d: the coding baseline is %s %q", test.days, v.Verdict, v.Reasons)
			}
		}
	}
	// A fresh secret makes no finding, which would reach code scanning.
	x := w("")
	x.at = rotated.AddDate(0, 0, 80)
	if _, g := x.gather(t); len(g.Findings) > 0 {
		t.Errorf("findings for fresh secrets: %+v", g.Findings)
	}
	// The plan itself must keep the limit.
	x = w(", max-age: 120d")
	x.at = rotated
	got := x.judge(t, rotated)
	if v := control(t, got["APOLLO-APPSEC-02"], "secret-rotation"); v.Verdict != rules.NeedsEvidence {
		t.Errorf("a plan of 120 days for 90: %s %q", v.Verdict, v.Reasons)
	}
	if v := control(t, got["DRUVA-SC-09"], "secret-rotation"); v.Verdict != rules.Pass {
		t.Errorf("a plan of 120 days for 180: %s %q", v.Verdict, v.Reasons)
	}
	// Its own promise is passed: told, and no more.
	x = w(", max-age: 30d")
	x.at = rotated.AddDate(0, 0, 40)
	if _, g := x.gather(t); !strings.Contains(strings.Join(g.Notes, "\n"), "older than its own max-age of 30d") || len(g.Findings) > 0 {
		t.Errorf("notes %q, findings %v", g.Notes, flagged(g))
	}
}

// TestIncidents walks the 24 hours to the second.
func TestIncidents(t *testing.T) {
	detected := time.Date(2026, 11, 20, 9, 10, 0, 0, time.UTC)
	open := weighing{policy: "incidents: [{id: INC-1, detected: 2026-11-20T09:10:00Z, to: [apollo, monday]}]\n"}
	for _, test := range []struct {
		at   time.Time
		want rules.Verdict
	}{
		{detected.Add(time.Minute), rules.Pass},
		{detected.Add(24*time.Hour - time.Second), rules.Pass},
		{detected.Add(24 * time.Hour), rules.Fail},
		{detected.Add(100 * time.Hour), rules.Fail},
	} {
		for _, gathered := range []time.Time{detected.Add(time.Minute), test.at} {
			open.at = gathered
			got := open.judge(t, test.at)
			for _, id := range []string{"APOLLO-IR-01", "MONDAY-Q-03"} {
				c := control(t, got[id], "incident-notification")
				// The plan is somebody else's to show.
				c.Reasons = slices.DeleteFunc(c.Reasons, func(r string) bool { return strings.Contains(r, "document:incident-response") })
				failed := c.Verdict == rules.Fail
				if failed != (test.want == rules.Fail) || !failed && len(c.Reasons) > 0 {
					t.Errorf("%s after %s, gathered at %s: %s %q, want %s", id, test.at.Sub(detected), gathered, c.Verdict, c.Reasons, test.want)
				}
			}
		}
	}
	for _, c := range []declarationCase{
		{name: "in time", policy: "incidents: [{id: I, detected: 2026-11-01T10:00:00Z, notified: 2026-11-02T10:00:00Z, to: [apollo]}]\n", proves: true},
		{name: "a second late", policy: "incidents: [{id: I, detected: 2026-11-01T10:00:00Z, notified: 2026-11-02T10:00:01Z, to: [apollo]}]\n", finds: []string{"policy:incidents/late"}},
		{name: "late, long ago", policy: "incidents: [{id: I, detected: 2025-11-01T10:00:00Z, notified: 2025-11-03T10:00:00Z, to: [apollo]}]\n", proves: true},
		{name: "never, long ago", policy: "incidents: [{id: I, detected: 2025-01-01T10:00:00Z}]\n", finds: []string{"policy:incidents/late"}},
		{name: "none", policy: "incidents: []\n", proves: true},
		{name: "no list", policy: "", lacks: "has no list of security incidents"},
		{name: "somebody else was told", policy: "incidents: [{id: I, detected: 2026-11-01T10:00:00Z, notified: 2026-11-01T12:00:00Z, to: [monday]}]\n", proves: true, lacks: "apollo was told of: I"},
	} {
		c.verifier, c.control = incidentsVerifier, "incident-notification"
		t.Run(c.name, c.run)
	}
	late := weighing{policy: "incidents: [{id: I, detected: 2026-11-01T10:00:00Z, notified: 2026-11-02T10:00:01Z, to: [apollo]}]\n"}.judge(t, now)
	if c := control(t, late["APOLLO-IR-01"], "incident-notification"); c.Verdict != rules.Fail {
		t.Errorf("notified a second late: %s %q", c.Verdict, c.Reasons)
	}
}

func TestPhases(t *testing.T) {
	got := weighing{whole: "version: 1\nmarketplaces:\n  druva: {phase: approved, approved: 2026-09-01}\n  apollo: {phase: submitted}\n  monday: {phase: published}\n"}.judge(t, now)
	for id, want := range map[string]rules.Verdict{"DRUVA-WF-01": rules.Pass, "DRUVA-WF-06": rules.Pass, "APOLLO-WF-01": rules.Pass, "APOLLO-WF-02": rules.NeedsEvidence, "MONDAY-GEN-01": rules.Pass} {
		if c := control(t, got[id], "submission-state"); c.Verdict != want {
			t.Errorf("%s is %s %q, want %s", id, c.Verdict, c.Reasons, want)
		}
	}
	// Decision G11: what makes sense only after a step is not counted before it.
	got = weighing{}.judge(t, now)
	for _, id := range []string{"DRUVA-PA-01", "DRUVA-PA-02", "DRUVA-PA-03", "DRUVA-PA-04", "MONDAY-GEN-01", "MONDAY-BADGE-01", "MONDAY-BADGE-02", "MONDAY-BADGE-03", "APOLLO-ORG-03", "APOLLO-ORG-06"} {
		if v := got[id].Verdict; v != rules.NotYet {
			t.Errorf("%s in phase draft is %s", id, v)
		}
	}
}

func TestQuestionnaire(t *testing.T) {
	monday := func(details string) weighing {
		return weighing{whole: "version: 1\nmarketplaces:\n  monday: {phase: published" + details + "}\n"}
	}
	approved := date("2026-05-20")
	for _, test := range []struct {
		name    string
		w       weighing
		at      time.Time
		verdict rules.Verdict
		risk    bool
	}{
		{"approved", monday(", questionnaire: {submitted: 2026-05-02, approved: 2026-05-20}"), now, rules.Pass, false},
		{"soon over", monday(", questionnaire: {approved: 2026-05-20}"), approved.AddDate(0, 0, 352), rules.Pass, true},
		{"last day", monday(", questionnaire: {approved: 2026-05-20}"), approved.AddDate(0, 0, 365).Add(23 * time.Hour), rules.Pass, true},
		{"over", monday(", questionnaire: {approved: 2026-05-20}"), approved.AddDate(0, 0, 366), rules.Expired, false},
		{"handed in", monday(", questionnaire: {submitted: 2026-05-02}"), now, rules.NeedsEvidence, false},
		{"none", monday(""), now, rules.NeedsEvidence, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.w.at = test.at
			got := test.w.judge(t, test.at)
			for _, id := range []string{"MONDAY-BADGE-01", "MONDAY-BADGE-02"} {
				if a := got[id]; a.Verdict != test.verdict || slices.Contains(a.Flags, rules.AtRisk) != test.risk {
					t.Errorf("%s is %s %q %q, want %s, at risk %t", id, a.Verdict, a.Flags, a.Reasons, test.verdict, test.risk)
				}
			}
			if a := got["MONDAY-BADGE-03"]; a.Verdict != rules.Pass {
				t.Errorf("MONDAY-BADGE-03 without a rejection is %s %q", a.Verdict, a.Reasons)
			}
		})
	}
	rejected := "version: 1\nmarketplaces:\n  monday: {phase: rejected, rejected: 2026-11-30%s}\n"
	for _, test := range []struct {
		more   string
		at     time.Time
		lacks  string
		proves bool
	}{
		{"", date("2027-02-27"), "from 2027-02-28 on", false},
		{"", date("2027-02-28"), "", true},
		{", questionnaire: {submitted: 2027-01-10}", date("2027-03-05"), "less than three months", false},
		{", questionnaire: {submitted: 2027-03-01}", date("2027-03-05"), "", true},
		{", questionnaire: {submitted: 2026-10-01}", date("2026-12-05"), "from 2027-02-28 on", false},
	} {
		_, g := weighing{whole: fmt.Sprintf(rejected, test.more), at: test.at}.gather(t)
		free := slices.ContainsFunc(proofs(g, questionnaireVerifier, "questionnaire-valid"), func(o rules.Observation) bool { return slices.Contains(o.For, "MONDAY-BADGE-03") })
		if lacking := texts(g, questionnaireVerifier, "questionnaire-valid"); free != test.proves || !strings.Contains(lacking, test.lacks) {
			t.Errorf("rejected%s at %s: proves %t, lacking %q", test.more, test.at.Format(time.DateOnly), free, lacking)
		}
	}
}

// TestReviews: a section counts as reviewed for 365 days after the newest commit
// that changed a line of it.
func TestReviews(t *testing.T) {
	const policy = "stores: {db: {provider: gcp, service: cloud-sql, region: eu, jurisdiction: EU}}\n" + someData + "sub-processors: []\n"
	blame := func(newest time.Time) func(string, int) (string, time.Time, bool) {
		return func(_ string, line int) (string, time.Time, bool) {
			if line == 5 { // the entry of data
				return strings.Repeat("b", 40), newest, true
			}
			return strings.Repeat("a", 40), newest.AddDate(-1, 0, 0), true
		}
	}
	for _, test := range []struct {
		days int
		want rules.Verdict
	}{{0, rules.Pass}, {365, rules.Pass}, {366, rules.Expired}} {
		at := now.AddDate(0, 0, test.days)
		got := weighing{policy: policy, blame: blame(now), at: at}.judge(t, at)
		if c := control(t, got["DRUVA-AP-06"], "data-inventory"); c.Verdict != test.want {
			t.Errorf("after %d days the inventory is %s %q, want %s", test.days, c.Verdict, c.Reasons, test.want)
		}
	}
	if got := (weighing{policy: policy, blame: blame(now)}).judge(t, now); control(t, got["DRUVA-AP-07"], "data-location").Verdict != rules.Pass {
		t.Error("places changed a year ago are not reviewed any more")
	}
	got := weighing{policy: policy, blame: blame(now)}.judge(t, now.AddDate(0, 0, 2))
	if c := control(t, got["DRUVA-AP-08"], "sub-processors"); c.Verdict != rules.Expired {
		t.Errorf("sub-processors last changed 367 days ago: %s %q", c.Verdict, c.Reasons)
	}
}

func TestDeclaredFacts(t *testing.T) {
	const stores = "stores: {db: {provider: gcp, service: cloud-sql, region: eu}}\n"
	for _, test := range []struct {
		name, policy string
		high, self   rules.Ternary
	}{
		{"no file", "-", rules.Undecided, rules.Undecided},
		{"no inventory", "", rules.Undecided, rules.Undecided},
		{"product", "product: {sensitive: true}\n", rules.Undecided, rules.True},
		{"personal", stores + someData, rules.False, rules.True},
		{"secret only", stores + "data: [{name: token, class: secret, source: apollo, protection: not-stored}]\n", rules.False, rules.False},
		{"highly personal", stores + strings.Replace(someData, "class: pii", "class: pii-high", 1), rules.True, rules.True},
		{"not complete", stores + "data: [{name: job, class: confidential}]\n", rules.Undecided, rules.Undecided},
	} {
		_, g := weighing{policy: test.policy}.gather(t)
		states := map[string]rules.Ternary{}
		for _, f := range g.Facts {
			states[f.ID] = f.State
		}
		if states[factPIIHigh] != test.high || states[factSensitive] != test.self {
			t.Errorf("%s: %v, want %q and %q", test.name, states, test.high, test.self)
		}
	}
}
