package sarif

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/staylisted/staylisted/rules"
)

// The shape a reader of the file sees, as far as tests look.
type log struct {
	Schema  string `json:"$schema"`
	Version string
	Runs    []run
}

type run struct {
	Tool struct {
		Driver struct {
			Name, Version, SemanticVersion, InformationURI string
			Rules                                          []descriptor
		}
	}
	Invocations []struct {
		ExecutionSuccessful        *bool
		ToolExecutionNotifications []struct {
			Level          string
			Message        message
			Locations      []location
			AssociatedRule *struct{ ID string }
			Descriptor     struct{ ID string }
		}
	}
	AutomationDetails        struct{ ID string }
	ColumnKind               string
	Results                  []result
	Taxonomies               []component
	VersionControlProvenance []struct {
		RepositoryURI, RevisionID string
		MappedTo                  struct{ URIBaseID string }
	}
}

type message struct{ Text, Markdown string }

type descriptor struct {
	ID, Name, HelpURI                       string
	ShortDescription, FullDescription, Help message
	DefaultConfiguration                    struct{ Level string }
	Properties                              map[string]any
}

type component struct {
	Name, GUID string
	Taxa       []descriptor
}

type location struct {
	PhysicalLocation struct {
		ArtifactLocation struct{ URI, URIBaseID string }
		Region           struct{ StartLine, StartColumn, EndLine, EndColumn int }
	}
	LogicalLocations []struct{ FullyQualifiedName string }
	Message          message
}

type result struct {
	RuleID    string
	RuleIndex int
	Level     string
	Message   message
	Locations []location
	Taxa      []struct {
		ID            string
		Index         int
		ToolComponent struct {
			Name  string
			Index int
		}
	}
	CodeFlows []struct {
		ThreadFlows []struct {
			Locations []struct{ Location location }
		}
	}
	PartialFingerprints map[string]string
	Suppressions        []struct {
		Kind, Status, Justification string
		Location                    location
	}
	Properties map[string]any
}

func catalogue() *rules.Catalogue {
	return &rules.Catalogue{
		Version: "2026-11-01",
		Marketplaces: []rules.Marketplace{
			{ID: "harbour", Name: "Harbour Market", Requirements: []rules.Requirement{
				{ID: "HARBOUR-01", Category: rules.Mandatory, Title: "Queries take parameters", Controls: []rules.ControlUse{{Control: "no-injection-query"}}},
				{ID: "HARBOUR-02", Category: rules.Recommended, Title: "Code follows a practice", Controls: []rules.ControlUse{{Control: "no-injection-query"}, {Control: "baseline"}}},
				{ID: "HARBOUR-03", Category: rules.Mandatory, Title: "Critical flaws are mended in four weeks",
					Controls: []rules.ControlUse{{Control: "vuln-sla", Parameters: rules.Parameters{Bands: []rules.Band{rules.Critical}}}}},
				{ID: "HARBOUR-04", Category: rules.Mandatory, Title: "High flaws are mended in six weeks",
					Controls: []rules.ControlUse{{Control: "vuln-sla", Parameters: rules.Parameters{Bands: []rules.Band{rules.High}}}}},
			}},
			{ID: "lagoon", Name: "Lagoon Store", Requirements: []rules.Requirement{
				{ID: "LAGOON-9", Category: rules.Mandatory, Title: "No injection", Controls: []rules.ControlUse{{Control: "no-injection-query"}}},
			}},
		},
	}
}

func ran() []rules.Rule {
	return []rules.Rule{
		{ID: "MKT201", Name: "request-in-query", Title: "Request input becomes part of a query", Class: rules.Violation,
			Controls: []string{"no-injection-query"}, CWE: []int{89}, Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
			Flags: "Text from a request is joined into `SQL`.", Safe: "Parameters.", Remediation: "Use **placeholders**.",
			Wrong: "db.Query(\"…\" + name)", Right: "db.Query(\"… $1\", name)", Tool: "staylisted"},
		{ID: "G304", Name: "file-inclusion", Title: "A variable names a file", Class: rules.Informational, CWE: []int{22},
			Vector: "CVSS:3.1/AV:N/AC:H/PR:L/UI:N/S:U/C:L/I:N/A:N", Flags: "A path that is not constant.", Tool: "gosec"},
		{ID: "MKT801", Name: "host-not-declared", Title: "A host is not declared", Class: rules.Violation, Flags: "An undeclared host.", Tool: "staylisted"},
		{ID: "G201", Name: "sql-format", Title: "A query is formatted", Class: rules.Review, Controls: []string{"no-injection-query"},
			CWE: []int{89}, Vector: "CVSS:3.1/AV:N/AC:H/PR:L/UI:N/S:U/C:H/I:H/A:N", Flags: "A formatted query.", Tool: "gosec"},
	}
}

var tree = fstest.MapFS{
	"main.go":             {Data: []byte("package main\n\nfunc main() {\n\tdb.Query(\"🦊\" + name)\n}\n")},
	"go.mod":              {Data: []byte("module example.com/app\n\nrequire golang.org/x/net v0.1.0\n")},
	"tools/gen/gen.go":    {Data: []byte("package gen\r\n\r\nvar x = 1\r\n")},
	"web/größe #1/a b.js": {Data: []byte("eval(x)\n")},
}

