package sarif

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	gosarif "github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/staylisted/staylisted/rules"
)

// maxTags is how many tags GitHub accepts on one rule. It shows the first ten.
const maxTags = 20

// A duty is a requirement as far as a rule's tags and help speak of it.
type duty struct {
	id, title string
	category  rules.Category
}

// ruleFacts is one rule with what the whole report says of it: the same rule
// reads alike in every run.
type ruleFacts struct {
	rules.Rule
	score  float64 // worst base score of its findings, else of its vector; 0 for none
	duties []duty  // mandatory ones first
	hits   []rules.Finding
}

// ruleSet gathers the rules that ran and those only findings name (advisories),
// by id.
func ruleSet(ran []rules.Rule, findings []rules.Finding, c *rules.Catalogue) map[string]*ruleFacts {
	set := map[string]*ruleFacts{}
	for _, r := range ran {
		if _, known := set[r.ID]; !known {
			set[r.ID] = &ruleFacts{Rule: r}
		}
	}
	for _, f := range findings {
		r, known := set[f.Rule]
		if !known {
			r = &ruleFacts{Rule: rules.Rule{ID: f.Rule, Title: f.Title, Class: f.Class}}
			set[f.Rule] = r
		}
		r.hits = append(r.hits, f)
	}
	uses := usesOf(c)
	for _, r := range set {
		r.score = r.worstScore()
		r.duties = r.dutiesIn(uses)
	}
	return set
}

// worstScore prefers the findings' scores: the policy may have re-scored the
// rule, and an advisory has no vector of its own.
func (r *ruleFacts) worstScore() float64 {
	worst, scored := 0.0, false
	for _, f := range r.hits {
		if f.CVSS != nil {
			worst, scored = max(worst, f.CVSS.Score), true
		}
	}
	if !scored {
		worst = baseScore(r.Vector)
	}
	if worst < 0.1 || worst > 10 {
		return 0
	}
	return worst
}

// baseScore returns the base score of a CVSS vector, 0 when there is none or it
// cannot be read.
func baseScore(vector string) float64 {
	if vector == "" {
		return 0
	}
	scored, err := rules.ParseVector(vector)
	if err != nil {
		return 0
	}
	return scored.Score
}

// bandOf is rules.BandOf for a score that may be missing: an unscored rule has
// no band.
func bandOf(score float64) rules.Band {
	if score <= 0 {
		return ""
	}
	return rules.BandOf(score)
}

// use is a requirement with the parameters it lays on one control.
type use struct {
	duty
	parameters rules.Parameters
}

// usesOf lists, by control, the requirements that point to it.
func usesOf(c *rules.Catalogue) map[string][]use {
	uses := map[string][]use{}
	if c == nil {
		return uses
	}
	for _, m := range c.Marketplaces {
		for _, r := range m.Requirements {
			for _, k := range r.Controls {
				uses[k.Control] = append(uses[k.Control], use{duty{r.ID, r.Title, r.Category}, k.Parameters})
			}
		}
	}
	return uses
}

// dutiesIn returns the requirements a hit of the rule would count against: what
// the judgement wrote on its findings, and what the catalogue says of its
// controls where the requirement's severity and source limits let the rule in.
func (r *ruleFacts) dutiesIn(uses map[string][]use) []duty {
	known, named := map[string]duty{}, map[string]bool{}
	controls := slices.Clone(r.Controls)
	for _, f := range r.hits {
		controls = append(controls, f.Controls()...)
		for _, id := range f.Requirements {
			named[id] = true
		}
	}
	for _, all := range uses {
		for _, u := range all {
			known[u.id] = u.duty
		}
	}
	band := bandOf(r.score)
	slices.Sort(controls)
	for _, control := range slices.Compact(controls) {
		for _, u := range uses[control] {
			p := u.parameters
			switch {
			case len(p.Bands) > 0 && band != "" && !slices.Contains(p.Bands, band):
			case p.MinBand != "" && band != "" && !band.AtLeast(p.MinBand):
			case len(p.Sources) > 0 && len(r.hits) > 0 && !slices.ContainsFunc(r.hits, func(f rules.Finding) bool {
				return slices.Contains(p.Sources, f.Source)
			}):
			default:
				named[u.id] = true
			}
		}
	}
	var out []duty
	for id := range named {
		d := known[id]
		d.id = id
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b duty) int {
		return cmp.Or(cmp.Compare(weight(a.category), weight(b.category)), cmp.Compare(a.id, b.id))
	})
	return out
}

// weight orders categories: what decides the check comes first.
func weight(c rules.Category) int {
	switch c {
	case rules.Mandatory:
		return 0
	case rules.Recommended:
		return 1
	}
	return 2
}

