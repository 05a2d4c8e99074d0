package rules

import (
	"cmp"
	"slices"
)

// The phases of a listing in order. A rejected submission counts as submitted.
func phaseOrder(phase string) int {
	switch phase {
	case "", "draft":
		return 0
	case "submitted", "rejected":
		return 1
	case "approved":
		return 2
	default: // published, and anything unheard of: every row counts
		return 3
	}
}

// requirement judges one requirement and notes in counts which findings it
// speaks of.
func (m *moment) requirement(r Requirement, s Selection, counts map[*subject][]string) Assessment {
	a := Assessment{
		Requirement: r.ID, Marketplace: r.Marketplace, Category: r.Category, Title: r.Title,
		Flags: []Flag{}, Reasons: []string{}, Controls: []ControlResult{}, Findings: []string{}, Evidence: []Observation{},
	}
	m.note(r, counts)
	if m.evidence.Policy.Present && r.CountsFrom != "" && phaseOrder(s.Phase) < phaseOrder(r.CountsFrom) {
		a.Verdict = NotYet
		a.Reasons = append(a.Reasons, "Counts from the phase "+r.CountsFrom+"; the policy says "+cmp.Or(s.Phase, "draft")+".")
		return a
	}
	if m.stale != "" {
		a.Reasons = append(a.Reasons, m.stale)
		for _, use := range r.Controls {
			a.Controls = append(a.Controls, ControlResult{Control: use.Control, Reasons: []string{m.stale}})
		}
		return a
	}

	var letters []string
	verdict := NotApplicable
	for _, use := range r.Controls {
		o := m.control(r, use)
		result := ControlResult{Control: use.Control, Verdict: o.verdict(), Reasons: o.reasons()}
		if o.excluded {
			result.Verdict = NotApplicable
		} else {
			verdict = Worse(verdict, result.Verdict)
		}
		if result.Verdict == Pass {
			result.Flags = unique(o.flags)
			a.Flags = append(a.Flags, o.flags...)
			letters = append(letters, o.letters...)
		}
		a.Controls = append(a.Controls, result)
		a.Findings = append(a.Findings, o.findings...)
		a.Evidence = append(a.Evidence, o.used...)
		if !result.Verdict.Green() {
			a.Missing = append(a.Missing, o.missing...)
		}
	}
	if len(r.Controls) == 0 {
		verdict = Unknown
		a.Reasons = append(a.Reasons, "The catalogue names no control for this requirement. This is a defect of staylisted; please report it.")
	}
	a.Verdict = verdict
	a.Reasons = append(a.Reasons, tell(a.Controls, verdict)...)
	a.Flags = unique(a.Flags)
	if verdict == Pass {
		a.Assurance = strongest(letters, r.Assurance)
	} else {
		a.Flags = []Flag{}
	}
	a.Findings = unique(a.Findings)
	a.Missing = slices.CompactFunc(a.Missing, func(x, y Shortfall) bool { return byText(x, y) == 0 })
	a.Evidence = slices.CompactFunc(sorted(a.Evidence), func(x, y Observation) bool { return byText(x, y) == 0 })
	return a
}

// note lists the requirement with every finding one of its controls, taken with
// its parameters, speaks of.
func (m *moment) note(r Requirement, counts map[*subject][]string) {
	for _, use := range r.Controls {
		for _, s := range m.byControl[use.Control] {
			f := &s.finding
			if !use.Parameters.takes(f) || use.Parameters.bounded(f.Measure) && use.Parameters.inside(f.Measure, m.now) {
				continue
			}
			if !slices.Contains(counts[s], r.ID) {
				counts[s] = append(counts[s], r.ID)
			}
		}
		k, _ := m.catalogue.Control(use.Control)
		if !slices.ContainsFunc(k.Verifiers, func(v Verifier) bool { return v.ID == clockVerifier }) {
			continue
		}
		for _, s := range m.subjects {
			if s.overdue(m.now) && use.Parameters.takes(&s.finding) && !slices.Contains(counts[s], r.ID) {
				counts[s] = append(counts[s], r.ID)
			}
		}
	}
}

// tell gathers the reasons of the controls that decided: all that stand in the
// way of a pass, the worst first, or else what the pass rests on.
func tell(controls []ControlResult, verdict Verdict) []string {
	controls = slices.Clone(controls)
	slices.SortStableFunc(controls, func(a, b ControlResult) int { return cmp.Compare(b.Verdict.severity(), a.Verdict.severity()) })
	var reasons []string
	for _, c := range controls {
		if c.Verdict.Green() && !verdict.Green() {
			continue
		}
		for _, reason := range c.Reasons {
			if !slices.Contains(reasons, reason) {
				reasons = append(reasons, reason)
			}
		}
	}
	return reasons
}

// strongest returns the strongest assurance letter (catalogue §2.1: L, then M,
// P and S, then R, D, A), kept to the letters the requirement lists when one of
// them is there.
func strongest(letters, listed []string) string {
	const order = "LMPSRDA"
	best := func(of []string) string {
		for _, letter := range order {
			if slices.Contains(of, string(letter)) {
				return string(letter)
			}
		}
		return ""
	}
	kept := slices.DeleteFunc(slices.Clone(letters), func(l string) bool { return !slices.Contains(listed, l) })
	return cmp.Or(best(kept), best(letters))
}

// unique returns the distinct elements, sorted, never nil.
func unique[T cmp.Ordered](list []T) []T {
	list = slices.Compact(slices.Sorted(slices.Values(list)))
	return append([]T{}, list...)
}