// report is a scan of two modules with a finding of every kind.
func report() *rules.Report {
	critical := &rules.CVSS{Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Score: 9.8, Band: rules.Critical}
	return &rules.Report{
		Repository:  "acme/app",
		Commit:      strings.Repeat("0123456789", 4),
		GeneratedAt: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC),
		Tool:        rules.Tool{Name: "staylisted", Version: "v1.2.3"},
		Coverage: rules.Coverage{Modules: []rules.ModuleCoverage{
			{Path: "example.com/app/tools", Dir: "tools", Packages: rules.Count{Expected: 1, Analysed: 1}},
			{Path: "example.com/app", Dir: ".", Packages: rules.Count{Expected: 2, Analysed: 2}},
		}},
		Findings: []rules.Finding{
			{ID: "MKT201-1", Rule: "MKT201", Title: "Request input becomes part of a query", Control: "no-injection-query",
				Requirements: []string{"HARBOUR-01", "HARBOUR-02", "LAGOON-9"}, Class: rules.Violation, CWE: []int{89}, CVSS: critical,
				Location: rules.Location{Path: "main.go", Line: 4, Column: 18, EndLine: 4, EndColumn: 22, Symbol: "main"},
				Message:  "name reaches the query: args[0](r)", Fingerprint: "aa11", Source: "code",
				Due: &rules.Due{On: "2026-12-19", State: "open"},
				Steps: []rules.Step{
					{Location: rules.Location{Path: "main.go", Line: 3, Column: 1, Symbol: "main"}, Message: "the request is read"},
					{Location: rules.Location{Path: "/usr/local/go/src/database/sql/sql.go", Line: 10, Symbol: "(*DB).Query"}, Message: "calls (*DB).Query"},
				}},
			{ID: "GO-2026-1@x/net", Rule: "GO-2026-1", Title: "Endless loop in golang.org/x/net/html", Control: "vuln-sla",
				Requirements: []string{"HARBOUR-04"}, Class: rules.Violation, CWE: []int{835, 400},
				CVSS:     &rules.CVSS{Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", Score: 7.5, Band: rules.High},
				Location: rules.Location{Path: "go.mod", Line: 3, Column: 9}, Message: "golang.org/x/net v0.1.0 is affected and called.",
				Fingerprint: "bb22", Source: "dependency",
				Advisory: &rules.AdvisoryHit{IDs: []string{"CVE-2026-1", "GO-2026-1"}, Ecosystem: "Go", Package: "golang.org/x/net",
					Version: "v0.1.0", Fixed: "v0.2.0", Reach: "called"}},
			{ID: "G201-1", Rule: "G201", Class: rules.Review, CVSS: &rules.CVSS{Score: 6.8, Band: rules.Medium}, Fingerprint: "cc33",
				Location: rules.Location{Path: "tools/gen/gen.go", Line: 3}, Message: "formatted", Source: "code"},
			{ID: "MKT801-1", Rule: "MKT801", Class: rules.Violation, Fingerprint: "dd44",
				Location: rules.Location{Path: "web/größe #1/a b.js"}, Message: "host", Source: "file"},
			{ID: "G304-1", Rule: "G304", Class: rules.Informational, Fingerprint: "ee55", CVSS: &rules.CVSS{Score: 3.1, Band: rules.Low},
				Location: rules.Location{Path: "main.go", Line: 1}, Message: "file", Source: "code"},
			{ID: "MKT201-2", Rule: "MKT201", Class: rules.Violation, Fingerprint: "ff66", CVSS: critical,
				Location: rules.Location{Path: "main.go", Line: 5}, Message: "excused", Source: "code",
				Suppressed: &rules.Suppression{Kind: "false-positive", Reason: "constant after all", Owner: "@ada", Expires: "2027-01-31", Where: "comment main.go:3"}},
			{ID: "MKT801-2", Rule: "MKT801", Class: rules.Violation, Fingerprint: "gg77", Message: "a setting", Source: "settings"},
		},
	}
}

func input() Input {
	return Input{Report: report(), Rules: ran(), Catalogue: catalogue(), Source: func(p string) ([]byte, error) { return fs.ReadFile(tree, p) }}
}

