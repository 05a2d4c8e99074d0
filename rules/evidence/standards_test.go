package evidence

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/tree"
)

// goodInsights is a file as the format has it in version 2.
const goodInsights = `header:
  schema-version: 2.2.0
  last-updated: 2026-09-01
  last-reviewed: 2026-10-04
  url: https://github.com/example/sync
project:
  name: Sync
  administrators:
    - {name: Ada, primary: true, email: ada@example.com}
  repositories:
    - {name: sync, comment: all of it, url: https://github.com/example/sync}
  vulnerability-reporting:
    reports-accepted: true
    bug-bounty-available: false
    contact: {name: Security, primary: true, email: security@harbour.dev}
  documentation:
    design: https://github.com/example/sync/blob/main/docs/architecture.md
repository:
  status: active
  url: https://github.com/example/sync
  accepts-change-request: true
  accepts-automated-change-request: false
  core-team:
    - {name: Ada, primary: true}
  license: {url: https://example.com/LICENSE, expression: Apache-2.0}
  security:
    champions:
      - {name: Bob, primary: false, social: "@bob"}
    tools:
      - {name: gosec, type: SAST, rulesets: [default], integration: {adhoc: false, ci: true, release: false}, results: {}}
      - {name: hand, type: SAST, rulesets: [default], integration: {adhoc: true, ci: false, release: false}, results: {}}
    assessments:
      self: {comment: Done by the team., date: 2026-03-01}
      third-party:
        - {name: Report, comment: Nothing above medium was found., evidence: https://auditor.example.com/sync, date: 2026-06-10}
  release:
    automated-pipeline: true
    distribution-points: [{uri: https://example.com, comment: here}]
    attestations: [{name: slsa, location: https://example.com/a, predicate-uri: https://slsa.dev/provenance/v1}]
future-section: {of: a newer version}
`

