package catalog

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
)

type marketplaceYAML struct {
	ID           word              `yaml:"id"`
	Name         string            `yaml:"name"`
	Source       sourceYAML        `yaml:"source"`
	Requirements []requirementYAML `yaml:"requirements"`
}

type sourceYAML struct {
	Title  string `yaml:"title"`
	Code   string `yaml:"code"`
	SHA256 string `yaml:"sha256"`
	Read   string `yaml:"read"`
}

type requirementYAML struct {
	ID         word                      `yaml:"id"`
	Category   rules.Category            `yaml:"category"`
	Wording    string                    `yaml:"wording"`
	Title      string                    `yaml:"title"`
	Source     string                    `yaml:"source"`
	CountsFrom string                    `yaml:"counts-from"`
	Controls   []string                  `yaml:"controls"`
	Parameters map[string]parametersYAML `yaml:"parameters"` // by control
	Assurance  []string                  `yaml:"assurance"`
}

type parametersYAML struct {
	Bands   []rules.Band       `yaml:"bands"`
	MinBand rules.Band         `yaml:"min-band"`
	Sources []string           `yaml:"sources"`
	Without []string           `yaml:"without"`
	Minimum map[string]float64 `yaml:"minimum"`
	Maximum map[string]float64 `yaml:"maximum"`
	Warn    map[string]float64 `yaml:"warn"`
	Accept  []string           `yaml:"accept"`
	Require []string           `yaml:"require"`
}

var (
	marketplaceID   = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	requirementTail = regexp.MustCompile(`^[A-Z]+-[0-9]{2}$`)
	sourceCode      = regexp.MustCompile(`^[0-9]{3}$`)
	sourceLines     = regexp.MustCompile(`^[0-9]+(,[0-9]+)*$`)
	hexDigest       = regexp.MustCompile(`^[0-9a-f]{64}$`)
	assurance       = []string{"L", "M", "P", "S", "R", "D", "A"}
	phases          = []string{"submitted", "approved", "published"}
	bands           = []rules.Band{rules.Critical, rules.High, rules.Medium, rules.Low}
	findingSources  = []string{"code", "dependency", "file", "settings", "probe", "document", "import"}
)

// readMarketplace reads one marketplace. The controls must have been read.
func (p *parser) readMarketplace(f file) {
	var y marketplaceYAML
	if !p.decode(f, &y) {
		return
	}
	at := place{f.name, max(y.ID.line, 1)}
	id := y.ID.text
	if !marketplaceID.MatchString(id) {
		p.faultf(at, "id %q is not lower-case letters, digits and hyphens", id)
	}
	if f.name != id+".yml" {
		p.faultf(at, "the file of marketplace %q must be called %s.yml", id, id)
	}
	p.text(at, "name", y.Name)
	p.text(at, "source title", y.Source.Title)
	if !sourceCode.MatchString(y.Source.Code) {
		p.faultf(at, "source code %q is not three digits in quotes", y.Source.Code)
	}
	for _, m := range p.pack.Catalogue.Marketplaces {
		if m.Source.Code == y.Source.Code {
			p.faultf(at, "source code %q already belongs to %s", y.Source.Code, m.ID)
		}
	}
	if !hexDigest.MatchString(y.Source.SHA256) {
		p.faultf(at, "source sha256 is not 64 lower-case hex digits")
	}
	p.date(at, "source read", y.Source.Read)
	if len(y.Requirements) == 0 {
		p.faultf(at, "there are no requirements")
	}
	m := rules.Marketplace{
		ID:   id,
		Name: y.Name,
		Source: rules.Source{
			Title: y.Source.Title, Code: y.Source.Code, SHA256: y.Source.SHA256, Read: y.Source.Read,
		},
	}
	for _, r := range y.Requirements {
		m.Requirements = append(m.Requirements, p.requirement(f, &m, r))
	}
	p.pack.Catalogue.Marketplaces = append(p.pack.Catalogue.Marketplaces, m)
}

