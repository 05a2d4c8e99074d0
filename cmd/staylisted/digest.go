package main

import (
	"cmp"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// A digest is a report in the order a person reads it. The text and the
// Markdown form draw the same digest, so they cannot disagree.
type digest struct {
	report  *rules.Report
	policy  string      // path of the policy file, empty without one
	failing []ruleGroup // violations that break a requirement, worst first
	broken  []duty      // requirements that fail without a finding
	atRisk  []ruleGroup // violations inside their due date that break nothing yet
	expired []duty
	review  []ruleGroup // findings that need a person's judgement
	lacking []lack      // evidence that is missing
	unknown []doubt     // what could not be verified, by cause
	excused []rules.Finding
	notes   []ruleGroup // findings without effect
}

// A duty is one requirement with the reasons for its verdict.
type duty struct {
	id, title string
	mandatory bool
	reasons   []string
}

// A ruleGroup holds the findings of one rule.
type ruleGroup struct {
	rule      rules.Rule
	cvss      *rules.CVSS
	mandatory []string // ids of the MANDATORY requirements the findings bear on
	others    []string // ids of the others
	due       string   // earliest due date, YYYY-MM-DD, or empty
	overdue   bool
	findings  []rules.Finding
}

// A lack is evidence that is missing, with the requirements it would serve.
type lack struct {
	reason       string
	alike        []string // more reasons of the kind
	snippet, in  string   // what would satisfy it, and which file it belongs into
	requirements []string
	mandatory    bool
}

// A doubt is one cause for which requirements could not be verified.
type doubt struct {
	reason       string
	requirements []string // ids, MANDATORY first; each id stands at one doubt only
	mandatory    int      // how many of them are MANDATORY
	controls     []string
	waiting      []string // ids of verifiers that do not exist yet
}

// newDigest sorts a report for reading. ruleset gives titles and help for rule
// ids; the catalogue says what is still missing.
func newDigest(report *rules.Report, cat *rules.Catalogue, ruleset map[string]rules.Rule) *digest {
	d := &digest{report: report}
	assessments := map[string]rules.Assessment{}
	for _, a := range report.Assessments {
		assessments[a.Requirement] = a
	}
	listed := map[string][]rules.Assessment{} // by finding id: the assessments that count it
	for _, a := range report.Assessments {
		for _, id := range a.Findings {
			listed[id] = append(listed[id], a)
		}
	}
	// A finding speaks to the requirements of its own controls, and to those
	// whose clock it has overrun; the clock lists it from the first day, which
	// is only worth naming where nothing else is.
	own := func(f rules.Finding) []rules.Assessment {
		var all []rules.Assessment
		for _, id := range f.Requirements {
			if a, ok := assessments[id]; ok && a.Verdict != rules.NotApplicable && a.Verdict != rules.NotYet {
				all = append(all, a)
			}
		}
		return all
	}
	broken := func(f rules.Finding) []rules.Assessment {
		return slices.DeleteFunc(own(f), func(a rules.Assessment) bool {
			return a.Verdict != rules.Fail || !slices.Contains(a.Findings, f.ID)
		})
	}
	var failing, atRisk, review, notes []rules.Finding
	for _, f := range report.Findings {
		switch {
		case !f.Active():
			d.excused = append(d.excused, f)
		case f.Class == rules.Violation && len(broken(f)) > 0:
			failing = append(failing, f)
		case f.Class == rules.Violation && len(listed[f.ID]) > 0:
			atRisk = append(atRisk, f)
		case f.Class == rules.Review && len(listed[f.ID]) > 0:
			review = append(review, f)
		default:
			notes = append(notes, f)
		}
	}
	d.failing = groupByRule(failing, ruleset, broken)
	d.atRisk = groupByRule(atRisk, ruleset, func(f rules.Finding) []rules.Assessment { return listed[f.ID] })
	d.review = groupByRule(review, ruleset, func(f rules.Finding) []rules.Assessment {
		if all := own(f); len(all) > 0 {
			return all
		}
		return listed[f.ID]
	})
	d.notes = groupByRule(notes, ruleset, own)
	for _, a := range report.Assessments {
		if a.Category == rules.Process {
			continue
		}
		switch {
		case a.Verdict == rules.Fail && !slices.ContainsFunc(failing, func(f rules.Finding) bool { return slices.Contains(a.Findings, f.ID) }):
			d.broken = append(d.broken, newDuty(a))
		case a.Verdict == rules.Expired:
			d.expired = append(d.expired, newDuty(a))
		}
	}
	sortDuties(d.broken)
	sortDuties(d.expired)
	d.lacking = lacks(report)
	d.unknown = doubts(report, cat)
	return d
}

func newDuty(a rules.Assessment) duty {
	return duty{a.Requirement, a.Title, a.Category == rules.Mandatory, a.Reasons}
}

func sortDuties(all []duty) {
	slices.SortStableFunc(all, func(a, b duty) int { return mandatoryFirst(a.mandatory, b.mandatory) })
}

func mandatoryFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

// groupByRule puts the findings of one rule together: the rules that bear on
// MANDATORY requirements first, then the higher score, then the id. bears says
// which requirements to name beside a finding.
func groupByRule(findings []rules.Finding, ruleset map[string]rules.Rule, bears func(rules.Finding) []rules.Assessment) []ruleGroup {
	index := map[string]int{}
	var groups []ruleGroup
	for _, f := range findings {
		i, ok := index[f.Rule]
		if !ok {
			i = len(groups)
			index[f.Rule] = i
			rule, known := ruleset[f.Rule]
			if !known {
				rule = rules.Rule{ID: f.Rule, Class: f.Class}
			}
			rule.Title = cmp.Or(rule.Title, f.Title)
			groups = append(groups, ruleGroup{rule: rule})
		}
		g := &groups[i]
		g.findings = append(g.findings, f)
		if f.CVSS != nil && (g.cvss == nil || f.CVSS.Score > g.cvss.Score) {
			g.cvss = f.CVSS
		}
		if f.Due != nil && f.Due.On != "" && (g.due == "" || f.Due.On < g.due) {
			g.due = f.Due.On
		}
		if f.Due != nil && f.Due.State == rules.Overdue {
			g.overdue = true
		}
		for _, a := range bears(f) {
			to := &g.others
			if a.Category == rules.Mandatory {
				to = &g.mandatory
			}
			if !slices.Contains(*to, a.Requirement) {
				*to = append(*to, a.Requirement)
			}
		}
	}
	for i := range groups {
		slices.SortStableFunc(groups[i].findings, func(a, b rules.Finding) int {
			return cmp.Or(
				cmp.Compare(score(b.CVSS), score(a.CVSS)),
				cmp.Compare(a.Location.Path, b.Location.Path),
				cmp.Compare(a.Location.Line, b.Location.Line),
				cmp.Compare(a.Location.Column, b.Location.Column),
				cmp.Compare(a.ID, b.ID),
			)
		})
	}
	slices.SortStableFunc(groups, func(a, b ruleGroup) int {
		return cmp.Or(
			mandatoryFirst(len(a.mandatory) > 0, len(b.mandatory) > 0),
			cmp.Compare(score(b.cvss), score(a.cvss)),
			cmp.Compare(a.rule.ID, b.rule.ID),
		)
	})
	return groups
}

// score is a finding's score for sorting; one without a score comes last.
func score(c *rules.CVSS) float64 {
	if c == nil {
		return -1
	}
	return c.Score
}

// requirements returns the ids a group bears on, MANDATORY first.
func (g *ruleGroup) requirements() []string {
	return append(slices.Clone(g.mandatory), g.others...)
}

// severity returns the band and score as "high 7.5", or what stands in for
// them.
func (g *ruleGroup) severity() string {
	return severity(g.cvss)
}

func severity(c *rules.CVSS) string {
	if c == nil {
		return "policy"
	}
	return string(c.Band) + " " + scoreText(c.Score)
}

// place writes a location as path:line:column, as far as it is known.
func place(l rules.Location) string {
	s := cmp.Or(l.Path, "(the repository)")
	if l.Line > 0 {
		s += ":" + decimal(l.Line)
		if l.Column > 0 {
			s += ":" + decimal(l.Column)
		}
	}
	return s
}

// sentence makes a reason end with a full stop.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "!") {
		return s
	}
	return s + "."
}

// alsoReported names, after a finding's message, the rules it stands for beside
// its own.
func alsoReported(message string, f *rules.Finding) string {
	if len(f.Also) == 0 {
		return message
	}
	return message + " Also reported by " + strings.Join(f.Also, ", ") + "."
}
