package scan

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/deps"
)

// npmLock is a lockfile of one package; the hand-written advisories know a flaw
// of the template parser before 2.4.1.
func npmLock(version string) string {
	return fmt.Sprintf(`-- web/package.json --
{"dependencies": {"@example/legacy-template": "^2.0.0"}}
-- web/package-lock.json --
{
  "lockfileVersion": 3,
  "packages": {
    "": {"dependencies": {"@example/legacy-template": "^2.0.0"}},
    "node_modules/@example/legacy-template": {
      "version": %q,
      "license": "MIT"
    }
  }
}
`, version)
}

func runOf(t *testing.T, r *Result, verifier string) rules.VerifierRun {
	t.Helper()
	i := slices.IndexFunc(r.Evidence.Runs, func(run rules.VerifierRun) bool { return run.Verifier == verifier })
	if i < 0 {
		t.Fatalf("no run of %s", verifier)
	}
	return r.Evidence.Runs[i]
}

// verdicts returns the verdict of each control that asks for an audit.
func verdicts(t *testing.T, r *Result, now time.Time) map[string]rules.Verdict {
	t.Helper()
	out := map[string]rules.Verdict{}
	for _, a := range rules.Assess(testCatalogue(t), &r.Evidence, now).Assessments {
		for _, c := range a.Controls {
			out[c.Control] = c.Verdict
		}
	}
	return out
}

const smallModule = "-- go.mod --\nmodule example.com/x\n\ngo 1.26\n-- a.go --\npackage x\n"

func TestLockfilesAreAudited(t *testing.T) {
	r := scanTree(t, layOut(t, smallModule+npmLock("2.4.0")))
	for _, id := range []string{auditVerifier, auditRunVerifier, deps.LicenceVerifier} {
		if run := runOf(t, r, id); run.State != rules.Complete {
			t.Errorf("%s: %+v", id, run)
		}
	}
	i := slices.IndexFunc(r.Evidence.Findings, func(f rules.Finding) bool { return f.Rule == "GHSA-0000-0000-0005" })
	if i < 0 {
		t.Fatalf("findings: %+v", r.Evidence.Findings)
	}
	if f := r.Evidence.Findings[i]; f.Class != rules.Violation || f.Location != (rules.Location{Path: "web/package-lock.json", Line: 5}) || f.Advisory.Reach != deps.Required {
		t.Errorf("finding: %+v", f)
	}
	if !slices.ContainsFunc(r.Rules, func(rule rules.Rule) bool { return rule.ID == "GHSA-0000-0000-0005" }) {
		t.Error("the advisory's rule is not described")
	}
	j := slices.IndexFunc(r.Evidence.Components, func(c rules.Component) bool { return c.Ecosystem == deps.Npm })
	if j < 0 || r.Evidence.Components[j] != (rules.Component{Ecosystem: deps.Npm, Name: "@example/legacy-template", Version: "2.4.0", Scope: "production",
		Direct: true, Manifest: "web/package-lock.json", Licence: "MIT"}) {
		t.Errorf("components: %+v", r.Evidence.Components)
	}
	if f := fact(t, r, "dependencies"); f.State != rules.True || f.Detail != "npm 1" {
		t.Errorf("dependencies: %+v", f)
	}
	if v := verdicts(t, r, testNow); v["dep-no-known-high"] != rules.Fail || v["sca-run"] != rules.Pass {
		t.Errorf("verdicts: dep-no-known-high %s, sca-run %s", v["dep-no-known-high"], v["sca-run"])
	}
	r = scanTree(t, layOut(t, smallModule+npmLock("2.4.1")))
	if v := verdicts(t, r, testNow); v["dep-no-known-high"] != rules.Pass || v["sca-run"] != rules.Pass {
		t.Errorf("fixed: dep-no-known-high %s, sca-run %s", v["dep-no-known-high"], v["sca-run"])
	}
}

