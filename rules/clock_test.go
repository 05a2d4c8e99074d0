package rules

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	for _, tt := range []struct {
		name    string
		clock   Clock
		now     string
		open    bool
		want    string // band, due date
		overdue []Period
	}{
		{"never reported", Clock{Events: []Event{scored("2026-01-05", 9.8)}}, "2026-02-01", false, "", nil},
		{"reported later", Clock{Events: []Event{reported("2026-01-05")}}, "2026-01-04", false, "", nil},
		{"unscored", Clock{Events: []Event{reported("2026-01-05")}}, "2026-01-06", true, "high, 2026-02-16", nil},
		{"scored later counts from the report", Clock{Events: []Event{reported("2026-01-05"), scored("2026-01-20", 9.8)}}, "2026-01-21", true, "critical, 2026-02-02", nil},
		{"triage is a report", Clock{Events: []Event{triaged("2026-01-03"), reported("2026-01-05")}}, "2026-01-06", true, "high, 2026-02-14", nil},
		{"triaged on the second look", Clock{AnchorTriaged, []Event{reported("2026-01-05"), triaged("2026-01-09"), triaged("2026-01-07")}}, "2026-01-10", true, "high, 2026-02-18", nil},
		{"raised within a band", Clock{Events: []Event{reported("2026-01-05"), scored("2026-01-05", 9.0), scored("2026-01-25", 10)}}, "2026-01-26", true, "critical, 2026-02-02", nil},
		{"lowered and raised again", Clock{Events: []Event{reported("2026-01-05"), scored("2026-01-05", 9.8), scored("2026-01-10", 5), scored("2026-01-20", 9.8)}}, "2026-01-26", true, "critical, 2026-02-17", nil},
		{"raised when overdue", Clock{Events: []Event{reported("2026-01-05"), scored("2026-01-05", 7.5), scored("2026-02-20", 9.8)}}, "2026-02-26", true, "critical, 2026-02-16", []Period{{From: at("2026-02-17")}}},
		{"lowered and still overdue", Clock{Events: []Event{reported("2026-01-05"), scored("2026-01-05", 9.8), scored("2026-02-20", 7.5)}}, "2026-02-26", true, "high, 2026-02-16", []Period{{From: at("2026-02-03")}}},
		{"lowered on the first overdue day", Clock{Events: []Event{reported("2026-01-05"), scored("2026-01-05", 9.8), scored("2026-02-03", 5)}}, "2026-02-26", true, "medium, 2026-03-02", nil},
		{"fixed in time", Clock{Events: []Event{reported("2026-01-05"), fixed("2026-01-20")}}, "2027-01-01", false, "high", nil},
		{"fixed late", Clock{Events: []Event{reported("2026-01-05"), fixed("2026-02-20")}}, "2027-01-01", false, "high", []Period{{at("2026-02-17"), at("2026-02-20")}}},
		{"fixed a day late", Clock{Events: []Event{reported("2026-01-05"), fixed("2026-02-17")}}, "2027-01-01", false, "high", []Period{{at("2026-02-17"), at("2026-02-17")}}},
		{"withdrawn", Clock{Events: []Event{reported("2026-01-05"), {At: at("2026-02-20"), Kind: EventWithdrawn}}}, "2027-01-01", false, "high", nil},
		{"rescored while closed", Clock{Events: []Event{reported("2026-01-05"), scored("2026-01-05", 7.5), fixed("2026-01-15"), scored("2026-02-01", 9.8), reopened("2026-05-01")}}, "2026-05-02", true, "critical, 2026-05-19", nil},
		{"lowered after it came back", Clock{Events: []Event{reported("2026-01-05"), scored("2026-01-05", 9.8), fixed("2026-01-15"), reopened("2026-05-01"), scored("2026-05-02", 5)}}, "2026-05-03", true, "medium, 2026-06-16", nil},
		{"back twice", Clock{Events: []Event{reported("2026-01-05"), fixed("2026-01-15"), reopened("2026-02-01"), fixed("2026-02-21"), reopened("2026-05-01")}}, "2026-05-02", true, "high, 2026-05-13", nil},
		{"fixed before triage began the clock", Clock{AnchorTriaged, []Event{reported("2026-01-05"), fixed("2026-01-07"), reopened("2026-02-01")}}, "2026-02-02", true, "high, 2026-03-15", nil},
		{"reopened while open, fixed while closed", Clock{Events: []Event{reported("2026-01-05"), reopened("2026-01-06"), fixed("2026-01-15"), fixed("2026-01-16"), reopened("2026-02-01")}}, "2026-02-02", true, "high, 2026-03-05", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, ok := tt.clock.Read(at(tt.now))
			if ok != (tt.want != "") {
				t.Fatalf("started %v: %+v", ok, r)
			}
			got := string(r.Band)
			if r.Open {
				got += ", " + date(r.On)
			}
			if got != tt.want || r.Open != tt.open || !slices.Equal(r.Overdue, tt.overdue) {
				t.Errorf("%s, open %v, overdue %v; want %s, %v, %v", got, r.Open, r.Overdue, tt.want, tt.open, tt.overdue)
			}
			if state := r.State(at(tt.now)); (state == "") == r.Open {
				t.Errorf("state %q of open %v", state, r.Open)
			}
		})
	}
}

