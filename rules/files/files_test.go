package files

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/catalog"
)

// everything is a repository in which every rule of the package finds
// something.
const everything = `-- .github/workflows/w.yml --
on: [issues, pull_request_target]
jobs:
  j:
    steps:
    - uses: actions/checkout@v4
      with: {ref: "${{ github.event.pull_request.head.sha }}"}
    - run: |
        echo ${{ github.event.issue.title }}
        echo ${{ secrets.KEY }}
        curl https://api.monday.com/v2
    - uses: goreleaser/goreleaser-action@08c6903cd8c0fde910a37f88322edcfb5dd907a8
      with: {args: release}
-- web/index.html --
<script src="https://cdn.other.io/a.js"></script>
<form><input name=a></form>
<script>alert(1)</script>
-- Dockerfile --
FROM alpine
ENV API_TOKEN=abc
-- migrations/1.sql --
CREATE TABLE a (token text);
`

func TestEveryRule(t *testing.T) {
	g := scanArchive(t, everything)
	found := map[string]bool{}
	for _, f := range g.Findings {
		found[f.Rule] = true
		if f.Location.Path == "" || f.Location.Line < 1 || f.Location.Column < 1 || f.Tokens == "" || f.Source != "file" || f.Control == "" || f.Title == "" {
			t.Errorf("%+v", f)
		}
		if strings.Contains(f.Message, "abc") {
			t.Errorf("a value is shown: %s", f.Message)
		}
	}
	ids := map[string]bool{}
	for _, r := range Rules() { // those about secrets have tests of their own
		ids[r.ID] = true
		if !found[r.ID] {
			t.Errorf("%s finds nothing", r.ID)
		}
		if r.Name == "" || r.Title == "" || r.Class == "" || len(r.Controls) == 0 || r.Flags == "" || r.Safe == "" || r.Remediation == "" || r.Wrong == "" || r.Right == "" || r.Tool != "staylisted" {
			t.Errorf("%+v", r)
		}
		if r.Vector != "" {
			if _, err := rules.Score(r.Vector, rules.FromRule); err != nil {
				t.Errorf("%s: %v", r.ID, err)
			}
		}
	}
	for id := range found {
		if !ids[id] {
			t.Errorf("%s is not described", id)
		}
	}
}

// TestControls makes sure that controls and verifiers are those of the
// catalogue.
func TestControls(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	asks := func(control, verifier string) bool {
		k, found := c.Control(control)
		return found && slices.ContainsFunc(k.Verifiers, func(v rules.Verifier) bool { return v.ID == rules.Family(verifier) })
	}
	for _, r := range Rules() {
		for _, control := range r.Controls {
			if !asks(control, rules.Family(r.ID)) {
				t.Errorf("%s: %s does not ask for it", r.ID, control)
			}
		}
	}
	g := scanArchive(t, everything)
	for _, s := range g.Shortfalls {
		if !asks(s.Control, s.Verifier) || s.Snippet == "" || s.In == "" || !strings.HasSuffix(s.Text, ".") {
			t.Errorf("%+v", s)
		}
	}
	for _, f := range families() {
		for _, v := range f.verifiers {
			if !slices.ContainsFunc(c.Controls, func(k rules.Control) bool { return asks(k.ID, v) }) {
				t.Errorf("no control asks for %s", v)
			}
		}
	}
}

func TestSameResult(t *testing.T) {
	a, b := scanArchive(t, everything), scanArchive(t, everything)
	if !reflect.DeepEqual(a, b) {
		t.Error("two scans of the same files differ")
	}
	moved := scanArchive(t, strings.ReplaceAll(everything, "jobs:", "# one\n# more\njobs:"))
	for i := range a.Findings {
		if a.Findings[i].Tokens != moved.Findings[i].Tokens || a.Findings[i].Location.Symbol != moved.Findings[i].Location.Symbol {
			t.Errorf("%+v became %+v", a.Findings[i], moved.Findings[i])
		}
	}
}

