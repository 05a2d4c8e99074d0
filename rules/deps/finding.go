package deps

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/staylisted/staylisted/rules"
)

// How deep a program reaches into a vulnerable module, deepest first.
const (
	Called   = "called"   // a vulnerable symbol has a call path from the program
	Possible = "possible" // neither a path nor its absence could be shown
	Imported = "imported" // a vulnerable package is in the import graph
	Required = "required" // the module is in the build list
)

// A Call is what an engine found out about one hit whose vulnerable package is
// imported.
type Call struct {
	// Reach is Called or Possible; anything else means that no vulnerable
	// symbol can be reached.
	Reach string
	// Symbols are the vulnerable symbols reached.
	Symbols []string
	// Steps is the shortest call path from the program's own code.
	Steps []rules.Step
}

// Unscored returns one id to ask for each hit that no record gives a CVSS
// vector for, GitHub's where there is one: what [GitHub.Lookup] takes.
func (r *Result) Unscored() []string {
	var ids []string
	for i := range r.Hits {
		h := &r.Hits[i]
		_, seen := h.score()
		if slices.ContainsFunc(seen, func(c rules.CVSS) bool { return c.Vector != "" && c.Source != rules.FromCWE }) {
			continue
		}
		if strings.HasPrefix(h.Rule, "GHSA-") || strings.HasPrefix(h.Rule, "CVE-") {
			ids = append(ids, h.Rule)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Enrich adds scores and weaknesses found elsewhere, by any id of a hit's alias
// set.
func (r *Result) Enrich(answers map[string]Answer) {
	for i := range r.Hits {
		h := &r.Hits[i]
		h.answer = Answer{}
		for _, id := range h.IDs {
			if a, ok := answers[id]; ok {
				h.answer.Severities = append(h.answer.Severities, a.Severities...)
				h.answer.CWE = append(h.answer.CWE, a.CWE...)
			}
		}
	}
}

// Findings returns a finding for each hit. calls holds what the engine found
// out, by Hit.Key; a hit without an entry is as deep as the import graph shows.
// Findings about modules that are not shipped are informational.
func (r *Result) Findings(calls map[string]Call) []rules.Finding {
	findings := []rules.Finding{}
	for i := range r.Hits {
		findings = append(findings, r.Hits[i].finding(calls[r.Hits[i].Key]))
	}
	return MergeFindings(findings)
}

// finding turns the hit into a finding.
func (h *Hit) finding(call Call) rules.Finding {
	path, version := h.Module.built()
	if h.Module.goItself() {
		if v, ok := canonical(path, version); ok {
			version = display(path, v)
		}
	}
	hit := &rules.AdvisoryHit{IDs: h.IDs, Ecosystem: h.Module.ecosystem(), Package: path, Version: version, Fixed: h.Fixed,
		Reach: Required, Published: h.published(), Adopted: h.Module.Adopted}
	for _, p := range h.Packages {
		if p.Imported {
			hit.Reach, hit.ImportPath = Imported, p.Path
			break
		}
	}
	var steps []rules.Step
	if hit.Reach == Imported && (call.Reach == Called || call.Reach == Possible) {
		hit.Reach, hit.Symbols, steps = call.Reach, call.Symbols, call.Steps
	}
	score, seen := h.score()
	hit.Scores = seen
	f := rules.Finding{
		ID: h.Rule + "@" + path, Rule: h.Rule, Title: h.title(),
		Control: "dep-no-known-high", MoreControls: []string{"vuln-sla"}, Requirements: []string{},
		Class: rules.Violation, CWE: h.cwe(), CVSS: &score, Location: h.Module.Location,
		Steps: steps, Fingerprint: h.Key, Source: "dependency", Advisory: hit,
	}
	if f.Location.Path == "" {
		f.Location.Path = h.Module.Manifest
	}
	switch {
	case !h.Module.shipped():
		f.Class = rules.Informational
	case hit.Reach == Required && len(h.Packages) > 0:
		// None of the packages that the advisory names is compiled in. The
		// version is a known vulnerable one all the same, so this does not
		// pass by itself; but to call it a violation would fail every user of a
		// module for a package that few of them import.
		f.Class = rules.Review
	}
	f.Message = h.message(hit, steps)
	return f
}

// message tells in one line what is wrong and what to do.
func (h *Hit) message(hit *rules.AdvisoryHit, steps []rules.Step) string {
	var b strings.Builder
	name := hit.Package + " " + hit.Version
	if h.Module.goItself() {
		name = "the toolchain of " + hit.Version
		if hit.Package == Stdlib {
			name = "the standard library of " + hit.Version
		}
	}
	b.WriteString(name)
	if h.Module.Replace != nil && h.Module.Path != hit.Package {
		fmt.Fprintf(&b, " (in place of %s)", h.Module.Path)
	}
	fmt.Fprintf(&b, ": %s; ", h.title())
	if h.Fixed != "" {
		fmt.Fprintf(&b, "fixed in %s", h.Fixed)
	} else {
		b.WriteString("no fixed version is known")
	}
	switch hit.Reach {
	case Called, Possible:
		word := "; called"
		if hit.Reach == Possible {
			word = "; may be called"
		}
		b.WriteString(word)
		var via []string
		for _, s := range steps {
			via = append(via, oneLine(s.Message, 80))
		}
		if len(via) > 4 {
			via = append(via[:2:2], append([]string{"…"}, via[len(via)-2:]...)...)
		}
		if len(via) > 0 {
			fmt.Fprintf(&b, " via %s", strings.Join(via, " → "))
		} else if len(hit.Symbols) > 0 {
			fmt.Fprintf(&b, ": %s", oneLine(strings.Join(hit.Symbols, ", "), 120))
		}
	case Imported:
		fmt.Fprintf(&b, "; %s is imported", oneLine(hit.ImportPath, 120))
	case Required:
		if h.Module.ecosystem() == Go {
			b.WriteString("; the module is required")
		} else {
			b.WriteString("; the package is required")
		}
	}
	if !h.Module.shipped() {
		fmt.Fprintf(&b, " by %s code only", h.Module.Scope)
	}
	return b.String()
}

// lead is the record whose words are shown: the one with the id in the title,
// else the first that affects the module.
func (h *Hit) lead() *Advisory {
	for _, a := range slices.Concat(h.Known, h.Affected) {
		if a.ID == h.Rule && a.Summary != "" {
			return a
		}
	}
	for _, a := range slices.Concat(h.Affected, h.Known) {
		if a.Summary != "" {
			return a
		}
	}
	return h.Affected[0]
}

func (h *Hit) title() string {
	return cmp.Or(strings.TrimRight(oneLine(h.lead().Summary, 200), "."), "known vulnerability "+h.Rule)
}

// published returns the earliest publication date any record gives.
func (h *Hit) published() time.Time {
	var first time.Time
	for _, a := range h.Known {
		if !a.Published.IsZero() && (first.IsZero() || a.Published.Before(first)) {
			first = a.Published
		}
	}
	return first
}

// cwe returns the weaknesses all records name, sorted.
func (h *Hit) cwe() []int {
	list := []int{}
	for _, a := range h.Known {
		list = append(list, a.CWE...)
	}
	list = append(list, h.answer.CWE...)
	slices.Sort(list)
	return slices.Compact(list)
}

// score chooses among what all records of the alias set say about how bad it
// is. Statements that a record makes for another package are left out.
func (h *Hit) score() (rules.CVSS, []rules.CVSS) {
	severities := slices.Clone(h.answer.Severities)
	name := h.Module.identity()
	for _, a := range h.Known {
		source := scorer(a.ID)
		if a.Label != "" {
			severities = append(severities, rules.Severity{Source: source, Label: a.Label})
		}
		scores := a.Severity
		for i := range a.Affected {
			about := Module{Ecosystem: a.Affected[i].Ecosystem, Path: a.Affected[i].Package}
			if about.identity() == name {
				scores = append(scores[:len(scores):len(scores)], a.Affected[i].Severity...)
			}
		}
		for _, s := range scores {
			severities = append(severities, rules.Severity{Source: source, Vector: s.Score})
		}
	}
	return rules.ChooseScore(severities, h.cwe())
}

// scorer names who scored a record, as rules.ChooseScore ranks it. OSV does not
// tell a numbering authority's score of a CVE record from NVD's; the records
// osv.dev makes of CVEs carry the authority's.
func scorer(id string) string {
	switch kind, _, _ := strings.Cut(id, "-"); kind {
	case "GHSA":
		return rules.FromGHSA
	case "CVE":
		return rules.FromCNA
	default:
		return kind
	}
}

// MergeFindings joins findings of several main modules: one finding an identity
// (catalogue §4: versions and manifests do not matter). The gravest one stays:
// a violation before one for review, one that was adopted with the flaw before
// one with time to fix it, then the one that reaches deepest. The other places
// are named in its message. The result is ordered by module, rule and place.
func MergeFindings(findings []rules.Finding) []rules.Finding {
	depth := []string{Called, Possible, Imported, Required}
	weight := []rules.Class{rules.Violation, rules.Review, rules.Informational}
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b rules.Finding) int {
		return cmp.Or(
			cmp.Compare(a.Advisory.Package, b.Advisory.Package),
			cmp.Compare(a.Advisory.Ecosystem, b.Advisory.Ecosystem),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Fingerprint, b.Fingerprint),
			cmp.Compare(slices.Index(weight, a.Class), slices.Index(weight, b.Class)),
			cmp.Compare(boolInt(graced(a.Advisory)), boolInt(graced(b.Advisory))),
			cmp.Compare(slices.Index(depth, a.Advisory.Reach), slices.Index(depth, b.Advisory.Reach)),
			cmp.Compare(a.Location.Path, b.Location.Path),
			cmp.Compare(a.Location.Line, b.Location.Line),
			cmp.Compare(a.Advisory.Version, b.Advisory.Version),
			cmp.Compare(a.Message, b.Message),
		)
	})
	merged := []rules.Finding{}
	var also []string
	flush := func() {
		if slices.Sort(also); len(also) > 0 {
			merged[len(merged)-1].Message += "; also " + strings.Join(slices.Compact(also), ", ")
		}
		also = nil
	}
	for _, f := range sorted {
		if last := len(merged) - 1; last >= 0 && merged[last].Fingerprint == f.Fingerprint {
			kept := &merged[last]
			if place := f.Location.Path; place != kept.Location.Path || f.Advisory.Version != kept.Advisory.Version {
				also = append(also, f.Advisory.Version+" in "+cmp.Or(place, "another module"))
			}
			continue
		}
		flush()
		merged = append(merged, f)
	}
	flush()
	return merged
}

