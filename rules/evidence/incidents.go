package evidence

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
)

const (
	// notifyWithin is how long a partner may take to tell the marketplace
	// (Apollo's incident term, APOLLO-IR-01).
	notifyWithin = 24 * time.Hour
	// unnotified counts the hours that have begun since an incident was detected
	// and nobody was told. Requirements bound it by 24.
	unnotified = "incident-unnotified-hours"
	// incidentDays is how long a late notification counts against a partner.
	incidentDays = 365
)

// incidents proves that incidents are reported in time when each entry was, or
// when the list is there and empty. One that was not is a finding; one that may
// still be reported in time is a finding that grows.
func (d *declared) incidents() {
	const control = "incident-notification"
	const example = "incidents:\n  - {id: \"<number of the incident>\", detected: \"<when, with time and zone>\", notified: \"<when, with time and zone>\", to: [apollo]}"
	section, there := d.f.Section("incidents")
	if !there {
		d.lack(incidentsVerifier, control, nil, "The policy file has no list of security incidents. Write each with the times it was detected and notified, or an empty list when there was none.", "incidents: []")
		return
	}
	late := false
	for _, i := range d.f.Incidents {
		switch {
		case i.Notified.IsZero():
			// Hours that have begun: at 24:00:00 the twenty-fifth begins.
			since := i.Detected.Add(-time.Hour)
			d.flag("policy:incidents/late", fmt.Sprintf("incident %s, detected at %s, is not notified; it is due by %s", quoted(i.ID), i.Detected.Format(time.RFC3339), i.Detected.Add(notifyWithin).Format(time.RFC3339)),
				i.Pos, &rules.Measurement{Name: unnotified, Since: since}, i.ID)
			late = late || !d.in.Now.Before(i.Detected.Add(notifyWithin))
		case i.Notified.Sub(i.Detected) > notifyWithin && d.in.Now.Sub(i.Detected) <= incidentDays*day:
			hours := math.Ceil(i.Notified.Sub(i.Detected).Hours())
			d.flag("policy:incidents/late", fmt.Sprintf("incident %s was notified %s after it was detected", quoted(i.ID), i.Notified.Sub(i.Detected).Round(time.Minute)),
				i.Pos, &rules.Measurement{Name: unnotified, Value: hours}, i.ID)
			late = true
		}
	}
	for _, u := range d.uses(control) {
		var untold []string
		told, open := 0, 0
		for _, i := range d.f.Incidents {
			switch {
			case i.Notified.IsZero():
				open++
			case len(i.To) == 0 || slices.Contains(i.To, u.Marketplace):
				told++
			case u.Marketplace == "apollo":
				// Apollo wants to be told of every incident.
				untold = append(untold, i.ID)
			}
		}
		switch {
		case len(untold) > 0:
			d.lack(incidentsVerifier, control, []string{u.ID}, fmt.Sprintf("The ledger does not say that %s was told of: %s.", u.Marketplace, strings.Join(untold[:min(len(untold), maxNamed)], ", ")), example)
		case late: // the findings say it
		default:
			text := fmt.Sprintf("%d incidents are recorded, each notified within 24 hours", told)
			switch {
			case open > 0:
				text += fmt.Sprintf("; %d more are within the 24 hours", open)
			case told == 0:
				text = "the ledger of incidents is kept and holds none that concerns " + u.Marketplace
			}
			d.prove(rules.Observation{Verifier: incidentsVerifier, Control: control, For: []string{u.ID}, Link: d.f.Where(section.Pos), Expires: d.reviewedUntil("incidents"), Text: text})
		}
	}
}
