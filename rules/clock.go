package rules

import (
	"cmp"
	"slices"
	"time"
)

// The clock of a finding
//
// A finding's deadline follows from what happened to it: when it was reported,
// what it scored and when that changed, when it went away and came back. Those
// are dated events; a Clock is the list of them and Read is a pure function of
// the list and an instant. Nothing else is stored, so the same list read twice
// gives the same deadline, events may arrive in any order, and two findings
// that turn out to be one are joined by MergeClocks.
//
// The arithmetic is catalogue §4: the anchor is the earliest report; a raised
// score can only bring the due date nearer; a score lowered by its publisher is
// measured from the anchor again, and the time it was overdue stays on record;
// a finding that returns has what was left of its window, a week at least.

// An EventKind says what happened to a finding.
type EventKind string

const (
	EventReported  EventKind = "reported"  // it became known: a run saw it, an alert was created, a person said so
	EventScored    EventKind = "scored"    // its score from then on
	EventTriaged   EventKind = "triaged"   // somebody looked at it
	EventReopened  EventKind = "reopened"  // it is back
	EventFixed     EventKind = "fixed"     // a complete run no longer had it
	EventWithdrawn EventKind = "withdrawn" // its advisory was taken back
)

// order settles events of one instant: a finding is reported before it is
// scored, and comes back before it goes.
func (k EventKind) order() int {
	return slices.Index([]EventKind{EventReported, EventScored, EventTriaged, EventReopened, EventFixed, EventWithdrawn}, k)
}

// An Event is something dated that happened to a finding.
type Event struct {
	At    time.Time `json:"at"`
	Kind  EventKind `json:"kind"`
	Score float64   `json:"score,omitempty"` // of EventScored, 0.0-10.0
}

// AnchorTriaged starts clocks at triage, a week after the report at the
// latest; any other anchor starts them at the report.
const AnchorTriaged = "triaged"

// triageGrace is how many days the anchor may lie behind the report.
const triageGrace = 7

// reopenFloor is the least number of days a returned finding gets.
const reopenFloor = 7

// A Clock is all that happened to one finding. The zero Clock never started.
type Clock struct {
	Anchor string  `json:"anchor,omitempty"` // AnchorTriaged or empty
	Events []Event `json:"events"`           // in any order
}

// A Period is a run of civil days in UTC, both ends included. A zero To means
// that it has not ended.
type Period struct {
	From, To time.Time
}

// A Reading is what a clock shows at one instant.
type Reading struct {
	Reported  time.Time // the earliest report, as it was given
	Start     time.Time // midnight of the day the window runs from
	Band      Band      // by the newest score; High while unscored
	Open      bool      // false once fixed or withdrawn
	Withdrawn bool      // closed because the advisory was withdrawn
	On        time.Time // last day in time, midnight UTC; meaningful while open
	Overdue   []Period  // every time it was overdue, oldest first
}

// State returns the reading's due state at now, or "" when it is closed.
func (r Reading) State(now time.Time) string {
	if !r.Open {
		return ""
	}
	return DueState(r.Band, r.On, now)
}

// Read returns what the clock shows at now. Events later than now have not
// happened. Without any report the clock has not started and ok is false.
func (c Clock) Read(now time.Time) (r Reading, ok bool) {
	events := make([]Event, 0, len(c.Events))
	for _, e := range c.Events {
		if !e.At.After(now) {
			events = append(events, e)
		}
	}
	sortEvents(events)

	var triaged time.Time
	scored := false
	for _, e := range events {
		switch e.Kind {
		case EventTriaged:
			if triaged.IsZero() {
				triaged = e.At
			}
			fallthrough // what was triaged had been reported by then
		case EventReported:
			if !ok {
				r.Reported, ok = e.At, true
			}
		case EventScored:
			if !scored {
				r.Band, scored = BandOf(e.Score), true
			}
		}
	}
	if !ok {
		return Reading{}, false
	}
	if !scored {
		r.Band = High
	}
	r.Start = dayOf(r.Reported)
	if c.Anchor == AnchorTriaged {
		r.Start = r.Start.AddDate(0, 0, triageGrace)
		if !triaged.IsZero() && dayOf(triaged).Before(r.Start) {
			r.Start = dayOf(triaged)
		}
	}

	w := walk{Reading: &r, opened: r.Start}
	r.Open, r.On = true, w.window()
	for _, e := range events {
		w.step(e)
	}
	w.settle(dayOf(now))
	if !w.late.IsZero() {
		r.Overdue = append(r.Overdue, Period{From: w.late})
	}
	return r, true
}

