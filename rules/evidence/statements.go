package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// Statements of people (catalogue §3)
//
//	Attestation ─► dated? ─► owner? ─► grade (signature, approval, evidence) ─► high enough? ─► one observation
//	                                                                               └─ no ─► shortfall: how to raise it
//
// A statement proves for the requirements it names, through those of their
// controls that accept a person's word, until the end of its last day. It never
// speaks against a finding: the judgement sees to that.

// statementVerifier stands for all attestations.
const statementVerifier = "statement:attestation"

// backdated is how long before its commit a statement may be dated.
const backdated = 7 * day

// statements weighs attestations.
func statements(in *Input) rules.Gathered {
	d := newDeclared(in)
	d.g.Complete(statementVerifier)
	if in.Catalogue == nil {
		return d.g
	}
	accepting := map[string]bool{} // requirements for which a statement can prove something
	for _, m := range in.Catalogue.Marketplaces {
		for _, r := range m.Requirements {
			for _, u := range r.Controls {
				if k, ok := in.Catalogue.Control(u.Control); ok && takesStatements(k) {
					accepting[r.ID] = true
					d.attested(use{r, u.Parameters}, k)
				}
			}
		}
	}
	for _, a := range d.f.Attestations {
		for _, id := range a.For {
			if !accepting[id] {
				d.note(a.Pos, fmt.Sprintf("attestations: no statement can show %s; `staylisted explain %s` says what does", printable(id), printable(id)))
			}
		}
	}
	return d.g
}

// takesStatements reports whether a proof group of the control accepts a
// person's word.
func takesStatements(k rules.Control) bool {
	return slices.ContainsFunc(k.Proof, func(group []string) bool { return slices.Contains(group, statementVerifier) })
}

// attested weighs the statements about one requirement for one of its controls,
// and says what is missing when none proves.
func (d *declared) attested(u use, k rules.Control) {
	var wanting []string
	for _, a := range d.f.Attestations {
		if !slices.Contains(a.For, u.ID) {
			continue
		}
		o, why := d.statement(a, u, k)
		if why != "" {
			wanting = append(wanting, fmt.Sprintf("The attestation in %s does not count for %s: %s.", printable(d.f.Where(a.Pos)), u.ID, why))
			continue
		}
		d.prove(o)
		if o.Expires.After(d.in.Now) {
			wanting = nil
			return
		}
	}
	only := []string{u.ID}
	if len(wanting) > 0 {
		for _, text := range wanting {
			d.lack(statementVerifier, k.ID, only, text, "")
		}
		return
	}
	if slices.ContainsFunc(d.f.Attestations, func(a Attestation) bool { return slices.Contains(a.For, u.ID) }) {
		return // it has expired, which its observation says
	}
	text := fmt.Sprintf("No attestation speaks for %s.", u.ID)
	if k.HowToSatisfy != "" && alone(k) {
		text += " " + k.HowToSatisfy
	} else if !alone(k) {
		text = fmt.Sprintf("No attestation speaks for %s instead.", u.ID)
	}
	if names := spokenTags(k.ID, u.Accept); len(names) > 0 {
		text += " It would have to name " + strings.Join(names, " or ") + "."
	}
	d.lack(statementVerifier, k.ID, only, text, d.statementSnippet(u, k))
}

// alone reports whether nothing but statements proves somewhere.
func alone(k rules.Control) bool {
	return slices.ContainsFunc(k.Proof, func(group []string) bool { return len(group) == 1 && group[0] == statementVerifier })
}

// statementSnippet is an entry to fill in; its placeholder is refused by the
// parser until somebody has written the sentence.
func (d *declared) statementSnippet(u use, k rules.Control) string {
	today := d.in.Now.UTC().Truncate(day)
	days := defaultAttestationDays
	if n, ok := attestationDays[k.ID]; ok {
		days = n
	}
	return fmt.Sprintf("attestations:\n  - for: [%s]\n    statement: \"<one sentence that says what is the case>\"\n    owner: \"@login\"\n    date: %s\n    expires: %s\n    evidence: [docs/evidence.md]",
		u.ID, today.Format(time.DateOnly), today.AddDate(0, 0, days).Format(time.DateOnly))
}

