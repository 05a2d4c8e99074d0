package rules

import "time"

// ReportSchema names the version of the report's shape. It changes only when
// a key changes its meaning or goes away.
const ReportSchema = "https://staylisted.github.io/schema/report-1.json"

// A Report is all assessments of one commit with the evidence they rest on.
type Report struct {
	Schema       string         `json:"schema"`
	Repository   string         `json:"repository"`
	Commit       string         `json:"commit"`
	GeneratedAt  time.Time      `json:"generated_at"`
	Tool         Tool           `json:"tool"`
	Catalogue    CatalogueRef   `json:"catalogue"`
	Advisories   AdvisorySource `json:"advisories"`
	Coverage     Coverage       `json:"coverage"`
	Facts        []Fact         `json:"facts"`
	Findings     []Finding      `json:"findings"`
	Components   []Component    `json:"components"`
	Assessments  []Assessment   `json:"assessments"`
	Marketplaces []Standing     `json:"marketplaces"`
}

// Tool names the program that made a report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Rules   string `json:"rules"` // digest of the rule pack, hex
}

// CatalogueRef names the catalogue a report was judged with.
type CatalogueRef struct {
	Version string `json:"version"`
	SHA256  string `json:"sha256"`
}

// An Assessment is the verdict on one requirement with its reasons.
type Assessment struct {
	Requirement string          `json:"requirement"`
	Marketplace string          `json:"marketplace"`
	Category    Category        `json:"category"`
	Title       string          `json:"title"`
	Verdict     Verdict         `json:"verdict"`
	Flags       []Flag          `json:"flags"`
	Reasons     []string        `json:"reasons"`
	Controls    []ControlResult `json:"controls"`
	Findings    []string        `json:"findings"` // ids of the findings that count
	// Missing is proof that was looked for in vain, each with what would satisfy
	// it; empty beside a green verdict.
	Missing    []Shortfall   `json:"missing,omitempty"`
	Evidence   []Observation `json:"evidence"`
	Assurance  string        `json:"assurance,omitempty"` // strongest letter behind a pass
	ValidUntil *time.Time    `json:"valid_until"`         // null when nothing changes it by itself
}

// A ControlResult is one control's part in an assessment.
type ControlResult struct {
	Control string   `json:"control"`
	Verdict Verdict  `json:"verdict"`
	Flags   []Flag   `json:"flags,omitempty"`
	Reasons []string `json:"reasons"`
}

// A State is a marketplace's standing in one word (catalogue §7).
type State string

const (
	StateUnknown      State = "unknown"
	StateNonCompliant State = "non-compliant"
	StateIncomplete   State = "incomplete"
	StateAtRisk       State = "at-risk"
	StateCompliant    State = "compliant"
)

// A Standing sums one marketplace up.
type Standing struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Preview     bool       `json:"preview"` // true when no policy file selects it
	Phase       string     `json:"phase,omitempty"`
	State       State      `json:"state"`
	Mandatory   Tally      `json:"mandatory"`
	Recommended Tally      `json:"recommended"`
	NextDue     string     `json:"next_due,omitempty"` // YYYY-MM-DD
	ValidUntil  *time.Time `json:"valid_until"`
}

// A Tally counts the requirements of one category that count today.
type Tally struct {
	Total         int `json:"total"`
	Passed        int `json:"passed"` // pass or not-applicable
	Failed        int `json:"failed"`
	Unknown       int `json:"unknown"`
	Expired       int `json:"expired"`
	NeedsEvidence int `json:"needs_evidence"`
	NotApplicable int `json:"not_applicable"`
}