// requirement checks one requirement and turns it into the shared type.
func (p *parser) requirement(f file, m *rules.Marketplace, y requirementYAML) rules.Requirement {
	at := y.ID.at(f)
	if tail, ok := strings.CutPrefix(y.ID.text, strings.ToUpper(m.ID)+"-"); !ok || !requirementTail.MatchString(tail) {
		p.faultf(at, "requirement id %q is not of the form %s-XX-01", y.ID.text, strings.ToUpper(m.ID))
	}
	p.define(y.ID.text, at)
	switch y.Category {
	case rules.Mandatory, rules.Recommended, rules.Process:
	default:
		p.faultf(at, "category %q is not MANDATORY, RECOMMENDED or process", y.Category)
	}
	p.text(at, "wording", y.Wording)
	p.title(at, y.Title)
	if lines, ok := strings.CutPrefix(y.Source, m.Source.Code+":"); !ok || !sourceLines.MatchString(lines) {
		p.faultf(at, "source %q is not of the form %s:line", y.Source, m.Source.Code)
	}
	if y.CountsFrom != "" && !slices.Contains(phases, y.CountsFrom) {
		p.faultf(at, "counts-from %q is not one of %s", y.CountsFrom, strings.Join(phases, ", "))
	}
	among(p, at, "assurance", y.Assurance, assurance)
	if len(y.Assurance) == 0 {
		p.faultf(at, "assurance is missing")
	}
	r := rules.Requirement{
		ID: y.ID.text, Marketplace: m.ID, Category: y.Category, Title: y.Title, Wording: y.Wording,
		Source: y.Source, CountsFrom: y.CountsFrom, Assurance: y.Assurance,
	}
	if len(y.Controls) == 0 {
		p.faultf(at, "no control is named")
	}
	for i, id := range y.Controls {
		if slices.Contains(y.Controls[:i], id) {
			p.faultf(at, "control %q is named twice", id)
		}
		control, ok := p.control(id)
		if !ok {
			p.faultf(at, "control %q does not exist", id)
			continue
		}
		r.Controls = append(r.Controls, rules.ControlUse{
			Control: id, Parameters: p.parameters(at, control, y.Parameters[id]),
		})
	}
	for _, id := range slices.Sorted(maps.Keys(y.Parameters)) {
		if !slices.Contains(y.Controls, id) {
			p.faultf(at, "parameters are given for control %q, which the requirement does not name", id)
		}
	}
	return r
}

// parameters checks what a requirement asks of one control.
func (p *parser) parameters(at place, control *rules.Control, y parametersYAML) rules.Parameters {
	among(p, at, "bands", y.Bands, bands)
	if y.MinBand != "" {
		among(p, at, "min-band", []rules.Band{y.MinBand}, bands)
	}
	among(p, at, "sources", y.Sources, findingSources)
	for name, low := range y.Minimum {
		if high, both := y.Maximum[name]; both && low > high {
			p.faultf(at, "minimum of %s is above its maximum", name)
		}
	}
	for name, limit := range y.Warn {
		low, hasLow := y.Minimum[name]
		high, hasHigh := y.Maximum[name]
		switch {
		case !hasLow && !hasHigh:
			p.faultf(at, "warn limits %s, which has neither minimum nor maximum", name)
		case hasLow && limit < low, hasHigh && limit > high:
			p.faultf(at, "warn limit of %s lies outside what is accepted", name)
		}
	}
	among(p, at, "accept", y.Accept, y.Accept)
	for _, id := range y.Without {
		if !slices.ContainsFunc(control.Verifiers, func(v rules.Verifier) bool { return v.ID == id }) {
			p.faultf(at, "rule %q is left out, but control %s does not list it", id, control.ID)
		}
	}
	for _, id := range y.Require {
		if !slices.ContainsFunc(control.Verifiers, func(v rules.Verifier) bool { return v.ID == id }) {
			p.faultf(at, "verifier %q is required, but control %s does not list it", id, control.ID)
		}
	}
	return rules.Parameters{
		Bands: y.Bands, MinBand: y.MinBand, Sources: y.Sources, Without: y.Without, Minimum: y.Minimum,
		Maximum: y.Maximum, Warn: y.Warn, Accept: y.Accept, Require: y.Require,
	}
}

// among refuses values that are not allowed or stand twice.
func among[T ~string](p *parser, at place, key string, values, allowed []T) {
	for i, v := range values {
		if v == "" || !slices.Contains(allowed, v) {
			p.faultf(at, "%s: %q is not allowed", key, v)
		} else if slices.Contains(values[:i], v) {
			p.faultf(at, "%s: %q stands twice", key, v)
		}
	}
}

// date refuses what is not a calendar day.
func (p *parser) date(at place, key, value string) {
	if _, err := time.Parse(time.DateOnly, value); err != nil {
		p.faultf(at, "%s %q is not a date of the form 2026-11-21", key, value)
	}
}
