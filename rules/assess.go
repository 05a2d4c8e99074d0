package rules

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// The judgement
//
//	Assess ─► newJudgement   what the evidence says, whatever the time (subject.go)
//	          └► at(now)     every requirement (requirement.go), its controls (control.go), the standings (standing.go)
//	             again at each instant something could change, until the answer differs: ValidUntil
//
// The judgement is a pure function of the evidence and an instant, so "what
// turns red without a push" is found by asking it again: the evidence names a
// few instants (a due date passes, an expiry comes, the run grows old), and the
// first one at which an answer differs is how long that answer is valid.
//
// Nothing is trusted further than it was looked at: a fact that is not decided,
// a verifier that left no record of its run, a date from the future or advisory
// data without a date never help a requirement to pass.

const (
	// staleAfter is how long a run, and the advisory data it used, stay good.
	staleAfter = 7 * 24 * time.Hour
	// clockSkew is how far evidence may lie in the future of the clock that
	// judges it.
	clockSkew = 24 * time.Hour
	// expirySoon is how long before its expiry an observation puts a pass at
	// risk.
	expirySoon = 14 * 24 * time.Hour
)

// A Result is the judgement on one commit at one instant.
type Result struct {
	// Findings are those of the evidence with Requirements, Due and policy
	// suppressions filled in, sorted by place.
	Findings []Finding
	// Assessments has one entry a requirement, in the catalogue's order.
	Assessments []Assessment
	// Standings has one entry a marketplace, in the catalogue's order.
	Standings []Standing
	// ValidUntil is the first instant at which anything above differs with the
	// same evidence; nil when nothing will.
	ValidUntil *time.Time
}

// Assess judges the evidence at now. Equal arguments give equal results,
// whatever the order of the lists in the evidence, which is never modified.
func Assess(c *Catalogue, e *Evidence, now time.Time) *Result {
	j := newJudgement(c, e)
	result := j.at(now)
	first := *result // compared below while ValidUntil is filled in
	first.Assessments = slices.Clone(result.Assessments)
	first.Standings = slices.Clone(result.Standings)

	open := len(result.Assessments) + len(result.Standings)
	for _, instant := range j.instants(now) {
		if open == 0 && result.ValidUntil != nil {
			break
		}
		later := j.at(instant)
		changed := !reflect.DeepEqual(first.Findings, later.Findings)
		for i := range later.Assessments {
			if !reflect.DeepEqual(first.Assessments[i], later.Assessments[i]) {
				changed = true
				if a := &result.Assessments[i]; a.ValidUntil == nil {
					a.ValidUntil = &instant
					open--
				}
			}
		}
		for i := range later.Standings {
			if !reflect.DeepEqual(first.Standings[i], later.Standings[i]) {
				changed = true
				if s := &result.Standings[i]; s.ValidUntil == nil {
					s.ValidUntil = &instant
					open--
				}
			}
		}
		if changed && result.ValidUntil == nil {
			result.ValidUntil = &instant
		}
		if j.tooOld(instant) {
			// Nothing but the findings' due states changes after this.
			open = 0
		}
	}
	return result
}

// Report puts the result into the report of the commit. The catalogue's
// digest is the caller's, who read it.
func (r *Result) Report(e *Evidence, tool Tool, catalogue CatalogueRef, now time.Time) *Report {
	report := &Report{
		Schema: ReportSchema, Repository: e.Repository, Commit: e.Commit, GeneratedAt: now.UTC(),
		Tool: tool, Catalogue: catalogue, Advisories: e.Advisories, Coverage: e.Coverage,
		Facts: sorted(e.Facts), Findings: r.Findings, Components: sorted(e.Components),
		Assessments: r.Assessments, Marketplaces: r.Standings,
	}
	report.Coverage.Gaps = sorted(e.Coverage.Gaps)
	report.Coverage.Modules = sorted(e.Coverage.Modules)
	report.Coverage.Languages = slices.Clone(e.Coverage.Languages)
	slices.SortFunc(report.Coverage.Languages, byText)
	report.Coverage.Runs = sorted(e.Runs)
	return report
}