func TestSecurityInsights(t *testing.T) {
	swap := func(old, new string) string {
		if !strings.Contains(goodInsights, old) {
			t.Fatalf("no %q in the file", old)
		}
		return strings.Replace(goodInsights, old, new, 1)
	}
	for _, test := range []struct{ name, text, contacts, audit string }{ // what is lacking; "" proves, "-" says nothing
		{"good", goodInsights, "", ""},
		{"CRLF", strings.ReplaceAll(goodInsights, "\n", "\r\n"), "", ""},
		{"a champion instead of a contact", swap("    contact: {name: Security, primary: true, email: security@harbour.dev}\n", ""), "", ""},
		{"a copied address", strings.Replace(swap("security@harbour.dev", "security@example.com"), `social: "@bob"`, "affiliation: Example", 1), "names no security contact", ""},
		{"no contact", strings.Replace(swap("    contact: {name: Security, primary: true, email: security@harbour.dev}\n", ""), `social: "@bob"`, "affiliation: Example", 1), "names no security contact", ""},
		{"no person", strings.NewReplacer("name: Ada, ", "").Replace(goodInsights), "names no person", ""},
		{"project elsewhere", strings.Replace(goodInsights[:strings.Index(goodInsights, "project:")], "url:", "project-si-source: https://example.com/si.yml\n  url:", 1) + "repository: {core-team: [{name: Ada}]}\n", "is not fetched", "-"},
		{"no third party", swap("third-party", "third-parties"), "", "-"},
		{"third party without date", swap(", date: 2026-06-10", ""), "", "has a date in the past"},
		{"third party to come", swap("date: 2026-06-10", "date: 2027-06-10"), "", "has a date in the past"},
		{"third party without a word", swap("comment: Nothing above medium was found.", `comment: "TBD"`), "", "has a date in the past"},
		{"version 1", swap("schema-version: 2.2.0", "schema-version: 1.0.0"), "schema-version is not 2", "schema-version is not 2"},
		{"no review", swap("  last-reviewed: 2026-10-04\n", ""), "header lacks the key last-reviewed", "header lacks"},
		{"reviewed some day", swap("last-reviewed: 2026-10-04", "last-reviewed: soon"), "last-reviewed is not a date", "not a date"},
		{"reviewed tomorrow", swap("last-reviewed: 2026-10-04", "last-reviewed: 2026-11-25"), "in the future", "in the future"},
		{"no header", goodInsights[strings.Index(goodInsights, "project:"):], "the file has no header", "no header"},
		{"a bad address", swap("email: security@harbour.dev", "email: security"), "email is not an e-mail address", "not an e-mail"},
		{"an alias", swap("name: Ada,", "name: &a Ada,"), "an anchor", "an anchor"},
		{"a key twice", swap("  url: https://github.com/example/sync\nproject:", "  url: https://github.com/example/sync\n  url: b\nproject:"), "appears twice", "appears twice"},
		{"a list for a mapping", swap("  vulnerability-reporting:\n", "  vulnerability-reporting: []\n  reporting:\n"), "vulnerability-reporting is a list", "is a list"},
		{"not YAML", "header: [", "security-insights.yml:1:9:", "security-insights.yml:1:9:"},
		{"empty", " \n", "the file says nothing", "the file says nothing"},
		{"two documents", goodInsights + "---\na: b\n", "a second document", "a second document"},
		{"huge", goodInsights + strings.Repeat("#", MaxSize), "larger than 256 KiB", "larger than 256 KiB"},
		{"not text", "\xff\xfe", "not UTF-8", "not UTF-8"},
	} {
		g := judged(t, map[string]string{".github/security-insights.yml": test.text}, nil, asOf)
		for control, want := range map[string]string{"contacts-declared": test.contacts, "independent-audit": test.audit} {
			lack, seen := lacking(g, insightsVerifier, control), len(observed(g, insightsVerifier, control)) > 0
			if seen != (want == "") || want == "-" && lack != "" || want != "-" && !strings.Contains(lack, want) || want == "" && lack != "" {
				t.Errorf("%s, %s: proved %v, lacking %q", test.name, control, seen, lack)
			}
		}
		if ranAs(g, insightsVerifier) != rules.Complete {
			t.Errorf("%s: %s", test.name, ranAs(g, insightsVerifier))
		}
	}
	g := judged(t, map[string]string{"SECURITY-INSIGHTS.yml": goodInsights}, nil, asOf)
	for control, ends := range map[string]string{"contacts-declared": "2027-10-05", "independent-audit": "2027-06-11"} {
		o := observed(g, insightsVerifier, control)
		if len(o) != 1 || o[0].Expires.Format(time.DateOnly) != ends || strings.Contains(o[0].Text, "@") {
			t.Errorf("%s: %+v", control, o)
		}
	}
	var told []string
	for _, f := range g.Facts {
		if f.ID == "security-insights" {
			for _, it := range f.Items {
				told = append(told, it.Name+" "+it.Detail)
			}
		}
	}
	if got := strings.Join(told, "; "); got != "tool SAST in CI: gosec; licence Apache-2.0; design https://github.com/example/sync/blob/main/docs/architecture.md; self-assessment 2026-03-01; release attestations 1" {
		t.Errorf("the fact tells %q", got)
	}
	// The page it names as the design is held to what any architecture document is.
	page := strings.Replace(goodDocument(documentKindOf("architecture")), "compliance: architecture\n", "", 1)
	for text, want := range map[string]int{page: 1, "# Design": 0} {
		for _, branch := range []string{"main", "release/2"} {
			si := strings.Replace(goodInsights, "/blob/main/", "/blob/"+branch+"/", 1)
			g := judged(t, map[string]string{"security-insights.yml": si, "docs/architecture.md": text}, nil, asOf)
			if got := len(observed(g, "document:architecture", "architecture-doc")); got != want || want == 0 && !strings.Contains(lacking(g, "document:architecture", "architecture-doc"), "docs/architecture.md does not count: the front matter is missing") {
				t.Errorf("design on %s: %d, lacking %q", branch, got, lacking(g, "document:architecture", "architecture-doc"))
			}
		}
	}
	if g := judged(t, nil, nil, asOf); ranAs(g, insightsVerifier) != rules.Complete || lacking(g, insightsVerifier, "contacts-declared") != "" {
		t.Error("an absent file says something")
	}
}

