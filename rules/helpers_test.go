package rules

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// testCatalogue is an invented catalogue that uses every feature of the real
// one once or twice.
func testCatalogue() *Catalogue {
	one := func(id string, category Category, use ...ControlUse) Requirement {
		return Requirement{ID: id, Marketplace: "tester", Category: category, Title: "Title of " + id, Controls: use, Assurance: []string{"M", "D", "A", "S", "L"}}
	}
	use := func(control string) ControlUse { return ControlUse{Control: control} }
	with := func(control string, p Parameters) ControlUse { return ControlUse{control, p} }
	year := func(seconds float64) map[string]float64 { return map[string]float64{"hsts-max-age-seconds": seconds} }
	return &Catalogue{
		Version: "2026-01-01",
		Marketplaces: []Marketplace{
			{ID: "tester", Name: "Tester", Requirements: []Requirement{
				one("T-TLS", Mandatory, use("tls")),
				one("T-CSRF", Mandatory, use("csrf")),
				one("T-DEP", Mandatory, with("dep", Parameters{MinBand: High})),
				one("T-SLA", Mandatory, use("vuln-sla")),
				one("T-SLA-CRITICAL", Mandatory, with("vuln-sla", Parameters{Bands: []Band{Critical}})),
				one("T-SLA-DEP", Mandatory, with("vuln-sla", Parameters{Sources: []string{"dependency"}})),
				one("T-DOC", Mandatory, use("docs")),
				one("T-CONSENT", Mandatory, use("consent")),
				one("T-HSTS-YEAR", Mandatory, with("hsts", Parameters{Minimum: year(31536000)})),
				one("T-HSTS-ANY", Recommended, with("hsts", Parameters{Minimum: year(1), Warn: year(31536000)})),
				one("T-KEYS", Recommended, with("rotation", Parameters{
					Maximum: map[string]float64{"secret-age-days": 180}, Warn: map[string]float64{"secret-age-days": 90}})),
				one("T-OAUTH", Mandatory, with("access", Parameters{Accept: []string{"oauth2-code"}, Require: []string{"run:calls"}})),
				one("T-BOTH", Recommended, use("tls"), use("csrf")),
				{ID: "T-LATER", Marketplace: "tester", Category: Mandatory, CountsFrom: "approved", Controls: []ControlUse{use("tls")}},
				one("T-STEP", Process, use("planned")),
			}},
			{ID: "other", Name: "Other", Requirements: []Requirement{
				{ID: "O-PLANNED", Marketplace: "other", Category: Mandatory, Controls: []ControlUse{use("planned")}},
				{ID: "O-BOTH", Marketplace: "other", Category: Mandatory, Controls: []ControlUse{use("planned-first")}},
				{ID: "O-PROOF", Marketplace: "other", Category: Mandatory, Controls: []ControlUse{use("planned-proof")}},
			}},
		},
		Controls: []Control{
			{ID: "tls", Verifiers: []Verifier{{ID: "G402", First: true, Code: true, CWE: []int{295}}, {ID: "MKT103", First: true, Code: true}, {ID: "probe:tls", Planned: true}}},
			{ID: "csrf", Verifiers: []Verifier{{ID: "MKT501", First: true, Code: true, CWE: []int{352}}},
				NotApplicable: NotApplicableWhen{NoneOf: []string{"cookie-auth", "uncovered-language"}, Text: "no route is authenticated by a cookie"}},
			{ID: "dep", Verifiers: []Verifier{{ID: "dependencies:audit", First: true}}, NotApplicable: NotApplicableWhen{NoneOf: []string{"dependencies"}}},
			{ID: "vuln-sla", Verifiers: []Verifier{{ID: "clock:due-dates", First: true}, {ID: "run:static-analysis", First: true}, {ID: "dependencies:audit", First: true}}},
			{ID: "sast", Verifiers: []Verifier{{ID: "run:static-analysis", First: true, Code: true}}},
			{ID: "docs", Verifiers: []Verifier{{ID: "document:architecture", First: true}}, Proof: [][]string{{"document:architecture"}}, HowToSatisfy: "Write the architecture down"},
			{ID: "consent", Verifiers: []Verifier{{ID: "statement:consent"}}, Proof: [][]string{{"statement:consent"}},
				NotApplicable: NotApplicableWhen{NoneOf: []string{"personal-data"}, Declared: true, Text: "no personal data"}},
			{ID: "hsts", Verifiers: []Verifier{{ID: "MKT105", First: true, Code: true}}},
			{ID: "rotation", Verifiers: []Verifier{{ID: "policy:secrets"}}, Proof: [][]string{{"policy:secrets"}}},
			{ID: "access", Verifiers: []Verifier{{ID: "run:oauth"}, {ID: "run:calls"}}, Proof: [][]string{{"run:oauth", "statement:access"}}},
			{ID: "planned", Verifiers: []Verifier{{ID: "MKT999", First: true, Planned: true}}},
			{ID: "planned-first", Verifiers: []Verifier{{ID: "document:x", First: true, Planned: true}}, Proof: [][]string{{"document:x"}}},
			{ID: "planned-proof", Verifiers: []Verifier{{ID: "document:x", Planned: true}}, Proof: [][]string{{"document:x"}}},
		},
	}
}

