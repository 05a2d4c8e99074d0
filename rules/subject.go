package rules

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// A subject is a finding with what the evidence knows about it whatever the
// time: its clock, and what may excuse it.
type subject struct {
	finding  Finding // a copy: scored by the policy, without Requirements, Due and Suppressed
	clock    Reading
	timed    bool      // it has a score and an effect, so it has a deadline
	soon     time.Time // from then on it is due-soon
	late     time.Time // from then on it is overdue
	basis    string    // what the clock's start rests on
	recorded bool      // somebody wrote the report date down
	excuses  []excuse
	heading  string // the rule and its weight, for reasons
	place    string // where, for reasons
}

// An excuse is a suppression that matches, in force or not.
type excuse struct {
	Suppression
	until time.Time // first instant at which it is over; zero for never
}

const (
	acceptedRisk  = "accepted-risk"
	falsePositive = "false-positive"
	notAffected   = "not-affected"
)

// newSubjects reads every finding against history and policy, sorted by place.
func newSubjects(e *Evidence) []*subject {
	findings := make([]Finding, len(e.Findings))
	for i, f := range e.Findings {
		findings[i] = scoreFinding(f, e.Policy.Vectors)
	}
	findings = sorted(findings)
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Location.Path, b.Location.Path), cmp.Compare(a.Location.Line, b.Location.Line),
			cmp.Compare(a.Location.Column, b.Location.Column), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})

	names := advisoryNames(findings)
	moved := movedKeys(findings, e.History, e.ObservedAt)
	subjects := make([]*subject, len(findings))
	for i, f := range findings {
		s := &subject{finding: f, heading: headingOf(&f), place: placeOf(&f)}
		keys := []string{f.Fingerprint}
		if old, found := moved[f.Fingerprint]; found {
			keys = append(keys, old)
		}
		for _, id := range names[i] {
			keys = append(keys, AdvisoryKey([]string{id}, f.Advisory.Package))
		}
		// An excuse and a report date may name any of the finding's names.
		known := slices.Concat([]string{f.ID}, Names(f.Rule), keys)
		known = append(known, names[i]...)
		s.startClock(e, keys, known)
		s.findExcuses(e, known)
		s.finding.Suppressed = nil
		subjects[i] = s
	}
	return subjects
}

// scoreFinding copies a finding with the score that counts: the policy's for
// its rule, else its own with the band its number calls for. A vulnerable
// dependency that nobody scored is High.
func scoreFinding(f Finding, overrides []VectorOverride) Finding {
	f.Requirements, f.Due = nil, nil
	switch {
	case f.CVSS != nil:
		sane := f.CVSS.sane()
		f.CVSS = &sane
	case f.Advisory != nil:
		unscored := Unscored()
		f.CVSS = &unscored
	}
	names := []string{f.Rule}
	if f.Advisory != nil {
		names = append(names, f.Advisory.IDs...)
	}
	best := CVSS{Score: -1}
	exact := false
	for _, o := range overrides {
		own := o.Rule != "" && slices.Contains(names, o.Rule)
		if !own && (o.Rule == "" || o.Rule != Family(f.Rule)) {
			continue
		}
		// The policy's parser refuses vectors that cannot be read; a caller
		// that hands one in keeps the rule's own score.
		scored, err := Score(o.Vector, FromPolicy)
		if err != nil || exact && !own {
			continue
		}
		if own && !exact || cmp.Or(cmp.Compare(scored.Score, best.Score), cmp.Compare(best.Vector, scored.Vector)) > 0 {
			best, exact = scored, own
		}
	}
	if best.Score >= 0 {
		f.CVSS = &best
	}
	return f
}

// advisoryNames returns, for each finding, every name its vulnerability has in
// any finding of the same package.
func advisoryNames(findings []Finding) [][]string {
	var records []AliasRecord
	var at []int
	for i, f := range findings {
		if f.Advisory != nil {
			records = append(records, AliasRecord{ID: f.Rule, Aliases: f.Advisory.IDs, Package: f.Advisory.Package})
			at = append(at, i)
		}
	}
	names := make([][]string, len(findings))
	for _, set := range MergeAliases(records) {
		for _, r := range set.Records {
			names[at[r]] = set.IDs
		}
	}
	return names
}