func TestSecurityTxt(t *testing.T) {
	const good = "# who to call\r\nContact: mailto:security@harbour.dev\r\nExpires: 2027-06-01T10:00:00Z\r\nPreferred-Languages: en\r\n"
	const signed = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n- -- a line\nContact: https://harbour.dev/report\nExpires: 2027-06-01T10:00:00z\n-----BEGIN PGP SIGNATURE-----\n\niQ:x y\n-----END PGP SIGNATURE-----\n"
	app := &File{Endpoints: []Endpoint{{URL: "https://app.example.com/"}}}
	for _, test := range []struct {
		name, path, text string
		file             *File
		lack             string // "" proves, "-" is not looked at
	}{
		{"good", ".well-known/security.txt", good, nil, ""},
		{"in the root", "security.txt", good, nil, ""},
		{"a copied address", "security.txt", strings.Replace(good, "harbour.dev", "example.com", 1), nil, "address of documentation"},
		{"served", "web/static/Security.txt", good, nil, ""},
		{"signed", "public/.well-known/security.txt", strings.Replace(signed, "- -- a line\n", "", 1), nil, ""},
		{"a line that is no field", "security.txt", signed, nil, "line 4 is neither a field nor a comment"},
		{"somewhere", "docs/security.txt", good, nil, "-"},
		{"a fixture", "testdata/static/security.txt", good, nil, "-"},
		{"no contact", "security.txt", "Expires: 2027-06-01T10:00:00Z\n", nil, "it has no Contact"},
		{"a bare address", "security.txt", strings.Replace(good, "mailto:", "", 1), nil, "Contact in line 2 is no address"},
		{"http", "security.txt", strings.Replace(good, "mailto:security@harbour.dev", "http://example.com", 1), nil, "Contact in line 2 is no address"},
		{"no end", "security.txt", "Contact: tel:+1-201-555-0123\n", nil, "0 Expires fields"},
		{"two ends", "security.txt", good + "Expires: 2027-06-01T10:00:00Z\n", nil, "2 Expires fields"},
		{"a bare date", "security.txt", strings.Replace(good, "T10:00:00Z", "", 1), nil, "Expires in line 3 is no date and time"},
		{"canonical", "security.txt", good + "Canonical: https://example.com/.well-known/security.txt\n", app, ""},
		{"canonical of a sister", "security.txt", good + "Canonical: https://www.example.com/.well-known/security.txt\n", app, ""},
		{"canonical elsewhere", "security.txt", good + "Canonical: https://other.example.net/.well-known/security.txt\n", app, "at other.example.net, where no endpoint"},
		{"not text", "security.txt", "Contact: \xff", nil, "not UTF-8"},
		{"huge", "security.txt", good + strings.Repeat("#", maxSecurityTxt), nil, "larger than what is read"},
	} {
		g := judged(t, map[string]string{test.path: test.text}, test.file, asOf)
		lack, o := lacking(g, securityTxtVerifier, "contacts-declared"), observed(g, securityTxtVerifier, "contacts-declared")
		if (len(o) > 0) != (test.lack == "") || test.lack == "" && lack != "" || test.lack == "-" && lack != "" || test.lack != "-" && !strings.Contains(lack, test.lack) {
			t.Errorf("%s: %+v, lacking %q", test.name, o, lack)
		}
		for _, o := range o {
			if !o.Expires.Equal(time.Date(2027, 6, 1, 10, 0, 0, 0, time.UTC)) {
				t.Errorf("%s: ends %v", test.name, o.Expires)
			}
		}
	}
	// A copy that is good makes up for one that is not.
	g := judged(t, map[string]string{"security.txt": "x", ".well-known/security.txt": good}, nil, asOf)
	if len(observed(g, securityTxtVerifier, "contacts-declared")) != 1 || lacking(g, securityTxtVerifier, "contacts-declared") != "" {
		t.Error("two copies")
	}
	// What the advice says is a file that counts.
	g = judged(t, map[string]string{"security.txt": "x"}, nil, asOf)
	for _, s := range g.Shortfalls {
		if s.Verifier == securityTxtVerifier {
			if f, problems := readSecurityTxt([]byte(strings.ReplaceAll(s.Snippet, "example.com", "harbour.dev"))); len(problems) > 0 || !f.expires.After(asOf) {
				t.Errorf("%q: %v", s.Snippet, problems)
			}
		}
	}
}

