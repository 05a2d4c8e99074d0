package evidence

import (
	"fmt"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// A File is a policy file without errors. Entries stand in the order of the
// file, each with the place it begins at. Dates are midnight UTC of the day;
// an absent one is the zero time. Text is as written: hostile.
type File struct {
	Name             string // as given to Parse, for citing
	Version          int    // always 1
	Product          Product
	Marketplaces     []Marketplace
	Contacts         []Contact
	Endpoints        []Endpoint
	Services         []Service
	Stores           []Store
	Data             []Data
	SubProcessors    []SubProcessor
	SubProcessorPage string // https URL of a public list, instead of SubProcessors
	Documents        []Document
	Secrets          []Secret
	Incidents        []Incident
	Attestations     []Attestation
	NotApplicable    []NotApplicable
	Suppressions     []Suppression
	Teach            Teach
	Gate             string // "strict" (default) or "sla"
	Anchor           string // "reported" (default) or "triaged"
	AttestationGrade string // "A1", "A2" (default) or "A3"
	DeniedLicences   []string
	KnownLicences    []KnownLicence
	Limits           Limits
	Vectors          []Vector
	Reported         []Reported
	CSRFTest         string // https URL; empty when not opted in

	// Sections are the keys of the first level in the order of the file, so that
	// one that is there and empty can be told from one that is not.
	Sections []Section

	// Notes say what was read differently from what is written, without being
	// an error: an attestation clipped to its limit.
	Notes ErrorList
}

// A Section is one key of the first level with everything below it.
type Section struct {
	Pos        // of the key
	End Pos    // the first line after it and its comments; the column is 1
	Key string // "stores"
}

// Section returns the section of a key; ok is false when the file lacks it.
func (f *File) Section(key string) (section Section, ok bool) {
	for _, s := range f.Sections {
		if s.Key == key {
			return s, true
		}
	}
	return Section{}, false
}

// A KnownLicence is what a person found out about the licence of a component
// whose own files do not show it.
type KnownLicence struct {
	Pos
	Component string // "npm:left-pad", with or without "@version"
	Licence   string // SPDX licence expression
	Reason    string
}

// A Product is what is listed.
type Product struct {
	Pos
	Name      string
	Sensitive bool // handles personal data or asks for privileged scopes
}

// A Marketplace is one the product is or will be listed on.
type Marketplace struct {
	Pos
	ID                                       string
	Phase                                    string // draft, submitted, approved, published, rejected; empty counts as draft
	Submitted, Approved, Published, Rejected time.Time
	Scopes                                   []string
	Questionnaire                            Questionnaire
}

// A Questionnaire is the marketplace's own form and when it was accepted.
type Questionnaire struct {
	Pos
	Submitted, Approved time.Time
}

// A Contact is who to turn to; at least one of the two addresses is set.
type Contact struct {
	Pos
	Role   string // "security" or "technical"
	Email  string
	GitHub string // "@login" or "@org/team"
}

// An Endpoint is a deployed address of the product.
type Endpoint struct {
	Pos
	URL       string // https, without credentials, query or fragment
	Kind      string // browser, embedded, api, webhook, static; empty when not said
	Private   []Route
	Anonymous []Route
}

// A Route is a path with an optional method.
type Route struct {
	Method string // "GET"; empty means every method
	Path   string // begins with a slash
}

// A Service is an outside system the product calls.
type Service struct {
	Pos
	Name                           string
	Hosts                          []string // lower case; "*.example.com" stands for every name below it
	Auth                           string
	Scopes                         []string
	Why                            string
	Provider, Region, Jurisdiction string
}

// A Store is a place data rests in.
type Store struct {
	Pos
	Name                                    string
	Provider, Service, Region, Jurisdiction string
	Encryption, Key                         string
	IaC                                     string // repository path
}

// Data is one class of data the product holds.
type Data struct {
	Pos
	Name       string
	Class      string // public, internal, confidential, pii, pii-high, secret
	Source     string
	Store      string // name of a Store
	Protection string
	Retention  Duration
	Deletion   string // repository path or https URL
}

// A SubProcessor is a company that gets data from the product.
type SubProcessor struct {
	Pos
	Name, Purpose, Region string
	Data                  []string
}

// A Document is an evidence document in the repository.
type Document struct {
	Pos
	Kind string
	Path string
}

// A Secret is a line of the rotation ledger: never a value.
type Secret struct {
	Pos
	Name, Store, Owner string
	Rotated            time.Time
	MaxAge             Duration // zero when not said
}

// An Incident is one security incident.
type Incident struct {
	Pos
	ID       string
	Detected time.Time
	Notified time.Time // zero while nobody was told
	To       []string  // marketplaces
}

// An Attestation is a person's dated, expiring statement.
type Attestation struct {
	Pos
	End       Pos      // its last line; the column is 1
	For       []string // requirements
	Statement string
	Owner     string
	Date      time.Time
	Expires   time.Time // last day it holds, clipped to the limit of its class
	Evidence  []string  // repository paths or https URLs
}

// NotApplicable is the partner's word that a requirement does not apply.
type NotApplicable struct {
	Pos
	Requirement, Reason, Owner string
	Review                     time.Time
}

// A Suppression excuses findings of one rule.
type Suppression struct {
	Pos
	Rule        string
	Path        string // relative; a folder ends in a slash; empty when a fingerprint names the finding
	Fingerprint string
	Kind        string // false-positive, accepted-risk, not-affected
	Reason      string
	Owner       string
	Expires     time.Time // last day it holds
}

// Teach names functions and types the analyser cannot know by itself, each as
// "import/path.Func" or "import/path.Type.Method".
type Teach struct {
	Pos
	Auth, TenantScope, Redact, URLGuard, Audit []Name
}

// A Name is a name of the code, with the place it is written at.
type Name struct {
	Pos
	Text string
}

// A TeachList is one list of the section under its key.
type TeachList struct {
	Key   string // "tenant-scope"
	Names []Name
}

// Lists returns the lists of the section in the order of the documentation.
func (t *Teach) Lists() []TeachList {
	return []TeachList{{"auth", t.Auth}, {"tenant-scope", t.TenantScope}, {"redact", t.Redact}, {"url-guard", t.URLGuard}, {"audit", t.Audit}}
}

// Texts returns names without their places.
func Texts(names []Name) []string {
	var out []string
	for _, n := range names {
		out = append(out, n.Text)
	}
	return out
}

// Limits bound what rules compare with; a zero one takes the rule's default.
type Limits struct {
	Pos
	SessionAbsolute, SessionIdle, DASTAge Duration
}

// A Vector re-scores a rule.
type Vector struct {
	Pos
	Rule, Vector, Reason, Owner string
}

// Reported gives a finding an earlier report date, or the date of its triage.
type Reported struct {
	Pos
	Finding           string
	Reported, Triaged time.Time // instants; a bare date is midnight UTC
}

// Where cites a place of the file as "path:line".
func (f *File) Where(p Pos) string { return fmt.Sprintf("%s:%d", f.Name, p.Line) }

// Policy returns what the judgement weighs. A nil File, standing for a
// repository without a policy file, gives the zero Policy: a preview.
func (f *File) Policy() rules.Policy {
	if f == nil {
		return rules.Policy{}
	}
	p := rules.Policy{Present: true, Path: f.Name, Gate: f.Gate, Anchor: f.Anchor}
	for _, m := range f.Marketplaces {
		p.Marketplaces = append(p.Marketplaces, rules.Selection{Marketplace: m.ID, Phase: m.Phase})
	}
	for _, n := range f.NotApplicable {
		p.NotApplicable = append(p.NotApplicable, rules.NotApplicableClaim{
			Requirement: n.Requirement, Reason: n.Reason, Owner: n.Owner, Review: n.Review, Where: f.Where(n.Pos)})
	}
	for _, s := range f.Suppressions {
		p.Suppressions = append(p.Suppressions, rules.PolicySuppression{
			Rule: s.Rule, Path: s.Path, Fingerprint: s.Fingerprint, Kind: s.Kind, Reason: s.Reason,
			Owner: s.Owner, Expires: s.Expires, Where: f.Where(s.Pos)})
	}
	for _, r := range f.Reported {
		p.Reported = append(p.Reported, rules.ReportedDate{
			Finding: r.Finding, Reported: r.Reported, Triaged: r.Triaged, Where: f.Where(r.Pos)})
	}
	for _, v := range f.Vectors {
		p.Vectors = append(p.Vectors, rules.VectorOverride{
			Rule: v.Rule, Vector: v.Vector, Reason: v.Reason, Owner: v.Owner, Where: f.Where(v.Pos)})
	}
	return p
}
