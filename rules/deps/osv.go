package deps

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The names under which the Go vulnerability database lists the standard
// library and the go command with its tools. Their versions are Go versions.
const (
	Stdlib    = "stdlib"
	Toolchain = "toolchain"
)

// An Advisory is one OSV record (https://ossf.github.io/osv-schema/), reduced
// to what an audit needs.
type Advisory struct {
	ID        string
	Aliases   []string // other names of the same vulnerability
	Related   []string // never merged
	Upstream  []string // never merged
	Modified  time.Time
	Published time.Time // zero when not known
	Withdrawn time.Time // zero when in force
	Summary   string    // one line, someone else's words, not escaped
	Affected  []Affected
	Severity  []Severity
	Label     string // database_specific.severity: "CRITICAL", "HIGH", "MODERATE", "LOW" or empty
	CWE       []int  // database_specific.cwe_ids
	Links     []string
}

// Affected is an advisory's statement about one package.
type Affected struct {
	Ecosystem string
	Package   string // for Go a module path, in some GitHub records an import path
	Ranges    []Range
	Versions  []string
	Severity  []Severity
	Imports   []Import // Go only; empty when the record does not name packages
}

// A Range is a set of versions given by events.
type Range struct {
	Type   string // "SEMVER", "ECOSYSTEM" or "GIT"
	Events []Event
}

// An Event is one border of a range; one of its fields is set.
type Event struct {
	Introduced   string `json:"introduced"`
	Fixed        string `json:"fixed"`
	LastAffected string `json:"last_affected"`
	Limit        string `json:"limit"`
}

// An Import is a vulnerable Go package.
type Import struct {
	Path    string   `json:"path"`
	Symbols []string `json:"symbols"` // "Func" or "Type.Method"; empty: the whole package
	GOOS    []string `json:"goos"`    // empty: every one
	GOARCH  []string `json:"goarch"`  // empty: every one
}

// A Severity is a score as the record spells it. Type is not to be trusted:
// the vector's prefix says which version it is (catalogue §4).
type Severity struct {
	Type  string `json:"type"`
	Score string `json:"score"`
}

// InForce reports whether the advisory counts at now: it was not withdrawn, or
// only later.
func (a *Advisory) InForce(now time.Time) bool {
	return a.Withdrawn.IsZero() || a.Withdrawn.After(now)
}

// names reports whether the advisory says something about a package, whose name
// is in its normal form.
func (a *Advisory) names(ecosystem, pkg string) bool {
	return slices.ContainsFunc(a.Affected, func(f Affected) bool {
		return f.Ecosystem == ecosystem && NormalName(ecosystem, f.Package) == pkg
	})
}

// The parts of the schema whose shape is each database's own are read with
// forgiving types: a form we do not know there is no defect of the record.
type rawAdvisory struct {
	ID         string        `json:"id"`
	Aliases    []string      `json:"aliases"`
	Related    []string      `json:"related"`
	Upstream   []string      `json:"upstream"`
	Modified   *time.Time    `json:"modified"`
	Published  *time.Time    `json:"published"`
	Withdrawn  *time.Time    `json:"withdrawn"`
	Summary    string        `json:"summary"`
	Affected   []rawAffected `json:"affected"`
	Severity   []Severity    `json:"severity"`
	References []struct {
		URL string `json:"url"`
	} `json:"references"`
	DatabaseSpecific struct {
		Severity forgivingString  `json:"severity"`
		CWEIDs   forgivingStrings `json:"cwe_ids"`
	} `json:"database_specific"`
}

type rawAffected struct {
	Package struct {
		Ecosystem string `json:"ecosystem"`
		Name      string `json:"name"`
	} `json:"package"`
	Ranges []struct {
		Type   string  `json:"type"`
		Events []Event `json:"events"`
	} `json:"ranges"`
	Versions          []string        `json:"versions"`
	Severity          []Severity      `json:"severity"`
	EcosystemSpecific json.RawMessage `json:"ecosystem_specific"`
}

type forgivingString string

func (s *forgivingString) UnmarshalJSON(data []byte) error {
	var v string
	if json.Unmarshal(data, &v) == nil {
		*s = forgivingString(v)
	}
	return nil
}

type forgivingStrings []string

func (s *forgivingStrings) UnmarshalJSON(data []byte) error {
	var v []string
	if json.Unmarshal(data, &v) == nil {
		*s = v
	}
	return nil
}

// ParseAdvisory reads one OSV record. An error says what is malformed; the
// record is then unusable as a whole.
func ParseAdvisory(data []byte) (*Advisory, error) {
	var raw rawAdvisory
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, fmt.Errorf("not an OSV record: %w", err)
	}
	if raw.ID == "" {
		return nil, errors.New("not an OSV record: it has no id")
	}
	for _, id := range slices.Concat([]string{raw.ID}, raw.Aliases) {
		if !validID(id) {
			return nil, fmt.Errorf("%q is no advisory id", clip(id, 80))
		}
	}
	a := &Advisory{
		ID: raw.ID, Aliases: raw.Aliases, Related: raw.Related, Upstream: raw.Upstream,
		Modified: date(raw.Modified), Published: date(raw.Published), Withdrawn: date(raw.Withdrawn),
		Summary: raw.Summary, Severity: raw.Severity, Label: string(raw.DatabaseSpecific.Severity),
	}
	for _, r := range raw.References {
		a.Links = append(a.Links, r.URL)
	}
	for _, id := range raw.DatabaseSpecific.CWEIDs {
		if n, err := strconv.Atoi(strings.TrimPrefix(id, "CWE-")); err == nil && n > 0 {
			a.CWE = append(a.CWE, n)
		}
	}
	for i, f := range raw.Affected {
		out := Affected{Ecosystem: plainEcosystem(f.Package.Ecosystem), Package: f.Package.Name, Versions: f.Versions, Severity: f.Severity}
		for _, r := range f.Ranges {
			out.Ranges = append(out.Ranges, Range{Type: r.Type, Events: r.Events})
		}
		if f.Package.Ecosystem == Go && len(f.EcosystemSpecific) > 0 {
			var specific struct {
				Imports []Import `json:"imports"`
			}
			if err := json.Unmarshal(f.EcosystemSpecific, &specific); err != nil {
				return nil, fmt.Errorf("affected[%d].ecosystem_specific of %s: %w", i, a.ID, err)
			}
			out.Imports = specific.Imports
		}
		a.Affected = append(a.Affected, out)
	}
	return a, nil
}

// date returns the instant in UTC; what is missing is the zero time. The Go
// vulnerability database writes the year 1 for what it does not know, which is
// the zero time as well.
func date(t *time.Time) time.Time {
	if t == nil || t.IsZero() {
		return time.Time{}
	}
	return t.UTC()
}

// validID reports whether id can be an advisory id: visible ASCII without
// anything that could lead out of a folder or a URL.
func validID(id string) bool {
	if id == "" || len(id) > 128 || strings.Contains(id, "..") {
		return false
	}
	for _, c := range []byte(id) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '-', c == '.', c == '_', c == ':':
		default:
			return false
		}
	}
	return true
}

// clip shortens text for messages, keeping whole runes.
func clip(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
