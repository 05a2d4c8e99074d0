package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/evidence"
)

// What the text shows of long lists unless --verbose asks for all.
const (
	maxPlaces  = 5
	maxSteps   = 8
	maxGaps    = 10
	maxWaiting = 6
)

// A textView draws a digest for people at a terminal: the verdicts first, then
// what fails, what lacks evidence, what could not be verified, and what the
// scan covered.
type textView struct {
	*digest
	out     *printer
	subject string   // what was scanned, for the title
	notes   []string // things to know that change no verdict
	verbose bool
}

// renderText returns the report as text.
func renderText(v textView) string {
	v.title()
	v.standings()
	v.fails()
	v.risks()
	v.evidence()
	v.doubts()
	v.rest()
	v.coverage()
	return v.out.String()
}

func (v *textView) title() {
	spans := []span{{bold, v.subject}}
	if c := v.report.Commit; c != "" {
		spans = append(spans, span{plain, "at commit"}, span{bold, c[:min(12, len(c))]})
	}
	spans = append(spans, span{plain, "judged " + v.report.GeneratedAt.UTC().Format("2006-01-02 15:04 UTC")})
	v.out.wrap(nil, 0, spans...)
	v.out.blank()
}

// standings prints one verdict per marketplace.
func (v *textView) standings() {
	for _, m := range v.report.Marketplaces {
		state := cmp.Or(m.State, rules.StateUnknown)
		v.out.wrap([]span{{stateStyle(state), pad(strings.ToUpper(string(state)), 13)}, {plain, "  "}}, 15, span{bold, m.Name})
		must, rest := standingText(m)
		v.out.wrap(indent(2), 2, span{plain, must})
		if rest != "" {
			v.out.wrap(indent(2), 2, span{plain, rest})
		}
	}
	v.out.blank()
	if whole, why := v.whole(); !whole {
		v.out.wrap(nil, 0, span{red, "The scan is not complete: " + why})
		v.out.blank()
	}
	if text := v.preview(); text != "" {
		v.out.wrap(nil, 0, span{yellow, text})
		v.out.blank()
	}
}

// preview says which marketplaces are a preview and why, or nothing when none
// is.
func (d *digest) preview() string {
	var ids []string
	for _, m := range d.report.Marketplaces {
		if m.Preview {
			ids = append(ids, m.ID)
		}
	}
	names := strings.Join(ids, ", ")
	switch {
	case len(ids) == 0:
		return ""
	case d.policy == "":
		return "This is a preview: no " + evidence.PolicyPath + " says on which marketplaces this repository is listed, so what fails here fails no build. Two lines make it count: \"version: 1\" and \"marketplaces: [" + names + "]\"."
	case len(ids) == len(d.report.Marketplaces):
		return "This is a preview: the policy file " + d.policy + " does not select " + names + ", so what fails here fails no build. Add it under marketplaces to make it count."
	default:
		return "In part this is a preview: the policy file " + d.policy + " does not select " + names + ", so what fails there fails no build. Add it under marketplaces to make it count."
	}
}

// whole reports whether the scan is complete, and otherwise says why not.
func (d *digest) whole() (bool, string) {
	why := incomplete(d.report)
	if len(why) == 0 {
		return true, ""
	}
	return false, strings.Join(why, ", and ") + ", so the exit code is not 0."
}

// standingText sums one marketplace up in words: what must be met, and the
// rest.
func standingText(m rules.Standing) (must, rest string) {
	parts := []string{fmt.Sprintf("%d of %d mandatory met", m.Mandatory.Passed, m.Mandatory.Total)}
	must = strings.Join(append(parts, tallyWords(m.Mandatory)...), ", ")
	parts = nil
	if r := m.Recommended; r.Total > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d recommended met", r.Passed, r.Total))
		if r.Failed > 0 {
			parts = append(parts, fmt.Sprintf("%d failing", r.Failed))
		}
	}
	if m.NextDue != "" {
		parts = append(parts, "next due "+m.NextDue)
	}
	return must, strings.Join(parts, ", ")
}

