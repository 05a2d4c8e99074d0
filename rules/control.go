package rules

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// An outcome collects what speaks for and against one control, for one
// requirement's parameters. Every hit adds a verdict; the worst one wins.
type outcome struct {
	hits     []hit
	flags    []Flag
	excluded bool // a computed fact rules the control out
	against  bool // a finding counts against it, so it does apply
	findings []string
	used     []Observation
	missing  []Shortfall
	checked  []string // verifiers that ran to the end
	letters  []string // assurance behind a pass
}

// A hit is one sentence of a reason and the verdict it calls for. Hits that
// differ in their place alone are told once with all their places.
type hit struct {
	verdict       Verdict
	before, after string // the sentence around the place; all in before when it has none
	place         string
}

// maxPlaces is how many places one reason names; all of them stand in the
// findings.
const maxPlaces = 3

func (o *outcome) add(v Verdict, text string) { o.hits = append(o.hits, hit{verdict: v, before: text}) }

func (o *outcome) addAt(v Verdict, before, place, after string) {
	o.hits = append(o.hits, hit{v, before, after, place})
}

func (o *outcome) flag(f ...Flag) { o.flags = append(o.flags, f...) }

// verdict returns the worst of all hits; without any the control passes.
func (o *outcome) verdict() Verdict {
	v := Pass
	for _, h := range o.hits {
		v = Worse(v, h.verdict)
	}
	return v
}

// reasons tells the hits, the worst first. Beside a verdict that is not a pass,
// what speaks for the control is left out.
func (o *outcome) reasons() []string {
	pass := o.verdict() == Pass
	places := map[hit][]string{} // by the hit without its place
	for _, h := range o.hits {
		if h.verdict == Pass && !pass {
			continue
		}
		kind := h
		kind.place = ""
		places[kind] = append(places[kind], h.place)
	}
	kinds := slices.SortedFunc(maps.Keys(places), func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.verdict.severity(), a.verdict.severity()), cmp.Compare(a.before, b.before), cmp.Compare(a.after, b.after))
	})
	reasons := []string{}
	for _, kind := range kinds {
		reasons = append(reasons, kind.before+list(places[kind], maxPlaces)+kind.after)
	}
	return reasons
}

// clockVerifier marks the control that is judged over the due dates of all
// findings instead of over findings of its own.
const clockVerifier = "clock:due-dates"

// freshnessVerifier says that the last complete run is recent. A run that is
// too old makes everything unknown, so what is left to ask is whether this one
// was complete.
const freshnessVerifier = "clock:freshness"

// violationsVerifier marks the control that no violation of any rule may stand
// against.
const violationsVerifier = "findings:violations"

// uncoveredLanguage is the fact that says whether the repository holds server
// code that no analyser of ours reads.
const uncoveredLanguage = "uncovered-language"

// control evaluates one control with one requirement's parameters.
func (m *moment) control(r Requirement, use ControlUse) *outcome {
	o := &outcome{}
	k, found := m.catalogue.Control(use.Control)
	if !found {
		o.add(Unknown, "The catalogue has no control called "+use.Control+". This is a defect of staylisted; please report it.")
		return o
	}
	m.findings(o, k, use.Parameters)
	m.coverage(o, k)
	if m.notApplicable(o, r, k) {
		return o
	}
	m.verifiers(o, k)
	m.proof(o, r, k, use.Parameters)
	if o.verdict() == Pass {
		m.praise(o)
	}
	return o
}