// statement turns an attestation into an observation for one requirement and
// control, or says why it does not count.
func (d *declared) statement(a Attestation, u use, k rules.Control) (o rules.Observation, why string) {
	tags, missing := d.statementTags(a, u, k)
	if missing != "" {
		return o, missing
	}
	g := d.grade(a)
	if g.problem != "" {
		return o, g.problem
	}
	need := d.f.AttestationGrade
	if u.Category != rules.Mandatory {
		need = "A3"
	}
	if g.grade > need && !g.orphaned { // "A3" sorts after "A2"
		return o, fmt.Sprintf("its grade is %s, and %s of category %s needs %s; %s", g.grade, u.ID, u.Category, need, g.raise(need))
	}
	o = rules.Observation{Verifier: statementVerifier, Control: k.ID, For: []string{u.ID}, Tags: tags, Grade: g.grade, Letter: "A", At: a.Date, Expires: endOf(a.Expires),
		Link: d.f.Where(a.Pos), Text: fmt.Sprintf("%s attests, grade %s%s: %s", quoted(a.Owner), g.grade, g.remarks(), cut(a.Statement))}
	if name, measured := statementMeasures[k.ID]; measured {
		o.Measure = &rules.Measurement{Name: name, Since: a.Date}
	}
	if g.link != "" {
		o.Link = g.link
	}
	if g.orphaned {
		// It ended when its owner lost access, which is not known to the day.
		o.Expires = d.in.Now.UTC().Truncate(day)
		if end := endOf(a.Expires); end.Before(o.Expires) {
			o.Expires = end
		}
		o.Text = fmt.Sprintf("orphaned: %s has no access to the repository any more; let somebody who has attest it", quoted(a.Owner))
	}
	return o, ""
}

// statementMeasures are numbers that a statement stands for: it is as old as
// what it tells of.
var statementMeasures = map[string]string{"dast-run": "dast-age-days", "secret-rotation": secretAge}

// spokenTags returns those of the accepted tags that a statement carries by
// naming them.
func spokenTags(control string, accept []string) []string {
	var out []string
	for _, tag := range accept {
		switch {
		case control == "encryption-at-rest" && tag == "aes-256":
			out = append(out, "AES-256")
		case control == "encryption-at-rest" && tag == "full-disk":
			out = append(out, "full disks")
		case control == "dast-run" && tag == "ci":
			out = append(out, "CI")
		}
	}
	return out
}

// statementTags returns what the statement is about, in the catalogue's words:
// the requirement itself, and what the sentence names. It says what is missing
// when the requirement accepts none of it.
func (d *declared) statementTags(a Attestation, u use, k rules.Control) (tags []string, missing string) {
	tags = []string{u.ID}
	w := splitWords(a.Statement)
	switch k.ID {
	case "encryption-at-rest":
		// Drift (catalogue §2.2): nobody can have spoken of a store that is not known.
		if undeclared := d.undeclaredStores(); len(undeclared) > 0 {
			return nil, fmt.Sprintf("the code keeps data in a store that is not declared under stores: %s (%s at %s:%d)", undeclared[0].Name, printable(undeclared[0].Detail), printable(undeclared[0].Location.Path), undeclared[0].Location.Line)
		}
		if slices.Contains(w, "aes") && slices.Contains(w, "256") || anyWord(w, equals) {
			tags = append(tags, "aes-256")
		}
		if anyWord(w, diskWords) {
			tags = append(tags, "full-disk")
		}
	case "dast-run":
		if anyWord(w, []string{"ci", "pipeline", "pipelines", "workflow", "workflows", "actions"}) {
			tags = append(tags, "ci")
		}
	case "tls-1.2-or-higher":
		if n := len(d.f.Endpoints); n > 0 {
			return nil, fmt.Sprintf("the policy file declares %d public endpoints, so the probe has to show it (scan with --probe)", n)
		}
	}
	if len(u.Accept) > 0 && !slices.ContainsFunc(tags, func(t string) bool { return slices.Contains(u.Accept, t) }) {
		if named := spokenTags(k.ID, u.Accept); len(named) > 0 {
			return nil, "the statement does not name " + strings.Join(named, " or ")
		}
		return nil, "a statement cannot show it; keep `marketplaces` up to date instead"
	}
	return tags, ""
}

// A graded attestation is what is known of who stands behind it.
type graded struct {
	grade    string // "A1", "A2", "A3"
	problem  string // why it does not count at all
	orphaned bool
	signed   rules.Ternary
	approved rules.Ternary
	asked    bool // GitHub told of the commit
	commit   string
	alone    bool   // nobody but its author has seen it
	known    bool   // the owner has access, or is an officer
	evidence string // what backs it, with its digest
	dead     []string
	link     string
}

// grade finds out who stands behind an attestation: A1 is signed, approved by a
// code owner and backed by evidence, A2 signed or approved, A3 neither. An owner
// whose access is not known lowers it by one.
func (d *declared) grade(a Attestation) graded {
	g := graded{grade: "A3"}
	commit, at, committed := d.lastCommit(a)
	if committed {
		g.commit = commit
		if early := at.Sub(a.Date); early > backdated+day { // the day itself, then seven days
			g.problem = fmt.Sprintf("it is dated %s and was last changed on %s, more than seven days later; write the day on which it was stated", a.Date.Format(time.DateOnly), at.Format(time.DateOnly))
			return g
		}
		if c, ok := d.in.Commits[commit]; ok {
			g.asked, g.signed, g.approved = true, c.Verified, c.OwnerApproved
			g.alone = len(c.Approvers) == 0
		}
	}
	switch {
	case strings.HasPrefix(a.Owner, "@"):
		access := d.in.access(a.Owner)
		g.known, g.orphaned = access == rules.True, access == rules.False
	default:
		_, _, officer := strings.Cut(a.Owner, ", ")
		g.known = officer
	}
	d.backing(a, &g)
	signed, approved := g.signed == rules.True, g.approved == rules.True
	level := 3
	switch {
	case signed && approved && g.evidence != "":
		level = 1
	case signed || approved:
		level = 2
	}
	if !g.known && !g.orphaned {
		level = min(3, level+1)
	}
	g.grade = fmt.Sprintf("A%d", level)
	return g
}

