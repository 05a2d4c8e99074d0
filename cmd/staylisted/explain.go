package main

import (
	"context"
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/catalog"
	"github.com/staylisted/staylisted/rules/evidence"
)

func explainCommand() command {
	return command{
		name:  "explain",
		args:  "ID",
		short: "what a rule, requirement, control or marketplace means",
		long:  "Describes a rule (MKT303, G402, G402/skip-verify), a requirement (DRUVA-SC-07), a control (csrf-protection) or a marketplace (druva), and points to the documentation of a key of the policy file (teach): what it asks, how it is verified, what fixes it.",
		examples: [][2]string{
			{"staylisted explain MKT103", ""},
			{"staylisted explain DRUVA-SC-07", ""},
			{"staylisted explain csrf-protection", ""},
		},
		setup: func(fs *flag.FlagSet) action {
			return func(_ context.Context, p *process, operands []string) error {
				if len(operands) != 1 {
					return &usageError{text: fmt.Sprintf("explain needs one id, not %d", len(operands))}
				}
				set, err := loadRuleset()
				if err != nil {
					return err
				}
				width, _ := p.terminal(p.stdout)
				e := explainer{out: newPrinter(width, p.colored("auto", p.stdout)), ruleset: set}
				if err := e.explain(strings.TrimSpace(operands[0])); err != nil {
					return err
				}
				return p.print(e.out.String())
			}
		},
	}
}

// An explainer describes one thing of the catalogue or the rule set.
type explainer struct {
	*ruleset
	out *printer
}

// advisoryID matches the ids of advisory databases.
var advisoryID = regexp.MustCompile(`^(?i:GO|GHSA|CVE|PYSEC|RUSTSEC|MAL|OSV)-[0-9A-Za-z-]+$`)

// explain describes what the id names. Ids are matched without regard to case.
func (e *explainer) explain(id string) error {
	known := false
	for i, r := range e.family(id) {
		if i > 0 {
			e.out.blank()
		}
		e.rule(r)
		known = true
	}
	if known {
		return nil
	}
	for _, m := range e.catalogue.Marketplaces {
		if strings.EqualFold(m.ID, id) {
			e.marketplace(m)
			return nil
		}
		for _, r := range m.Requirements {
			if strings.EqualFold(r.ID, id) {
				e.requirement(m, r)
				return nil
			}
		}
	}
	for _, c := range e.catalogue.Controls {
		if strings.EqualFold(c.ID, id) {
			e.control(c)
			if key, ok := policySection(id); ok {
				e.out.blank()
				e.policyKey(key)
			}
			return nil
		}
	}
	for _, r := range e.planned {
		if strings.EqualFold(r.ID, id) {
			e.plannedRule(r)
			return nil
		}
	}
	for _, c := range e.catalogue.Controls {
		for _, v := range c.Verifiers {
			if strings.EqualFold(v.ID, id) {
				e.verifier(v.ID)
				return nil
			}
		}
	}
	if key, ok := policySection(id); ok {
		e.policyKey(key)
		return nil
	}
	if advisoryID.MatchString(id) {
		e.out.wrap([]span{{bold, strings.ToUpper(id[:strings.Index(id, "-")]) + id[strings.Index(id, "-"):]}, {plain, "  "}}, 2, span{plain, "is the id of an advisory about a dependency."})
		e.out.blank()
		e.out.wrap(nil, 0, span{plain, "A scan reports it where the product depends on an affected version, says whether the vulnerable code is called, imported or only required, and computes the due date from its score. The advisory itself is at"})
		e.out.line(span{blue, "https://osv.dev/vulnerability/" + id})
		return nil
	}
	if name, _, ok := strings.Cut(id, "/"); ok {
		if family := e.family(name); len(family) > 0 {
			ids := make([]string, len(family))
			for i, r := range family {
				ids[i] = r.ID
			}
			return &usageError{text: fmt.Sprintf("nothing is called %q; of that name there is %s", id, strings.Join(ids, ", "))}
		}
	}
	return &usageError{text: fmt.Sprintf("nothing is called %q%s", id, e.near(id))}
}

// near proposes ids. For a numbered rule that is one with a digit more or less,
// or with two digits swapped: some rule is one digit away from nearly every
// number, and sending somebody to another rule helps nobody.
func (e *explainer) near(id string) string {
	ids := e.ids()
	if numbered.MatchString(id) {
		ids = slices.DeleteFunc(ids, func(other string) bool {
			other = rules.Family(other)
			return len(other) == len(id) || !strings.EqualFold(strings.TrimRight(other, "0123456789"), strings.TrimRight(id, "0123456789"))
		})
		ids = append(ids, swapped(id, e.ids())...)
	}
	return didYouMean(id, ids)
}

// numbered matches the id of a rule family.
var numbered = regexp.MustCompile(`^(?i:G|MKT|SUP)[0-9]+$`)