// tallyWords names the parts of a tally that are not met and not zero.
func tallyWords(t rules.Tally) []string {
	var parts []string
	if t.Failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failing", t.Failed))
	}
	if t.Expired > 0 {
		parts = append(parts, fmt.Sprintf("%d expired", t.Expired))
	}
	if t.NeedsEvidence > 0 {
		parts = append(parts, fmt.Sprintf("%d lacking evidence", t.NeedsEvidence))
	}
	if t.Unknown > 0 {
		parts = append(parts, fmt.Sprintf("%d not verified", t.Unknown))
	}
	return parts
}

func stateStyle(s rules.State) style {
	switch s {
	case rules.StateNonCompliant:
		return red
	case rules.StateIncomplete, rules.StateAtRisk:
		return yellow
	case rules.StateCompliant:
		return green
	default:
		return bold
	}
}

func bandStyle(c *rules.CVSS) style {
	switch {
	case c == nil:
		return bold
	case c.Band == rules.Critical, c.Band == rules.High:
		return red
	case c.Band == rules.Medium:
		return yellow
	default:
		return bold
	}
}

// heading opens a section.
func (v *textView) heading(name, rest string) {
	v.out.blank()
	v.out.wrap([]span{{bold, strings.ToUpper(name)}, {plain, "  "}}, 2, span{plain, rest})
	v.out.blank()
}

func (v *textView) fails() {
	if len(v.failing)+len(v.broken) == 0 {
		return
	}
	mandatory, recommended := v.count(rules.Fail)
	v.heading("what fails", fmt.Sprintf("%s, %d recommended; %s", count(mandatory, "mandatory requirement"), recommended, count(findings(v.failing), "finding")))
	for _, g := range v.failing {
		v.group(g, "Breaks")
	}
	v.duties(v.broken)
}

func (v *textView) risks() {
	if len(v.atRisk) == 0 {
		return
	}
	v.heading("at risk", count(findings(v.atRisk), "finding")+" that will break a requirement unless fixed in time")
	for _, g := range v.atRisk {
		v.group(g, "Bears on")
	}
}

// evidence prints what only people can bring forward. The headings count what
// they list; how many requirements lack evidence and nothing else stands above.
func (v *textView) evidence() {
	if len(v.expired) > 0 {
		mandatory, recommended := v.count(rules.Expired)
		v.heading("expired", fmt.Sprintf("%s, %d recommended", count(mandatory, "mandatory requirement"), recommended))
		v.duties(v.expired)
	}
	if len(v.review) > 0 {
		v.heading("findings to review", count(findings(v.review), "finding"))
		v.out.wrap(nil, 0, span{plain, "Found by rules that cannot be certain. Fix each, or excuse it with a reason:"})
		v.out.blank()
		for _, g := range v.review {
			v.group(g, "Holds back")
		}
	}
	if len(v.lacking) > 0 {
		v.heading("evidence to add", count(proofs(v.lacking), "proof"))
		for _, l := range v.lacking {
			v.out.wrap([]span{{plain, "- "}}, 2, span{bold, strings.Join(l.requirements, ", ")})
			v.out.wrap(indent(2), 2, span{plain, sentence(plainMarkdown(l.reason))})
			v.snippet(l)
			switch {
			case v.verbose:
				for _, reason := range l.alike {
					v.out.wrap(indent(2), 2, span{plain, sentence(plainMarkdown(reason))})
				}
			case len(l.alike) > 0:
				v.out.wrap(indent(2), 2, span{dim, fmt.Sprintf("and %d more of the kind (--verbose lists them)", len(l.alike))})
			}
		}
		v.out.blank()
	}
}

// maxSnippet is how many lines to copy are shown without --verbose.
const maxSnippet = 20

// snippet prints what would satisfy a lack, line by line, to be copied.
func (v *textView) snippet(l lack) {
	if l.snippet == "" {
		return
	}
	if l.in != "" {
		v.out.wrap(indent(4), 4, span{dim, "in " + l.in + ":"})
	}
	lines := slices.Collect(strings.Lines(l.snippet))
	if len(lines) > maxSnippet && !v.verbose {
		// Of a document the front matter and the headings say what is asked for.
		front := slices.Index(lines, "\n")
		lines = slices.DeleteFunc(lines, func(line string) bool {
			front--
			return front < -1 && !strings.HasPrefix(line, "#")
		})
		defer v.out.wrap(indent(6), 6, span{dim, "(`staylisted init` writes this with a word on each section)"})
	}
	for _, line := range lines {
		v.out.line(span{plain, strings.Repeat(" ", 6) + strings.TrimRight(line, "\n")})
	}
}