func write(t *testing.T, in Input, opts Options) (log, []byte) {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, in, opts); err != nil {
		t.Fatal(err)
	}
	var l log
	if err := json.Unmarshal(out.Bytes(), &l); err != nil {
		t.Fatal(err)
	}
	for _, r := range l.Runs {
		for _, res := range r.Results {
			if res.RuleIndex >= len(r.Tool.Driver.Rules) || r.Tool.Driver.Rules[res.RuleIndex].ID != res.RuleID {
				t.Errorf("%s: ruleIndex %d points elsewhere", res.RuleID, res.RuleIndex)
			}
			for _, taxon := range res.Taxa {
				if c := r.Taxonomies[taxon.ToolComponent.Index]; c.Name != taxon.ToolComponent.Name || c.Taxa[taxon.Index].ID != taxon.ID {
					t.Errorf("%s: taxon %s points elsewhere", res.RuleID, taxon.ID)
				}
			}
		}
		for _, d := range r.Tool.Driver.Rules {
			if d.Name == "" || d.ShortDescription.Text == "" || d.FullDescription.Text == "" || d.Help.Text == "" || d.Help.Markdown == "" {
				t.Errorf("rule %s lacks a text: %+v", d.ID, d)
			}
			if len(d.Name) > maxName || len(d.ShortDescription.Text) > maxDescription || len(d.FullDescription.Text) > maxDescription {
				t.Errorf("rule %s has a text over GitHub's limit", d.ID)
			}
		}
	}
	return l, out.Bytes()
}

func findRule(t *testing.T, r run, id string) descriptor {
	t.Helper()
	i := slices.IndexFunc(r.Tool.Driver.Rules, func(d descriptor) bool { return d.ID == id })
	if i < 0 {
		t.Fatalf("no rule %s", id)
	}
	return r.Tool.Driver.Rules[i]
}

func tagsOf(d descriptor) []string {
	var out []string
	for _, tag := range d.Properties["tags"].([]any) {
		out = append(out, tag.(string))
	}
	return out
}

func TestWriteRuns(t *testing.T) {
	l, _ := write(t, input(), Options{})
	if l.Version != "2.1.0" || l.Schema == "" || len(l.Runs) != 2 {
		t.Fatalf("version %q, schema %q, %d runs", l.Version, l.Schema, len(l.Runs))
	}
	root, tools := l.Runs[0], l.Runs[1]
	if root.AutomationDetails.ID != "marketplace-compliance/root/" || tools.AutomationDetails.ID != "marketplace-compliance/tools/" {
		t.Errorf("categories %q and %q", root.AutomationDetails.ID, tools.AutomationDetails.ID)
	}
	d := root.Tool.Driver
	if d.Name != "staylisted" || d.Version != "1.2.3" || d.SemanticVersion != "1.2.3" || d.InformationURI == "" || root.ColumnKind != "utf16CodeUnits" {
		t.Errorf("driver %+v, columns %q", d, root.ColumnKind)
	}
	var ids [2][]string
	for i, r := range l.Runs {
		for _, d := range r.Tool.Driver.Rules {
			ids[i] = append(ids[i], d.ID)
		}
	}
	if want := []string{"G201", "G304", "GO-2026-1", "MKT201", "MKT801"}; !slices.Equal(ids[0], want) {
		t.Errorf("rules of the root: %v, want %v", ids[0], want)
	}
	if want := []string{"G201", "G304", "MKT201", "MKT801"}; !slices.Equal(ids[1], want) {
		t.Errorf("rules of tools: %v, want %v", ids[1], want)
	}
	var got []string
	for _, r := range root.Results {
		got = append(got, r.RuleID+" "+r.Level+" "+r.Locations[0].PhysicalLocation.ArtifactLocation.URI)
	}
	want := []string{"GO-2026-1 error go.mod", "MKT201 error main.go", "MKT801 error web/gr%C3%B6%C3%9Fe%20%231/a%20b.js"}
	if !slices.Equal(got, want) {
		t.Errorf("results of the root:\n got %q\nwant %q", got, want)
	}
	if len(tools.Results) != 1 || tools.Results[0].Level != "note" {
		t.Errorf("results of tools: %+v", tools.Results)
	}
	p := root.VersionControlProvenance
	if len(p) != 1 || p[0].RepositoryURI != "https://github.com/acme/app" || p[0].RevisionID != report().Commit {
		t.Errorf("provenance %+v", p)
	}
	if inv := root.Invocations[0]; inv.ExecutionSuccessful == nil || !*inv.ExecutionSuccessful ||
		len(inv.ToolExecutionNotifications) != 1 || inv.ToolExecutionNotifications[0].Descriptor.ID != problemNoPlace {
		t.Errorf("invocation %+v", inv)
	}
}