// A walk is the state of Clock.Read between two events.
type walk struct {
	*Reading
	opened time.Time // day the current opening began
	back   bool      // the current opening is a return
	used   int       // days open before the current opening
	late   time.Time // first overdue day of the current opening; zero when in time
}

// window returns the due date by anchor and band alone.
func (w *walk) window() time.Time {
	days := w.Band.Window()
	if w.back {
		days = max(days-w.used, min(reopenFloor, days))
	}
	return w.opened.AddDate(0, 0, days)
}

// settle notes that the due date was missed before today.
func (w *walk) settle(today time.Time) {
	if w.Open && w.late.IsZero() && today.After(w.On) {
		w.late = w.On.AddDate(0, 0, 1)
	}
}

func (w *walk) step(e Event) {
	today := dayOf(e.At)
	w.settle(today)
	switch e.Kind {
	case EventScored:
		old := w.Band
		w.Band = BandOf(e.Score)
		switch {
		case !w.Open || w.Band == old:
		case w.Band.AtLeast(old): // raised: never later than it was
			if raised := today.AddDate(0, 0, w.Band.Window()); raised.Before(w.On) {
				w.On = raised
			}
		default: // lowered: measured from the anchor again
			w.On = w.window()
			if !w.late.IsZero() && !today.After(w.On) {
				w.overdue(today.AddDate(0, 0, -1))
			}
		}
	case EventFixed, EventWithdrawn:
		if w.Open {
			w.used += max(0, daysBetween(w.opened, today))
			if !w.late.IsZero() {
				// The day of the fix is included: a fix that comes one day late
				// must not vanish from the record.
				w.overdue(today)
			}
			w.Open = false
		}
		if e.Kind == EventWithdrawn { // no effect on statistics
			w.Withdrawn, w.Overdue = true, nil
		}
	case EventReopened:
		if !w.Open {
			w.Open, w.Withdrawn, w.back, w.opened = true, false, true, today
			w.On = w.window()
		}
	}
}

// overdue closes the current overdue period with its last day.
func (w *walk) overdue(last time.Time) {
	if !last.Before(w.late) {
		w.Reading.Overdue = append(w.Reading.Overdue, Period{From: w.late, To: last})
	}
	w.late = time.Time{}
}

// MergeClocks joins the clocks of two findings that turned out to be one. The
// earliest report stays the anchor, every score counts from its own date, and
// the joint finding is open whenever one of the two was.
func MergeClocks(a, b Clock) Clock {
	merged := Clock{Anchor: cmp.Or(a.Anchor, b.Anchor)}
	var turns []Event // openings (reopened) and closings of both
	for _, events := range [][]Event{a.Events, b.Events} {
		events = slices.Clone(events)
		sortEvents(events)
		open, begun := false, false
		for _, e := range events {
			switch e.Kind {
			case EventFixed, EventWithdrawn:
				if open {
					turns = append(turns, e)
				}
				open = false
				continue
			case EventReopened:
				if begun && !open {
					turns, open = append(turns, e), true
				}
				continue
			case EventReported, EventTriaged:
				if !begun {
					turns, open, begun = append(turns, Event{At: e.At, Kind: EventReopened}), true, true
				}
			}
			merged.Events = append(merged.Events, e)
		}
	}
	sortEvents(turns)
	open := 0
	for i, e := range turns {
		if e.Kind == EventReopened {
			if open++; open == 1 && i > 0 {
				merged.Events = append(merged.Events, e)
			}
		} else if open--; open == 0 {
			merged.Events = append(merged.Events, e)
		}
	}
	sortEvents(merged.Events)
	merged.Events = slices.Compact(merged.Events)
	return merged
}

func sortEvents(events []Event) {
	slices.SortFunc(events, func(a, b Event) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Kind.order(), b.Kind.order()), cmp.Compare(a.Score, b.Score))
	})
}
