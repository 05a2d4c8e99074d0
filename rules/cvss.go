package rules

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	gocvss20 "github.com/pandatix/go-cvss/20"
	gocvss30 "github.com/pandatix/go-cvss/30"
	gocvss31 "github.com/pandatix/go-cvss/31"
	gocvss40 "github.com/pandatix/go-cvss/40"
)

// Scores
//
// A due date rests on a CVSS base score, and the databases disagree about it,
// label it wrongly and write it down carelessly. ParseVector reads one vector:
// the version is what the string's own prefix says, small damage is repaired,
// everything but the base metrics is left out. ChooseScore picks among what the
// databases say, in the order of catalogue §4, and keeps the rest for people to
// see. Neither ever fails into "no score": what cannot be scored is High.

// maxVector bounds what is read of a vector; the longest legal one (v4.0 with
// every metric) has 206 bytes.
const maxVector = 512

// A cvssVersion is one version of the standard: its base metrics in order and
// the other metrics that may follow them and are left out.
type cvssVersion struct {
	prefix string
	base   []string
	others []string
	score  func(vector string) (float64, error)
}

func cvssVersions() []cvssVersion {
	v3base := []string{"AV", "AC", "PR", "UI", "S", "C", "I", "A"}
	v3others := []string{"E", "RL", "RC", "CR", "IR", "AR", "MAV", "MAC", "MPR", "MUI", "MS", "MC", "MI", "MA"}
	return []cvssVersion{
		{"CVSS:3.1/", v3base, v3others, func(s string) (float64, error) {
			v, err := gocvss31.ParseVector(s)
			if err != nil {
				return 0, err
			}
			return v.BaseScore(), nil
		}},
		{"CVSS:3.0/", v3base, v3others, func(s string) (float64, error) {
			v, err := gocvss30.ParseVector(s)
			if err != nil {
				return 0, err
			}
			return v.BaseScore(), nil
		}},
		{"CVSS:4.0/", []string{"AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"},
			[]string{"E", "CR", "IR", "AR", "MAV", "MAC", "MAT", "MPR", "MUI", "MVC", "MVI", "MVA", "MSC", "MSI", "MSA", "S", "AU", "R", "V", "RE", "U"},
			func(s string) (float64, error) {
				v, err := gocvss40.ParseVector(s)
				if err != nil {
					return 0, err
				}
				return v.Score(), nil
			}},
		// Version 2 has no prefix of its own; some databases give it one.
		{"", []string{"AV", "AC", "Au", "C", "I", "A"}, []string{"E", "RL", "RC", "CDP", "TD", "CR", "IR", "AR"},
			func(s string) (float64, error) {
				v, err := gocvss20.ParseVector(s)
				if err != nil {
					return 0, err
				}
				return v.BaseScore(), nil
			}},
	}
}

// ParseVector reads a CVSS vector of version 2.0, 3.0, 3.1 or 4.0. The prefix
// decides the version. A trailing slash, spaces, lower case, brackets and a
// wrong order are repaired; temporal, threat, environmental and supplemental
// metrics are left out. The result has the repaired base vector, its base score
// and band, and no source. A vector that misses a base metric, names one twice
// or names one the version does not have is an error.
func ParseVector(vector string) (CVSS, error) {
	if len(vector) > maxVector {
		return CVSS{}, fmt.Errorf("CVSS vector of %d bytes: no version has more than %d; use the vector as its database publishes it", len(vector), maxVector)
	}
	text := strings.ToUpper(strings.Join(strings.Fields(vector), ""))
	text = strings.TrimSuffix(strings.TrimPrefix(text, "("), ")")
	for _, version := range cvssVersions() {
		metrics, found := strings.CutPrefix(text, version.prefix)
		if !found {
			continue
		}
		if version.prefix == "" {
			metrics = strings.TrimPrefix(metrics, "CVSS:2.0/")
		}
		repaired, err := version.repair(metrics)
		if err != nil {
			return CVSS{}, fmt.Errorf("CVSS vector %q: %w", vector, err)
		}
		score, err := version.score(repaired)
		if err != nil {
			return CVSS{}, fmt.Errorf("CVSS vector %q: %w; check its metric values", vector, err)
		}
		return CVSS{Vector: repaired, Score: score, Band: BandOf(score)}, nil
	}
	return CVSS{}, fmt.Errorf("CVSS vector %q: not a vector", vector) // unreachable: version 2 has the empty prefix
}