func TestMergeClocks(t *testing.T) {
	a := Clock{Events: []Event{reported("2026-01-05"), fixed("2026-01-15"), reopened("2026-03-01"), fixed("2026-03-05")}}
	b := Clock{Anchor: AnchorTriaged, Events: []Event{reported("2026-01-10"), fixed("2026-02-01"), reopened("2026-05-01")}}
	want := Clock{AnchorTriaged, []Event{reported("2026-01-05"), reported("2026-01-10"), fixed("2026-02-01"), reopened("2026-03-01"), fixed("2026-03-05"), reopened("2026-05-01")}}
	for _, got := range []Clock{MergeClocks(a, b), MergeClocks(b, a)} {
		if got.Anchor != want.Anchor || !slices.Equal(got.Events, want.Events) {
			t.Errorf("got %+v\nwant %+v", got, want)
		}
	}
	late := Clock{Events: []Event{reported("2026-02-20")}}
	if got := MergeClocks(Clock{Events: []Event{reported("2026-01-05"), fixed("2026-01-15")}}, late).Events; !slices.Contains(got, reopened("2026-02-20")) {
		t.Errorf("a finding fixed under one name and seen later under another is not reopened: %+v", got)
	}
	if got := MergeClocks(a, a); !slices.Equal(got.Events, a.Events) {
		t.Errorf("merged with itself: %+v", got.Events)
	}
	if got := MergeClocks(Clock{Events: []Event{reopened("2026-01-01"), fixed("2026-01-02")}}, Clock{}); len(got.Events) != 0 {
		t.Errorf("what was never reported: %+v", got.Events)
	}
}

// The arithmetic keeps its promises over random histories.
func TestClockProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(2026, 11))
	kinds := []EventKind{EventReported, EventScored, EventTriaged, EventReopened, EventFixed, EventWithdrawn}
	for range 3000 {
		c := Clock{Events: []Event{reported("2026-01-05")}}
		if rng.IntN(2) == 0 {
			c.Anchor = AnchorTriaged
		}
		for range rng.IntN(8) {
			c.Events = append(c.Events, Event{At: at("2026-01-05").Add(time.Duration(rng.IntN(400*24)) * time.Hour), Kind: kinds[rng.IntN(len(kinds))], Score: float64(rng.IntN(101)) / 10})
		}
		now := at("2026-01-05").Add(time.Duration(rng.IntN(500*24)) * time.Hour)
		r, ok := c.Read(now)
		if !ok || r.Reported.After(at("2026-01-05")) {
			t.Fatalf("%+v at %v: %+v, %v", c, now, r, ok)
		}
		shuffled := slices.Clone(c.Events)
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		again, _ := Clock{c.Anchor, shuffled}.Read(now)
		if textOf(again) != textOf(r) {
			t.Fatalf("%+v at %v: %+v, shuffled %+v", c, now, r, again)
		}
		// An event that raises never moves the due date away.
		if raised, _ := (Clock{c.Anchor, append(shuffled, Event{At: now, Kind: EventScored, Score: 10})}).Read(now); r.Open && raised.Open && raised.On.After(r.On) {
			t.Fatalf("%+v at %v: raised from %v to %v", c, now, r.On, raised.On)
		}
		if r.Open && (r.State(now) == Overdue) != (len(r.Overdue) > 0 && r.Overdue[len(r.Overdue)-1].To.IsZero()) {
			t.Fatalf("%+v at %v: state %s, overdue %v", c, now, r.State(now), r.Overdue)
		}
	}
}
