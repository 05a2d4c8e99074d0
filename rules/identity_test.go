package rules

import (
	"maps"
	"slices"
	"testing"
)

func TestMoved(t *testing.T) {
	old := Trace{Key: "old", Family: "G402", Path: "a.go", Symbol: "Dial", Tokens: "t1"}
	for name, tt := range map[string]struct {
		new  Trace
		want bool
	}{
		"file renamed":      {Trace{"new", "G402", "b.go", "Dial", "t1"}, true},
		"function renamed":  {Trace{"new", "G402", "a.go", "Connect", "t1"}, true},
		"statement changed": {Trace{"new", "G402", "a.go", "Dial", "t2"}, true},
		"another rule":      {Trace{"new", "G401", "a.go", "Dial", "t1"}, false},
		"nothing in common": {Trace{"new", "G402", "a.go", "Connect", "t2"}, false},
	} {
		if got := Moved([]Trace{old}, []Trace{tt.new})["new"]; (got == "old") != tt.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := Moved([]Trace{{Key: "old", Family: "F"}}, []Trace{{Key: "new", Family: "F"}}); len(got) != 0 {
		t.Errorf("findings without symbol and tokens: %v", got)
	}
	// Several of one rule: the closest resemblance first, each once.
	vanished := []Trace{{"o1", "F", "a.go", "A", "t1"}, {"o2", "F", "a.go", "B", "t1"}, {"o3", "F", "c.go", "C", "t3"}}
	appeared := []Trace{{"n1", "F", "z.go", "B", "t1"}, {"n2", "F", "z.go", "A", "t1"}, {"n3", "F", "z.go", "A", "t1"}}
	want := map[string]string{"n1": "o2", "n2": "o1"}
	got := Moved(vanished, appeared)
	slices.Reverse(vanished)
	slices.Reverse(appeared)
	if again := Moved(vanished, appeared); !maps.Equal(got, want) || !maps.Equal(again, want) {
		t.Errorf("got %v and %v, want %v", got, again, want)
	}
}

func TestProvesAbsence(t *testing.T) {
	e := goodEvidence("2026-03-10T12:00:00Z")
	if !e.ProvesAbsence("G402/skip-verify", true) || !e.ProvesAbsence("dependencies:audit", false) {
		t.Error("a complete run proves nothing")
	}
	if e.ProvesAbsence("MKT999", false) {
		t.Error("a verifier that did not run proves something")
	}
	e.Runs = append(e.Runs, VerifierRun{Verifier: "G402", State: Broken, Reason: ""})
	if e.ProvesAbsence("G402", true) {
		t.Error("a broken run proves something")
	}
}

func TestKeys(t *testing.T) {
	if AdvisoryKey([]string{"GO-1", "CVE-1"}, "m") != AdvisoryKey([]string{"CVE-1"}, "m") {
		t.Error("the key is not that of the smallest name")
	}
	if AdvisoryKey(nil, "m") == AdvisoryKey(nil, "n") || CodeKey("G402", "a.go", "F", "t", 0) == CodeKey("G402", "a.go", "F", "t", 1) {
		t.Error("different findings have one key")
	}
	if Family("G402/skip-verify") != "G402" || Family("MKT103") != "MKT103" {
		t.Error("family")
	}
}

func TestNames(t *testing.T) {
	for rule, want := range map[string][]string{
		"MKT103":         {"MKT103", "MKT103"},
		"G402/version":   {"G402/version", "G402"},
		"MKT203/ssrf":    {"MKT203/ssrf", "MKT203", "G704"},
		"MKT504":         {"MKT504", "MKT504", "G710"},
		"MKT203/command": {"MKT203/command", "MKT203", "G702"},
	} {
		if got := Names(rule); !slices.Equal(got, want) {
			t.Errorf("Names(%q) = %q, want %q", rule, got, want)
		}
	}
}
