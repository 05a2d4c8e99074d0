package rules

import (
	"math"
	"time"
)

// A Band is the severity band that sets a deadline (catalogue §4).
type Band string

const (
	Critical Band = "critical" // 9.0 and more: 4 weeks
	High     Band = "high"     // 7.0 and more: 6 weeks
	Medium   Band = "medium"   // 4.0 and more: 8 weeks
	Low      Band = "low"      // the rest: 25 weeks
)

// BandOf returns the band of a CVSS score. Scores have one decimal, so the
// comparison is made in tenths as integers: 8.9 is High and 9.0 is Critical
// whatever the binary fraction says. What is not a number is High, as every
// unscored finding is.
func BandOf(score float64) Band {
	if math.IsNaN(score) {
		return High
	}
	switch tenths := int(math.Round(max(0, min(score, 10)) * 10)); {
	case tenths >= 90:
		return Critical
	case tenths >= 70:
		return High
	case tenths >= 40:
		return Medium
	default:
		return Low
	}
}

// Window returns how many days a finding of the band may stay open: 28, 42,
// 56 or 175. An empty or unheard-of band counts as High.
func (b Band) Window() int {
	switch b {
	case Critical:
		return 4 * 7
	case Medium:
		return 8 * 7
	case Low:
		return 25 * 7
	default:
		return 6 * 7
	}
}

// Soon returns how many days before its due date a finding of the band is
// called due-soon: a quarter of the window, two weeks at most (7, 10, 14, 14).
func (b Band) Soon() int { return min(14, b.Window()/4) }

// rank orders bands by weight; what is not a band weighs as much as High.
func (b Band) rank() int {
	switch b {
	case Critical:
		return 4
	case Medium:
		return 2
	case Low:
		return 1
	default:
		return 3
	}
}

// AtLeast reports whether b is as bad as floor or worse.
func (b Band) AtLeast(floor Band) bool { return b.rank() >= floor.rank() }

// CVSS is a base score with where it came from.
type CVSS struct {
	Vector string  `json:"vector,omitempty"` // as scored, repaired
	Score  float64 `json:"score"`            // 0.0-10.0
	Band   Band    `json:"band"`
	Source string  `json:"source,omitempty"` // "rule", "policy", "GHSA", "label", "cwe-default", "unscored"
}

// The states of a finding that has a deadline.
const (
	DueOpen = "open"     // in time, and not soon due
	DueSoon = "due-soon" // the last quarter of the window, two weeks at most
	Overdue = "overdue"  // the due date has passed
)

// What a due date rests on: the origin of the earliest report.
const (
	BasisPolicy    = "policy"    // `reported` of the policy file
	BasisHistory   = "history"   // an earlier complete run, or an alert's creation date
	BasisPublished = "published" // no record; the advisory came out while the version was in use
	BasisAdopted   = "adopted"   // no record; the version came in when the advisory was out already
	BasisThisRun   = "this-run"  // no record; the clock starts with this run, so it proves nothing
)

// Due is a finding's deadline. All days are UTC civil dates.
type Due struct {
	Reported time.Time `json:"reported"` // instant the clock started
	Basis    string    `json:"basis"`    // what says so: "policy", "history", "this-run", "published", "adopted"
	On       string    `json:"on"`       // last day in time, YYYY-MM-DD
	State    string    `json:"state"`    // "open", "due-soon", "overdue"
}

// DueOn returns the last day on which a finding of the band is in time when
// its clock starts at anchor: midnight UTC of that day. A week is seven civil
// days in UTC, whatever clocks do elsewhere.
func DueOn(b Band, anchor time.Time) time.Time {
	return dayOf(anchor).AddDate(0, 0, b.Window())
}

// DueState compares a due date with now: overdue from the first instant of the
// next UTC day, due-soon when [Band.Soon] days or fewer are left.
func DueState(b Band, on, now time.Time) string {
	switch {
	case !now.Before(overdueFrom(on)):
		return Overdue
	case !now.Before(soonFrom(b, on)):
		return DueSoon
	default:
		return DueOpen
	}
}

// overdueFrom returns the instant at which a due date is missed.
func overdueFrom(on time.Time) time.Time { return dayOf(on).AddDate(0, 0, 1) }

// soonFrom returns the instant at which a due date comes near.
func soonFrom(b Band, on time.Time) time.Time { return dayOf(on).AddDate(0, 0, -b.Soon()) }

// dayOf returns the midnight that starts t's civil date in UTC.
func dayOf(t time.Time) time.Time {
	year, month, day := t.UTC().Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// daysBetween counts civil days from a to b; both must be midnights in UTC.
func daysBetween(a, b time.Time) int { return int(b.Sub(a).Hours() / 24) }

// date writes a civil date in UTC.
func date(t time.Time) string { return t.UTC().Format(time.DateOnly) }
