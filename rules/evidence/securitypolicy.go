package evidence

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

const securityPolicyVerifier = "document:security-policy"

// templateLines stand in the policy that GitHub offers to start with, by their
// first words.
var templateLines = regexp.MustCompile(`(?i)use this section to tell people (?:about which versions|how to report)|tell them where to go, how often they can expect`)

// reportHere says that reports go through GitHub's own form.
var reportHere = regexp.MustCompile(`(?i)private(?:ly)?\s+(?:vulnerability|security)\s+report|report(?:ing)?\s+a\s+vulnerability\W+button|security\s+advisor(?:y|ies)|security\s+tab`)

// policySkeleton is a security policy to fill in.
const policySkeleton = "# Security policy\n\n## Reporting a vulnerability\n\nTODO: Give an address for reports, how fast you answer, and what happens then.\n\n" +
	"## Supported versions\n\nTODO: Say which versions get fixes.\n"

// securityPolicy weighs SECURITY.md, where GitHub looks for it: .github/, the
// root, docs/. It has to name a way to report and to be more than the template.
func securityPolicy(in *Input) rules.Gathered {
	g := rules.Gathered{}
	name := firstNamed(in.Tree, []string{".github", "", "docs"}, "SECURITY.md", "SECURITY.markdown")
	lacks := func(at, text string) {
		for _, control := range []string{"contacts-declared", "repo-hardening"} {
			g.Shortfalls = append(g.Shortfalls, rules.Shortfall{Verifier: securityPolicyVerifier, Control: control, Text: text, In: at, Snippet: policySkeleton})
		}
	}
	if name == "" {
		g.Complete(securityPolicyVerifier)
		lacks("SECURITY.md", "there is no SECURITY.md; add one that says how to report a vulnerability")
		g.Shortfalls = g.Shortfalls[1:] // contacts may be named in other places, which say so themselves
		return g
	}
	src, err := in.Tree.Read(name, maxDocument)
	if err != nil {
		g.Broken(printable(name)+" could not be read ("+printable(err.Error())+"); make it readable and scan again", securityPolicyVerifier)
		return g
	}
	g.Complete(securityPolicyVerifier)
	p, err := readPage(src)
	if err != nil {
		lacks(name, printable(name)+" does not count: it "+err.Error())
		return g
	}
	var text strings.Builder
	for _, h := range p.headings {
		text.WriteString(h.title + "\n")
	}
	todo := 0
	for _, b := range p.blocks {
		text.WriteString(b.text + "\n" + strings.Join(urlIn.FindAllString(b.raw, -1), "\n") + "\n")
		if b.kind != code && todo == 0 && (unwritten.MatchString(b.text) || bracketed.MatchString(b.text)) {
			todo = b.line
		}
	}
	all := text.String()
	switch count := len(wordsOf(all)); {
	case templateLines.MatchString(all):
		lacks(name, printable(name)+" is still GitHub's template; write how your own product takes reports")
	case todo > 0:
		lacks(name, fmt.Sprintf("%s still says that something is to be written (line %d)", printable(name), todo))
	case count < minWords:
		lacks(name, fmt.Sprintf("%s has %d words and needs %d", printable(name), count, minWords))
	case len(addressesIn(all)) == 0 && !reportHere.MatchString(all):
		lacks(name, printable(name)+" names no way to report: an e-mail address, a form, or GitHub's private reporting")
	default:
		for _, control := range []string{"contacts-declared", "repo-hardening"} {
			g.Observations = append(g.Observations, rules.Observation{Verifier: securityPolicyVerifier, Control: control, Text: printable(name) + " says how to report a vulnerability", Link: name})
		}
	}
	return g
}
