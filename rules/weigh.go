package rules

import (
	"cmp"
	"fmt"
)

// Findings against controls
//
// A violation fails its control, a finding for review leaves it in need of
// evidence, an informational one does nothing. Three things soften that: a
// suppression in force (a pass with an exception), the grace of decision G1 for
// dependencies whose advisory came out while they were in use, and the same
// grace for code when the policy chose `gate: sla`. Grace always ends on a day
// that stays where it is: it is counted from a recorded report, or from the
// advisory's own date. A clock that starts anew with each run grants none.

// findings weighs every finding that the control and the parameters speak of.
func (m *moment) findings(o *outcome, k Control, p Parameters) {
	clock, all := false, false
	for _, v := range k.Verifiers {
		clock = clock || v.ID == clockVerifier && !v.Planned
		all = all || v.ID == violationsVerifier && !v.Planned
	}
	for _, s := range m.byControl[k.ID] {
		if (!clock || !s.timed) && (!all || s.finding.Class != Violation) {
			m.weigh(o, s, p, m.standsAgainst)
		}
	}
	if all {
		for _, s := range m.subjects {
			if s.finding.Class == Violation && !s.finding.grows() {
				m.weigh(o, s, p, m.standsAgainst)
			}
		}
	}
	if clock {
		for _, s := range m.subjects {
			if s.timed {
				m.weigh(o, s, p, m.dueDate)
			}
		}
	}
}

// grows reports whether a finding is about a number that grows with time: it
// speaks against those alone who set a limit for it.
func (f *Finding) grows() bool { return f.Measure != nil && !f.Measure.Since.IsZero() }

// weigh applies what holds for every finding before judge decides.
func (m *moment) weigh(o *outcome, s *subject, p Parameters, judge func(*outcome, *subject)) {
	f := &s.finding
	if f.Class == Informational || !p.takes(f) {
		return
	}
	if p.bounded(f.Measure) && p.inside(f.Measure, m.now) {
		if p.warns(f.Measure, m.now) {
			o.flag(AtRisk)
			o.addAt(Pass, s.heading+" at ", s.place, ": near the limit ("+measured(f.Measure, m.now)+"). Act before it is passed.")
		}
		return
	}
	if x := s.excuse(m.now); x != nil && x.NoEffect == "" {
		until := "without an end"
		if x.Expires != "" {
			until = "until " + x.Expires
		}
		o.flag(Exception)
		o.addAt(Pass, s.heading+" at ", s.place, fmt.Sprintf(": excused as %s %s.", cmp.Or(x.Kind, acceptedRisk), until))
		return
	}
	judge(o, s)
}

// standsAgainst weighs a finding against its own control.
func (m *moment) standsAgainst(o *outcome, s *subject) {
	f := &s.finding
	verdict, advice := Fail, "Fix it. If it is a false alarm, suppress it with a reason and an end date."
	if f.Class == Review {
		verdict, advice = NeedsEvidence, "Review it: fix it, or suppress it with a reason and an end date when it is a false alarm."
	}
	if a := f.Advisory; a != nil {
		advice = upgrade(a)
	}
	o.against = true
	o.findings = append(o.findings, f.ID)
	grace, why := m.grace(s)
	if grace {
		o.flag(AtRisk, InSLA)
		o.addAt(Pass, s.heading+" at ", s.place, ": to be fixed by "+date(s.clock.On)+". "+advice)
		return
	}
	if x := s.excuse(m.now); x != nil {
		why = cmp.Or(why, "it counts") + "; suppressed, but " + x.NoEffect
	} else if last := s.lapsed(m.now); last != "" {
		why = cmp.Or(why, "it counts") + "; its suppression ended on " + last
	}
	if why != "" {
		why = ": " + why
	}
	o.addAt(verdict, s.heading+" at ", s.place, why+". "+advice)
}

// grace reports whether the finding may stay open until its due date without
// failing its control, and if not, why not (which may be left unsaid).
func (m *moment) grace(s *subject) (ok bool, why string) {
	if !s.timed {
		return false, ""
	}
	late := "it was due on " + date(s.clock.On)
	if a := s.finding.Advisory; a != nil {
		switch {
		case a.Adopted.IsZero():
			return false, "git history does not show when this version came in, so there is no grace period (scan with the full history)"
		case a.Published.IsZero():
			return false, "the advisory does not say when it was published, so there is no grace period"
		case !a.Published.After(a.Adopted):
			return false, "the advisory of " + date(a.Published) + " was out when this version came in on " + date(a.Adopted)
		case s.basis == BasisThisRun:
			return false, "the advisory is dated later than this run, so there is no grace period"
		case s.overdue(m.now):
			return false, late
		}
		return true, ""
	}
	switch {
	case m.evidence.Policy.Gate != "sla":
		return false, ""
	case !s.recorded:
		return false, "no report date is recorded, so `gate: sla` gives no grace period (let the bot keep the dates, or write one under `reported` in the policy file)"
	case s.overdue(m.now):
		return false, late
	}
	return true, ""
}

// dueDate weighs a finding of any control against its due date.
func (m *moment) dueDate(o *outcome, s *subject) {
	f := &s.finding
	verdict := Fail
	if f.Class == Review {
		verdict = NeedsEvidence
	}
	state := s.state(m.now)
	switch {
	case state == Overdue:
		o.findings = append(o.findings, f.ID)
		o.addAt(verdict, s.heading+" at ", s.place, ": due on "+date(s.clock.On)+" and still open. Fix it now.")
	case s.basis == BasisThisRun:
		o.findings = append(o.findings, f.ID)
		o.addAt(NeedsEvidence, s.heading+" at ", s.place, ": nobody recorded when it was first reported, so it cannot be shown to be in time. Fix it, let the bot keep the dates, or write one under `reported` in the policy file.")
	case state == DueSoon:
		o.flag(AtRisk, InSLA)
		o.findings = append(o.findings, f.ID)
		o.addAt(Pass, s.heading+" at ", s.place, ": to be fixed by "+date(s.clock.On)+".")
	default:
		o.flag(InSLA)
		o.findings = append(o.findings, f.ID)
		o.addAt(Pass, s.heading+" at ", s.place, ": open, in time until "+date(s.clock.On)+".")
	}
}

// headingOf names a finding's rule with its weight: "MKT103, cleartext DSN
// (medium 5.9)".
func headingOf(f *Finding) string {
	text := f.Rule
	if f.Title != "" {
		text += ", " + f.Title
	}
	if f.CVSS != nil {
		text += fmt.Sprintf(" (%s %.1f)", f.CVSS.Band, f.CVSS.Score)
	}
	return text
}

// placeOf names where a finding is.
func placeOf(f *Finding) string {
	if a := f.Advisory; a != nil {
		if a.Version == "" {
			return a.Package
		}
		return a.Package + "@" + a.Version
	}
	switch {
	case f.Location.Path == "":
		return "the repository"
	case f.Location.Line == 0:
		return f.Location.Path
	default:
		return fmt.Sprintf("%s:%d", f.Location.Path, f.Location.Line)
	}
}

func upgrade(a *AdvisoryHit) string {
	if a.Fixed == "" {
		return "No fixed version is known: replace it, or record why it does not affect the product."
	}
	return "Upgrade to " + a.Fixed + "."
}
