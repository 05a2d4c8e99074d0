package rules

import (
	"slices"
	"testing"
	"time"
)

// TestGrowingMeasurement lets the clock alone put a requirement at risk and then
// fail it, on the very day.
func TestGrowingMeasurement(t *testing.T) {
	e := goodEvidence("2026-05-01")
	for i := range e.Observations {
		if o := &e.Observations[i]; o.Verifier == "policy:secrets" {
			o.Measure = &Measurement{Name: "secret-age-days", Since: at("2026-02-01")}
		}
	}
	for _, tt := range []struct {
		now   string
		want  Verdict
		flags []Flag
	}{
		{"2026-05-01", Pass, []Flag{}},                              // 89 days
		{"2026-05-02", Pass, []Flag{}},                              // 90
		{"2026-05-03", Pass, []Flag{AtRisk}},                        // 91
		{"2026-07-31", Pass, []Flag{AtRisk}},                        // 180
		{"2026-08-01", NeedsEvidence, []Flag{}},                     // 181
		{"2026-07-31T23:59:59Z", Pass, []Flag{AtRisk}},              // still 180
		{"2026-08-01T00:00:00Z", NeedsEvidence, []Flag{}},           // 181
		{"2026-05-02T23:59:59Z", Pass, []Flag{}},                    // still 90
		{"2026-05-03T00:00:00Z", Pass, []Flag{AtRisk}},              // 91
		{"2027-02-01T00:00:00Z", NeedsEvidence, []Flag{}},           // a year
		{"2026-01-31T00:00:00Z", Pass, []Flag{}},                    // before it began it is young
		{"2026-08-01T00:00:00.000000001Z", NeedsEvidence, []Flag{}}, // and a moment
	} {
		e.ObservedAt = at(tt.now)
		e.Advisories.Modified = e.ObservedAt
		got := find(t, Assess(testCatalogue(), e, at(tt.now)), "T-KEYS")
		if got.Verdict != tt.want || !slices.Equal(got.Flags, tt.flags) {
			t.Errorf("%s: %s %v, want %s %v: %q", tt.now, got.Verdict, got.Flags, tt.want, tt.flags, got.Reasons)
		}
	}
	e.ObservedAt = at("2026-05-01")
	e.Advisories.Modified = e.ObservedAt
	got := find(t, Assess(testCatalogue(), e, at("2026-05-01")), "T-KEYS")
	if got.ValidUntil == nil || !got.ValidUntil.Equal(at("2026-05-03")) {
		t.Errorf("valid until %v, want the day it comes near its limit", got.ValidUntil)
	}
}

func TestMeasurementAt(t *testing.T) {
	since := at("2026-08-02T09:10:00Z")
	for _, tt := range []struct {
		m    Measurement
		now  time.Time
		want float64
	}{
		{Measurement{Name: "secret-age-days", Value: 7}, since, 7},
		{Measurement{Name: "secret-age-days", Value: 7, Since: since}, since.Add(47 * time.Hour), 1},
		{Measurement{Name: "incident-unnotified-hours", Since: since}, since.Add(24*time.Hour - 1), 23},
		{Measurement{Name: "incident-unnotified-hours", Since: since}, since.Add(25 * time.Hour), 25},
		{Measurement{Name: "incident-unnotified-hours", Since: since}, since.Add(-time.Hour), 0},
	} {
		if got := tt.m.At(tt.now).Value; got != tt.want {
			t.Errorf("%+v at %s is %v, want %v", tt.m, tt.now, got, tt.want)
		}
	}
}

