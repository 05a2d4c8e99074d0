package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// Gathered is what a verifier, or a family of them, brings to the evidence: how
// their runs ended, what they found against and for the controls, and what they
// looked for and did not find. The zero value says nothing at all: a verifier
// that leaves no run did not run.
type Gathered struct {
	Runs         []VerifierRun
	Findings     []Finding
	Observations []Observation
	Shortfalls   []Shortfall
	Facts        []Fact
	Components   []Component
	// Rules describe what the findings' rules flag, whether they found something
	// or not.
	Rules []Rule
	// Notes are things a person should know that change no verdict.
	Notes []string
}

// Complete records that verifiers ran to their end.
func (g *Gathered) Complete(verifiers ...string) {
	for _, id := range verifiers {
		g.Runs = append(g.Runs, VerifierRun{Verifier: id, State: Complete})
	}
}

// Broken records that verifiers were tried and could not see everything. The
// reason says why and what to do about it.
func (g *Gathered) Broken(reason string, verifiers ...string) {
	for _, id := range verifiers {
		g.Runs = append(g.Runs, VerifierRun{Verifier: id, State: Broken, Reason: reason})
	}
}

// Skipped records that verifiers were not tried, and what would make them run.
func (g *Gathered) Skipped(reason string, verifiers ...string) {
	for _, id := range verifiers {
		g.Runs = append(g.Runs, VerifierRun{Verifier: id, State: NotRun, Reason: reason})
	}
}

// Add takes in everything of other.
func (g *Gathered) Add(other Gathered) {
	g.Runs = append(g.Runs, other.Runs...)
	g.Findings = append(g.Findings, other.Findings...)
	g.Observations = append(g.Observations, other.Observations...)
	g.Shortfalls = append(g.Shortfalls, other.Shortfalls...)
	g.Facts = append(g.Facts, other.Facts...)
	g.Components = append(g.Components, other.Components...)
	g.Rules = append(g.Rules, other.Rules...)
	g.Notes = append(g.Notes, other.Notes...)
}

// A Shortfall is proof that a verifier looked for and did not find, or found
// wanting. It speaks against nothing: where other proof satisfies the control it
// is not shown.
type Shortfall struct {
	Verifier string `json:"verifier"` // "document:architecture"
	Control  string `json:"control"`
	// For narrows it to requirements; empty speaks of every requirement that
	// asks for the control.
	For []string `json:"for,omitempty"`
	// Text is one or two sentences: what is missing and where.
	Text string `json:"text"`
	// Snippet is what would satisfy it, ready to copy: YAML of the policy file, or
	// the headings of a document. In says which file it belongs into.
	Snippet string `json:"snippet,omitempty"`
	In      string `json:"in,omitempty"`
}

// covers reports whether something narrowed to requirements speaks of one.
func covers(narrowed []string, requirement string) bool {
	return len(narrowed) == 0 || slices.Contains(narrowed, requirement)
}

// Finding makes a finding of the rule at a place. source is one of the words
// [Finding] lists. What tells findings of one rule at one place apart (Tokens)
// and the identity made of it are left to the caller.
func (r Rule) Finding(source, message string, at Location) Finding {
	f := Finding{
		Rule: r.ID, Title: r.Title, Class: r.Class, CWE: append([]int{}, r.CWE...), Requirements: []string{},
		Location: at, Message: message, Source: source,
	}
	if len(r.Controls) > 0 {
		f.Control, f.MoreControls = r.Controls[0], slices.Clone(r.Controls[1:])
	}
	if r.Vector != "" {
		if score, err := Score(r.Vector, FromRule); err == nil {
			f.CVSS = &score
		}
	}
	return f
}

// TokenDigest digests what tells a finding apart from others of its rule in its
// file: the normalised text it is about, never a line number. It goes into
// [Finding.Tokens]. A secret's value must not be among the parts.
func TokenDigest(parts ...string) string {
	text := strings.Join(parts, "\x00")
	if text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// At returns the measurement as it stands at now: one that grows with time is
// counted anew.
func (m Measurement) At(now time.Time) Measurement {
	if m.Since.IsZero() {
		return m
	}
	m.Value = float64(max(0, now.Sub(m.Since)/m.unit()))
	return m
}

// reaches returns the first instant at which a growing measurement is greater
// than limit.
func (m Measurement) reaches(limit float64) time.Time {
	return m.Since.Add(time.Duration(limit+1) * m.unit())
}

// unit is what a growing measurement is counted in, by the ending of its name.
func (m Measurement) unit() time.Duration {
	if strings.HasSuffix(m.Name, "-hours") {
		return time.Hour
	}
	return 24 * time.Hour
}