func (v *textView) duties(all []duty) {
	for _, d := range all {
		kind := "recommended"
		if d.mandatory {
			kind = "mandatory"
		}
		v.out.wrap([]span{{bold, d.id}, {plain, "  "}}, 2, span{plain, d.title + " (" + kind + ")"})
		for _, r := range d.reasons {
			v.out.wrap(indent(2), 4, span{plain, sentence(r)})
		}
		v.out.blank()
	}
}

// group prints the findings of one rule.
func (v *textView) group(g ruleGroup, verb string) {
	head := g.severity()
	name := g.rule.ID
	if g.rule.Name != "" && !strings.Contains(g.rule.ID, "/") && !strings.EqualFold(g.rule.Name, g.rule.ID) {
		name += " " + g.rule.Name
	}
	deadline := ""
	if g.due != "" {
		deadline = "due " + g.due
		if g.overdue {
			deadline = "was due " + g.due
		}
	}
	room := v.out.width - utf8.RuneCountInString(head) - 2 - utf8.RuneCountInString(clean(name)) - utf8.RuneCountInString(deadline)
	urgency := plain
	if g.overdue {
		urgency = red
	}
	// One line with the date at its end, or as many as a narrow terminal needs.
	switch {
	case deadline == "" && room >= 0:
		v.out.line(span{bandStyle(g.cvss), head}, span{plain, "  "}, span{bold, name})
	case deadline != "" && room >= 2:
		v.out.line(span{bandStyle(g.cvss), head}, span{plain, "  "}, span{bold, name}, span{plain, strings.Repeat(" ", room)}, span{urgency, deadline})
	default:
		v.out.wrap(nil, 2, span{bandStyle(g.cvss), head}, span{bold, name})
		if deadline != "" {
			v.out.wrap(indent(2), 2, span{urgency, deadline})
		}
	}
	v.out.wrap(indent(2), 2, span{plain, g.rule.Title})
	if ids := g.requirements(); len(ids) > 0 {
		v.out.wrap([]span{{plain, "  "}, {dim, verb + " "}}, 4, span{plain, requirementList(g.mandatory, g.others)})
	}
	shown := g.findings
	if !v.verbose && len(shown) > maxPlaces {
		shown = shown[:maxPlaces]
	}
	last := ""
	for _, f := range shown {
		where, symbol := clean(place(f.Location)), clean(f.Location.Symbol)
		switch {
		case symbol == "":
			v.out.line(span{plain, "  "}, span{blue, where})
		case utf8.RuneCountInString(where)+utf8.RuneCountInString(symbol)+len("    in ") <= v.out.width:
			v.out.line(span{plain, "  "}, span{blue, where}, span{plain, "  in " + symbol})
		default:
			v.out.line(span{plain, "  "}, span{blue, where})
			v.out.wrap(indent(4), 4, span{plain, "in " + symbol})
		}
		message := plainMarkdown(f.Message)
		if f.Advisory != nil {
			message = advisoryText(f.Advisory, len(f.Steps) > 0)
		}
		message = alsoReported(sentence(message), &f)
		if message != last {
			v.out.wrap(indent(4), 4, span{plain, message})
			last = message
		}
		v.steps(f.Steps)
	}
	if more := len(g.findings) - len(shown); more > 0 {
		v.out.wrap(indent(2), 2, span{dim, fmt.Sprintf("and %s more (--verbose lists them)", count(more, "place"))})
	}
	if fix := firstParagraph(plainMarkdown(g.rule.Remediation)); fix != "" {
		v.out.wrap([]span{{plain, "  "}, {green, "Fix: "}}, 4, span{plain, sentence(fix)})
	}
	v.out.blank()
}