// graced reports whether the version was in use before its advisory came out,
// which gives time to fix it.
func graced(a *rules.AdvisoryHit) bool {
	return !a.Adopted.IsZero() && a.Published.After(a.Adopted)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Rules describes each advisory that hit as a rule of its own, ordered by id,
// for documentation beside the findings. The words of the advisory itself stay
// with its publisher; the summary and a link stand for them.
func (r *Result) Rules() []rules.Rule {
	byID := map[string]rules.Rule{}
	for i := range r.Hits {
		h := &r.Hits[i]
		if _, ok := byID[h.Rule]; ok {
			continue
		}
		score, _ := h.score()
		path, _ := h.Module.built()
		remedy := fmt.Sprintf("Upgrade %s to %s or later.", path, h.Fixed)
		switch {
		case h.Fixed == "":
			remedy = fmt.Sprintf("No fixed version of %s is known: replace it, or stop using what is vulnerable.", path)
		case h.Module.goItself():
			remedy = fmt.Sprintf("Build with %s or later: raise the `go` or `toolchain` line in go.mod.", h.Fixed)
		}
		byID[h.Rule] = rules.Rule{
			ID: h.Rule, Name: strings.ToLower(h.Rule), Title: h.title(), Class: rules.Violation,
			Controls: []string{"dep-no-known-high", "vuln-sla"}, CWE: h.cwe(), Vector: score.Vector,
			Flags: fmt.Sprintf("A version of `%s` that the advisory %s covers. See <https://osv.dev/vulnerability/%s>.",
				path, strings.Join(h.IDs, ", "), h.Rule),
			Safe:        "Another version, or a VEX statement that says why the product is not affected.",
			Remediation: remedy, Tool: "osv",
		}
	}
	list := []rules.Rule{}
	for _, rule := range byID {
		list = append(list, rule)
	}
	slices.SortFunc(list, func(a, b rules.Rule) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// oneLine makes foreign text fit for one line of a message: no control, format
// or bidirectional characters, single spaces, at most so many runes. Escaping
// for Markdown, HTML or a terminal is the writer's.
func oneLine(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	return clip(strings.Join(strings.Fields(s), " "), most)
}
