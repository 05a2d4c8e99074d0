package deps

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// LicenceVerifier is the name under which licences are judged (catalogue §2.2,
// sbom-licences).
const LicenceVerifier = "dependencies:licences"

// The rules of the licence verifier.
const (
	licenceDenied  = LicenceVerifier + "/denied"
	licenceUnknown = LicenceVerifier + "/unknown"
)

// A KnownLicence is what the policy says of a component's licence.
type KnownLicence struct {
	Component string // "npm:left-pad" or "npm:left-pad@1.3.0"
	Licence   string // SPDX expression
}

// A LicenceQuestion is what licences are judged from.
type LicenceQuestion struct {
	// Modules are all components, each with what was found out about its licence.
	Modules []Module
	// Gaps are why components may be missing.
	Gaps []rules.Gap
	// Silent are the manifests whose format has no place for licences.
	Silent []string
	// Deny lists the SPDX ids that the policy refuses.
	Deny []string
	// Known are the policy's words about components.
	Known []KnownLicence
}

// LicenceRules describes what the licence verifier can find.
func LicenceRules() []rules.Rule {
	return []rules.Rule{
		{ID: licenceDenied, Name: "denied-licence", Title: "A dependency's licence is on the deny list", Class: rules.Violation,
			Controls:    []string{"sbom-licences"},
			Flags:       "A component of the product whose SPDX licence expression leaves no choice without an id of `licences.deny` in the policy file: every alternative of an OR is denied, or some part of an AND. A denied \"only\" of a GPL licence that has no later version denies \"or-later\" as well; an exception (WITH) changes nothing.",
			Safe:        "A component that only tests or tools need, and one that may be used under another licence.",
			Remediation: "Replace the component, or take the licence off the deny list. Where the licence was read wrongly, say the right one under `licences.known`.",
			Wrong:       "licences: {deny: [AGPL-3.0-only]} with a module under AGPL-3.0-only", Right: "a module under MIT in its place", Tool: "staylisted"},
		{ID: licenceUnknown, Name: "unknown-licence", Title: "A dependency's licence is not known", Class: rules.Review,
			Controls:    []string{"sbom-licences"},
			Flags:       "A component of the product whose files or lockfile entry show no SPDX licence. Lockfiles that have no place for licences (yarn, pnpm, Python, Cargo, RubyGems, NuGet, Gradle) are named once, with their number of components.",
			Safe:        "A component with an entry under `licences.known` in the policy file, and one whose licence an SBOM in the repository (CycloneDX, `bom.json` or `*.cdx.json`) says.",
			Remediation: "Look at the release's licence file and write what it is under `licences.known`, or commit an SBOM with licences.",
			Wrong:       "a dependency without a LICENSE file", Right: "licences: {known: [{component: \"Go:example.com/mod\", licence: MIT, reason: the author's answer in issue 12}]}", Tool: "staylisted"},
	}
}

// Licences judges the licences of components. It sets Licence of the modules in
// q to what the policy says of them. Equal questions give equal answers.
func Licences(q *LicenceQuestion) rules.Gathered {
	g := rules.Gathered{Rules: LicenceRules()}
	denied, unknown := g.Rules[0], g.Rules[1]
	used := make([]bool, len(q.Known))
	silent := map[string][]*Module{}
	looked := map[string]bool{}
	for i := range q.Modules {
		m := &q.Modules[i]
		own := m.Replace != nil && m.Replace.Scanned // code of the repository
		stated := q.state(m, used)
		m.Licence = cmp.Or(m.Licence, NoAssertion)
		// One finding a component: versions and manifests do not tell them apart.
		key := m.identity()
		if own || !m.shipped() || looked[key+"\x00"+m.Licence] {
			continue
		}
		if m.Licence == NoAssertion {
			if slices.Contains(q.Silent, m.Manifest) {
				silent[m.Manifest] = append(silent[m.Manifest], m)
				continue
			}
			looked[key+"\x00"+m.Licence] = true
			name, version := m.built()
			f := unknown.Finding("dependency", fmt.Sprintf(
				"the licence of %s %s is not known: no file or lockfile entry of it shows an SPDX licence; look at the release and write it into the policy file: licences: {known: [{component: %q, licence: …, reason: …}]}",
				oneLine(name, 200), oneLine(version, 80), m.ecosystem()+":"+oneLine(name, 200)), m.place())
			f.Tokens = rules.TokenDigest(key)
			g.Findings = append(g.Findings, f)
			continue
		}
		l, err := parseLicence(m.Licence)
		if err != nil || !l.refused(q.denies) {
			continue
		}
		looked[key+"\x00"+m.Licence] = true
		name, version := m.built()
		why := "is under"
		if stated {
			why = "is, as the policy says, under"
		}
		f := denied.Finding("dependency", fmt.Sprintf("%s %s %s %s, which licences.deny refuses; replace it, or say under licences.known what it may be used under",
			oneLine(name, 200), oneLine(version, 80), why, oneLine(m.Licence, 300)), m.place())
		f.Tokens = rules.TokenDigest(key, m.Licence)
		g.Findings = append(g.Findings, f)
	}
	for manifest, list := range silent {
		g.Findings = append(g.Findings, silentFinding(unknown, manifest, list))
	}
	slices.SortFunc(g.Findings, func(a, b rules.Finding) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Location.Path, b.Location.Path), cmp.Compare(a.Location.Line, b.Location.Line),
			cmp.Compare(a.Message, b.Message))
	})
	for i, k := range q.Known {
		if !used[i] {
			g.Notes = append(g.Notes, fmt.Sprintf("licences.known names %s, which is no component; correct the name or remove the entry", oneLine(k.Component, 200)))
		}
	}
	if len(q.Gaps) > 0 {
		reason := q.Gaps[0].Subject + ": " + q.Gaps[0].Reason
		if more := len(q.Gaps) - 1; more > 0 {
			reason += fmt.Sprintf(" (and %d more)", more)
		}
		g.Broken("not every component is known: "+reason, LicenceVerifier)
	} else {
		g.Complete(LicenceVerifier)
	}
	return g
}

