package rules

import "time"

// A Band is the severity band that sets a deadline (catalogue §4).
type Band string

const (
	Critical Band = "critical" // 9.0 and more: 4 weeks
	High     Band = "high"     // 7.0 and more: 6 weeks
	Medium   Band = "medium"   // 4.0 and more: 8 weeks
	Low      Band = "low"      // the rest: 25 weeks
)

// CVSS is a base score with where it came from.
type CVSS struct {
	Vector string  `json:"vector,omitempty"` // as scored, repaired
	Score  float64 `json:"score"`            // 0.0-10.0
	Band   Band    `json:"band"`
	Source string  `json:"source,omitempty"` // "rule", "policy", "GHSA", "label", "cwe-default", "unscored"
}

// Due is a finding's deadline. All days are UTC civil dates.
type Due struct {
	Reported time.Time `json:"reported"` // instant the clock started
	Basis    string    `json:"basis"`    // what says so: "policy", "history", "this-run", "published"
	On       string    `json:"on"`       // last day in time, YYYY-MM-DD
	State    string    `json:"state"`    // "open", "due-soon", "overdue"
}