func TestEmptyAndStopped(t *testing.T) {
	for _, r := range structured(t.Context(), treeOf(""), options()).Runs {
		if r.State != rules.Complete && r.Verifier != "files:secret-history" {
			t.Errorf("an empty repository: %+v", r)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	g := structured(ctx, treeOf(everything), options())
	for _, v := range []string{workflowRule, workflowsVerifier, sriRule, inlineRule, htmlVerifier, dockerRule, migrationsVerifier, productionVerifier, hostsVerifier} {
		if run := runOf(t, g, v); run.State != rules.Broken || !strings.Contains(run.Reason, "stopped") {
			t.Errorf("%+v", run)
		}
	}
}

func TestContained(t *testing.T) {
	f := family{[]string{"a", "b"}, func(*repository) rules.Gathered { panic("a\x1b[31mbug") }}
	g := f.contained(nil)
	for _, v := range f.verifiers {
		if run := runOf(t, g, v); run.State != rules.Broken || !strings.Contains(run.Reason, "panicked: a\ufffd[31mbug") {
			t.Errorf("%+v", run)
		}
	}
}

// TestVerdicts asks the judgement what the evidence of this package does to the
// controls it speaks of.
func TestVerdicts(t *testing.T) {
	c, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Controls {
		for j := range c.Controls[i].Verifiers {
			c.Controls[i].Verifiers[j].Planned = false
		}
	}
	verdict := func(archive, control string) rules.Verdict {
		g := scanArchive(t, archive)
		e := rules.Evidence{ObservedAt: now, Findings: g.Findings, Observations: g.Observations, Shortfalls: g.Shortfalls,
			Policy: rules.Policy{Present: true, Marketplaces: []rules.Selection{{Marketplace: "test"}}},
			Facts:  []rules.Fact{{ID: "uncovered-language", State: rules.False}, {ID: "release-binaries", State: rules.True}}}
		k, _ := c.Control(control)
		ours := map[string]bool{}
		for _, r := range g.Runs {
			ours[r.Verifier] = true
		}
		e.Runs = g.Runs
		for _, v := range k.Verifiers { // everybody else ran and found nothing
			if !ours[v.ID] {
				e.Runs = append(e.Runs, rules.VerifierRun{Verifier: v.ID, State: rules.Complete})
			}
		}
		for _, group := range k.Proof {
			for _, id := range group {
				if !ours[id] && !slices.ContainsFunc(group, func(id string) bool { return ours[id] }) {
					e.Observations = append(e.Observations, rules.Observation{Verifier: id, Control: control, Text: "shown"})
				}
			}
		}
		one := rules.Catalogue{Version: c.Version, Controls: []rules.Control{k}, Marketplaces: []rules.Marketplace{{ID: "test", Name: "Test", Requirements: []rules.Requirement{
			{ID: "TEST-01", Marketplace: "test", Category: rules.Mandatory, Title: "t", Controls: []rules.ControlUse{{Control: control}}}}}}}
		report := rules.Assess(&one, &e, now)
		return report.Assessments[0].Verdict
	}
	schema := "-- openapi.yaml --\nopenapi: 3.1.0\npaths: {/a: {get: {}}}\n"
	for _, test := range []struct {
		archive, control string
		want             rules.Verdict
	}{
		{aWorkflow("push", "steps: [{run: make}]"), "repo-hardening", rules.Pass},
		{aWorkflow("push", "steps: [{uses: a/b@v1}]"), "repo-hardening", rules.Fail},
		{"-- .github/workflows/w.yml --\n[", "repo-hardening", rules.Unknown},
		{aWorkflow("push", "steps: [{run: \"echo ${{ secrets.A }}\"}]"), "no-secrets-in-repo", rules.Fail},
		{gateWorkflow("w.yml", everyTime, ownScan+zap), "ci-security-gates", rules.Pass},
		{gateWorkflow("w.yml", "push", ownScan+zap), "ci-security-gates", rules.NeedsEvidence},
		{"-- a.html --\n<form><input name=a required></form>\n", "input-validation-client", rules.Pass},
		{"-- a.html --\n<form><input name=a></form>\n", "input-validation-client", rules.NeedsEvidence},
		{schema, "allowlist-api-surface", rules.Pass},
		{"", "allowlist-api-surface", rules.NeedsEvidence},
		{"", "log-monitoring", rules.NeedsEvidence},
		{gateWorkflow("w.yml", "push", "    - uses: goreleaser/goreleaser-action@x\n      with: {args: release}\n"), "signed-updates", rules.Fail},
		{"-- Dockerfile --\nFROM alpine\n", "secure-coding-baseline", rules.NeedsEvidence},
		{"-- m/1.sql --\nCREATE TABLE a (token text);\n", "no-plaintext-secrets-storage", rules.NeedsEvidence},
		{"-- web/a.js --\nfetch('https://api.other.io')\n", "services-declared", rules.NeedsEvidence},
		{"-- x_test.go --\npackage x\nvar _ = Get(\"https://api.monday.com\")\nfunc f() { http.Get(\"https://api.monday.com\") }\n", "production-safety", rules.NeedsEvidence},
	} {
		if got := verdict(test.archive, test.control); got != test.want {
			t.Errorf("%s of %q is %s, want %s", test.control, test.archive, got, test.want)
		}
	}
}
