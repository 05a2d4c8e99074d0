package posture

import (
	"fmt"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

const hardeningControl = "repo-hardening"

func (j *judge) privateReporting() {
	const contacts = "contacts-declared"
	s := j.s
	if !j.ran(privateReporting, hardeningControl, s.Reporting.Asked) {
		return
	}
	on, answered := s.Reporting.known()
	switch {
	case !answered:
		j.saw(privateReporting, hardeningControl, "private vulnerability reporting does not apply: "+s.Reporting.Reason)
	case on:
		j.saw(privateReporting, hardeningControl, "vulnerabilities can be reported in private")
		j.saw(privateReporting, contacts, "vulnerabilities can be reported in private")
	default:
		j.found(privateReporting, "Private vulnerability reporting is off: turn it on in Settings → Code security.", rules.Location{})
		j.lacks(privateReporting, hardeningControl, "Private vulnerability reporting is off. Turn it on in Settings → Code security.", "", "")
	}
}

// people judges the contacts alone; whether the owner of a statement is still
// there bears on the statement.
func (j *judge) people() {
	const contacts = "contacts-declared"
	s := j.s
	var unsure []string
	gone := 0
	for _, h := range s.Contacts {
		switch s.People[h] {
		case rules.True:
		case rules.False:
			gone++
			at := rules.Location{Path: s.PolicyPath}
			j.found(peopleVerifier, "The contact "+h+" is gone from GitHub or cannot read the repository: name somebody who can be reached.", at, h)
		default:
			unsure = append(unsure, h)
		}
	}
	need := s.PeopleAsked
	if need.State != NotAsked && len(unsure) == 0 {
		need = state(Answered, "", "") // what is not known bears on no contact
	}
	if j.ran(peopleVerifier, contacts, need) && gone == 0 && len(s.Contacts) > 0 {
		j.saw(peopleVerifier, contacts, several(s.Contacts, 3)+" can read the repository")
	}
}

func (j *judge) codeScanning() {
	s := j.s
	if !j.ran(codeScanning, "sast-run", s.Analyses.Asked) {
		return
	}
	list, answered := s.Analyses.known()
	if !answered {
		return
	}
	head, known := s.Branch.known()
	var tools []string
	for _, a := range list {
		switch {
		case a.Error != "":
			j.Notes = append(j.Notes, fmt.Sprintf("the newest code-scanning analysis of %s failed: %s", a.Tool, a.Error))
		case known && a.Commit == head.Head:
			tools = append(tools, a.Tool)
		}
	}
	if len(tools) > 0 {
		j.saw(codeScanning, "sast-run", "code scanning has analyses of the head of the default branch by "+several(tools, 3), tools...)
	}
}

func (j *judge) dependabot() {
	const control = "sca-run"
	s := j.s
	f, filesKnown := s.Files.known()
	if filesKnown && f.Renovate != "" {
		j.ran(dependabotOn, control)
		j.saw(dependabotOn, control, "Renovate is configured in "+f.Renovate)
		return
	}
	if !j.ran(dependabotOn, control, s.Dependabot.Asked) {
		return
	}
	on, answered := s.Dependabot.known()
	switch {
	case answered && on:
		text := "Dependabot alerts are on"
		if fixes, ok := s.SecurityFixes.known(); ok && fixes {
			text += ", with pull requests that fix them"
		}
		j.saw(dependabotOn, control, text)
	case answered:
		j.found(dependabotOn, "Dependabot alerts are off: turn them on in Settings → Code security.", rules.Location{})
	}
}

func (j *judge) dependencyGraph() {
	s := j.s
	if n, ok := s.Graph.known(); j.ran(dependencyGraph, "sbom-licences", s.Graph.Asked) && ok {
		j.saw(dependencyGraph, "sbom-licences", "GitHub's own list of dependencies has "+counted(n, "package", "packages"))
	}
}

// secretScanning judges whether GitHub looks for secrets and refuses pushes that
// hold one. On a private repository it is a product of its own: off is not held
// against it, the scan's own search counts.
func (j *judge) secretScanning() {
	const secrets = "no-secrets-in-repo"
	s := j.s
	about, ok := s.About.known()
	switch {
	case !ok:
		j.ran(secretScanning, hardeningControl, s.About.Asked)
	case about.Security != nil && about.Security.SecretScanning == "enabled":
		j.ran(secretScanning, hardeningControl)
		if about.Security.PushProtection == "disabled" {
			j.found(secretScanning+"/push-protection", "Secrets are found after they were pushed: turn on push protection in Settings → Code security.", rules.Location{})
			j.lacks(secretScanning, hardeningControl, "Push protection is off. Turn it on in Settings → Code security.", "", "")
			return
		}
		text := "secret scanning and push protection are on"
		if about.Security.PushProtection == "" {
			text = "secret scanning is on; this server offers no push protection"
		}
		j.saw(secretScanning, hardeningControl, text)
		j.saw(secretScanning, secrets, "secret scanning is on")
	case about.Security != nil && about.Security.SecretScanning == "" && !about.Private && strings.HasPrefix(s.Web, "https://github.com/"):
		// There every public repository has it, so the answer was not understood.
		j.ran(secretScanning, hardeningControl, failed(subject{"whether secret scanning and push protection are on", "administration: read"}, "the answer for this public repository does not say so; scan again"))
	case about.Security != nil && about.Security.SecretScanning == "":
		j.ran(secretScanning, hardeningControl)
		j.saw(secretScanning, hardeningControl, "secret scanning does not apply: GitHub does not offer it to this repository; this scan's own search for secrets counts")
	case about.Private && (about.Security != nil || s.SecretAlerts.State == Unavailable):
		j.ran(secretScanning, hardeningControl)
		j.saw(secretScanning, hardeningControl, "secret scanning does not apply: the repository is private and does not have the product; this scan's own search for secrets counts")
	case about.Security != nil || s.SecretAlerts.State == Unavailable: // public and off
		j.ran(secretScanning, hardeningControl)
		j.found(secretScanning, "Secret scanning is off: turn it and push protection on in Settings → Code security.", rules.Location{})
		j.lacks(secretScanning, hardeningControl, "Secret scanning is off. Turn it and push protection on in Settings → Code security.", "", "")
	default:
		sub := subject{"whether secret scanning and push protection are on", "administration: read"}
		need := denied(sub, "the repository came without its security settings")
		if s.SecretAlerts.State == Failed {
			need = s.SecretAlerts.Asked
		}
		j.ran(secretScanning, hardeningControl, need)
	}
}

func (j *judge) workflowToken() {
	s := j.s
	if actions, ok := s.Actions.known(); ok && !actions.Enabled {
		j.ran(workflowToken, hardeningControl)
		j.saw(workflowToken, hardeningControl, "workflows are off, so no workflow has a token")
		return
	}
	if !j.ran(workflowToken, hardeningControl, s.WorkflowToken.Asked) {
		return
	}
	v, answered := s.WorkflowToken.known()
	switch {
	case !answered:
		j.saw(workflowToken, hardeningControl, "workflow tokens do not apply: "+s.WorkflowToken.Reason)
		return
	case v.Default == "read" && !v.CanApprove:
		j.saw(workflowToken, hardeningControl, "the token of workflows reads only by default and cannot approve pull requests")
		return
	}
	if v.Default != "read" {
		j.found(workflowToken, "Workflows that ask for nothing get a token that can write: make the default read-only in Settings → Actions → General.", rules.Location{})
	}
	if v.CanApprove {
		j.found(workflowToken+"/approve", "Workflows may approve pull requests: untick it in Settings → Actions → General.", rules.Location{})
	}
	j.lacks(workflowToken, hardeningControl, "The default token of workflows can do more than read. Change it in Settings → Actions → General.", "permissions:\n  contents: read", ".github/workflows/*.yml")
}

func (j *judge) codeowners() {
	s := j.s
	if !j.ran(codeownersValid, hardeningControl, s.Codeowners.Asked) {
		return
	}
	c, answered := s.Codeowners.known()
	const snippet = "/.github/ @example/security\n/docs/ @example/security"
	switch {
	case !answered:
		return
	case c.Path == "":
		j.found(codeownersValid, "There is no CODEOWNERS file: add .github/CODEOWNERS.", rules.Location{Path: ".github/CODEOWNERS"})
		j.lacks(codeownersValid, hardeningControl, "There is no CODEOWNERS file in .github, the root or docs.", snippet, ".github/CODEOWNERS")
		return
	}
	for _, e := range c.Errors {
		at := rules.Location{Path: c.Path, Line: e.Line}
		j.found(codeownersValid+"/errors", "GitHub leaves this line of CODEOWNERS out: "+e.Kind+".", at, e.Kind)
	}
	if len(c.Uncovered) > 0 {
		j.found(codeownersValid+"/uncovered", "CODEOWNERS names no owner of "+several(c.Uncovered, 3)+".", rules.Location{Path: c.Path})
	}
	if len(c.Errors) > 0 || len(c.Uncovered) > 0 {
		j.lacks(codeownersValid, hardeningControl, c.Path+" has errors, or leaves the policy file or a document without an owner.", snippet, c.Path)
		return
	}
	text := c.Path + " has no errors"
	if len(c.Covered) > 0 {
		text += " and names owners of " + several(c.Covered, 3)
	}
	j.saw(codeownersValid, hardeningControl, text)
}

// releases says what users can download and whether it can be replaced later.
// That releases can be changed is no violation: signatures protect them too.
func (j *judge) releases() {
	const control = "signed-updates"
	s := j.s
	complete := j.ran(releasesVerifier, control, s.Release.Asked, s.Immutable.Asked)
	if r, ok := s.Release.known(); ok && r.Assets > 0 {
		j.Facts = append(j.Facts, rules.Fact{ID: "release-binaries", State: rules.True,
			Detail: fmt.Sprintf("the newest releases, up to %s, have %s", r.Tag, counted(r.Assets, "file to download", "files to download"))})
	}
	if on, ok := s.Immutable.known(); complete && ok && on {
		j.saw(releasesVerifier, control, "releases are immutable")
	}
}

// twoFactor judges what the organisation asks of its members. Single sign-on may
// ask the same elsewhere, so a missing requirement needs evidence.
func (j *judge) twoFactor() {
	const control = "staff-mfa"
	s := j.s
	need := s.Organization.Asked
	org, answered := s.Organization.known()
	if answered && org.TwoFactor == rules.Undecided {
		need = denied(subject{"whether the organisation requires two-factor authentication", "organization administration: read"}, "the field was left out")
	}
	if !j.ran(twoFactor, control, need) || !answered {
		return
	}
	if org.TwoFactor == rules.True {
		j.saw(twoFactor, control, "the GitHub organisation requires two-factor authentication", "github")
		return
	}
	j.found(twoFactor, "The GitHub organisation does not require two-factor authentication: require it in the organisation's Settings → Authentication security.", rules.Location{})
}
