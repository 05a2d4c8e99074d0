package rules

import "fmt"

// A Verdict is the answer to one requirement or control for one commit. The
// zero value is Unknown, so forgetting to decide never looks green.
type Verdict uint8

const (
	Unknown       Verdict = iota // could not be verified
	Fail                         // a violation stands
	Expired                      // a statement or document is past its date
	NeedsEvidence                // nothing contradicts it, but what proves it is missing
	Pass                         // every verifier of first priority ran and nothing stands against it
	NotApplicable                // a computed fact shows that it cannot apply
	NotYet                       // the marketplace phase it counts from has not been reached
)

var verdictNames = [...]string{"unknown", "fail", "expired", "needs-evidence", "pass", "not-applicable", "not-yet"}

// String returns the verdict's name as reports spell it.
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return fmt.Sprintf("verdict(%d)", uint8(v))
}

// MarshalText writes the verdict's name.
func (v Verdict) MarshalText() ([]byte, error) {
	if int(v) >= len(verdictNames) {
		return nil, fmt.Errorf("no verdict has the number %d", uint8(v))
	}
	return []byte(v.String()), nil
}

// UnmarshalText reads a verdict's name; an unknown name is an error and leaves
// the verdict Unknown.
func (v *Verdict) UnmarshalText(text []byte) error {
	for i, name := range verdictNames {
		if name == string(text) {
			*v = Verdict(i)
			return nil
		}
	}
	*v = Unknown
	return fmt.Errorf("no verdict is called %q", text)
}

// Green reports whether the verdict keeps a marketplace listing safe: Pass and
// NotApplicable do, everything else does not. NotYet is not counted at all and
// is the caller's to leave out.
func (v Verdict) Green() bool { return v == Pass || v == NotApplicable }

// severity orders verdicts for worst-of-controls (catalogue §2.1): fail >
// unknown > expired > needs-evidence > pass. Not-applicable and not-yet drop
// out before the comparison.
func (v Verdict) severity() int {
	switch v {
	case Fail:
		return 5
	case Unknown:
		return 4
	case Expired:
		return 3
	case NeedsEvidence:
		return 2
	case Pass:
		return 1
	default:
		return 0
	}
}

// Worse returns the worse of two verdicts.
func Worse(a, b Verdict) Verdict {
	if b.severity() > a.severity() {
		return b
	}
	return a
}

// A Flag qualifies a Pass.
type Flag string

const (
	AtRisk    Flag = "at-risk"   // a due date or an expiry is near, or a grace period runs
	InSLA     Flag = "in-sla"    // an open finding is inside its due date
	Exception Flag = "exception" // an accepted suppression hides a finding
)

// A Class says what a finding does to its control.
type Class string

const (
	Violation     Class = "violation"     // V: precise; the requirement fails
	Review        Class = "review"        // R: heuristic; the requirement needs evidence until fixed, suppressed or proved
	Informational Class = "informational" // I: a note without effect
)

// Category is the weight a marketplace gives a requirement.
type Category string

const (
	Mandatory   Category = "MANDATORY"
	Recommended Category = "RECOMMENDED"
	Process     Category = "process" // a step of the submission; never counted
)
