package catalog

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

type controlsYAML struct {
	Controls []controlYAML `yaml:"controls"`
}

type controlYAML struct {
	ID            word              `yaml:"id"`
	Title         string            `yaml:"title"`
	Verifiers     []verifiersYAML   `yaml:"verifiers"`
	Proof         [][]string        `yaml:"proof"`
	NotApplicable notApplicableYAML `yaml:"not-applicable"`
	Statuses      string            `yaml:"statuses"`
	Decays        string            `yaml:"decays"`
	HowToSatisfy  string            `yaml:"how-to-satisfy"`
}

// verifiersYAML is a group of verifiers that share everything but their ids.
type verifiersYAML struct {
	IDs     []string `yaml:"ids"`
	First   bool     `yaml:"first"`
	Planned bool     `yaml:"planned"`
	CWE     []int    `yaml:"cwe"`
	Code    bool     `yaml:"code"`
}

type notApplicableYAML struct {
	NoneOf   []string `yaml:"none-of"`
	Declared bool     `yaml:"declared"`
	Text     string   `yaml:"text"`
}

var (
	controlID     = regexp.MustCompile(`^[a-z][a-z0-9.]*(-[a-z0-9.]+)*$`)
	gosecFamily   = regexp.MustCompile(`^G[0-9]{3}$`)
	ownFamily     = regexp.MustCompile(`^MKT[0-9]{3}$`)
	namedVerifier = regexp.MustCompile(`^([a-z]+):([a-z][a-z0-9-]*)$`)
	statuses      = []string{"P", "F", "N", "X", "E", "U"}

	verifierKinds = []string{
		"clock", "dependencies", "document", "files", "findings", "import", "ledger", "policy", "probe", "run", "settings", "statement",
	}

	// facts are the computed truths of catalogue §2.1 that can rule a control
	// out.
	facts = []string{
		"api-apollo", "api-druva", "api-monday", "browser-ui", "cookie-auth", "cookies-set", "crypto", "customer-api-keys",
		"data-store", "declared-pii-high", "declared-sensitive", "dependencies", "embedded", "external-input", "graphql-client", "html-output", "http-server", "js",
		"marketplace-api", "nosql", "outbound", "outbound-dynamic", "password", "redirect", "release-binaries",
		"request-binding", "route-table-unresolved", "secrets-used", "sessions", "source-code", "sql", "stores-data",
		"uncovered-language",
	}
)

// readControls reads the controls in their order.
func (p *parser) readControls(f file) {
	var y controlsYAML
	if !p.decode(f, &y) {
		return
	}
	if len(y.Controls) == 0 {
		p.faultf(place{f.name, 0}, "there are no controls")
	}
	planned := map[string]bool{}
	for _, c := range y.Controls {
		at := c.ID.at(f)
		if !controlID.MatchString(c.ID.text) {
			p.faultf(at, "control id %q is not words joined by hyphens", c.ID.text)
		}
		control := rules.Control{
			ID: c.ID.text, Title: c.Title, Verifiers: p.verifiers(at, c.Verifiers, planned), Proof: c.Proof,
			NotApplicable: rules.NotApplicableWhen(c.NotApplicable),
			Statuses:      c.Statuses, Decays: c.Decays, HowToSatisfy: c.HowToSatisfy,
		}
		p.title(at, c.Title)
		p.text(at, "how-to-satisfy", c.HowToSatisfy)
		p.proof(at, &control)
		p.statuses(at, &control)
		if p.define(c.ID.text, at) {
			p.controls[c.ID.text] = len(p.pack.Catalogue.Controls)
			p.pack.Catalogue.Controls = append(p.pack.Catalogue.Controls, control)
		}
	}
}