// notApplicable rules the control out when the facts do, or says what becomes
// of a claim that they do not support. A finding that counts against the
// control shows that it applies, whatever the facts say.
func (m *moment) notApplicable(o *outcome, r Requirement, k Control) bool {
	var proof, missing, contradicting []string
	for _, id := range k.NotApplicable.NoneOf {
		switch fact := m.facts[id]; fact.State {
		case False:
			proof = append(proof, withDetail("no "+id, fact.Detail))
		case True:
			contradicting = append(contradicting, withDetail(id, fact.Detail))
		default:
			missing = append(missing, withDetail(id, fact.Detail))
		}
	}
	shown := len(proof) > 0 && len(missing) == 0 && len(contradicting) == 0 && !o.against && !(m.readsCode(k) && len(m.missing) > 0)
	claim, claimed := m.claim(r.ID)
	lapsed := claimed && !claim.Review.IsZero() && !m.now.Before(overdueFrom(claim.Review))
	switch {
	case shown && (!k.NotApplicable.Declared || claimed && !lapsed):
		*o = outcome{excluded: true}
		text := "Does not apply: " + cmp.Or(k.NotApplicable.Text, "none of the facts it rests on is there")
		text += ". Found: " + strings.Join(proof, "; ") + "."
		if k.NotApplicable.Declared {
			text += " Declared in " + cmp.Or(claim.Where, "the policy file") + "."
		}
		o.add(NotApplicable, text)
		return true
	case !claimed:
		return false
	case shown: // declared, but the declaration is past its review
		o.add(Expired, "The statement in "+cmp.Or(claim.Where, "the policy file")+" that this does not apply was due for review on "+date(claim.Review)+". Review it and set a new date.")
	default:
		why := "nothing the scan can compute shows it"
		switch {
		case o.against:
			why = "a finding shows that it applies"
		case len(contradicting) > 0:
			why = "the scan found " + list(contradicting, maxPlaces)
		case len(missing) > 0:
			why = "the scan could not decide " + list(missing, maxPlaces)
		case len(proof) > 0:
			why = "part of the code was not analysed"
		}
		o.add(NeedsEvidence, "Disputed: "+cmp.Or(claim.Where, "the policy file")+" says that this does not apply, but "+why+". Satisfy the requirement or withdraw the claim.")
	}
	return false
}

func (m *moment) claim(requirement string) (NotApplicableClaim, bool) {
	var best NotApplicableClaim
	found := false
	for _, c := range m.evidence.Policy.NotApplicable {
		if c.Requirement == requirement && (!found || cmp.Or(c.Review.Compare(best.Review), cmp.Compare(best.Where, c.Where)) > 0) {
			best, found = c, true
		}
	}
	return best, found
}

func withDetail(text, detail string) string {
	if detail == "" {
		return text
	}
	return text + " (" + detail + ")"
}

// readsCode reports whether some verifier of the control reads program code.
func (m *moment) readsCode(k Control) bool {
	return slices.ContainsFunc(k.Verifiers, func(v Verifier) bool { return !v.Planned && m.code[v.ID] })
}

// coverage adds what a control that reads code cannot know.
func (m *moment) coverage(o *outcome, k Control) {
	if m.readsCode(k) && len(m.missing) > 0 {
		o.add(Unknown, "Not all code was analysed: "+list(m.missing, maxPlaces)+" could not be read to the end. Make it build, or fix what the coverage section names, and scan again.")
	}
	if !slices.ContainsFunc(k.Verifiers, func(v Verifier) bool { return v.Code && !v.Planned }) {
		return
	}
	var cwe []int
	for _, v := range k.Verifiers {
		cwe = append(cwe, v.CWE...)
	}
	var silent []string
	for _, l := range m.evidence.Coverage.Languages {
		vouched := l.Covered && slices.ContainsFunc(l.CWE, func(id int) bool { return slices.Contains(cwe, id) })
		if !vouched {
			silent = append(silent, l.Language)
		}
	}
	fact := m.facts[uncoveredLanguage]
	advice := " Upload a SARIF analysis of the same commit by a tool that covers it."
	switch {
	case len(silent) > 0:
		o.add(NeedsEvidence, "Code in "+list(silent, maxPlaces)+" was not analysed for this control."+advice)
	case len(m.evidence.Coverage.Languages) > 0:
	case fact.State == True:
		o.add(NeedsEvidence, withDetail("The repository holds server code in other languages that was not analysed", fact.Detail)+"."+advice)
	case fact.State != False:
		o.add(Unknown, withDetail("Whether the repository holds server code in other languages was not determined", fact.Detail)+". Scan again from a complete checkout.")
	}
}

// verifiers adds what did not run, by name. A control without any verifier of
// first priority and without proof needs at least one that ran.
func (m *moment) verifiers(o *outcome, k Control) {
	var planned, absent []string
	first := false
	for _, v := range k.Verifiers {
		first = first || v.First
		state, reason := m.state(v.ID)
		switch {
		case v.Planned:
			if v.First {
				planned = append(planned, v.ID)
			}
		case state == Complete:
			o.checked = append(o.checked, v.ID)
			o.letters = append(o.letters, letterOf(v.ID))
		case !v.First:
		case state == Broken:
			o.add(Unknown, v.ID+" did not run to the end: "+sentence(cmp.Or(reason, "no reason was recorded")))
		case reason != "":
			o.add(Unknown, v.ID+" did not run: "+sentence(reason))
		default:
			absent = append(absent, v.ID)
		}
	}
	if len(planned) > 0 {
		o.add(Unknown, "Not verified yet: this version of staylisted cannot check "+list(planned, 2*maxPlaces)+".")
	}
	if len(absent) > 0 {
		o.add(Unknown, list(absent, 2*maxPlaces)+" did not run on this commit. Run a complete scan.")
	}
	if !first && len(k.Proof) == 0 && len(o.checked) == 0 {
		o.add(Unknown, "Nothing looked at this control on this commit. Run a complete scan.")
	}
}