func TestWriteResult(t *testing.T) {
	l, _ := write(t, input(), Options{})
	r := l.Runs[0].Results[1]
	if r.RuleID != "MKT201" {
		t.Fatalf("unexpected order: %s", r.RuleID)
	}
	if want := `name reaches the query: args\[0\](r)`; r.Message.Text != want {
		t.Errorf("message %q, want %q", r.Message.Text, want)
	}
	// db.Query("🦊" + name): byte 18 is column 16, the fox has four bytes and two units.
	place := r.Locations[0].PhysicalLocation
	if g := place.Region; g.StartLine != 4 || g.StartColumn != 16 || g.EndLine != 4 || g.EndColumn != 20 || place.ArtifactLocation.URIBaseID != sourceRoot {
		t.Errorf("place %+v", place)
	}
	if got := r.Locations[0].LogicalLocations; len(got) != 1 || got[0].FullyQualifiedName != "main" {
		t.Errorf("logical location %+v", got)
	}
	hash := LineHashes(tree["main.go"].Data)[3]
	if r.PartialFingerprints[lineHashKey] != hash || r.PartialFingerprints[FingerprintKey] != "aa11" || len(r.PartialFingerprints) != 2 {
		t.Errorf("fingerprints %v, want line hash %s", r.PartialFingerprints, hash)
	}
	var taxa []string
	for _, x := range r.Taxa {
		taxa = append(taxa, x.ToolComponent.Name+" "+x.ID)
	}
	if want := []string{"Harbour Market HARBOUR-01", "Harbour Market HARBOUR-02", "Lagoon Store LAGOON-9"}; !slices.Equal(taxa, want) {
		t.Errorf("taxa %q, want %q", taxa, want)
	}
	steps := r.CodeFlows[0].ThreadFlows[0].Locations
	if len(steps) != 2 {
		t.Fatalf("%d steps", len(steps))
	}
	outside := steps[1].Location
	if outside.PhysicalLocation.ArtifactLocation.URI != "main.go" || outside.PhysicalLocation.Region.StartLine != 3 || outside.Message.Text != "calls (*DB).Query" {
		t.Errorf("a step outside the repository stands at %+v", outside)
	}
	if len(r.Suppressions) != 0 || r.Properties["due"] != "2026-12-19" || r.Properties["score"] != "9.8" {
		t.Errorf("suppressions %v, properties %v", r.Suppressions, r.Properties)
	}
}

func TestWriteRule(t *testing.T) {
	l, _ := write(t, input(), Options{})
	mkt, advisory, policy := findRule(t, l.Runs[0], "MKT201"), findRule(t, l.Runs[0], "GO-2026-1"), findRule(t, l.Runs[0], "MKT801")
	if want := []string{"security", "external/cwe/cwe-089", "band:critical", "HARBOUR-01", "LAGOON-9", "HARBOUR-02"}; !slices.Equal(tagsOf(mkt), want) {
		t.Errorf("tags %q, want %q", tagsOf(mkt), want)
	}
	if mkt.Properties["security-severity"] != "9.8" || mkt.Properties["precision"] != "high" || mkt.DefaultConfiguration.Level != "error" {
		t.Errorf("properties %v, level %s", mkt.Properties, mkt.DefaultConfiguration.Level)
	}
	for _, part := range []string{"Text from a request", "**placeholders**", "```\ndb.Query", "CWE-89", "HARBOUR-01 (MANDATORY)"} {
		if !strings.Contains(mkt.Help.Markdown, part) {
			t.Errorf("help lacks %q:\n%s", part, mkt.Help.Markdown)
		}
	}
	// The requirement on critical flaws does not bear on a high one.
	if want := []string{"security", "external/cwe/cwe-400", "external/cwe/cwe-835", "band:high", "HARBOUR-04"}; !slices.Equal(tagsOf(advisory), want) {
		t.Errorf("tags %q, want %q", tagsOf(advisory), want)
	}
	if advisory.Properties["security-severity"] != "7.5" || advisory.HelpURI != "https://osv.dev/vulnerability/GO-2026-1" || advisory.Name != "vulnerable-dependency" {
		t.Errorf("advisory %+v", advisory)
	}
	for _, part := range []string{"`golang.org/x/net` `v0.1.0` is affected, fixed in `v0.2.0`.", "[CVE-2026-1](https://osv.dev/vulnerability/CVE-2026-1)"} {
		if !strings.Contains(advisory.Help.Markdown, part) {
			t.Errorf("help lacks %q:\n%s", part, advisory.Help.Markdown)
		}
	}
	if _, scored := policy.Properties["security-severity"]; scored || !slices.Equal(tagsOf(policy), []string{"security"}) {
		t.Errorf("a rule without a vector has %v", policy.Properties)
	}
}

