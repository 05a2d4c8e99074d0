package evidence

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// The closed lists of the policy file (catalogue §5 and §2.9).
var (
	phases        = []string{"draft", "submitted", "approved", "published", "rejected"}
	endpointKinds = []string{"browser", "embedded", "api", "webhook", "static"}
	authKinds     = []string{"oauth2-code", "oauth2-client-credentials", "oauth2-device", "oidc", "api-token", "api-key", "basic", "mtls", "signature", "none", "other"}
	classes       = []string{"public", "internal", "confidential", "pii", "pii-high", "secret"}
	documentKinds = []string{"architecture", "threat-model", "retention", "incident-response", "dr-bcp", "logging", "data-rights", "onboarding", "audit"}
	kinds         = []string{"false-positive", "accepted-risk", "not-affected"}
	grades        = []string{"A1", "A2", "A3"}
)

// How long suppressions may run, from now.
const (
	falsePositiveDays = 365
	suppressionDays   = 180
)

// Bounds of the limits a partner may set (catalogue §2.2 dast-run, MKT309).
const (
	maxSession  = 30 * day
	minDASTAge  = 30 * day
	maxDASTAge  = 180 * day
	minDuration = time.Minute
)

// file reads the root of the policy.
func (r *reader) file(root *yaml.Node) *File {
	f := &File{Name: r.name, Gate: "strict", Anchor: "reported", AttestationGrade: "A2"}
	r.object("the policy", root,
		must("version", "1", r.version(&f.Version)),
		may("product", r.product(&f.Product)),
		must("marketplaces", "[druva, apollo]", r.marketplaces(&f.Marketplaces)),
		may("contacts", r.contacts(&f.Contacts)),
		may("endpoints", list(r, &f.Endpoints, r.endpoint)),
		may("services", list(r, &f.Services, r.service)),
		may("stores", r.stores(&f.Stores)),
		may("data", list(r, &f.Data, r.data(root))),
		may("sub-processors", r.subProcessors(f)),
		may("documents", r.documents(&f.Documents)),
		may("secrets", list(r, &f.Secrets, r.secret)),
		may("incidents", list(r, &f.Incidents, r.incident)),
		may("attestations", list(r, &f.Attestations, r.attestation)),
		may("not-applicable", list(r, &f.NotApplicable, r.notApplicable())),
		may("suppressions", list(r, &f.Suppressions, r.suppression)),
		may("teach", r.teach(&f.Teach)),
		may("gate", r.enum(&f.Gate, "strict", "sla")),
		may("sla", func(key string, n *yaml.Node) {
			r.object(key, n, may("anchor", r.enum(&f.Anchor, "reported", "triaged")))
		}),
		may("require-attestation-grade", r.enum(&f.AttestationGrade, grades...)),
		may("licences", func(key string, n *yaml.Node) {
			r.object(key, n,
				may("deny", list(r, &f.DeniedLicences, r.licence)),
				may("known", list(r, &f.KnownLicences, r.knownLicence)))
		}),
		may("limits", r.limits(&f.Limits)),
		may("vectors", list(r, &f.Vectors, r.vector)),
		may("reported", list(r, &f.Reported, r.reported)),
		may("csrf-test", func(key string, n *yaml.Node) {
			r.object(key, n, must("url", "https://staging.example.com/settings", r.url(&f.CSRFTest, true)))
		}),
	)
	f.Sections = r.sections(root)
	r.close(f)
	return f
}

// sections lists the keys of the first level with the lines they cover.
func (r *reader) sections(root *yaml.Node) []Section {
	var out []Section
	for key := range pairs(root) {
		if n := len(out); n > 0 {
			out[n-1].End = Pos{max(1, key.Line), 1}
		}
		out = append(out, Section{Pos: r.pos(key), End: Pos{len(r.lines) + 1, 1}, Key: key.Value})
	}
	return out
}

