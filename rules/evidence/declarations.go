package evidence

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// What the policy file declares
//
//	File ─┐
//	Facts ┼─► contacts, services, stores, data, sub-processors, ledger, incidents, phases ─► Gathered
//	Blame ┘
//
// A declaration proves what it says where it is complete and nothing the scan
// computed contradicts it; what is missing is told with the YAML that would
// satisfy it; and where it says itself that a requirement is not met, that is a
// finding at its line. A repository without a policy file lacks everything.

// Verifiers of this file's family, as the catalogue names them.
const (
	contactsVerifier      = "policy:contacts"
	servicesVerifier      = "policy:services"
	storesVerifier        = "policy:stores"
	dataVerifier          = "policy:data"
	subProcessorsVerifier = "policy:sub-processors"
	secretsVerifier       = "policy:secrets"
	rotationVerifier      = "ledger:rotation"
	incidentsVerifier     = "policy:incidents"
	phaseVerifier         = "policy:phase"
	questionnaireVerifier = "policy:questionnaire"
)

// declarations weighs what the policy file declares.
func declarations(in *Input) rules.Gathered {
	d := newDeclared(in)
	d.g.Rules = append(d.g.Rules, policyRules()...)
	for _, v := range []struct {
		id    string
		weigh func()
	}{
		{contactsVerifier, d.contacts}, {servicesVerifier, d.services}, {storesVerifier, d.stores}, {dataVerifier, d.data},
		{subProcessorsVerifier, d.subProcessors}, {secretsVerifier, d.secrets}, {rotationVerifier, d.rotation},
		{incidentsVerifier, d.incidents}, {phaseVerifier, d.phases}, {questionnaireVerifier, d.questionnaires},
	} {
		v.weigh()
		d.g.Complete(v.id)
	}
	d.claims()
	d.loweredBar()
	return d.g
}

// A declared is the policy file with what it is held against.
type declared struct {
	in     *Input
	f      *File // never nil
	absent bool  // there is no policy file: nothing proves
	facts  map[string]rules.Fact
	g      rules.Gathered
}

func newDeclared(in *Input) *declared {
	d := &declared{in: in, f: in.File, facts: map[string]rules.Fact{}}
	if d.f == nil {
		d.f, d.absent = &File{Name: PolicyPath, AttestationGrade: "A2"}, true
	}
	for _, fact := range in.Facts {
		d.facts[fact.ID] = fact
	}
	return d
}

// prove adds an observation. Without a policy file there is none.
func (d *declared) prove(o rules.Observation) {
	if !d.absent {
		d.g.Observations = append(d.g.Observations, o)
	}
}

// lack adds a shortfall that YAML in the policy file would satisfy.
func (d *declared) lack(verifier, control string, only []string, text, snippet string) {
	d.g.Shortfalls = append(d.g.Shortfalls, rules.Shortfall{Verifier: verifier, Control: control, For: only, Text: text, Snippet: snippet, In: d.f.Name})
}

// flag adds a finding of one of [policyRules] at a place of the policy file.
// tokens tell it apart from others of its rule.
func (d *declared) flag(id, message string, at Pos, measure *rules.Measurement, tokens ...string) {
	all := policyRules()
	i := slices.IndexFunc(all, func(r rules.Rule) bool { return r.ID == id })
	f := all[i].Finding("document", message, rules.Location{Path: d.f.Name, Line: at.Line, Column: at.Column})
	f.Tokens, f.Measure = rules.TokenDigest(append([]string{id}, tokens...)...), measure
	d.g.Findings = append(d.g.Findings, f)
}

// note tells a person something that changes no verdict.
func (d *declared) note(at Pos, text string) {
	d.g.Notes = append(d.g.Notes, fmt.Sprintf("%s: %s", printable(d.f.Where(at)), text))
}

// loweredBar tells a reader of the report that statements count here which the
// default would not take: what passes does not show it.
func (d *declared) loweredBar() {
	if d.f.AttestationGrade == "A3" {
		s, _ := d.f.Section("require-attestation-grade")
		d.note(s.Pos, "the policy lets statements of grade A3, neither signed nor approved, count for MANDATORY requirements")
	}
}

// A use is a requirement that asks for a control.
type use struct {
	rules.Requirement
	rules.Parameters
}

// uses lists the requirements that ask for a control.
func (d *declared) uses(control string) []use { return usesOf(d.in.Catalogue, control) }

func usesOf(c *rules.Catalogue, control string) []use {
	var out []use
	if c == nil {
		return nil
	}
	for _, m := range c.Marketplaces {
		for _, r := range m.Requirements {
			for _, u := range r.Controls {
				if u.Control == control {
					out = append(out, use{r, u.Parameters})
				}
			}
		}
	}
	return out
}

