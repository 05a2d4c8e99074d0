package main

import (
	"encoding/json"
	"fmt"
	"go/importer"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const annotated = `package p

import "crypto/md5"

func F(r *R) {
	db.Query(
		"select "+r.A,
		r.B)
	a(r); b(r)
	if c(r.A) {
		d(r)
	}
	go func() {
		e(r)
	}()
}
`

func TestSpans(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.go")
	if err := os.WriteFile(file, []byte(annotated), 0o600); err != nil {
		t.Fatal(err)
	}
	at := spans(file)
	for line, want := range map[int][2]int{3: {3, 3}, 6: {6, 8}, 7: {6, 8}, 9: {9, 9}, 10: {10, 10}, 11: {11, 11}, 14: {14, 14}, 2: {2, 2}, 99: {99, 99}} {
		if from, to := at(line); [2]int{from, to} != want {
			t.Errorf("line %d belongs to %d-%d, want %d-%d", line, from, to, want[0], want[1])
		}
	}
	if from, to := spans(file + ".none")(5); from != 5 || to != 5 {
		t.Errorf("a file that is not there: %d-%d", from, to)
	}
}

func TestMatch(t *testing.T) {
	statement := func(string) func(int) (int, int) {
		return func(line int) (int, int) {
			if line >= 6 && line <= 8 {
				return 6, 8
			}
			return line, line
		}
	}
	r := func(line int, topic, expect string) row {
		return row{File: "a/p.go", Line: line, Topic: topic, Expect: expect}
	}
	f := func(line int, class string, rules ...string) found {
		return found{file: "a/p.go", line: line, endLine: line, class: class, rules: rules}
	}
	for _, tt := range []struct {
		name          string
		rows          []row
		found         []found
		before, after string // rows hit, as indexes
	}{
		{"the line", []row{r(3, "ssrf", "positive"), r(4, "ssrf", "negative")}, []found{f(3, "violation", "G704")}, "0", "0"},
		{"a note does not count after", []row{r(3, "weak-rand", "positive")}, []found{f(3, "informational", "G404")}, "0", ""},
		{"ours does not count before", []row{r(3, "ssrf", "positive")}, []found{f(3, "review", "MKT508")}, "", "0"},
		{"merged counts for both", []row{r(3, "ssrf", "positive")}, []found{f(3, "violation", "MKT508", "G704")}, "0", "0"},
		{"another topic", []row{r(3, "ssrf", "positive")}, []found{f(3, "violation", "G701")}, "", ""},
		{"excused", []row{r(3, "ssrf", "positive")}, []found{{file: "a/p.go", line: 3, class: "violation", rules: []string{"G704"}, suppressed: true}}, "0", ""},
		{"a safe row", []row{r(3, "ssrf", "negative")}, []found{f(3, "violation", "G704")}, "0", "0"},
		{"within the statement", []row{r(8, "ssrf", "positive")}, []found{f(6, "violation", "G704")}, "0", "0"},
		{"the flawed argument of a statement", []row{r(7, "ssrf", "negative"), r(8, "ssrf", "positive")}, []found{f(6, "violation", "G704")}, "1", "1"},
		{"the exact line of a statement", []row{r(6, "ssrf", "negative"), r(8, "ssrf", "positive")}, []found{f(6, "violation", "G704")}, "0", "0"},
		{"where the path ends", []row{r(20, "cookie-flags", "positive")}, []found{{file: "a/p.go", line: 11, end: 20, class: "violation", rules: []string{"MKT505"}}}, "", "0"},
		{"another attribute of a cookie", []row{{File: "a/p.go", Line: 20, Topic: "cookie-flags", CWE: []int{1004}, Expect: "negative"}}, []found{f(20, "violation", "MKT505/secure")}, "", ""},
		{"the attribute of a cookie", []row{{File: "a/p.go", Line: 20, Topic: "cookie-flags", CWE: []int{1004}, Expect: "negative"}}, []found{f(20, "violation", "MKT505/http-only")}, "", "0"},
		{"a cookie without attributes", []row{{File: "a/p.go", Line: 20, Topic: "cookie-flags", CWE: []int{1004}, Expect: "positive"}}, []found{f(20, "violation", "MKT505")}, "", "0"},
		{"some attribute of a cookie", []row{r(20, "cookie-flags", "positive")}, []found{f(20, "violation", "MKT505/secure")}, "", "0"},
		{"the region", []row{r(31, "tls-config", "positive")}, []found{{file: "a/p.go", line: 30, endLine: 33, class: "violation", rules: []string{"G402/version"}}}, "0", "0"},
		{"no row there", []row{r(3, "ssrf", "positive")}, []found{f(5, "violation", "G704")}, "", ""},
		{"a whole safe file", []row{r(0, "xss", "negative")}, []found{f(5, "violation", "G705")}, "0", "0"},
		{"a whole file beside a row", []row{r(0, "xss", "negative"), r(5, "xss", "positive")}, []found{f(5, "violation", "G705")}, "1", "1"},
		{"a whole folder", []row{{File: "a", Topic: "csrf", Expect: "positive"}, {File: "b", Topic: "csrf", Expect: "positive"}}, []found{f(5, "review", "MKT501")}, "", "0"},
		{"a sample", []row{{File: "a", Topic: "G404", Expect: "positive"}}, []found{f(5, "informational", "G404")}, "0", ""},
		{"a sample of another rule", []row{{File: "a", Topic: "G404", Expect: "positive"}}, []found{f(5, "violation", "MKT603")}, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var before, after []string
			for i, m := range match(tt.rows, tt.found, statement) {
				if len(m.before) > 0 {
					before = append(before, string(rune('0'+i)))
				}
				if len(m.after) > 0 {
					after = append(after, string(rune('0'+i)))
				}
			}
			if strings.Join(before, ",") != tt.before || strings.Join(after, ",") != tt.after {
				t.Errorf("before %v, after %v; want %q, %q", before, after, tt.before, tt.after)
			}
		})
	}
}

