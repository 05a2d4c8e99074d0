package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/code"
)

// gateClosed says whether the gate of class V fails the test or only tells.
const gateClosed = true

// What the gate asks of a rule or variant of class V.
const (
	leastNearMisses = 8
	leastPrecision  = 0.95
)

var (
	caseFolder = regexp.MustCompile(`^mkt[0-9]{3}`)
	wanted     = regexp.MustCompile("([VRI]) (MKT[0-9]{3}(?:/[a-z0-9-]+)?):")
	nearMiss   = regexp.MustCompile(`//\s*ok:`)
)

// countCases counts the cases that the rules' own tests hold: `// want` on what
// must be found, `// ok: why` on what looks like it and must not be. A line that
// looks like it counts for the rule whose packages hold it and for its variants.
func countCases(t *testing.T) measuredCases {
	t.Helper()
	found := map[string]*ownCases{}
	near := map[string]int{}
	at := func(id string) *ownCases {
		if found[id] == nil {
			found[id] = &ownCases{Rule: id}
		}
		return found[id]
	}
	root := filepath.Join("..", "..", "rules", "code", "testdata", "src")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		folder := caseFolder.FindString(strings.Split(filepath.ToSlash(rel), "/")[0])
		if folder == "" {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(src)) {
			if _, want, ok := strings.Cut(line, "// want"); ok {
				for _, m := range wanted.FindAllStringSubmatch(want, -1) {
					c := at(m[2])
					if m[1] == "V" {
						c.Violations++
					} else {
						c.Others++
					}
				}
				continue
			}
			if nearMiss.MatchString(line) {
				near[strings.ToUpper(folder)]++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var out measuredCases
	for _, r := range code.All() {
		for _, m := range r.Metadata() {
			c := at(m.ID)
			c.NearMisses = near[r.ID]
			out = append(out, *c)
		}
	}
	return out
}

// TestCasesAreCounted compares cases.json with the rules' own tests. -update
// rewrites it, and what is printed from it.
func TestCasesAreCounted(t *testing.T) {
	got, err := json.MarshalIndent(countCases(t), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		casesJSON = got
		if err := os.WriteFile("cases.json", got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(got, casesJSON) {
		t.Error("cases.json does not count the cases in rules/code/testdata; run go test ./cmd/staylisted -update")
	}
}

// TestClassV is the gate of class V: a rule or variant may be V only with at
// least eight cases that look like it and are none, and a precision of 0.95 over
// its own cases and the annotated code.
func TestClassV(t *testing.T) {
	m, err := readMeasured(measuredJSON)
	if err != nil {
		t.Fatal(err)
	}
	own := map[string]ownCases{}
	for _, c := range countCases(t) {
		own[c.Rule] = c
	}
	tell := t.Logf
	if gateClosed {
		tell = t.Errorf
	}
	for _, r := range code.All() {
		for _, meta := range r.Metadata() {
			if meta.Class != rules.Violation {
				continue
			}
			c, row := own[meta.ID], m.rule(meta.ID)
			if c.NearMisses < leastNearMisses {
				tell("%s is V with %d near misses; it needs %d", meta.ID, c.NearMisses, leastNearMisses)
			}
			n, of := row.violations(c)
			if of == 0 && meta.ID == r.ID && len(r.Variants) > 0 {
				continue // its variants report, never the rule itself
			}
			if of == 0 || float64(n) < leastPrecision*float64(of) {
				tell("%s is V with a precision of %s (%d of %d); it needs %.2f", meta.ID, share(n, of), n, of, leastPrecision)
			}
		}
	}
}
