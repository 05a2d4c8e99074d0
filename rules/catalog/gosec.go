package catalog

import (
	"regexp"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// Gosec is our judgement on gosec's rules.
type Gosec struct {
	Entries []GosecEntry // in the order of the file; the entries of a family stand together
}

// A GosecEntry describes one rule of gosec, or one variant of a rule that
// speaks of flaws of different weight.
type GosecEntry struct {
	Family  string     // gosec's own id, "G402"
	Rule    rules.Rule // our description; its ID is the family, or "family/variant"
	Quality bool       // about code quality: no requirement asks for it, shown on request only

	message, except *regexp.Regexp // nil: the entry takes what is left
}

// Match returns the rule that a finding of gosec means, by gosec's rule id and
// message. It is false for ids that gosec v2.30.0 does not have.
func (g *Gosec) Match(ruleID, message string) (rules.Rule, bool) {
	for i := range g.Entries {
		if r, ok := g.Entries[i].Match(ruleID, message); ok {
			return r, true
		}
	}
	return rules.Rule{}, false
}

// Match returns the entry's rule if the finding is its own. The last entry of
// a family takes every message, so ask the entries in order.
func (e *GosecEntry) Match(ruleID, message string) (rules.Rule, bool) {
	switch {
	case e.Family != ruleID,
		e.message != nil && !e.message.MatchString(message),
		e.except != nil && e.except.MatchString(message):
		return rules.Rule{}, false
	}
	return e.Rule, true
}

// Families returns gosec's rule ids, sorted.
func (g *Gosec) Families() []string {
	var ids []string
	for _, e := range g.Entries {
		ids = append(ids, e.Family)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// A Planned is a rule of our own that is announced and not built yet. What a
// built rule says of itself stands beside its code in rules/code and
// rules/files.
type Planned struct {
	ID       string // "MKT501"
	Name     string // "csrf-missing"
	Title    string
	Class    rules.Class
	Priority int // 1 to 3; the controls of priority 1 wait for it
	Controls []string
}

// A Vector is a CVSS v3.1 base vector with its score.
type Vector struct {
	Vector string // "CVSS:3.1/AV:N/…"
	Score  float64
	Band   rules.Band
}

type gosecYAML struct {
	Rules []gosecRuleYAML `yaml:"rules"`
}

type gosecRuleYAML struct {
	ID          word        `yaml:"id"`
	Name        string      `yaml:"name"`
	Title       string      `yaml:"title"`
	Class       rules.Class `yaml:"class"`
	Controls    []string    `yaml:"controls"`
	CWE         []int       `yaml:"cwe"`
	Vector      string      `yaml:"vector"` // alias
	Quality     bool        `yaml:"quality"`
	Message     string      `yaml:"message"`
	Except      string      `yaml:"except"`
	Flags       string      `yaml:"flags"`
	Safe        string      `yaml:"safe"`
	Remediation string      `yaml:"remediation"`
	Wrong       string      `yaml:"wrong"`
	Right       string      `yaml:"right"`
}

type catalogueYAML struct {
	Version string        `yaml:"version"`
	Retired []string      `yaml:"retired"`
	Planned []plannedYAML `yaml:"planned"`
}

type plannedYAML struct {
	ID       word        `yaml:"id"`
	Name     string      `yaml:"name"`
	Title    string      `yaml:"title"`
	Class    rules.Class `yaml:"class"`
	Priority int         `yaml:"priority"`
	Controls []string    `yaml:"controls"`
}

type vectorYAML struct {
	Vector word       `yaml:"vector"`
	Score  float64    `yaml:"score"`
	Band   rules.Band `yaml:"band"`
}

var (
	gosecID  = regexp.MustCompile(`^(G[0-9]{3})(/[a-z]+(?:-[a-z]+)*)?$`)
	ruleName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	classes  = []rules.Class{rules.Violation, rules.Review, rules.Informational}
)

// readCatalogue reads the version, the retired ids and the planned rules.
func (p *parser) readCatalogue(f file) {
	var y catalogueYAML
	if !p.decode(f, &y) {
		return
	}
	p.date(place{f.name, 0}, "version", y.Version)
	among(p, place{f.name, 0}, "retired", y.Retired, y.Retired)
	p.pack.Catalogue.Version = y.Version
	p.pack.Retired = y.Retired
	for _, r := range y.Planned {
		at := r.ID.at(f)
		if !ownFamily.MatchString(r.ID.text) {
			p.faultf(at, "rule id %q is not of the form MKT101", r.ID.text)
		}
		p.rule(at, r.Name, r.Title, r.Class, r.Controls)
		if r.Priority < 1 || r.Priority > 3 {
			p.faultf(at, "priority %d is not 1, 2 or 3", r.Priority)
		}
		if len(r.Controls) == 0 {
			p.faultf(at, "rule names no control")
		}
		if p.define(r.ID.text, at) {
			p.pack.Planned = append(p.pack.Planned, Planned{
				ID: r.ID.text, Name: r.Name, Title: r.Title, Class: r.Class, Priority: r.Priority, Controls: r.Controls,
			})
		}
	}
}

// readVectors reads the base vectors.
func (p *parser) readVectors(f file) {
	var y map[string]vectorYAML
	if !p.decode(f, &y) {
		return
	}
	for alias, v := range y {
		at := v.Vector.at(f)
		if !strings.HasPrefix(v.Vector.text, "CVSS:3.1/") {
			p.faultf(at, "vector %s does not begin with CVSS:3.1/", alias)
		}
		if v.Score <= 0 || v.Score > 10 {
			p.faultf(at, "score of vector %s is not between 0 and 10", alias)
		}
		among(p, at, "band", []rules.Band{v.Band}, bands)
		p.pack.Vectors[alias] = Vector{Vector: v.Vector.text, Score: v.Score, Band: v.Band}
	}
}

// readGosec reads our entries for gosec's rules. The vectors must have been
// read.
func (p *parser) readGosec(f file) {
	var y gosecYAML
	if !p.decode(f, &y) {
		return
	}
	for i, r := range y.Rules {
		at := r.ID.at(f)
		m := gosecID.FindStringSubmatch(r.ID.text)
		if m == nil {
			p.faultf(at, "rule id %q is not of the form G101 or G101/variant", r.ID.text)
			continue
		}
		e := GosecEntry{
			Family: m[1], Quality: r.Quality,
			message: p.pattern(at, "message", r.Message), except: p.pattern(at, "except", r.Except),
			Rule: rules.Rule{
				ID: r.ID.text, Name: r.Name, Title: r.Title, Class: r.Class, Controls: r.Controls, CWE: r.CWE,
				Vector: p.pack.Vectors[r.Vector].Vector, Flags: r.Flags, Safe: r.Safe, Remediation: r.Remediation,
				Wrong: r.Wrong, Right: r.Right, Tool: "gosec",
			},
		}
		p.rule(at, r.Name, r.Title, r.Class, r.Controls)
		p.text(at, "flags", r.Flags)
		p.text(at, "safe", r.Safe)
		p.text(at, "remediation", r.Remediation)
		p.weight(at, r)
		if (r.Wrong == "") != (r.Right == "") {
			p.faultf(at, "wrong and right come as a pair")
		}
		// The variants of a family stand together and the last takes the rest.
		family := func(j int) bool {
			return j >= 0 && j < len(y.Rules) && strings.HasPrefix(y.Rules[j].ID.text+"/", e.Family+"/")
		}
		last := !family(i + 1)
		switch {
		case last && e.message != nil, last && e.except != nil:
			p.faultf(at, "the last entry of %s must take every message", e.Family)
		case !last && e.message == nil:
			p.faultf(at, "an entry of %s before the last needs a message", e.Family)
		case (m[2] != "") != (family(i-1) || !last):
			p.faultf(at, "%s: a variant's name is for families with several entries", r.ID.text)
		}
		if !family(i-1) && slices.ContainsFunc(p.pack.Gosec.Entries, func(b GosecEntry) bool { return b.Family == e.Family }) {
			p.faultf(at, "the entries of %s do not stand together", e.Family)
		}
		if p.define(r.ID.text, at) {
			p.pack.Gosec.Entries = append(p.pack.Gosec.Entries, e)
		}
	}
}

// rule checks what all rules share. Whether the controls exist is checked when
// all files have been read.
func (p *parser) rule(at place, name, title string, class rules.Class, controls []string) {
	if !ruleName.MatchString(name) {
		p.faultf(at, "name %q is not words joined by hyphens", name)
	}
	p.title(at, title)
	among(p, at, "class", []rules.Class{class}, classes)
	among(p, at, "controls", controls, controls)
}

// weight checks that class, controls, CWE and vector of an entry agree.
func (p *parser) weight(at place, r gosecRuleYAML) {
	for _, cwe := range r.CWE {
		if cwe <= 0 {
			p.faultf(at, "%d is not a CWE", cwe)
		}
	}
	if _, known := p.pack.Vectors[r.Vector]; r.Vector != "" && !known {
		p.faultf(at, "vector %q does not exist", r.Vector)
	}
	if r.Class != rules.Informational && (len(r.Controls) == 0 || len(r.CWE) == 0 || r.Vector == "") {
		p.faultf(at, "a rule of class %s needs controls, a CWE and a vector", r.Class)
	}
	if r.Quality && (r.Class != rules.Informational || len(r.Controls) > 0) {
		p.faultf(at, "a quality rule is informational and speaks to no control")
	}
}

// pattern compiles an expression; an empty one is nil.
func (p *parser) pattern(at place, key, expr string) *regexp.Regexp {
	if expr == "" {
		return nil
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		p.faultf(at, "%s: %v", key, err)
	}
	return re
}
