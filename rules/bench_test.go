package rules

import (
	"fmt"
	"testing"
)

// BenchmarkAssess judges a repository with as many findings as the largest that
// were measured (1,700), some of them dependencies with a history.
func BenchmarkAssess(b *testing.B) {
	e := goodEvidence(noon)
	e.History = map[string]History{}
	for i := range 1700 {
		f := codeFinding([]string{"MKT103", "G402/skip-verify", "MKT501"}[i%3], []Class{Violation, Review}[i%2], float64(i%101)/10)
		f.Location.Path, f.Location.Line = fmt.Sprintf("pkg%d/file.go", i%97), i
		if i%10 == 0 {
			f = advisory(fmt.Sprintf("GHSA-%d", i), float64(i%101)/10, "2026-03-01", "2026-01-01")
		}
		f.Fingerprint = fmt.Sprint(i)
		e.History[f.Fingerprint] = History{FirstSeen: at("2026-02-01")}
		e.Findings = append(e.Findings, f)
	}
	c := testCatalogue()
	for b.Loop() {
		Assess(c, e, at(noon))
	}
}
