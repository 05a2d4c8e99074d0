package rules

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// randomEvidence draws evidence in which anything can be missing, broken,
// late, near or in the future.
func randomEvidence(rng *rand.Rand, now time.Time) *Evidence {
	pick := func(from ...string) string { return from[rng.IntN(len(from))] }
	near := func(days int) time.Time {
		return now.Add(time.Duration(rng.IntN(2*days*24*60)-days*24*60) * time.Minute)
	}
	maybe := func(percent int) bool { return rng.IntN(100) < percent }

	e := goodEvidence(noon)
	e.ObservedAt = now.Add(-time.Duration(rng.IntN(8*24*60)-12*60) * time.Minute)
	if maybe(5) {
		e.ObservedAt = near(9)
	}
	e.Advisories.Modified = e.ObservedAt.Add(-time.Duration(rng.IntN(8*24)-6) * time.Hour)
	e.Policy.Gate = pick("strict", "sla", "")
	e.Policy.Anchor = pick("reported", "triaged", "")
	e.Policy.Present = maybe(80)
	e.Policy.Marketplaces = []Selection{{"tester", pick("draft", "submitted", "approved", "published", "rejected")}, {"other", ""}}[:1+rng.IntN(2)]
	for i := range e.Facts {
		e.Facts[i].State = []Ternary{True, False, False, Undecided}[rng.IntN(4)]
	}
	for i := range e.Runs {
		if maybe(5) {
			e.Runs[i] = VerifierRun{Verifier: e.Runs[i].Verifier, State: []RunState{Broken, NotRun, ""}[rng.IntN(3)], Reason: pick("", "it panicked")}
		}
	}
	if maybe(5) {
		e.Coverage.Gaps = []Gap{{Subject: pick("a", "b")}, {Subject: "c"}}
	}
	if maybe(10) {
		e.Coverage.Languages = []LanguageCoverage{{Language: "Python", Covered: maybe(50), CWE: []int{295, 352}}, {Language: "Ruby", Covered: true, CWE: []int{295}}}
	}
	for i := range e.Observations {
		if maybe(50) {
			e.Observations[i].Expires = near(20)
		}
		if maybe(20) {
			e.Observations[i].At = near(2)
		}
	}
	for _, id := range []string{"T-CSRF", "T-CONSENT", "T-TLS"} {
		if maybe(30) {
			e.Policy.NotApplicable = append(e.Policy.NotApplicable, NotApplicableClaim{Requirement: id, Review: near(8), Where: pick("policy:1", "policy:2")})
		}
	}

	e.History = map[string]History{}
	for i := range rng.IntN(7) {
		var f Finding
		if maybe(40) {
			id := pick("GHSA-1", "GO-2", "CVE-3")
			f = advisory(id, float64(rng.IntN(101))/10, "", "")
			if maybe(80) {
				f.Advisory.Published = near(60)
			}
			if maybe(80) {
				f.Advisory.Adopted = near(60)
			}
			if maybe(30) {
				f.Advisory.IDs = []string{"CVE-3", "GHSA-1"}
			}
		} else {
			f = codeFinding(pick("MKT103", "G402/skip-verify", "MKT501", "MKT105"), []Class{Violation, Review, Informational}[rng.IntN(3)], float64(rng.IntN(101))/10)
			f.Control = pick("tls", "csrf", "hsts", "vuln-sla")
			if f.Control == "hsts" {
				f.Measure = &Measurement{Name: "hsts-max-age-seconds", Value: float64(rng.IntN(40000000))}
			}
			f.Location.Line = rng.IntN(3)
			f.Tokens = pick("t0", "t1")
			f.Fingerprint = CodeKey(Family(f.Rule), f.Location.Path, f.Location.Symbol, f.Tokens, i)
			if maybe(10) {
				f.CVSS = nil
			}
		}
		if maybe(30) {
			f.Suppressed = &Suppression{Kind: pick("false-positive", "accepted-risk", "not-affected", ""), Expires: pick("", date(near(10)))}
		}
		if maybe(30) {
			e.Policy.Suppressions = append(e.Policy.Suppressions, PolicySuppression{Rule: pick(f.Rule, Family(f.Rule)), Path: pick(".", "db", "go.mod"), Kind: pick("false-positive", "accepted-risk"), Expires: near(10)})
		}
		if maybe(50) {
			h := History{FirstSeen: near(70)}
			for range rng.IntN(3) {
				h.Events = append(h.Events, Event{At: near(70), Kind: []EventKind{EventScored, EventFixed, EventReopened, EventReported}[rng.IntN(4)], Score: float64(rng.IntN(101)) / 10})
			}
			e.History[f.Fingerprint] = h
		}
		if maybe(20) {
			e.Policy.Reported = append(e.Policy.Reported, ReportedDate{Finding: pick(f.Rule, f.ID, f.Fingerprint), Reported: near(70), Triaged: near(70)})
		}
		if maybe(10) {
			e.Policy.Vectors = append(e.Policy.Vectors, VectorOverride{Rule: pick(f.Rule, Family(f.Rule)), Vector: pick("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:N", "CVSS:3.1/AV:A/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N", "nonsense")})
		}
		e.Findings = append(e.Findings, f)
	}
	return e
}

