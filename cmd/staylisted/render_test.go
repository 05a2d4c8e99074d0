package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
)

var update = flag.Bool("update", false, "rewrite golden files and scripts with what the program prints")

// golden compares text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("differs from %s (run with -update after reading it):\n%s", path, got)
	}
}

// hostileText is what a repository may try.
const hostileText = "\x1b[2J@octocat\u202e <script> [x](https://evil.example)"

// sample is evidence with one of everything a report shows, judged by the real
// judgement.
func sample(t *testing.T) (*rules.Report, *rules.Catalogue, map[string]rules.Rule) {
	t.Helper()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	one := func(id string, more ...rules.Verifier) rules.Control {
		return rules.Control{ID: id, Title: "Control " + id, Statuses: "P F N X E U",
			Verifiers: append([]rules.Verifier{{ID: "R-" + id, First: true, Code: true}}, more...)}
	}
	requirement := func(id string, category rules.Category, controls ...string) rules.Requirement {
		market, _, _ := strings.Cut(id, "-")
		r := rules.Requirement{ID: id, Marketplace: strings.ToLower(market), Category: category, Title: "What " + id + " asks", Wording: "must", Source: "9:1"}
		for _, c := range controls {
			r.Controls = append(r.Controls, rules.ControlUse{Control: c})
		}
		return r
	}
	proof := one("papers", rules.Verifier{ID: "document:papers"})
	proof.Proof = [][]string{{"document:papers"}}
	proof.HowToSatisfy = "Write the paper and name it under `documents`."
	cat := &rules.Catalogue{
		Version: "2026-11-21",
		Marketplaces: []rules.Marketplace{
			{ID: "alpha", Name: "Alpha Market", Requirements: []rules.Requirement{
				requirement("ALPHA-01", rules.Mandatory, "tls"),
				requirement("ALPHA-02", rules.Mandatory, "secrets", "later"),
				requirement("ALPHA-03", rules.Mandatory, "later"),
				requirement("ALPHA-04", rules.Recommended, "tls", "hints"),
				requirement("ALPHA-05", rules.Mandatory, "papers"),
				requirement("ALPHA-06", rules.Mandatory, "hints"),
				requirement("ALPHA-07", rules.Mandatory, "deps"),
				requirement("ALPHA-08", rules.Mandatory, "fine"),
				requirement("ALPHA-09", rules.Recommended, "broken"),
			}},
			{ID: "beta", Name: "Beta & <Sons>", Requirements: []rules.Requirement{
				requirement("BETA-01", rules.Mandatory, "fine"),
				requirement("BETA-02", rules.Mandatory, "tls"),
			}},
		},
		Controls: []rules.Control{
			one("tls"), one("secrets"), one("later", rules.Verifier{ID: "MKT999", First: true, Planned: true}),
			one("hints"), proof, one("deps"), one("fine"), one("broken"),
		},
	}
	finding := func(rule, control string, class rules.Class, vector, path string, line int) rules.Finding {
		f := rules.Finding{
			ID: rule + "-" + path, Rule: rule, Title: "Title of " + rule, Control: control, Class: class, CWE: []int{319},
			Location: rules.Location{Path: path, Line: line, Column: 7, Symbol: "(*Server).Do"},
			Message:  "What " + rule + " saw here", Fingerprint: rules.CodeKey(rule, path, "Do", "x", line), Source: "code",
		}
		if vector != "" {
			score, err := rules.Score(vector, "rule")
			if err != nil {
				t.Fatal(err)
			}
			f.CVSS = &score
		}
		return f
	}
	const v91, v59, v33 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N", "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N", "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N"
	token := finding("T1", "tls", rules.Violation, v91, "internal/auth/token.go", 31)
	token.Steps = []rules.Step{
		{Location: rules.Location{Path: "internal/auth/token.go", Line: 28, Column: 9}, Message: "the token comes from the `Authorization` header"},
		{Location: rules.Location{Path: "internal/auth/token.go", Line: 31, Column: 7}, Message: "its claims are used " + hostileText},
	}
	findings := []rules.Finding{token}
	for i := range 7 {
		findings = append(findings, finding("T2", "tls", rules.Violation, v59, "cmd/main.go", 10+i))
		findings[i+1].ID += string(rune('a' + i))
	}
	odd := finding("T2", "tls", rules.Violation, v59, "dir"+hostileText+"/x.go", 3)
	odd.Message = hostileText
	vulnerable := finding("GO-0000-0009", "deps", rules.Violation, v91, "go.mod", 7)
	vulnerable.Message, vulnerable.Location.Symbol, vulnerable.Source = "Names lead out of the folder", "", "dependency"
	vulnerable.Advisory = &rules.AdvisoryHit{
		IDs: []string{"CVE-0000-0009", "GO-0000-0009"}, Ecosystem: "Go", Package: "example.com/legacy", Version: "v1.0.0", Fixed: "v1.2.0",
		Reach: "called", Symbols: []string{"Reader.Files"}, Published: now.AddDate(0, -2, 0), Adopted: now.AddDate(0, -1, 0),
	}
	excused := finding("S1", "secrets", rules.Violation, v59, "cmd/old.go", 4)
	excused.Suppressed = &rules.Suppression{Kind: "false-positive", Reason: "fixture " + hostileText, Owner: "@lead", Expires: "2027-01-31", Where: "comment cmd/old.go:4"}
	findings = append(findings, odd, vulnerable, excused,
		finding("H1", "hints", rules.Review, v59, "cmd/hint.go", 9),
		finding("I1", "", rules.Informational, v33, "cmd/note.go", 5))
	e := &rules.Evidence{
		Repository: "harbour/sync", Commit: "3f9c2e1a8b7d6c5e4f3a2b1c0d9e8f7a6b5c4d3e", ObservedAt: now,
		Policy: rules.Policy{Present: true, Path: ".github/staylisted.yml", Marketplaces: []rules.Selection{{Marketplace: "alpha"}, {Marketplace: "beta"}}},
		Facts:  []rules.Fact{{ID: "uncovered-language", State: rules.False}},
		Coverage: rules.Coverage{
			Modules:  []rules.ModuleCoverage{{Path: "example.com/harbour/sync", Dir: ".", Go: "1.26", Packages: rules.Count{Expected: 5, Analysed: 5}, Files: rules.Count{Expected: 12, Analysed: 12}, Lines: 1034}},
			Platform: rules.Platform{GOOS: "linux", GOARCH: "amd64", GoVersion: "go1.26.8"},
		},
		Advisories: rules.AdvisorySource{Source: "testdata/advisories", Modified: now.AddDate(0, 0, -1), SHA256: strings.Repeat("ab", 32), Entries: 7},
		Findings:   findings,
	}
	for _, c := range cat.Controls {
		run := rules.VerifierRun{Verifier: "R-" + c.ID, State: rules.Complete}
		if c.ID == "broken" {
			run = rules.VerifierRun{Verifier: "R-broken", State: rules.Broken, Reason: "it took more than 90 s on example.com/harbour/sync/big"}
		}
		e.Runs = append(e.Runs, run)
	}
	ruleset := map[string]rules.Rule{
		"T1": {ID: "T1", Name: "token-not-verified", Title: "Token is used without checking its signature", Remediation: "Parse it with `jwt.ParseWithClaims` and name the method.\n\nMore about it."},
		"T2": {ID: "T2", Name: "cleartext", Title: "Connection without TLS", Remediation: "Use TLS."},
	}
	report := rules.Assess(cat, e, now).Report(e, rules.Tool{Name: "staylisted", Version: "v0.1.0", Rules: "abc"}, rules.CatalogueRef{Version: cat.Version, SHA256: strings.Repeat("cd", 32)}, now)
	return report, cat, ruleset
}

