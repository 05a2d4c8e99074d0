package scan

import (
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/posture"
)

// What GitHub alerts about is often what the scan finds itself. People should
// read it once, with the older of the two dates: a secret at one line is merged
// with the scan's own finding there ([mergeDuplicates]), a Dependabot alert with
// the dependency finding of the same advisory and package, and the alerts that
// our own SARIF made give the findings they came from their first date.

// earlier returns the earlier of two instants, of which zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// splitAdvisories parts findings about a vulnerable dependency, which have their
// identity already, from the others.
func splitAdvisories(findings []rules.Finding) (others, advisories []rules.Finding) {
	for _, f := range findings {
		if f.Advisory != nil {
			advisories = append(advisories, f)
		} else {
			others = append(others, f)
		}
	}
	return others, advisories
}

// mergeAdvisories joins Dependabot's findings with the scan's own: one finding
// for a common id of the same package (catalogue §4). Ours stays, because it
// knows the version and how deep the program reaches, and takes the alert's date
// and names over. What the scan did not find is a finding of its own.
func mergeAdvisories(own, alerts []rules.Finding) []rules.Finding {
	for _, alert := range alerts {
		merged := false
		for i := range own {
			f := &own[i]
			if f.Advisory == nil || !samePackage(f.Advisory, alert.Advisory) || !slices.ContainsFunc(f.Advisory.IDs, func(id string) bool { return slices.Contains(alert.Advisory.IDs, id) }) {
				continue
			}
			merged = true
			f.Reported = earlier(f.Reported, alert.Reported)
			hit := *f.Advisory
			hit.IDs = slices.Compact(slices.Sorted(slices.Values(slices.Concat(hit.IDs, alert.Advisory.IDs))))
			f.Advisory = &hit
		}
		if !merged {
			own = append(own, alert)
		}
	}
	return own
}

// samePackage compares packages, Python's by their normalised names (PEP 503).
func samePackage(a, b *rules.AdvisoryHit) bool {
	if a.Ecosystem != b.Ecosystem {
		return false
	}
	if a.Ecosystem != "PyPI" {
		return a.Package == b.Package
	}
	plain := strings.NewReplacer("_", "-", ".", "-")
	return strings.EqualFold(plain.Replace(a.Package), plain.Replace(b.Package))
}

// adoptDates gives findings the date of the code-scanning alert that an earlier
// upload of theirs made: the same rule at the same line. Line numbers are no
// identity; an alert that does not fit gives nothing, and the date recorded by
// the bot stays.
func adoptDates(findings []rules.Finding, settings *posture.Settings) {
	if settings == nil {
		return
	}
	type place struct {
		rule, path string
		line       int
	}
	dates := map[place]time.Time{}
	for _, a := range settings.OwnAlerts() {
		at := place{rules.Family(a.Rule), a.Path, a.Line}
		dates[at] = earlier(dates[at], a.Created)
	}
	for i := range findings {
		f := &findings[i]
		if date := dates[place{rules.Family(f.Rule), f.Location.Path, f.Location.Line}]; f.Location.Line > 0 && !date.IsZero() {
			f.Reported = earlier(f.Reported, date)
		}
	}
}

// controlsOf finds, for alerts of other tools, the controls that such a tool may
// speak for: those whose imported analyses are asked for the alert's weakness.
func (s *run) controlsOf(findings []rules.Finding) {
	for i := range findings {
		f := &findings[i]
		if f.Source != "settings" || f.Control != "" {
			continue
		}
		var controls []string
		for _, k := range s.catalogue.Controls {
			if slices.ContainsFunc(k.Verifiers, func(v rules.Verifier) bool {
				return v.ID == "import:sarif" && slices.ContainsFunc(v.CWE, func(id int) bool { return slices.Contains(f.CWE, id) })
			}) && k.ID != "sast-run" {
				controls = append(controls, k.ID)
			}
		}
		if len(controls) > 0 {
			f.Control, f.MoreControls = controls[0], controls[1:]
		}
	}
}