// state returns how a verifier's run ended. What the clock shows is computed
// here; what rests on advisory data is no better than the data.
func (m *moment) state(id string) (RunState, string) {
	switch {
	case id == freshnessVerifier && len(m.missing) > 0:
		return Broken, "this run did not see the whole commit. Close the gaps it lists and scan again."
	case strings.HasPrefix(id, "clock:"), id == violationsVerifier:
		return Complete, ""
	}
	run, found := m.runs[id]
	if !found {
		run, found = m.runs[Family(id)]
	}
	if !found || run.State != Complete && run.State != Broken {
		return NotRun, run.Reason
	}
	if run.State == Complete && run.At.After(m.now.Add(clockSkew)) {
		return Broken, "what it saw is dated " + date(run.At) + ", which has not come yet. Check the clock and run it again."
	}
	if run.State == Complete && !run.At.IsZero() && !m.now.Before(run.At.Add(staleAfter)) {
		return Broken, "what it saw is older than 7 days (" + date(run.At) + "). Run it again."
	}
	if run.State == Complete && (id == "dependencies:audit" || id == "run:dependency-audit") {
		if reason := m.advisories(); reason != "" {
			return Broken, reason
		}
	}
	return run.State, run.Reason
}

// outdated reports whether a verifier looked at the world outside the commit
// too long ago, or at a time that has not come: what it saw then proves nothing
// now, whether the control insists on its run or not.
func (m *moment) outdated(id string) bool {
	run, found := m.runs[id]
	if !found {
		run = m.runs[Family(id)]
	}
	return !run.At.IsZero() && (run.At.After(m.now.Add(clockSkew)) || !m.now.Before(run.At.Add(staleAfter)))
}

// advisories says what is wrong with the advisory data, or "".
func (m *moment) advisories() string {
	a := &m.evidence.Advisories
	of := a.asOf()
	switch {
	case a.Source == "":
		return "there was no advisory data. Give the scan a database with --advisories, or let it download one."
	case of.IsZero():
		return "the advisory data does not say how old it is. Fetch the database again."
	case of.After(m.now.Add(clockSkew)):
		return "the advisory data is dated " + date(of) + ", which has not come yet. Check the clock and fetch the database again."
	case !m.now.Before(of.Add(staleAfter)):
		return "the advisory data is older than 7 days (" + date(of) + "). Fetch the database again."
	default:
		return ""
	}
}

// proof adds what must be shown and is not. An observation proves when it
// carries an accepted tag, lies inside the bounds and has not expired.
func (m *moment) proof(o *outcome, r Requirement, k Control, p Parameters) {
	groups := slices.Clone(k.Proof)
	for _, id := range p.Require {
		groups = append(groups, []string{id})
	}
	for _, group := range groups {
		var proving, expired []Observation
		for _, seen := range m.seen[k.ID] {
			if !slices.Contains(group, seen.Verifier) || !covers(seen.For, r.ID) || !p.accepts(seen, m.now) || m.outdated(seen.Verifier) {
				continue
			}
			if !seen.Expires.IsZero() && !m.now.Before(seen.Expires) {
				expired = append(expired, seen)
			} else {
				proving = append(proving, seen)
			}
		}
		o.used = append(o.used, proving...)
		if len(proving) > 0 {
			m.proven(o, proving, p)
			continue
		}
		o.used = append(o.used, expired...)
		if len(expired) > 0 {
			last := slices.MaxFunc(expired, func(a, b Observation) int { return cmp.Or(a.Expires.Compare(b.Expires), byText(a, b)) })
			o.add(Expired, withDetail(last.Verifier, last.Text)+" expired on "+date(last.Expires)+". Renew it.")
			continue
		}
		m.unproven(o, r, k, group, p.Accept)
	}
}