// TestShortfalls shows what was looked for in vain, and only where it matters.
func TestShortfalls(t *testing.T) {
	lack := Shortfall{Verifier: "document:architecture", Control: "docs", Text: "docs/architecture.md has no section data flows", Snippet: "## Data flows\n", In: "docs/architecture.md"}
	other := Shortfall{Verifier: "document:architecture", Control: "docs", For: []string{"T-OTHER"}, Text: "not about this"}
	e := goodEvidence("2026-05-01")
	e.Shortfalls = []Shortfall{other, lack}
	got := find(t, Assess(testCatalogue(), e, at("2026-05-01")), "T-DOC")
	if got.Verdict != Pass || len(got.Missing) != 0 || containsText(got.Reasons, "no section") {
		t.Errorf("beside proof: %s, missing %v", got.Verdict, got.Missing)
	}
	e.Observations = slices.DeleteFunc(e.Observations, func(o Observation) bool { return o.Control == "docs" })
	got = find(t, Assess(testCatalogue(), e, at("2026-05-01")), "T-DOC")
	if got.Verdict != NeedsEvidence || len(got.Missing) != 1 || got.Missing[0].Snippet != lack.Snippet {
		t.Errorf("without proof: %s, missing %+v", got.Verdict, got.Missing)
	}
	if !slices.Equal(got.Reasons, []string{lack.Text + "."}) {
		t.Errorf("reasons %q", got.Reasons)
	}
}

// TestNarrowedProof lets a statement speak for the requirements it names alone.
func TestNarrowedProof(t *testing.T) {
	for _, tt := range []struct {
		names []string
		want  Verdict
	}{
		{nil, Pass}, {[]string{"T-CONSENT"}, Pass}, {[]string{"T-DOC", "T-CONSENT"}, Pass}, {[]string{"T-DOC"}, NeedsEvidence},
	} {
		e := goodEvidence("2026-05-01")
		for i := range e.Observations {
			if e.Observations[i].Control == "consent" {
				e.Observations[i].For = tt.names
			}
		}
		if got := find(t, Assess(testCatalogue(), e, at("2026-05-01")), "T-CONSENT"); got.Verdict != tt.want {
			t.Errorf("for %v: %s, want %s: %q", tt.names, got.Verdict, tt.want, got.Reasons)
		}
	}
}

// TestOldRun makes what was seen outside the commit too old without a push.
func TestOldRun(t *testing.T) {
	for _, tt := range []struct {
		looked, now string
		want        Verdict
	}{
		{"2026-05-01", "2026-05-01", Pass},
		{"2026-04-25", "2026-05-01T23:59:59Z", Pass},
		{"2026-04-24", "2026-05-01", Unknown},
		{"2026-05-04", "2026-05-01", Unknown},
	} {
		e := goodEvidence("2026-05-01")
		for i := range e.Runs {
			if e.Runs[i].Verifier == "document:architecture" {
				e.Runs[i].At = at(tt.looked)
			}
		}
		got := find(t, Assess(testCatalogue(), e, at(tt.now)), "T-DOC")
		if got.Verdict != tt.want {
			t.Errorf("looked %s, now %s: %s, want %s: %q", tt.looked, tt.now, got.Verdict, tt.want, got.Reasons)
		}
	}
	e := goodEvidence("2026-05-01")
	e.Runs = append(e.Runs, VerifierRun{Verifier: "MKT105", State: Complete})
	for i := range e.Runs {
		if e.Runs[i].Verifier == "document:architecture" {
			e.Runs[i].At = at("2026-04-28")
		}
	}
	got := find(t, Assess(testCatalogue(), e, at("2026-05-01")), "T-DOC")
	if got.ValidUntil == nil || !got.ValidUntil.Equal(at("2026-05-05")) {
		t.Errorf("valid until %v, want seven days after the look", got.ValidUntil)
	}
}

// TestReasonWithoutRun keeps what nobody could look at unknown, not lacking.
func TestReasonWithoutRun(t *testing.T) {
	e := goodEvidence("2026-05-01")
	e.Observations = slices.DeleteFunc(e.Observations, func(o Observation) bool { return o.Control == "access" })
	e.Runs = slices.DeleteFunc(e.Runs, func(r VerifierRun) bool { return r.Verifier == "run:oauth" || r.Verifier == "run:calls" })
	var g Gathered
	g.Skipped("GitHub was not asked", "run:oauth")
	e.Runs = append(e.Runs, g.Runs...)
	got := find(t, Assess(testCatalogue(), e, at("2026-05-01")), "T-OAUTH")
	if got.Verdict != Unknown || !containsText(got.Reasons, "run:oauth did not run: GitHub was not asked.") {
		t.Errorf("%s %q", got.Verdict, got.Reasons)
	}
}