// advisoryText says in one sentence what an advisory means here. Where a call
// path is shown the symbols need no naming.
func advisoryText(hit *rules.AdvisoryHit, path bool) string {
	text := hit.Package + " " + hit.Version
	if hit.Fixed != "" {
		text += ", fixed in " + hit.Fixed
	} else {
		text += ", no fixed version"
	}
	switch hit.Reach {
	case "called":
		text += "; the vulnerable code is called"
		if len(hit.Symbols) > 0 && !path {
			text += " (" + strings.Join(hit.Symbols, ", ") + ")"
		}
	case "possible":
		text += "; it could not be decided whether the vulnerable code is called"
	case "imported":
		text += "; the vulnerable package is imported, its vulnerable code is not called"
	case "required":
		text += "; the module is required, the vulnerable package is not imported"
	}
	if len(hit.IDs) > 1 {
		text += "; known as " + strings.Join(hit.IDs, ", ")
	}
	return text + "."
}

func (v *textView) steps(steps []rules.Step) {
	shown := steps
	if !v.verbose && len(shown) > maxSteps {
		shown = shown[:maxSteps]
	}
	for i, s := range shown {
		v.out.wrap([]span{{plain, fmt.Sprintf("    %2d. ", i+1)}}, 8, span{dim, place(s.Location)}, span{plain, plainMarkdown(s.Message)})
	}
	if more := len(steps) - len(shown); more > 0 {
		v.out.wrap(indent(8), 8, span{dim, fmt.Sprintf("and %s more (--verbose lists them)", count(more, "step"))})
	}
}

func (v *textView) doubts() {
	if len(v.unknown) == 0 && len(v.report.Coverage.Gaps) == 0 {
		return
	}
	mandatory, recommended := v.count(rules.Unknown)
	v.heading("what could not be verified", fmt.Sprintf("%s, %d recommended", count(mandatory, "mandatory requirement"), recommended))
	if gaps := v.report.Coverage.Gaps; len(gaps) > 0 {
		v.out.wrap(nil, 0, span{red, "Not analysed, so no requirement that reads code can be met:"})
		shown := gaps
		if !v.verbose && len(shown) > maxGaps {
			shown = shown[:maxGaps]
		}
		for _, g := range shown {
			v.out.wrap([]span{{plain, "- "}}, 2, span{bold, gapSubject(g)}, span{plain, sentence(g.Reason)})
		}
		if more := len(gaps) - len(shown); more > 0 {
			v.out.wrap(indent(2), 2, span{dim, fmt.Sprintf("and %d more (--verbose lists them)", more)})
		}
		v.out.blank()
	}
	for _, d := range v.unknown {
		if len(d.requirements) == 0 {
			v.out.wrap([]span{{plain, "- "}}, 2, span{bold, "Also:"}, span{plain, sentence(d.reason)})
		} else {
			v.out.wrap([]span{{plain, "- "}}, 2, span{bold, count(len(d.requirements), "requirement")}, span{plain, fmt.Sprintf("(%d mandatory): %s", d.mandatory, sentence(d.reason))})
			v.out.wrap(indent(4), 4, span{plain, strings.Join(d.requirements, " ")})
		}
		if waiting := d.waiting; len(waiting) > 0 {
			text := strings.Join(waiting, " ")
			if !v.verbose && len(waiting) > maxWaiting {
				text = fmt.Sprintf("%s and %d more verifiers (--verbose lists them)", strings.Join(waiting[:maxWaiting], " "), len(waiting)-maxWaiting)
			}
			v.out.wrap([]span{{plain, "    "}, {dim, "waiting for "}}, 6, span{dim, text})
		}
	}
	v.out.blank()
}

// gapSubject names what was not analysed, with the place when it says more.
func gapSubject(g rules.Gap) string {
	s := g.Subject
	if p := g.Location.Path; p != "" && (p != g.Subject || g.Location.Line > 0) {
		if p == g.Subject {
			return place(g.Location) + ":"
		}
		s += " (" + place(g.Location) + ")"
	}
	return s + ":"
}

// rest counts what needs no reading.
func (v *textView) rest() {
	if len(v.excused) > 0 {
		v.heading("excused", count(len(v.excused), "finding"))
		for _, f := range v.excused {
			s := f.Suppressed
			text := fmt.Sprintf("%s: %s", s.Kind, sentence(s.Reason))
			if s.Owner != "" {
				text += " Owner " + s.Owner + "."
			}
			if s.Expires != "" {
				text += " Until " + s.Expires + "."
			}
			v.out.wrap([]span{{plain, "- "}}, 2, span{bold, f.Rule}, span{blue, place(f.Location)}, span{plain, text})
		}
		v.out.blank()
	}
	v.asides()
	for _, n := range v.notes {
		v.out.wrap([]span{{dim, "Note: "}}, 6, span{plain, sentence(n)})
	}
	v.out.blank()
}