// TestAuditWithoutData is the rule that silence needs data: what is stale,
// missing, not locked or unreadable leaves both controls unknown.
func TestAuditWithoutData(t *testing.T) {
	goOnly := t.TempDir()
	for name, text := range map[string]string{
		"db.json": `{"modified": "2026-11-20T00:00:00Z"}`,
		"a.json":  `{"id": "GO-0000-0009", "modified": "2026-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "Go", "name": "example.com/y"}}]}`,
	} {
		if err := os.WriteFile(filepath.Join(goOnly, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	fresh := npmLock("2.4.1")
	for _, tt := range []struct {
		name, tree, advisories string
		now                    time.Time
		reason                 string
	}{
		{"stale when scanned", fresh, advisories, testNow.AddDate(0, 0, 8), "it is of 2026-11-20, 7 days old or more"},
		{"no data about npm", fresh, goOnly, testNow, "advisory data for npm: there is none"},
		{"no data at all", fresh, "", testNow, "there is no folder to keep downloaded advisories in"},
		{"not locked", "-- package.json --\n{\"dependencies\": {\"a\": \"1\"}}\n", advisories, testNow, "package.json names dependencies and no lockfile says"},
		{"unreadable", "-- package-lock.json --\n{\n", advisories, testNow, "package-lock.json cannot be read"},
		{"another lockfile kind", "-- bun.lock --\n{}\n", advisories, testNow, "bun.lock is a lockfile of a kind that is not read"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Run(t.Context(), testCatalogue(t), Options{Dir: layOut(t, smallModule+tt.tree), Offline: true, Advisories: tt.advisories}, tt.now)
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range []string{auditVerifier, auditRunVerifier} {
				if run := runOf(t, r, id); run.State != rules.Broken || !strings.Contains(run.Reason, tt.reason) {
					t.Errorf("%s: %+v", id, run)
				}
			}
			for control, v := range verdicts(t, r, tt.now) {
				if (control == "sca-run" || control == "dep-no-known-high") && v != rules.Unknown {
					t.Errorf("%s is %s", control, v)
				}
			}
		})
	}
	// What was fresh when it was scanned does not stay so.
	r := scanTree(t, layOut(t, smallModule+fresh))
	for control, v := range verdicts(t, r, testNow.AddDate(0, 0, 8)) {
		if (control == "sca-run" || control == "dep-no-known-high") && v != rules.Unknown {
			t.Errorf("eight days later %s is %s", control, v)
		}
	}
}

// TestNoDependencies keeps the fact honest in repositories without Go.
func TestNoDependencies(t *testing.T) {
	for _, tt := range []struct {
		name, tree string
		want       rules.Ternary
	}{
		{"Go without requirements", smallModule, rules.False},
		{"nothing", "-- README.md --\nhi\n", rules.False},
		{"package.json that names nothing", "-- package.json --\n{}\n", rules.False},
		{"lockfile", npmLock("2.4.1"), rules.True},
		{"no lockfile", "-- requirements.txt --\nflask\n", rules.True},
		{"only in documentation", "-- docs/package.json --\n{\"dependencies\": {\"a\": \"1\"}}\n", rules.False},
		{"Go outside a module", "-- a.go --\npackage a\n", rules.Undecided},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if f := fact(t, scanTree(t, layOut(t, tt.tree)), "dependencies"); f.State != tt.want {
				t.Errorf("dependencies is %q: %s", f.State, f.Detail)
			}
		})
	}
}

func TestLicencesOfModules(t *testing.T) {
	tree := `-- go.mod --
module example.com/x

go 1.26

require (
	example.com/free v1.0.0
	example.com/dark v1.0.0
)
-- a.go --
package x

import (
	_ "example.com/dark"
	_ "example.com/free"
)
-- vendor/modules.txt --
# example.com/dark v1.0.0
## explicit; go 1.26
example.com/dark
# example.com/free v1.0.0
## explicit; go 1.26
example.com/free
-- vendor/example.com/dark/a.go --
package dark
-- vendor/example.com/free/a.go --
package free
-- vendor/example.com/free/LICENSE --
` + mitText
	find := func(r *Result, rule string) []string {
		var out []string
		for _, f := range r.Evidence.Findings {
			if f.Rule == rule {
				out = append(out, f.Location.Path+" "+f.Message)
			}
		}
		return out
	}
	r := scanTree(t, layOut(t, tree))
	if got := find(r, "dependencies:licences/unknown"); len(got) != 1 || !strings.HasPrefix(got[0], "go.mod the licence of example.com/dark v1.0.0 is not known") {
		t.Errorf("unknown: %q", got)
	}
	for _, c := range r.Evidence.Components {
		if want := map[string]string{"example.com/free": "MIT", "example.com/dark": "NOASSERTION", "stdlib": "BSD-3-Clause"}[c.Name]; c.Licence != want {
			t.Errorf("%s is under %q", c.Name, c.Licence)
		}
	}
	if run := runOf(t, r, deps.LicenceVerifier); run.State != rules.Complete {
		t.Errorf("run: %+v", run)
	}
	const policy = `-- .github/staylisted.yml --
version: 1
marketplaces: [druva]
licences:
  deny: [MIT]
  known:
    - {component: "Go:example.com/dark", licence: ISC, reason: the author answered our question with it}
`
	r = scanTree(t, layOut(t, policy+tree))
	if got := find(r, "dependencies:licences/unknown"); len(got) != 0 {
		t.Errorf("settled by the policy, and still %q", got)
	}
	if got := find(r, "dependencies:licences/denied"); len(got) != 1 || !strings.Contains(got[0], "example.com/free v1.0.0 is under MIT, which licences.deny refuses") {
		t.Errorf("denied: %q", got)
	}
}