// shuffle returns the evidence with every list in another order.
func shuffle(rng *rand.Rand, e *Evidence) *Evidence {
	s := *e
	s.Facts, s.Runs, s.Findings, s.Observations = mixed(rng, e.Facts), mixed(rng, e.Runs), mixed(rng, e.Findings), mixed(rng, e.Observations)
	s.Coverage.Gaps, s.Coverage.Languages = mixed(rng, e.Coverage.Gaps), mixed(rng, e.Coverage.Languages)
	p := &s.Policy
	p.Marketplaces, p.NotApplicable, p.Suppressions = mixed(rng, p.Marketplaces), mixed(rng, p.NotApplicable), mixed(rng, p.Suppressions)
	p.Reported, p.Vectors = mixed(rng, p.Reported), mixed(rng, p.Vectors)
	return &s
}

func mixed[T any](rng *rand.Rand, list []T) []T {
	list = slices.Clone(list)
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// TestAssessProperties holds Assess, over random evidence, against its
// promises: no answer changes before its ValidUntil, every answer with one
// changes at it, the order of the evidence does not matter, and the evidence is
// left as it was.
func TestAssessProperties(t *testing.T) {
	rounds := 250
	if testing.Short() {
		rounds = 50
	}
	for seed := range uint64(rounds) {
		checkAssess(t, seed)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func FuzzAssess(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(checkAssess)
}

func checkAssess(t *testing.T, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 4))
	now := at(noon)
	c, e := testCatalogue(), randomEvidence(rng, now)
	before := text(t, e)
	result := Assess(c, e, now)
	if text(t, e) != before {
		t.Error("Assess changed its evidence")
	}
	whole := text(t, result)
	if other := text(t, Assess(c, shuffle(rng, e), now)); other != whole {
		t.Errorf("the order of the evidence matters:\n%s\n%s", whole, other)
	}

	plain := func(r *Result) (assessments, standings []string, rest string) {
		for _, a := range r.Assessments {
			a.ValidUntil = nil
			assessments = append(assessments, text(t, a))
		}
		for _, s := range r.Standings {
			s.ValidUntil = nil
			standings = append(standings, text(t, s))
		}
		return assessments, standings, text(t, r.Findings)
	}
	assessments, standings, findings := plain(result)
	// Instants to look at: every ValidUntil, just before it, and a few others.
	probes := []time.Time{now.Add(time.Nanosecond), now.AddDate(1, 0, 0)}
	until := func(v *time.Time) {
		if v == nil {
			return
		}
		if !v.After(now) {
			t.Errorf("valid until %v, which is not after now", v)
		}
		probes = append(probes, *v, v.Add(-time.Nanosecond))
	}
	until(result.ValidUntil)
	for _, a := range result.Assessments {
		until(a.ValidUntil)
	}
	for _, s := range result.Standings {
		until(s.ValidUntil)
	}
	for range 6 {
		probes = append(probes, now.Add(time.Duration(rng.IntN(40*24*60))*time.Minute))
	}
	slices.SortFunc(probes, time.Time.Compare)
	for _, probe := range slices.CompactFunc(probes, time.Time.Equal) {
		laterA, laterS, laterF := plain(Assess(c, e, probe))
		check := func(what string, valid *time.Time, then, now string) {
			switch {
			case valid == nil || probe.Before(*valid):
				if then != now {
					t.Errorf("%s, valid until %v, changed by %v:\n%s\n%s", what, valid, probe, now, then)
				}
			case probe.Equal(*valid) && then == now:
				t.Errorf("%s, valid until %v, did not change", what, valid)
			}
		}
		for i, a := range result.Assessments {
			check(a.Requirement, a.ValidUntil, laterA[i], assessments[i])
		}
		for i, s := range result.Standings {
			check(s.ID, s.ValidUntil, laterS[i], standings[i])
		}
		check("result", result.ValidUntil, text(t, []any{laterA, laterS, laterF}), text(t, []any{assessments, standings, findings}))
	}

	// What is not known is never green.
	for _, a := range result.Assessments {
		if len(a.Reasons) == 0 || a.Verdict != Pass && len(a.Flags) > 0 {
			t.Errorf("%s: %s %v %q", a.Requirement, a.Verdict, a.Flags, a.Reasons)
		}
		if a.Requirement == "T-STEP" && a.Verdict.Green() {
			t.Errorf("a planned verifier passes: %+v", a)
		}
	}
	for _, s := range result.Standings {
		m := s.Mandatory
		if (s.State == StateCompliant || s.State == StateAtRisk) && (m.Passed != m.Total || m.Total == 0) {
			t.Errorf("green standing: %+v", s)
		}
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