// asides lists the findings without effect: those of gosec as numbers, for
// there may be hundreds, the others with their places.
func (v *textView) asides() {
	if len(v.digest.notes) == 0 {
		return
	}
	v.heading("notes", count(findings(v.digest.notes), "finding")+" without effect on a requirement")
	for _, g := range v.digest.notes {
		v.out.wrap([]span{{plain, "- "}}, 2, span{bold, g.rule.ID}, span{plain, fmt.Sprintf("%s (%d)", g.rule.Title, len(g.findings))})
		if g.rule.Tool == "gosec" && !v.verbose {
			continue
		}
		for i, f := range g.findings {
			if i == maxPlaces && !v.verbose {
				v.out.wrap(indent(4), 4, span{dim, fmt.Sprintf("and %d more (--verbose lists them)", len(g.findings)-i)})
				break
			}
			message := sentence(plainMarkdown(f.Message))
			if f.Advisory != nil {
				message = advisoryText(f.Advisory, false)
			}
			v.out.wrap(indent(4), 6, span{blue, place(f.Location)}, span{plain, message})
		}
	}
	v.out.blank()
}

func (v *textView) coverage() {
	v.out.blank()
	v.out.wrap([]span{{bold, "Coverage: "}}, 2, span{plain, coverageText(v.report)})
	if text := taughtText(v.report); text != "" {
		if !v.verbose {
			text += " (names with --verbose)"
		}
		v.out.wrap([]span{{bold, "Taught by the policy: "}}, 2, span{plain, text + "."})
		if v.verbose {
			for _, n := range v.report.Coverage.Taught {
				v.out.line(span{plain, "    " + taughtName(n)})
			}
		}
	}
	for _, set := range leftOut(v.report) {
		v.out.wrap([]span{{bold, "Left out: "}}, 2, span{plain, leftOutText(set)})
		if v.verbose {
			for _, name := range set.Files {
				v.out.line(span{plain, "    " + name})
			}
		}
	}
}

// taughtText counts the functions that are believed because the policy names
// them, "2 auth, 1 audit, 1 redact without effect"; empty when it names none.
func taughtText(r *rules.Report) string {
	var parts []string
	idle := 0
	for i, n := range r.Coverage.Taught {
		if !n.Found {
			idle++
		}
		if i > 0 && r.Coverage.Taught[i-1].List == n.List {
			continue
		}
		found := 0
		for _, other := range r.Coverage.Taught[i:] {
			if other.List == n.List && other.Found {
				found++
			}
		}
		if found > 0 {
			parts = append(parts, decimal(found)+" "+n.List)
		}
	}
	if idle > 0 {
		parts = append(parts, decimal(idle)+" that nothing has")
	}
	return strings.Join(parts, ", ")
}

// taughtName is one such function with its list.
func taughtName(n rules.Taught) string {
	text := n.List + ": " + n.Name
	if !n.Found {
		text += " (nothing has this name)"
	}
	return text
}

// leftOutText says what was left out and how much of it.
func leftOutText(set rules.SkippedSet) string {
	return set.Reason + " (" + count(len(set.Files), "file") + ")"
}

// testCode is how package scan calls tests; a script holds the two together.
const testCode = "test code, not shipped"

// leftOut lists what was left out of the scan on purpose, one entry a reason,
// the files in order. Tests come last: there are many, and nobody ships them.
func leftOut(r *rules.Report) []rules.SkippedSet {
	files := map[string][]string{}
	collect := func(sets []rules.SkippedSet) {
		for _, set := range sets {
			files[set.Reason] = append(files[set.Reason], set.Files...)
		}
	}
	collect(r.Coverage.Skipped)
	for _, m := range r.Coverage.Modules {
		collect(m.Skipped)
	}
	var all []rules.SkippedSet
	for reason, names := range files {
		slices.Sort(names)
		all = append(all, rules.SkippedSet{Reason: reason, Files: slices.Compact(names)})
	}
	slices.SortFunc(all, func(a, b rules.SkippedSet) int {
		return cmp.Or(mandatoryFirst(a.Reason != testCode, b.Reason != testCode), cmp.Compare(a.Reason, b.Reason))
	})
	return all
}

