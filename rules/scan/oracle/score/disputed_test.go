package main

import (
	"fmt"
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
	disputes := []dispute{{File: "a.go", Lines: []int{3}, Topic: "log-injection", Reason: "it is quoted"}}
	at := func(line int, after ...string) *mark {
		return &mark{row: row{File: "a.go", Line: line, Topic: "log-injection", Expect: "positive"}, after: after}
	}
	got := disputedTable([]*mark{at(3), at(1, "MKT707"), at(2)}, disputes)
	for _, want := range []string{"| log-injection | 1 | 0 | a.go | it is quoted |", "| log-injection | 2 | 0 | 0 | 0 | 0.00 | – | 1 | 0 | 0.50 | 1.00 |"} {
		if !strings.Contains(got, want) {
			t.Errorf("the table lacks %q:\n%s", want, got)
		}
	}
	if got := disputedTable(nil, disputes); got != "None.\n" {
		t.Errorf("nothing disputed gives %q", got)
	}
}
