package rules

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// The test vectors of catalogue §4, by number. Each is a subtest
// "NN what it is about"; the judgement's own part (31, 32, 35, 37) goes through
// Assess with the invented catalogue of testCatalogue.

// at reads a date or an instant; the test data has no bad ones.
func at(text string) time.Time {
	layout := time.DateOnly
	if len(text) > len(layout) {
		layout = time.RFC3339
	}
	t, err := time.Parse(layout, text)
	if err != nil {
		panic(err)
	}
	return t
}

func reported(day string) Event { return Event{At: at(day), Kind: EventReported} }
func scored(day string, score float64) Event {
	return Event{At: at(day), Kind: EventScored, Score: score}
}
func fixed(day string) Event    { return Event{At: at(day), Kind: EventFixed} }
func reopened(day string) Event { return Event{At: at(day), Kind: EventReopened} }
func triaged(day string) Event  { return Event{At: at(day), Kind: EventTriaged} }

// due reads a clock long after everything and returns band and due date.
func due(t *testing.T, c Clock) string {
	t.Helper()
	r, ok := c.Read(at("2100-01-01"))
	if !ok || !r.Open {
		t.Fatalf("clock %+v: read %+v, %v; want an open finding", c, r, ok)
	}
	return fmt.Sprintf("%s, %s", r.Band, date(r.On))
}