// TestLockedSince finds out from history when a version came in, in the formats
// that lockfiles have.
func TestLockedSince(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("git is not installed")
		}
		t.Skip("git is not installed")
	}
	root := layOut(t, smallModule)
	none := filepath.Join(t.TempDir(), "none")
	day := 0
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", args...)
		cmd.Dir = root
		at := fmt.Sprintf("2026-05-%02dT10:00:00Z", day)
		cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a",
			"GIT_COMMITTER_EMAIL=a@example.com", "GIT_CONFIG_GLOBAL="+none, "GIT_CONFIG_SYSTEM="+none, "GIT_AUTHOR_DATE="+at, "GIT_COMMITTER_DATE="+at)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	forms := map[string]struct{ ecosystem, name, text string }{
		"package-lock.json":  {deps.Npm, "@s/left", "{\"packages\": {\n\"node_modules/@s/left\": {\n  \"version\": \"VERSION\"}}}\n"},
		"pnpm-lock.yaml":     {deps.Npm, "@s/left", "packages:\n  '@s/left@VERSION':\n"},
		"poetry.lock":        {deps.PyPI, "left", "[[package]]\nname = \"left\"\nversion = \"VERSION\"\n"},
		"requirements.txt":   {deps.PyPI, "left", "left==VERSION\n"},
		"Gemfile.lock":       {deps.RubyGems, "left", "    left (VERSION)\n"},
		"gradle.lockfile":    {deps.Maven, "g.h:left", "g.h:left:VERSION=a\n"},
		"pom.xml":            {deps.Maven, "g.h:left", "<artifactId>left</artifactId>\n<version>VERSION</version>\n"},
		"composer.lock":      {deps.Packagist, "s/left", "\"name\": \"s/left\",\n \"version\": \"VERSION\"\n"},
		"packages.lock.json": {deps.NuGet, "Left", "\"Left\": {\n \"type\": \"Direct\",\n \"resolved\": \"VERSION\"\n"},
	}
	write := func(version string) {
		for name, form := range forms {
			if err := os.WriteFile(filepath.Join(root, name), []byte(strings.ReplaceAll(form.text, "VERSION", version)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		day++
		git("add", "-A")
		git("commit", "-q", "-m", version)
	}
	git("init", "-q")
	write("1.0.0")
	write("1.0.1")
	write("1.0.10")
	g := readGit(t.Context(), root, nil)
	for name, form := range forms {
		m := deps.Module{Ecosystem: form.ecosystem, Path: form.name, Version: "1.0.10", Manifest: name}
		if got := g.adoptLocked(t.Context(), &m); got.Format(time.DateOnly) != "2026-05-03" {
			t.Errorf("%s: 1.0.10 came in on %s", name, got.Format(time.DateOnly))
		}
		m.Version = "9.9.9"
		if got := g.adoptLocked(t.Context(), &m); !got.IsZero() {
			t.Errorf("%s: what never was came in on %s", name, got)
		}
	}
}

// TestReportOfLockfiles keeps the report the same for the same input.
func TestReportOfLockfiles(t *testing.T) {
	root := layOut(t, smallModule+npmLock("2.4.0")+"-- requirements.txt --\nflask\nexample-legacy-loader==5.3\n")
	_, first := report(t, scanTree(t, root))
	_, second := report(t, scanTree(t, root))
	if d := firstDifference(first, second); d != "" && string(first) != string(second) {
		t.Error(d)
	}
	var rep struct{ Components []rules.Component }
	if err := json.Unmarshal(first, &rep); err != nil || len(rep.Components) != 2 {
		t.Errorf("%v: %+v", err, rep.Components)
	}
}

const mitText = `MIT License

Copyright (c) 2026 Example

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`
