package main

import (
	"bytes"
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
	if len(states) != 3 || states["yes"] == 0 || states["in part"] == 0 || states["not yet"] == 0 {
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
