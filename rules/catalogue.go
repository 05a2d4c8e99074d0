package rules

// A Catalogue is everything that can be asked of a repository: the
// marketplaces with their requirements, and the controls they share. It is
// data; rules/catalog reads the embedded one.
type Catalogue struct {
	Version      string        `json:"version"` // date of the catalogue data, YYYY-MM-DD
	Marketplaces []Marketplace `json:"marketplaces"`
	Controls     []Control     `json:"controls"`
}

// A Marketplace is one listing programme and its requirements in the order of
// its own document.
type Marketplace struct {
	ID           string        `json:"id"`   // "druva"
	Name         string        `json:"name"` // "Druva Marketplace"
	Source       Source        `json:"source"`
	Requirements []Requirement `json:"requirements"`
}

// Source names the document a marketplace's requirements were read from.
type Source struct {
	Title  string `json:"title"`
	Code   string `json:"code"`   // the number requirement sources cite, "000"
	SHA256 string `json:"sha256"` // digest of the text that was read, lower-case hex
	Read   string `json:"read"`   // date it was read, YYYY-MM-DD
}

// A Requirement is one duty a marketplace lays on its partners.
type Requirement struct {
	ID          string       `json:"id"` // "DRUVA-SC-07", never reused
	Marketplace string       `json:"marketplace"`
	Category    Category     `json:"category"`
	Title       string       `json:"title"`   // our own wording
	Wording     string       `json:"wording"` // how strongly the source says it
	Source      string       `json:"source"`  // document code and line, "000:62"
	CountsFrom  string       `json:"counts_from,omitempty"`
	Controls    []ControlUse `json:"controls"`
	Assurance   []string     `json:"assurance"` // letters of catalogue §1: L M P S R D A
}

// A ControlUse is a requirement's pointer to a control with the parameters it
// compares the control's one evaluation with.
type ControlUse struct {
	Control    string     `json:"control"`
	Parameters Parameters `json:"parameters,omitzero"`
}

// Parameters narrow or sharpen a control for one requirement (catalogue
// §2.1.1). The zero value takes the control as it is.
type Parameters struct {
	// Bands keeps only findings of these bands; empty keeps all.
	Bands []Band `json:"bands,omitempty"`
	// MinBand keeps only findings of this band or worse.
	MinBand Band `json:"min_band,omitempty"`
	// Sources keeps only findings of these sources ("dependency", "code", …).
	Sources []string `json:"sources,omitempty"`
	// Without leaves out the findings of these rule families, which speak of
	// another marketplace's terms.
	Without []string `json:"without,omitempty"`
	// Minimum and Maximum bound a measurement by name. A finding that carries
	// the measurement and lies inside the bounds does not count; an observation
	// outside them does not prove.
	Minimum map[string]float64 `json:"minimum,omitempty"`
	Maximum map[string]float64 `json:"maximum,omitempty"`
	// Warn is a lower limit than Maximum (or a higher one than Minimum) from
	// which a passing requirement is at risk.
	Warn map[string]float64 `json:"warn,omitempty"`
	// Accept lists the tags of which an observation must carry one to prove.
	Accept []string `json:"accept,omitempty"`
	// Require names further verifiers that must have proved something.
	Require []string `json:"require,omitempty"`
}

// A Control is what several requirements share; it is evaluated once.
type Control struct {
	ID    string `json:"id"` // "csrf-protection"
	Title string `json:"title"`
	// Verifiers that can say something about the control, strongest first.
	Verifiers []Verifier `json:"verifiers"`
	// Proof is what must be shown besides a clean run: every group needs one of
	// its verifiers to have left a valid observation. Empty means that a clean
	// run of the refuting verifiers is enough.
	Proof [][]string `json:"proof,omitempty"`
	// NotApplicable says which facts rule the control out.
	NotApplicable NotApplicableWhen `json:"not_applicable,omitzero"`
	// Statuses the control can take, as the catalogue's letters (P F N X E U).
	Statuses string `json:"statuses"`
	// Decays says in words what turns it red without a push.
	Decays string `json:"decays,omitempty"`
	// HowToSatisfy tells a partner what to do.
	HowToSatisfy string `json:"how_to_satisfy,omitempty"`
}

// A Verifier is one way to look at a control.
type Verifier struct {
	// ID is a rule ("G402", "MKT501") or a kind and a name ("document:architecture").
	ID string `json:"id"`
	// First marks a verifier of first priority: without its complete run the
	// control is unknown.
	First bool `json:"first,omitempty"`
	// Planned marks a verifier that does not exist yet.
	Planned bool `json:"planned,omitempty"`
	// CWE names the weaknesses whose absence another tool's analysis may vouch
	// for when the repository holds server code in other languages.
	CWE []int `json:"cwe,omitempty"`
	// Code is true when the verifier reads program code, so that its silence
	// proves something only about the languages and packages it analysed.
	Code bool `json:"code,omitempty"`
}

// NotApplicableWhen names the computed facts that rule a control out. It is
// fulfilled when every fact of NoneOf is known and false. With Declared set
// the policy must say so as well.
type NotApplicableWhen struct {
	NoneOf   []string `json:"none_of,omitempty"`
	Declared bool     `json:"declared,omitempty"`
	Text     string   `json:"text,omitempty"` // the same in words
}

// Requirement returns the requirement with the given id.
func (c *Catalogue) Requirement(id string) (Requirement, bool) {
	for _, m := range c.Marketplaces {
		for _, r := range m.Requirements {
			if r.ID == id {
				return r, true
			}
		}
	}
	return Requirement{}, false
}

// Control returns the control with the given id.
func (c *Catalogue) Control(id string) (Control, bool) {
	for _, k := range c.Controls {
		if k.ID == id {
			return k, true
		}
	}
	return Control{}, false
}

// Marketplace returns the marketplace with the given id.
func (c *Catalogue) Marketplace(id string) (Marketplace, bool) {
	for _, m := range c.Marketplaces {
		if m.ID == id {
			return m, true
		}
	}
	return Marketplace{}, false
}

// A Rule describes what a rule flags: the metadata that findings, SARIF,
// documentation and `staylisted explain` share. Variants of one rule that
// carry their own vector are rules of their own ("G402/skip-verify").
type Rule struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`  // kebab-case, "cleartext-datastore"
	Title       string   `json:"title"` // one line without a full stop
	Class       Class    `json:"class"`
	Controls    []string `json:"controls,omitempty"`
	CWE         []int    `json:"cwe,omitempty"`
	Vector      string   `json:"vector,omitempty"` // CVSS:3.1/…; empty for policy violations
	Flags       string   `json:"flags"`            // what it flags, Markdown
	Safe        string   `json:"safe"`             // what makes it safe, Markdown
	Remediation string   `json:"remediation"`      // how to fix it, Markdown
	Wrong       string   `json:"wrong,omitempty"`  // a short bad example, code
	Right       string   `json:"right,omitempty"`  // the same made good, code
	Frameworks  []string `json:"frameworks,omitempty"`
	Tool        string   `json:"tool"` // "staylisted", "gosec" or "osv"
}