// close finds the last line of every attestation: the one before the next entry
// or section, without the comments and blank lines in between.
func (r *reader) close(f *File) {
	section, _ := f.Section("attestations")
	for i := range f.Attestations {
		a := &f.Attestations[i]
		last := section.End.Line - 1
		if i+1 < len(f.Attestations) {
			last = f.Attestations[i+1].Line - 1
		}
		for last > a.Line && r.idle(last) {
			last--
		}
		a.End = Pos{max(a.Line, last), 1}
	}
}

// idle reports whether a line says nothing: it is blank, a comment, or the dash
// of an entry that begins on the next line.
func (r *reader) idle(line int) bool {
	if line < 1 || line > len(r.lines) {
		return true
	}
	text := r.src[r.lines[line-1]:]
	if line < len(r.lines) {
		text = r.src[r.lines[line-1]:r.lines[line]]
	}
	trimmed := strings.TrimSpace(string(text))
	return trimmed == "" || trimmed == "-" || strings.HasPrefix(trimmed, "#")
}

func (r *reader) version(dst *int) read {
	return func(key string, n *yaml.Node) {
		const advice = "write version: 1"
		s, ok := r.scalar(key, n, advice)
		if ok && (n.ShortTag() != "!!int" || s != "1") {
			r.errorf(n, advice, "this version of the policy file is not known")
			return
		}
		*dst = 1
	}
}

func (r *reader) product(p *Product) read {
	return func(key string, n *yaml.Node) {
		p.Pos, _ = r.object(key, n,
			may("name", r.text(&p.Name)),
			may("sensitive", r.boolean(&p.Sensitive)))
	}
}

// marketplaces reads the list form, which says nothing but the names, and the
// map form.
func (r *reader) marketplaces(dst *[]Marketplace) read {
	return func(key string, n *yaml.Node) {
		if len(n.Content) == 0 && (n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode) {
			r.errorf(n, "name at least one, as in [druva, apollo]", "%s is empty", key)
			return
		}
		if n.Kind == yaml.SequenceNode {
			seen := map[string]bool{}
			r.items(key, n, func(n *yaml.Node) {
				m := Marketplace{Pos: r.pos(n)}
				r.marketplace(&m.ID)("an entry of "+key, n)
				if m.ID != "" && seen[m.ID] {
					r.errorf(n, "remove one of them", "the marketplace %s appears twice", quoted(m.ID))
				}
				seen[m.ID] = true
				*dst = append(*dst, m)
			})
			return
		}
		r.entries(key, n, "write it as a list, as in [druva, apollo]", func(k, v *yaml.Node) {
			m := Marketplace{Pos: r.pos(k)}
			r.marketplace(&m.ID)(key, k)
			if !isNull(v) {
				r.marketplaceDetails(&m, v)
			}
			*dst = append(*dst, m)
		})
	}
}

func (r *reader) marketplaceDetails(m *Marketplace, n *yaml.Node) {
	q := &m.Questionnaire
	_, ok := r.object("a marketplace", n,
		may("phase", r.enum(&m.Phase, phases...)),
		may("submitted", r.date(&m.Submitted, true)),
		may("approved", r.date(&m.Approved, true)),
		may("published", r.date(&m.Published, true)),
		may("rejected", r.date(&m.Rejected, true)),
		may("scopes", list(r, &m.Scopes, r.scope)),
		may("questionnaire", func(key string, n *yaml.Node) {
			q.Pos, _ = r.object(key, n,
				may("submitted", r.date(&q.Submitted, true)),
				may("approved", r.date(&q.Approved, true)))
			r.order(n, "approved", q.Approved, "submitted", q.Submitted)
		}))
	if !ok || value(n, "phase") != nil && m.Phase == "" {
		return // reported already
	}
	// A date beyond the phase would leave requirements uncounted that count
	// today, so the two must agree.
	// A rejection may lie behind any phase.
	reached := max(0, slices.Index(phases, m.Phase))
	for i, at := range []time.Time{{}, m.Submitted, m.Approved, m.Published} {
		if !at.IsZero() && i > reached {
			r.errorf(value(n, phases[i]), "write phase: "+phases[i]+", or remove the date", "the date %s does not fit the phase %s", phases[i], phases[reached])
		}
	}
	r.order(n, "approved", m.Approved, "submitted", m.Submitted)
	r.order(n, "published", m.Published, "approved", m.Approved)
}

