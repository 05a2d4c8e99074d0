package evidence

import (
	"time"

	"github.com/staylisted/staylisted/rules"
)

// Known is what a policy may speak of and when it is read. A nil list means
// that ids of that kind are only checked for their shape.
type Known struct {
	Marketplaces []string // "druva"
	Requirements []string // "DRUVA-SC-07"
	Controls     []string // "csrf-protection"; only to tell a mix-up with a requirement
	Rules        []string // "MKT508", "G402/skip-verify"; advisory ids are always accepted

	// AttestationDays is the longest life of an attestation in days by
	// requirement; 365 where it says nothing.
	AttestationDays map[string]int

	// Now is the instant limits are measured from. The zero time checks no
	// limit that needs a clock.
	Now time.Time
}

// defaultAttestationDays holds for law, consent, plans and questionnaires.
const defaultAttestationDays = 365

// attestationDays is the longest life of an attestation by control (catalogue
// §3). Where the control table gives a longer time than the class, the class
// holds, as it is the stricter one.
var attestationDays = map[string]int{
	"program-eligibility": 90, // facts of the programme
	"secret-store":        180,
	"secret-rotation":     180,
	"log-monitoring":      180,
}

// KnownFrom returns the ids of a catalogue. Rule ids are the caller's, as the
// catalogue does not hold them; nil leaves them unchecked.
func KnownFrom(c *rules.Catalogue, ruleIDs []string, now time.Time) Known {
	k := Known{Rules: ruleIDs, AttestationDays: map[string]int{}, Now: now}
	for _, m := range c.Marketplaces {
		k.Marketplaces = append(k.Marketplaces, m.ID)
		for _, r := range m.Requirements {
			k.Requirements = append(k.Requirements, r.ID)
			days := defaultAttestationDays
			for _, use := range r.Controls {
				if d, ok := attestationDays[use.Control]; ok {
					days = min(days, d)
				}
			}
			k.AttestationDays[r.ID] = days
		}
	}
	for _, ctl := range c.Controls {
		k.Controls = append(k.Controls, ctl.ID)
	}
	return k
}

// today is the UTC civil date.
func (k *Known) today() time.Time { return k.Now.UTC().Truncate(24 * time.Hour) }

// eastmost is how far the first time zone to see a new day is ahead of UTC: a
// date that has begun somewhere is not in the future.
const eastmost = 14 * time.Hour

// skew is how far an author's clock may be ahead of ours.
const skew = 5 * time.Minute
