package rules

import (
	"slices"
	"strconv"
	"time"
)

// takes reports whether a finding is one of those the parameters speak of.
func (p Parameters) takes(f *Finding) bool {
	if slices.Contains(p.Without, Family(f.Rule)) {
		return false
	}
	if len(p.Sources) > 0 && !slices.Contains(p.Sources, f.Source) {
		return false
	}
	if len(p.Bands) > 0 && (f.CVSS == nil || !slices.Contains(p.Bands, f.CVSS.Band)) {
		return false
	}
	return p.MinBand == "" || f.CVSS != nil && f.CVSS.Band.AtLeast(p.MinBand)
}

// bounded reports whether the parameters bound the measurement at all.
func (p Parameters) bounded(m *Measurement) bool {
	if m == nil {
		return false
	}
	_, low := p.Minimum[m.Name]
	_, high := p.Maximum[m.Name]
	return low || high
}

// inside reports whether a measurement keeps, at now, the bounds the parameters
// set for it. What is not a number keeps none.
func (p Parameters) inside(m *Measurement, now time.Time) bool {
	low, hasLow := p.Minimum[m.Name]
	high, hasHigh := p.Maximum[m.Name]
	value := m.At(now).Value
	return (!hasLow || value >= low) && (!hasHigh || value <= high)
}

// warns reports whether a measurement inside the bounds has passed the warning
// limit at now: above it for a maximum, below it for a minimum.
func (p Parameters) warns(m *Measurement, now time.Time) bool {
	if m == nil {
		return false
	}
	limit, set := p.Warn[m.Name]
	if !set {
		return false
	}
	value := m.At(now).Value
	if _, low := p.Minimum[m.Name]; low {
		return value < limit
	}
	return value > limit
}

// crossings returns the instants at which a growing measurement passes a limit
// of the parameters.
func (p Parameters) crossings(m *Measurement) []time.Time {
	if m == nil || m.Since.IsZero() {
		return nil
	}
	var all []time.Time
	for _, limits := range []map[string]float64{p.Minimum, p.Maximum, p.Warn} {
		if limit, set := limits[m.Name]; set {
			all = append(all, m.reaches(limit))
		}
	}
	return all
}

// accepts reports whether an observation can prove at now: it carries an accepted
// tag and its measurement, if bounded, keeps the bounds.
func (p Parameters) accepts(o Observation, now time.Time) bool {
	if len(p.Accept) > 0 && !slices.ContainsFunc(p.Accept, func(tag string) bool { return slices.Contains(o.Tags, tag) }) {
		return false
	}
	return !p.bounded(o.Measure) || p.inside(o.Measure, now)
}

// measured writes a measurement for people.
func measured(m *Measurement, now time.Time) string {
	if m == nil {
		return "no measurement"
	}
	return m.Name + " is " + strconv.FormatFloat(m.At(now).Value, 'g', -1, 64)
}