// repair writes the base metrics of an upper-case vector in the standard's
// order and spelling.
func (v cvssVersion) repair(metrics string) (string, error) {
	values := map[string]string{}
	for part := range strings.SplitSeq(metrics, "/") {
		if part == "" {
			continue
		}
		name, value, found := strings.Cut(part, ":")
		if !found {
			return "", fmt.Errorf("%q is not a metric and its value", part)
		}
		same := func(known string) bool { return strings.EqualFold(known, name) }
		if i := slices.IndexFunc(v.base, same); i >= 0 {
			if _, twice := values[v.base[i]]; twice {
				return "", fmt.Errorf("metric %s is given twice", v.base[i])
			}
			values[v.base[i]] = value
		} else if !slices.ContainsFunc(v.others, same) {
			return "", fmt.Errorf("there is no metric %q in this version", name)
		}
	}
	parts := make([]string, len(v.base))
	for i, name := range v.base {
		value, found := values[name]
		if !found {
			return "", fmt.Errorf("base metric %s is missing", name)
		}
		parts[i] = name + ":" + value
	}
	return v.prefix + strings.Join(parts, "/"), nil
}

// The sources of scores that ChooseScore ranks; any other name ranks behind
// them.
const (
	FromGHSA     = "GHSA"        // the GitHub Security Advisory record
	FromCNA      = "CNA"         // the CVE record, as the numbering authority scored it
	FromNVD      = "NVD"         // the CVE record, as NVD scored it
	FromLabel    = "label"       // a severity word without a vector
	FromCWE      = "cwe-default" // our own default for the weakness
	FromRule     = "rule"        // the rule's own vector
	FromPolicy   = "policy"      // the partner's re-score of a rule
	FromUnscored = "unscored"    // nobody scored it: High
)

// A Severity is what one record says about how bad a vulnerability is.
type Severity struct {
	Source string // FromGHSA, FromCNA, FromNVD or another database's name
	Vector string // as published, whatever the record calls its type
	Label  string // "CRITICAL", "HIGH", "MODERATE", "LOW"
}

// ErrNoScore says that a severity holds neither a vector nor a label that can
// be read.
var ErrNoScore = errors.New("no readable CVSS vector or severity label; the next source decides")

// ChooseScore picks the score that sets the deadline (catalogue §4): version
// 3.1 then 3.0 of the GHSA record, version 3 of the CVE record by its numbering
// authority, then by NVD, then by others; version 4; version 2; a severity
// label; our default for the weaknesses; and last High, because nobody scored
// it. It also returns every score it could read, the chosen one first.
func ChooseScore(severities []Severity, cwe []int) (chosen CVSS, seen []CVSS) {
	type ranked struct {
		CVSS
		rank int
	}
	var all []ranked
	for _, s := range severities {
		if scored, err := ParseVector(s.Vector); err == nil {
			scored.Source = s.Source
			all = append(all, ranked{scored, scoreRank(scored.Vector, s.Source)})
		}
		if scored, err := scoreLabel(s.Label); err == nil {
			all = append(all, ranked{scored, 90})
		}
	}
	if scored, ok := DefaultScore(cwe); ok {
		all = append(all, ranked{scored, 95})
	}
	if len(all) == 0 {
		return Unscored(), nil
	}
	slices.SortFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.Score, a.Score), cmp.Compare(a.Vector, b.Vector), cmp.Compare(a.Source, b.Source))
	})
	for _, r := range all {
		if !slices.Contains(seen, r.CVSS) {
			seen = append(seen, r.CVSS)
		}
	}
	return seen[0], seen
}

// scoreRank orders vectors by version group, then by who scored, then 3.1
// before 3.0; smaller is stronger.
func scoreRank(vector, source string) int {
	who := 3
	switch source {
	case FromGHSA:
		who = 0
	case FromCNA:
		who = 1
	case FromNVD:
		who = 2
	}
	switch {
	case strings.HasPrefix(vector, "CVSS:3.1/"):
		return 2 * who
	case strings.HasPrefix(vector, "CVSS:3.0/"):
		return 2*who + 1
	case strings.HasPrefix(vector, "CVSS:4.0/"):
		return 20 + who
	default:
		return 40 + who
	}
}

// scoreLabel reads a severity word as the lowest score of its band.
func scoreLabel(label string) (CVSS, error) {
	var score float64
	switch strings.ToUpper(strings.TrimSpace(label)) {
	case "CRITICAL":
		score = 9.0
	case "HIGH":
		score = 7.0
	case "MODERATE", "MEDIUM":
		score = 4.0
	case "LOW":
		score = 0.1
	default:
		return CVSS{}, ErrNoScore
	}
	return CVSS{Score: score, Band: BandOf(score), Source: FromLabel}, nil
}

// Unscored returns the score of what nobody scored: the lowest of High.
func Unscored() CVSS { return CVSS{Score: 7.0, Band: High, Source: FromUnscored} }

// Score reads a vector for a rule or a policy override and names its source.
func Score(vector, source string) (CVSS, error) {
	scored, err := ParseVector(vector)
	scored.Source = source
	return scored, err
}

// sane returns the score with the band its number calls for; a number that is
// none, or lies outside 0-10, is as good as no score.
func (c CVSS) sane() CVSS {
	if math.IsNaN(c.Score) || c.Score < 0 || c.Score > 10 {
		unscored := Unscored()
		unscored.Vector = c.Vector
		return unscored
	}
	c.Band = BandOf(c.Score)
	return c
}
