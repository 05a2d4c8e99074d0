package scan

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/modfile"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/catalog"
	"github.com/staylisted/staylisted/rules/code"
	"github.com/staylisted/staylisted/rules/evidence"
)

// Every kind of input that cannot be analysed in full must leave a gap that
// says why, and nothing green behind.
func TestBrokenInput(t *testing.T) {
	const mod = "-- go.mod --\nmodule example.com/x\n\ngo 1.26\n"
	for _, tt := range []struct {
		name, tree string
		subject    string // of a gap
		reason     string // part of it
		analysed   int    // packages all the same
	}{
		{"empty folder", "", ".", "no Go package was found", 0},
		{"no Go", "-- README.md --\nhi\n", ".", "no Go package was found", 0},
		{"no module", "-- a.go --\npackage a\n", "a.go", "belongs to no Go module", 0},
		{"go.mod without module", "-- go.mod --\nmodul x\n-- a.go --\npackage a\n", "go.mod", "not a valid go.mod", 0},
		{"syntax error", mod + "-- a/a.go --\npackage a\nfunc {\n-- b/b.go --\npackage b\n", "example.com/x/a", "does not parse", 1},
		{"type error", mod + "-- a/a.go --\npackage a\nfunc F() int { return \"x\" }\n-- b/b.go --\npackage b\n", "example.com/x/a", "does not compile", 1},
		{"unused import", mod + "-- a/a.go --\npackage a\nimport \"fmt\"\n", "example.com/x/a", "imported and not used", 0},
		{"unresolved import", mod + "-- a.go --\npackage a\nimport _ \"example.com/none/such\"\n", "example.com/x", "no required module provides package", 0},
		{"import cycle", mod + "-- a/a.go --\npackage a\nimport _ \"example.com/x/b\"\n-- b/b.go --\npackage b\nimport _ \"example.com/x/a\"\n", "example.com/x/a", "import cycle", 0},
		{"two packages in one folder", mod + "-- a.go --\npackage a\n-- b.go --\npackage b\n", "example.com/x", "found packages a (a.go) and b (b.go) in .", 0},
		{"newer Go", "-- go.mod --\nmodule example.com/x\n\ngo 1.99\n-- a.go --\npackage a\n", "example.com/x", "requires go >= 1.99", 0},
		{"dangling link", mod + "-- a.go --\npackage a\n-- b.go --\n-> nowhere\n", "b.go", "leads nowhere", 0},
		{"broken go.work", mod + "-- a.go --\npackage a\n-- go.work --\nuse (\n", "go.work", "not a valid go.work", 1},
		{"go.work without its module", mod + "-- a.go --\npackage a\n-- go.work --\ngo 1.26\n\nuse ./none\n", "go.work", "where no readable go.mod is", 1},
		{"functions that call C", mod + "-- a.go --\npackage a\n\n// int f(void);\nimport \"C\"\n\nfunc F() int { return int(C.f()) }\nfunc G() int { return 1 }\n", "example.com/x", "1 functions call C (F)", 0},
		{"program without main", mod + "-- a.go --\npackage main\n", "example.com/x", "no function main", 0},
		{"function without body", mod + "-- a.go --\npackage a\n\nfunc F() int\n", "example.com/x", "function F has no body", 0},
		{"import of a program", mod + "-- a.go --\npackage a\n\nimport _ \"example.com/x/cmd\"\n-- cmd/c.go --\npackage main\n\nfunc main() {}\n", "example.com/x", "is a program", 1},
		{"replacement outside", "-- go.mod --\nmodule example.com/x\n\ngo 1.26\n\nrequire example.com/y v1.0.0\n\nreplace example.com/y => ./testdata/y\n-- a.go --\npackage a\n\nimport _ \"example.com/y\"\n-- testdata/y/go.mod --\nmodule example.com/y\n\ngo 1.26\n-- testdata/y/y.go --\npackage y\n", "example.com/y", "built from the folder testdata/y", 1},
		{"missing embedded file", mod + "-- a.go --\npackage a\n\nimport _ \"embed\"\n\n//go:embed none.txt\nvar s string\n", "example.com/x", "does not build", 0},
		{"forbidden internal import", mod + "-- a.go --\npackage a\n\nimport _ \"internal/abi\"\n", "example.com/x", "use of internal package", 0},
		{"missing local replacement", "-- go.mod --\nmodule example.com/x\n\ngo 1.26\n\nrequire example.com/y v1.0.0\n\nreplace example.com/y => ./none\n-- a.go --\npackage a\nimport _ \"example.com/y\"\n", "example.com/x", "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := scanTree(t, layOut(t, tt.tree))
			i := slices.IndexFunc(r.Evidence.Coverage.Gaps, func(g rules.Gap) bool { return g.Subject == tt.subject && strings.Contains(g.Reason, tt.reason) })
			if i < 0 {
				t.Errorf("no gap of %s because of %q in %v", tt.subject, tt.reason, r.Evidence.Coverage.Gaps)
			}
			analysed := 0
			for _, m := range r.Evidence.Coverage.Modules {
				analysed += m.Packages.Analysed
			}
			if analysed != tt.analysed {
				t.Errorf("%d packages count as analysed, want %d", analysed, tt.analysed)
			}
			rep, _ := report(t, r)
			for _, a := range rep.Assessments {
				for _, c := range a.Controls {
					if c.Control == "sast-run" && c.Verdict.Green() {
						t.Errorf("%s: sast-run is %s", a.Requirement, c.Verdict)
					}
					if c.Control == "crypto-strong" && c.Verdict.Green() {
						t.Errorf("%s: crypto-strong is %s", a.Requirement, c.Verdict)
					}
				}
			}
			for _, m := range rep.Marketplaces {
				if m.State == rules.StateCompliant || m.State == rules.StateAtRisk {
					t.Errorf("%s is %s", m.ID, m.State)
				}
			}
		})
	}
}

func TestFolderErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{
		filepath.Join(t.TempDir(), "none"): "opening the folder to scan",
		file:                               "is not a folder",
	} {
		_, err := Run(t.Context(), testCatalogue(t), Options{Dir: dir, Offline: true}, testNow)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", dir, err, want)
		}
	}
	if _, err := Run(cancelled(t), testCatalogue(t), Options{Dir: layOut(t, ""), Offline: true}, testNow); !errors.Is(err, cancelled(t).Err()) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestPolicyErrorsComeBack(t *testing.T) {
	root := layOut(t, "-- .github/staylisted.yml --\nversion: 2\nmarketplace: [druva]\n")
	_, err := Run(t.Context(), testCatalogue(t), Options{Dir: root, Offline: true}, testNow)
	var list evidence.ErrorList
	if !errors.As(err, &list) || len(list) < 2 {
		t.Errorf("got %v, want an ErrorList with every error", err)
	}
}

// A module, a nested module, a workspace with two modules, vendored code, test
// files, build constraints and folders the go command ignores.
const manyModules = `
-- go.mod --
module example.com/root

go 1.26

ignore ./skipped
-- skipped/s.go --
package skipped
-- tagged.go --
//go:build special && linux && !ignored

package root
-- a.go --
package root
-- a_test.go --
package root
-- a_windows.go --
package root
-- only/w.go --
//go:build windows

package only
-- testdata/x.go --
package x
-- _old/x.go --
package x
-- nested/go.mod --
module example.com/nested

go 1.25
-- nested/n.go --
package nested
-- ws/go.work --
go 1.26

use (
	./one
	./two
)
-- ws/one/go.mod --
module example.com/one

go 1.26
-- ws/one/one.go --
package one

import "example.com/two"

var X = two.X
-- ws/two/go.mod --
module example.com/two

go 1.26
-- ws/two/two.go --
package two

const X = 1
-- vend/go.mod --
module example.com/vend

go 1.26

require example.com/dep v1.0.0
-- vend/vendor/modules.txt --
# example.com/dep v1.0.0
## explicit; go 1.26
example.com/dep
-- vend/vendor/example.com/dep/dep.go --
package dep

func F() int { return 1 }
-- _hidden/go.mod --
module example.com/hidden

go 1.26
-- _hidden/h.go --
package hidden
-- sub/vendor/go.mod --
module example.com/svc

go 1.26
-- sub/vendor/s.go --
package svc
-- vend/v.go --
package vend

import "example.com/dep"

var X = dep.F()
`

