package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

// The figures speak of rules that exist, and add up.
func TestMeasuredFitsTheRules(t *testing.T) {
	m, err := readMeasured(measuredJSON)
	if err != nil {
		t.Fatal(err)
	}
	set, err := loadRuleset()
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Topics) == 0 || len(m.Rules) == 0 {
		t.Fatal("measured.json is empty")
	}
	fits := func(what string, positives, negatives int, tallies ...measuredTally) {
		for _, n := range tallies {
			if n.Found < 0 || n.False < 0 || n.Found > positives || n.False > negatives {
				t.Errorf("%s: %d of %d found, %d of %d false", what, n.Found, positives, n.False, negatives)
			}
		}
	}
	for _, r := range m.Rules {
		if !slices.ContainsFunc(set.rules, func(x rules.Rule) bool { return x.ID == r.Rule }) {
			t.Errorf("%s was measured and is no rule; measure again", r.Rule)
		}
		fits(r.Rule, r.Positives, r.Negatives, r.measuredTally, r.Violation)
	}
	for _, x := range m.Topics {
		fits(x.Topic, x.Positives, x.Negatives, x.Before, x.After, x.Violation)
	}
}

func TestMeasuredMarkdown(t *testing.T) {
	m, err := readMeasured([]byte(`{"topics":[
		{"topic":"ssrf","positives":4,"negatives":3,"before":{"found":1,"false":1},"after":{"found":3,"false":1},"violation":{"found":2,"false":0}},
		{"topic":"unsafe","positives":4,"negatives":3,"before":{"found":1,"false":1},"after":{"found":3,"false":1},"violation":{"found":2,"false":0},"outside":"no flaw"}],
		"rules":[{"rule":"G402/skip-verify","positives":4,"negatives":3,"found":3,"false":1},{"rule":"MKT508","positives":4,"negatives":3,"found":0,"false":0},
			{"rule":"MKT504","positives":40,"negatives":9,"found":30,"false":3,"violation":{"found":20,"false":2},"disputed":2,"violation_disputed":2}],
		"disputed":[{"file":"a/b.go","lines":[7],"topic":"ssrf","reason":"it is one"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	set, err := loadRuleset()
	if err != nil {
		t.Fatal(err)
	}
	text := measuredMarkdown(set, m, measuredCases{{Rule: "MKT504", Violations: 10, Others: 9, NearMisses: 12}, {Rule: "MKT508", Violations: 3}})
	for _, want := range []string{
		"| ssrf | 4 | 3 | 1 | 1 | 0.25 | 0.50 | 3 | 1 | 0.75 | 0.75 | 2 | 0 |\n",
		"| [G402/skip-verify](#g402skip-verify) | V | 4 | 3 | 0.75 | 3 | 1 | 0 | 0 | – | 0.75 | – |\n",
		"| [MKT508](#mkt508) | V | 4 | 0 | 0.00 | 3 | 0 | 0 | 3 | 0 | own | own |\n",
		"| [MKT504](#mkt504) | V | 40 | 30 | 0.75 | 9 | 3 | 2 | 19 | 12 | 0.97 | 1.00 |\n",
		"| `a/b.go` | 1 | ssrf | it is one |\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %s", want, text)
		}
	}
	if strings.Contains(text, "unsafe") {
		t.Error("a topic that no control asks for is shown")
	}
	if _, err := readMeasured([]byte(`{"topics":[],"other":1}`)); err == nil {
		t.Error("an unknown field was read")
	}
}
