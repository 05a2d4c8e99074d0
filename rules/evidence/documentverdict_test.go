package evidence

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/tree"
)

// working is the catalogue as it is when nothing this package gives is planned
// any more, with the limit of the drill.
func working(t *testing.T) *rules.Catalogue {
	c := *catalogue(t)
	c.Controls = slices.Clone(c.Controls)
	for i := range c.Controls {
		k := &c.Controls[i]
		k.Verifiers = slices.Clone(k.Verifiers)
		for j := range k.Verifiers {
			k.Verifiers[j].Planned = false
		}
	}
	c.Marketplaces = slices.Clone(c.Marketplaces)
	for i := range c.Marketplaces {
		m := &c.Marketplaces[i]
		m.Requirements = slices.Clone(m.Requirements)
		for j := range m.Requirements {
			r := &m.Requirements[j]
			r.Controls = slices.Clone(r.Controls)
			for n := range r.Controls {
				if use := &r.Controls[n]; use.Control == "incident-response" {
					use.Parameters.Maximum = map[string]float64{DrillAge: 3650}
					use.Parameters.Warn = map[string]float64{DrillAge: 365}
				}
			}
		}
	}
	return &c
}

// handbook is every document, complete, and what the standards ask for.
func handbook() map[string]string {
	files := map[string]string{"SECURITY.md": "# Security\n\nWrite to security@harbour.dev. " + filler}
	for i := range documentTable {
		files[documentTable[i].path] = goodDocument(&documentTable[i])
	}
	return files
}

// verdicts judges the requirements that rest on this package's verifiers.
func verdicts(t *testing.T, files map[string]string, facts []rules.Fact, at time.Time) map[string]rules.Assessment {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	c := working(t)
	p90, _ := parseDuration("P90D")
	in := Input{Catalogue: c, Tree: tree.New(fsys, slices.Collect(maps.Keys(files)), nil), Facts: facts, Now: at,
		File: &File{Name: PolicyPath, Marketplaces: []Marketplace{{ID: "druva", Phase: "approved"}, {ID: "apollo"}, {ID: "monday"}}, Data: []Data{{Name: "contact email", Class: "pii", Retention: p90}}}}
	g := documents(&in)
	// The rest of what the controls ask for, as if all of it had been clean.
	for _, k := range c.Controls {
		for _, v := range k.Verifiers {
			if !slices.ContainsFunc(g.Runs, func(r rules.VerifierRun) bool { return r.Verifier == v.ID }) {
				g.Complete(v.ID)
			}
		}
	}
	for control, verifier := range map[string]string{"contacts-declared": "policy:contacts", "incident-notification": "policy:incidents", "data-inventory": "policy:data", "sub-processors": "policy:sub-processors"} {
		g.Observations = append(g.Observations, rules.Observation{Verifier: verifier, Control: control, Text: "declared"})
	}
	applies := []rules.Fact{{ID: "uncovered-language", State: rules.False}, {ID: "data-store", State: rules.True}, {ID: "stores-data", State: rules.True}, {ID: "http-server", State: rules.True}, {ID: "outbound", State: rules.True}}
	e := rules.Evidence{ObservedAt: at, Policy: in.File.Policy(), Facts: append(applies, facts...), Runs: g.Runs, Findings: g.Findings, Observations: g.Observations, Shortfalls: g.Shortfalls}
	out := map[string]rules.Assessment{}
	for _, a := range rules.Assess(c, &e, at).Assessments {
		out[a.Requirement] = a
	}
	return out
}

// documentRequirements are requirements all of whose controls documents prove,
// with the document of each.
var documentRequirements = map[string]string{
	"DRUVA-OG-02": "architecture", "DRUVA-SC-13": "logging", "DRUVA-AP-10": "retention", "DRUVA-AP-13": "data-rights", "DRUVA-PA-02": "audit", "DRUVA-PA-03": "incident-response",
	"APOLLO-APPSEC-01": "onboarding", "APOLLO-APPSEC-11": "threat-model", "APOLLO-IR-01": "incident-response", "APOLLO-IR-02": "logging", "APOLLO-IR-04": "incident-response", "APOLLO-IR-05": "dr-bcp",
	"MONDAY-Q-01": "architecture", "MONDAY-Q-03": "incident-response",
}

