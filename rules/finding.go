package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"
	"time"
)

// A Finding is a rule's hit at a place.
type Finding struct {
	ID           string       `json:"id"`    // short name for people: "MKT103-1f3a9c2e07", "GHSA-…@module"
	Rule         string       `json:"rule"`  // "MKT103", "G402/skip-verify", an advisory id
	Title        string       `json:"title"` // the rule's title
	Control      string       `json:"control,omitempty"`
	MoreControls []string     `json:"more_controls,omitempty"`
	Requirements []string     `json:"requirements"` // filled by Assess
	Class        Class        `json:"class"`
	CWE          []int        `json:"cwe"`
	CVSS         *CVSS        `json:"cvss,omitempty"` // nil for policy violations without a score
	Location     Location     `json:"location"`
	Message      string       `json:"message"`
	Steps        []Step       `json:"steps,omitempty"`
	Fingerprint  string       `json:"fingerprint"`      // the finding key: hex, never depends on line numbers
	Tokens       string       `json:"tokens,omitempty"` // digest of the flagged statement's normalised tokens, for [Moved]
	Source       string       `json:"source"`           // "code", "dependency", "file", "settings", "probe", "document", "import"
	Also         []string     `json:"also,omitempty"`
	Measure      *Measurement `json:"measure,omitempty"`
	Advisory     *AdvisoryHit `json:"advisory,omitempty"`
	Suppressed   *Suppression `json:"suppressed,omitempty"`
	// Reported is when somebody else recorded the finding before this scan saw it:
	// the creation of GitHub's alert, or of a private advisory. It is a report like
	// those of the history, so the clock starts there if nothing is older. Zero
	// when there is no such record.
	Reported time.Time `json:"reported,omitzero"`
	Due      *Due      `json:"due,omitempty"` // filled by Assess
}

// Active reports whether the finding counts: nothing excuses it, or what should
// does not reach so far.
func (f *Finding) Active() bool { return f.Suppressed == nil || f.Suppressed.NoEffect != "" }

// Controls returns all controls the finding speaks to, the first one leading.
func (f *Finding) Controls() []string {
	if f.Control == "" {
		return nil
	}
	return append([]string{f.Control}, f.MoreControls...)
}

// A Location is a place in the repository.
type Location struct {
	Path   string `json:"path"`             // slash-separated, relative to the repository root
	Line   int    `json:"line,omitempty"`   // 1-based; 0 means the whole file
	Column int    `json:"column,omitempty"` // 1-based, in bytes; 0 means the whole line
	// EndLine and EndColumn (exclusive) close the region; 0 when not known.
	EndLine   int    `json:"end_line,omitempty"`
	EndColumn int    `json:"end_column,omitempty"`
	Symbol    string `json:"symbol,omitempty"` // enclosing declaration, "(*Server).Login"
}

// A Step is one stop on the way from a source to a sink, or of a call path.
type Step struct {
	Location Location `json:"location"`
	Message  string   `json:"message"`
}

// A Measurement is a number a finding or observation was judged on, so that
// requirements can compare it with limits of their own.
type Measurement struct {
	Name  string  `json:"name"`  // "hsts-max-age-seconds", "secret-age-days"
	Value float64 `json:"value"` // in the unit the name ends with
	// Since makes the number grow with time: it is how many whole days (hours,
	// when the name ends so) have passed since then at the instant of judgement.
	Since time.Time `json:"since,omitzero"`
}

// An AdvisoryHit says which component an advisory speaks of and how deep the
// program reaches into it.
type AdvisoryHit struct {
	IDs        []string  `json:"ids"` // the whole alias set, sorted
	Ecosystem  string    `json:"ecosystem"`
	Package    string    `json:"package"` // module or package name
	Version    string    `json:"version"`
	Fixed      string    `json:"fixed,omitempty"` // lowest version that is free of it; empty when there is none
	Reach      string    `json:"reach"`           // "called", "possible", "imported", "required"
	ImportPath string    `json:"import_path,omitempty"`
	Symbols    []string  `json:"symbols,omitempty"` // vulnerable symbols that are reached
	Published  time.Time `json:"published,omitzero"`
	Adopted    time.Time `json:"adopted,omitzero"` // when the version entered the repository; zero when not known
	Scores     []CVSS    `json:"scores,omitempty"` // every score seen, strongest source first
}

// A Suppression excuses a finding.
type Suppression struct {
	Kind    string `json:"kind"` // "false-positive", "accepted-risk", "not-affected"; any other counts as accepted-risk
	Reason  string `json:"reason"`
	Owner   string `json:"owner,omitempty"`
	Expires string `json:"expires,omitempty"` // YYYY-MM-DD, last day it holds (UTC)
	Where   string `json:"where"`             // "comment path:line" or "policy path:line"
	// NoEffect says why the finding counts all the same; filled by Assess. An
	// accepted risk excuses nothing that is High, Critical or overdue.
	NoEffect string `json:"no_effect,omitempty"`
}

// CodeKey returns the identity of a finding in code: a hash of the rule family
// (or CWE), the path, the enclosing symbol, the normalised tokens of the
// statement and the ordinal among equals (catalogue §4). Line numbers never
// enter it.
func CodeKey(family, path, symbol, tokens string, ordinal int) string {
	return hash("code", family, path, symbol, tokens, fmt.Sprint(ordinal))
}

// AdvisoryKey returns the identity of a dependency finding: the smallest id of
// the alias set and the package name. Versions and manifests do not matter.
func AdvisoryKey(aliases []string, pkg string) string {
	ids := append([]string(nil), aliases...)
	sort.Strings(ids)
	first := ""
	if len(ids) > 0 {
		first = ids[0]
	}
	return hash("advisory", first, pkg)
}

func hash(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}