// A judgement is what the evidence says whatever the time.
type judgement struct {
	catalogue *Catalogue
	evidence  *Evidence
	facts     map[string]Fact
	runs      map[string]VerifierRun   // by verifier id
	seen      map[string][]Observation // by control, sorted
	lacking   map[string][]Shortfall   // by control, sorted
	subjects  []*subject               // every finding, sorted by place
	byControl map[string][]*subject
	code      map[string]bool // verifiers that some control marks as reading code
	missing   []string        // what should have been analysed and was not
}

func newJudgement(c *Catalogue, e *Evidence) *judgement {
	j := &judgement{
		catalogue: c, evidence: e,
		facts: mergeFacts(e.Facts), runs: mergeRuns(e.Runs),
		seen: map[string][]Observation{}, lacking: map[string][]Shortfall{}, byControl: map[string][]*subject{}, code: map[string]bool{},
		missing: e.Coverage.missing(),
	}
	for _, k := range c.Controls {
		for _, v := range k.Verifiers {
			if v.Code {
				j.code[v.ID] = true
			}
		}
	}
	for _, o := range sorted(e.Observations) {
		if !o.At.After(e.ObservedAt.Add(clockSkew)) { // what is dated after the run proves nothing
			j.seen[o.Control] = append(j.seen[o.Control], o)
		}
	}
	for _, lack := range sorted(e.Shortfalls) {
		j.lacking[lack.Control] = append(j.lacking[lack.Control], lack)
	}
	j.subjects = newSubjects(e)
	for _, s := range j.subjects {
		for _, control := range slices.Compact(slices.Sorted(slices.Values(s.finding.Controls()))) {
			j.byControl[control] = append(j.byControl[control], s)
		}
	}
	return j
}

// A moment is the judgement at one instant.
type moment struct {
	*judgement
	now   time.Time
	stale string // why everything is unknown; empty when it is not
}

func (j *judgement) at(now time.Time) *Result {
	m := &moment{judgement: j, now: now}
	switch {
	case j.evidence.ObservedAt.After(now.Add(clockSkew)):
		m.stale = "The evidence is dated " + date(j.evidence.ObservedAt) + ", which has not come yet. Set the clock of the machine that scans and run the scan again."
	case j.tooOld(now):
		m.stale = "The last complete run is older than 7 days (" + date(j.evidence.ObservedAt) + "). Run the scan on the default branch again."
	}
	result := &Result{Findings: []Finding{}, Assessments: []Assessment{}, Standings: []Standing{}}
	counts := map[*subject][]string{} // the requirements that speak of a finding
	for _, market := range j.catalogue.Marketplaces {
		selection, selected := j.selection(market.ID)
		if !selected {
			continue
		}
		from := len(result.Assessments)
		for _, r := range market.Requirements {
			result.Assessments = append(result.Assessments, m.requirement(r, selection, counts))
		}
		result.Standings = append(result.Standings, m.standing(market, selection, result.Assessments[from:], counts))
	}
	for _, s := range j.subjects {
		result.Findings = append(result.Findings, s.report(now, unique(counts[s])))
	}
	return result
}

// selection returns how a marketplace is selected. Without a policy file all
// are, in a preview that counts every row.
func (j *judgement) selection(id string) (Selection, bool) {
	p := &j.evidence.Policy
	if !p.Present {
		return Selection{Marketplace: id}, true
	}
	i := slices.IndexFunc(p.Marketplaces, func(s Selection) bool { return s.Marketplace == id })
	if i < 0 {
		return Selection{}, false
	}
	return p.Marketplaces[i], true
}

func (j *judgement) tooOld(now time.Time) bool {
	return !now.Before(j.evidence.ObservedAt.Add(staleAfter))
}