// movedKeys pairs findings that history does not know with those it knows and
// that are gone since.
func movedKeys(findings []Finding, history map[string]History, observed time.Time) map[string]string {
	present := map[string]bool{}
	var appeared, vanished []Trace
	for _, f := range findings {
		present[f.Fingerprint] = true
		if _, known := history[f.Fingerprint]; !known && f.Advisory == nil {
			appeared = append(appeared, TraceOf(&f))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(history)) {
		h := history[key]
		reading, _ := h.Clock().Read(observed)
		if !present[key] && h.Trace.Family != "" && reading.Open {
			h.Trace.Key = key
			vanished = append(vanished, h.Trace)
		}
	}
	return Moved(vanished, appeared)
}

// startClock reads the finding's deadline as the evidence knew it: what is
// dated after the run has not happened yet, so only the calendar moves the
// state from here on.
func (s *subject) startClock(e *Evidence, keys, known []string) {
	f := &s.finding
	if f.CVSS == nil || f.Class == Informational {
		return
	}
	var clock Clock
	for _, key := range slices.Compact(slices.Sorted(slices.Values(keys))) {
		if h, found := e.History[key]; found {
			clock = MergeClocks(clock, h.Clock())
		}
	}
	// An alert is a report that was written down. One that would be later than
	// this run is no report of what this run saw.
	if !f.Reported.IsZero() && !f.Reported.After(e.ObservedAt) {
		clock.Events = append(clock.Events, Event{At: f.Reported, Kind: EventReported})
	}
	history, _ := clock.Read(e.ObservedAt)
	for _, r := range e.Policy.Reported {
		if r.Finding == "" || !slices.Contains(known, r.Finding) {
			continue
		}
		if !r.Reported.IsZero() {
			clock.Events = append(clock.Events, Event{At: r.Reported, Kind: EventReported})
		}
		if !r.Triaged.IsZero() {
			clock.Events = append(clock.Events, Event{At: r.Triaged, Kind: EventTriaged})
		}
	}
	clock.Anchor = e.Policy.Anchor
	reading, recorded := clock.Read(e.ObservedAt)
	s.recorded = recorded
	switch {
	case recorded && !history.Reported.IsZero() && reading.Reported.Equal(history.Reported):
		s.basis = BasisHistory
	case recorded:
		s.basis = BasisPolicy
	default:
		var start time.Time
		start, s.basis = f.unrecorded(e.ObservedAt)
		clock = Clock{Events: []Event{{At: start, Kind: EventReported}}}
		reading, _ = clock.Read(e.ObservedAt)
	}

	// The score of this run, and a return, are events of this run.
	last, scored := lastScore(clock.Events, e.ObservedAt)
	switch {
	case !scored:
		clock.Events = append(clock.Events, Event{At: reading.Reported, Kind: EventScored, Score: f.CVSS.Score})
	case BandOf(last) != f.CVSS.Band:
		clock.Events = append(clock.Events, Event{At: e.ObservedAt, Kind: EventScored, Score: f.CVSS.Score})
	}
	if !reading.Open {
		clock.Events = append(clock.Events, Event{At: e.ObservedAt, Kind: EventReopened})
	}
	s.clock, s.timed = clock.Read(e.ObservedAt)
	s.soon, s.late = soonFrom(s.clock.Band, s.clock.On), overdueFrom(s.clock.On)
}

// unrecorded returns where a clock starts that nobody wrote down: for a
// dependency the day on which the repository both had the version and could
// have known, so that repeated runs without memory do not begin anew each time;
// for anything else this run.
func (f *Finding) unrecorded(observed time.Time) (start time.Time, basis string) {
	a := f.Advisory
	if a == nil || a.Published.IsZero() || a.Adopted.IsZero() || a.Published.After(observed) || a.Adopted.After(observed) {
		return observed, BasisThisRun
	}
	if a.Published.After(a.Adopted) {
		return a.Published, BasisPublished
	}
	return a.Adopted, BasisAdopted
}

// lastScore returns the newest score that is not later than now.
func lastScore(events []Event, now time.Time) (score float64, found bool) {
	events = slices.Clone(events)
	sortEvents(events)
	for _, e := range events {
		if e.Kind == EventScored && !e.At.After(now) {
			score, found = e.Score, true
		}
	}
	return score, found
}

// findExcuses collects the suppressions that match, the strongest first.
func (s *subject) findExcuses(e *Evidence, known []string) {
	f := &s.finding
	if own := f.Suppressed; own != nil {
		x := excuse{Suppression: *own}
		usable := true
		if own.Expires != "" {
			day, err := time.Parse(time.DateOnly, own.Expires)
			usable = err == nil // a date that cannot be read excuses nothing
			x.until = overdueFrom(day)
		}
		if usable {
			s.excuses = append(s.excuses, x)
		}
	}
	for _, p := range e.Policy.Suppressions {
		if p.Expires.IsZero() || !p.matches(f, known) { // the policy's suppressions must end
			continue
		}
		s.excuses = append(s.excuses, excuse{
			Suppression{Kind: p.Kind, Reason: p.Reason, Owner: p.Owner, Expires: date(p.Expires), Where: p.Where},
			overdueFrom(p.Expires),
		})
	}
	for i := range s.excuses {
		s.excuses[i].NoEffect = ""
	}
	slices.SortStableFunc(s.excuses, func(a, b excuse) int {
		return cmp.Or(boolOrder(a.weak(), b.weak()), boolOrder(!a.until.IsZero(), !b.until.IsZero()),
			b.until.Compare(a.until), cmp.Compare(a.Where, b.Where), byText(a.Suppression, b.Suppression))
	})
}

// boolOrder sorts false before true.
func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// weak reports whether the excuse does not deny the finding: only a false
// positive or an advisory that does not affect the product does.
func (x excuse) weak() bool { return x.Kind != falsePositive && x.Kind != notAffected }

// matches reports whether a policy suppression is about the finding: its
// fingerprint, or its rule (by one of its names, or any name of the advisory) and
// path. A path names a file or everything below a folder; only a finding in a
// dependency may go without.
func (p *PolicySuppression) matches(f *Finding, known []string) bool {
	if p.Rule == "" && p.Fingerprint == "" {
		return false
	}
	if p.Rule != "" && !slices.Contains(known, p.Rule) || p.Fingerprint != "" && !slices.Contains(known, p.Fingerprint) {
		return false
	}
	if p.Path == "" {
		return p.Fingerprint != "" || f.Advisory != nil
	}
	below := strings.TrimPrefix(path.Clean(p.Path), "/")
	return below == "." || below == "" || f.Location.Path == below || strings.HasPrefix(f.Location.Path, below+"/")
}

// Names reports whether a policy suppression, in force or not, is about a finding
// of this run: by its id, fingerprint, rule or rule family, and its path.
func (p *PolicySuppression) Names(f *Finding) bool {
	return p.matches(f, append([]string{f.ID, f.Fingerprint}, Names(f.Rule)...))
}

// excuse returns the suppression in force at now, if any. NoEffect says why it
// does not stop the finding from counting.
func (s *subject) excuse(now time.Time) *Suppression {
	var idle *Suppression
	for _, x := range s.excuses {
		if !x.until.IsZero() && !now.Before(x.until) {
			continue
		}
		found := x.Suppression
		if found.NoEffect = s.noEffect(x, now); found.NoEffect == "" {
			return &found
		}
		if idle == nil {
			idle = &found
		}
	}
	return idle
}

func (s *subject) noEffect(x excuse, now time.Time) string {
	switch {
	case !x.weak() || !s.timed:
		return ""
	case s.clock.Band.AtLeast(High):
		return "an accepted risk does not excuse a High or Critical finding"
	case s.overdue(now):
		return "an accepted risk ends with the due date, " + date(s.clock.On)
	default:
		return ""
	}
}

// lapsed returns the last day of the newest suppression that is over.
func (s *subject) lapsed(now time.Time) string {
	var last time.Time
	for _, x := range s.excuses {
		if !x.until.IsZero() && !now.Before(x.until) && x.until.After(last) {
			last = x.until
		}
	}
	if last.IsZero() {
		return ""
	}
	return date(last.AddDate(0, 0, -1))
}

func (s *subject) overdue(now time.Time) bool {
	return s.timed && !now.Before(s.late)
}

// state is DueState for the subject's own due date.
func (s *subject) state(now time.Time) string {
	switch {
	case !now.Before(s.late):
		return Overdue
	case !now.Before(s.soon):
		return DueSoon
	default:
		return DueOpen
	}
}

// instants returns when the finding's part in the judgement can change.
func (s *subject) instants() []time.Time {
	var all []time.Time
	if s.timed {
		all = append(all, s.soon, s.late)
	}
	for _, x := range s.excuses {
		if !x.until.IsZero() {
			all = append(all, x.until)
		}
	}
	return all
}

// report returns the finding as the report shows it.
func (s *subject) report(now time.Time, requirements []string) Finding {
	f := s.finding
	f.Requirements = append([]string{}, requirements...)
	f.Suppressed = s.excuse(now)
	if s.timed {
		f.Due = &Due{Reported: s.clock.Reported.UTC(), Basis: s.basis, On: date(s.clock.On), State: s.state(now)}
	}
	return f
}
