package posture

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// staleAfter is how long an answer of GitHub counts, as in package rules.
const staleAfter = 7 * 24 * time.Hour

// Judge turns settings into evidence as of now. Without settings (nil) every
// verifier did not run, for the reason given. Every verifier of [Verifiers]
// leaves a run:
//
//   - complete when GitHub answered all it needs, or said that the repository
//     cannot have it;
//   - not run when the token may not see something: the reason names the
//     permission, a shortfall the attestation that can stand in;
//   - failed when GitHub was asked and gave no usable answer.
//
// A finding rests on an answer. Nothing that was not answered makes one.
func Judge(s *Settings, reason string, now time.Time) rules.Gathered {
	j := &judge{now: now, rules: map[string]rules.Rule{}}
	j.Rules = Rules()
	for _, r := range j.Rules {
		j.rules[r.ID] = r
	}
	why := ""
	switch {
	case s == nil:
		why = reason
		if why == "" {
			why = "GitHub was not asked for the repository's settings"
		}
	default:
		why = s.Outdated(now)
	}
	if why != "" {
		s = &Settings{}
		for _, r := range s.rows() {
			r.Reason = why
		}
	}
	j.s = s
	j.branchRules()
	j.reviewSample()
	j.requiredCheck()
	j.privateReporting()
	j.people()
	j.codeScanning()
	j.dependabot()
	j.dependencyGraph()
	j.alerts()
	j.advisories()
	j.secretScanning()
	j.workflowToken()
	j.codeowners()
	j.releases()
	j.twoFactor()
	if f, ok := s.Files.known(); ok {
		switch {
		case f.SecurityPolicy == "":
			j.Notes = append(j.Notes, "the default branch has no SECURITY.md in the root, .github or docs; it may lie in the organisation's .github repository, which is not read")
		case !f.Contact:
			j.Notes = append(j.Notes, f.SecurityPolicy+" names no address or page to report a vulnerability to")
		}
	}
	if c, ok := s.Community.known(); ok && (c.Licence == "" || c.Licence == "NOASSERTION") && !s.About.Value.Private {
		j.Notes = append(j.Notes, "GitHub recognises no licence file in this public repository")
	}
	return j.Gathered
}

// Outdated says why the settings say nothing at now, or "": they were read more
// than seven days before, or at a time that has not come.
func (s *Settings) Outdated(now time.Time) string {
	switch {
	case s.ReadAt.IsZero() || s.ReadAt.After(now.Add(24*time.Hour)):
		return "the settings are dated " + s.ReadAt.UTC().Format(time.DateOnly) + ", which cannot be; record them again with `staylisted settings`"
	case !now.Before(s.ReadAt.Add(staleAfter)):
		return "the settings were read on " + s.ReadAt.UTC().Format(time.DateOnly) + " and count for 7 days; record them again with `staylisted settings`"
	}
	return ""
}

// A judge collects the evidence of one judgement.
type judge struct {
	rules.Gathered
	s     *Settings
	now   time.Time
	rules map[string]rules.Rule
}

// found adds a finding. tokens tell it apart from others of its rule in its
// file.
func (j *judge) found(rule, message string, at rules.Location, tokens ...string) *rules.Finding {
	f := j.rules[rule].Finding("settings", message, at)
	f.Tokens = rules.TokenDigest(append([]string{rule}, tokens...)...)
	j.Findings = append(j.Findings, f)
	return &j.Findings[len(j.Findings)-1]
}

// saw adds an observation of what GitHub answered.
func (j *judge) saw(verifier, control, text string, tags ...string) {
	j.Observations = append(j.Observations, rules.Observation{Verifier: verifier, Control: control, Text: text, Tags: tags,
		At: j.s.ReadAt.UTC(), Letter: "P", Link: j.link()})
}

// link is where a person sees the settings.
func (j *judge) link() string {
	if j.s.Web == "" {
		return ""
	}
	return j.s.Web + "/settings"
}

// lacks adds a shortfall with what would satisfy it.
func (j *judge) lacks(verifier, control, text, snippet, in string) {
	j.Shortfalls = append(j.Shortfalls, rules.Shortfall{Verifier: verifier, Control: control, Text: text, Snippet: snippet, In: in})
}

// A statement is the attestation that can stand in for settings nobody can see.
type statement struct {
	requirement, text string
	days              int // it holds, at most (catalogue §3)
}

// statements by control.
var statements = map[string]statement{
	"code-review-enforced": {"DRUVA-SC-02", "NAME, who is not the author, reviews every change before it reaches the default branch", 365},
	"repo-hardening":       {"DRUVA-SC-01", "Secret scanning with push protection is on, workflow tokens are read-only, CODEOWNERS is valid and vulnerabilities can be reported in private", 180},
	"ci-security-gates":    {"DRUVA-SC-14", "The check of the security scans must pass before a change is merged", 180},
	"staff-mfa":            {"MONDAY-Q-07", "GitHub, the identity provider, hosting, admin consoles and VPN require a second factor of every employee", 180},
}

// snippet is the attestation of a control, ready to copy.
func (j *judge) snippet(control string) string {
	s, ok := statements[control]
	if !ok {
		return ""
	}
	return fmt.Sprintf("attestations:\n  - {for: [%s], statement: %q, owner: \"@owner-login\", date: %s, expires: %s}",
		s.requirement, s.text, j.now.UTC().Format(time.DateOnly), j.now.UTC().AddDate(0, 0, s.days).Format(time.DateOnly))
}

// policyFile is where snippets of the policy belong.
func (j *judge) policyFile() string {
	if j.s.PolicyPath != "" {
		return j.s.PolicyPath
	}
	return ".github/staylisted.yml"
}

// ran records how a verifier's run ended, by the rows it needs, and reports
// whether it was complete. Where the token may not see something it offers the
// attestation of the control.
func (j *judge) ran(verifier, control string, needs ...Asked) bool {
	run := rules.VerifierRun{Verifier: verifier, State: rules.Complete, At: j.s.ReadAt.UTC()}
	var reasons []string
	hidden := false
	for _, a := range needs {
		switch a.State {
		case Answered, Unavailable:
			continue
		case Failed:
			run.State = rules.Broken
		default:
			hidden = true
			if run.State == rules.Complete {
				run.State = rules.NotRun
			}
		}
		reason := a.Reason
		if reason == "" {
			reason = "GitHub was not asked for it; record the settings again with `staylisted settings`"
		}
		if !slices.Contains(reasons, reason) {
			reasons = append(reasons, reason)
		}
	}
	if run.State == rules.Complete {
		j.Runs = append(j.Runs, run)
		return true
	}
	run.At = time.Time{}
	run.Reason = strings.Join(reasons, "; ")
	snippet := j.snippet(control)
	if hidden && snippet != "" {
		run.Reason += ". Or attest it for " + statements[control].requirement + " under `attestations` in the policy file"
		j.lacks(verifier, control, verifier+" could not be looked at: "+strings.Join(reasons, "; "), snippet, j.policyFile())
	}
	j.Runs = append(j.Runs, run)
	return false
}

// state makes a need of a value that was derived from several rows.
func state(s State, reason, permission string) Asked {
	return Asked{State: s, Reason: reason, Permission: permission}
}