// silentFinding names a manifest whose format has no place for licences.
func silentFinding(rule rules.Rule, manifest string, list []*Module) rules.Finding {
	var names []string
	for _, m := range list {
		names = append(names, oneLine(m.Path, 80))
	}
	slices.Sort(names)
	names = slices.Compact(names)
	shown := strings.Join(names[:min(len(names), 5)], ", ")
	if len(names) > 5 {
		shown += ", …"
	}
	f := rule.Finding("dependency", fmt.Sprintf(
		"%s has no place for licences, and those of %d components are not known (%s); commit an SBOM that has them (CycloneDX, as bom.json or *.cdx.json), or write them under licences.known",
		oneLine(manifest, 200), len(names), shown), rules.Location{Path: manifest})
	f.Tokens = rules.TokenDigest("manifest", manifest)
	return f
}

// place is where the component comes in.
func (m *Module) place() rules.Location {
	at := m.Location
	at.Path = cmp.Or(at.Path, m.Manifest)
	return at
}

// state applies the policy's word about a module, if there is one.
func (q *LicenceQuestion) state(m *Module, used []bool) bool {
	name, version := m.built()
	found := false
	for i, k := range q.Known {
		ecosystem, rest, _ := strings.Cut(k.Component, ":")
		if !strings.EqualFold(ecosystem, m.ecosystem()) {
			continue
		}
		of, at := rest, ""
		if j := strings.LastIndex(rest, "@"); j > 0 {
			of, at = rest[:j], rest[j+1:]
		}
		if NormalName(m.ecosystem(), of) != NormalName(m.ecosystem(), name) || at != "" && at != version {
			continue
		}
		used[i] = true
		if l := LicenceExpression(k.Licence); !found && (l != NoAssertion || strings.HasPrefix(k.Licence, "LicenseRef-")) {
			m.Licence, found = l, true
			if l == NoAssertion {
				m.Licence = k.Licence
			}
		}
	}
	return found
}

// denies reports whether the policy refuses a licence id.
func (q *LicenceQuestion) denies(id string) bool {
	id, _, _ = strings.Cut(id, " WITH ")
	have := plainLicence(id)
	return slices.ContainsFunc(q.Deny, func(deny string) bool {
		want := plainLicence(deny)
		if strings.EqualFold(have, want) {
			return true
		}
		// No later version exists that could be chosen instead.
		base, only := strings.CutSuffix(want, "-only")
		return only && strings.Contains(base, "GPL-3.0") && strings.EqualFold(have, base+"-or-later")
	})
}

// plainLicence spells the ids of the GNU licences that SPDX calls deprecated as
// it does now: "GPL-2.0" is GPL-2.0-only, "GPL-2.0+" GPL-2.0-or-later.
func plainLicence(id string) string {
	upper := strings.ToUpper(id)
	if !strings.Contains(upper, "GPL-") && !strings.HasPrefix(upper, "GFDL-") || strings.HasSuffix(upper, "-ONLY") || strings.HasSuffix(upper, "-OR-LATER") {
		return id
	}
	if strings.Contains(upper, "-WITH-") {
		return id
	}
	if bare, ok := strings.CutSuffix(id, "+"); ok {
		return bare + "-or-later"
	}
	return id + "-only"
}