func TestText(t *testing.T) {
	report, cat, ruleset := sample(t)
	view := textView{digest: newDigest(report, cat, ruleset), out: newPrinter(80, false), subject: "harbour/sync", notes: []string{"one suppression is naked " + hostileText}}
	text := renderText(view)
	golden(t, "sample.txt", text)
	if strings.ContainsFunc(strings.ReplaceAll(text, "\n", ""), hostile) {
		t.Error("the text acts on a terminal")
	}
	view = textView{digest: newDigest(report, cat, ruleset), out: newPrinter(80, false), subject: "harbour/sync", verbose: true}
	if long := renderText(view); strings.Count(long, "cmd/main.go:") != 7 {
		t.Errorf("--verbose does not list all places:\n%s", long)
	}
	view = textView{digest: newDigest(report, cat, ruleset), out: newPrinter(80, true), subject: "harbour/sync"}
	colored := renderText(view)
	for _, s := range []string{"\x1b[1;31mNON-COMPLIANT\x1b[0m", "\x1b[1;31mcritical 9.1\x1b[0m", `\x1b[2J`} {
		if !strings.Contains(colored, s) {
			t.Errorf("the coloured text lacks %q", s)
		}
	}
}

func TestMarkdown(t *testing.T) {
	report, cat, ruleset := sample(t)
	text := renderMarkdown(markdownView{digest: newDigest(report, cat, ruleset), subject: "harbour/sync", notes: []string{"see " + hostileText}})
	golden(t, "sample.md", text)
	for _, bad := range []string{"@octocat", "<script>", "[x](https:", "\x1b"} {
		// Inside a code span nothing is interpreted, and a line that begins
		// with an HTML element is not read as Markdown.
		var outside strings.Builder
		for line := range strings.Lines(text) {
			if bad == "[x](https:" && strings.HasPrefix(strings.TrimPrefix(line, "- "), "<details>") {
				continue
			}
			for i, part := range strings.Split(line, "`") {
				if i%2 == 0 {
					outside.WriteString(part)
				}
			}
		}
		if strings.Contains(outside.String(), bad) {
			t.Errorf("the page holds %q outside of a code span", bad)
		}
	}
}

