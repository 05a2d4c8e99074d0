package evidence

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// phases proves where the app stands at each marketplace. The tag is the
// marketplace and the phase ("druva:approved").
func (d *declared) phases() {
	const control = "submission-state"
	for _, m := range d.f.Marketplaces {
		phase := m.Phase
		if phase == "" {
			phase = "draft"
		}
		said := []string{m.ID + " is declared in phase " + phase}
		for _, at := range []struct {
			name string
			day  time.Time
		}{{"submitted", m.Submitted}, {"approved", m.Approved}, {"published", m.Published}, {"rejected", m.Rejected}} {
			if !at.day.IsZero() {
				said = append(said, fmt.Sprintf("%s on %s", at.name, at.day.Format(time.DateOnly)))
			}
		}
		d.prove(rules.Observation{Verifier: phaseVerifier, Control: control, Link: d.f.Where(m.Pos), Tags: []string{m.ID + ":" + phase}, Text: strings.Join(said, ", ")})
	}
	for _, u := range d.uses(control) {
		m := u.Marketplace
		i := slices.IndexFunc(d.f.Marketplaces, func(o Marketplace) bool { return o.ID == m })
		phase := "draft"
		if i >= 0 && d.f.Marketplaces[i].Phase != "" {
			phase = d.f.Marketplaces[i].Phase
		}
		if len(u.Accept) > 0 && !slices.Contains(u.Accept, m+":"+phase) {
			next := "submitted"
			if !slices.Contains(u.Accept, m+":submitted") {
				next = "approved"
			}
			d.lack(phaseVerifier, control, []string{u.ID}, fmt.Sprintf("The policy file declares %s in phase %s; this step is shown from phase %s on.", m, phase, next),
				fmt.Sprintf("marketplaces:\n  %s: {phase: %s, %s: %s}", m, next, next, askDay))
		}
	}
}

// askDay stands in snippets for a day that only the partner knows.
const askDay = `"<the day, YYYY-MM-DD>"`

// questionnaireDays is how long an approved questionnaire holds (MONDAY-BADGE-02).
const questionnaireDays = 365

// questionnaires proves that a marketplace's security questionnaire is approved
// and current, and that it is not handed in again too early after a rejection.
func (d *declared) questionnaires() {
	const control = "questionnaire-valid"
	for _, u := range d.uses(control) {
		i := slices.IndexFunc(d.f.Marketplaces, func(o Marketplace) bool { return o.ID == u.Marketplace })
		m := Marketplace{ID: u.Marketplace}
		if i >= 0 {
			m = d.f.Marketplaces[i]
		}
		snippet := fmt.Sprintf("marketplaces:\n  %s: {phase: published, questionnaire: {submitted: %s, approved: %s}}", m.ID, askDay, askDay)
		if len(u.Accept) == 0 {
			d.resubmission(u, m, snippet)
			continue
		}
		q := m.Questionnaire
		switch {
		case !q.Approved.IsZero():
			d.prove(rules.Observation{Verifier: questionnaireVerifier, Control: control, For: []string{u.ID}, Link: d.f.Where(q.Pos), Tags: []string{"questionnaire:approved"}, Letter: "A",
				Expires: endOf(q.Approved.AddDate(0, 0, questionnaireDays)), Text: fmt.Sprintf("the questionnaire of %s was approved on %s", m.ID, q.Approved.Format(time.DateOnly))})
		case !q.Submitted.IsZero():
			d.lack(questionnaireVerifier, control, []string{u.ID}, fmt.Sprintf("The questionnaire of %s was handed in on %s and is not approved yet.", m.ID, q.Submitted.Format(time.DateOnly)), snippet)
		default:
			d.lack(questionnaireVerifier, control, []string{u.ID}, fmt.Sprintf("The policy file records no questionnaire of %s. `staylisted questionnaire` drafts the answers.", m.ID), snippet)
		}
	}
}

// resubmission proves that no rejection stands in the way of handing the
// questionnaire in: there was none, or three calendar months have passed.
func (d *declared) resubmission(u use, m Marketplace, snippet string) {
	const control = "questionnaire-valid"
	again := addMonths(m.Rejected, 3)
	text := ""
	switch {
	case m.Phase == "rejected" && m.Rejected.IsZero():
		d.lack(questionnaireVerifier, control, []string{u.ID}, fmt.Sprintf("%s is declared as rejected without the day; add it, so that the day of the next try is known.", m.ID),
			fmt.Sprintf("marketplaces:\n  %s: {phase: rejected, rejected: %s}", m.ID, askDay))
		return
	case m.Rejected.IsZero():
		text = "no rejection is recorded"
	case m.Questionnaire.Submitted.After(m.Rejected) && m.Questionnaire.Submitted.Before(again):
		d.lack(questionnaireVerifier, control, []string{u.ID}, fmt.Sprintf("The questionnaire was handed in on %s, less than three months after the rejection of %s; it may be from %s on.",
			m.Questionnaire.Submitted.Format(time.DateOnly), m.Rejected.Format(time.DateOnly), again.Format(time.DateOnly)), snippet)
		return
	case d.in.Now.Before(again) && !m.Questionnaire.Submitted.After(m.Rejected):
		d.lack(questionnaireVerifier, control, []string{u.ID}, fmt.Sprintf("After the rejection of %s the questionnaire may be handed in again from %s on.", m.Rejected.Format(time.DateOnly), again.Format(time.DateOnly)), snippet)
		return
	default:
		text = fmt.Sprintf("after the rejection of %s the questionnaire may be handed in again since %s", m.Rejected.Format(time.DateOnly), again.Format(time.DateOnly))
	}
	d.prove(rules.Observation{Verifier: questionnaireVerifier, Control: control, For: []string{u.ID}, Link: d.f.Where(m.Pos), Tags: []string{"questionnaire:free"}, Letter: "A", Text: text})
}

// addMonths adds calendar months: the same day, or the last of a shorter month.
func addMonths(t time.Time, months int) time.Time {
	if t.IsZero() {
		return t
	}
	first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, months, 0)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

// claims tells of statements that a requirement does not apply where it cannot
// be ruled out at all.
func (d *declared) claims() {
	if d.in.Catalogue == nil {
		return
	}
	for _, c := range d.f.NotApplicable {
		for _, m := range d.in.Catalogue.Marketplaces {
			for _, r := range m.Requirements {
				if r.ID != c.Requirement {
					continue
				}
				var never []string
				for _, use := range r.Controls {
					if k, ok := d.in.Catalogue.Control(use.Control); ok && len(k.NotApplicable.NoneOf) == 0 {
						never = append(never, k.ID)
					}
				}
				if len(never) > 0 {
					d.note(c.Pos, fmt.Sprintf("not-applicable: %s is never ruled out, because nothing can show that %s does not apply; withdraw the claim and satisfy the requirement", r.ID, never[0]))
				}
			}
		}
	}
}
