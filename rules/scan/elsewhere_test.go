package scan

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/evidence/reports"
)

// expressApp is a server without a line of Go.
const expressApp = `-- package.json --
{"scripts": {"start": "node server.js"}, "dependencies": {"@example/legacy-template": "^2.0.0"}}
-- package-lock.json --
{
  "lockfileVersion": 3,
  "packages": {
    "": {"dependencies": {"@example/legacy-template": "^2.0.0"}},
    "node_modules/@example/legacy-template": {"version": "2.4.1", "license": "MIT"}
  }
}
-- server.js --
const express = require("express");
// fetch("https://apis.druva.com/") was tried
const people = (q) => fetch("https://api.apollo.io/api/v1/people/search", {method: "POST", body: JSON.stringify(q)});
express().post("/search", async (req, res) => res.json(await (await people(req.body)).json())).listen(8080);
`

// committed commits a folder and returns the commit.
func committed(t *testing.T, root string) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("git is not installed")
		}
		t.Skip("git is not installed")
	}
	commit := ""
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"commit", "-q", "-m", "one"}, {"rev-parse", "HEAD"}} {
		cmd := exec.Command("git", append([]string{"-C", root, "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgSign=false"}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		commit = strings.TrimSpace(string(out))
	}
	return commit
}

// analysisOf is a CodeQL analysis without results of some commit, by rules for
// the CWEs.
func analysisOf(commit string, cwe ...int) func(*Options) {
	var tags []string
	for _, id := range cwe {
		tags = append(tags, fmt.Sprintf("%q", fmt.Sprintf("external/cwe/cwe-%03d", id)))
	}
	text := `{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "CodeQL", "rules": [
		{"id": "js/every-query", "properties": {"tags": ["security", ` + strings.Join(tags, ", ") + `]}}]}},
		"invocations": [{"executionSuccessful": true}], "results": [], "versionControlProvenance": [{"revisionId": "` + commit + `"}]}]}`
	return func(o *Options) { o.Reports = []reports.Input{{Name: "codeql.sarif", Data: []byte(text)}} }
}

// TestWithoutGo: code in other languages is no gap. Its controls need an
// analysis of the same commit, and pass by one that covers their CWEs.
func TestWithoutGo(t *testing.T) {
	root := layOut(t, expressApp)
	commit := committed(t, root)
	r := scanTree(t, root)
	if gaps := r.Evidence.Coverage.Gaps; len(gaps) > 0 {
		t.Errorf("gaps: %v", gaps)
	}
	for _, id := range []string{auditVerifier, auditRunVerifier, staticVerifier, "MKT801"} {
		if run := runOf(t, r, id); run.State != rules.Complete {
			t.Errorf("%s: %+v", id, run)
		}
	}
	for _, id := range []string{"http-server", "outbound", "sql", "cookies-set"} {
		if f := fact(t, r, id); f.State != rules.Undecided {
			t.Errorf("nobody read the code, and %s is %q: %s", id, f.State, f.Detail)
		}
	}
	i := slices.IndexFunc(r.Evidence.Observations, func(o rules.Observation) bool { return o.Verifier == "MKT801" })
	if i < 0 || !slices.Equal(r.Evidence.Observations[i].Tags, []string{"api-apollo"}) || !strings.Contains(r.Evidence.Observations[i].Text, "api.apollo.io at server.js:3") {
		t.Errorf("observations: %+v", r.Evidence.Observations)
	}
	if slices.ContainsFunc(r.Evidence.Observations, func(o rules.Observation) bool {
		return o.Verifier == staticVerifier || slices.Contains(o.Tags, "api-druva")
	}) {
		t.Errorf("what nothing shows is observed: %+v", r.Evidence.Observations)
	}
	covered := []int{22, 78, 79, 89, 295, 326, 327, 328, 338}
	for _, tt := range []struct {
		name   string
		change []func(*Options)
		want   map[string]rules.Verdict
	}{
		{"no analysis", nil, map[string]rules.Verdict{"sast-run": rules.NeedsEvidence, "crypto-strong": rules.NeedsEvidence, "no-injection-query": rules.NeedsEvidence, "sca-run": rules.Pass}},
		{"this commit", []func(*Options){analysisOf(commit, covered...)}, map[string]rules.Verdict{"sast-run": rules.Pass, "crypto-strong": rules.Pass, "no-injection-query": rules.Pass, "sca-run": rules.Pass}},
		{"other weaknesses", []func(*Options){analysisOf(commit, 79)}, map[string]rules.Verdict{"sast-run": rules.Pass, "crypto-strong": rules.NeedsEvidence}},
		{"another commit", []func(*Options){analysisOf(strings.Repeat("a", 40), covered...)}, map[string]rules.Verdict{"sast-run": rules.NeedsEvidence, "crypto-strong": rules.NeedsEvidence}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := verdicts(t, scanTree(t, root, tt.change...), testNow)
			for control, want := range tt.want {
				if v, judged := got[control]; !judged || v != want {
					t.Errorf("%s is %s, want %s", control, got[control], want)
				}
			}
		})
	}
}

