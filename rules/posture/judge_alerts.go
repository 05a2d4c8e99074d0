package posture

import (
	"fmt"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// OwnTool is the name under which our own SARIF stands in code scanning. Its
// alerts are this scan's findings of earlier days: they give the day of their
// first report ([Settings.OwnAlerts]) and are no findings themselves.
const OwnTool = "staylisted"

// OwnAlerts lists open code-scanning alerts that our own uploads made.
func (s *Settings) OwnAlerts() []CodeAlert {
	var own []CodeAlert
	list, _ := s.CodeAlerts.known()
	for _, a := range list {
		if a.Tool == OwnTool {
			own = append(own, a)
		}
	}
	return own
}

// alerts turns open alerts into findings whose clock starts at their creation.
// What is off has no alerts; whether it may be off is judged elsewhere.
func (j *judge) alerts() {
	s := j.s
	j.ran(alertsVerifier, "vuln-sla", s.SecretAlerts.Asked, s.DepAlerts.Asked, s.CodeAlerts.Asked)
	secrets, _ := s.SecretAlerts.known()
	dependencies, _ := s.DepAlerts.known()
	code, _ := s.CodeAlerts.known()
	for _, a := range secrets {
		message := fmt.Sprintf("GitHub's secret-scanning alert %d (%s) is open: revoke the secret, then close the alert.", a.Number, a.Type)
		f := j.found(secretAlertRule, message, rules.Location{Path: a.Path, Line: a.Line}, "secret-scanning", fmt.Sprint(a.Number))
		f.Reported = a.Created
	}
	for _, a := range dependencies {
		j.dependency(a)
	}
	for _, a := range code {
		if a.Tool == OwnTool || a.Severity == "" {
			continue
		}
		message := fmt.Sprintf("The code-scanning alert %d (%s of %s, %s) is open: fix it, or dismiss it on GitHub with a reason.", a.Number, a.Rule, a.Tool, a.Severity)
		f := j.found(codeAlertRule, message, rules.Location{Path: a.Path, Line: a.Line}, "code-scanning", fmt.Sprint(a.Number))
		score, _ := rules.ChooseScore([]rules.Severity{{Source: a.Tool, Label: a.Severity}}, nil)
		f.CVSS, f.CWE, f.Reported = &score, append([]int{}, a.CWE...), a.Created
	}
}

// dependency makes a finding of a Dependabot alert as package deps would of the
// advisory: its identity is that of the advisory and the package.
func (j *judge) dependency(a DepAlert) {
	if len(a.IDs) == 0 || a.Package == "" {
		return // Decode lets no such alert in
	}
	id := a.IDs[0]
	for _, other := range a.IDs {
		if strings.HasPrefix(other, "GHSA-") {
			id = other
		}
	}
	score, seen := weight(a.Severity, a.Vectors, a.CWE)
	rule := rules.Rule{ID: id, Name: strings.ToLower(id), Title: "known vulnerability " + id, Class: rules.Violation,
		Controls: []string{"dep-no-known-high", "vuln-sla"}, CWE: a.CWE, Vector: score.Vector, Tool: "osv",
		Flags:       fmt.Sprintf("A version of `%s` that the advisory %s covers, by GitHub's Dependabot. See <https://osv.dev/vulnerability/%s>.", a.Package, strings.Join(a.IDs, ", "), id),
		Safe:        "Another version, or a VEX statement that says why the product is not affected.",
		Remediation: "Upgrade " + a.Package + " to " + orSafe(a.Fixed) + ".",
	}
	if _, described := j.rules[id]; !described {
		j.rules[id] = rule
		j.Rules = append(j.Rules, rule)
	}
	f := rule.Finding("settings", fmt.Sprintf("%s: Dependabot alert %d (%s) is open; upgrade to %s", a.Package, a.Number, id, orSafe(a.Fixed)), rules.Location{Path: a.Manifest})
	f.ID, f.Fingerprint = id+"@"+a.Package, rules.AdvisoryKey(a.IDs, a.Package)
	f.CVSS, f.Reported = &score, a.Created
	f.Advisory = &rules.AdvisoryHit{IDs: a.IDs, Ecosystem: a.Ecosystem, Package: a.Package, Fixed: a.Fixed, Reach: "required", Published: a.Published, Scores: seen}
	if a.Scope == "development" {
		f.Class = rules.Informational // it is not shipped
	}
	j.Findings = append(j.Findings, f)
}

func orSafe(version string) string {
	if version == "" {
		return "a version that is free of it, or replace it: no fixed one is known"
	}
	return version + " or later"
}

// weight chooses among the scores of an advisory of GitHub's.
func weight(severity string, vectors []string, cwe []int) (rules.CVSS, []rules.CVSS) {
	list := []rules.Severity{{Source: rules.FromGHSA, Label: severity}}
	for _, v := range vectors {
		list = append(list, rules.Severity{Source: rules.FromGHSA, Vector: v})
	}
	return rules.ChooseScore(list, cwe)
}

// advisories turns private reports and drafts into findings. They stay private:
// no word of theirs is repeated.
func (j *judge) advisories() {
	s := j.s
	j.ran(advisoriesOpen, "vuln-sla", s.Advisories.Asked)
	list, _ := s.Advisories.known()
	for _, a := range list {
		rule, message := advisoriesOpen, fmt.Sprintf("The draft advisory %s is neither published nor closed.", a.ID)
		if a.State == "triage" {
			rule, message = advisoriesOpen+"/triage", fmt.Sprintf("The private report %s waits for a decision.", a.ID)
		}
		f := j.found(rule, message, rules.Location{}, a.ID)
		// Triage and draft are one finding in two states.
		f.Tokens = rules.TokenDigest("advisory", a.ID)
		score, _ := weight(a.Severity, a.Vectors, a.CWE)
		f.CVSS, f.CWE, f.Reported = &score, append([]int{}, a.CWE...), a.Created
	}
}