func TestSeverity(t *testing.T) {
	for _, c := range []struct {
		name, vector string
		scores       []float64
		want         string // "" for none
	}{
		{"the rule's own", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", nil, "9.8"},
		{"re-scored by the policy", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", []float64{4.2}, "4.2"},
		{"worst of its findings", "", []float64{4.2, 7, 5.5}, "7.0"},
		{"version 4", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N", nil, "8.7"},
		{"zero is none", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", nil, ""},
		{"no vector", "", nil, ""},
		{"unreadable vector", "CVSS:3.1/AV:X", nil, ""},
		{"senseless score", "", []float64{17}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := input()
			in.Rules = []rules.Rule{{ID: "X1", Vector: c.vector}}
			in.Report.Findings = nil
			for _, s := range c.scores {
				in.Report.Findings = append(in.Report.Findings, rules.Finding{Rule: "X1", Location: rules.Location{Path: "main.go"}, CVSS: &rules.CVSS{Score: s}})
			}
			l, _ := write(t, in, Options{})
			got, _ := findRule(t, l.Runs[0], "X1").Properties["security-severity"].(string)
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestRuleURL(t *testing.T) {
	const page = "https://github.com/staylisted/staylisted/blob/main/docs/rules.md"
	for id, want := range map[string]string{
		"MKT303": page + "#mkt303", "G402/skip-verify": page + "#g402skip-verify", "SUP001": page + "#sup001",
		"GHSA-aaaa-bbbb-cccc": "", "": "", "MKT303#x": "", "js/xss": "",
	} {
		if got := ruleURL(id); got != want {
			t.Errorf("%q is documented at %q, want %q", id, got, want)
		}
	}
}

func TestLevel(t *testing.T) {
	for _, c := range []struct {
		class rules.Class
		band  rules.Band
		want  string
	}{
		{rules.Violation, rules.Critical, "error"}, {rules.Violation, rules.High, "error"},
		{rules.Violation, rules.Medium, "warning"}, {rules.Violation, rules.Low, "note"}, {rules.Violation, "", "error"},
		{rules.Review, rules.Critical, "note"}, {rules.Informational, rules.High, "note"}, {"", rules.High, "note"},
	} {
		if got := level(c.class, c.band); got != c.want {
			t.Errorf("level(%q, %q) = %q, want %q", c.class, c.band, got, c.want)
		}
	}
}

func TestTagsKeepGitHubsLimit(t *testing.T) {
	in := input()
	for i := range 30 {
		in.Report.Findings[0].Requirements = append(in.Report.Findings[0].Requirements, fmt.Sprintf("OTHER-%02d", i))
	}
	l, _ := write(t, in, Options{})
	tags := tagsOf(findRule(t, l.Runs[0], "MKT201"))
	if len(tags) != maxTags || tags[3] != "HARBOUR-01" || tags[maxTags-1] != "OTHER-13" {
		t.Errorf("%d tags: %q", len(tags), tags)
	}
}

func TestWriteEvidence(t *testing.T) {
	in := input()
	in.Report.Findings = append(in.Report.Findings, rules.Finding{ID: "MKT201-3", Rule: "MKT201", Class: rules.Violation, Fingerprint: "hh88",
		Location: rules.Location{Path: "main.go", Line: 2}, Message: "accepted in vain",
		Suppressed: &rules.Suppression{Kind: "accepted-risk", Where: "policy .github/staylisted.yml:12:3", NoEffect: "it is critical."}})

	l, _ := write(t, in, Options{})
	if n := len(l.Runs[0].Results); n != 4 { // the excused and the informational one stay out, the one excused in vain does not
		t.Errorf("%d results by default", n)
	}
	for _, r := range l.Runs[0].Results {
		if r.Suppressions != nil {
			t.Errorf("%s is written as suppressed", r.Message.Text)
		}
	}

	l, _ = write(t, in, Options{Suppressed: true, Informational: true})
	byText := map[string]result{}
	for _, r := range l.Runs[0].Results {
		byText[r.Message.Text] = r
	}
	if len(byText) != 6 {
		t.Fatalf("%d results with evidence", len(byText))
	}
	if r := byText["file"]; r.Level != "note" || len(r.Suppressions) != 0 {
		t.Errorf("informational: %+v", r)
	}
	s := byText["excused"].Suppressions
	if len(s) != 1 || s[0].Kind != "inSource" || s[0].Status != "accepted" || s[0].Location.PhysicalLocation.Region.StartLine != 3 ||
		s[0].Justification != "false-positive: constant after all Owner: @ada. Holds until 2027-01-31." {
		t.Errorf("suppression %+v", s)
	}
	s = byText["accepted in vain"].Suppressions
	if len(s) != 1 || s[0].Kind != "external" || s[0].Status != "rejected" ||
		s[0].Location.PhysicalLocation.ArtifactLocation.URI != ".github/staylisted.yml" || s[0].Location.PhysicalLocation.Region.StartLine != 12 {
		t.Errorf("suppression %+v", s)
	}
}

func TestWriteNothingFound(t *testing.T) {
	in := Input{Report: &rules.Report{}, Rules: ran()}
	l, raw := write(t, in, Options{})
	if len(l.Runs) != 1 || l.Runs[0].Results == nil || len(l.Runs[0].Tool.Driver.Rules) != 4 {
		t.Errorf("%d runs, results %v", len(l.Runs), l.Runs[0].Results)
	}
	if !bytes.Contains(raw, []byte(`"results": []`)) || bytes.Contains(raw, []byte("null")) {
		t.Errorf("not clean:\n%s", raw)
	}
	if !bytes.HasSuffix(raw, []byte("}\n")) {
		t.Error("the file does not end with a line end")
	}
}

func TestWriteGaps(t *testing.T) {
	in := input()
	c := &in.Report.Coverage
	c.Modules = append(c.Modules, rules.ModuleCoverage{Path: "example.com/third", Dir: "root", Files: rules.Count{Expected: 4, Analysed: 1}},
		rules.ModuleCoverage{Path: "example.com/fine", Dir: "fine"})
	c.Gaps = []rules.Gap{
		{Subject: "example.com/app/tools/gen", Reason: "does not compile"},
		{Subject: "a file", Location: rules.Location{Path: "tools/gen/gen.go", Line: 3, Column: 5}},
	}
	problems := func() map[string][]string {
		l, _ := write(t, in, Options{})
		got := map[string][]string{}
		for _, r := range l.Runs {
			inv := r.Invocations[0]
			list := []string{fmt.Sprint(*inv.ExecutionSuccessful)}
			for _, n := range inv.ToolExecutionNotifications {
				if n.Descriptor.ID != problemNoPlace {
					list = append(list, n.Level+" "+n.Message.Text)
				}
			}
			got[r.AutomationDetails.ID] = list
		}
		return got
	}
	got := problems()
	for id, want := range map[string][]string{
		"marketplace-compliance/root/":   {"true"},
		"marketplace-compliance/fine/":   {"true"},
		"marketplace-compliance/./root/": {"false", "error module example.com/third: 0 of 0 packages and 1 of 4 files were analysed."},
		"marketplace-compliance/tools/":  {"false", "error a file: not analysed", "error example.com/app/tools/gen: does not compile"},
	} {
		if !slices.Equal(got[id], want) {
			t.Errorf("%s:\n got %q\nwant %q", id, got[id], want)
		}
	}
	// What belongs to no module, and a verifier that broke, casts doubt on all.
	c.Gaps = []rules.Gap{{Subject: "elsewhere.org/unresolved", Reason: "no such module"}}
	c.Runs = []rules.VerifierRun{{Verifier: "MKT201", State: rules.Broken, Reason: "panicked"}, {Verifier: "G201", State: rules.Complete}}
	for id, list := range problems() {
		if list[0] != "false" || !slices.Contains(list, "error elsewhere.org/unresolved: no such module") || !slices.Contains(list, "error MKT201: panicked") {
			t.Errorf("%s: %q", id, list)
		}
	}
}

func TestWriteWithoutSource(t *testing.T) {
	for name, source := range map[string]func(string) ([]byte, error){
		"nil":     nil,
		"failing": func(string) ([]byte, error) { return nil, errors.New("permission denied") },
		"other":   func(string) ([]byte, error) { return []byte("x\n"), nil },
	} {
		t.Run(name, func(t *testing.T) {
			in := input()
			in.Source = source
			l, _ := write(t, in, Options{})
			r := l.Runs[0].Results[1]
			region := r.Locations[0].PhysicalLocation.Region
			if region.StartLine != 4 || region.EndLine != 4 || region.StartColumn != 0 || region.EndColumn != 0 {
				t.Errorf("region %+v", region)
			}
			if _, hashed := r.PartialFingerprints[lineHashKey]; hashed || r.PartialFingerprints[FingerprintKey] != "aa11" {
				t.Errorf("fingerprints %v", r.PartialFingerprints)
			}
		})
	}
}

func TestSourceIsAskedForTheRepositoryOnly(t *testing.T) {
	in := input()
	f := &in.Report.Findings[0]
	f.Steps = append(f.Steps, rules.Step{Location: rules.Location{Path: "../../etc/passwd", Line: 1}})
	in.Report.Findings[1].Location.Path = "/etc/shadow"
	asked := map[string]int{}
	in.Source = func(p string) ([]byte, error) { asked[p]++; return fs.ReadFile(tree, p) }
	l, raw := write(t, in, Options{})
	for p, n := range asked {
		if strings.HasPrefix(p, "/") || strings.Contains(p, "..") || n != 1 {
			t.Errorf("asked %d times for %q", n, p)
		}
	}
	if bytes.Contains(raw, []byte("shadow")) || bytes.Contains(raw, []byte("passwd")) {
		t.Error("a path outside the repository is in the file")
	}
	if n := l.Runs[0].Invocations[0].ToolExecutionNotifications; len(n) != 1 || !strings.HasPrefix(n[0].Message.Text, "2 finding(s)") {
		t.Errorf("notifications %+v", n)
	}
}

func TestWriteIsDeterministic(t *testing.T) {
	all := Options{Suppressed: true, Informational: true}
	_, first := write(t, input(), all)
	for range 5 {
		in := input()
		slices.Reverse(in.Report.Findings)
		slices.Reverse(in.Report.Coverage.Modules)
		slices.Reverse(in.Rules)
		if _, again := write(t, in, all); !bytes.Equal(first, again) {
			t.Fatal("two files of one report differ")
		}
	}
}

func TestWriteManyModules(t *testing.T) {
	in := input()
	in.Report.Coverage.Modules = nil
	in.Report.Findings = nil
	for i := range 12 {
		dir := fmt.Sprintf("services/s%02d", i)
		in.Report.Coverage.Modules = append(in.Report.Coverage.Modules, rules.ModuleCoverage{Path: "example.com/" + dir, Dir: dir})
		in.Report.Findings = append(in.Report.Findings, rules.Finding{Rule: "G201", Location: rules.Location{Path: dir + "/x.go", Line: 1}, Message: "x"},
			rules.Finding{Rule: "G201", Location: rules.Location{Path: dir + "0/x.go", Line: 1}, Message: "in no module"})
	}
	l, _ := write(t, in, Options{})
	seen := map[string]bool{}
	for _, r := range l.Runs {
		id := r.AutomationDetails.ID
		if seen[id] || !strings.HasSuffix(id, "/") {
			t.Errorf("category %q twice, or without a slash", id)
		}
		seen[id] = true
		want := 1
		if id == "marketplace-compliance/root/" {
			want = 12
		}
		if len(r.Results) != want {
			t.Errorf("%s: %d results, want %d", id, len(r.Results), want)
		}
	}
	if len(l.Runs) != 13 {
		t.Errorf("%d runs", len(l.Runs))
	}
}

func TestHostileText(t *testing.T) {
	in := input()
	long := strings.Repeat("é", 3000)
	in.Rules[0].Title, in.Rules[0].Flags, in.Rules[0].Name = long, long+"\x00[x](y)", long
	f := &in.Report.Findings[1]
	f.Title = "<script>alert(1)</script> [click](https://evil.example)\x1b[2J"
	f.Advisory.Package = "evil`](https://evil.example)<img src=x>"
	f.Message = "\x00"
	f.Location.Symbol = "a\x07b"
	in.Report.Findings[2].Message = long
	l, raw := write(t, in, Options{})
	if bytes.ContainsAny(raw, "\x00\x07\x1b") || bytes.Contains(raw, []byte(`\u0000`)) || bytes.Contains(raw, []byte(`\u001b`)) {
		t.Error("control characters in the file")
	}
	d := findRule(t, l.Runs[0], "GO-2026-1")
	if strings.Contains(d.Help.Markdown, "<script") || !strings.Contains(d.Help.Markdown, "`` evil`](https://evil.example)<img src=x> ``") {
		t.Errorf("help: %s", d.Help.Markdown)
	}
	if embeddedLink.MatchString(d.ShortDescription.Text) || embeddedLink.MatchString(d.Help.Text) {
		t.Errorf("a link in plain text: %q, %q", d.ShortDescription.Text, d.Help.Text)
	}
	if got := l.Runs[0].Results[0].Message.Text; got != d.ShortDescription.Text { // falls back on the title
		t.Errorf("message %q", got)
	}
	if got := l.Runs[1].Results[0].Message.Text; len(got) > maxMessage || !strings.HasSuffix(got, "é…") {
		t.Errorf("message of %d bytes", len(got))
	}
}

func TestSemanticVersion(t *testing.T) {
	for in, want := range map[string]string{
		"v1.2.3": "1.2.3", "1.2.3-rc.1+b": "1.2.3-rc.1+b", "v0.0.0-20261121-abc": "0.0.0-20261121-abc",
		"devel": "", "v1.2": "", "v1.2-3.4.5": "", "(unknown)": "",
	} {
		got, ok := semanticVersion(in)
		if ok != (want != "") || ok && got != want {
			t.Errorf("semanticVersion(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

func TestProvenance(t *testing.T) {
	for _, c := range []struct{ repository, address, want string }{
		{"acme/app", "", "https://github.com/acme/app"},
		{"acme/app", "https://user:token@ghe.example/acme/app?x=1#y", "https://ghe.example/acme/app"},
		{"", "", ""}, {"app", "", ""}, {"", "git@github.com:acme/app.git", ""}, {"", "file:///srv/app", ""}, {"", "::", ""},
	} {
		in := input()
		in.Report.Repository, in.RepositoryURL = c.repository, c.address
		in.Report.Commit = "not a commit"
		l, _ := write(t, in, Options{})
		got := ""
		if p := l.Runs[0].VersionControlProvenance; len(p) == 1 {
			got = p[0].RepositoryURI
			if p[0].RevisionID != "" {
				t.Errorf("revision %q", p[0].RevisionID)
			}
		}
		if got != c.want {
			t.Errorf("%q, %q: got %q, want %q", c.repository, c.address, got, c.want)
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, fs.ErrClosed }

func TestWriteErrors(t *testing.T) {
	if err := Write(&bytes.Buffer{}, Input{}, Options{}); err == nil || !strings.Contains(err.Error(), "run a scan") {
		t.Errorf("no report: %v", err)
	}
	if err := Write(brokenPipe{}, input(), Options{}); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("broken writer: %v", err)
	}
}

// specimens are the files that the validators look at.
func specimens(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	add := func(name string, in Input, opts Options) { _, out[name] = write(t, in, opts) }
	add("default", input(), Options{})
	add("evidence", input(), Options{Suppressed: true, Informational: true})
	add("empty", Input{Report: &rules.Report{}}, Options{})
	in := input()
	in.Source = nil
	in.Report.Repository = ""
	add("no-source", in, Options{})
	in = input()
	in.Report.Tool.Version = "devel"
	in.Report.Coverage.Gaps = []rules.Gap{{Subject: "example.com/app/x", Reason: "does not compile", Location: rules.Location{Path: "main.go", Line: 2}}}
	in.Report.Coverage.Runs = []rules.VerifierRun{{Verifier: "MKT201", State: rules.Broken, Reason: "panicked"}}
	in.Report.Findings[0].Location.Path = "bad\xFFname %41#?:[x].go"
	in.Report.Findings[0].Message = "{0} {name} {{x}} [a](1)\x00"
	in.Rules[1].Name, in.Rules[1].Title, in.Rules[1].Flags = "", "", ""
	add("hostile", in, Options{})
	prepared := func(name string, limits Limits) {
		p, err := Prepare(out[name], limits)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range p.Files {
			data, err := f.JSON()
			if err != nil {
				t.Fatal(err)
			}
			out[fmt.Sprintf("%s-upload-%d", name, i+1)] = data
		}
	}
	prepared("default", GitHubLimits())
	prepared("hostile", Limits{Runs: 1, Results: 1, Rules: 2, Tags: 1, Locations: 1, FlowLocations: 1})
	return out
}

func TestSchema(t *testing.T) {
	for _, name := range []string{"sarif/sarif-2.1.0.schema.json", "sarif/schema-codeql-action/sarif-schema-2.1.0.json"} {
		file, err := os.Open(dataFile(t, name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		doc, err := jsonschema.UnmarshalJSON(file)
		if err != nil {
			t.Fatal(err)
		}
		liftMisplacedAnyOf(doc)
		compiler := jsonschema.NewCompiler()
		compiler.AssertFormat()
		if err := compiler.AddResource("sarif.json", doc); err != nil {
			t.Fatal(err)
		}
		schema, err := compiler.Compile("sarif.json")
		if err != nil {
			t.Fatal(err)
		}
		for specimen, raw := range specimens(t) {
			instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(instance); err != nil {
				t.Errorf("%s against %s: %v", specimen, name, err)
			}
		}
	}
}

// liftMisplacedAnyOf mends a slip of the sarif-sdk schema, which keeps the anyOf
// of a region among its properties, where it is no schema.
func liftMisplacedAnyOf(doc any) {
	region, _ := doc.(map[string]any)["definitions"].(map[string]any)["region"].(map[string]any)
	properties, _ := region["properties"].(map[string]any)
	if anyOf, misplaced := properties["anyOf"]; misplaced {
		delete(properties, "anyOf")
		region["anyOf"] = anyOf
	}
}

// TestMultitool runs Microsoft's validator, with the rules GitHub's ingestion
// is modelled on. Its exit code is 0 whatever it finds, so its own SARIF is
// read. STAYLISTED_SARIF_MULTITOOL names the binary Sarif.Multitool of the npm
// package @microsoft/sarif-multitool-linux.
func TestMultitool(t *testing.T) {
	binary := os.Getenv("STAYLISTED_SARIF_MULTITOOL")
	if binary == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("STAYLISTED_SARIF_MULTITOOL is not set; CI must validate what is written")
		}
		t.Skip("STAYLISTED_SARIF_MULTITOOL is not set: no validator to run")
	}
	config := dataFile(t, "sarif/sarif-sdk/github.config.xml")
	dir := t.TempDir()
	for name, raw := range specimens(t) {
		t.Run(name, func(t *testing.T) {
			in := filepath.Join(dir, name+".sarif")
			if err := os.WriteFile(in, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			for _, extra := range [][]string{nil, {"--config", config}} {
				out := filepath.Join(dir, name+".out.sarif")
				args := append([]string{"validate", in, "--rule-kind", "Sarif;Ghas", "-o", out, "--log", "ForceOverwrite", "--level", "Error;Warning;Note"}, extra...)
				cmd := exec.CommandContext(t.Context(), binary, args...)
				cmd.Env = append(os.Environ(), "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1")
				if text, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, text)
				}
				verdict, err := os.ReadFile(out)
				if err != nil {
					t.Fatal(err)
				}
				var l log
				if err := json.Unmarshal(bytes.TrimPrefix(verdict, []byte(byteOrderMark)), &l); err != nil {
					t.Fatal(err)
				}
				if len(l.Runs) != 1 {
					t.Fatalf("the validator wrote %d runs", len(l.Runs))
				}
				for _, r := range l.Runs[0].Results {
					if r.Level == "error" {
						t.Errorf("%s at %+v", r.RuleID, r.Locations[0].PhysicalLocation.Region)
					}
				}
			}
		})
	}
}

// BenchmarkWrite writes as many results as GitHub accepts in one run, in files
// of two thousand lines.
func BenchmarkWrite(b *testing.B) {
	in := input()
	in.Report.Findings = nil
	src := []byte(strings.Repeat("\tif err := handler(w, r); err != nil {\n", 2000))
	for i := range 25_000 {
		in.Report.Findings = append(in.Report.Findings, rules.Finding{
			Rule: "MKT201", Class: rules.Violation, Requirements: []string{"HARBOUR-01", "LAGOON-9"},
			Message: "a message", Fingerprint: fmt.Sprint(i),
			Location: rules.Location{Path: fmt.Sprintf("pkg/f%03d.go", i%250), Line: i%2000 + 1, Column: 5},
		})
	}
	in.Source = func(string) ([]byte, error) { return src, nil }
	for b.Loop() {
		var out bytes.Buffer
		if err := Write(&out, in, Options{}); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(out.Len()))
	}
}
