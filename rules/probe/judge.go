package probe

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// Judge turns a record into evidence; without one the endpoints were not looked
// at, for the reason given. It leaves a run of each of [Verifiers]:
//
//   - complete, dated like the record, when every endpoint the verifier is asked
//     of answered what it needs;
//   - broken, naming the endpoints, when one did not;
//   - skipped when nothing was looked at, or when what was seen proves nothing
//     and no observation is asked for that its absence could be noticed by.
//
// Without endpoints there is nothing to look at: the verifiers whose controls
// ask for proof are complete and leave a shortfall, so that other proof counts
// where the control takes it.
func Judge(r *Record, targets []Target, reason string, now time.Time) rules.Gathered {
	g := rules.Gathered{Rules: Rules()}
	if len(targets) == 0 {
		withoutEndpoints(&g)
		return g
	}
	if r == nil {
		if reason == "" {
			reason = "the deployed endpoints were not looked at; scan with --probe"
		}
		g.Skipped(reason, Verifiers()...)
		return g
	}
	j := &judge{record: r, targets: targets, now: now, g: &g, by: map[string]*result{}}
	for _, c := range checks {
		j.by[c.id] = &result{}
	}
	j.all()
	for _, c := range checks {
		j.finish(c, j.by[c.id])
	}
	slices.Sort(g.Notes)
	g.Notes = slices.Compact(g.Notes)
	return g
}

// endpointSnippet declares an endpoint.
func endpointSnippet(url string, k kind) string {
	return fmt.Sprintf("endpoints:\n  - {url: %q, kind: %s}\n", url, k)
}

const (
	exampleURL = "https://app.example.com/"
	policyPath = ".github/staylisted.yml"
)

// withoutEndpoints says what to declare.
func withoutEndpoints(g *rules.Gathered) {
	const text = "The policy file declares no endpoint, so nothing of the deployed app can be looked at. Declare the public addresses of the app."
	for _, c := range checks {
		if c.proves {
			g.Complete(c.id)
		} else {
			g.Skipped("the policy file declares no endpoint of "+c.kinds, c.id)
		}
		g.Shortfalls = append(g.Shortfalls, rules.Shortfall{Verifier: c.id, Control: c.control, Text: text, Snippet: endpointSnippet(exampleURL, exampleKind(c)), In: policyPath})
	}
}

// exampleKind is a kind that a check is asked of.
func exampleKind(c check) kind {
	if c.asks(Target{Kind: string(browser)}) || c.id == verifyPrivate {
		return browser
	}
	return api
}

// A judge gathers what the record says.
type judge struct {
	record  *Record
	targets []Target
	now     time.Time
	g       *rules.Gathered
	by      map[string]*result // by verifier
}

// A result is what came of one verifier.
type result struct {
	asked   int
	broken  []string          // what could not be seen
	lacking []rules.Shortfall // why what was seen proves nothing
	against []string          // rules with a finding that speaks against it
	shown   []string          // what speaks for it, a part a place
	measure *rules.Measurement
	expires time.Time
}

func (r *result) breaks(where, why string) {
	r.broken = append(r.broken, printable(where+": "+why))
}

func (r *result) shows(format string, args ...any) {
	r.shown = append(r.shown, fmt.Sprintf(format, args...))
}

// least keeps the smallest measurement.
func (r *result) least(name string, value float64) {
	if r.measure == nil || value < r.measure.Value {
		r.measure = &rules.Measurement{Name: name, Value: value}
	}
}

// until keeps the earliest end.
func (r *result) until(t time.Time) {
	if r.expires.IsZero() || t.Before(r.expires) {
		r.expires = t
	}
}

// lack notes that an observation of a check would not be proof.
func (j *judge) lack(id, text, snippet, in string) {
	for _, c := range checks {
		if c.id == id {
			j.by[id].lacking = append(j.by[id].lacking, rules.Shortfall{Verifier: id, Control: c.control, Text: printable(text), Snippet: snippet, In: in})
		}
	}
}

