package deps

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/staylisted/staylisted/rules"
)

// published returns files of the test data of others, which are not part of the
// repository.
func published(t *testing.T, pattern string) []string {
	t.Helper()
	dir := os.Getenv("STAYLISTED_DATA")
	if dir == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("STAYLISTED_DATA is not set")
		}
		t.Skip("STAYLISTED_DATA is not set: it names the folder of the test data")
	}
	names, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s has no %s: %v", dir, pattern, err)
	}
	return names
}

// TestPublishedPyPI holds the order of Python versions against published
// records: a record lists the versions that its ranges cover, so every version
// listed must be inside, and every version it calls fixed outside.
func TestPublishedPyPI(t *testing.T) {
	listed, fixed, odd := 0, 0, 0
	for _, name := range published(t, "vulndb/pypi-osv/*.yaml") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var any map[string]any
		if err := yaml.Unmarshal(text, &any); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		asJSON, err := json.Marshal(any)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		a, err := ParseAdvisory(asJSON)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, f := range a.Affected {
			ranges := f
			ranges.Versions = nil
			ranges.Ranges = slices.DeleteFunc(slices.Clone(f.Ranges), func(r Range) bool { return r.Type != "ECOSYSTEM" })
			if f.Ecosystem != PyPI || len(ranges.Ranges) == 0 {
				continue
			}
			how := spelling{PyPI, f.Package}
			for _, v := range f.Versions {
				c, ok := how.canonical(v)
				if !ok {
					odd++ // from before PEP 440; the list itself covers it
					if in, err := f.affects(v); !in || err != nil {
						t.Errorf("%s: %s is listed and not affected: %v", a.ID, v, err)
					}
					continue
				}
				listed++
				if in, err := ranges.affects(c); !in || err != nil {
					t.Errorf("%s: %s %s is listed and outside the ranges %v: %v", a.ID, f.Package, v, ranges.Ranges, err)
				}
			}
			for _, r := range ranges.Ranges {
				for _, e := range r.Events {
					if e.Fixed == "" {
						continue
					}
					fixed++
					c, ok := how.canonical(e.Fixed)
					if in, err := f.affects(c); !ok || in || err != nil {
						t.Errorf("%s: %s %s is fixed and affected: %v", a.ID, f.Package, e.Fixed, err)
					}
				}
			}
		}
	}
	t.Logf("%d listed versions inside, %d fixed ones outside, %d spelled as before PEP 440", listed, fixed, odd)
	if listed < 500 || fixed < 20 {
		t.Errorf("only %d listed and %d fixed versions were compared", listed, fixed)
	}
}

// TestOSVScanner holds an audit against a published report of osv-scanner: the
// same packages against the same records must give the same ids.
func TestOSVScanner(t *testing.T) {
	compared := 0
	for _, name := range published(t, "reports/osv_scanner/*.json") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(text) == 0 {
			continue // what osv-scanner wrote when it found nothing
		}
		var report struct {
			Results []struct {
				Packages []struct {
					Package         struct{ Name, Version, Ecosystem string }
					Vulnerabilities []json.RawMessage
				}
			}
		}
		if err := json.Unmarshal(text, &report); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		dir := t.TempDir()
		var q Query
		want := map[string][]string{}
		var newest time.Time
		for _, r := range report.Results {
			for _, p := range r.Packages {
				q.Modules = append(q.Modules, Module{Ecosystem: p.Package.Ecosystem, Path: p.Package.Name, Version: p.Package.Version, Manifest: "yarn.lock"})
				for _, v := range p.Vulnerabilities {
					a, err := ParseAdvisory(v)
					if err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					if a.Modified.After(newest) {
						newest = a.Modified
					}
					want[p.Package.Name] = append(want[p.Package.Name], a.ID)
					if err := os.WriteFile(filepath.Join(dir, a.ID+".json"), v, 0o600); err != nil {
						t.Fatal(err)
					}
					compared++
				}
			}
		}
		if len(q.Modules) == 0 {
			continue
		}
		db, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		r := Audit(db, q, newest.Add(time.Hour))
		if run := r.Run(); run.State != rules.Complete {
			t.Errorf("%s: %+v", name, run)
		}
		for _, f := range r.Findings(nil) {
			ids := want[f.Advisory.Package]
			i := slices.IndexFunc(ids, func(id string) bool { return slices.Contains(f.Advisory.IDs, id) })
			if i < 0 {
				t.Errorf("%s: osv-scanner does not have %v of %s", name, f.Advisory.IDs, f.Advisory.Package)
				continue
			}
			want[f.Advisory.Package] = slices.Delete(ids, i, i+1)
			if f.CVSS == nil || f.Class != rules.Violation {
				t.Errorf("%s: %v has no score", name, f.Advisory.IDs)
			}
		}
		for pkg, ids := range want {
			if len(ids) > 0 {
				t.Errorf("%s: osv-scanner alone has %s of %s", name, strings.Join(ids, ", "), pkg)
			}
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	if compared == 0 {
		t.Error("the reports hold nothing to compare with")
	}
}

// TestPipAudit holds the order of versions against a published report of
// pip-audit: of the versions that it says fix a flaw one is newer than what is
// in use, and none is the same.
func TestPipAudit(t *testing.T) {
	compared := 0
	for _, name := range published(t, "reports/pip_audit/*.json") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var report struct {
			Dependencies []struct {
				Name, Version string
				Vulns         []struct {
					ID  string
					Fix []string `json:"fix_versions"`
				}
			}
		}
		if json.Unmarshal(text, &report) != nil {
			continue // an older form
		}
		for _, d := range report.Dependencies {
			how := spelling{PyPI, d.Name}
			have, ok := how.canonical(d.Version)
			if !ok && d.Version != "" {
				t.Errorf("%s: %s %s is no version", name, d.Name, d.Version)
			}
			for _, v := range d.Vulns {
				newer := len(v.Fix) == 0
				for _, fix := range v.Fix {
					c, ok := how.canonical(fix)
					if order := how.compare(c, have); !ok || order == 0 {
						t.Errorf("%s: %s: %s fixes %s", name, v.ID, fix, d.Version)
					} else {
						newer = newer || order > 0
					}
					compared++
				}
				if !newer {
					t.Errorf("%s: %s: nothing in %v is newer than %s %s", name, v.ID, v.Fix, d.Name, d.Version)
				}
			}
		}
	}
	if compared < 5 {
		t.Errorf("only %d versions were compared", compared)
	}
}
