package rules

import (
	"encoding/json"
	"testing"
)

func TestVerdictText(t *testing.T) {
	for v := Unknown; v <= NotYet; v++ {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		back := Fail
		if err := json.Unmarshal(text, &back); err != nil || back != v || `"`+v.String()+`"` != string(text) {
			t.Errorf("%d: %s reads as %v, %v", v, text, back, err)
		}
		if v.Green() != (v == Pass || v == NotApplicable) {
			t.Errorf("%s: green %v", v, v.Green())
		}
	}
	if _, err := json.Marshal(NotYet + 1); err == nil || (NotYet+1).String() != "verdict(7)" {
		t.Error("a verdict without a name has a text")
	}
	back := Pass
	if err := back.UnmarshalText([]byte("green")); err == nil || back != Unknown {
		t.Errorf("an unknown name leaves %v, %v", back, err)
	}
	var zero Verdict
	if zero != Unknown {
		t.Error("the zero verdict is not Unknown")
	}
}

func TestWorse(t *testing.T) {
	order := []Verdict{Fail, Unknown, Expired, NeedsEvidence, Pass, NotApplicable}
	for i, worse := range order {
		for _, better := range order[i:] {
			if Worse(worse, better) != worse || Worse(better, worse) != worse {
				t.Errorf("%s and %s", worse, better)
			}
		}
	}
}

func TestCatalogueLookup(t *testing.T) {
	c := testCatalogue()
	if r, ok := c.Requirement("O-PROOF"); !ok || r.Marketplace != "other" {
		t.Errorf("requirement %+v, %v", r, ok)
	}
	if m, ok := c.Marketplace("other"); !ok || len(m.Requirements) != 3 {
		t.Errorf("marketplace %+v, %v", m, ok)
	}
	_, r := c.Requirement("X")
	_, m := c.Marketplace("X")
	if _, k := c.Control("X"); r || m || k {
		t.Error("something is called X")
	}
	f := Finding{MoreControls: []string{"b"}}
	if f.Controls() != nil {
		t.Errorf("controls of a finding without one: %v", f.Controls())
	}
}

func TestList(t *testing.T) {
	for want, names := range map[string][]string{
		"":                        nil,
		"a":                       {"a", "a"},
		"a and b":                 {"b", "a"},
		"a, b, c and d":           {"d", "c", "b", "a"},
		"a, b, c and 2 more":      {"e", "d", "c", "b", "a"},
		"(empty) and 100%d of it": {"100%d of it", "(empty)"},
	} {
		if got := list(names, 3); got != want {
			t.Errorf("%v: %q, want %q", names, got, want)
		}
	}
	if got := DueOn(Critical, at("2026-11-21T17:24:00Z")); date(got) != "2026-12-19" {
		t.Errorf("due on %v", got)
	}
	for want, f := range map[string]Finding{
		"the repository": {}, "a.go": {Location: Location{Path: "a.go"}}, "a.go:3": {Location: Location{Path: "a.go", Line: 3}},
		"m@v1": {Advisory: &AdvisoryHit{Package: "m", Version: "v1"}}, "m": {Advisory: &AdvisoryHit{Package: "m"}},
	} {
		if got := placeOf(&f); got != want {
			t.Errorf("place %q, want %q", got, want)
		}
	}
	facts := mergeFacts([]Fact{{ID: "a", State: False}, {ID: "a", State: True}, {ID: "a"}, {ID: "b", State: False}, {ID: "b", State: False}, {ID: "c", State: False}, {ID: "c"}})
	if facts["a"].State != True || facts["b"].State != False || facts["c"].State != Undecided {
		t.Errorf("facts %+v", facts)
	}
}