func TestVectors(t *testing.T) {
	// Vectors 1-12 and 15-20, 33, 36, 38: a list of events gives band and date.
	for _, tt := range []struct {
		name   string
		clock  []Event
		vector string // when given, its base score is used and must be the one named
		want   string
	}{
		{"01 critical", []Event{reported("2026-11-21T17:24:00Z"), scored("2026-11-21T17:24:00Z", 9.8)}, "", "critical, 2026-12-19"},
		{"02 exactly 9.0", []Event{reported("2026-11-21"), scored("2026-11-21", 9.0)}, "AV:N/AC:H/PR:N/UI:N/S:C/C:H/I:H/A:H", "critical, 2026-12-19"},
		{"03 just below 9.0", []Event{reported("2026-11-21"), scored("2026-11-21", 8.9)}, "AV:N/AC:L/PR:L/UI:R/S:C/C:H/I:H/A:L", "high, 2027-01-02"},
		{"04 exactly 7.0", []Event{reported("2026-11-21"), scored("2026-11-21", 7.0)}, "AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:L/A:L", "high, 2027-01-02"},
		{"05 just below 7.0", []Event{reported("2026-11-21"), scored("2026-11-21", 6.9)}, "AV:N/AC:L/PR:H/UI:R/S:C/C:H/I:L/A:N", "medium, 2027-01-16"},
		{"06 exactly 4.0", []Event{reported("2026-11-21"), scored("2026-11-21", 4.0)}, "AV:N/AC:H/PR:N/UI:N/S:C/C:L/I:N/A:N", "medium, 2027-01-16"},
		{"07 just below 4.0", []Event{reported("2026-11-21"), scored("2026-11-21", 3.9)}, "AV:N/AC:H/PR:H/UI:R/S:U/C:L/I:L/A:L", "low, 2027-05-15"},
		{"08 zero", []Event{reported("2026-11-21"), scored("2026-11-21", 0)}, "", "low, 2027-05-15"},
		{"09 the UTC day counts", []Event{reported("2026-03-01T23:30:00-05:00"), scored("2026-03-01T23:30:00-05:00", 9.1)}, "", "critical, 2026-03-30"},
		{"10 leap year", []Event{reported("2028-02-15"), scored("2028-02-15", 9.8)}, "", "critical, 2028-03-14"},
		{"11 last second of a year", []Event{reported("2026-12-31T23:59:59Z"), scored("2026-12-31T23:59:59Z", 7.5)}, "", "high, 2027-02-11"},
		{"12 local clocks change inside", []Event{reported("2026-03-20"), scored("2026-03-20", 9.8)}, "", "critical, 2026-04-17"},
		{"15 raised", []Event{reported("2026-01-05"), scored("2026-01-05", 3.1), scored("2026-04-15", 9.8)}, "", "critical, 2026-05-13"},
		{"16 raised when nearly due", []Event{reported("2026-01-05"), scored("2026-01-05", 5.3), scored("2026-02-20", 9.8)}, "", "critical, 2026-03-02"},
		{"17 lowered upstream", []Event{reported("2026-01-05"), scored("2026-01-05", 9.8), scored("2026-01-20", 5.3)}, "", "medium, 2026-03-02"},
		{"18 lowered when overdue", []Event{reported("2026-01-05"), scored("2026-01-05", 9.8), scored("2026-02-10", 5.3)}, "", "medium, 2026-03-02"},
		{"19 back with time left", []Event{reported("2026-01-05"), scored("2026-01-05", 7.5), fixed("2026-01-15"), reopened("2026-05-01")}, "", "high, 2026-06-02"},
		{"20 back with the floor of a week", []Event{reported("2026-01-05"), scored("2026-01-05", 7.5), fixed("2026-02-14"), reopened("2026-05-01")}, "", "high, 2026-05-08"},
		{"36 private advisory with a label", []Event{reported("2026-05-04"), scored("2026-05-04", labelScore(t, "high"))}, "", "high, 2026-06-15"},
		{"38 alert before our own scan", []Event{reported("2026-06-03"), scored("2026-06-03", 9.1), reported("2026-06-01")}, "", "critical, 2026-06-29"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.vector != "" {
				got, err := ParseVector("CVSS:3.1/" + tt.vector)
				if err != nil || got.Score != tt.clock[1].Score {
					t.Fatalf("%s scores %v (%v), want %v", tt.vector, got.Score, err, tt.clock[1].Score)
				}
			}
			if got := due(t, Clock{Events: tt.clock}); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			slices.Reverse(tt.clock) // events may arrive in any order
			if got := due(t, Clock{Events: tt.clock}); got != tt.want {
				t.Errorf("reversed: got %s, want %s", got, tt.want)
			}
		})
	}

	case1 := Clock{Events: []Event{reported("2026-11-21T17:24:00Z"), scored("2026-11-21T17:24:00Z", 9.8)}}
	for _, tt := range []struct{ name, now, want string }{
		{"13 the last second in time", "2026-12-19T23:59:59Z", DueSoon},
		{"13 the first second overdue", "2026-12-20T00:00:00Z", Overdue},
		{"14 eight days left", "2026-12-11", DueOpen},
		{"14 seven days left", "2026-12-12", DueSoon},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, _ := case1.Read(at(tt.now))
			if got := r.State(at(tt.now)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}

	t.Run("18 the overdue period stays on record", func(t *testing.T) {
		c := Clock{Events: []Event{reported("2026-01-05"), scored("2026-01-05", 9.8), scored("2026-02-10", 5.3)}}
		r, _ := c.Read(at("2026-02-11"))
		want := []Period{{at("2026-02-03"), at("2026-02-09")}}
		if !slices.Equal(r.Overdue, want) || r.State(at("2026-02-11")) != DueOpen {
			t.Errorf("overdue %v, state %s; want %v, open", r.Overdue, r.State(at("2026-02-11")), want)
		}
	})

	t.Run("21 aliases arrive later", func(t *testing.T) {
		records := []AliasRecord{
			{ID: "GO-2026-4337", Package: "example.org/m"},
			{ID: "GHSA-aaaa-bbbb-cccc", Aliases: []string{"CVE-2026-1"}, Package: "example.org/m"},
			{ID: "CVE-2026-1", Aliases: []string{"GO-2026-4337"}, Package: "example.org/m"},
		}
		sets := MergeAliases(records)
		if len(sets) != 1 || len(sets[0].IDs) != 3 {
			t.Fatalf("got %+v, want one finding of three names", sets)
		}
		unscored := Clock{Events: []Event{reported("2026-02-10"), scored("2026-02-10", Unscored().Score)}}
		if got := due(t, unscored); got != "high, 2026-03-24" {
			t.Errorf("unscored: %s", got)
		}
		later := Clock{Events: []Event{reported("2026-02-20"), scored("2026-02-20", 10.0)}}
		for _, merged := range []Clock{MergeClocks(unscored, later), MergeClocks(later, unscored)} {
			if r, _ := merged.Read(at("2026-02-21")); !r.Reported.Equal(at("2026-02-10")) {
				t.Errorf("anchor %v, want 2026-02-10", r.Reported)
			}
			if got := due(t, merged); got != "critical, 2026-03-20" {
				t.Errorf("merged: %s", got)
			}
		}
		// The same through Assess: history knows the finding by its old name.
		e := goodEvidence("2026-02-20T12:00:00Z")
		e.History = map[string]History{AdvisoryKey([]string{"GO-2026-4337"}, "example.org/m"): {
			FirstSeen: at("2026-02-10"), Events: []Event{scored("2026-02-10", Unscored().Score)}}}
		f := advisory("GHSA-aaaa-bbbb-cccc", 10.0, "2026-02-10", "2025-01-01")
		f.Advisory.IDs, f.Advisory.Package = sets[0].IDs, "example.org/m"
		f.Fingerprint = AdvisoryKey(f.Advisory.IDs, f.Advisory.Package)
		e.Findings = []Finding{f}
		got := Assess(testCatalogue(), e, at("2026-02-20T12:00:00Z")).Findings[0].Due
		if got == nil || got.On != "2026-03-20" || got.Basis != BasisHistory || !got.Reported.Equal(at("2026-02-10")) {
			t.Errorf("due %+v, want 2026-03-20 by history since 2026-02-10", got)
		}
	})

	t.Run("22 aliases of different packages", func(t *testing.T) {
		sets := MergeAliases([]AliasRecord{
			{ID: "GHSA-1", Aliases: []string{"CVE-1"}, Package: "a"},
			{ID: "CVE-1", Aliases: []string{"GHSA-1"}, Package: "b"},
		})
		if len(sets) != 2 || sets[0].Package != "a" || sets[1].Package != "b" {
			t.Errorf("got %+v, want two findings", sets)
		}
	})

	// Vectors 23-30: which score is taken.
	for _, tt := range []struct {
		name  string
		seen  []Severity
		score float64
		band  Band
	}{
		{"23 v3 before v4", []Severity{
			{FromGHSA, "CVSS:4.0/AV:N/AC:H/AT:N/PR:L/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:H", ""}, // 7.0
			{FromGHSA, "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H", ""},                    // 5.5
		}, 5.5, Medium},
		{"24 v4 only", []Severity{{FromGHSA, "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N", ""}}, 8.7, High},
		{"25 v3 string under a v4 type", []Severity{{FromGHSA, "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", ""}}, 6.1, Medium},
		{"26 v4 string under a v3 type", []Severity{{FromGHSA, "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N", "LOW"}}, 8.7, High},
		{"27 trailing slash", []Severity{{FromGHSA, "CVSS:3.1/AV:A/AC:H/PR:N/UI:N/S:C/C:H/I:N/A:N/", ""}}, 6.1, Medium},
		{"28 temporal metrics", []Severity{{FromGHSA, "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:N/E:H/RL:O/RC:C", "HIGH"}}, 9.3, Critical},
		{"29 nothing at all", []Severity{{Source: "GO"}}, 7.0, High},
		{"30 a label alone", []Severity{{FromGHSA, "", "MODERATE"}}, 4.0, Medium},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := ChooseScore(tt.seen, nil)
			if got.Score != tt.score || got.Band != tt.band {
				t.Errorf("got %.1f %s, want %.1f %s", got.Score, got.Band, tt.score, tt.band)
			}
			slices.Reverse(tt.seen)
			if again, _ := ChooseScore(tt.seen, nil); again != got {
				t.Errorf("reversed: %+v, want %+v", again, got)
			}
		})
	}

	t.Run("31 a version already known bad", func(t *testing.T) {
		e := goodEvidence("2026-03-01T12:00:00Z")
		e.Findings = []Finding{advisory("GHSA-31", 7.5, "2026-01-10", "2026-03-01")}
		result := Assess(testCatalogue(), e, at("2026-03-01T12:00:00Z"))
		if a := find(t, result, "T-DEP"); a.Verdict != Fail {
			t.Errorf("verdict %s, want fail: %q", a.Verdict, a.Reasons)
		}
		if got := result.Findings[0].Due; got.On != "2026-04-12" || got.Basis != BasisAdopted {
			t.Errorf("due %+v, want 2026-04-12", got)
		}
	})

	t.Run("32 an advisory for a version in use", func(t *testing.T) {
		f := advisory("GHSA-32", 7.5, "2026-03-05", "2025-06-01")
		for _, tt := range []struct {
			now     string
			verdict Verdict
			flags   []Flag
		}{
			{"2026-03-06T12:00:00Z", Pass, []Flag{AtRisk, InSLA}},
			{"2026-04-17T23:59:59Z", Pass, []Flag{AtRisk, InSLA}},
			{"2026-04-18T00:00:00Z", Fail, []Flag{}},
		} {
			e := goodEvidence(tt.now)
			e.Findings = []Finding{f}
			e.History = map[string]History{f.Fingerprint: {FirstSeen: at("2026-03-06")}}
			result := Assess(testCatalogue(), e, at(tt.now))
			if a := find(t, result, "T-DEP"); a.Verdict != tt.verdict || !slices.Equal(a.Flags, tt.flags) {
				t.Errorf("%s: %s %v, want %s %v: %q", tt.now, a.Verdict, a.Flags, tt.verdict, tt.flags, a.Reasons)
			}
			if on := result.Findings[0].Due.On; on != "2026-04-17" {
				t.Errorf("%s: due %s, want 2026-04-17", tt.now, on)
			}
		}
	})

	t.Run("33 anchor triaged", func(t *testing.T) {
		events := []Event{reported("2026-01-05"), scored("2026-01-05", 9.8)}
		if got := due(t, Clock{AnchorTriaged, append(slices.Clone(events), triaged("2026-01-08"))}); got != "critical, 2026-02-05" {
			t.Errorf("triaged: %s", got)
		}
		if got := due(t, Clock{AnchorTriaged, events}); got != "critical, 2026-02-09" {
			t.Errorf("never triaged: %s", got)
		}
		if got := due(t, Clock{AnchorTriaged, append(slices.Clone(events), triaged("2026-03-01"))}); got != "critical, 2026-02-09" {
			t.Errorf("triaged too late: %s", got)
		}
		if got := due(t, Clock{"", append(slices.Clone(events), triaged("2026-01-08"))}); got != "critical, 2026-02-02" {
			t.Errorf("anchor reported: %s", got)
		}
	})

	t.Run("34 lines inserted, file renamed, function moved", func(t *testing.T) {
		f := codeFinding("MKT103", Violation, 5.9)
		e := goodEvidence("2026-03-01T12:00:00Z")
		e.History = map[string]History{f.Fingerprint: {FirstSeen: at("2026-02-01"), Trace: TraceOf(&f)}}
		for name, change := range map[string]func(*Finding){
			"lines inserted": func(f *Finding) { f.Location.Line += 30 },
			"file renamed":   func(f *Finding) { f.Location.Path = "db/connect.go" },
			"function moved": func(f *Finding) { f.Location.Path, f.Location.Line = "store/store.go", 7 },
			"function named anew": func(f *Finding) {
				f.Location.Symbol = "connect"
			},
		} {
			g := f
			change(&g)
			g.Fingerprint = CodeKey(Family(g.Rule), g.Location.Path, g.Location.Symbol, g.Tokens, 0)
			if name == "lines inserted" && g.Fingerprint != f.Fingerprint {
				t.Error("the key depends on the line")
			}
			e.Findings = []Finding{g}
			got := Assess(testCatalogue(), e, at("2026-03-01T12:00:00Z")).Findings[0].Due
			if got.On != "2026-03-29" || got.Basis != BasisHistory {
				t.Errorf("%s: due %+v, want 2026-03-29 by history", name, got)
			}
		}
	})

	t.Run("35 the package of the finding does not load", func(t *testing.T) {
		e := goodEvidence("2026-03-01T12:00:00Z")
		f := codeFinding("MKT103", Violation, 5.9)
		e.History = map[string]History{f.Fingerprint: {FirstSeen: at("2026-02-01"), Trace: TraceOf(&f)}}
		if !e.ProvesAbsence("MKT103", true) {
			t.Error("a complete run does not close the finding")
		}
		e.Coverage.Gaps = []Gap{{Subject: "example.com/app/db", Reason: "undefined: dsn"}}
		if e.ProvesAbsence("MKT103", true) {
			t.Error("a run with a gap closes the finding")
		}
		result := Assess(testCatalogue(), e, at("2026-03-01T12:00:00Z"))
		for _, id := range []string{"T-TLS", "T-SLA"} {
			if a := find(t, result, id); a.Verdict != Unknown || !containsText(a.Reasons, "example.com/app/db") {
				t.Errorf("%s: %s %q, want unknown naming the package", id, a.Verdict, a.Reasons)
			}
		}
	})

	t.Run("36 a private advisory with a label", func(t *testing.T) {
		score, _ := ChooseScore([]Severity{{Label: "high"}}, nil)
		e := goodEvidence("2026-05-20T12:00:00Z")
		e.Findings = []Finding{{ID: "A", Rule: "settings:advisories", Class: Violation, CVSS: &score, Fingerprint: "36", Source: "settings", Reported: at("2026-05-04")}}
		if got := Assess(testCatalogue(), e, at("2026-05-20T12:00:00Z")).Findings[0].Due; got == nil || got.On != "2026-06-15" || got.Basis != BasisHistory {
			t.Errorf("due %+v, want 2026-06-15 by history", got)
		}
	})

	t.Run("38 an alert is older than our scan", func(t *testing.T) {
		f := codeFinding("MKT103", Violation, 9.1)
		f.Reported = at("2026-06-01")
		for name, tt := range map[string]struct {
			change func(*Finding, *Evidence)
			on     string
			basis  string
		}{
			"first seen later": {func(f *Finding, e *Evidence) {
				e.History = map[string]History{f.Fingerprint: {FirstSeen: at("2026-06-03")}}
			}, "2026-06-29", BasisHistory},
			"nothing else known": {func(*Finding, *Evidence) {}, "2026-06-29", BasisHistory},
			"the policy is older": {func(f *Finding, e *Evidence) {
				e.Policy.Reported = []ReportedDate{{Finding: f.Fingerprint, Reported: at("2026-05-30")}}
			}, "2026-06-27", BasisPolicy},
			"first seen earlier": {func(f *Finding, e *Evidence) {
				e.History = map[string]History{f.Fingerprint: {FirstSeen: at("2026-05-31")}}
			}, "2026-06-28", BasisHistory},
			"dated after this run": {func(f *Finding, e *Evidence) { f.Reported = at("2026-06-04") }, "2026-07-01", BasisThisRun},
		} {
			g, e := f, goodEvidence("2026-06-03T12:00:00Z")
			tt.change(&g, e)
			e.Findings = []Finding{g}
			if got := Assess(testCatalogue(), e, at("2026-06-03T12:00:00Z")).Findings[0].Due; got.On != tt.on || got.Basis != tt.basis {
				t.Errorf("%s: due %+v, want %s by %s", name, got, tt.on, tt.basis)
			}
		}
	})

	t.Run("37 a suppression does not stop the clock", func(t *testing.T) {
		f := codeFinding("MKT103", Violation, 9.8)
		for now, want := range map[string]struct {
			verdict Verdict
			state   string
		}{
			"2026-02-10T23:00:00Z": {Pass, Overdue},
			"2026-02-11T00:00:00Z": {Fail, Overdue},
		} {
			e := goodEvidence(now)
			e.Findings = []Finding{f}
			e.History = map[string]History{f.Fingerprint: {FirstSeen: at("2026-01-05")}}
			e.Policy.Suppressions = []PolicySuppression{{Rule: "MKT103", Path: "db/", Kind: "false-positive", Expires: at("2026-02-10"), Where: "policy:9"}}
			result := Assess(testCatalogue(), e, at(now))
			if a := find(t, result, "T-SLA"); a.Verdict != want.verdict {
				t.Errorf("%s: %s, want %s: %q", now, a.Verdict, want.verdict, a.Reasons)
			}
			if d := result.Findings[0].Due; d.State != want.state || d.On != "2026-02-02" {
				t.Errorf("%s: due %+v", now, d)
			}
		}
		r, _ := Clock{Events: []Event{reported("2026-01-05"), scored("2026-01-05", 9.8)}}.Read(at("2026-02-11"))
		if !slices.Equal(r.Overdue, []Period{{From: at("2026-02-03")}}) {
			t.Errorf("overdue %v, want since 2026-02-03", r.Overdue)
		}
	})
}

func labelScore(t *testing.T, label string) float64 {
	t.Helper()
	chosen, _ := ChooseScore([]Severity{{Label: label}}, nil)
	return chosen.Score
}
