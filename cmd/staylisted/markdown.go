package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/staylisted/staylisted/internal/markdown"
	"github.com/staylisted/staylisted/rules"
)

// mdText, mdHTML and mdCode make text inert inside a line, inside an HTML
// element and as a code span.
func mdText(s string) string { return markdown.Text(s) }

func mdHTML(s string) string { return markdown.HTML(s) }

func mdCode(s string) string { return markdown.Code(s) }

// maxMarkdown is how much a page may hold: a job summary of GitHub's is dropped
// whole when it is larger than 1 MiB.
const maxMarkdown = 1<<20 - 1<<10

// A markdownView draws a digest as a Markdown page for a job summary.
type markdownView struct {
	*digest
	b       strings.Builder
	subject string
	notes   []string
	verbose bool // names the files that were left out
}

// renderMarkdown returns the report as Markdown. Pages that would be larger
// than a job summary may be are cut between findings, and say so.
func renderMarkdown(v markdownView) string {
	v.standings()
	v.groups("What fails", v.failing, v.broken)
	v.groups("At risk", v.atRisk, nil)
	v.evidence()
	v.doubts()
	v.excuses()
	v.asides()
	v.coverage()
	return v.b.String()
}

func (v *markdownView) printf(format string, args ...any) { fmt.Fprintf(&v.b, format, args...) }

func (v *markdownView) standings() {
	v.printf("## Marketplace requirements\n\n")
	v.printf("%s", mdCode(v.subject))
	if c := v.report.Commit; c != "" {
		v.printf(" at commit %s", mdCode(c[:min(12, len(c))]))
	}
	v.printf(", judged %s\n\n", v.report.GeneratedAt.UTC().Format("2006-01-02 15:04 UTC"))
	v.printf("| Marketplace | Verdict | Mandatory met | Failing | Lacking evidence | Not verified | Recommended met | Next due |\n")
	v.printf("|---|---|--:|--:|--:|--:|--:|---|\n")
	for _, m := range v.report.Marketplaces {
		t, r := m.Mandatory, m.Recommended
		v.printf("| %s | %s **%s** | %d of %d | %d | %d | %d | %d of %d | %s |\n",
			mdText(m.Name), stateSign(m.State), cmp.Or(m.State, rules.StateUnknown), t.Passed, t.Total, t.Failed,
			t.NeedsEvidence+t.Expired, t.Unknown, r.Passed, r.Total, cmp.Or(m.NextDue, "–"))
	}
	v.printf("\n")
	if whole, why := v.whole(); !whole {
		v.printf("**The scan is not complete**: %s\n\n", mdText(why))
	}
	if text := v.preview(); text != "" {
		v.printf("> %s\n\n", mdText(text))
	}
}

// stateSign is a sign that can be told apart without colours.
func stateSign(s rules.State) string {
	switch s {
	case rules.StateNonCompliant:
		return "❌"
	case rules.StateIncomplete:
		return "🟠"
	case rules.StateAtRisk:
		return "🟡"
	case rules.StateCompliant:
		return "✅"
	default:
		return "❔"
	}
}

func (v *markdownView) groups(name string, groups []ruleGroup, duties []duty) {
	if len(groups)+len(duties) == 0 {
		return
	}
	v.printf("### %s\n\n", name)
	for i, g := range groups {
		if v.full(len(groups)-i, "rules") {
			return
		}
		v.group(g)
	}
	for _, d := range duties {
		v.printf("- **%s** %s\n", mdText(d.id), mdText(d.title))
		for _, r := range d.reasons {
			v.printf("  - %s\n", mdText(sentence(r)))
		}
	}
	if len(duties) > 0 {
		v.printf("\n")
	}
}

func (v *markdownView) group(g ruleGroup) {
	var facts []string
	if ids := g.requirements(); len(ids) > 0 {
		facts = append(facts, requirementList(g.mandatory, g.others))
	}
	if g.due != "" {
		word := "due "
		if g.overdue {
			word = "was due "
		}
		facts = append(facts, word+g.due)
	}
	v.printf("<details><summary><b>%s</b> %s: %s (%s)</summary>\n\n", mdHTML(g.severity()), mdHTML(g.rule.ID), mdHTML(g.rule.Title), count(len(g.findings), "place"))
	if len(facts) > 0 {
		v.printf("%s\n\n", mdText(strings.Join(facts, "; ")))
	}
	for i, f := range g.findings {
		if i == 50 {
			v.printf("- and %s more\n", count(len(g.findings)-i, "place"))
			break
		}
		v.printf("- %s", mdCode(place(f.Location)))
		if f.Location.Symbol != "" {
			v.printf(" in %s", mdCode(f.Location.Symbol))
		}
		message := sentence(f.Message)
		if f.Advisory != nil {
			message = advisoryText(f.Advisory, len(f.Steps) > 0)
		}
		v.printf("<br>%s\n", mdText(alsoReported(message, &f)))
		for j, s := range f.Steps {
			if j == maxSteps {
				v.printf("  1. and %s more\n", count(len(f.Steps)-j, "step"))
				break
			}
			v.printf("  1. %s %s\n", mdCode(place(s.Location)), mdText(s.Message))
		}
	}
	if fix := strings.TrimSpace(g.rule.Remediation); fix != "" {
		v.printf("\n**How to fix**: %s\n", fix) // our own Markdown
	}
	v.printf("\n</details>\n\n")
}

// full reports whether the page has no room for another group, and says so on
// it.
func (v *markdownView) full(left int, what string) bool {
	if v.b.Len() < maxMarkdown-1<<17 {
		return false
	}
	v.printf("%d more %s do not fit on this page; the JSON report has them.\n\n", left, what)
	return true
}