// proven adds the risks of a satisfied group: all its proof ends soon, or its
// best measurement is near the limit.
func (m *moment) proven(o *outcome, proving []Observation, p Parameters) {
	var last time.Time
	lasting, comfortable := false, false
	for _, seen := range proving {
		if seen.Expires.IsZero() {
			lasting = true
		}
		if seen.Expires.After(last) {
			last = seen.Expires
		}
		if !p.warns(seen.Measure, m.now) {
			comfortable = true
		}
		o.letters = append(o.letters, cmp.Or(seen.Letter, letterOf(seen.Verifier)))
	}
	if !lasting && !m.now.Before(last.Add(-expirySoon)) {
		o.flag(AtRisk)
		o.add(Pass, withDetail(proving[0].Verifier, proving[0].Text)+" ends on "+date(last)+". Renew it before.")
	}
	if !comfortable {
		o.flag(AtRisk)
		o.add(Pass, withDetail(proving[0].Verifier, proving[0].Text)+" is near its limit ("+measured(proving[0].Measure, m.now)+"). Act before it is passed.")
	}
}

// unproven adds why a group is not satisfied: nothing can show it yet, a
// verifier could not look, or the partner has to show it.
// accept is what proof must be about, where that is said.
func (m *moment) unproven(o *outcome, r Requirement, k Control, group, accept []string) {
	planned, named, broken := 0, false, ""
	told := false
	for _, lack := range m.lacking[k.ID] {
		if slices.Contains(group, lack.Verifier) && covers(lack.For, r.ID) {
			o.missing = append(o.missing, lack)
		}
	}
	for _, id := range group {
		if i := slices.IndexFunc(k.Verifiers, func(v Verifier) bool { return v.ID == id && v.Planned }); i >= 0 {
			planned++
			named = named || k.Verifiers[i].First
			continue
		}
		switch state, reason := m.state(id); {
		case state == Broken:
			broken = id + " did not run to the end: " + sentence(cmp.Or(reason, "no reason was recorded"))
		case state == NotRun && reason != "":
			broken = cmp.Or(broken, id+" did not run: "+sentence(reason))
		}
	}
	switch {
	case planned == len(group) && named: // unknown already, and said so
	case planned == len(group):
		o.add(Unknown, "Not verified yet: this version of staylisted cannot read the proof that "+list(group, 2*maxPlaces)+" would give.")
	case broken != "":
		o.add(Unknown, broken)
	default:
		for _, lack := range o.missing {
			if slices.Contains(group, lack.Verifier) {
				o.add(NeedsEvidence, sentence(lack.Text))
				told = true
			}
		}
		if !told {
			o.add(NeedsEvidence, missingProof(k, group, accept))
		}
	}
}

// missingProof says what proof is missing and how to give it. That a verifier
// gave none is not that it found nothing: its findings speak against a control.
func missingProof(k Control, group, accept []string) string {
	var apis []string
	for _, tag := range accept {
		if api, ok := strings.CutPrefix(tag, "api-"); ok {
			apis = append(apis, api)
		}
	}
	if len(apis) > 0 {
		// Whichever verifiers were to see it: of two groups that look for the
		// same call, the reader is told once.
		return "Evidence is missing: the scan saw no call to the API of " + list(apis, maxPlaces) + " in this repository. Scan the code that makes the calls."
	}
	text := "Evidence is missing: no proof came from " + list(group, 2*maxPlaces)
	if len(accept) > 0 {
		text += " for " + list(accept, maxPlaces)
	}
	text += "."
	if k.HowToSatisfy != "" {
		text += " " + sentence(k.HowToSatisfy)
	}
	return text
}

// praise says what a pass rests on.
func (m *moment) praise(o *outcome) {
	if len(o.checked) > 0 {
		o.add(Pass, "No violation was found by "+list(o.checked, 2*maxPlaces)+".")
	}
	var shown []string
	for _, seen := range o.used {
		shown = append(shown, withDetail(seen.Verifier, seen.Text))
	}
	if len(shown) > 0 {
		o.add(Pass, "Shown by "+list(shown, maxPlaces)+".")
	}
}

// letterOf returns the assurance letter of catalogue §1 that a verifier's work
// carries.
func letterOf(verifier string) string {
	kind, _, named := strings.Cut(verifier, ":")
	if !named {
		return "M"
	}
	switch kind {
	case "probe":
		return "L"
	case "settings":
		return "P"
	case "dependencies":
		return "S"
	case "import":
		return "R"
	case "document", "policy":
		return "D"
	case "statement":
		return "A"
	default:
		return "M"
	}
}

// sentence makes sure that a text of somebody else's ends like one.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?") {
		return text
	}
	return text + "."
}