// A finding that stands for others counts as each of them, at its own place.
func TestReport(t *testing.T) {
	var r report
	if err := json.Unmarshal([]byte(`{"findings":[
		{"rule":"MKT505","class":"violation","also":["G124","G501"],"location":{"path":"x.go","line":11,"end_line":12},"steps":[{"location":{"path":"x.go","line":20}}]},
		{"rule":"GHSA-1","class":"review","location":{"path":"go.mod"}}],
		"coverage":{"gaps":[{"subject":"m/a","reason":"does not compile: x","location":{"path":"a/a.go","line":3}},
			{"subject":"m/b","reason":"1 functions call C (F), which","location":{"path":"b/b.go"}},
			{"subject":"annotated.example/files/c/d","reason":"was not found"}],
		"verifiers":[{"verifier":"MKT505","state":"failed","reason":"panicked"},{"verifier":"run:dependency-audit","state":"failed","reason":"offline"}]}}`), &r); err != nil {
		t.Fatal(err)
	}
	s := r.read(func(name string) string { return "at/" + name })
	var got []string
	for _, f := range s.findings {
		got = append(got, fmt.Sprint(f.rules[0], " ", f.file, " ", f.line, " ", f.end))
	}
	slices.Sort(got)
	if want := []string{"G124 at/x.go 11 0", "G501 at/x.go -1 0", "MKT505 at/x.go 11 20"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if want := map[string]string{"at/a": "does not compile: x", "at/c/d": "was not found"}; !maps.Equal(s.broken, want) {
		t.Errorf("got %q, want %q", s.broken, want)
	}
	if want := []string{"MKT505: panicked"}; !slices.Equal(s.failed, want) {
		t.Errorf("got %q, want %q", s.failed, want)
	}
}

func TestReadRows(t *testing.T) {
	file := filepath.Join(t.TempDir(), "manifest.json")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`[{"file":"b.go","line":3,"topic":"xss","expect":"positive","lang":"go"},
		{"file":"a.go","line":3,"topic":"xss","expect":"todo-positive","lang":"go"},
		{"file":"a.py","line":3,"topic":"xss","expect":"positive","lang":"python"},
		{"file":"b.go","line":3,"topic":"xss","expect":"positive","rule":"again","lang":"go"},
		{"file":"a.go","line":9,"topic":"xss","expect":"negative","lang":"go"}]`)
	rows, left, err := readRows(file)
	var places []string
	for _, r := range rows {
		places = append(places, r.place())
	}
	if err != nil || left != 1 || !slices.Equal(places, []string{"a.go:9", "b.go:3"}) {
		t.Errorf("got %v, %d left out, %v", places, left, err)
	}
	write(`[{"file":"b.go","expect":"maybe","lang":"go"}]`)
	if _, _, err := readRows(file); err == nil || !strings.Contains(err.Error(), `"maybe"`) {
		t.Errorf("an expectation nobody knows: %v", err)
	}
	write(`{`)
	if _, _, err := readRows(file); err == nil {
		t.Error("broken JSON was read")
	}
	if _, _, err := readRows(file + ".none"); err == nil {
		t.Error("no file was read")
	}
}

