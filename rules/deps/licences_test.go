package deps

import (
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

func TestLicenceExpression(t *testing.T) {
	for text, want := range map[string]string{
		"MIT":                         "MIT",
		"mit":                         "MIT",
		"(MIT OR Apache-2.0)":         "MIT OR Apache-2.0",
		"(mit or apache-2.0) AND ISC": "(MIT OR Apache-2.0) AND ISC",
		"MIT AND ISC OR 0BSD":         "MIT AND ISC OR 0BSD",
		"GPL-2.0+":                    "GPL-2.0+",
		"GPL-2.0-only WITH Classpath-exception-2.0": "GPL-2.0-only WITH Classpath-exception-2.0",
		"":                          NoAssertion,
		"UNLICENSED":                NoAssertion,
		"SEE LICENSE IN LICENSE.md": NoAssertion,
		"Apache License 2.0":        NoAssertion,
		"MIT OR":                    NoAssertion,
		"(MIT":                      NoAssertion,
		"MIT) OR (ISC":              NoAssertion,
		"AND":                       NoAssertion,
		"LicenseRef-own":            NoAssertion,
		strings.Repeat("(", 1<<20):  NoAssertion,
		strings.Repeat("(", 450) + "MIT" + strings.Repeat(")", 450): "MIT",
	} {
		if got := LicenceExpression(text); got != want {
			t.Errorf("LicenceExpression(%.60q) = %s, want %s", text, got, want)
		}
	}
	if got := AnyOf([]string{"MIT", "GPL-2.0-only", "MIT"}); got != "MIT OR GPL-2.0-only" {
		t.Errorf("AnyOf = %s", got)
	}
	if got := AllOf([]string{"MIT OR ISC", "0BSD"}); got != "(MIT OR ISC) AND 0BSD" {
		t.Errorf("AllOf = %s", got)
	}
	if got := AllOf([]string{"MIT AND ISC", "ISC"}); got != "MIT AND ISC" {
		t.Errorf("AllOf = %s", got)
	}
	if AnyOf(nil) != NoAssertion || AllOf([]string{"MIT", NoAssertion}) != NoAssertion {
		t.Error("what is not known counts as known")
	}
}

// TestDenied is the rule for expressions: every alternative of an OR, or any
// part of an AND.
func TestDenied(t *testing.T) {
	for _, test := range []struct {
		licence string
		deny    []string
		denied  bool
	}{
		{"AGPL-3.0-only", []string{"AGPL-3.0-only"}, true},
		{"AGPL-3.0", []string{"AGPL-3.0-only"}, true},
		{"AGPL-3.0-or-later", []string{"AGPL-3.0-only"}, true},
		{"agpl-3.0-ONLY", []string{"AGPL-3.0-only"}, true},
		{"GPL-2.0-or-later", []string{"GPL-2.0-only"}, false},
		{"GPL-2.0+", []string{"GPL-2.0-or-later"}, true},
		{"GPL-2.0-only WITH Classpath-exception-2.0", []string{"GPL-2.0-only"}, true},
		{"MIT OR GPL-2.0-only", []string{"GPL-2.0-only"}, false},
		{"MIT OR GPL-2.0-only", []string{"GPL-2.0-only", "MIT"}, true},
		{"MIT AND GPL-2.0-only", []string{"GPL-2.0-only"}, true},
		{"(MIT OR GPL-2.0-only) AND ISC", []string{"GPL-2.0-only"}, false},
		{"(MIT AND GPL-2.0-only) OR AGPL-3.0-only", []string{"GPL-2.0-only", "AGPL-3.0-only"}, true},
		{"MIT", nil, false},
		{"Apache-2.0", []string{"Apache-1.1"}, false},
	} {
		q := LicenceQuestion{Modules: []Module{{Ecosystem: Npm, Path: "a", Version: "1.0.0", Licence: test.licence, Manifest: "package-lock.json"}}, Deny: test.deny}
		g := Licences(&q)
		if got := len(g.Findings) == 1 && g.Findings[0].Rule == licenceDenied && g.Findings[0].Class == rules.Violation; got != test.denied || !test.denied && len(g.Findings) > 0 {
			t.Errorf("%s against %v: %+v", test.licence, test.deny, g.Findings)
		}
	}
}

func TestUnknownLicences(t *testing.T) {
	modules := func() []Module {
		return []Module{
			{Path: "example.com/none", Version: "v1.0.0", Manifest: "go.mod", Location: rules.Location{Path: "go.mod", Line: 4}},
			{Path: "example.com/none", Version: "v1.0.0", Manifest: "b/go.mod"},
			{Path: "example.com/tested", Version: "v1.0.0", Scope: "test", Manifest: "go.mod"},
			{Path: "example.com/mine", Version: "v1.0.0", Manifest: "go.mod", Replace: &Replacement{Path: "mine", Scanned: true}},
			{Ecosystem: PyPI, Path: "Flask_Thing", Version: "3.0.0", Licence: NoAssertion, Manifest: "poetry.lock"},
			{Ecosystem: PyPI, Path: "other", Version: "1.0", Licence: NoAssertion, Manifest: "poetry.lock"},
		}
	}
	q := LicenceQuestion{Modules: modules(), Silent: []string{"poetry.lock"}}
	g := Licences(&q)
	if len(g.Findings) != 2 || g.Findings[0].Location != (rules.Location{Path: "go.mod", Line: 4}) || g.Findings[0].Class != rules.Review ||
		!strings.Contains(g.Findings[0].Message, `component: "Go:example.com/none"`) ||
		!strings.Contains(g.Findings[1].Message, "poetry.lock has no place for licences, and those of 2 components are not known (Flask_Thing, other)") {
		t.Errorf("findings: %+v", g.Findings)
	}
	if q.Modules[0].Licence != NoAssertion || q.Modules[2].Licence != NoAssertion {
		t.Errorf("modules: %+v", q.Modules)
	}
	if len(g.Runs) != 1 || g.Runs[0].State != rules.Complete || g.Runs[0].Verifier != LicenceVerifier {
		t.Errorf("runs: %+v", g.Runs)
	}

	q = LicenceQuestion{Modules: modules(), Silent: []string{"poetry.lock"}, Deny: []string{"AGPL-3.0-only"}, Known: []KnownLicence{
		{"Go:example.com/none", "MIT"}, {"PyPI:flask-thing@3.0.0", "AGPL-3.0-only"}, {"pypi:other@2.0", "MIT"}, {"npm:absent", "MIT"},
	}}
	g = Licences(&q)
	if len(g.Findings) != 2 || g.Findings[0].Rule != licenceDenied || !strings.Contains(g.Findings[0].Message, "as the policy says") ||
		!strings.Contains(g.Findings[1].Message, "of 1 components are not known (other)") {
		t.Errorf("findings: %+v", g.Findings)
	}
	if strings.Join(g.Notes, "\n") != "licences.known names pypi:other@2.0, which is no component; correct the name or remove the entry\nlicences.known names npm:absent, which is no component; correct the name or remove the entry" {
		t.Errorf("notes: %q", g.Notes)
	}

	q.Gaps = []rules.Gap{{Subject: "package.json", Reason: "names dependencies and no lockfile says which"}}
	if run := Licences(&q).Runs[0]; run.State != rules.Broken || !strings.Contains(run.Reason, "package.json") {
		t.Errorf("with a gap: %+v", run)
	}
}

func FuzzLicenceExpression(f *testing.F) {
	for _, text := range []string{"MIT", "(MIT OR Apache-2.0) AND ISC", "GPL-2.0+ WITH x", "((", "LicenseRef-a"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := LicenceExpression(text)
		if again := LicenceExpression(got); got != NoAssertion && again != got {
			t.Errorf("LicenceExpression(%q) = %q, and of that %q", text, got, again)
		}
	})
}
