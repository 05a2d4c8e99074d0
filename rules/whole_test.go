package rules

import (
	"strings"
	"testing"
	"time"
)

// wholeCatalogue has one requirement over all violations and one over the
// freshness of the run.
func wholeCatalogue() *Catalogue {
	c := testCatalogue()
	c.Marketplaces[0].Requirements = append(c.Marketplaces[0].Requirements,
		Requirement{ID: "T-BASE", Marketplace: "tester", Category: Mandatory, Controls: []ControlUse{{Control: "baseline"}}},
		Requirement{ID: "T-FRESH", Marketplace: "tester", Category: Mandatory, Controls: []ControlUse{{Control: "fresh"}}})
	c.Controls = append(c.Controls,
		Control{ID: "baseline", Verifiers: []Verifier{{ID: violationsVerifier, First: true}}},
		Control{ID: "fresh", Verifiers: []Verifier{{ID: freshnessVerifier, First: true}}})
	return c
}

func TestAnyViolationBreaksTheBaseline(t *testing.T) {
	e := goodEvidence("2026-05-01")
	now := at("2026-05-01")
	if got := find(t, Assess(wholeCatalogue(), e, now), "T-BASE"); got.Verdict != Pass {
		t.Errorf("without findings: %s %q", got.Verdict, got.Reasons)
	}
	e.Findings = []Finding{codeFinding("MKT103", Review, 5.9)}
	if got := find(t, Assess(wholeCatalogue(), e, now), "T-BASE"); got.Verdict != Pass {
		t.Errorf("with a finding for review of another control: %s %q", got.Verdict, got.Reasons)
	}
	e.Findings = []Finding{codeFinding("G402", Violation, 7.4)}
	got := find(t, Assess(wholeCatalogue(), e, now), "T-BASE")
	if got.Verdict != Fail || len(got.Findings) != 1 {
		t.Errorf("with a violation of another control: %s %q", got.Verdict, got.Reasons)
	}
}

func TestWhatGrowsBreaksNoBaseline(t *testing.T) {
	e := goodEvidence("2026-05-01")
	f := codeFinding("ledger:rotation", Violation, 0)
	f.CVSS, f.Measure = nil, &Measurement{Name: "secret-age-days", Since: at("2025-05-01")}
	e.Findings = []Finding{f}
	if got := find(t, Assess(wholeCatalogue(), e, at("2026-05-01")), "T-BASE"); got.Verdict != Pass {
		t.Errorf("the baseline, which sets no limit for it: %s %q", got.Verdict, got.Reasons)
	}
}

func TestAnIncompleteRunIsNotFresh(t *testing.T) {
	e := goodEvidence("2026-05-01")
	if got := find(t, Assess(wholeCatalogue(), e, at("2026-05-01")), "T-FRESH"); got.Verdict != Pass {
		t.Errorf("complete run: %s %q", got.Verdict, got.Reasons)
	}
	e.Coverage.Gaps = []Gap{{Subject: "example.com/app/db", Reason: "does not compile"}}
	got := find(t, Assess(wholeCatalogue(), e, at("2026-05-01")), "T-FRESH")
	if got.Verdict != Unknown || !strings.Contains(strings.Join(got.Reasons, " "), "did not see the whole commit") {
		t.Errorf("run with a gap: %s %q", got.Verdict, got.Reasons)
	}
}

func TestAdvisoriesAreAsOldAsTheirLastConfirmation(t *testing.T) {
	e := goodEvidence("2026-05-20")
	e.Advisories.Modified = at("2026-04-01")
	if got := find(t, Assess(testCatalogue(), e, at("2026-05-20")), "T-DEP"); got.Verdict != Unknown {
		t.Errorf("unchanged for weeks and never confirmed: %s", got.Verdict)
	}
	e.Advisories.Checked = at("2026-05-19")
	got := find(t, Assess(testCatalogue(), e, at("2026-05-20")), "T-DEP")
	if got.Verdict != Pass {
		t.Errorf("unchanged for weeks and confirmed yesterday: %s %q", got.Verdict, got.Reasons)
	}
	if want := at("2026-05-26"); got.ValidUntil == nil || got.ValidUntil.After(want.Add(24*time.Hour)) {
		t.Errorf("valid until %v, want at most a week after the confirmation", got.ValidUntil)
	}
}