// reviewAge is how long a section of the policy file counts as reviewed
// (catalogue §2.2: review older than 365 days).
const reviewAge = 365

// reviewedUntil returns the end of the last day on which a section counts as
// reviewed: 365 days after the newest commit that changed a line of it, a
// comment included. It is zero where git does not tell.
func (d *declared) reviewedUntil(key string) time.Time {
	s, ok := d.f.Section(key)
	if !ok || d.in.Blame == nil {
		return time.Time{}
	}
	var newest time.Time
	for line := s.Line; line < s.End.Line; line++ {
		if _, at, ok := d.in.Blame(d.f.Name, line); ok && at.After(newest) {
			newest = at
		}
	}
	if newest.IsZero() {
		return time.Time{}
	}
	if newest.After(d.in.Now) {
		newest = d.in.Now // a clock that was ahead does not lengthen it
	}
	return endOf(newest.AddDate(0, 0, reviewAge))
}

// endOf returns the end of a UTC day.
func endOf(t time.Time) time.Time { return t.UTC().Truncate(day).Add(day) }

// placeholder reports whether text only stands for what is to be written.
func placeholder(s string) bool { return placeholderShape.MatchString(s) }

// splitWords lowers a text and splits it into its words.
func splitWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}

// anyWord reports whether one of the words is in the list.
func anyWord(words, list []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
}

// maxNamed is how many names one text lists.
const maxNamed = 5

// named lists the distinct names, sorted, each in quotes.
func named(names []string) string {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	var out []string
	for _, n := range names[:min(len(names), maxNamed)] {
		out = append(out, quoted(n))
	}
	if n := len(names) - maxNamed; n > 0 {
		out = append(out, fmt.Sprintf("%d more", n))
	}
	return strings.Join(out, ", ")
}

var plainYAML = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 ._/-]*$`)

// scalar writes text as a YAML scalar that the parser reads as text.
func scalar(s string) string {
	switch strings.ToLower(s) {
	case "true", "false", "null", "yes", "no", "on", "off", "y", "n":
		return `"` + s + `"`
	}
	if plainYAML.MatchString(s) && strings.TrimSpace(s) == s {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(strings.Map(func(r rune) rune {
		if hidden(r) || r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}, s)) + `"`
}

// itemNames returns the distinct names of a fact's items that pass, sorted.
func itemNames(f rules.Fact, keep func(rules.Item) bool) []string {
	var names []string
	for _, it := range f.Items {
		if keep(it) {
			names = append(names, it.Name)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(names)))
}

// unresolved is the detail that facts give to what may be of their kind and
// could not be read; see rules/code, [Facts.Evidence].
func unresolved(it rules.Item) bool {
	return strings.Contains(it.Detail, "could not be resolved") || strings.Contains(it.Detail, "only known at run time") ||
		strings.Contains(it.Detail, "is built elsewhere")
}