// order reports a later date that lies before an earlier one.
func (r *reader) order(n *yaml.Node, laterKey string, later time.Time, earlierKey string, earlier time.Time) {
	if !later.IsZero() && later.Before(earlier) {
		r.errorf(value(n, laterKey), "check both dates", "%s lies before %s", laterKey, earlierKey)
	}
}

// value returns the value of a key, nil when the mapping lacks it.
func value(n *yaml.Node, key string) *yaml.Node {
	for k, v := range pairs(n) {
		if k.Value == key {
			return v
		}
	}
	return nil
}

func (r *reader) scope(dst *string) read {
	return r.pattern(dst, scopeShape.MatchString, "is not a scope", "write one scope an entry, without spaces")
}

func (r *reader) contacts(dst *[]Contact) read {
	return func(key string, n *yaml.Node) {
		contact := func(role string) field {
			return may(role, func(_ string, n *yaml.Node) {
				c := Contact{Role: role}
				pos, ok := r.object("the contact "+role, n,
					may("email", r.pattern(&c.Email, validEmail, "is not an e-mail address", "write a plain address, as in security@example.com")),
					may("github", r.handle(&c.GitHub)))
				if ok && value(n, "email") == nil && value(n, "github") == nil {
					r.errorf(n, `add email: security@example.com or github: "@org/team"`, "the contact %s cannot be reached", role)
				}
				c.Pos = pos
				*dst = append(*dst, c)
			})
		}
		r.object(key, n, contact("security"), contact("technical"))
	}
}

func (r *reader) endpoint(e *Endpoint) read {
	return func(key string, n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			e.Pos = r.pos(n)
			r.url(&e.URL, true)(key, n)
			return
		}
		e.Pos, _ = r.object("an endpoint", n,
			must("url", "https://app.example.com/", r.url(&e.URL, true)),
			may("kind", r.enum(&e.Kind, endpointKinds...)),
			may("private", list(r, &e.Private, r.route)),
			may("anonymous", list(r, &e.Anonymous, r.route)))
	}
}

func (r *reader) route(dst *Route) read {
	return func(key string, n *yaml.Node) {
		s, ok := r.str(key, n, maxName)
		if !ok {
			return
		}
		m := routeShape.FindStringSubmatch(s)
		if m == nil {
			r.errorf(n, "write /path or METHOD /path, as in GET /healthz", "%s is not a route", key)
			return
		}
		*dst = Route{Method: m[1], Path: m[2]}
	}
}

func (r *reader) service(s *Service) read {
	return func(_ string, n *yaml.Node) {
		s.Pos, _ = r.object("a service", n,
			must("name", "Apollo", r.text(&s.Name)),
			must("hosts", "[api.apollo.io]", list(r, &s.Hosts, r.host)),
			may("auth", r.enum(&s.Auth, authKinds...)),
			may("scopes", list(r, &s.Scopes, r.scope)),
			may("why", r.text(&s.Why)),
			may("provider", r.word(&s.Provider)),
			may("region", r.word(&s.Region)),
			may("jurisdiction", r.word(&s.Jurisdiction)))
	}
}

// host reads a host name, or all names below one.
func (r *reader) host(dst *string) read {
	read := r.pattern(dst, func(s string) bool { return validHost(strings.TrimPrefix(s, "*.")) },
		"is not a host name", "write the name alone, as in api.example.com or *.example.com")
	return func(key string, n *yaml.Node) {
		read(key, n)
		*dst = strings.ToLower(*dst)
	}
}

func (r *reader) stores(dst *[]Store) read {
	return func(key string, n *yaml.Node) {
		r.entries(key, n, "write it as a mapping from names to {provider: …}", func(k, v *yaml.Node) {
			s := Store{}
			r.word(&s.Name)("the name of a store", k)
			r.object("a store", v,
				may("provider", r.word(&s.Provider)),
				may("service", r.word(&s.Service)),
				may("region", r.word(&s.Region)),
				may("jurisdiction", r.word(&s.Jurisdiction)),
				may("encryption", r.cipher(&s.Encryption)),
				may("key", r.word(&s.Key)),
				may("iac", r.path(&s.IaC, true)))
			s.Pos = r.pos(k)
			*dst = append(*dst, s)
		})
	}
}

