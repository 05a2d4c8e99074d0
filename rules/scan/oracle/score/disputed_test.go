package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// The claim about %#q, which most of the disputed rows rest on.
func TestQuotedLine(t *testing.T) {
	if got := fmt.Sprintf("%#q %#10q", "a\nb", "a\rb"); strings.ContainsAny(got, "\r\n") {
		t.Errorf("%%#q keeps a line break: %q", got)
	}
}

func TestDisputed(t *testing.T) {
	for _, d := range disputes() {
		if d.why == "" || len(d.lines) == 0 || !slices.IsSorted(d.lines) {
			t.Errorf("%s: a dispute needs a reason and lines in order", d.file)
		}
	}
	d := disputes()[0]
	at := func(line int, after ...string) *mark {
		return &mark{row: row{File: d.file, Line: line, Topic: "log-injection", Expect: "positive"}, after: after}
	}
	got := disputedTable([]*mark{at(d.lines[0]), at(1, "MKT707"), at(2)})
	for _, want := range []string{"| log-injection | 1 | 0 | ", "| log-injection | 2 | 1 | 0.50 |"} {
		if !strings.Contains(got, want) {
			t.Errorf("the table lacks %q:\n%s", want, got)
		}
	}
	if got := disputedTable(nil); got != "None.\n" {
		t.Errorf("nothing disputed gives %q", got)
	}
}