// all judges every host once and every endpoint.
func (j *judge) all() {
	hosts := map[string]bool{}
	for i, t := range j.targets {
		for _, c := range checks {
			if c.asks(t) {
				j.by[c.id].asked++
			}
		}
		u, err := parseTarget(t.URL)
		if err != nil {
			j.unseen(t, err.Error(), nil)
			continue
		}
		name := hostOf(u)
		h, e := j.record.host(name), j.record.endpoint(t.URL)
		switch {
		case i >= maxTargets:
			j.unseen(t, fmt.Sprintf("only %d endpoints are looked at", maxTargets), nil)
			continue
		case h == nil:
			j.unseen(t, "the record does not hold it; probe again", nil)
			continue
		case h.Refused != "":
			j.unseen(t, printable(h.Refused), nil)
			continue
		case h.Error != "" || h.Missing:
			if !hosts[name] {
				j.missingName(h, t)
			}
			hosts[name] = true
			var but []string
			if h.Missing {
				but = []string{verifyDomain} // that is known
			}
			j.unseen(t, printable(h.Error), but)
			continue
		case e == nil:
			j.unseen(t, "the record does not hold it; probe again", nil)
			continue
		}
		if !hosts[name] {
			hosts[name] = true
			j.host(h, e, t)
		}
		j.ownership(h, t)
		j.endpoint(h, e, t)
	}
}

// unseen breaks every check that is asked of the endpoint, but the named ones.
func (j *judge) unseen(t Target, why string, but []string) {
	for _, c := range checks {
		if c.asks(t) && !slices.Contains(but, c.id) {
			j.by[c.id].breaks(t.URL, why)
		}
	}
}

// ownership notes for every check of the endpoint that its host proves nothing.
func (j *judge) ownership(h *Host, t Target) {
	if h.owned(j.record.Repository) {
		return
	}
	repository := j.record.Repository
	text := fmt.Sprintf("Ownership unproved: %s does not say that it belongs to %s. %s Serve the snippet there, or set the TXT record %s%s to \"%s\".",
		h.Name, repository.words(), h.Document.words(h.Name), ownershipName, h.Name, repository.txt())
	if repository == (Repository{}) {
		text = fmt.Sprintf("Ownership unproved: the probe was not told which repository %s should belong to. Name it with --repository OWNER/NAME.", h.Name)
	}
	for _, c := range checks {
		if c.asks(t) && !slices.ContainsFunc(j.by[c.id].lacking, func(s rules.Shortfall) bool { return s.Text == text }) {
			j.lack(c.id, text, repository.snippet(), "https://"+urlHost(h.Name)+ownershipPath)
		}
	}
}

// words names a repository.
func (r Repository) words() string {
	switch {
	case r.Name == "":
		return fmt.Sprintf("repository %d", r.ID)
	case r.ID == 0:
		return r.Name
	}
	return fmt.Sprintf("%s (repository_id %d)", r.Name, r.ID)
}

// txt is the record that would prove ownership.
func (r Repository) txt() string {
	var parts []string
	if r.Name != "" {
		parts = append(parts, "repository="+r.Name)
	}
	if r.ID != 0 {
		parts = append(parts, fmt.Sprintf("repository_id=%d", r.ID))
	}
	return strings.Join(parts, " ")
}

// words says what the document was seen to hold.
func (p *Proof) words(host string) string {
	at := "https://" + urlHost(host) + ownershipPath
	switch {
	case p == nil:
		return at + " was not looked at."
	case p.Error != "":
		return at + " proves nothing: " + printable(p.Error) + "."
	case len(p.Names) > 0:
		return at + " names " + shown(p.Names[0].words()) + "."
	}
	return fmt.Sprintf("%s answers %d.", at, p.Status)
}