// TestMarkdownFits makes sure that a report of any size stays a page GitHub
// accepts.
func TestMarkdownFits(t *testing.T) {
	report, cat, ruleset := sample(t)
	for i := range 3000 {
		f := report.Findings[0]
		f.Rule += decimal(i)
		f.ID += decimal(i)
		f.Message = strings.Repeat("long ", 200)
		report.Findings = append(report.Findings, f)
		report.Assessments[0].Findings = append(report.Assessments[0].Findings, f.ID)
	}
	text := renderMarkdown(markdownView{digest: newDigest(report, cat, ruleset), subject: "x"})
	if len(text) > maxMarkdown {
		t.Errorf("the page has %d bytes", len(text))
	}
	if !strings.Contains(text, "do not fit on this page") || !strings.Contains(text, "**Coverage**") {
		t.Error("the page does not say that it was cut, or lacks its end")
	}
}

// TestNotVerifiedYet holds the grouping of what is not built yet against the
// words of package rules.
func TestNotVerifiedYet(t *testing.T) {
	report, cat, ruleset := sample(t)
	d := newDigest(report, cat, ruleset)
	if len(d.unknown) == 0 {
		t.Fatal("the sample has nothing unknown")
	}
	last := d.unknown[len(d.unknown)-1]
	if strings.Join(last.requirements, " ") != "ALPHA-02 ALPHA-03" || strings.Join(last.waiting, " ") != "MKT999" {
		t.Errorf("waiting: %+v", last)
	}
	for _, u := range d.unknown[:len(d.unknown)-1] {
		if strings.Contains(u.reason, "this version of staylisted cannot") {
			t.Errorf("not grouped: %q", u.reason)
		}
	}
}