// verifiers checks and unfolds the groups of one control. Whether a verifier
// is planned must be the same wherever it is named; planned remembers it.
func (p *parser) verifiers(at place, groups []verifiersYAML, planned map[string]bool) []rules.Verifier {
	var list []rules.Verifier
	seen := map[string]bool{}
	for _, g := range groups {
		if len(g.IDs) == 0 {
			p.faultf(at, "a group of verifiers names none")
		}
		for _, cwe := range g.CWE {
			if cwe <= 0 {
				p.faultf(at, "%d is not a CWE", cwe)
			}
		}
		for _, id := range g.IDs {
			if seen[id] {
				p.faultf(at, "verifier %q is named twice", id)
			}
			seen[id] = true
			if before, known := planned[id]; known && before != g.Planned {
				p.faultf(at, "verifier %q is planned in one control and built in another", id)
			}
			planned[id] = g.Planned
			switch m := namedVerifier.FindStringSubmatch(id); {
			case gosecFamily.MatchString(id):
				if g.Planned {
					p.faultf(at, "rule %s of gosec exists and cannot be planned", id)
				}
			case ownFamily.MatchString(id):
			case m == nil || !slices.Contains(verifierKinds, m[1]):
				p.faultf(at, "verifier %q is neither a rule family nor kind:name with one of the kinds %s", id, strings.Join(verifierKinds, ", "))
			case m[1] == "statement" && g.First:
				p.faultf(at, "%s is a person's word and cannot be first", id)
			}
			list = append(list, rules.Verifier{ID: id, First: g.First, Planned: g.Planned, CWE: g.CWE, Code: g.Code})
		}
	}
	return list
}

// proof refuses groups that name nobody or a stranger, and a control that
// would pass although nothing had to look.
func (p *parser) proof(at place, c *rules.Control) {
	if len(c.Verifiers) == 0 {
		p.faultf(at, "control has no verifier")
		return
	}
	for _, group := range c.Proof {
		if len(group) == 0 {
			p.faultf(at, "a proof group is empty")
		}
		for _, id := range group {
			if !slices.ContainsFunc(c.Verifiers, func(v rules.Verifier) bool { return v.ID == id }) {
				p.faultf(at, "proof names %q, which is not one of the control's verifiers", id)
			}
		}
	}
	if len(c.Proof) == 0 && !slices.ContainsFunc(c.Verifiers, func(v rules.Verifier) bool { return v.First }) {
		p.faultf(at, "control would pass unseen: it has neither a first verifier nor a proof")
	}
}

// statuses checks the letters and that they fit the conditions beside them.
func (p *parser) statuses(at place, c *rules.Control) {
	letters := strings.Fields(c.Statuses)
	among(p, at, "statuses", letters, statuses)
	if !slices.Contains(letters, "P") {
		p.faultf(at, "statuses lack P: nothing could satisfy the control")
	}
	if len(c.Proof) > 0 && !slices.Contains(letters, "N") {
		p.faultf(at, "control wants a proof, but its statuses lack N")
	}
	among(p, at, "not-applicable none-of", c.NotApplicable.NoneOf, facts)
	p.text(at, "not-applicable text", c.NotApplicable.Text)
	switch {
	case len(c.NotApplicable.NoneOf) > 0 && !slices.Contains(letters, "X"):
		p.faultf(at, "control can be ruled out, but its statuses lack X")
	case len(c.NotApplicable.NoneOf) == 0 && c.NotApplicable.Declared:
		p.faultf(at, "a declaration alone cannot rule a control out: none-of names no fact")
	}
}

// checkRules holds rules and controls against each other: each names the
// other, or the catalogue would lose findings without a word.
func (p *parser) checkRules() {
	type use struct{ rule, control string }
	named := map[use]rules.Verifier{}
	for _, c := range p.pack.Catalogue.Controls {
		for _, v := range c.Verifiers {
			if gosecFamily.MatchString(v.ID) || ownFamily.MatchString(v.ID) && v.Planned {
				named[use{v.ID, c.ID}] = v
			}
		}
	}
	meant := map[use]bool{}
	expect := func(at place, rule string, controls []string, class rules.Class, first bool) {
		for _, id := range controls {
			if _, ok := p.control(id); !ok {
				p.faultf(at, "control %q does not exist", id)
				continue
			}
			u := use{rule, id}
			meant[u] = true
			v, ok := named[u]
			switch {
			case !ok:
				p.faultf(at, "rule %s speaks to control %s, which does not list it as a verifier", rule, id)
			case first && class != rules.Informational && !v.First:
				p.faultf(at, "rule %s must be a first verifier of control %s", rule, id)
			}
		}
	}
	for _, e := range p.pack.Gosec.Entries {
		expect(p.ids[e.Rule.ID], e.Family, e.Rule.Controls, e.Rule.Class, true)
	}
	for _, r := range p.pack.Planned {
		expect(p.ids[r.ID], r.ID, r.Controls, r.Class, r.Priority == 1)
	}
	for _, u := range slices.SortedFunc(maps.Keys(named), func(a, b use) int {
		return strings.Compare(a.rule+a.control, b.rule+b.control)
	}) {
		if !meant[u] {
			p.faultf(p.ids[u.control], "verifier %s is listed, but the rule does not name control %s", u.rule, u.control)
		}
	}
}