// TestAuditWithoutGo: without manifests nobody knows what was built in.
func TestAuditWithoutGo(t *testing.T) {
	for _, tt := range []struct {
		name, tree string
		want       rules.RunState
	}{
		{"no manifest", "-- app.py --\nprint(1)\n", rules.NotRun},
		{"a manifest without lockfile", "-- app.py --\nprint(1)\n-- requirements.txt --\nflask\n", rules.Broken},
		{"nothing at all", "-- README.md --\nhi\n", rules.Broken},
	} {
		if run := runOf(t, scanTree(t, layOut(t, tt.tree)), auditVerifier); run.State != tt.want || run.Reason == "" {
			t.Errorf("%s: %+v", tt.name, run)
		}
	}
}

func TestMarketplaceCalls(t *testing.T) {
	root := layOut(t, `-- a.py --
# "https://api.monday.com/v2" in a comment
x = 1  # "https://api.monday.com/v2"
HOST = "https://apis.druva.com"
-- b.rb --
URL = 'HTTPS://API.monday.com:443/v2'
-- c.erb --
<a href="https://app.apollo.io/">Apollo</a>
-- d.py --
a = "https://api.apollo.io.example.com/"
b = "https://api.apollo.io{path}"
c = f"see https://api.apollo.io/"
d = "http://api.apollo.io/"
`)
	tree, err := discover(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for market, it := range marketplaceCalls(tree, tree.files) {
		got = append(got, fmt.Sprintf("%s %s %s:%d", market, it.Name, it.Location.Path, it.Location.Line))
	}
	slices.Sort(got)
	if want := []string{"druva apis.druva.com a.py:3", "monday api.monday.com b.rb:1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHoldsScript(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct {
		name, text string
		want       bool
	}{
		{"plain.html", "<p>on = off</p>", false},
		{"element.html", "<SCRIPT>go()</SCRIPT>", true},
		{"source.html", `<script src="/a.js" defer></script>`, true},
		{"open.html", "<script\n{{.Attrs", true},
		{"module.html", `<script type="module">x</script>`, true},
		{"data.html", `<script type="application/ld+json">{"type": "module"}</script><script id=d type='application/json'>{}</script>`, false},
		{"both.html", `<script type="application/json">{}</script><script>1</script>`, true},
		{"typed.html", `<script>var a = {type: "application/json"}</script>`, true},
		{"custom.html", "<script-loader></script-loader>", false},
		{"handler.html", `<body onload="go()">`, true},
		{"bare.html", `<button class=a onclick=go()>`, true},
		{"hole.erb", `<a href="<%= url %>" onclick='go()'>`, true},
		{"address.html", `<a href="javascript:go()">`, true},
		{"words.html", `<a href="/javascript">JavaScript: the parts</a>`, false},
		{"page.pug", "html\n  script.\n    go()\n", true},
		{"quiet.pug", "html\n  p script\n", false},
	} {
		name := filepath.Join(dir, tt.name)
		if err := os.WriteFile(name, []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := holdsScript(name); got != tt.want {
			t.Errorf("%s: %t, want %t: %s", tt.name, got, tt.want, tt.text)
		}
	}
	if !holdsScript(filepath.Join(dir, "none.html")) {
		t.Error("a page that cannot be read holds no script")
	}
}
