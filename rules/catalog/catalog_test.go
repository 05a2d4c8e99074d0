package catalog

import (
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/staylisted/staylisted/rules"
)

func load(t testing.TB) *Pack {
	t.Helper()
	p, err := LoadPack()
	if err != nil {
		t.Fatalf("the embedded catalogue does not hold together:\n%v", err)
	}
	return p
}

// overlay returns the embedded files with some of them replaced or added.
func overlay(t testing.TB, changes map[string]string) fstest.MapFS {
	t.Helper()
	files, err := read(embedded)
	if err != nil {
		t.Fatal(err)
	}
	out := fstest.MapFS{}
	for _, f := range files {
		out[f.name] = &fstest.MapFile{Data: f.data}
	}
	for name, data := range changes {
		out[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return out
}

func TestCounts(t *testing.T) {
	c := load(t).Catalogue
	type key struct {
		marketplace string
		category    rules.Category
	}
	got := map[key]int{}
	for _, m := range c.Marketplaces {
		for _, r := range m.Requirements {
			got[key{m.ID, r.Category}]++
		}
	}
	want := map[key]int{
		{"apollo", rules.Mandatory}: 40, {"apollo", rules.Recommended}: 3, {"apollo", rules.Process}: 2,
		{"druva", rules.Mandatory}: 31, {"druva", rules.Recommended}: 11, {"druva", rules.Process}: 6,
		{"monday", rules.Mandatory}: 13, {"monday", rules.Process}: 1,
	}
	if !maps.Equal(got, want) {
		t.Errorf("requirements by marketplace and category: got %v, want %v", got, want)
	}
	if n := len(c.Controls); n != 71 {
		t.Errorf("%d controls, want 71", n)
	}
	var order []string
	for _, m := range c.Marketplaces {
		order = append(order, m.ID)
	}
	if want := []string{"druva", "apollo", "monday"}; !slices.Equal(order, want) {
		t.Errorf("marketplaces come as %v, want %v", order, want)
	}
}

func TestEveryControlIsUsed(t *testing.T) {
	c := load(t).Catalogue
	used := map[string]bool{}
	for _, m := range c.Marketplaces {
		for _, r := range m.Requirements {
			if len(r.Controls) == 0 {
				t.Errorf("%s has no control", r.ID)
			}
			for _, u := range r.Controls {
				used[u.Control] = true
				if _, ok := c.Control(u.Control); !ok {
					t.Errorf("%s names control %s, which does not exist", r.ID, u.Control)
				}
			}
		}
	}
	for _, k := range c.Controls {
		if !used[k.ID] {
			t.Errorf("no requirement uses control %s", k.ID)
		}
	}
}

// built lists what this version verifies besides gosec's rules.
var built = []string{
	"MKT101", "MKT102", "MKT103", "MKT104", "MKT105", "MKT106", "MKT201", "MKT202", "MKT203", "MKT206", "MKT207",
	"MKT208", "MKT209", "MKT210", "MKT211", "MKT301", "MKT302", "MKT303", "MKT304", "MKT305", "MKT306", "MKT307",
	"MKT308", "MKT309", "MKT310", "MKT401", "MKT402", "MKT403", "MKT404", "MKT405", "MKT406", "MKT408", "MKT501",
	"MKT502", "MKT503", "MKT504", "MKT505", "MKT506", "MKT507", "MKT508", "MKT601", "MKT602", "MKT603", "MKT605",
	"MKT701", "MKT702", "MKT703", "MKT704", "MKT705", "MKT706", "MKT707", "MKT801", "MKT802", "MKT804", "MKT806",
	"MKT901", "MKT902",
	"clock:due-dates", "clock:freshness", "dependencies:audit", "dependencies:licences", "document:architecture",
	"document:audit", "document:data-rights", "document:dr-bcp", "document:incident-response", "document:logging",
	"document:onboarding", "document:retention", "document:security-insights", "document:security-policy",
	"document:security-txt", "document:threat-model", "files:alert-rules", "files:api-schema", "files:hosts",
	"files:html", "files:secret-history", "files:migrations", "files:secrets", "files:workflows", "findings:violations", "import:dast",
	"import:sarif", "ledger:rotation", "policy:contacts", "policy:data", "policy:incidents", "policy:phase",
	"policy:questionnaire", "policy:secrets", "policy:services", "policy:stores", "policy:sub-processors",
	"probe:certificate", "probe:cookies", "probe:csp", "probe:domain", "probe:errors", "probe:headers", "probe:hsts",
	"probe:private-endpoints", "probe:referrer-policy", "probe:sri", "probe:tls", "probe:undeclared-paths",
	"run:architecture-drift", "run:data-names", "run:dependency-audit", "run:oauth-clients", "run:production-calls",
	"run:static-analysis", "settings:advisories", "settings:alerts", "settings:branch-rules", "settings:code-scanning",
	"settings:codeowners", "settings:dependabot", "settings:dependency-graph", "settings:people",
	"settings:private-reporting", "settings:releases", "settings:required-check", "settings:review-sample",
	"settings:secret-scanning", "settings:two-factor", "settings:workflow-token", "statement:attestation",
}

func TestVerifiersAreBuiltOrPlanned(t *testing.T) {
	p := load(t)
	seen := map[string]bool{}
	for _, k := range p.Catalogue.Controls {
		for _, v := range k.Verifiers {
			if !v.Planned {
				seen[v.ID] = true
			}
		}
	}
	want := map[string]bool{}
	for _, id := range built {
		want[id] = true
	}
	for _, e := range p.Gosec.Entries {
		if len(e.Rule.Controls) > 0 {
			want[e.Family] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(seen)) {
		if !want[id] {
			t.Errorf("verifier %s is not marked as planned, but is not built", id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(want)) {
		if !seen[id] {
			t.Errorf("verifier %s is built, but no control lists it", id)
		}
	}
	for _, r := range p.Planned {
		if slices.Contains(built, r.ID) {
			t.Errorf("rule %s is both built and planned", r.ID)
		}
	}
}

// TestNoPassUnseen holds the promise that a control passes only when somebody
// looked: verifiers that must run, or a proof.
func TestNoPassUnseen(t *testing.T) {
	for _, k := range load(t).Catalogue.Controls {
		first := slices.ContainsFunc(k.Verifiers, func(v rules.Verifier) bool { return v.First })
		if !first && len(k.Proof) == 0 {
			t.Errorf("%s: nothing has to run", k.ID)
		}
		for _, v := range k.Verifiers {
			if strings.HasPrefix(v.ID, "statement:") && v.First {
				t.Errorf("%s: a person's word comes first", k.ID)
			}
			if strings.HasPrefix(v.ID, "G") && !v.Code {
				t.Errorf("%s: %s reads code, but is not marked so", k.ID, v.ID)
			}
			if v.Code && strings.Contains(v.ID, ":") && !strings.HasPrefix(v.ID, "run:") {
				t.Errorf("%s: %s is marked as reading code", k.ID, v.ID)
			}
		}
	}
}

// TestCodeFlagIsSteady: a rule reads code everywhere or nowhere. Whole runs may
// differ: vuln-sla takes one as the source of findings only.
func TestCodeFlagIsSteady(t *testing.T) {
	code := map[string]bool{}
	for _, k := range load(t).Catalogue.Controls {
		for _, v := range k.Verifiers {
			if strings.HasPrefix(v.ID, "run:") {
				continue
			}
			if before, known := code[v.ID]; known && before != v.Code {
				t.Errorf("%s: %s reads code here and not elsewhere", k.ID, v.ID)
			}
			code[v.ID] = v.Code
		}
	}
}

// TestCodeFactsStandBesideLanguages: what is not seen in Go code may be in
// server code of another language.
func TestCodeFactsStandBesideLanguages(t *testing.T) {
	elsewhere := []string{"dependencies", "release-binaries", "browser-ui", "js", "html-output"}
	for _, k := range load(t).Catalogue.Controls {
		fromCode := slices.ContainsFunc(k.NotApplicable.NoneOf, func(id string) bool { return !slices.Contains(elsewhere, id) })
		if fromCode && !slices.Contains(k.NotApplicable.NoneOf, "uncovered-language") {
			t.Errorf("%s: facts read from Go code rule it out whatever else is in the repository", k.ID)
		}
	}
}

func TestParameters(t *testing.T) {
	c := load(t).Catalogue
	year := map[string]float64{"hsts-max-age-seconds": 31536000}
	days := func(n float64) map[string]float64 { return map[string]float64{"secret-age-days": n} }
	half := rules.Parameters{Maximum: days(180), Warn: days(90)}
	for _, test := range []struct {
		requirement, control string
		want                 rules.Parameters
	}{
		{"APOLLO-DATA-04", "hsts-one-year", rules.Parameters{Minimum: year}},
		{"DRUVA-NC-02", "hsts-one-year", rules.Parameters{Minimum: map[string]float64{"hsts-max-age-seconds": 1}, Warn: year}},
		{"APOLLO-APPSEC-02", "secret-rotation", rules.Parameters{Maximum: days(90)}},
		{"DRUVA-SC-09", "secret-rotation", half},
		{"DRUVA-AP-05", "secret-rotation", half},
		{"APOLLO-DATA-10", "secret-rotation", half},
		{"APOLLO-VULN-01", "vuln-sla", rules.Parameters{Bands: []rules.Band{rules.Critical}}},
		{"APOLLO-VULN-02", "vuln-sla", rules.Parameters{Bands: []rules.Band{rules.High}}},
		{"APOLLO-VULN-03", "vuln-sla", rules.Parameters{Bands: []rules.Band{rules.Medium}}},
		{"APOLLO-VULN-04", "vuln-sla", rules.Parameters{Bands: []rules.Band{rules.Low}}},
		{"APOLLO-APPSEC-09", "vuln-sla", rules.Parameters{Sources: []string{"dependency"}}},
		{"DRUVA-PA-04", "vuln-sla", rules.Parameters{}},
		{"MONDAY-Q-02", "vuln-sla", rules.Parameters{}},
		{"APOLLO-APPSEC-08", "dep-no-known-high", rules.Parameters{MinBand: rules.High}},
		{"APOLLO-ORG-01", "services-declared", rules.Parameters{Accept: []string{"api-apollo"}, Require: []string{"MKT801"}}},
		{"DRUVA-OG-03", "services-declared", rules.Parameters{}},
		{"APOLLO-ORG-02", "delegated-access", rules.Parameters{Accept: []string{"apollo:oauth2-code"}}},
		{"DRUVA-AP-01", "delegated-access", rules.Parameters{Without: []string{"MKT306", "policy:services"}, Accept: []string{
			"druva:oauth2-code", "druva:oauth2-client-credentials", "druva:oauth2-device", "druva:oauth2-jwt-bearer", "druva:oidc", "druva:api-token"}}},
		{"APOLLO-IR-01", "incident-notification", rules.Parameters{Maximum: map[string]float64{"incident-unnotified-hours": 24}}},
		{"MONDAY-Q-03", "incident-notification", rules.Parameters{Maximum: map[string]float64{"incident-unnotified-hours": 24}}},
		{"DRUVA-AP-03", "encryption-at-rest", rules.Parameters{Accept: []string{"aes-256"}}},
		{"APOLLO-DATA-01", "encryption-at-rest", rules.Parameters{Accept: []string{"full-disk"}}},
		{"DRUVA-SC-14", "dast-run", rules.Parameters{Accept: []string{"ci"}}},
		{"APOLLO-APPSEC-13", "dast-run", rules.Parameters{Maximum: map[string]float64{"dast-age-days": 90}}},
	} {
		r, ok := c.Requirement(test.requirement)
		if !ok {
			t.Errorf("%s does not exist", test.requirement)
			continue
		}
		i := slices.IndexFunc(r.Controls, func(u rules.ControlUse) bool { return u.Control == test.control })
		if i < 0 {
			t.Errorf("%s does not use %s", test.requirement, test.control)
			continue
		}
		if got := r.Controls[i].Parameters; !equal(got, test.want) {
			t.Errorf("%s, %s: got %+v, want %+v", test.requirement, test.control, got, test.want)
		}
	}
}

func equal(a, b rules.Parameters) bool {
	return slices.Equal(a.Bands, b.Bands) && a.MinBand == b.MinBand && slices.Equal(a.Sources, b.Sources) && slices.Equal(a.Without, b.Without) &&
		maps.Equal(a.Minimum, b.Minimum) && maps.Equal(a.Maximum, b.Maximum) && maps.Equal(a.Warn, b.Warn) &&
		slices.Equal(a.Accept, b.Accept) && slices.Equal(a.Require, b.Require)
}

// TestCountsFrom holds decision G11: rows that make sense only after a step.
func TestCountsFrom(t *testing.T) {
	for _, m := range load(t).Catalogue.Marketplaces {
		for _, r := range m.Requirements {
			want := ""
			switch {
			case strings.HasPrefix(r.ID, "DRUVA-PA-"):
				want = "approved"
			case r.ID == "MONDAY-GEN-01", strings.HasPrefix(r.ID, "MONDAY-BADGE-"):
				want = "published"
			case slices.Contains([]string{"APOLLO-ORG-03", "APOLLO-ORG-04", "APOLLO-ORG-05", "APOLLO-ORG-06"}, r.ID):
				want = "submitted"
			}
			if r.CountsFrom != want {
				t.Errorf("%s counts from %q, want %q", r.ID, r.CountsFrom, want)
			}
		}
	}
}

// TestPublishedIDs holds the promise that an id never changes its owner: every
// id that was ever published is in use or retired, and a new one is written
// down when it is published.
func TestPublishedIDs(t *testing.T) {
	data, err := os.ReadFile("testdata/published-ids.txt")
	if err != nil {
		t.Fatal(err)
	}
	published := strings.Fields(string(data))
	if !slices.IsSorted(published) || len(slices.Compact(slices.Clone(published))) != len(published) {
		t.Error("testdata/published-ids.txt is not sorted, or names an id twice")
	}
	p := load(t)
	var current []string
	for _, m := range p.Catalogue.Marketplaces {
		for _, r := range m.Requirements {
			current = append(current, r.ID)
		}
	}
	for _, k := range p.Catalogue.Controls {
		current = append(current, k.ID)
	}
	for _, e := range p.Gosec.Entries {
		current = append(current, e.Rule.ID)
	}
	for _, r := range p.Planned {
		current = append(current, r.ID)
	}
	for _, id := range built {
		if ownFamily.MatchString(id) {
			current = append(current, id)
		}
	}
	for _, id := range current {
		if !slices.Contains(published, id) {
			t.Errorf("%s is new: add it to testdata/published-ids.txt", id)
		}
	}
	for _, id := range published {
		if !slices.Contains(current, id) && !slices.Contains(p.Retired, id) {
			t.Errorf("%s was published and is gone: bring it back or retire it in catalogue.yml", id)
		}
	}
}

const acme = `id: acme
name: Acme App Directory
source:
  title: "Acme: rules for apps"
  code: "900"
  sha256: 0000000000000000000000000000000000000000000000000000000000000000
  read: "2026-11-21"
requirements:
  - id: ACME-NET-01
    category: MANDATORY
    wording: must
    title: Everything on the wire is encrypted
    source: "900:3"
    controls: [tls-1.2-or-higher, dep-no-known-high]
    parameters:
      dep-no-known-high: {min-band: critical}
    assurance: [L, M]
  - id: ACME-NET-02
    category: RECOMMENDED
    wording: should
    title: Old flaws do not stay open
    source: "900:4,7"
    counts-from: approved
    controls: [vuln-sla]
    assurance: [M]
`

func TestAddingAMarketplaceIsAddingAFile(t *testing.T) {
	before := load(t)
	after, err := Parse(overlay(t, map[string]string{"acme.yml": acme}))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(after.Catalogue.Marketplaces); n != len(before.Catalogue.Marketplaces)+1 {
		t.Fatalf("%d marketplaces", n)
	}
	m := after.Catalogue.Marketplaces[3]
	if m.ID != "acme" || m.Name != "Acme App Directory" || len(m.Requirements) != 2 {
		t.Errorf("got %+v", m)
	}
	if got := m.Requirements[0].Controls[1]; got.Control != "dep-no-known-high" || got.Parameters.MinBand != rules.Critical {
		t.Errorf("parameters are lost: %+v", got)
	}
	if r, ok := after.Catalogue.Requirement("ACME-NET-02"); !ok || r.Marketplace != "acme" || r.CountsFrom != "approved" {
		t.Errorf("requirement is lost: %+v", r)
	}
	if before.Digest == after.Digest {
		t.Error("another marketplace, the same digest")
	}
}

func TestDigest(t *testing.T) {
	p := load(t)
	if p.Digest != Digest() {
		t.Error("Digest and LoadPack disagree")
	}
	if !hexDigest.MatchString(p.Digest) {
		t.Errorf("digest is %q", p.Digest)
	}
	a := digest([]file{{"a.yml", []byte("xy")}, {"b.yml", []byte("z")}})
	b := digest([]file{{"a.yml", []byte("x")}, {"b.yml", []byte("yz")}})
	if a == b {
		t.Error("moving a byte between files keeps the digest")
	}
}

// TestFaults breaks the catalogue in one way at a time and expects to be told
// where and what.
func TestFaults(t *testing.T) {
	swap := func(name, old, new string) map[string]string {
		t.Helper()
		data, err := fs.ReadFile(embedded, name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(string(data), old) < 1 {
			t.Fatalf("%s does not hold %q", name, old)
		}
		return map[string]string{name: strings.Replace(string(data), old, new, 1)}
	}
	with := func(old, new string) map[string]string {
		if !strings.Contains(acme, old) {
			t.Fatalf("the invented marketplace does not hold %q", old)
		}
		return map[string]string{"acme.yml": strings.Replace(acme, old, new, 1)}
	}
	for _, test := range []struct {
		name    string
		changes map[string]string
		want    string
	}{
		{"unknown key", with("wording: must", "wordings: must"), `acme.yml:11: unknown key "wordings"`},
		{"repeated key", with("name: Acme", "name: X\nname: Acme"), `acme.yml:3: mapping key "name" already defined at line 2`},
		{"wrong type", with("controls: [vuln-sla]", "controls: 7"), "acme.yml:24: cannot unmarshal !!int `7`"},
		{"list as id", with("id: ACME-NET-02", "id: [x]"), "acme.yml:18: a single value is wanted here"},
		{"broken YAML", with("controls: [vuln-sla]", "controls: [vuln-sla"), "acme.yml:"},
		{"empty file", map[string]string{"acme.yml": ""}, "acme.yml: the file is empty"},
		{"two documents", map[string]string{"acme.yml": acme + "---\nid: x\n"}, "acme.yml: the file holds more than one document"},
		{"unknown control", with("controls: [vuln-sla]", "controls: [vuln-slo]"), `acme.yml:18: control "vuln-slo" does not exist`},
		{"control twice", with("controls: [vuln-sla]", "controls: [vuln-sla, vuln-sla]"), `acme.yml:18: control "vuln-sla" is named twice`},
		{"no control", with("controls: [vuln-sla]", "controls: []"), "acme.yml:18: no control is named"},
		{"no requirements", map[string]string{"acme.yml": acme[:strings.Index(acme, "  - id")]}, "acme.yml:1: there are no requirements"},
		{"id of another", with("ACME-NET-02", "DRUVA-SC-01"), `acme.yml:18: requirement id "DRUVA-SC-01" is not of the form ACME-XX-01`},
		{"id twice", with("ACME-NET-02", "ACME-NET-01"), `acme.yml:18: id "ACME-NET-01" is already used at acme.yml:9`},
		{"category", with("MANDATORY", "mandatory"), `acme.yml:9: category "mandatory" is not`},
		{"source", with(`"900:3"`, `"900"`), `acme.yml:9: source "900" is not of the form 900:line`},
		{"source code taken", with(`code: "900"`, `code: "001"`), `apollo.yml:1: source code "001" already belongs to acme`},
		{"digest", with("sha256: 0", "sha256: G"), "acme.yml:1: source sha256 is not"},
		{"date", with(`"2026-11-21"`, `"21.11.2026"`), `acme.yml:1: source read "21.11.2026" is not a date`},
		{"phase", with("counts-from: approved", "counts-from: soon"), `acme.yml:18: counts-from "soon" is not one of`},
		{"assurance", with("[L, M]", "[L, Q]"), `acme.yml:9: assurance: "Q" is not allowed`},
		{"title", with("on the wire is encrypted", "on the wire is encrypted."), "acme.yml:9: title is not one line without a full stop"},
		{"parameters without control", with("dep-no-known-high: {", "csp: {"), `acme.yml:9: parameters are given for control "csp"`},
		{"band", with("min-band: critical", "min-band: huge"), `acme.yml:9: min-band: "huge" is not allowed`},
		{"warn", with("{min-band: critical}", "{warn: {x-days: 1}}"), "acme.yml:9: warn limits x-days, which has neither"},
		{"warn outside", with("{min-band: critical}", "{maximum: {x-days: 1}, warn: {x-days: 2}}"), "acme.yml:9: warn limit of x-days lies outside"},
		{"bounds crossed", with("{min-band: critical}", "{maximum: {x-days: 1}, minimum: {x-days: 2}}"), "acme.yml:9: minimum of x-days is above"},
		{"stranger left out", with("{min-band: critical}", "{without: [MKT306]}"), `acme.yml:9: rule "MKT306" is left out, but control dep-no-known-high`},
		{"required stranger", with("{min-band: critical}", "{require: [MKT801]}"), `acme.yml:9: verifier "MKT801" is required, but control dep-no-known-high`},
		{"file name", map[string]string{"other.yml": acme}, `other.yml:1: the file of marketplace "acme" must be called acme.yml`},

		{"verifier", swap("controls.yml", `"policy:contacts"], first`, `"magic:contacts"], first`), `verifier "magic:contacts" is neither`},
		{"proof of a stranger", swap("controls.yml", `- ["document:dr-bcp"]`, `- ["document:audit"]`), `proof names "document:audit"`},
		{"person first", swap("controls.yml", `{ids: ["statement:attestation"]}`, `{ids: ["statement:attestation"], first: true}`), "is a person's word and cannot be first"},
		{"pass unseen", swap("controls.yml", `{ids: ["clock:freshness"], first: true}`, `{ids: ["clock:freshness"]}`), "control would pass unseen"},
		{"statuses", swap("controls.yml", "statuses: P F N E\n", "statuses: P F Q\n"), `statuses: "Q" is not allowed`},
		{"proof without N", swap("controls.yml", "statuses: P F N E\n", "statuses: P F E\n"), "control wants a proof, but its statuses lack N"},
		{"fact", swap("controls.yml", "none-of: [release-binaries]", "none-of: [binaries]"), `not-applicable none-of: "binaries" is not allowed`},
		{"built and planned", swap("controls.yml", `{ids: ["run:dependency-audit"], first: true}`, `{ids: ["run:static-analysis"], first: true, planned: true}`), "is planned in one control and built in another"},
		{"rule lost", swap("controls.yml", "{ids: [MKT904], planned: true}", `{ids: ["import:scorecard"], planned: true}`), "rule MKT904 speaks to control"},
		{"rule not first", swap("controls.yml", "{ids: [G121], first: true,", "{ids: [G121],"), "rule G121 must be a first verifier of control csrf-protection"},
		{"verifier without rule", swap("controls.yml", "{ids: [G121], first", "{ids: [G121, G404], first"), "verifier G404 is listed, but the rule does not name control csrf-protection"},
		{"control twice", swap("controls.yml", "- id: mass-assignment", "- id: staff-mfa"), `id "staff-mfa" is already used at controls.yml:`},
		{"empty controls", map[string]string{"controls.yml": "controls: []\n"}, "controls.yml: there are no controls"},

		{"vector", swap("gosec.yml", "vector: v31b", "vector: v1"), `vector "v1" does not exist`},
		{"expression", swap("gosec.yml", "message: '^TLS Bad Cipher Suite'", "message: '('"), "message: error parsing regexp"},
		{"class", swap("gosec.yml", "class: violation", "class: terrible"), `class: "terrible" is not allowed`},
		{"quality with control", swap("gosec.yml", "quality: true", "quality: true\n    controls: [csp]"), "a quality rule is informational and speaks to no control"},
		{"no message", swap("gosec.yml", "    message: '^TLS Bad Cipher Suite'\n", ""), "an entry of G402 before the last needs a message"},
		{"last with message", swap("gosec.yml", "id: G709", "id: G709\n    message: x"), "the last entry of G709 must take every message"},
		{"variant alone", swap("gosec.yml", "id: G709", "id: G709/gob"), "G709/gob: a variant's name is for families with several entries"},
		{"family torn", swap("gosec.yml", "id: G709", "id: G101"), "the entries of G101 do not stand together"},
		{"half an example", swap("gosec.yml", "    right: 'sum := sha256.Sum256(data)'\n", ""), "wrong and right come as a pair"},

		{"retired", swap("catalogue.yml", "retired: []", "retired: [MONDAY-Q-04]"), `id "MONDAY-Q-04" was retired and may not be used again`},
		{"version", swap("catalogue.yml", `version: "2026-11-21"`, "version: one"), `catalogue.yml: version "one" is not a date`},
		{"priority", swap("catalogue.yml", "priority: 2", "priority: 4"), "priority 4 is not 1, 2 or 3"},
		{"score", swap("vectors.yml", "score: 9.8", "score: 98"), "vectors.yml:3: score of vector v98"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse(overlay(t, test.changes))
			if err == nil {
				t.Fatal("accepted")
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got\n%v\nwant\n%s", err, test.want)
			}
		})
	}
}

func TestMissingFiles(t *testing.T) {
	for _, name := range []string{"catalogue.yml", "controls.yml", "gosec.yml", "vectors.yml"} {
		files := overlay(t, nil)
		delete(files, name)
		if _, err := Parse(files); err == nil || !strings.Contains(err.Error(), name+": the file is missing") {
			t.Errorf("without %s: %v", name, err)
		}
	}
	files := overlay(t, nil)
	for _, name := range []string{"druva.yml", "apollo.yml", "monday.yml"} {
		delete(files, name)
	}
	if _, err := Parse(files); err == nil || !strings.Contains(err.Error(), "there is no marketplace") {
		t.Errorf("without marketplaces: %v", err)
	}
}

// TestAllFaultsAtOnce: two faults in one file and one in another come together,
// in reading order.
func TestAllFaultsAtOnce(t *testing.T) {
	bad := strings.NewReplacer("MANDATORY", "x", "[vuln-sla]", "[nothing]").Replace(acme)
	worse := strings.NewReplacer("acme", "beta", "ACME", "BETA", `"900"`, `"9"`).Replace(acme)
	_, err := Parse(overlay(t, map[string]string{"acme.yml": bad, "beta.yml": worse}))
	if err == nil {
		t.Fatal("accepted")
	}
	rest := err.Error()
	for _, want := range []string{`acme.yml:9: category "x"`, `acme.yml:18: control "nothing"`, `beta.yml:1: source code "9"`} {
		_, after, ok := strings.Cut(rest, want)
		if !ok {
			t.Fatalf("%q is missing or out of order in\n%v", want, err)
		}
		rest = after
	}
}

// FuzzFiles reads anything as each kind of file: it is refused with a place, or
// what was read holds together.
func FuzzFiles(f *testing.F) {
	names := []string{"acme.yml", "catalogue.yml", "controls.yml", "gosec.yml", "vectors.yml"}
	f.Add(0, acme)
	for i, name := range names[1:] {
		data, err := fs.ReadFile(embedded, name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(i+1, string(data[:min(len(data), 2000)])) // long seeds make a slow fuzzer
	}
	for _, text := range []string{"id: &a [*a]\n", "id: acme\n---\n", "\xff\xfe", "controls:\n  - id: a\n    verifiers: [{}]\n", "rules:\n  - id: G101\n    message: '('\n"} {
		for i := range names {
			f.Add(i, text)
		}
	}
	base := load(f)
	f.Fuzz(func(t *testing.T, kind int, text string) {
		p := newParser()
		in := file{names[max(kind, 0)%len(names)], []byte(text)}
		switch in.name {
		case "acme.yml":
			p.pack.Catalogue.Controls = base.Catalogue.Controls
			for i, k := range base.Catalogue.Controls {
				p.controls[k.ID] = i
			}
			p.readMarketplace(in)
		case "catalogue.yml":
			p.readCatalogue(in)
		case "controls.yml":
			p.readControls(in)
		case "gosec.yml":
			p.pack.Vectors = base.Vectors
			p.readGosec(in)
		case "vectors.yml":
			p.readVectors(in)
		}
		for _, fault := range p.faults {
			if fault.at.file != in.name || fault.text == "" {
				t.Fatalf("a fault without place or text: %+v", fault)
			}
		}
		if len(p.faults) > 0 {
			return
		}
		for _, m := range p.pack.Catalogue.Marketplaces {
			for _, r := range m.Requirements {
				if !strings.HasPrefix(r.ID, "ACME-") || len(r.Controls) == 0 || r.Title == "" {
					t.Fatalf("accepted %+v", r)
				}
			}
		}
		for _, e := range p.pack.Gosec.Entries {
			if _, ok := p.pack.Gosec.Match(e.Family, text); !ok {
				t.Fatalf("accepted %s without an entry for the rest", e.Family)
			}
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}
