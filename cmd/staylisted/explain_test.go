package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestExplainEverything makes sure that every id a report can name is
// explained, in the width that was asked for.
func TestExplainEverything(t *testing.T) {
	set, err := loadRuleset()
	if err != nil {
		t.Fatal(err)
	}
	e := explainer{ruleset: set}
	ids := e.ids()
	if len(ids) < 200 {
		t.Fatalf("only %d ids are known", len(ids))
	}
	for _, id := range ids {
		for _, spelling := range []string{id, strings.ToLower(id), strings.ToUpper(id)} {
			e.out = newPrinter(80, false)
			if err := e.explain(spelling); err != nil {
				t.Errorf("explain %s: %v", spelling, err)
				continue
			}
			if text := e.out.String(); !strings.HasPrefix(strings.ToLower(text), strings.ToLower(id)) {
				t.Errorf("explain %s begins with %.60q", spelling, text)
			}
		}
	}
}

// TestRequirementsCountUp holds the lists against the catalogue.
func TestRequirementsCountUp(t *testing.T) {
	set, err := loadRuleset()
	if err != nil {
		t.Fatal(err)
	}
	rows := requirementRows(set.catalogue)
	if len(rows) != 107 {
		t.Errorf("%d requirements, want 107", len(rows))
	}
	states := map[string]int{}
	for _, r := range rows {
		states[r.Verified]++
	}
	if states["yes"] != 107 {
		t.Errorf("verified: %v", states)
	}
}

func TestTerminal(t *testing.T) {
	var b bytes.Buffer
	for _, test := range []struct {
		env   []string
		width int
	}{
		{nil, 80},
		{[]string{"COLUMNS=132"}, 132},
		{[]string{"COLUMNS=100", "COLUMNS=60"}, 60}, // the last one wins
		{[]string{"COLUMNS=7"}, 80},
		{[]string{"COLUMNS=many"}, 80},
		{[]string{"COLUMNS=100000"}, 200},
	} {
		p := &process{env: test.env, stdout: &b}
		width, terminal := p.terminal(p.stdout)
		if width != test.width || terminal {
			t.Errorf("%q: width %d, terminal %v; want %d", test.env, width, terminal, test.width)
		}
	}
	p := &process{stdout: &b}
	if p.colored("auto", &b) || p.colored("never", &b) || !p.colored("always", &b) {
		t.Error("colours on what is not a terminal, or not where they were asked for")
	}
}

// TestExplainHints holds what is said of ids that do not exist.
func TestExplainHints(t *testing.T) {
	for id, want := range map[string]string{
		"MKT999":      `nothing is called "MKT999"`,
		"G999":        `nothing is called "G999"`,
		"MKT130":      `nothing is called "MKT130": did you mean MKT103 or MKT310?`,
		"MTK103":      `nothing is called "MTK103": did you mean MKT103?`,
		"MKT508/nope": `nothing is called "MKT508/nope"; of that name there is MKT508, MKT508/path, MKT508/rebind`,
		"suppresions": `nothing is called "suppresions": did you mean suppressions?`,
		"  MKT1033 ":  `nothing is called "MKT1033": did you mean MKT103?`,
	} {
		var stdout, stderr bytes.Buffer
		err := run(t.Context(), nil, []string{"explain", id}, nil, &stdout, &stderr)
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", id, err, want)
		}
	}
	if text := printed(t, "explain", " MKT103 "); !strings.HasPrefix(text, "MKT103 ") {
		t.Errorf("with blanks: %q", text)
	}
}

// TestPolicySections holds the keys that can be explained to the page they are
// explained on.
func TestPolicySections(t *testing.T) {
	data, err := os.ReadFile("../../docs/policy.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	anchors := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^## (.+)$").FindAllStringSubmatch(page, -1) {
		anchors[strings.ReplaceAll(strings.ToLower(m[1]), " ", "-")] = true
	}
	for key, anchor := range policySections {
		if !anchors[anchor] {
			t.Errorf("the page has no heading %s for %s", anchor, key)
		}
		if !strings.Contains(page, "`"+key) {
			t.Errorf("the page does not speak of %s", key)
		}
		if !strings.Contains(printed(t, "explain", key), "policy.md#"+anchor) {
			t.Errorf("explain %s does not point to the page", key)
		}
	}
	for _, m := range regexp.MustCompile("(?m)^[|] `([a-z-]+)` [|]").FindAllStringSubmatch(page, -1) {
		if _, ok := policySections[m[1]]; !ok && m[1] != "import" {
			t.Errorf("explain does not know the key %s", m[1])
		}
	}
}