// instants returns, in order, the instants after now at which an answer could
// differ.
func (j *judgement) instants(now time.Time) []time.Time {
	e := j.evidence
	all := []time.Time{
		e.ObservedAt.Add(-clockSkew), e.ObservedAt.Add(staleAfter),
		e.Advisories.asOf().Add(-clockSkew), e.Advisories.asOf().Add(staleAfter),
	}
	for _, s := range j.subjects {
		all = append(all, s.instants()...)
	}
	for _, observations := range j.seen {
		for _, o := range observations {
			if !o.Expires.IsZero() {
				all = append(all, o.Expires.Add(-expirySoon), o.Expires)
			}
		}
	}
	for _, run := range j.runs {
		if !run.At.IsZero() {
			all = append(all, run.At.Add(-clockSkew), run.At.Add(staleAfter))
		}
	}
	all = append(all, j.crossings()...)
	for _, claim := range e.Policy.NotApplicable {
		if !claim.Review.IsZero() {
			all = append(all, overdueFrom(claim.Review))
		}
	}
	all = slices.DeleteFunc(all, func(t time.Time) bool { return !t.After(now) })
	for i := range all {
		all[i] = all[i].UTC()
	}
	slices.SortFunc(all, time.Time.Compare)
	return slices.CompactFunc(all, time.Time.Equal)
}

// crossings returns the instants at which a measurement that grows with time
// passes a limit some requirement sets for it.
func (j *judgement) crossings() []time.Time {
	measured := map[string][]*Measurement{} // by control
	for control, observations := range j.seen {
		for i := range observations {
			measured[control] = append(measured[control], observations[i].Measure)
		}
	}
	for control, subjects := range j.byControl {
		for _, s := range subjects {
			measured[control] = append(measured[control], s.finding.Measure)
		}
	}
	var all []time.Time
	for _, market := range j.catalogue.Marketplaces {
		for _, r := range market.Requirements {
			for _, use := range r.Controls {
				for _, m := range measured[use.Control] {
					all = append(all, use.Parameters.crossings(m)...)
				}
			}
		}
	}
	return all
}

// missing lists what the coverage shows to be left out: the gaps, and modules
// with fewer packages analysed than expected.
func (c *Coverage) missing() []string {
	subjects := map[string]bool{}
	for _, gap := range c.Gaps {
		subjects[cmp.Or(gap.Subject, gap.Location.Path, gap.Reason, "something without a name")] = true
	}
	for _, module := range c.Modules {
		if len(c.Gaps) == 0 && module.Packages.Analysed < module.Packages.Expected {
			subjects["module "+module.Path] = true
		}
	}
	return slices.Sorted(maps.Keys(subjects))
}

// mergeFacts joins facts of one id: true when one is, false only when all are.
func mergeFacts(facts []Fact) map[string]Fact {
	merged := map[string]Fact{}
	for _, f := range sorted(facts) {
		old, twice := merged[f.ID]
		switch {
		case !twice || f.State == True && old.State != True:
			merged[f.ID] = f
		case old.State == False && f.State != False:
			merged[f.ID] = f
		}
	}
	return merged
}

// mergeRuns joins runs of one verifier: complete only when all are. A state
// that is not known counts as not run.
func mergeRuns(runs []VerifierRun) map[string]VerifierRun {
	merged := map[string]VerifierRun{}
	for _, r := range sorted(runs) {
		if old, twice := merged[r.Verifier]; !twice || old.State == Complete {
			merged[r.Verifier] = r
		}
	}
	return merged
}

// sorted returns a copy in the order of the JSON texts, never nil: an order
// that depends on nothing but the content.
func sorted[T any](list []T) []T {
	type texted struct {
		text string
		item T
	}
	all := make([]texted, len(list))
	for i, item := range list {
		all[i] = texted{textOf(item), item}
	}
	slices.SortStableFunc(all, func(a, b texted) int { return cmp.Compare(a.text, b.text) })
	items := make([]T, len(all))
	for i, t := range all {
		items[i] = t.item
	}
	return items
}

func byText[T any](a, b T) int { return cmp.Compare(textOf(a), textOf(b)) }

// textOf writes a value as JSON; what JSON cannot hold (a score that is not a
// number) leaves the values equal and the sort stable.
func textOf(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

// list writes names as a sentence part: "a, b and 3 more".
func list(names []string, most int) string {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	if len(names) > most+1 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}