// goodEvidence is a repository that satisfies everything of marketplace tester.
func goodEvidence(observed string) *Evidence {
	e := &Evidence{
		Repository: "partner/app", Commit: strings.Repeat("ab", 20), ObservedAt: at(observed),
		Policy: Policy{Present: true, Path: ".github/staylisted.yml", Marketplaces: []Selection{{"tester", "published"}}},
		Coverage: Coverage{Modules: []ModuleCoverage{{Path: "example.com/app", Packages: Count{4, 4}}},
			Languages: nil},
		Advisories: AdvisorySource{Source: "testdata/advisories", Modified: at(observed).Add(-24 * time.Hour), SHA256: "00", Entries: 1},
		Observations: []Observation{
			{Verifier: "document:architecture", Control: "docs", Text: "docs/architecture.md has all sections"},
			{Verifier: "statement:consent", Control: "consent", Text: "consent is asked", Letter: "A"},
			{Verifier: "policy:secrets", Control: "rotation", Text: "API_KEY rotated", Measure: &Measurement{Name: "secret-age-days", Value: 30}},
			{Verifier: "run:oauth", Control: "access", Text: "x/oauth2", Tags: []string{"oauth2-code"}},
			{Verifier: "run:calls", Control: "access", Text: "calls the API", Tags: []string{"oauth2-code"}},
		},
	}
	for _, id := range []string{"cookie-auth", "dependencies", "personal-data"} {
		e.Facts = append(e.Facts, Fact{ID: id, State: True})
	}
	e.Facts = append(e.Facts, Fact{ID: "uncovered-language", State: False})
	for _, id := range []string{"G402", "MKT103", "MKT501", "MKT105", "dependencies:audit", "run:static-analysis", "document:architecture", "run:oauth", "run:calls"} {
		e.Runs = append(e.Runs, VerifierRun{Verifier: id, State: Complete})
	}
	return e
}

// codeFinding is a finding of control tls in db/open.go.
func codeFinding(rule string, class Class, score float64) Finding {
	f := Finding{
		ID: rule + "-1", Rule: rule, Title: "Title of " + rule, Control: "tls", Class: class, Source: "code",
		CVSS: &CVSS{Score: score, Source: FromRule}, Tokens: "t0",
		Location: Location{Path: "db/open.go", Line: 12, Symbol: "Open"},
	}
	f.Fingerprint = CodeKey(Family(rule), f.Location.Path, f.Location.Symbol, f.Tokens, 0)
	return f
}

// advisory is a vulnerable dependency; empty dates are not known.
func advisory(id string, score float64, published, adopted string) Finding {
	hit := &AdvisoryHit{IDs: []string{id}, Ecosystem: "Go", Package: "example.org/m", Version: "v1.0.0", Fixed: "v1.0.1"}
	if published != "" {
		hit.Published = at(published)
	}
	if adopted != "" {
		hit.Adopted = at(adopted)
	}
	return Finding{
		ID: id + "@example.org/m", Rule: id, Title: "Something bad", Control: "dep", Class: Violation, Source: "dependency",
		CVSS: &CVSS{Score: score, Source: FromGHSA}, Location: Location{Path: "go.mod"}, Advisory: hit,
		Fingerprint: AdvisoryKey(hit.IDs, hit.Package),
	}
}

func find(t *testing.T, r *Result, requirement string) Assessment {
	t.Helper()
	i := slices.IndexFunc(r.Assessments, func(a Assessment) bool { return a.Requirement == requirement })
	if i < 0 {
		t.Fatalf("no assessment of %s", requirement)
	}
	return r.Assessments[i]
}

func containsText(list []string, part string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.Contains(s, part) })
}
