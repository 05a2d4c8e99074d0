package rules

import (
	"slices"
	"time"
)

// Evidence is all that is known of one commit.
type Evidence struct {
	Repository string // "owner/name" or empty
	Commit     string // 40 hex digits, or empty outside git
	ObservedAt time.Time
	Policy     Policy
	Facts      []Fact
	Coverage   Coverage
	Runs       []VerifierRun // one a verifier that was tried; what is absent did not run
	Findings   []Finding
	// Observations are what verifiers saw that speaks for a control.
	Observations []Observation
	// Shortfalls are what verifiers looked for and did not find.
	Shortfalls []Shortfall
	Components []Component
	Advisories AdvisorySource
	// History knows findings of earlier runs by fingerprint.
	History map[string]History
}

// A Fact is a computed truth about the repository that no policy can set.
type Fact struct {
	ID     string  `json:"id"` // "http-server"
	State  Ternary `json:"state"`
	Detail string  `json:"detail,omitempty"` // what it rests on: "0 cookie reads in 41 handlers, 212 packages"
	Items  []Item  `json:"items,omitempty"`  // routes, hosts, drivers …
}

// An Item is one thing a fact was computed from.
type Item struct {
	Name     string   `json:"name"`
	Detail   string   `json:"detail,omitempty"`
	Location Location `json:"location,omitzero"`
}

// Ternary is a truth that may be unknown; the zero value is unknown.
type Ternary string

const (
	Undecided Ternary = ""
	True      Ternary = "true"
	False     Ternary = "false"
)

// Coverage proves what was looked at (architecture §4.2).
type Coverage struct {
	Modules   []ModuleCoverage   `json:"modules"`
	Languages []LanguageCoverage `json:"languages,omitempty"` // tracked server code in languages we do not analyse
	Platform  Platform           `json:"platform"`
	Gaps      []Gap              `json:"gaps"` // empty when everything expected was analysed
	// Skipped are files outside any module that were left out on purpose.
	Skipped []SkippedSet  `json:"skipped,omitempty"`
	Runs    []VerifierRun `json:"verifiers"`
	// Taught are the functions that rules believe because the policy names them.
	Taught []Taught `json:"taught,omitempty"`
}

// A Taught is one name of the policy's teach section.
type Taught struct {
	List  string `json:"list"` // "auth"
	Name  string `json:"name"` // as written
	Line  int    `json:"line"` // in the policy file
	Found bool   `json:"found"`
}

// Platform is what the packages were selected for.
type Platform struct {
	GOOS      string   `json:"goos"`
	GOARCH    string   `json:"goarch"`
	Cgo       bool     `json:"cgo"`
	Tags      []string `json:"tags"`
	GoVersion string   `json:"go_version"` // of the go command that listed the packages
}

// ModuleCoverage counts one main module.
type ModuleCoverage struct {
	Path     string `json:"path"` // module path
	Dir      string `json:"dir"`  // relative to the repository root, "." for the root
	Go       string `json:"go"`   // go directive
	Packages Count  `json:"packages"`
	Files    Count  `json:"files"`
	Lines    int    `json:"lines"`
	// PackageList names every package that was expected, by import path.
	PackageList []PackageCoverage `json:"package_list,omitempty"`
	Skipped     []SkippedSet      `json:"skipped,omitempty"` // files left out on purpose, by reason
}

// PackageCoverage is one package that should be analysed.
type PackageCoverage struct {
	Path     string   `json:"path"`
	Files    []string `json:"files"` // relative to the repository root
	Lines    int      `json:"lines"` // 0 when not analysed
	Analysed bool     `json:"analysed"`
}

// Count compares what was expected with what was analysed.
type Count struct {
	Expected int `json:"expected"`
	Analysed int `json:"analysed"`
}

// SkippedSet is a group of files left out for one reason.
type SkippedSet struct {
	Reason string   `json:"reason"`
	Files  []string `json:"files"`
}

// A Gap is something that should have been analysed and was not. Any gap makes
// the controls that read code unknown.
type Gap struct {
	Subject  string   `json:"subject"` // a package, file or module
	Reason   string   `json:"reason"`
	Location Location `json:"location,omitzero"`
}

// LanguageCoverage counts tracked code of one language.
type LanguageCoverage struct {
	Language string `json:"language"`
	Files    int    `json:"files"`
	Bytes    int64  `json:"bytes"`
	Covered  bool   `json:"covered"` // an analysis of this very commit was imported
	// CWE lists the weaknesses the imported analysis has rules for; its silence
	// vouches for controls about these alone.
	CWE []int `json:"cwe,omitempty"`
}

// RunState says how a verifier's run ended. The zero value is not-run.
type RunState string

const (
	NotRun   RunState = "not-run"
	Complete RunState = "complete"
	Broken   RunState = "failed"
)

