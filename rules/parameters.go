package rules

import (
	"slices"
	"strconv"
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

// inside reports whether a measurement keeps the bounds the parameters set for
// it. What is not a number keeps none.
func (p Parameters) inside(m *Measurement) bool {
	low, hasLow := p.Minimum[m.Name]
	high, hasHigh := p.Maximum[m.Name]
	return (!hasLow || m.Value >= low) && (!hasHigh || m.Value <= high)
}

// warns reports whether a measurement inside the bounds has passed the warning
// limit: above it for a maximum, below it for a minimum.
func (p Parameters) warns(m *Measurement) bool {
	if m == nil {
		return false
	}
	limit, set := p.Warn[m.Name]
	if !set {
		return false
	}
	if _, low := p.Minimum[m.Name]; low {
		return m.Value < limit
	}
	return m.Value > limit
}

// accepts reports whether an observation can prove: it carries an accepted tag
// and its measurement, if bounded, keeps the bounds.
func (p Parameters) accepts(o Observation) bool {
	if len(p.Accept) > 0 && !slices.ContainsFunc(p.Accept, func(tag string) bool { return slices.Contains(o.Tags, tag) }) {
		return false
	}
	return !p.bounded(o.Measure) || p.inside(o.Measure)
}

// measured writes a measurement for people.
func measured(m *Measurement) string {
	if m == nil {
		return "no measurement"
	}
	return m.Name + " is " + strconv.FormatFloat(m.Value, 'g', -1, 64)
}