// lastCommit returns the newest commit that changed a line of the entry; ok is
// false while a line is not committed or git does not tell.
func (d *declared) lastCommit(a Attestation) (commit string, at time.Time, ok bool) {
	if d.in.Blame == nil {
		return "", time.Time{}, false
	}
	for line := a.Line; line <= max(a.Line, a.End.Line); line++ {
		c, when, known := d.in.Blame(d.f.Name, line)
		if !known {
			return "", time.Time{}, false
		}
		if commit == "" || when.After(at) {
			commit, at = c, when
		}
	}
	return commit, at, commit != ""
}

// maxEvidence is how large a file of evidence may be to be digested.
const maxEvidence = 32 << 20

// backing looks for what an attestation names as evidence: a file that is there
// and not empty, with its digest, or a web address.
func (d *declared) backing(a Attestation, g *graded) {
	var found []string
	for _, e := range a.Evidence {
		if u, err := url.Parse(e); err == nil && u.Scheme == "https" && u.Hostname() != "" {
			if placeholderHost(u.Hostname()) {
				g.dead = append(g.dead, e)
				continue
			}
			found = append(found, "page at "+quoted(u.Hostname()))
			if g.link == "" {
				g.link = e
			}
			continue
		}
		if d.in.Tree == nil {
			g.dead = append(g.dead, e)
			continue
		}
		data, err := d.in.Tree.Read(e, maxEvidence)
		if err != nil || len(strings.TrimSpace(string(data[:min(len(data), 4096)]))) == 0 {
			g.dead = append(g.dead, e)
			continue
		}
		sum := sha256.Sum256(data)
		found = append(found, fmt.Sprintf("%s (sha256 %s)", quoted(e), hex.EncodeToString(sum[:])))
		if g.link == "" {
			g.link = e
		}
	}
	g.evidence = strings.Join(found[:min(len(found), maxNamed)], ", ")
}

// remarks tells what the grade rests on.
func (g graded) remarks() string {
	var parts []string
	if g.signed == rules.True {
		parts = append(parts, "signed commit")
	}
	if g.approved == rules.True {
		parts = append(parts, "approved by a code owner")
	} else if g.asked && g.alone {
		parts = append(parts, "self-attested")
	}
	if g.commit != "" {
		parts = append(parts, "commit "+g.commit[:min(12, len(g.commit))])
	}
	if g.evidence != "" {
		parts = append(parts, "evidence: "+g.evidence)
	}
	if len(g.dead) > 0 {
		parts = append(parts, "evidence that is not there: "+named(g.dead))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, "; ") + ")"
}

// raise says what would lift the grade to the one that is needed.
func (g graded) raise(need string) string {
	var steps []string
	switch {
	case g.commit == "":
		steps = append(steps, "commit it, and scan a checkout with the full history (`fetch-depth: 0`)")
	case !g.asked:
		steps = append(steps, "let the scan ask GitHub about the signature and approval of its commit (a token in GITHUB_TOKEN)")
	case need == "A1":
		if g.signed != rules.True {
			steps = append(steps, "sign the commit that changes it")
		}
		if g.approved != rules.True {
			steps = append(steps, "let a code owner of the policy file who is not the author approve the pull request")
		}
	case g.signed != rules.True && g.approved != rules.True:
		steps = append(steps, "sign the commit that changes it, or let a code owner of the policy file who is not the author approve the pull request")
	}
	if need == "A1" && g.evidence == "" {
		steps = append(steps, "name evidence that is there")
	}
	if !g.known {
		steps = append(steps, "name an owner whose access to the repository GitHub shows, or an officer as \"Name, role\"")
	}
	return strings.Join(steps, "; ")
}

// maxStatement is how much of a statement a report repeats, in characters.
const maxStatement = 200

// cut shortens text for a report.
func cut(s string) string {
	runes := []rune(printableWords(s))
	if len(runes) > maxStatement {
		return string(runes[:maxStatement]) + "…"
	}
	return string(runes)
}

// printableWords joins the words of a text with single spaces, so that line
// breaks do not reach a report, and escapes what is left that misleads.
func printableWords(s string) string {
	return printable(strings.ReplaceAll(strings.Join(strings.Fields(s), " "), `"`, "'"))
}