func TestSamples(t *testing.T) {
	dir := t.TempDir()
	const source = "package testutils\n\nvar SampleCodeG401 = []CodeSample{\n" +
		"\t{[]string{`\npackage main\n`}, 2, gosec.NewConfig()},\n" +
		"\t{[]string{`package a`, `package a`}, 0, gosec.NewConfig()},\n" +
		"\t{Code: []string{`package b`}, Errors: 1, Config: gosec.NewConfig()},\n" +
		"\t{[]string{`package c`}, 1, gosec.Config{\"G401\": \"x\"}},\n" +
		"\t{[]string{`package d // #nosec`}, 0, gosec.NewConfig()},\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "g401_samples.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	files, rows, left, err := samples(dir)
	if err != nil || left != 2 || len(files) != 4 {
		t.Fatalf("%d files, %d left out, %v", len(files), left, err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, r.File+" "+r.Topic+" "+r.Expect)
	}
	if want := []string{"gosec/G401/01 G401 positive", "gosec/G401/02 G401 negative", "gosec/G401/03 G401 positive"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if text := string(files["gosec/G401/01/file0.go"]); text != "package main\n" {
		t.Errorf("got %q", text)
	}
	if _, _, _, err := samples(t.TempDir()); err == nil {
		t.Error("a folder without samples was read")
	}
}

// A file whose types cannot be had is still looked at.
func TestSyntactic(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.go")
	if err := os.WriteFile(file, []byte("package p\n\nimport (\n\t\"crypto/md5\"\n\t\"example.com/none\"\n)\n\nvar x = md5.New(none.Such)\nvar y int = \"\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var got []string
	fset := token.NewFileSet()
	std := importer.ForCompiler(fset, "source", nil)
	for _, f := range syntactic(fset, std, file, "p.go") {
		got = append(got, f.rules[0])
	}
	if !slices.Contains(got, "G401") || !slices.Contains(got, "G501") {
		t.Errorf("got %v", got)
	}
	if got := syntactic(fset, std, file+".none", "p.go"); got != nil {
		t.Errorf("a file that is not there: %v", got)
	}
}

func TestNamesOfSingleFiles(t *testing.T) {
	if got := unsingle("go/lang/x/x.go"); got != "go/lang/x.go" {
		t.Error(got)
	}
	if got := unsingle("go/lang/x"); got != "go/lang/x.go" {
		t.Error(got)
	}
}

// Every rule has a topic it can be measured on only if its name is right.
func TestTopics(t *testing.T) {
	seen := map[string]bool{}
	for _, topic := range topics() {
		if seen[topic.name] {
			t.Errorf("%s stands twice", topic.name)
		}
		seen[topic.name] = true
		if len(topic.rules) == 0 && topic.outside == "" {
			t.Errorf("%s has neither rules nor a reason", topic.name)
		}
	}
}