// data returns the reader of one entry of data, which may only name stores of
// the same file.
func (r *reader) data(root *yaml.Node) func(*Data) read {
	stores := []string{}
	if root.Kind == yaml.MappingNode {
		if n := value(root, "stores"); n != nil && n.Kind == yaml.MappingNode {
			for k := range pairs(n) {
				stores = append(stores, k.Value)
			}
		}
	}
	return func(d *Data) read {
		return func(_ string, n *yaml.Node) {
			d.Pos, _ = r.object("an entry of data", n,
				must("name", "contact email", r.text(&d.Name)),
				must("class", "pii", r.enum(&d.Class, classes...)),
				may("source", r.word(&d.Source)),
				may("store", func(key string, n *yaml.Node) {
					s, ok := r.str(key, n, maxName)
					if ok && !slices.Contains(stores, s) {
						advice := "add an entry of that name to stores"
						if near, ok := nearest(s, stores); ok {
							advice = fmt.Sprintf("did you mean %q?", near)
						}
						r.errorf(n, advice, "store names no entry of stores")
						return
					}
					d.Store = s
				}),
				may("protection", r.word(&d.Protection)),
				may("retention", r.duration(&d.Retention, 0, 0)),
				may("deletion", r.reference(&d.Deletion)))
		}
	}
}

func (r *reader) subProcessors(f *File) read {
	return func(key string, n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			r.url(&f.SubProcessorPage, false)(key, n)
			return
		}
		list(r, &f.SubProcessors, func(s *SubProcessor) read {
			return func(_ string, n *yaml.Node) {
				s.Pos, _ = r.object("a sub-processor", n,
					must("name", "Sentry", r.text(&s.Name)),
					may("purpose", r.text(&s.Purpose)),
					may("data", list(r, &s.Data, r.text)),
					may("region", r.word(&s.Region)))
			}
		})(key, n)
	}
}

func (r *reader) documents(dst *[]Document) read {
	return func(key string, n *yaml.Node) {
		if r.listed != nil {
			r.listed(key, "", documentKinds)
		}
		r.entries(key, n, "write it as {architecture: docs/architecture.md}", func(k, v *yaml.Node) {
			d := Document{Pos: r.pos(k), Kind: k.Value}
			if !slices.Contains(documentKinds, k.Value) {
				r.errorf(k, suggest(k.Value, documentKinds), "there is no kind of document %s", quoted(k.Value))
				return
			}
			if isNull(v) {
				r.errorf(v, "name the file or remove the key", "%s is empty", k.Value)
				return
			}
			r.path(&d.Path, false)(k.Value, v)
			*dst = append(*dst, d)
		})
	}
}

func (r *reader) secret(s *Secret) read {
	return func(_ string, n *yaml.Node) {
		s.Pos, _ = r.object("a secret", n,
			must("name", "API_CLIENT_SECRET", r.pattern(&s.Name, func(s string) bool {
				return secretNameShape.MatchString(s) && !looksSecret(s)
			}, "does not look like the name of a secret", "write the name it has in its store, never its value; if this was the value, replace the secret")),
			must("store", "aws-secretsmanager", r.word(&s.Store)),
			must("owner", `"@login"`, r.owner(&s.Owner, false)),
			must("rotated", "YYYY-MM-DD", r.date(&s.Rotated, true)),
			may("max-age", r.duration(&s.MaxAge, day, 0)))
	}
}

func (r *reader) incident(i *Incident) read {
	return func(_ string, n *yaml.Node) {
		i.Pos, _ = r.object("an incident", n,
			must("id", "INC-7", r.word(&i.ID)),
			must("detected", "2026-08-02T09:10:00Z", r.instant(&i.Detected, false)),
			may("notified", r.instant(&i.Notified, false)),
			may("to", list(r, &i.To, r.marketplace)))
		r.order(n, "notified", i.Notified, "detected", i.Detected)
	}
}