// policyRules describe what a declaration can say against itself.
func policyRules() []rules.Rule {
	return []rules.Rule{
		{ID: "policy:stores/unencrypted", Name: "store-unencrypted", Title: "Store of sensitive data is declared without encryption", Class: rules.Violation,
			Controls: []string{"encryption-at-rest"}, CWE: []int{311}, Tool: "staylisted",
			Flags:       "An entry of `stores` that says there is no encryption (`none`, `off`, `plaintext`) and may hold data of class confidential, pii, pii-high or secret.",
			Safe:        "A store whose `data` entries are all public or internal; a store without `encryption`, which is missing proof and no violation.",
			Remediation: "Turn encryption on, move the data, and write the cipher into the entry.",
			Wrong:       "stores:\n  main-db: {provider: hetzner, service: postgres, encryption: none}", Right: "stores:\n  main-db: {provider: aws, service: rds, region: eu-central-1, encryption: aes-256}"},
		{ID: "policy:stores/weak-cipher", Name: "store-weak-cipher", Title: "Store is declared with a broken cipher", Class: rules.Violation,
			Controls: []string{"encryption-at-rest"}, CWE: []int{327}, Tool: "staylisted",
			Flags:       "An entry of `stores` that names DES, 3DES, RC2, RC4, Blowfish or an encoding as its encryption and may hold sensitive data.",
			Safe:        "AES-256, ChaCha20 or the encryption of a provider that is known to use them.",
			Remediation: "Encrypt the store with AES-256 and write that into the entry.",
			Wrong:       "encryption: 3des", Right: "encryption: aes-256"},
		{ID: "policy:services/api-key", Name: "declared-api-key", Title: "Marketplace is declared to be called with a key where only OAuth is accepted", Class: rules.Violation,
			Controls: []string{"delegated-access"}, CWE: []int{}, Tool: "staylisted",
			Flags:       "An entry of `services` with a host of Apollo's API and an `auth` other than `oauth2-code`.",
			Safe:        "`auth: oauth2-code`. Other marketplaces accept other grants and tokens.",
			Remediation: "Let users connect with the OAuth 2.0 code flow, remove the key, and declare `oauth2-code`.",
			Wrong:       "services:\n  - {name: Apollo, hosts: [api.apollo.io], auth: api-key, why: contact sync}", Right: "services:\n  - {name: Apollo, hosts: [api.apollo.io], auth: oauth2-code, scopes: [contacts_read], why: contact sync}"},
		{ID: "policy:services/broad-scope", Name: "declared-broad-scope", Title: "Declared scope grants everything or administration", Class: rules.Violation,
			Controls: []string{"least-privilege-scopes"}, CWE: []int{272}, Tool: "staylisted",
			Flags:       "A scope under `services` or `marketplaces` that is `*`, or has a part `*`, `admin`, `administrator`, `superuser` or `all`.",
			Safe:        "Scopes for single resources.",
			Remediation: "Ask for the scopes the app's calls need, one by one.",
			Wrong:       "scopes: [admin]", Right: "scopes: [contacts_read]"},
		{ID: "policy:data/plaintext-secret", Name: "secret-kept-in-plaintext", Title: "Stored secret is declared to be in plain text", Class: rules.Violation,
			Controls: []string{"no-plaintext-secrets-storage"}, CWE: []int{312}, Tool: "staylisted",
			Flags:       "An entry of `data` of class secret whose `protection` is none, plain text or an encoding such as base64.",
			Safe:        "An AEAD, a KMS, a vault, a hash, or `not-stored`.",
			Remediation: "Encrypt the value before it is written, or hash it when it is only looked up, and say so under `protection`.",
			Wrong:       "data:\n  - {name: refresh token, class: secret, store: main-db, protection: base64}", Right: "data:\n  - {name: refresh token, class: secret, store: main-db, protection: aead-kms, retention: P30D}"},
		{ID: "policy:data/unseen-source", Name: "data-source-unseen", Title: "Data is declared to come from a marketplace that the code never calls", Class: rules.Review,
			Controls: []string{"data-inventory"}, CWE: []int{}, Tool: "staylisted",
			Flags:       "An entry of `data` with the source `apollo`, `druva` or `monday`, while all code was read and holds no call to that marketplace's API.",
			Safe:        "A source whose API is called; a repository of which some code could not be read; any other source.",
			Remediation: "Correct `source`, or remove the entry. If the data comes another way, by a webhook or from another repository, say so in a suppression with that reason.",
			Wrong:       "data:\n  - {name: contact email, class: pii, source: apollo, store: main-db, retention: P90D}", Right: "data:\n  - {name: contact email, class: pii, source: user, store: main-db, retention: P90D}"},
		{ID: "policy:secrets/unsafe-store", Name: "secret-in-unsafe-store", Title: "Secret is declared to live where it can be read", Class: rules.Violation,
			Controls: []string{"secret-store"}, CWE: []int{522}, Tool: "staylisted",
			Flags:       "An entry of `secrets` whose `store` is the repository, the code, a document, a chat or the like.",
			Safe:        "A vault, a secret manager, the platform's secret settings or the environment.",
			Remediation: "Replace the secret, keep the new one in a vault or the environment, and correct the entry.",
			Wrong:       "store: wiki", Right: "store: aws-secretsmanager"},
		{ID: "ledger:rotation", Name: "secret-due-for-rotation", Title: "Secret is due for rotation", Class: rules.Violation,
			Controls: []string{"secret-rotation"}, CWE: []int{324}, Tool: "staylisted",
			Flags:       "An entry of `secrets` whose `rotated` lies further back than a requirement allows (90 or 180 days), or will within a week.",
			Safe:        "A secret that was replaced since.",
			Remediation: "Replace the secret in its store and write the new date under `rotated`.",
			Wrong:       "rotated: 2026-01-10", Right: "rotated: 2026-10-01"},
		{ID: "policy:incidents/late", Name: "incident-notified-late", Title: "Marketplace was not told of an incident within 24 hours", Class: rules.Violation,
			Controls: []string{"incident-notification"}, CWE: []int{}, Tool: "staylisted",
			Flags:       "An entry of `incidents` that was notified more than 24 hours after it was detected, or has not been and 24 hours are over.",
			Safe:        "An incident whose `notified` lies within 24 hours of `detected`; one detected more than 365 days ago that was notified at all.",
			Remediation: "Tell the marketplace now, write the time under `notified`, and mend the plan so that the next one is in time.",
			Wrong:       "incidents:\n  - {id: INC-7, detected: 2026-08-02T09:10:00Z}", Right: "incidents:\n  - {id: INC-7, detected: 2026-08-02T09:10:00Z, notified: 2026-08-02T15:00:00Z, to: [apollo]}"},
	}
}