// swapped returns the ids that differ from id by two neighbours that changed
// places.
func swapped(id string, ids []string) []string {
	var out []string
	for i := range len(id) - 1 {
		other := id[:i] + string(id[i+1]) + string(id[i]) + id[i+2:]
		if at := slices.IndexFunc(ids, func(known string) bool { return strings.EqualFold(known, other) }); at >= 0 && other != id {
			out = append(out, ids[at])
		}
	}
	return out
}

// policyPage documents the policy file.
const policyPage = "https://github.com/staylisted/staylisted/blob/main/docs/policy.md"

// policySections are the keys of the policy file with the heading that tells
// about them. A test holds them to the page.
var policySections = map[string]string{
	"version": "keys", "marketplaces": "marketplaces", "phase": "marketplaces", "scopes": "marketplaces", "product": "keys", "contacts": "keys",
	"endpoints": "endpoints-and-open-routes", "anonymous": "endpoints-and-open-routes", "private": "endpoints-and-open-routes",
	"services": "services", "stores": "keys", "data": "data", "sub-processors": "keys", "documents": "keys", "secrets": "keys",
	"incidents": "keys", "attestations": "keys", "not-applicable": "keys", "suppressions": "suppressions", "teach": "teach",
	"tenant-scope": "teach", "url-guard": "teach", "redact": "teach", "auth": "teach", "audit": "teach",
	"gate": "keys", "sla": "keys", "require-attestation-grade": "keys", "licences": "keys", "limits": "keys", "vectors": "keys",
	"reported": "keys", "csrf-test": "keys",
}

// policyKey says where a key of the policy file is documented.
func (e *explainer) policyKey(key string) {
	e.out.wrap([]span{{bold, key}, {plain, "  "}}, 2, span{plain, "is a key of the policy file " + evidence.PolicyPath + ". What it says, in which form, and whether this version reads it stands in"})
	e.out.line(span{blue, policyPage + "#" + policySections[key]})
}

// policySection finds a key of the policy file.
func policySection(id string) (key string, ok bool) {
	key = strings.TrimSuffix(strings.ToLower(id), ":")
	_, ok = policySections[key]
	return key, ok
}

// family returns the rule with the id and, when the id names a family, all its
// variants.
func (e *explainer) family(id string) []rules.Rule {
	var found []rules.Rule
	for _, r := range e.rules {
		if strings.EqualFold(r.ID, id) || len(r.ID) > len(id) && r.ID[len(id)] == '/' && strings.EqualFold(r.ID[:len(id)], id) {
			found = append(found, r)
		}
	}
	return found
}