func (r *reader) attestation(a *Attestation) read {
	return func(_ string, n *yaml.Node) {
		var ok bool
		a.Pos, ok = r.object("an attestation", n,
			must("for", "[DRUVA-AP-12]", list(r, &a.For, r.requirement)),
			must("statement", "one sentence that says what is the case", r.reason(&a.Statement)),
			must("owner", `"@login"`, r.owner(&a.Owner, true)),
			must("date", "YYYY-MM-DD", r.date(&a.Date, true)),
			must("expires", "YYYY-MM-DD", r.date(&a.Expires, false)),
			may("evidence", list(r, &a.Evidence, r.reference)))
		if !ok {
			return
		}
		if v := value(n, "for"); v != nil && v.Kind == yaml.SequenceNode && len(v.Content) == 0 {
			r.errorf(v, "name at least one requirement, as in [DRUVA-AP-12]", "for is empty")
		}
		r.order(n, "expires", a.Expires, "date", a.Date)
		r.clip(a, n)
	}
}

// clip shortens an attestation to the limit of the strictest requirement it
// speaks about.
func (r *reader) clip(a *Attestation, n *yaml.Node) {
	if a.Date.IsZero() || a.Expires.IsZero() {
		return
	}
	days := defaultAttestationDays
	for _, id := range a.For {
		if d, ok := r.known.AttestationDays[id]; ok {
			days = min(days, d)
		}
	}
	if last := a.Date.AddDate(0, 0, days); a.Expires.After(last) {
		a.Expires = last
		on := last.Format(time.DateOnly)
		r.noteAt(r.pos(value(n, "expires")), fmt.Sprintf("expires is later than %d days after date and is read as %s", days, on), "write expires: "+on)
	}
}

// notApplicable returns the reader of one claim; two claims about one
// requirement would leave open which reason holds.
func (r *reader) notApplicable() func(*NotApplicable) read {
	seen := map[string]bool{}
	return func(c *NotApplicable) read {
		return func(_ string, n *yaml.Node) {
			c.Pos, _ = r.object("an entry of not-applicable", n,
				must("requirement", "DRUVA-NC-03", r.requirement(&c.Requirement)),
				must("reason", "why it cannot apply", r.reason(&c.Reason)),
				must("owner", `"@login"`, r.owner(&c.Owner, false)),
				must("review", "YYYY-MM-DD", r.date(&c.Review, false)))
			if c.Requirement != "" && seen[c.Requirement] {
				r.errorf(value(n, "requirement"), "keep one of the entries", "there are two entries for %s", quoted(c.Requirement))
			}
			seen[c.Requirement] = true
		}
	}
}

func (r *reader) suppression(s *Suppression) read {
	return func(_ string, n *yaml.Node) {
		var ok bool
		s.Pos, ok = r.object("a suppression", n,
			must("rule", "MKT508", r.rule(&s.Rule)),
			may("path", r.path(&s.Path, true)),
			may("fingerprint", r.pattern(&s.Fingerprint, fingerprintShape.MatchString, "is not the fingerprint of a finding", "copy the 32 characters from the report")),
			must("kind", "false-positive", r.enum(&s.Kind, kinds...)),
			must("reason", "why the finding is excused", r.reason(&s.Reason)),
			must("owner", `"@login"`, r.owner(&s.Owner, false)),
			must("expires", "YYYY-MM-DD", r.date(&s.Expires, false)))
		if !ok {
			return
		}
		if value(n, "path") == nil && value(n, "fingerprint") == nil {
			r.errorf(n, "add path: internal/fetch/ or the fingerprint of the finding", "a suppression has neither path nor fingerprint")
		}
		days := suppressionDays
		if s.Kind == "false-positive" {
			days = falsePositiveDays
		}
		if last := r.known.today().AddDate(0, 0, days); !r.known.Now.IsZero() && s.Kind != "" && s.Expires.After(last) {
			r.errorf(value(n, "expires"), "write "+last.Format(time.DateOnly)+" or earlier, and renew it when it is still true",
				"expires is more than %d days away, the most for %s", days, s.Kind)
		}
	}
}