func TestCoverageAccountsForEveryFile(t *testing.T) {
	r := scanTree(t, layOut(t, manyModules))
	c := r.Evidence.Coverage
	if len(c.Gaps) > 0 {
		t.Errorf("gaps: %v", c.Gaps)
	}
	var got []string
	for _, m := range c.Modules {
		var skipped []string
		for _, s := range m.Skipped {
			skipped = append(skipped, strings.Join(s.Files, " ")+" ("+s.Reason+")")
		}
		got = append(got, strings.TrimSpace(strings.Join([]string{m.Dir, m.Path, m.Go,
			strings.Repeat("p", m.Packages.Analysed), strings.Repeat("f", m.Files.Analysed), strings.Join(skipped, "; ")}, " ")))
		if m.Packages.Expected != m.Packages.Analysed || m.Files.Expected != m.Files.Analysed {
			t.Errorf("%s: %+v %+v", m.Path, m.Packages, m.Files)
		}
	}
	want := []string{
		". example.com/root 1.26 p f a_windows.go only/w.go (excluded by build constraints for linux/amd64); " +
			"tagged.go (excluded unless the build tag special is set (--tags special scans it)); " +
			"skipped/s.go (in a folder that go.mod tells the go command to ignore); a_test.go (test code, not shipped)",
		"_hidden example.com/hidden 1.26 p f",
		"nested example.com/nested 1.25 p f",
		"sub/vendor example.com/svc 1.26 p f",
		"vend example.com/vend 1.26 p f",
		"ws/one example.com/one 1.26 p f",
		"ws/two example.com/two 1.26 p f",
	}
	platform := c.Platform.GOOS + "/" + c.Platform.GOARCH
	for i := range want {
		want[i] = strings.ReplaceAll(want[i], "linux/amd64", platform)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
	if len(c.Skipped) != 2 || !slices.Equal(c.Skipped[0].Files, []string{"_old/x.go", "testdata/x.go"}) || !slices.Equal(c.Skipped[1].Files, []string{"vend/vendor/"}) {
		t.Errorf("skipped outside: %+v", c.Skipped)
	}
	i := slices.IndexFunc(r.Evidence.Components, func(c rules.Component) bool { return c.Name == "example.com/dep" })
	if i < 0 || r.Evidence.Components[i].Version != "v1.0.0" || r.Evidence.Components[i].Manifest != "vend/go.mod" {
		t.Errorf("components: %+v", r.Evidence.Components)
	}
}

// Whatever the go command is told to do elsewhere, a scan changes no file.
func TestNothingIsWritten(t *testing.T) {
	root := layOut(t, "-- go.mod --\nmodule example.com/x\n-- a.go --\npackage x\n")
	env := append(os.Environ(), "GOFLAGS=-mod=mod")
	if r := scanTree(t, root, func(o *Options) { o.Env = env }); len(r.Evidence.Coverage.Gaps) > 0 {
		t.Errorf("gaps: %v", r.Evidence.Coverage.Gaps)
	}
	entries, err := os.ReadDir(root)
	if err != nil || len(entries) != 2 {
		t.Errorf("the folder holds %v (%v)", entries, err)
	}
	if data, err := os.ReadFile(filepath.Join(root, "go.mod")); err != nil || string(data) != "module example.com/x\n" {
		t.Errorf("go.mod is now %q (%v)", data, err)
	}
}

func TestBuildTagsSelectFiles(t *testing.T) {
	root := layOut(t, `
-- go.mod --
module example.com/x

go 1.26
-- a.go --
package x
-- b.go --
//go:build special

package x

import "crypto/md5"

var Sum = md5.Sum(nil)
`)
	if got := found(scanTree(t, root), "G401"); got != nil {
		t.Errorf("without the tag: %v", got)
	}
	if got := found(scanTree(t, root, func(o *Options) { o.Tags = []string{"special"} }), "G401"); len(got) != 1 {
		t.Errorf("with the tag: %v", got)
	}
}

// weak is a small program with a finding of gosec's syntax rules, one of its
// SSA analyzers and one of our own.
const weak = `
-- go.mod --
module example.com/weak

go 1.26
-- main.go --
package main

import (
	"net/http"
	"os/exec"

	"example.com/weak/inner"
)

func run(w http.ResponseWriter, r *http.Request) {
	exec.Command("sh", "-c", r.FormValue("cmd")).Run()
	inner.Use(1)
}

func main() {
	http.HandleFunc("/run", run)
	http.ListenAndServe("localhost:80", nil)
}
-- inner/inner.go --
package inner

import "crypto/md5"

func Use(n int) [16]byte { return md5.Sum(make([]byte, n)) }
-- other/other.go --
package other

func Nothing() {}
`

func TestFindings(t *testing.T) {
	r := scanTree(t, layOut(t, weak))
	for _, want := range []string{"MKT203/command main.go:11 also G204, G702", "G401 inner/inner.go:5 also G501"} {
		if got := found(r, rules.Family(strings.Fields(want)[0])); !slices.Equal(got, []string{want}) {
			t.Errorf("got %v, want %s", got, want)
		}
	}
	for _, f := range r.Evidence.Findings {
		if f.ID == "" || f.Fingerprint == "" || f.Title == "" || f.Source != "code" {
			t.Errorf("incomplete finding %+v", f)
		}
	}
	if f := fact(t, r, "http-server"); f.State != rules.True {
		t.Errorf("http-server is %q: %s", f.State, f.Detail)
	}
	if f := fact(t, r, "sql"); f.State != rules.False {
		t.Errorf("sql is %q: %s", f.State, f.Detail)
	}
}

func TestEveryFactAndVerifierOfTheCatalogueIsProduced(t *testing.T) {
	r := scanTree(t, layOut(t, weak))
	have := map[string]bool{}
	for _, f := range r.Evidence.Facts {
		have[f.ID] = true
	}
	for _, id := range catalog.FactIDs() {
		if !have[id] {
			t.Errorf("the catalogue asks for fact %s, which no scan states", id)
		}
	}
	// What lies outside the repository is not looked at here, and says so.
	ran := map[string]bool{}
	for _, run := range r.Evidence.Runs {
		if run.State == rules.Complete || run.State == rules.NotRun && run.Reason != "" {
			ran[run.Verifier] = true
		}
	}
	for _, k := range testCatalogue(t).Controls {
		for _, v := range k.Verifiers {
			if !v.Planned && !ran[v.ID] && v.ID != "findings:violations" {
				t.Errorf("control %s: verifier %s is said to be built and did not run", k.ID, v.ID)
			}
			if v.Planned && ran[v.ID] {
				t.Errorf("control %s: verifier %s ran but is marked as planned", k.ID, v.ID)
			}
		}
	}
}

func TestRulesNameTheirControls(t *testing.T) {
	cat := testCatalogue(t)
	for _, r := range newSuite(code.With(code.Options{})).own {
		for _, meta := range r.Metadata() {
			for _, id := range meta.Controls {
				k, ok := cat.Control(id)
				if !ok {
					t.Errorf("%s: there is no control %s", meta.ID, id)
					continue
				}
				if !slices.ContainsFunc(k.Verifiers, func(v rules.Verifier) bool { return v.ID == r.ID }) {
					t.Errorf("%s speaks to control %s, which does not list it", meta.ID, id)
				}
			}
		}
	}
}

// A //line comment moves no finding, least of all to an excused line.
func TestLineCommentsMoveNothing(t *testing.T) {
	r := scanTree(t, layOut(t, `
-- go.mod --
module example.com/x

go 1.26
-- a.go --
package x

import "crypto/tls"

//line b.go:5
var C = &tls.Config{InsecureSkipVerify: true}
-- b.go --
package x

var d = 1

var e = 2 // #nosec G402 -- nothing to see here
`))
	if got, want := found(r, "G402"), []string{"G402/skip-verify a.go:6"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, f := range r.Evidence.Findings {
		if f.Rule == "G402/skip-verify" && f.Suppressed != nil {
			t.Error("a comment in another file excused the finding")
		}
	}
}

// What the compiler says of a literal must not show it.
func TestCompilerMessagesShowNoLiterals(t *testing.T) {
	r := scanTree(t, layOut(t, "-- go.mod --\nmodule example.com/x\n\ngo 1.26\n-- a.go --\npackage x\n\nvar key int = \"AKIA"+"IOSFODNN7EXAMPLE\"\n"))
	if len(r.Evidence.Coverage.Gaps) != 1 {
		t.Fatalf("gaps: %v", r.Evidence.Coverage.Gaps)
	}
	if _, data := report(t, r); bytes.Contains(data, []byte("IOSFODNN7")) {
		t.Errorf("the report shows the literal: %s", r.Evidence.Coverage.Gaps[0].Reason)
	}
}

// Equal input gives equal bytes: with one worker or many, with an empty cache,
// with a full one and without any.
func TestSameInputsSameBytes(t *testing.T) {
	root := layOut(t, weak)
	_, want := report(t, scanTree(t, root, func(o *Options) { o.Concurrency = 1 }))
	dir := t.TempDir()
	for _, run := range []struct {
		name   string
		change func(*Options)
	}{
		{"four workers", func(o *Options) { o.Concurrency = 4 }},
		{"empty cache", func(o *Options) { o.CacheDir = dir }},
		{"full cache", func(o *Options) { o.CacheDir = dir }},
	} {
		if _, got := report(t, scanTree(t, root, run.change)); !bytes.Equal(got, want) {
			t.Errorf("%s: another report:\n%s", run.name, firstDifference(want, got))
		}
	}
}

func firstDifference(a, b []byte) string {
	for i, line := range strings.Split(string(a), "\n") {
		other := strings.Split(string(b), "\n")
		if i >= len(other) || other[i] != line {
			return line + "\n" + strings.Join(other[min(i, len(other)-1):min(i+1, len(other))], "")
		}
	}
	return "the second is longer"
}

// Editing a body analyses one package again; editing a declaration the package
// and those that import it.
func TestCacheInvalidation(t *testing.T) {
	root := layOut(t, weak)
	dir := t.TempDir()
	analysed := func() []string {
		var names []string
		scanTree(t, root, func(o *Options) {
			o.CacheDir = dir
			o.Progress = func(p Progress) {
				if p.Stage == "analyse" {
					names = append(names, strings.TrimPrefix(p.Note, "example.com/weak"))
				}
			}
		})
		slices.Sort(names)
		return names
	}
	edit := func(file, old, new string) {
		t.Helper()
		name := filepath.Join(root, file)
		data, err := os.ReadFile(name)
		if err != nil || !bytes.Contains(data, []byte(old)) {
			t.Fatalf("%s does not hold %q (%v)", file, old, err)
		}
		if err := os.WriteFile(name, bytes.Replace(data, []byte(old), []byte(new), 1), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	check := func(what string, want ...string) {
		t.Helper()
		if got := analysed(); !slices.Equal(got, want) {
			t.Errorf("%s: analysed %q, want %q", what, got, want)
		}
	}
	check("first run", "", "/inner", "/other")
	check("nothing changed")
	edit("inner/inner.go", "make([]byte, n)", "make([]byte, n+1)")
	check("a body changed", "/inner")
	edit("inner/inner.go", "n int", "n int, more ...int")
	check("a declaration changed", "", "/inner")
	edit("go.mod", "go 1.26", "go 1.25")
	check("the language version changed", "", "/inner", "/other")
}

func TestDamagedCacheEntryIsNoEntry(t *testing.T) {
	root := layOut(t, weak)
	dir := t.TempDir()
	_, want := report(t, scanTree(t, root, func(o *Options) { o.CacheDir = dir }))
	n := 0
	err := filepath.WalkDir(filepath.Join(dir, "packages"), func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "trimmed" {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		n++
		return os.WriteFile(name, data[:len(data)/2], 0o600)
	})
	if err != nil || n == 0 {
		t.Fatalf("%d entries damaged, %v", n, err)
	}
	if _, got := report(t, scanTree(t, root, func(o *Options) { o.CacheDir = dir })); !bytes.Equal(got, want) {
		t.Error("damaged entries changed the report")
	}
}

func TestUnusableCacheFolder(t *testing.T) {
	root := layOut(t, weak)
	_, want := report(t, scanTree(t, root))
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, got := report(t, scanTree(t, root, func(o *Options) { o.CacheDir = file })); !bytes.Equal(got, want) {
		t.Error("a cache folder that cannot be used changed the report")
	}
}

func TestCacheTrim(t *testing.T) {
	c := cache{t.TempDir()}
	c.put("aaold", "x")
	c.put("bbnew", "y")
	now := time.Now()
	old := now.Add(-31 * 24 * time.Hour)
	if err := os.Chtimes(c.file("aaold"), old, old); err != nil {
		t.Fatal(err)
	}
	c.trim(now)
	var v string
	if c.get("aaold", &v) {
		t.Error("an entry that nobody asked for in a month is still there")
	}
	if !c.get("bbnew", &v) || v != "y" {
		t.Error("a young entry is gone")
	}
}

// Every kind of comment, and what is said of it.
func TestSuppressionComments(t *testing.T) {
	r := scanTree(t, layOut(t, `
-- go.mod --
module example.com/x

go 1.26
-- a.go --
package x

import "crypto/md5" // #nosec G501 -- etags only

// #nosec
var a = md5.Sum(nil)

// #nosec G401
var b = md5.Sum(nil)

//staylisted:ignore G401 reason="etags only" until=2027-01-31
var c = md5.Sum(nil)

// #nosec G401 -- does not reach into the body
func f() {
	_ = md5.Sum(nil)
}

// #nosec G402 -- nothing here
var d = 1

var e = md5.Sum(nil) //nolint:errcheck,gosec // etags only

var g = md5.Sum(nil) // for etags #nosec G401 -- etags only

// staylisted:ignore G401 reason="etags only"
var h = md5.Sum(nil)

var i = md5.Sum(nil) // nosec G401

var j = md5.Sum(nil) // #nosec G401 G404 -- etags only

//staylisted:ignore MKT999 reason="there is no such rule"
var k = 1

//staylisted:ignore MKT402 MKT307 MKT405 reason="rules that had nothing to compare with, or are to come"
var l = 1

var m = 1 //nolint:errcheck // not ours

//staylisted:ignore G401 reason="etags only" until=2020-01-31
var n = md5.Sum(nil)

var q = md5.Sum(nil) //nolint

var r = 1 //nolint // nothing of ours is here

// #nosec
var s = 1

//staylisted:ingore G401 reason="etags only"
var u = md5.Sum(nil)
-- b.go --
// #nosec G401 -- one comment does not excuse a file

package x

import "crypto/md5" // #nosec G501 -- etags only

func o() { _ = md5.Sum(nil) }
-- c.go --
package x

import "net/http"

func p(c *http.Client) {
	c.Get("https://hooks.slack.com/services") //staylisted:ignore MKT801 reason="a sandbox that gets no data"
}
`))
	var got []string
	for _, f := range r.Evidence.Findings {
		switch f.Rule {
		case "G401", "G501", "MKT801", invalidDirective, unusedDirective, misplacedDirective, foreignDirective:
		default:
			continue
		}
		line := fmt.Sprintf("%s:%d %s", f.Location.Path, f.Location.Line, f.Rule)
		if s := f.Suppressed; s != nil {
			line += " excused: " + s.Reason
			if s.Expires != "" {
				line += " until " + s.Expires
			}
		} else if strings.HasPrefix(f.Rule, "SUP") {
			if f.Class != rules.Informational || len(f.Controls()) > 0 {
				t.Errorf("%s is %s and speaks for %v", f.Rule, f.Class, f.Controls())
			}
			line += ": " + f.Message
		}
		got = append(got, line)
	}
	want := strings.Split(strings.TrimSpace(suppressions), "\n")
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s", strings.Join(got, "\n"))
	}
	rep, _ := report(t, r)
	i := slices.IndexFunc(rep.Findings, func(f rules.Finding) bool { return f.Location.Line == 42 && f.Rule == "G401" })
	if i < 0 || !rep.Findings[i].Active() {
		t.Error("a comment that has run out still excuses")
	}
}

const suppressions = `
a.go:3 G501 excused: etags only
a.go:5 SUP001: this comment excuses nothing: it names no rule; write ` + "`" + `// #nosec G401 -- why it is safe here` + "`" + `
a.go:6 G401
a.go:8 SUP001: this comment excuses nothing: it gives no reason that a reviewer could follow; write ` + "`" + `// #nosec G401 -- why it is safe here` + "`" + `
a.go:9 G401
a.go:12 G401 excused: etags only until 2027-01-31
a.go:14 SUP003: G401 finds nothing where this comment counts, but G401 does in line 16; move the comment there
a.go:16 G401
a.go:19 SUP002: G402 finds nothing here; remove the comment
a.go:22 G401
a.go:22 SUP004: this comment excuses nothing: it speaks to golangci-lint only; write ` + "`" + `// #nosec G401 -- why it is safe here` + "`" + `
a.go:24 G401
a.go:24 SUP003: this comment excuses nothing: #nosec stands inside the comment; begin a comment of its own with it
a.go:26 SUP001: this comment excuses nothing: a space stands before staylisted:ignore; write //staylisted:ignore without one
a.go:27 G401
a.go:29 G401
a.go:29 SUP001: this comment excuses nothing: it begins with nosec instead of #nosec; write ` + "`" + `// #nosec G401 -- why it is safe here` + "`" + `
a.go:31 G401 excused: etags only
a.go:31 SUP002: G404 finds nothing here; remove it from the comment
a.go:33 SUP001: there is no rule MKT999, so this comment excuses nothing of it
a.go:41 SUP001: this comment expired on 2020-01-31 and excuses nothing any more; mend what it hides, or renew ` + "`until`" + ` if the reason still holds
a.go:42 G401 excused: etags only until 2020-01-31
a.go:44 G401
a.go:44 SUP004: this comment excuses nothing: it speaks to golangci-lint only; write ` + "`" + `// #nosec G401 -- why it is safe here` + "`" + `
a.go:48 SUP001: this comment excuses nothing: it names no rule; write ` + "`#nosec`, the rule's id and ` -- why it is safe here`, or `//staylisted:ignore`, the id and `reason=\"why it is safe here\"`" + `
a.go:51 SUP001: this comment excuses nothing: "staylisted:ingore" is nothing this program reads; write ` + "`" + `// #nosec G401 -- why it is safe here` + "`" + `
a.go:52 G401
b.go:1 SUP003: G401 finds nothing where this comment counts, but G401 does in line 7; move the comment there
b.go:5 G501 excused: etags only
b.go:7 G401
c.go:6 MKT801 excused: a sandbox that gets no data`

// A finding keeps its fingerprint when lines move above it, when it is
// reformatted and when the code inside a nested block changes.
func TestIdentity(t *testing.T) {
	const before = `
-- go.mod --
module example.com/x

go 1.26
-- a.go --
package x

import "crypto/md5"

func Run(name string) ([16]byte, error) {
	return md5.Sum([]byte(name + "-v")), nil
}

func Twice(name string) {
	_ = md5.Sum([]byte(name))
	_ = md5.Sum([]byte(name))
}
`
	prints := func(tree string) []string {
		var out []string
		for _, f := range scanTree(t, layOut(t, tree)).Evidence.Findings {
			if f.Rule == "G401" {
				out = append(out, f.Location.Symbol+" "+f.Fingerprint)
			}
		}
		return out
	}
	want := prints(before)
	if len(want) != 3 || want[1] == want[2] {
		t.Fatalf("got %q", want)
	}
	moved := strings.Replace(before, "func Run", strings.Repeat("// filler\n", 30)+"func Run", 1)
	moved = strings.Replace(moved, `[]byte(name + "-v")`, "[]byte(\n\t\tname + // who\n\t\t\"-v\")", 1)
	if got := prints(moved); !slices.Equal(got, want) {
		t.Errorf("moved and reformatted: %q, want %q", got, want)
	}
	changed := prints(strings.Replace(before, `"-v"`, `"-w"`, 1))
	if changed[0] == want[0] || !slices.Equal(changed[1:], want[1:]) {
		t.Errorf("another statement: %q, was %q", changed, want)
	}
}

// Third-party code that no list of ours knows keeps facts from being false.
func TestFactsAreNotFalseOnUnknownGround(t *testing.T) {
	const head = `
-- go.mod --
module example.com/x

go 1.26

require example.com/dep v1.0.0
-- vendor/modules.txt --
# example.com/dep v1.0.0
## explicit; go 1.26
example.com/dep
-- a.go --
package main

import "example.com/dep"

func main() { dep.Do() }
-- vendor/example.com/dep/dep.go --
package dep
`
	for _, tt := range []struct {
		name, dep string
		facts     map[string]rules.Ternary
	}{
		{"computes only", "\nfunc Do() {}\n",
			map[string]rules.Ternary{"http-server": rules.False, "sql": rules.False, "outbound": rules.False, "data-store": rules.False}},
		{"wraps a database", "\nimport \"database/sql\"\n\nfunc Do() { sql.Open(\"x\", \"y\") }\n",
			map[string]rules.Ternary{"http-server": rules.False, "sql": rules.Undecided, "outbound": rules.False, "data-store": rules.Undecided}},
		{"wraps a server", "\nimport \"net/http\"\n\nfunc Do() { http.ListenAndServe(\":1\", nil) }\n",
			map[string]rules.Ternary{"http-server": rules.Undecided, "sql": rules.False, "outbound": rules.Undecided}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := scanTree(t, layOut(t, head+tt.dep))
			for id, want := range tt.facts {
				if f := fact(t, r, id); f.State != want {
					t.Errorf("%s is %q, want %q: %s", id, f.State, want, f.Detail)
				}
			}
		})
	}
	routes := scanTree(t, layOut(t, `
-- go.mod --
module example.com/x

go 1.26
-- a.go --
package x

import "net/http"

// Handler is what a hosting platform calls.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /delete", func(w http.ResponseWriter, r *http.Request) {})
	return mux
}
`))
	if f := fact(t, routes, "http-server"); f.State == rules.False {
		t.Errorf("routes are registered and http-server is false: %s", f.Detail)
	}
}

func TestUncoveredLanguages(t *testing.T) {
	for _, tt := range []struct {
		name, files string
		uncovered   rules.Ternary
		js          rules.Ternary
	}{
		{"only Go", "", rules.False, rules.False},
		{"Python service", "-- svc/app.py --\nprint(1)\n", rules.True, rules.False},
		{"helper script", "-- scripts/release.py --\nprint(1)\n", rules.False, rules.False},
		{"browser script", "-- static/app.js --\nalert(1)\n", rules.False, rules.True},
		{"minified browser script", "-- static/app.min.js --\nalert(1)\n", rules.False, rules.True},
		{"express server", "-- api/package.json --\n{\"dependencies\":{\"express\":\"4\"}}\n-- api/index.js --\n1\n", rules.True, rules.False},
		{"server that npm starts", "-- api/package.json --\n{\"scripts\":{\"start\":\"npm run serve\"},\"dependencies\":{\"h3\":\"1\"}}\n-- api/index.js --\n1\n", rules.True, rules.False},
		{"command of npm", "-- static/package.json --\n{\"bin\":\"x.js\",\"devDependencies\":{\"vite\":\"7\"}}\n-- static/x.js --\n1\n", rules.True, rules.False},
		{"front end with a build", "-- frontend/package.json --\n{\"dependencies\":{\"react\":\"19\"}}\n-- frontend/src/app.tsx --\n1\n", rules.False, rules.True},
		{"page with a script", "-- web/page.html --\n<script>go()</script>\n", rules.False, rules.True},
		{"page without", "-- web/page.html --\n<p>hi</p>\n", rules.False, rules.False},
		{"component", "-- frontend/App.vue --\n<template/>\n", rules.False, rules.True},
		{"page of a Next server", "-- package.json --\n{\"dependencies\":{\"next\":\"1\"}}\n-- pages/a.tsx --\n1\n", rules.True, rules.True},
		{"PHP page", "-- www/a.phtml --\n<p><?= 1 ?></p>\n", rules.True, rules.False},
		{"Razor page", "-- Pages/A.cshtml --\n<p>@x</p>\n", rules.True, rules.False},
		{"view of express", "-- views/a.ejs --\n<p><%= x %></p>\n", rules.True, rules.False},
		{"R", "-- model.R --\n1\n", rules.True, rules.False},
		{"program without ending", "-- bin/serve --\n#!/usr/bin/env -S python3 -u\n1\n", rules.True, rules.False},
		{"shell without ending", "-- bin/serve --\n#!/bin/sh\npython app\n", rules.False, rules.False},
		{"helper without ending", "-- tools/serve --\n#!/usr/bin/env python3\n1\n", rules.False, rules.False},
		{"template in a test", "-- tests/a.erb --\n1\n", rules.False, rules.False},
		{"script nobody can place", "-- worker/job.js --\n1\n", rules.True, rules.False},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := scanTree(t, layOut(t, "-- go.mod --\nmodule example.com/x\n\ngo 1.26\n-- a.go --\npackage x\n"+tt.files))
			if f := fact(t, r, "uncovered-language"); f.State != tt.uncovered {
				t.Errorf("uncovered-language is %q: %s", f.State, f.Detail)
			}
			if f := fact(t, r, "js"); f.State != tt.js {
				t.Errorf("js is %q: %s", f.State, f.Detail)
			}
		})
	}
}

func TestGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("git is not installed")
		}
		t.Skip("git is not installed")
	}
	root := layOut(t, weak)
	none := filepath.Join(t.TempDir(), "none") // no configuration of this machine
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", args...)
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a",
			"GIT_COMMITTER_EMAIL=a@example.com", "GIT_CONFIG_GLOBAL="+none, "GIT_CONFIG_SYSTEM="+none,
			"GIT_AUTHOR_DATE=2026-05-01T10:00:00Z", "GIT_COMMITTER_DATE=2026-05-01T10:00:00Z")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	if r := scanTree(t, root); r.Evidence.Commit != "" {
		t.Errorf("commit %q outside git", r.Evidence.Commit)
	}
	git("init", "-q")
	git("remote", "add", "origin", "https://user:secret-token@github.com/partner/app.git")
	git("add", ".")
	git("commit", "-q", "-m", "one")
	// Nothing the repository configures may run.
	mark := filepath.Join(t.TempDir(), "ran")
	git("config", "filter.evil.clean", "touch "+mark)
	git("config", "core.fsmonitor", "touch "+mark)
	git("config", "log.showSignature", "true")
	git("config", "gpg.program", "touch "+mark)
	if err := os.WriteFile(filepath.Join(root, ".git", "info", "attributes"), []byte("* filter=evil\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(root, "main.go"), later, later); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if _, err := os.Stat(mark); err == nil {
			t.Error("a program of the repository's git configuration ran")
		}
	}()
	r := scanTree(t, root)
	if len(r.Evidence.Commit) != 40 || r.Evidence.Repository != "partner/app" {
		t.Errorf("commit %q of %q", r.Evidence.Commit, r.Evidence.Repository)
	}
	if _, data := report(t, r); bytes.Contains(data, []byte("secret-token")) {
		t.Error("the report holds a credential of the remote's address")
	}
	g := readGit(t.Context(), r.Root, nil)
	if got := g.introduced(t.Context(), "go.mod", "go", "1.26"); !got.Equal(time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("introduced at %v", got)
	}
	for _, words := range [][]string{{"no such text"}, {"go", "1.2"}, {"go", "1x26"}} {
		if got := g.introduced(t.Context(), "go.mod", words...); !got.IsZero() {
			t.Errorf("%q was never there and came in at %v", words, got)
		}
	}
	if err := os.Remove(filepath.Join(root, "other/other.go")); err != nil {
		t.Fatal(err)
	}
	if gaps := scanTree(t, root).Evidence.Coverage.Gaps; len(gaps) != 1 || gaps[0].Subject != "other/other.go" {
		t.Errorf("a tracked file is missing: %v", gaps)
	}
	if notes := strings.Join(r.Notes, "\n"); strings.Contains(notes, "working tree") {
		t.Errorf("a fresh commit is said to differ: %q", notes)
	}
	if err := os.WriteFile(filepath.Join(root, "other/other.go"), []byte("package other\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if notes := strings.Join(scanTree(t, root).Notes, "\n"); !strings.Contains(notes, "working tree") {
		t.Errorf("nothing says that files differ from the commit: %q", notes)
	}
}

func TestOwnerName(t *testing.T) {
	for remote, want := range map[string]string{
		"https://github.com/o/r.git":       "o/r",
		"https://user:pw@github.com/o/r":   "o/r",
		"git@github.com:o/r.git":           "o/r",
		"ssh://git@github.example.com/o/r": "o/r",
		"/srv/git/r.git":                   "",
		"../r":                             "",
		"https://github.com/o/r/extra":     "",
		"":                                 "",
	} {
		if got := ownerName(remote); got != want {
			t.Errorf("%q: %q, want %q", remote, got, want)
		}
	}
}

// The engine's name for gosec's version is part of every cache key.
func TestGosecVersion(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := modfile.Parse("go.mod", data, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range f.Require {
		if r.Mod.Path == "github.com/securego/gosec/v2" && r.Mod.Version != gosecVersion {
			t.Errorf("go.mod requires gosec %s, gosecVersion is %s", r.Mod.Version, gosecVersion)
		}
	}
}
