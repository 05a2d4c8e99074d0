package rules

import "slices"

// standing sums the assessments of one marketplace up (catalogue §7). Process
// rows and rows whose phase has not come are not counted.
func (m *moment) standing(market Marketplace, s Selection, assessments []Assessment, counts map[*subject][]string) Standing {
	st := Standing{ID: market.ID, Name: market.Name, Preview: !m.evidence.Policy.Present, Phase: s.Phase}
	risk := false
	for _, a := range assessments {
		if a.Verdict == NotYet {
			continue
		}
		switch a.Category {
		case Mandatory:
			st.Mandatory.count(a.Verdict)
			risk = risk || slices.Contains(a.Flags, AtRisk) || slices.Contains(a.Flags, Exception)
		case Recommended:
			st.Recommended.count(a.Verdict)
		}
	}
	t := st.Mandatory
	switch {
	case m.stale != "" || t.Unknown == t.Total: // nothing is known of a marketplace without a row that counts
		st.State = StateUnknown
	case t.Failed > 0:
		st.State = StateNonCompliant
	case t.Passed < t.Total:
		st.State = StateIncomplete
	case risk:
		st.State = StateAtRisk
	default:
		st.State = StateCompliant
	}
	if m.stale == "" {
		st.NextDue = m.nextDue(assessments, counts)
	}
	return st
}

// nextDue returns the earliest due date that is still ahead among the findings
// that a requirement of the marketplace speaks of.
func (m *moment) nextDue(assessments []Assessment, counts map[*subject][]string) string {
	own := map[string]bool{}
	for _, a := range assessments {
		own[a.Requirement] = true
	}
	next := ""
	for _, s := range m.subjects {
		if !s.timed || s.overdue(m.now) || !slices.ContainsFunc(counts[s], func(id string) bool { return own[id] }) {
			continue
		}
		if x := s.excuse(m.now); x != nil && x.NoEffect == "" {
			continue
		}
		if on := date(s.clock.On); next == "" || on < next {
			next = on
		}
	}
	return next
}

// count adds one verdict.
func (t *Tally) count(v Verdict) {
	t.Total++
	switch v {
	case Pass:
		t.Passed++
	case NotApplicable:
		t.Passed++
		t.NotApplicable++
	case Fail:
		t.Failed++
	case Expired:
		t.Expired++
	case NeedsEvidence:
		t.NeedsEvidence++
	default:
		t.Unknown++
	}
}