// coverageText says in one sentence what the scan covered.
func coverageText(r *rules.Report) string {
	c := r.Coverage
	var packages, files rules.Count
	lines := 0
	for _, m := range c.Modules {
		packages.Expected += m.Packages.Expected
		packages.Analysed += m.Packages.Analysed
		files.Expected += m.Files.Expected
		files.Analysed += m.Files.Analysed
		lines += m.Lines
	}
	complete := 0
	for _, run := range c.Runs {
		if run.State == rules.Complete {
			complete++
		}
	}
	parts := []string{
		fmt.Sprintf("%s of %s, %s of %s and %s in %s",
			thousands(packages.Analysed), count(packages.Expected, "package"),
			thousands(files.Analysed), count(files.Expected, "file"),
			count(lines, "line"), count(len(c.Modules), "module")),
		fmt.Sprintf("%d of %s ran to the end", complete, count(len(c.Runs), "verifier")),
		advisoriesText(r.Advisories),
	}
	if c.Platform.GoVersion != "" {
		platform := strings.TrimPrefix(c.Platform.GoVersion, "go")
		parts = append(parts, fmt.Sprintf("Go %s %s/%s", platform, c.Platform.GOOS, c.Platform.GOARCH))
	}
	parts = append(parts, fmt.Sprintf("%s %s, catalogue %s", cmp.Or(r.Tool.Name, "staylisted"), cmp.Or(r.Tool.Version, "devel"), cmp.Or(r.Catalogue.Version, "unknown")))
	return strings.Join(parts, "; ") + "."
}

// advisoriesText says what the dependencies were held against.
func advisoriesText(a rules.AdvisorySource) string {
	if a.Source == "" {
		return "no advisory data"
	}
	text := count(a.Entries, "advisory")
	if !a.Modified.IsZero() {
		text += " of " + a.Modified.UTC().Format(time.DateOnly)
	}
	if len(a.SHA256) >= 12 {
		text += " (sha256 " + a.SHA256[:12] + ")"
	}
	return text
}

// count counts the requirements with a verdict in all marketplaces.
func (d *digest) count(of rules.Verdict) (mandatory, recommended int) {
	for _, a := range d.report.Assessments {
		if a.Verdict != of {
			continue
		}
		switch a.Category {
		case rules.Mandatory:
			mandatory++
		case rules.Recommended:
			recommended++
		}
	}
	return mandatory, recommended
}

// findings counts the findings of all groups.
func findings(groups []ruleGroup) int {
	n := 0
	for _, g := range groups {
		n += len(g.findings)
	}
	return n
}

// proofs counts what is lacking.
func proofs(all []lack) int {
	n := 0
	for _, l := range all {
		n += 1 + len(l.alike)
	}
	return n
}

// requirementList names requirements, saying which are only recommended.
func requirementList(mandatory, others []string) string {
	var parts []string
	if len(mandatory) > 0 {
		parts = append(parts, strings.Join(mandatory, ", ")+" (mandatory)")
	}
	if len(others) > 0 {
		parts = append(parts, strings.Join(others, ", ")+" (recommended)")
	}
	return strings.Join(parts, ", ")
}

// firstParagraph returns a text up to its first empty line.
func firstParagraph(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n\n")
	return s
}

// plainMarkdown takes the marks of our own Markdown help texts away that a
// terminal does not show: back quotes, emphasis and fences.
func plainMarkdown(s string) string {
	if !strings.ContainsAny(s, "`*") {
		return s
	}
	return strings.NewReplacer("```go\n", "", "```\n", "", "```", "", "`", "", "**", "").Replace(s)
}

// decimal writes a number.
func decimal(n int) string { return strconv.Itoa(n) }

// scoreText writes a score with its one decimal.
func scoreText(s float64) string { return strconv.FormatFloat(s, 'f', 1, 64) }