func (v *markdownView) evidence() {
	v.groups("Expired", nil, v.expired)
	v.groups("Findings to review", v.review, nil)
	if len(v.lacking) == 0 {
		return
	}
	v.printf("### Evidence to add\n\n<details><summary>%s not shown yet</summary>\n\n", count(proofs(v.lacking), "proof"))
	for i, l := range v.lacking {
		if v.full(len(v.lacking)-i, "proofs") {
			break
		}
		v.printf("- %s: %s", mdText(strings.Join(l.requirements, ", ")), mdText(sentence(l.reason)))
		if n := len(l.alike); n > 0 {
			v.printf(" And %d more of the kind.", n)
		}
		v.printf("\n")
		v.snippet(l)
	}
	v.printf("\n</details>\n\n")
}

// snippet writes what would satisfy a lack as a code block of the list's entry.
func (v *markdownView) snippet(l lack) {
	if l.snippet == "" {
		return
	}
	if l.in != "" {
		v.printf("\n  In %s:\n", mdText(l.in))
	}
	fence := "```"
	for strings.Contains(l.snippet, fence) {
		fence += "`"
	}
	v.printf("\n  %s\n", fence)
	for line := range strings.Lines(l.snippet) {
		v.printf("  %s\n", clean(strings.TrimRight(line, "\n")))
	}
	v.printf("  %s\n\n", fence)
}

func (v *markdownView) doubts() {
	gaps := v.report.Coverage.Gaps
	if len(v.unknown)+len(gaps) == 0 {
		return
	}
	mandatory, recommended := v.count(rules.Unknown)
	v.printf("### What could not be verified\n\n%s, %d recommended\n\n", count(mandatory, "mandatory requirement"), recommended)
	for i, g := range gaps {
		if i == 50 {
			v.printf("- and %d more that were not analysed\n", len(gaps)-i)
			break
		}
		v.printf("- ⚠️ not analysed: %s %s\n", mdCode(strings.TrimSuffix(gapSubject(g), ":")), mdText(sentence(g.Reason)))
	}
	for _, d := range v.unknown {
		if len(d.requirements) == 0 {
			v.printf("- also: %s\n", mdText(sentence(d.reason)))
			continue
		}
		v.printf("- <details><summary>%s: %s</summary>\n\n  %s\n", count(len(d.requirements), "requirement"), mdHTML(sentence(d.reason)), mdText(strings.Join(d.requirements, ", ")))
		if len(d.waiting) > 0 {
			v.printf("\n  Waiting for %s\n", mdText(strings.Join(d.waiting, ", ")))
		}
		v.printf("\n  </details>\n")
	}
	v.printf("\n")
}

func (v *markdownView) excuses() {
	if len(v.excused) == 0 {
		return
	}
	v.printf("<details><summary>%s excused</summary>\n\n", count(len(v.excused), "finding"))
	for i, f := range v.excused {
		if v.full(len(v.excused)-i, "findings") {
			break
		}
		s := f.Suppressed
		v.printf("- %s %s %s: %s", mdText(f.Rule), mdCode(place(f.Location)), mdText(s.Kind), mdText(sentence(s.Reason)))
		if s.Owner != "" {
			v.printf(" Owner %s.", mdText(s.Owner))
		}
		if s.Expires != "" {
			v.printf(" Until %s.", mdText(s.Expires))
		}
		v.printf("\n")
	}
	v.printf("\n</details>\n\n")
}

// asides lists the findings without effect: those of gosec as numbers, for
// there may be hundreds, the others with their places.
func (v *markdownView) asides() {
	if len(v.digest.notes) == 0 {
		return
	}
	v.printf("<details><summary>%s without effect on a requirement</summary>\n\n", count(findings(v.digest.notes), "finding"))
	for i, g := range v.digest.notes {
		if v.full(len(v.digest.notes)-i, "rules") {
			break
		}
		v.printf("- %s %s (%d)\n", mdText(g.rule.ID), mdText(g.rule.Title), len(g.findings))
		if g.rule.Tool == "gosec" {
			continue
		}
		for j, f := range g.findings {
			if j == 50 {
				v.printf("  - and %d more\n", len(g.findings)-j)
				break
			}
			message := sentence(f.Message)
			if f.Advisory != nil {
				message = advisoryText(f.Advisory, false)
			}
			v.printf("  - %s %s\n", mdCode(place(f.Location)), mdText(message))
		}
	}
	v.printf("\n</details>\n\n")
}

func (v *markdownView) coverage() {
	for _, n := range v.notes {
		v.printf("> %s\n\n", mdText(sentence(n)))
	}
	v.printf("**Coverage**: %s\n", mdText(coverageText(v.report)))
	if text := taughtText(v.report); text != "" {
		v.printf("\n**Taught by the policy**: %s.\n\n", mdText(text))
		for i, n := range v.report.Coverage.Taught {
			if v.full(len(v.report.Coverage.Taught)-i, "names") {
				return
			}
			v.printf("- %s\n", mdCode(taughtName(n)))
		}
	}
	sets := leftOut(v.report)
	if len(sets) == 0 {
		return
	}
	v.printf("\n**Left out**:\n\n")
	for i, set := range sets {
		if v.full(len(sets)-i, "reasons") {
			return
		}
		v.printf("- %s\n", mdText(leftOutText(set)))
		if !v.verbose {
			continue
		}
		for j, name := range set.Files {
			if v.full(len(set.Files)-j, "files") {
				return
			}
			v.printf("  - %s\n", mdCode(name))
		}
	}
}