// descriptor writes the rule. Every text GitHub requires is there and not empty.
func (r *ruleFacts) descriptor() *gosarif.ReportingDescriptor {
	title := firstOf(plain(r.Title, maxDescription), plain(r.Name, maxDescription), plain(r.ID, maxDescription))
	full := plain(r.Flags, maxDescription)
	if full == "" {
		full = firstOf(plain(r.advisoryText(), maxDescription), title)
	}
	d := gosarif.NewRule(r.ID).
		WithName(r.displayName()).
		WithShortDescription(gosarif.NewMultiformatMessageString(title)).
		WithFullDescription(gosarif.NewMultiformatMessageString(full)).
		WithHelp(gosarif.NewMultiformatMessageString(r.helpText(title)).WithMarkdown(r.helpMarkdown())).
		WithDefaultConfiguration(gosarif.NewReportingConfiguration().WithLevel(level(r.Class, bandOf(r.score))))
	if u := advisoryURL(r.ID); u != "" && r.advisory() != nil {
		d.WithHelpURI(u)
	} else if u := ruleURL(r.ID); u != "" {
		d.WithHelpURI(u)
	}
	properties := gosarif.Properties{
		"tags":      r.tags(),
		"precision": precision(r.Class),
	}
	if r.score > 0 {
		properties["security-severity"] = fmt.Sprintf("%.1f", r.score)
	}
	d.WithProperties(properties)
	return d
}

// displayName is the rule's name, which SARIF wants to differ from its id.
func (r *ruleFacts) displayName() string {
	name := plain(r.Name, maxName)
	if name == "" && r.advisory() != nil {
		name = "vulnerable-dependency"
	}
	if name == "" || strings.EqualFold(name, r.ID) {
		name = clip("rule-"+oneLine(r.ID), maxName)
	}
	return name
}

// tags returns at most maxTags tags, those people filter by first.
func (r *ruleFacts) tags() []string {
	tags := []string{"security"}
	for _, cwe := range r.weaknesses() {
		tags = append(tags, fmt.Sprintf("external/cwe/cwe-%03d", cwe))
	}
	if band := bandOf(r.score); band != "" {
		tags = append(tags, "band:"+string(band))
	}
	for _, d := range r.duties {
		tags = append(tags, d.id)
	}
	return tags[:min(len(tags), maxTags)]
}

// weaknesses returns the CWE numbers of the rule, and of its findings when the
// rule names none, in the order given. Repeated and senseless ones are left out.
func (r *ruleFacts) weaknesses() []int {
	all := slices.Clone(r.CWE)
	if len(all) == 0 {
		for _, f := range r.hits {
			all = append(all, f.CWE...)
		}
		slices.Sort(all)
	}
	var out []int
	for _, cwe := range all {
		if cwe > 0 && !slices.Contains(out, cwe) {
			out = append(out, cwe)
		}
	}
	return out
}

// advisory returns what the first finding says of the vulnerable component, nil
// when the rule is no advisory.
func (r *ruleFacts) advisory() *rules.AdvisoryHit {
	for _, f := range r.hits {
		if f.Advisory != nil {
			return f.Advisory
		}
	}
	return nil
}

// advisoryText says in one sentence a component which component is vulnerable.
func (r *ruleFacts) advisoryText() string {
	var out []string
	for _, f := range r.hits {
		if a := f.Advisory; a != nil {
			out = append(out, advisorySentence(a, oneLine))
		}
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " ")
}

// advisorySentence describes a vulnerable component; show quotes its values.
func advisorySentence(a *rules.AdvisoryHit, show func(string) string) string {
	fixed := "no version without it is known"
	if a.Fixed != "" {
		fixed = "fixed in " + show(a.Fixed)
	}
	return fmt.Sprintf("%s %s is affected, %s.", show(a.Package), show(firstOf(a.Version, "(unknown version)")), fixed)
}

// helpText is the help for viewers that do not read Markdown.
func (r *ruleFacts) helpText(title string) string {
	parts := []string{title}
	add := func(head, body string) {
		if body = strings.TrimSpace(clean(body)); body != "" {
			parts = append(parts, escapeLinks(head+body))
		}
	}
	add("", r.Flags)
	if r.Flags == "" {
		add("", r.advisoryText())
	}
	add("What makes it safe: ", r.Safe)
	add("How to fix it: ", r.Remediation)
	if r.Remediation == "" && r.advisory() != nil {
		add("How to fix it: ", advisoryRemedy)
	}
	add("Not like this:\n", r.Wrong)
	add("But like this:\n", r.Right)
	var lines []string
	for _, d := range r.duties {
		lines = append(lines, strings.TrimSpace(d.id+" "+oneLine(d.title)))
	}
	add("Requirements: ", strings.Join(lines, "; "))
	return strings.Join(parts, "\n\n")
}