// A VerifierRun records that a verifier was tried.
type VerifierRun struct {
	Verifier string   `json:"verifier"` // "G402", "MKT103", "dependencies:audit"
	State    RunState `json:"state"`
	Reason   string   `json:"reason,omitempty"` // why it is not complete, and what to do
	// At is when the verifier looked at what lies outside the commit (settings, a
	// deployment, a report): the run counts for seven days from then on. The zero
	// time is the time of the evidence.
	At time.Time `json:"at,omitzero"`
}

// An Observation is something a verifier saw that speaks for a control.
type Observation struct {
	Verifier string `json:"verifier"`
	Control  string `json:"control"`
	// For narrows it to requirements; empty speaks for every requirement that
	// asks for the control.
	For     []string     `json:"for,omitempty"`
	Text    string       `json:"text"`
	Link    string       `json:"link,omitempty"` // repository path or URL
	Tags    []string     `json:"tags,omitempty"`
	Measure *Measurement `json:"measure,omitempty"`
	At      time.Time    `json:"at,omitzero"`
	Expires time.Time    `json:"expires,omitzero"` // zero: does not expire
	Grade   string       `json:"grade,omitempty"`  // "A1".."A3" for statements of people
	Letter  string       `json:"letter,omitempty"` // assurance letter of catalogue §1
}

// A Component is something the product is built from.
type Component struct {
	Ecosystem string `json:"ecosystem"` // OSV ecosystem name, "Go"
	Name      string `json:"name"`
	Version   string `json:"version"`
	Scope     string `json:"scope"` // "production", "test", "tool"
	Direct    bool   `json:"direct"`
	Manifest  string `json:"manifest"` // the file that names it, relative
	Replaces  string `json:"replaces,omitempty"`
	// Licence is an SPDX licence expression, or NOASSERTION where it was looked
	// for and is not known; empty when nobody has looked.
	Licence string `json:"licence,omitempty"`
}

// AdvisorySource says what the dependency audit was held against.
type AdvisorySource struct {
	Source   string    `json:"source"`            // path or URL without credentials; empty when there was none
	Modified time.Time `json:"modified,omitzero"` // when its publisher last changed it
	// Checked is when the publisher last confirmed that this is its newest data;
	// zero for data of a local path. The data is as old as the later of both.
	Checked time.Time `json:"checked,omitzero"`
	SHA256  string    `json:"sha256"`
	Entries int       `json:"entries"`
}

// History is what earlier complete runs remember of a finding.
type History struct {
	FirstSeen time.Time // a complete run on the default branch first had it; zero when only Events know
	LastSeen  time.Time
	// Events are what else happened to it: creation of matching alerts (as
	// reports), scores, fixes and returns, in any order.
	Events []Event
	// Trace recognises the finding after its place has changed.
	Trace Trace
}

// Clock returns the clock of what is remembered.
func (h History) Clock() Clock {
	events := slices.Clone(h.Events)
	if !h.FirstSeen.IsZero() {
		events = append(events, Event{At: h.FirstSeen, Kind: EventReported})
	}
	return Clock{Events: events}
}

// asOf is the date the data is as old as; zero when it has none.
func (a *AdvisorySource) asOf() time.Time {
	if a.Checked.After(a.Modified) {
		return a.Checked
	}
	return a.Modified
}

// Policy is the partner's policy file as far as it bears on the judgement. The
// parser in rules/evidence fills it.
type Policy struct {
	Present       bool // false: no policy file, the report is a preview
	Path          string
	Marketplaces  []Selection
	Gate          string // "strict" (default) or "sla"
	Anchor        string // "reported" (default) or "triaged"
	NotApplicable []NotApplicableClaim
	Suppressions  []PolicySuppression
	Reported      []ReportedDate
	Vectors       []VectorOverride
}

// A Selection is one marketplace the partner lists on.
type Selection struct {
	Marketplace string
	Phase       string // draft, submitted, approved, published, rejected; empty counts as draft
}

// A NotApplicableClaim is the partner's word that a requirement does not apply.
type NotApplicableClaim struct {
	Requirement, Reason, Owner string
	Review                     time.Time
	Where                      string // "path:line"
}

// A PolicySuppression excuses findings of a rule below a path.
type PolicySuppression struct {
	Rule, Path, Fingerprint, Kind, Reason, Owner string
	Expires                                      time.Time
	Where                                        string
}

// A ReportedDate moves a finding's clock to an earlier report, or adds the
// date of its triage.
type ReportedDate struct {
	Finding           string // advisory id, rule or fingerprint
	Reported, Triaged time.Time
	Where             string
}

// A VectorOverride re-scores a rule.
type VectorOverride struct {
	Rule, Vector, Reason, Owner, Where string
}