func (r *reader) teach(t *Teach) read {
	name := func(dst *Name) read {
		text := r.pattern(&dst.Text, goNameShape.MatchString, "is not a Go name", "write import path and name, as in example.com/app/auth.Require")
		return func(key string, n *yaml.Node) {
			dst.Pos = r.pos(n)
			text(key, n)
		}
	}
	return func(key string, n *yaml.Node) {
		t.Pos, _ = r.object(key, n,
			may("auth", list(r, &t.Auth, name)),
			may("tenant-scope", list(r, &t.TenantScope, name)),
			may("redact", list(r, &t.Redact, name)),
			may("url-guard", list(r, &t.URLGuard, name)),
			may("audit", list(r, &t.Audit, name)))
	}
}

func (r *reader) licence(dst *string) read {
	return r.pattern(dst, licenceShape.MatchString, "is not an SPDX licence id", "write one id an entry, as in AGPL-3.0-only")
}

// knownLicence reads what a person found out about one component's licence.
func (r *reader) knownLicence(k *KnownLicence) read {
	return func(_ string, n *yaml.Node) {
		k.Pos, _ = r.object("an entry of known", n,
			must("component", "npm:left-pad", r.pattern(&k.Component, componentShape.MatchString, "does not name a component",
				"write ecosystem, colon and name, as in npm:left-pad or Go:example.com/mod@v1.2.3")),
			must("licence", "MIT", r.pattern(&k.Licence, expressionShape.MatchString, "is not an SPDX licence expression", "write it as in MIT or Apache-2.0 OR MIT")),
			must("reason", "the LICENSE file of the release is the MIT text", r.reason(&k.Reason)))
	}
}

func (r *reader) limits(l *Limits) read {
	return func(key string, n *yaml.Node) {
		l.Pos, _ = r.object(key, n,
			may("session-absolute", r.duration(&l.SessionAbsolute, minDuration, maxSession)),
			may("session-idle", r.duration(&l.SessionIdle, minDuration, maxSession)),
			may("dast-age", r.duration(&l.DASTAge, minDASTAge, maxDASTAge)))
		if whole := l.SessionAbsolute.Length; whole > 0 && l.SessionIdle.Length > whole {
			r.errorf(value(n, "session-idle"), "write a shorter one", "session-idle is longer than session-absolute")
		}
	}
}

func (r *reader) vector(v *Vector) read {
	return func(_ string, n *yaml.Node) {
		v.Pos, _ = r.object("an entry of vectors", n,
			must("rule", "MKT301", r.rule(&v.Rule)),
			must("vector", `"CVSS:3.1/AV:N/…"`, func(key string, n *yaml.Node) {
				s, ok := r.str(key, n, maxText)
				if !ok {
					return
				}
				if v.Vector, ok = parseVector(s); !ok {
					r.errorf(n, "write the version and every base metric, as in CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N", "%s is not a full CVSS vector", key)
				}
			}),
			must("reason", "why the default score does not fit", r.reason(&v.Reason)),
			must("owner", `"@login"`, r.owner(&v.Owner, false)))
	}
}

func (r *reader) reported(p *Reported) read {
	return func(_ string, n *yaml.Node) {
		finding := r.rule(&p.Finding)
		var ok bool
		p.Pos, ok = r.object("an entry of reported", n,
			must("finding", "GHSA-xxxx-xxxx-xxxx", func(key string, n *yaml.Node) {
				if n.Kind == yaml.ScalarNode && fingerprintShape.MatchString(n.Value) {
					p.Finding = n.Value
					return
				}
				finding(key, n)
			}),
			may("reported", r.instant(&p.Reported, true)),
			may("triaged", r.instant(&p.Triaged, true)))
		if !ok {
			return
		}
		if value(n, "reported") == nil && value(n, "triaged") == nil {
			r.errorf(n, "add reported: YYYY-MM-DD or triaged: YYYY-MM-DD", "an entry of reported has no date")
		}
		r.order(n, "triaged", p.Triaged, "reported", p.Reported)
	}
}