const advisoryRemedy = "Raise the component to a version without the vulnerability, or take it out of the build. " +
	"If the program cannot be attacked through it, say so with a reason and an end date in the policy file."

// helpMarkdown is the help GitHub shows below an alert. The prose is our own
// rule metadata; all other text is escaped.
func (r *ruleFacts) helpMarkdown() string {
	var parts []string
	add := func(head, body string) {
		if body = strings.TrimSpace(clean(body)); body != "" {
			parts = append(parts, head+body)
		}
	}
	add("", r.Flags)
	if a := r.advisory(); a != nil {
		var lines []string
		for _, f := range r.hits {
			if f.Advisory != nil {
				lines = append(lines, "- "+advisorySentence(f.Advisory, codeSpan))
			}
		}
		slices.Sort(lines)
		add("**Vulnerable components**\n\n", strings.Join(slices.Compact(lines), "\n"))
		var ids []string
		for _, id := range a.IDs {
			if u := advisoryURL(id); u != "" {
				ids = append(ids, "["+id+"]("+u+")")
			}
		}
		add("**Known as:** ", strings.Join(ids, ", "))
	}
	add("**What makes it safe:** ", r.Safe)
	add("**How to fix it:** ", r.Remediation)
	if r.Remediation == "" && r.advisory() != nil {
		add("**How to fix it:** ", advisoryRemedy)
	}
	if strings.TrimSpace(r.Wrong) != "" {
		add("Not like this:\n\n", codeBlock(r.Wrong))
	}
	if strings.TrimSpace(r.Right) != "" {
		add("But like this:\n\n", codeBlock(r.Right))
	}
	var facts []string
	for _, cwe := range r.weaknesses() {
		n := strconv.Itoa(cwe)
		facts = append(facts, "[CWE-"+n+"](https://cwe.mitre.org/data/definitions/"+n+".html)")
	}
	if r.score > 0 {
		score := fmt.Sprintf("CVSS %.1f (%s)", r.score, bandOf(r.score))
		if r.Vector != "" && bandOf(baseScore(r.Vector)) == bandOf(r.score) {
			score += " " + codeSpan(r.Vector)
		}
		facts = append(facts, score)
	}
	add("", strings.Join(facts, ", "))
	var lines []string
	for _, d := range r.duties {
		line := "- " + markdownText(d.id)
		if d.category != "" {
			line += " (" + markdownText(string(d.category)) + ")"
		}
		lines = append(lines, strings.TrimSpace(line+" "+markdownText(d.title)))
	}
	add("**Requirements**\n\n", strings.Join(lines, "\n"))
	if len(parts) == 0 {
		parts = []string{markdownText(firstOf(r.Title, r.Name, r.ID))}
	}
	return strings.Join(parts, "\n\n")
}

// advisoryURL returns the page of an advisory at osv.dev, which resolves the
// ids of every database; empty for an id that is not spelt like one.
func advisoryURL(id string) string {
	letters, rest, found := strings.Cut(id, "-")
	if !found || letters == "" || rest == "" {
		return ""
	}
	for i := range len(id) {
		c := id[i]
		if !(c == '-' || c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z') {
			return ""
		}
	}
	return "https://osv.dev/vulnerability/" + id
}

// rulesPage documents every rule under its id.
const rulesPage = informationURI + "/blob/main/docs/rules.md"

// ruleShape is the id of a rule of the page: family and variant.
var ruleShape = regexp.MustCompile(`^(?:G|MKT|SUP)[0-9]{3}(?:/[a-z0-9-]+)?$`)

// ruleURL is where a rule is documented, or empty for an id the page cannot
// have. GitHub makes anchors of headings by dropping the slash.
func ruleURL(id string) string {
	if !ruleShape.MatchString(id) {
		return ""
	}
	return rulesPage + "#" + strings.ToLower(strings.ReplaceAll(id, "/", ""))
}

// level maps a class and band to SARIF's level (catalogue §2.4): only a precise
// rule may be an error. A violation that has no score breaks a requirement as
// such, and fails it at once.
func level(class rules.Class, band rules.Band) string {
	switch {
	case class == rules.Violation && (band == rules.Critical || band == rules.High || band == ""):
		return "error"
	case class == rules.Violation && band == rules.Medium:
		return "warning"
	}
	return "note"
}

// precision maps a class to what GitHub orders results of one severity by.
func precision(class rules.Class) string {
	switch class {
	case rules.Violation:
		return "high"
	case rules.Review:
		return "medium"
	}
	return "low"
}