// TestDocumentVerdicts: with all documents every requirement passes; without
// one, those that rest on it ask for it by name and by what to write; past its
// review it has expired, and two weeks before that it is at risk.
func TestDocumentVerdicts(t *testing.T) {
	for id, a := range verdicts(t, handbook(), nil, asOf) {
		if _, ours := documentRequirements[id]; ours && a.Verdict != rules.Pass {
			t.Errorf("%s with all documents: %s %v", id, a.Verdict, a.Reasons)
		}
	}
	for i := range documentTable {
		kind := &documentTable[i]
		files := handbook()
		delete(files, kind.path)
		without := verdicts(t, files, nil, asOf)
		files[kind.path] = strings.Replace(goodDocument(kind), "reviewed: 2026-10-04", "reviewed: 2025-11-20", 1) // ended the day before
		expired := verdicts(t, files, nil, asOf)
		files[kind.path] = strings.Replace(goodDocument(kind), "reviewed: 2026-10-04", "reviewed: 2025-11-21", 1) // its last day
		last := verdicts(t, files, nil, asOf)
		for id, of := range documentRequirements {
			if of != kind.id {
				if without[id].Verdict != rules.Pass {
					t.Errorf("%s without %s: %s", id, kind.id, without[id].Verdict)
				}
				continue
			}
			reasons := strings.Join(without[id].Reasons, "\n")
			if without[id].Verdict != rules.NeedsEvidence || !strings.Contains(reasons, kind.path) {
				t.Errorf("%s without its document: %s %q", id, without[id].Verdict, reasons)
			}
			if !slices.ContainsFunc(without[id].Missing, func(s rules.Shortfall) bool { return strings.Contains(s.Snippet, "compliance: "+kind.id) }) {
				t.Errorf("%s without its document tells nothing to copy: %+v", id, without[id].Missing)
			}
			if kind.id == "audit" && last[id].Verdict == rules.Pass {
				continue
			}
			if expired[id].Verdict != rules.Expired {
				t.Errorf("%s past its review: %s %v", id, expired[id].Verdict, expired[id].Reasons)
			}
			if a := last[id]; a.Verdict != rules.Pass || !slices.Contains(a.Flags, rules.AtRisk) || a.ValidUntil == nil || !a.ValidUntil.Equal(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)) {
				t.Errorf("%s on its last day: %s %v until %v", id, a.Verdict, a.Flags, a.ValidUntil)
			}
		}
	}
}

// TestDrillVerdict: a drill of more than a year ago puts a plan at risk, without
// a push.
func TestDrillVerdict(t *testing.T) {
	for _, test := range []struct {
		drill string
		risk  bool
	}{{"2025-11-21", false}, {"2025-11-20", true}, {"2025-11-15", true}} {
		files := handbook()
		kind := documentKindOf("incident-response")
		files[kind.path] = strings.Replace(files[kind.path], "2026-05-02", test.drill, 1)
		a := verdicts(t, files, nil, asOf)["APOLLO-IR-04"]
		if a.Verdict != rules.Pass || slices.Contains(a.Flags, rules.AtRisk) != test.risk {
			t.Errorf("%s: %s %v %v", test.drill, a.Verdict, a.Flags, a.Reasons)
		}
		if test.drill == "2025-11-21" && (a.ValidUntil == nil || !a.ValidUntil.Equal(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))) {
			t.Errorf("%s: valid until %v", test.drill, a.ValidUntil)
		}
	}
}

// TestDriftVerdict: what the documents do not name needs evidence; a
// contradiction fails.
func TestDriftVerdict(t *testing.T) {
	store := []rules.Fact{fact("nosql", "github.com/redis/go-redis")}
	if a := verdicts(t, handbook(), store, asOf)["DRUVA-OG-02"]; a.Verdict != rules.NeedsEvidence || !strings.Contains(strings.Join(a.Reasons, "\n"), "Store is missing") {
		t.Errorf("drift: %s %v", a.Verdict, a.Reasons)
	}
	data := []rules.Fact{fact("data-names", "date of birth|Person.DOB, stored"), fact("hosts", "api.stripe.com")}
	got := verdicts(t, handbook(), data, asOf)
	for _, id := range []string{"DRUVA-AP-06", "DRUVA-AP-08"} {
		if got[id].Verdict != rules.NeedsEvidence {
			t.Errorf("%s: %s %v", id, got[id].Verdict, got[id].Reasons)
		}
	}
	files := handbook()
	kind := documentKindOf("retention")
	files[kind.path] = strings.Replace(files[kind.path], "| contact email | P90D |", "| contact email | P30D |", 1)
	if a := verdicts(t, files, nil, asOf)["DRUVA-AP-10"]; a.Verdict != rules.Fail {
		t.Errorf("a contradiction: %s %v", a.Verdict, a.Reasons)
	}
}

// TestStandardsVerdict: a standard answers where the policy says nothing.
func TestStandardsVerdict(t *testing.T) {
	c := working(t)
	for name, text := range map[string]string{
		"security-insights.yml": goodInsights, ".well-known/security.txt": "Contact: https://harbour.dev/report\nExpires: 2027-01-01T00:00:00Z\n", "SECURITY.md": "Write to security@harbour.dev. " + filler,
		"README.md": "security@harbour.dev",
	} {
		g := judged(t, map[string]string{name: text}, nil, asOf)
		g.Complete("policy:contacts")
		e := rules.Evidence{ObservedAt: asOf, Runs: g.Runs, Observations: g.Observations, Shortfalls: g.Shortfalls}
		for _, a := range rules.Assess(c, &e, asOf).Assessments {
			if a.Requirement == "DRUVA-OG-01" && (a.Verdict == rules.Pass) != (name != "README.md") {
				t.Errorf("%s: %s %v", name, a.Verdict, a.Reasons)
			}
		}
	}
}