// ids lists everything that can be explained.
func (e *explainer) ids() []string {
	var ids []string
	for _, r := range e.rules {
		ids = append(ids, r.ID)
	}
	for _, m := range e.catalogue.Marketplaces {
		ids = append(ids, m.ID)
		for _, r := range m.Requirements {
			ids = append(ids, r.ID)
		}
	}
	for key := range policySections {
		ids = append(ids, key)
	}
	for _, c := range e.catalogue.Controls {
		ids = append(ids, c.ID)
		for _, v := range c.Verifiers {
			ids = append(ids, v.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// item prints "Name: text", indented from the second line on.
func (e *explainer) item(name, text string) {
	if text = strings.TrimSpace(text); text == "" {
		return
	}
	for i, paragraph := range strings.Split(text, "\n\n") {
		first := []span{{bold, name + ": "}}
		if i > 0 {
			first = indent(2)
		}
		e.out.wrap(first, 2, span{plain, paragraph})
	}
}

// sample prints code as it is.
func (e *explainer) sample(name, code string) {
	if code = strings.Trim(code, "\n"); code == "" {
		return
	}
	e.out.blank()
	e.out.line(span{bold, name + ":"})
	e.out.blank()
	for line := range strings.SplitSeq(code, "\n") {
		e.out.line(span{plain, "    " + strings.ReplaceAll(line, "\t", "    ")})
	}
}

func (e *explainer) rule(r rules.Rule) {
	title := []span{{bold, r.ID}, {plain, "  "}}
	e.out.wrap(title, 2, span{plain, r.Title})
	e.out.blank()
	kind := map[rules.Class]string{
		rules.Violation: "violation: the requirement fails until it is fixed",
		rules.Review:    "for review: the requirement needs evidence until it is fixed, excused or proved harmless",
	}[r.Class]
	if kind == "" {
		kind = "a note without effect on any requirement"
	}
	e.item("Kind", kind)
	if c, err := rules.ParseVector(r.Vector); err == nil {
		e.item("Score", fmt.Sprintf("%s, %s (%d days to fix it)", severity(&c), c.Vector, c.Band.Window()))
	}
	if len(r.CWE) > 0 {
		parts := make([]string, len(r.CWE))
		for i, n := range r.CWE {
			parts[i] = "CWE-" + decimal(n)
		}
		e.item("Weakness", strings.Join(parts, ", "))
	}
	e.item("Found by", r.Tool)
	e.item("Flags", plainMarkdown(r.Flags))
	e.item("Safe", plainMarkdown(r.Safe))
	e.item("Fix", plainMarkdown(r.Remediation))
	e.item("Knows", strings.Join(r.Frameworks, ", "))
	e.item("Controls", strings.Join(r.Controls, ", "))
	e.item("Requirements", strings.Join(e.requirementsOf(r.Controls), ", "))
	e.sample("Wrong", r.Wrong)
	e.sample("Right", r.Right)
}

// requirementsOf returns the ids of the requirements that name a control.
func (e *explainer) requirementsOf(controls []string) []string {
	var ids []string
	for _, m := range e.catalogue.Marketplaces {
		for _, r := range m.Requirements {
			if slices.ContainsFunc(r.Controls, func(u rules.ControlUse) bool { return slices.Contains(controls, u.Control) }) {
				ids = append(ids, r.ID)
			}
		}
	}
	return ids
}

func (e *explainer) requirement(m rules.Marketplace, r rules.Requirement) {
	e.out.wrap([]span{{bold, r.ID}, {plain, "  "}}, 2, span{plain, r.Title})
	e.out.blank()
	e.item("Marketplace", m.Name)
	e.item("Category", string(r.Category))
	e.item("Source", fmt.Sprintf("%s (document %s, line %s), worded as %q", m.Source.Title, m.Source.Code, strings.TrimPrefix(r.Source, m.Source.Code+":"), r.Wording))
	if r.CountsFrom != "" {
		e.item("Counts from", "phase "+r.CountsFrom)
	}
	e.item("Verified by", assuranceWords(r.Assurance))
	for _, use := range r.Controls {
		if c, ok := e.catalogue.Control(use.Control); ok {
			e.out.blank()
			e.controlBody(c)
		}
	}
}

// assuranceWords spells the letters of verification out.
func assuranceWords(letters []string) string {
	words := map[string]string{
		"L": "live probe", "M": "rules over code and configuration", "P": "platform settings", "S": "dependency analysis",
		"R": "imported reports", "D": "documents", "A": "attestations",
	}
	var out []string
	for _, l := range letters {
		out = append(out, words[l])
	}
	return strings.Join(out, ", ")
}

func (e *explainer) control(c rules.Control) {
	e.controlBody(c)
	e.item("Requirements", strings.Join(e.requirementsOf([]string{c.ID}), ", "))
}

func (e *explainer) controlBody(c rules.Control) {
	e.out.wrap([]span{{bold, c.ID}, {plain, "  "}}, 2, span{plain, c.Title})
	e.out.blank()
	var must, also, planned []string
	for _, v := range c.Verifiers {
		switch {
		case v.Planned:
			planned = append(planned, v.ID)
		case v.First:
			must = append(must, v.ID)
		default:
			also = append(also, v.ID)
		}
	}
	e.item("Verified by", strings.Join(must, ", "))
	e.item("Also looked at", strings.Join(also, ", "))
	e.item("Not built yet", strings.Join(planned, ", "))
	e.item("Not applicable", c.NotApplicable.Text)
	e.item("Turns red without a push", plainMarkdown(c.Decays))
	e.item("To satisfy it", plainMarkdown(c.HowToSatisfy))
}

func (e *explainer) plannedRule(r catalog.Planned) {
	e.out.wrap([]span{{bold, r.ID}, {plain, "  "}}, 2, span{plain, r.Title})
	e.out.blank()
	e.out.wrap(nil, 0, span{plain, "This rule is not built yet. Until it is, the controls that need it are unknown."})
	e.out.blank()
	e.item("Controls", strings.Join(r.Controls, ", "))
	e.item("Requirements", strings.Join(e.requirementsOf(r.Controls), ", "))
}

// verifier describes a verifier that is not a rule of this program.
func (e *explainer) verifier(id string) {
	var controls []string
	planned := true
	for _, c := range e.catalogue.Controls {
		for _, v := range c.Verifiers {
			if v.ID == id {
				controls = append(controls, c.ID)
				planned = planned && v.Planned
			}
		}
	}
	text := "looks at the repository for these controls."
	if planned {
		text = "is not built yet; until it is, the controls that need it are unknown."
	}
	e.out.wrap([]span{{bold, id}, {plain, "  "}}, 2, span{plain, text})
	e.out.blank()
	e.item("Controls", strings.Join(controls, ", "))
	e.item("Requirements", strings.Join(e.requirementsOf(controls), ", "))
}

func (e *explainer) marketplace(m rules.Marketplace) {
	e.out.wrap([]span{{bold, m.ID}, {plain, "  "}}, 2, span{plain, m.Name})
	e.out.blank()
	tally := map[rules.Category]int{}
	for _, r := range m.Requirements {
		tally[r.Category]++
	}
	e.item("Requirements", fmt.Sprintf("%d MANDATORY, %d RECOMMENDED, %d process (never counted)", tally[rules.Mandatory], tally[rules.Recommended], tally[rules.Process]))
	e.item("Source", fmt.Sprintf("%s, read %s, sha256 %s", m.Source.Title, m.Source.Read, m.Source.SHA256))
	e.out.blank()
	e.out.line(span{plain, "staylisted requirements --marketplace " + m.ID + " lists them."})
}