func TestSecurityPolicy(t *testing.T) {
	const good = "# Security\n\nWrite to security@harbour.dev. " + filler
	for _, test := range []struct{ name, path, text, lack string }{
		{"good", "SECURITY.md", good, ""},
		{"in .github", ".github/security.md", good, ""},
		{"a form", "docs/SECURITY.md", strings.Replace(good, "Write to security@harbour.dev.", "Use the [form](https://harbour.dev/report).", 1), ""},
		{"GitHub's form", "SECURITY.md", strings.Replace(good, "Write to security@harbour.dev.", "Use private vulnerability reporting on the Security tab.", 1), ""},
		{"no address", "SECURITY.md", filler, "names no way to report"},
		{"a copied address", "SECURITY.md", strings.Replace(good, "harbour.dev", "example.com", 1), "names no way to report"},
		{"an address in a comment", "SECURITY.md", filler + "<!-- security@harbour.dev -->", "names no way to report"},
		{"short", "SECURITY.md", "security@harbour.dev", "has 3 words and needs 25"},
		{"template", "SECURITY.md", "# Security Policy\n\nUse this section to tell people how to report a vulnerability.\n\n" + good, "GitHub's template"},
		{"to be written", "SECURITY.md", good + "\n\nTODO: versions", "something is to be written (line 5)"},
		{"skeleton", "SECURITY.md", policySkeleton, "something is to be written"},
		{"not text", "SECURITY.md", "\xff", "is not UTF-8 text"},
		{"elsewhere", "internal/SECURITY.md", good, "there is no SECURITY.md"},
	} {
		g := judged(t, map[string]string{test.path: test.text}, nil, asOf)
		lack, o := lacking(g, securityPolicyVerifier, "repo-hardening"), observed(g, securityPolicyVerifier, "contacts-declared")
		if (len(o) > 0) != (test.lack == "") || test.lack == "" && lack != "" || !strings.Contains(lack, test.lack) {
			t.Errorf("%s: %+v, lacking %q", test.name, o, lack)
		}
	}
}

func TestCodeowners(t *testing.T) {
	const all = "* @example/all\n"
	for _, test := range []struct {
		name, path, text string
		want             rules.Ternary
		detail           string
	}{
		{"none", "README.md", "", rules.False, "there is no CODEOWNERS file"},
		{"all", "CODEOWNERS", all, rules.True, "is valid"},
		{"CRLF and comments", ".github/CODEOWNERS", "# all\r\n\r\n* @example/all # us\r\n", rules.True, "is valid"},
		{"the file", "docs/CODEOWNERS", "/.github/staylisted.yml security@harbour.dev\n", rules.True, "is valid"},
		{"the folder", "CODEOWNERS", ".github/ @a\n", rules.True, "is valid"},
		{"the folder's name", "CODEOWNERS", "/.github @a\n", rules.True, "is valid"},
		{"its files", "CODEOWNERS", ".github/* @a\n", rules.True, "is valid"},
		{"by ending", "CODEOWNERS", "*.yml @a\n", rules.True, "is valid"},
		{"anywhere", "CODEOWNERS", "**/staylisted.yml @a\n", rules.True, "is valid"},
		{"another folder", "CODEOWNERS", "/docs/ @a\n", rules.False, "gives .github/staylisted.yml no owner"},
		{"files of the root", "CODEOWNERS", "/* @a\n", rules.False, "no owner"},
		{"taken back", "CODEOWNERS", all + "/.github/\n", rules.False, "no owner"},
		{"negated", "CODEOWNERS", all + "!/docs/ @a\n", rules.False, "line 2 uses a pattern"},
		{"nobody", "CODEOWNERS", "* all\n", rules.False, "line 1 names an owner"},
		{"not the first in order", "docs/CODEOWNERS", all, rules.True, "docs/CODEOWNERS is valid"},
		{"a long pattern", "CODEOWNERS", strings.Repeat("**/", 400) + " @a\n", rules.False, "line 1 uses a pattern"},
	} {
		g := judged(t, map[string]string{test.path: test.text}, nil, asOf)
		found := false
		for _, f := range g.Facts {
			if f.ID == FactCodeowners {
				found = true
				if f.State != test.want || !strings.Contains(f.Detail, test.detail) {
					t.Errorf("%s: %s, %s", test.name, f.State, f.Detail)
				}
			}
		}
		if !found {
			t.Errorf("%s: no fact", test.name)
		}
	}
}

// TestUnreadable: a standard's file that cannot be read is not an absent one.
func TestUnreadable(t *testing.T) {
	names := []string{"SECURITY.md", "security-insights.yml", "security.txt", "CODEOWNERS", "docs/a.md"}
	in := Input{Tree: tree.New(fstest.MapFS{"SECURITY.md/x": {}, "security-insights.yml/x": {}, "security.txt/x": {}, "CODEOWNERS/x": {}, "docs/a.md/x": {}}, names, nil), Now: asOf}
	g := documents(&in)
	for _, verifier := range []string{securityPolicyVerifier, insightsVerifier, securityTxtVerifier, "document:logging"} {
		if ranAs(g, verifier) != rules.Broken {
			t.Errorf("%s: %s", verifier, ranAs(g, verifier))
		}
	}
	for _, f := range g.Facts {
		if f.ID == FactCodeowners && f.State != rules.Undecided {
			t.Errorf("CODEOWNERS: %s", f.State)
		}
	}
}