// find notes a finding of the rule at an endpoint. id is the verifier it speaks
// against; about is what tells it apart from others of the rule, beside the
// endpoint.
func (j *judge) find(id string, rule rules.Rule, h *Host, t Target, message string, measure *rules.Measurement, about ...string) {
	j.by[id].against = append(j.by[id].against, rule.ID)
	if !h.owned(j.record.Repository) {
		rule.Class = rules.Review
		message += " Ownership of " + h.Name + " is not proved, so this is for review."
	}
	f := rule.Finding("probe", printable(message), t.Where)
	f.Measure = measure
	f.Tokens = rules.TokenDigest(append([]string{rule.ID, t.URL}, about...)...)
	j.g.Findings = append(j.g.Findings, f)
}

// against notes that a finding of another verifier stands against this one's
// control as well.
func (j *judge) against(id string, rule rules.Rule) {
	j.by[id].against = append(j.by[id].against, rule.ID)
}

func (j *judge) note(format string, args ...any) {
	j.g.Notes = append(j.g.Notes, printable(fmt.Sprintf(format, args...)))
}

// maxParts is how many endpoints one text names.
const maxParts = 4

func parts(list []string) string {
	list = slices.Clone(list)
	more := ""
	if n := len(list) - maxParts; n > 0 {
		list, more = list[:maxParts], fmt.Sprintf("; and %d more", n)
	}
	return strings.Join(list, "; ") + more
}

// finish leaves the run of a verifier, and its observation when it proves.
func (j *judge) finish(c check, r *result) {
	j.g.Shortfalls = append(j.g.Shortfalls, r.lacking...)
	switch {
	case r.asked == 0:
		text := "No endpoint of " + c.kinds + " is declared, so nothing can show this."
		snippet := endpointSnippet(exampleURL, exampleKind(c))
		if c.id == verifyPrivate {
			snippet = fmt.Sprintf("endpoints:\n  - {url: %q, private: [/account]}\n", exampleURL)
		}
		j.g.Shortfalls = append(j.g.Shortfalls, rules.Shortfall{Verifier: c.id, Control: c.control, Text: text, Snippet: snippet, In: policyPath})
		if c.proves {
			j.complete(c.id)
		} else {
			j.g.Skipped("no endpoint of "+c.kinds+" is declared; declare it in the policy file", c.id)
		}
		return
	case len(r.broken) > 0:
		j.g.Broken(parts(r.broken)+". Make sure that it answers the probe, whose User-Agent begins with staylisted-probe, and probe again", c.id)
		return
	case len(r.lacking) > 0 && !c.proves:
		j.g.Skipped("what was seen proves nothing: "+strings.TrimSuffix(r.lacking[0].Text, "."), c.id)
		return
	}
	j.complete(c.id)
	if len(r.lacking) > 0 || len(r.shown) == 0 {
		return
	}
	seen := parts(r.shown)
	if len(r.against) > 0 {
		// The findings decide. Where somebody has excused them, what is left is
		// that all of it was looked at.
		seen = fmt.Sprintf("%d endpoints were looked at; what was found against them is %s", r.asked, strings.Join(slices.Compact(slices.Sorted(slices.Values(r.against))), " and "))
	}
	from := "the probe"
	if j.record.ObservedFrom == "runner" {
		from = "the probe on the repository's own runner"
	}
	o := rules.Observation{Verifier: c.id, Control: c.control, At: j.record.At, Expires: r.expires, Measure: r.measure, Letter: "L",
		Text: printable(seen) + ", seen by " + from + " on " + j.record.At.UTC().Format("2006-01-02 15:04 MST")}
	if u := j.targets[0].URL; r.asked == 1 || len(j.targets) == 1 {
		o.Link = u
	}
	j.g.Observations = append(j.g.Observations, o)
}

// complete records a run dated like the record.
func (j *judge) complete(id string) {
	j.g.Runs = append(j.g.Runs, rules.VerifierRun{Verifier: id, State: rules.Complete, At: j.record.At})
}
