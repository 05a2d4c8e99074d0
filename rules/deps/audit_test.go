package deps

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
)

func at(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func hits(r *Result) string {
	var list []string
	for i := range r.Hits {
		list = append(list, r.Hits[i].Rule+"@"+r.Hits[i].Module.Path)
	}
	return strings.Join(list, " ")
}

func reasons(gaps []rules.Gap) string {
	var list []string
	for _, g := range gaps {
		list = append(list, g.Subject+": "+g.Reason)
	}
	return strings.Join(list, "\n")
}

// broken is what testdata/repos/broken is built from.
func broken() Query {
	require := func(path, version string, line int) Module {
		return Module{Path: path, Version: version, Direct: true, Manifest: "go.mod", Location: rules.Location{Path: "go.mod", Line: line}}
	}
	return Query{
		Modules: []Module{
			require("example.com/legacy/archive", "v1.2.0", 6),
			require("example.com/legacy/markup", "v0.3.5", 7),
			require("example.com/legacy/queue", "v0.9.1", 8),
			require("github.com/golang-jwt/jwt/v5", "v5.3.0", 9),
			require(Stdlib, "go1.26.8", 3),
			require(Toolchain, "go1.26.8", 3),
		},
		Imported: map[string]string{
			"example.com/legacy/archive":   "example.com/legacy/archive",
			"example.com/legacy/markup":    "example.com/legacy/markup",
			"github.com/golang-jwt/jwt/v5": "github.com/golang-jwt/jwt/v5",
			"net/http":                     Stdlib,
			"encoding/gob":                 Stdlib,
		},
		GOOS: "linux", GOARCH: "amd64",
	}
}

func TestFindings(t *testing.T) {
	r := Audit(open(t, handWritten), broken(), at("2026-11-21"))
	if run := r.Run(); run.State != rules.Complete || run.Verifier != "dependencies:audit" {
		t.Fatalf("run = %+v", run)
	}
	if want := "GHSA-0000-0000-0004@example.com/legacy/archive"; strings.Join(r.Withdrawn, " ") != want {
		t.Errorf("withdrawn = %v, want %s", r.Withdrawn, want)
	}
	archive := slices.IndexFunc(r.Hits, func(h Hit) bool { return h.Module.Path == "example.com/legacy/archive" })
	if archive < 0 || !r.Hits[archive].Imported() {
		t.Fatalf("hits = %s", hits(r))
	}
	wantPackages := []VulnerablePackage{{Path: "example.com/legacy/archive", Symbols: []string{"Reader.Files", "Reader.unpack"}, Imported: true}}
	if got := r.Hits[archive].Packages; !reflect.DeepEqual(got, wantPackages) {
		t.Errorf("packages = %+v", got)
	}
	steps := []rules.Step{
		{Location: rules.Location{Path: "internal/export/export.go", Line: 19}, Message: "export.Import"},
		{Location: rules.Location{Path: "internal/export/export.go", Line: 19}, Message: "(*archive.Reader).Files"},
	}
	findings := r.Findings(map[string]Call{r.Hits[archive].Key: {Reach: Called, Symbols: []string{"Reader.Files"}, Steps: steps}})
	var got []string
	for _, f := range findings {
		got = append(got, fmt.Sprintf("%s %s:%d %s %s %.1f %s %v | %s | %s", f.ID, f.Location.Path, f.Location.Line, f.Class,
			f.Advisory.Reach, f.CVSS.Score, f.CVSS.Source, f.CWE, f.Title, f.Message))
	}
	want := []string{
		"GHSA-0000-0000-0001@example.com/legacy/archive go.mod:6 violation called 8.1 GHSA [22] | Archive entries can be written outside the target folder | " +
			"example.com/legacy/archive v1.2.0: Archive entries can be written outside the target folder; fixed in v1.4.0; called via export.Import → (*archive.Reader).Files",
		"GHSA-0000-0000-0002@example.com/legacy/markup go.mod:7 violation imported 5.3 GHSA [79] | Cross-site scripting through rendered text | " +
			"example.com/legacy/markup v0.3.5: Cross-site scripting through rendered text; fixed in v0.4.0; example.com/legacy/markup is imported",
		"CVE-0000-0003@example.com/legacy/queue go.mod:8 review required 7.0 unscored [] | Acknowledged messages are delivered again after a restart in example.com/legacy/queue | " +
			"example.com/legacy/queue v0.9.1: Acknowledged messages are delivered again after a restart in example.com/legacy/queue; no fixed version is known; the module is required",
	}
	if !slices.Equal(got, want) {
		t.Errorf("findings:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	f := findings[0]
	if f.Control != "dep-no-known-high" || !slices.Equal(f.MoreControls, []string{"vuln-sla"}) || f.Source != "dependency" || len(f.Steps) != 2 {
		t.Errorf("finding = %+v", f)
	}
	a := f.Advisory
	if !slices.Equal(a.IDs, []string{"CVE-0000-0001", "GHSA-0000-0000-0001", "GO-0000-0001"}) || a.Ecosystem != "Go" || a.Fixed != "v1.4.0" ||
		a.Published.Format(time.RFC3339) != "2026-03-02T08:30:00Z" || !slices.Equal(a.Symbols, []string{"Reader.Files"}) || len(a.Scores) < 2 {
		t.Errorf("advisory = %+v", a)
	}
	if f.Fingerprint != rules.AdvisoryKey(a.IDs, "example.com/legacy/archive") {
		t.Error("the fingerprint is not the advisory key")
	}
	if got := r.Unscored(); !slices.Equal(got, []string{"CVE-0000-0003"}) {
		t.Errorf("unscored = %v", got)
	}
	if list := r.Rules(); len(list) != 3 || list[0].ID != "CVE-0000-0003" || list[1].Tool != "osv" ||
		list[1].Remediation != "Upgrade example.com/legacy/archive to v1.4.0 or later." || list[1].Vector == "" {
		t.Errorf("rules = %+v", list)
	}
	r.Enrich(map[string]Answer{"CVE-0000-0003": {CWE: []int{672}, Severities: []rules.Severity{{Source: rules.FromGHSA, Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:L/A:N"}}}})
	if f := r.Findings(nil)[2]; f.CVSS.Score != 5.3 || !slices.Equal(f.CWE, []int{672}) {
		t.Errorf("enriched: %+v %v", f.CVSS, f.CWE)
	}
}

// One place, one way: every order of modules, records and files gives the same.
func TestSameBytes(t *testing.T) {
	db := open(t, handWritten)
	q := broken()
	first := Audit(db, q, at("2026-11-21"))
	slices.Reverse(q.Modules)
	second := Audit(open(t, handWritten), q, at("2026-11-21"))
	if !reflect.DeepEqual(first.Findings(nil), second.Findings(nil)) || !reflect.DeepEqual(first.Components, second.Components) || !reflect.DeepEqual(first.Rules(), second.Rules()) {
		t.Error("the order of modules shows in the result")
	}
}

func TestStale(t *testing.T) {
	db := open(t, handWritten) // of 2026-11-20
	for _, test := range []struct {
		now    time.Time
		reason string
	}{
		{at("2026-11-21"), ""},
		{at("2026-11-27").Add(-time.Second), ""},
		{at("2026-11-27"), "it is of 2026-11-20, 7 days old or more: fetch it again"},
	} {
		run := Audit(db, Query{}, test.now).Run()
		if want := test.reason == ""; (run.State == rules.Complete) != want || !strings.Contains(run.Reason, test.reason) {
			t.Errorf("%v: %+v", test.now, run)
		}
	}
	confirmed := *db
	confirmed.source.Checked = at("2026-12-01")
	if run := Audit(&confirmed, Query{}, at("2026-12-05")).Run(); run.State != rules.Complete {
		t.Errorf("data its publisher confirmed: %+v", run)
	}
	undated := open(t, writeFolder(t, map[string]string{"a.json": `{"id":"GO-0000-0001","modified":"0001-01-01T00:00:00Z"}`}))
	if run := Audit(undated, Query{}, at("2026-11-21")).Run(); run.State != rules.Broken || !strings.Contains(run.Reason, "it has no date") {
		t.Errorf("undated: %+v", run)
	}
	if run := Audit(nil, broken(), at("2026-11-21")).Run(); run.State != rules.Broken || !strings.Contains(run.Reason, "there is none") {
		t.Errorf("no data: %+v", run)
	}
	if r := Audit(nil, broken(), at("2026-11-21")); len(r.Components) != 6 {
		t.Errorf("without data the components are lost: %v", r.Components)
	}
}

func TestModulesThatCannotBeJudged(t *testing.T) {
	db := open(t, writeFolder(t, map[string]string{
		"db.json": `{"modified":"2026-11-20T00:00:00Z"}`,
		"a.json":  record("GO-0000-0001", "example.com/m", "introduced 0, fixed 2.0.0"),
		"b.json":  record("GO-0000-0002", "example.com/odd", "introduced one"),
		"c.json":  record("GO-0000-0003", "example.com/fork", "introduced 0, fixed 1.1.0"),
	}))
	for name, test := range map[string]struct {
		module    Module
		hits, gap string
	}{
		"no version":       {Module{Path: "example.com/m"}, "", "example.com/m: has no version"},
		"a folder":         {Module{Path: "example.com/m", Version: "v1.0.0", Replace: &Replacement{Path: "../m"}}, "", "example.com/m: is replaced by the folder ../m"},
		"a scanned folder": {Module{Path: "example.com/m", Version: "v1.0.0", Replace: &Replacement{Path: "./m", Scanned: true}}, "", ""},
		"a development":    {Module{Path: Stdlib, Version: "devel go1.27-0123"}, "", `stdlib: "devel go1.27-0123" is no released version`},
		"unparsable":       {Module{Path: "example.com/m", Version: "latest"}, "", `"latest" is no released version`},
		"odd record":       {Module{Path: "example.com/odd", Version: "v1.0.0"}, "", `GO-0000-0002 cannot be held against v1.0.0: "one" in a range is no version`},
		"a fork":           {Module{Path: "example.com/m", Version: "v1.0.0", Replace: &Replacement{Path: "example.com/fork", Version: "v1.1.0"}}, "", ""},
		"a bad fork":       {Module{Path: "example.com/m", Version: "v3.0.0", Replace: &Replacement{Path: "example.com/fork", Version: "v1.0.0"}}, "GO-0000-0003@example.com/m", ""},
		"another version":  {Module{Path: "example.com/m", Version: "v1.0.0", Replace: &Replacement{Path: "example.com/m", Version: "v2.0.0"}}, "", ""},
		"an older version": {Module{Path: "example.com/m", Version: "v2.0.0", Replace: &Replacement{Path: "example.com/m", Version: "v1.0.0"}}, "GO-0000-0001@example.com/m", ""},
		"affected":         {Module{Path: "example.com/m", Version: "v1.0.0"}, "GO-0000-0001@example.com/m", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := Audit(db, Query{Modules: []Module{test.module}}, at("2026-11-21"))
			if hits(r) != test.hits {
				t.Errorf("hits = %q, want %q", hits(r), test.hits)
			}
			if got := reasons(r.Gaps); !strings.Contains(got, test.gap) || (test.gap == "") != (got == "") {
				t.Errorf("gaps = %q, want %q", got, test.gap)
			}
			if state := r.Run().State; (state == rules.Complete) != (test.gap == "") {
				t.Errorf("run is %s", state)
			}
			if len(r.Components) != 1 {
				t.Errorf("components = %v", r.Components)
			}
		})
	}
}

// A replaced module is found under the names the program uses.
func TestReplacedModulePackages(t *testing.T) {
	db := open(t, writeFolder(t, map[string]string{"a.json": `{"id":"GO-0000-0001","modified":"2026-11-20T00:00:00Z","affected":[{
		"package":{"ecosystem":"Go","name":"example.com/fork"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}],
		"ecosystem_specific":{"imports":[{"path":"example.com/fork/sub","symbols":["F"]}]}}]}`}))
	m := Module{Path: "example.com/m", Version: "v1.0.0", Replace: &Replacement{Path: "example.com/fork", Version: "v1.0.0"}}
	r := Audit(db, Query{Modules: []Module{m}, Imported: map[string]string{"example.com/m/sub": "example.com/m"}}, at("2026-11-21"))
	if len(r.Hits) != 1 || !r.Hits[0].Imported() || r.Hits[0].Packages[0].Path != "example.com/m/sub" {
		t.Fatalf("hits = %+v", r.Hits)
	}
	f := r.Findings(nil)[0]
	if f.Advisory.Package != "example.com/fork" || !strings.HasPrefix(f.Message, "example.com/fork v1.0.0 (in place of example.com/m): ") || f.Advisory.Reach != Imported {
		t.Errorf("finding = %+v, %+v", f, f.Advisory)
	}
	if c := r.Components[0]; c.Name != "example.com/fork" || c.Replaces != "example.com/m@v1.0.0" {
		t.Errorf("component = %+v", c)
	}
}

// affectedJSON builds a record from statements; vulnerable packages are given
// as "path symbol,symbol goos goarch".
func affectedJSON(id, aliases, module, events string, packages ...string) string {
	text := record(id, module, events, strings.Fields(aliases)...)
	if len(packages) == 0 {
		return text
	}
	var imports []string
	for _, p := range packages {
		f := append(strings.Fields(p), "", "", "")
		quote := func(list string) string {
			if list == "" || list == "-" {
				return "[]"
			}
			return `["` + strings.ReplaceAll(list, ",", `","`) + `"]`
		}
		imports = append(imports, fmt.Sprintf(`{"path":%q,"symbols":%s,"goos":%s,"goarch":%s}`, f[0], quote(f[1]), quote(f[2]), quote(f[3])))
	}
	return strings.Replace(text, `"package":`, `"ecosystem_specific":{"imports":[`+strings.Join(imports, ",")+`]},"package":`, 1)
}

func TestPlatforms(t *testing.T) {
	db := open(t, writeFolder(t, map[string]string{
		"a.json": affectedJSON("GO-0000-0001", "GHSA-0000-0000-0001", "example.com/m", "introduced 0", "example.com/m/w Open windows", "example.com/m/d Open darwin arm64"),
		// GitHub's records know no platforms; they do not bring back what the
		// Go database rules out.
		"b.json": affectedJSON("GHSA-0000-0000-0001", "", "example.com/m", "introduced 0"),
	}))
	for _, test := range []struct {
		goos, goarch string
		want         string
	}{
		{"linux", "amd64", ""},
		{"windows", "386", "example.com/m/w"},
		{"darwin", "amd64", ""},
		{"darwin", "arm64", "example.com/m/d"},
		{"", "", "example.com/m/d example.com/m/w"},
	} {
		r := Audit(db, Query{Modules: []Module{{Path: "example.com/m", Version: "v1.0.0"}}, GOOS: test.goos, GOARCH: test.goarch}, at("2026-11-02"))
		var got []string
		for i := range r.Hits {
			for _, p := range r.Hits[i].Packages {
				got = append(got, p.Path)
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s/%s: %v, want %q", test.goos, test.goarch, got, test.want)
		}
	}
}

func TestReach(t *testing.T) {
	db := open(t, writeFolder(t, map[string]string{
		"a.json": affectedJSON("GO-0000-0001", "", "example.com/a", "introduced 0", "example.com/a/x F,T.M", "example.com/a/y"),
		"b.json": affectedJSON("GO-0000-0002", "", "example.com/b", "introduced 0"),
	}))
	modules := []Module{{Path: "example.com/a", Version: "v1.0.0"}, {Path: "example.com/b", Version: "v1.0.0"}}
	reach := func(imported map[string]string, call Call) string {
		r := Audit(db, Query{Modules: modules, Imported: imported}, at("2026-11-02"))
		calls := map[string]Call{}
		for i := range r.Hits {
			calls[r.Hits[i].Key] = call
		}
		var got []string
		for _, f := range r.Findings(calls) {
			got = append(got, strings.TrimSpace(f.Advisory.Reach+" "+f.Advisory.ImportPath))
		}
		return strings.Join(got, ", ")
	}
	x := map[string]string{"example.com/a/x": "example.com/a"}
	b := map[string]string{"example.com/b/any": "example.com/b"}
	for _, test := range []struct {
		imported map[string]string
		call     Call
		want     string
	}{
		{nil, Call{}, "required, required"},
		{map[string]string{}, Call{Reach: Called}, "required, required"}, // nothing imported cannot be called
		{map[string]string{"example.com/a/z": "example.com/a"}, Call{}, "required, required"},
		{x, Call{}, "imported example.com/a/x, required"},
		{x, Call{Reach: Called}, "called example.com/a/x, required"},
		{x, Call{Reach: Possible}, "possible example.com/a/x, required"},
		{x, Call{Reach: "not called"}, "imported example.com/a/x, required"},
		// A record without packages means all of them.
		{b, Call{}, "required, imported example.com/b/any"},
	} {
		if got := reach(test.imported, test.call); got != test.want {
			t.Errorf("%v, %q: %s, want %s", test.imported, test.call.Reach, got, test.want)
		}
	}
	r := Audit(db, Query{Modules: modules, Imported: x}, at("2026-11-02"))
	want := []VulnerablePackage{{Path: "example.com/a/x", Symbols: []string{"F", "T.M"}, Imported: true}, {Path: "example.com/a/y"}}
	if got := r.Hits[0].Packages; !reflect.DeepEqual(got, want) {
		t.Errorf("packages = %+v, want %+v", got, want)
	}
}

func TestAliasSets(t *testing.T) {
	scored := func(text, vector string) string {
		return strings.Replace(text, `{"affected"`, `{"severity":[{"type":"CVSS_V3","score":"`+vector+`"}],"affected"`, 1)
	}
	const medium = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N"
	for name, test := range map[string]struct {
		records []string
		version string
		want    string // "rule fixed score ids"
	}{
		"one vulnerability under three names, linked by the CVE only": {
			[]string{affectedJSON("GO-0000-0001", "CVE-0000-0001", "m.example/m", "introduced 0, fixed 1.2.0"),
				scored(affectedJSON("GHSA-0000-0000-0001", "CVE-0000-0001", "m.example/m", "introduced 0, fixed 1.2.0"), medium)},
			"v1.0.0", "GHSA-0000-0000-0001 v1.2.0 5.3 CVE-0000-0001,GHSA-0000-0000-0001,GO-0000-0001",
		},
		"the score of a record about another module path": {
			[]string{affectedJSON("GO-0000-0001", "GHSA-0000-0000-0001", "m.example/m", "introduced 0"),
				scored(affectedJSON("GHSA-0000-0000-0001", "", "m.example/other", "introduced 0"), medium)},
			"v1.0.0", "GHSA-0000-0000-0001  5.3 GHSA-0000-0000-0001,GO-0000-0001",
		},
		"linked by a third record about another module": {
			[]string{affectedJSON("GO-0000-0001", "CVE-0000-0001", "m.example/m", "introduced 0, fixed 1.2.0"),
				affectedJSON("GO-0000-0002", "CVE-0000-0002", "m.example/m", "introduced 0, fixed 1.3.0"),
				affectedJSON("X-1", "CVE-0000-0001 CVE-0000-0002", "m.example/other", "introduced 0")},
			"v1.0.0", "CVE-0000-0001 v1.3.0 7.0 CVE-0000-0001,CVE-0000-0002,GO-0000-0001,GO-0000-0002,X-1",
		},
		"a record that says affected is believed": {
			[]string{affectedJSON("GO-0000-0001", "GHSA-0000-0000-0001", "m.example/m", "introduced 0, fixed 1.2.0"),
				affectedJSON("GHSA-0000-0000-0001", "", "m.example/m", "introduced 0, fixed 1.4.0")},
			"v1.3.0", "GHSA-0000-0000-0001 v1.4.0 7.0 GHSA-0000-0000-0001,GO-0000-0001",
		},
		"related is no alias": {
			[]string{strings.Replace(affectedJSON("GO-0000-0001", "", "m.example/m", "introduced 0"), `"aliases":null`, `"related":["GO-0000-0002"]`, 1),
				affectedJSON("GO-0000-0002", "", "m.example/m", "introduced 0, fixed 2.0.0")},
			"v1.0.0", "GO-0000-0001  7.0 GO-0000-0001; GO-0000-0002 v2.0.0 7.0 GO-0000-0002",
		},
		"a withdrawn record neither links nor counts": {
			[]string{affectedJSON("GO-0000-0001", "CVE-0000-0001", "m.example/m", "introduced 0"),
				strings.Replace(affectedJSON("GHSA-0000-0000-0001", "CVE-0000-0001 CVE-0000-0002", "m.example/m", "introduced 0"), `{"affected"`, `{"withdrawn":"2026-10-01T00:00:00Z","affected"`, 1),
				affectedJSON("GO-0000-0002", "CVE-0000-0002", "m.example/m", "introduced 0")},
			"v1.0.0", "CVE-0000-0001  7.0 CVE-0000-0001,GO-0000-0001; CVE-0000-0002  7.0 CVE-0000-0002,GO-0000-0002",
		},
		"withdrawn later still counts": {
			[]string{strings.Replace(affectedJSON("GO-0000-0001", "", "m.example/m", "introduced 0"), `{"affected"`, `{"withdrawn":"2026-12-01T00:00:00Z","affected"`, 1)},
			"v1.0.0", "GO-0000-0001  7.0 GO-0000-0001",
		},
		"a fix that another record takes back": {
			[]string{affectedJSON("GO-0000-0001", "", "m.example/m", "introduced 0, fixed 1.2.0, introduced 1.2.0, fixed 1.5.0")},
			"v1.0.0", "GO-0000-0001 v1.5.0 7.0 GO-0000-0001",
		},
		"not affected": {
			[]string{affectedJSON("GO-0000-0001", "", "m.example/m", "introduced 0, fixed 1.0.0"), affectedJSON("GO-0000-0002", "", "m.example/other", "introduced 0")},
			"v1.0.0", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{}
			for i, text := range test.records {
				files[fmt.Sprintf("%d.json", i)] = text
			}
			r := Audit(open(t, writeFolder(t, files)), Query{Modules: []Module{{Path: "m.example/m", Version: test.version}}}, at("2026-11-02"))
			var got []string
			for _, f := range r.Findings(nil) {
				got = append(got, fmt.Sprintf("%s %s %.1f %s", f.Rule, f.Advisory.Fixed, f.CVSS.Score, strings.Join(f.Advisory.IDs, ",")))
			}
			if strings.Join(got, "; ") != test.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, "; "), test.want)
			}
			if gaps := reasons(r.Gaps); gaps != "" {
				t.Errorf("gaps = %s", gaps)
			}
		})
	}
}

// Two records that are aliases and name different packages are two findings
// with different keys (catalogue §4, vector 22).
func TestSameVulnerabilityOfTwoPackages(t *testing.T) {
	db := open(t, writeFolder(t, map[string]string{
		"a.json": affectedJSON("GO-0000-0001", "GO-0000-0002", "m.example/a", "introduced 0"),
		"b.json": affectedJSON("GO-0000-0002", "GO-0000-0001", "m.example/b", "introduced 0"),
	}))
	r := Audit(db, Query{Modules: []Module{{Path: "m.example/a", Version: "v1.0.0"}, {Path: "m.example/b", Version: "v1.0.0"}}}, at("2026-11-02"))
	f := r.Findings(nil)
	if len(f) != 2 || f[0].Fingerprint == f[1].Fingerprint {
		t.Errorf("findings = %+v", f)
	}
}

// Some of GitHub's records name a package where a module is meant.
func TestRecordAboutAPackage(t *testing.T) {
	db := open(t, writeFolder(t, map[string]string{"a.json": affectedJSON("GHSA-0000-0000-0001", "", "m.example/m/cmd/cp", "introduced 0, fixed 2.0.0")}))
	audit := func(imported map[string]string) string {
		r := Audit(db, Query{Modules: []Module{{Path: "m.example/m", Version: "v1.0.0"}}, Imported: imported}, at("2026-11-02"))
		var got []string
		for _, f := range r.Findings(nil) {
			got = append(got, f.Rule+" "+f.Advisory.Reach+" "+f.Advisory.ImportPath+" "+f.Advisory.Fixed)
		}
		return strings.Join(got, "; ")
	}
	for _, test := range []struct {
		imported map[string]string
		want     string
	}{
		{map[string]string{"m.example/m/cmd/cp": "m.example/m"}, "GHSA-0000-0000-0001 imported m.example/m/cmd/cp v2.0.0"},
		{map[string]string{"m.example/m": "m.example/m"}, ""},
		{map[string]string{"m.example/m/cmd/cp": "m.example/m/cmd/cp"}, ""}, // a module of its own
		{nil, ""},
	} {
		if got := audit(test.imported); got != test.want {
			t.Errorf("%v: %q, want %q", test.imported, got, test.want)
		}
	}
}

func TestUnshippedModules(t *testing.T) {
	db := open(t, handWritten)
	r := Audit(db, Query{Modules: []Module{{Path: "example.com/legacy/markup", Version: "v0.3.5", Scope: "test", Manifest: "tools/go.mod"}}}, at("2026-11-21"))
	f := r.Findings(nil)
	if len(f) != 1 || f[0].Class != rules.Informational || !strings.HasSuffix(f[0].Message, "the module is required by test code only") || f[0].Location.Path != "tools/go.mod" {
		t.Errorf("findings = %+v", f)
	}
}

func TestMergeFindings(t *testing.T) {
	db := open(t, handWritten)
	audit := func(manifest, version, scope string, imported map[string]string) []rules.Finding {
		m := Module{Path: "example.com/legacy/markup", Version: version, Scope: scope, Manifest: manifest, Location: rules.Location{Path: manifest, Line: 4}}
		return Audit(db, Query{Modules: []Module{m}, Imported: imported}, at("2026-11-21")).Findings(nil)
	}
	a := audit("a/go.mod", "v0.3.5", "", map[string]string{})
	b := audit("b/go.mod", "v0.3.4", "", map[string]string{"example.com/legacy/markup": "example.com/legacy/markup"})
	c := audit("c/go.mod", "v0.3.4", "test", nil)
	for _, all := range [][]rules.Finding{slices.Concat(a, b, c), slices.Concat(c, b, a)} {
		merged := MergeFindings(all)
		if len(merged) != 1 || merged[0].Location.Path != "b/go.mod" || merged[0].Advisory.Reach != Imported ||
			!strings.HasSuffix(merged[0].Message, "; also v0.3.4 in c/go.mod, v0.3.5 in a/go.mod") {
			t.Errorf("merged = %+v", merged)
		}
	}
	if MergeFindings(nil) == nil {
		t.Error("no findings are nil")
	}
}

// Words of advisories are foreign text.
func TestHostileWords(t *testing.T) {
	text := strings.Replace(record("GO-0000-0001", "m.example/m", "introduced 0"), `{"affected"`,
		`{"summary":"line one\r\n::error::x\u001b[31m \u202eevil\u0000\u200b `+strings.Repeat("long ", 100)+`","affected"`, 1)
	r := Audit(open(t, writeFolder(t, map[string]string{"a.json": text})), Query{Modules: []Module{{Path: "m.example/m", Version: "v1.0.0"}}}, at("2026-11-02"))
	f := r.Findings(nil)[0]
	if !strings.HasPrefix(f.Title, "line one ::error::x[31m evil long") || strings.ContainsAny(f.Message, "\r\n\x1b\x00\u202e\u200b") || len([]rune(f.Title)) > 201 {
		t.Errorf("title = %q", f.Title)
	}
}

func TestManifest(t *testing.T) {
	const text = `module example.com/m

go 1.25.0

toolchain go1.26.8

require (
	example.com/a v1.0.0
	example.com/b v1.0.0 // indirect
)

require example.com/c v1.0.0

replace example.com/c => ../c
`
	m, err := ParseManifest("app/go.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for module, line := range map[string]int{"example.com/a": 8, "example.com/b": 9, "example.com/c": 14, "example.com/d": 0, Stdlib: 5, Toolchain: 5} {
		if got := m.Line(module); got != (rules.Location{Path: "app/go.mod", Line: line}) {
			t.Errorf("%s at %+v, want line %d", module, got, line)
		}
	}
	if !m.Direct("example.com/a") || m.Direct("example.com/b") || m.Direct("example.com/d") {
		t.Error("direct requirements are wrong")
	}
	older, err := ParseManifest("go.mod", []byte("module m\ngo 1.20\nunknown directive\n"))
	if err != nil || older.Line(Stdlib).Line != 2 {
		t.Errorf("an unknown directive: %v", err)
	}
	if bare, err := ParseManifest("go.mod", []byte("module m\n")); err != nil || bare.Line(Stdlib).Line != 0 {
		t.Errorf("no go line: %v", err)
	}
	if _, err := ParseManifest("go.mod", []byte("require (\n")); err == nil || !strings.Contains(err.Error(), "go.mod:") {
		t.Errorf("err = %v", err)
	}
}

// The published database at two dates. The ids were read from its entries.
const (
	before = "vulndb/vulndb-2025-06-30.zip"
	after  = "vulndb/vulndb-2026-08-21.zip"
)

// shared returns the path of a file of the shared test data.
func shared(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("STAYLISTED_DATA")
	if root == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("STAYLISTED_DATA is not set")
		}
		t.Skip("STAYLISTED_DATA is not set: it names the folder with the published vulnerability databases")
	}
	return filepath.Join(root, filepath.FromSlash(name))
}

// goIDs returns the ids of the Go vulnerability database among the hits.
func goIDs(r *Result) []string {
	ids := map[string]bool{}
	for i := range r.Hits {
		for _, a := range r.Hits[i].Affected {
			ids[a.ID] = true
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

func TestPublishedDatabases(t *testing.T) {
	older, newer := open(t, shared(t, before)), open(t, shared(t, after))
	if n, m := older.Source().Entries, newer.Source().Entries; n != 2033 || m != 4291 {
		t.Errorf("entries = %d, %d", n, m)
	}
	for _, db := range []*Database{older, newer} {
		if gaps := gapsOf(db); gaps != "" {
			t.Errorf("gaps:\n%s", clip(gaps, 2000))
		}
	}
	for _, test := range []struct{ path, version, before, since string }{
		{"golang.org/x/text", "v0.3.5", "GO-2021-0113 GO-2022-1059", "GO-2026-5970"},
		{"golang.org/x/text", "v0.3.7", "GO-2022-1059", "GO-2026-5970"},
		{"golang.org/x/text", "v0.39.0", "", ""},
		{"github.com/gin-gonic/gin", "v1.6.3", "GO-2021-0052 GO-2023-1737", ""},
		{"github.com/gin-gonic/gin", "v1.9.1", "", ""},
		{"github.com/golang-jwt/jwt/v4", "v4.4.1", "GO-2024-3250 GO-2025-3553", ""},
		{"github.com/golang-jwt/jwt/v5", "v5.3.0", "", ""},
		{"golang.org/x/net", "v0.7.0", "GO-2023-1988 GO-2023-2102 GO-2024-2687 GO-2024-3333 GO-2025-3503 GO-2025-3595",
			"GO-2026-4440 GO-2026-4441 GO-2026-4918 GO-2026-5025 GO-2026-5026 GO-2026-5027 GO-2026-5028 GO-2026-5029 GO-2026-5030 " +
				"GO-2026-5942"},
		{"stdlib", "go1.20.1", "GO-2023-1621 GO-2023-1702 GO-2023-1703 GO-2023-1704 GO-2023-1705 GO-2023-1751 GO-2023-1752 GO-2023-1753 GO-2023-1840 " +
			"GO-2023-1878 GO-2023-1987 GO-2023-2041 GO-2023-2043 GO-2023-2102 GO-2023-2186 GO-2023-2382 GO-2024-2598 GO-2024-2599 " +
			"GO-2024-2600 GO-2024-2609 GO-2024-2610 GO-2024-2687 GO-2024-2887 GO-2024-2888 GO-2024-2963 GO-2024-3105 GO-2024-3106 " +
			"GO-2024-3107 GO-2025-3373 GO-2025-3420 GO-2025-3563 GO-2025-3751",
			"GO-2025-3503 GO-2025-3849 GO-2025-3956 GO-2025-4006 GO-2025-4007 GO-2025-4008 GO-2025-4009 GO-2025-4010 GO-2025-4011 " +
				"GO-2025-4012 GO-2025-4013 GO-2025-4014 GO-2025-4015 GO-2025-4155 GO-2025-4175 GO-2026-4337 GO-2026-4340 GO-2026-4341 " +
				"GO-2026-4342 GO-2026-4403 GO-2026-4601 GO-2026-4602 GO-2026-4603 GO-2026-4864 GO-2026-4865 GO-2026-4869 GO-2026-4870 " +
				"GO-2026-4918 GO-2026-4946 GO-2026-4947 GO-2026-4970 GO-2026-4971 GO-2026-4976 GO-2026-4977 GO-2026-4980 GO-2026-4981 " +
				"GO-2026-4982 GO-2026-4986 GO-2026-5026 GO-2026-5037 GO-2026-5038 GO-2026-5039 GO-2026-5856 GO-2026-5972 GO-2026-6088 " +
				"GO-2026-6089 GO-2026-6090 GO-2026-6091 GO-2026-6218"},
		{"toolchain", "go1.20.1", "GO-2023-1839 GO-2023-1841 GO-2023-1842 GO-2023-2095 GO-2023-2383 GO-2024-2962",
			"GO-2025-3828 GO-2026-4339 GO-2026-4433 GO-2026-4867 GO-2026-4868 GO-2026-4871 GO-2026-4978 GO-2026-4979 GO-2026-4984 " +
				"GO-2026-6179 GO-2026-6180"},
		{"stdlib", "go1.26.8", "", ""},
	} {
		q := Query{Modules: []Module{{Path: test.path, Version: test.version}}, GOOS: "linux", GOARCH: "amd64"}
		got := goIDs(Audit(older, q, older.Source().Modified))
		if strings.Join(got, " ") != test.before {
			t.Errorf("%s %s in 2025: %v, want %s", test.path, test.version, got, test.before)
		}
		want := strings.Fields(test.before + " " + test.since)
		slices.Sort(want)
		if got := goIDs(Audit(newer, q, newer.Source().Modified)); !slices.Equal(got, want) {
			t.Errorf("%s %s in 2026: %v, want %v", test.path, test.version, got, want)
		}
	}
}

// A vulnerability becomes known and the program did not change.
func TestBecomesKnown(t *testing.T) {
	q := Query{
		Modules:  []Module{{Path: "golang.org/x/text", Version: "v0.3.8", Manifest: "go.mod"}},
		Imported: map[string]string{"golang.org/x/text/unicode/norm": "golang.org/x/text"},
	}
	older := open(t, shared(t, before))
	if r := Audit(older, q, older.Source().Modified); len(r.Hits) != 0 || r.Run().State != rules.Complete {
		t.Fatalf("in 2025: %s, %+v", hits(r), r.Run())
	}
	newer := open(t, shared(t, after))
	f := Audit(newer, q, newer.Source().Modified).Findings(nil)
	if len(f) != 1 || f[0].Rule != "CVE-2026-56852" || f[0].Advisory.Fixed != "v0.39.0" || f[0].Advisory.Reach != Imported {
		t.Errorf("in 2026: %+v", f)
	}
}

// Records of the Go database get their scores from GitHub's, also where those
// name another module path.
func TestScoresByAlias(t *testing.T) {
	db := Join(open(t, shared(t, after)), open(t, shared(t, "vulndb/ghsa-osv")))
	r := Audit(db, Query{Modules: []Module{
		{Path: "github.com/containerd/containerd", Version: "v1.6.1"},
		{Path: "github.com/argoproj/argo-cd/v2", Version: "v2.3.1"},
	}}, at("2026-08-22"))
	want := map[string]string{
		"GHSA-hmfx-3pcx-653p@github.com/containerd/containerd": "GO-2023-1574 5.3 GHSA [269 863]",
		"GHSA-7943-82jg-wmw5@github.com/argoproj/argo-cd/v2":   "GO-2022-0518 8.3 GHSA [295]",
		"GHSA-259w-8hf6-59c2@github.com/containerd/containerd": "GO-2023-1573 7.0 unscored []",
	}
	for _, f := range r.Findings(nil) {
		ids := f.Advisory.IDs
		got := fmt.Sprintf("%s %.1f %s %v", ids[len(ids)-1], f.CVSS.Score, f.CVSS.Source, f.CWE)
		if w, listed := want[f.ID]; listed && got != w {
			t.Errorf("%s: %s, want %s", f.ID, got, w)
		}
		delete(want, f.ID)
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
}

// BenchmarkAudit opens the published database and audits a hundred modules.
func BenchmarkAudit(b *testing.B) {
	place := shared(b, after)
	var q Query
	db := open(b, place)
	for key := range db.parts[0].packages {
		q.Modules = append(q.Modules, Module{Path: key.name, Version: "v1.0.0"})
	}
	slices.SortFunc(q.Modules, func(a, b Module) int { return strings.Compare(a.Path, b.Path) })
	q.Modules = append(q.Modules[:98:98], Module{Path: "golang.org/x/text", Version: "v0.3.5"}, Module{Path: Stdlib, Version: "go1.20.1"})
	for i := range q.Modules {
		if q.Modules[i].Path == Toolchain {
			q.Modules[i].Version = "go1.20.1"
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		db, err := Open(place)
		if err != nil {
			b.Fatal(err)
		}
		r := Audit(db, q, db.Source().Modified)
		if len(r.Hits) == 0 || len(r.Gaps) > 0 {
			b.Fatalf("%d hits, %s", len(r.Hits), clip(reasons(r.Gaps), 300))
		}
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
