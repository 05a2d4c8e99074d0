package main

import (
	"cmp"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// notVerifiedYet begins the reasons package rules gives where a verifier does
// not exist yet; a test holds the two together.
const notVerifiedYet = "Not verified yet: "

// evidenceMissing begins the reasons for evidence somebody has to show; a
// control that is unknown for another cause may lack it as well.
const evidenceMissing = "Evidence is missing: "

// aboutFinding reports whether a reason speaks of a finding, which is shown
// with its place elsewhere.
func aboutFinding(reason string, rulesHit map[string]bool) bool {
	rule, _, found := strings.Cut(reason, ", ")
	return found && rulesHit[rule]
}

// rulesHit returns the rules that have findings.
func rulesHit(report *rules.Report) map[string]bool {
	hit := map[string]bool{}
	for _, f := range report.Findings {
		hit[f.Rule] = true
	}
	return hit
}

// doubts groups what could not be verified by its cause, so that one cause is
// told once however many requirements it touches. Causes somebody can remove
// come first, then what waits for verifiers that are not built.
func doubts(report *rules.Report, cat *rules.Catalogue) []doubt {
	var causes []doubt
	index := map[string]int{}
	at := func(reason string) *doubt {
		i, ok := index[reason]
		if !ok {
			i = len(causes)
			index[reason] = i
			causes = append(causes, doubt{reason: reason})
		}
		return &causes[i]
	}
	waiting := doubt{reason: "this version does not look at everything they need yet"}
	hit := rulesHit(report)
	for _, a := range report.Assessments {
		if a.Verdict != rules.Unknown || a.Category == rules.Process {
			continue
		}
		told := false
		wanting := shortfalls(a)
		for _, c := range a.Controls {
			if c.Verdict != rules.Unknown {
				continue
			}
			for _, reason := range c.Reasons {
				told = true
				switch {
				case strings.HasPrefix(reason, notVerifiedYet):
					waiting.add(a, c.Control)
					waiting.wait(cat, c.Control)
				case strings.HasPrefix(reason, evidenceMissing), wanting[reason].Text != "", aboutFinding(reason, hit):
				default:
					at(reason).add(a, c.Control)
				}
			}
		}
		if !told {
			at(cmp.Or(strings.Join(a.Reasons, " "), "no reason was given")).add(a, "")
		}
	}
	if len(waiting.requirements) > 0 {
		causes = append(causes, waiting)
	}
	return once(causes)
}

// once leaves every requirement at the first of its causes, the gravest, so that
// the counts add up. A cause that stands behind others only is told without
// requirements; it may be all there is to do once the others are gone.
func once(causes []doubt) []doubt {
	told := map[string]bool{}
	var kept []doubt
	for i, d := range causes {
		var requirements []string
		mandatory := 0
		for j, id := range d.requirements {
			if told[id] {
				continue
			}
			told[id] = true
			requirements = append(requirements, id)
			if j < d.mandatory {
				mandatory++
			}
		}
		causes[i].requirements, causes[i].mandatory = requirements, mandatory
		if len(requirements) > 0 {
			kept = append(kept, causes[i])
		}
	}
	for _, d := range causes {
		if len(d.requirements) == 0 {
			kept = append(kept, d)
		}
	}
	return kept
}

// add notes a requirement and one of its controls.
func (d *doubt) add(a rules.Assessment, control string) {
	if !slices.Contains(d.requirements, a.Requirement) {
		if a.Category == rules.Mandatory {
			d.requirements = slices.Insert(d.requirements, d.mandatory, a.Requirement)
			d.mandatory++
		} else {
			d.requirements = append(d.requirements, a.Requirement)
		}
	}
	if control != "" && !slices.Contains(d.controls, control) {
		d.controls = append(d.controls, control)
	}
}

// wait notes the verifiers of a control that do not exist yet.
func (d *doubt) wait(cat *rules.Catalogue, control string) {
	c, _ := cat.Control(control)
	needed := func(v rules.Verifier) bool {
		return v.First || slices.ContainsFunc(c.Proof, func(group []string) bool { return slices.Contains(group, v.ID) })
	}
	for _, v := range c.Verifiers {
		if v.Planned && needed(v) && !slices.Contains(d.waiting, v.ID) {
			d.waiting = append(d.waiting, v.ID)
		}
	}
	slices.Sort(d.waiting)
}

// lacks groups the evidence that is missing by what is missing. Findings for
// review are left out: they are shown with their places.
func lacks(report *rules.Report) []lack {
	hit := rulesHit(report)
	var all []lack
	index := map[string]int{}
	for _, a := range report.Assessments {
		if a.Verdict != rules.NeedsEvidence && a.Verdict != rules.Unknown || a.Category == rules.Process {
			continue
		}
		wanting := shortfalls(a)
		for _, c := range a.Controls {
			for _, reason := range c.Reasons {
				short := wanting[reason]
				missing := c.Verdict == rules.NeedsEvidence ||
					c.Verdict == rules.Unknown && (strings.HasPrefix(reason, evidenceMissing) || short.Text != "")
				if !missing || aboutFinding(reason, hit) || insteadOf(short, a.Missing) {
					continue
				}
				i, ok := index[reason]
				if !ok {
					i = len(all)
					index[reason] = i
					all = append(all, lack{reason: reason, snippet: short.Snippet, in: short.In})
				}
				if !slices.Contains(all[i].requirements, a.Requirement) {
					all[i].requirements = append(all[i].requirements, a.Requirement)
				}
				all[i].mandatory = all[i].mandatory || a.Category == rules.Mandatory
			}
		}
	}
	slices.SortStableFunc(all, func(a, b lack) int { return mandatoryFirst(a.mandatory, b.mandatory) })
	return fold(all)
}

// shortfalls returns what was looked for in vain, by the reason that tells it.
func shortfalls(a rules.Assessment) map[string]rules.Shortfall {
	all := map[string]rules.Shortfall{}
	for _, s := range a.Missing {
		all[sentence(s.Text)] = s
	}
	return all
}

// insteadOf reports whether a statement of a person could only stand in for
// stronger proof that is missing as well: that is what to ask for.
func insteadOf(s rules.Shortfall, missing []rules.Shortfall) bool {
	return s.Verifier == "statement:attestation" && slices.ContainsFunc(missing, func(o rules.Shortfall) bool {
		return o.Control == s.Control && o.Verifier != s.Verifier
	})
}

// fold puts lacks of the same requirements that begin with the same words
// together: the first is told, the others are counted. What comes with something
// to copy is always told.
func fold(all []lack) []lack {
	var folded []lack
	for _, l := range all {
		i := slices.IndexFunc(folded, func(f lack) bool {
			return l.snippet == "" && f.snippet == "" && slices.Equal(f.requirements, l.requirements) && opening(f.reason) == opening(l.reason)
		})
		if i < 0 {
			folded = append(folded, l)
		} else {
			folded[i].alike = append(folded[i].alike, l.reason)
		}
	}
	return folded
}

// opening is how a sentence begins, long enough to tell kinds of reasons apart.
func opening(s string) string {
	words := strings.Fields(s)
	return strings.Join(words[:min(6, len(words))], " ")
}
