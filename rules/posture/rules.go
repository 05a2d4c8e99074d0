package posture

import (
	"slices"

	"github.com/staylisted/staylisted/rules"
)

// Verifier ids of this package.
const (
	branchRules      = "settings:branch-rules"
	reviewSample     = "settings:review-sample"
	privateReporting = "settings:private-reporting"
	peopleVerifier   = "settings:people"
	codeScanning     = "settings:code-scanning"
	dependabotOn     = "settings:dependabot"
	dependencyGraph  = "settings:dependency-graph"
	alertsVerifier   = "settings:alerts"
	advisoriesOpen   = "settings:advisories"
	requiredCheck    = "settings:required-check"
	secretScanning   = "settings:secret-scanning"
	workflowToken    = "settings:workflow-token"
	codeownersValid  = "settings:codeowners"
	releasesVerifier = "settings:releases"
	twoFactor        = "settings:two-factor"
)

// Verifiers lists the ids that [Judge] leaves a run for, each time.
func Verifiers() []string {
	return []string{branchRules, reviewSample, privateReporting, peopleVerifier, codeScanning, dependabotOn, dependencyGraph,
		alertsVerifier, advisoriesOpen, requiredCheck, secretScanning, workflowToken, codeownersValid, releasesVerifier, twoFactor}
}

// secretVector is the vector of MKT405: a secret that others may have read.
const secretVector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N"

// Rules of findings that are no verifier's id alone.
const (
	secretAlertRule = alertsVerifier + "/secret"
	codeAlertRule   = alertsVerifier + "/code"
)

// Rules describes what the findings of this package flag. The rules of
// Dependabot's findings are the advisories; [Judge] describes those it found.
func Rules() []rules.Rule {
	const review, hardening = "code-review-enforced", "repo-hardening"
	const ways = "Settings → Rules → Rulesets (or Settings → Branches)"
	list := []rules.Rule{
		{ID: branchRules, Name: "approval-not-required", Title: "Changes reach the default branch without an approval", Class: rules.Violation, Controls: []string{review},
			Flags:       "A default branch that anybody with write access may push to, or merge into without at least one approval. Where one person alone can push, nobody could approve, so the control asks for evidence instead.",
			Safe:        "A ruleset or branch protection that requires a pull request with one approval or more.",
			Remediation: "In " + ways + " add a rule for the default branch: require a pull request before merging, with at least one approval.",
			Wrong:       "required approvals: 0", Right: "required approvals: 1"},
		{ID: branchRules + "/stale-approvals", Name: "stale-approvals-kept", Title: "An approval outlives the change it was given for", Class: rules.Violation, Controls: []string{review},
			Flags:       "A required approval that stays valid when commits are pushed after it, so that the last commits may be merged unread.",
			Safe:        "Stale approvals are dismissed, or the most recent push must be approved by somebody else than who pushed it.",
			Remediation: "In " + ways + " tick “Dismiss stale pull request approvals when new commits are pushed”.",
			Wrong:       "dismiss stale approvals: off", Right: "dismiss stale approvals: on"},
		{ID: branchRules + "/bypass", Name: "bot-bypasses-review", Title: "An app or deploy key may skip the review", Class: rules.Violation, Controls: []string{review},
			Flags:       "A GitHub App, or deploy keys, on the bypass list of the rule that requires review.",
			Safe:        "Apps open pull requests that a person approves.",
			Remediation: "In " + ways + " take apps and deploy keys off the bypass list of the rule that requires review.",
			Wrong:       "bypass list: release-bot (always)", Right: "bypass list: empty"},
		{ID: branchRules + "/admins", Name: "admins-bypass-review", Title: "Administrators may push without a review", Class: rules.Review, Controls: []string{review},
			Flags:       "A classic protection that leaves administrators out, or a ruleset that people may bypass at any time.",
			Safe:        "A rule that holds for administrators too, or a bypass for pull requests alone.",
			Remediation: "In " + ways + " tick “Do not allow bypassing the above settings”, or set the bypass mode to “For pull requests only”. If you need the way out, suppress this finding with the reason.",
			Wrong:       "bypass list: Repository admin (always)", Right: "bypass list: Repository admin (for pull requests only)"},
		{ID: branchRules + "/code-owners", Name: "code-owner-review-not-required", Title: "Nobody in particular has to approve policy and authentication", Class: rules.Review, Controls: []string{review},
			Flags:       "A rule that requires an approval, but not that of a code owner: anybody with write access can approve a change of the policy file or of authentication.",
			Safe:        "Review from code owners is required, and CODEOWNERS names them.",
			Remediation: "In " + ways + " tick “Require review from Code Owners”.",
			Wrong:       "require code owner review: off", Right: "require code owner review: on"},
		{ID: reviewSample, Name: "merged-without-review", Title: "Pull requests were merged without another person's approval", Class: rules.Violation, Controls: []string{review},
			Flags:       "One of the last 30 pull requests merged into the default branch without an approving review, given before the merge, by a person who is not its author. Reviews of bots, withdrawn approvals and approvals after the merge do not count.",
			Safe:        "Every one of them was approved.",
			Remediation: "Review what was merged, and require approvals for the default branch. Until newer merges have pushed them out of the sample, suppress the finding with the reason and the date of that review.",
			Wrong:       "#41 merged by its author", Right: "#41 approved by a colleague, then merged"},
		{ID: privateReporting, Name: "private-reporting-off", Title: "Nobody can report a vulnerability in private", Class: rules.Violation, Controls: []string{hardening},
			Flags:       "A public repository without private vulnerability reporting.",
			Safe:        "Private vulnerability reporting is on. A private repository cannot have it.",
			Remediation: "In Settings → Code security turn on private vulnerability reporting.",
			Wrong:       "private vulnerability reporting: off", Right: "private vulnerability reporting: on"},
		{ID: peopleVerifier, Name: "contact-gone", Title: "A named contact cannot see the repository", Class: rules.Violation, Controls: []string{"contacts-declared"},
			Flags:       "An account or team under `contacts` in the policy file that is gone from GitHub or has no access to the repository.",
			Safe:        "Accounts and teams that can read the repository.",
			Remediation: "Name somebody who is there, or give the account or team access again.",
			Wrong:       "contacts: {security: {github: \"@left-in-march\"}}", Right: "contacts: {security: {github: \"@example/security\"}}"},
		{ID: dependabotOn, Name: "dependabot-alerts-off", Title: "GitHub raises no alerts for vulnerable dependencies", Class: rules.Informational, Controls: []string{"sca-run"},
			Flags:       "A repository without Dependabot alerts and without a Renovate configuration. The scan's own audit counts, so this has no effect.",
			Safe:        "Dependabot alerts or Renovate.",
			Remediation: "In Settings → Code security turn on Dependabot alerts.",
			Wrong:       "Dependabot alerts: off", Right: "Dependabot alerts: on"},
		{ID: secretAlertRule, Name: "secret-alert-open", Title: "Secret-scanning alert is open", Class: rules.Violation, Controls: []string{"no-secrets-in-repo"}, CWE: []int{798}, Vector: secretVector,
			Flags:       "An open alert of GitHub's secret scanning. Its clock starts when the alert was created.",
			Safe:        "Alerts that are closed as revoked, or as a false positive with a reason.",
			Remediation: "Revoke or rotate the secret first, then close the alert on GitHub. Deleting the line is not enough: it stays in the history.",
			Wrong:       "alert 3: open", Right: "alert 3: closed as revoked"},
		{ID: codeAlertRule, Name: "code-alert-open", Title: "Code-scanning alert is open", Class: rules.Violation,
			Flags:       "An open alert of another tool's security rule on the default branch. It speaks for the controls of its weakness, and its clock starts when the alert was created.",
			Safe:        "Alerts that are fixed, or dismissed on GitHub with a reason.",
			Remediation: "Fix what the alert shows, or dismiss it on GitHub with a reason.",
			Wrong:       "alert 12: open", Right: "alert 12: fixed"},
		{ID: advisoriesOpen, Name: "private-advisory-open", Title: "Vulnerability of the product is not fixed", Class: rules.Violation, Controls: []string{"vuln-sla"},
			Flags:       "A draft security advisory of the repository: the vulnerability was accepted and is neither published nor closed. Its clock starts when the advisory was created.",
			Safe:        "Advisories that are published with a fix, or closed.",
			Remediation: "Release the fix and publish the advisory, or close it if it was wrong.",
			Wrong:       "advisory in draft for five weeks, severity critical", Right: "fix released and advisory published in four weeks"},
		{ID: advisoriesOpen + "/triage", Name: "private-report-open", Title: "Reported vulnerability is not decided", Class: rules.Review, Controls: []string{"vuln-sla"},
			Flags:       "A privately reported vulnerability in triage. Nobody has confirmed it, so once it is overdue the control needs evidence. Its clock starts when the report came in.",
			Safe:        "Reports that are accepted and fixed in time, or closed.",
			Remediation: "Accept the report as a draft and fix it, or close it with a reason.",
			Wrong:       "report in triage for seven weeks", Right: "report answered, accepted and fixed"},
		{ID: secretScanning, Name: "secret-scanning-off", Title: "Secret scanning is off", Class: rules.Violation, Controls: []string{hardening},
			Flags:       "A public repository on which secret scanning is off. For a private repository it is a paid product; there the scan's own search counts.",
			Safe:        "Secret scanning is on.",
			Remediation: "In Settings → Code security turn on secret scanning.",
			Wrong:       "secret scanning: disabled", Right: "secret scanning: enabled"},
		{ID: secretScanning + "/push-protection", Name: "push-protection-off", Title: "Push protection is off", Class: rules.Violation, Controls: []string{hardening},
			Flags:       "Secret scanning without push protection: a secret is found after it was pushed.",
			Safe:        "Push protection is on.",
			Remediation: "In Settings → Code security turn on push protection.",
			Wrong:       "push protection: disabled", Right: "push protection: enabled"},
		{ID: workflowToken, Name: "workflow-token-writes", Title: "Workflows get a token that can write", Class: rules.Violation, Controls: []string{hardening},
			Flags:       "A default of read and write for the token of workflows that ask for nothing.",
			Safe:        "A default of read; jobs that need more say so under `permissions`.",
			Remediation: "In Settings → Actions → General choose “Read repository contents and packages permissions”.",
			Wrong:       "default workflow permissions: write", Right: "default workflow permissions: read"},
		{ID: workflowToken + "/approve", Name: "workflow-approves", Title: "Workflows may approve pull requests", Class: rules.Violation, Controls: []string{hardening},
			Flags:       "A setting by which workflows may create and approve pull requests: the approval that the branch asks for may be a machine's.",
			Safe:        "The setting is off.",
			Remediation: "In Settings → Actions → General untick “Allow GitHub Actions to create and approve pull requests”.",
			Wrong:       "can approve pull requests: on", Right: "can approve pull requests: off"},
		{ID: codeownersValid, Name: "codeowners-missing", Title: "There is no CODEOWNERS file", Class: rules.Violation, Controls: []string{hardening},
			Flags:       "A default branch without CODEOWNERS in `.github`, the root or `docs`.",
			Safe:        "A CODEOWNERS file that names owners of the policy file, the documents and the code that authenticates.",
			Remediation: "Add `.github/CODEOWNERS`.",
			Wrong:       "", Right: "/.github/ @example/security\n/internal/auth/ @example/security"},
		{ID: codeownersValid + "/errors", Name: "codeowners-errors", Title: "CODEOWNERS has errors", Class: rules.Violation, Controls: []string{hardening},
			Flags:       "A line of CODEOWNERS that GitHub leaves out: a pattern it cannot read, or an owner who is gone or cannot write.",
			Safe:        "A file that GitHub finds nothing wrong with.",
			Remediation: "Correct the line, or give the owner write access.",
			Wrong:       "/internal/auth/ @left-in-march", Right: "/internal/auth/ @example/security"},
		{ID: codeownersValid + "/uncovered", Name: "codeowners-uncovered", Title: "The policy file or a document has no code owner", Class: rules.Violation, Controls: []string{hardening},
			Flags:       "A CODEOWNERS file by which nobody owns the policy file or a document that it names.",
			Safe:        "Patterns that cover them.",
			Remediation: "Add a line for them to CODEOWNERS.",
			Wrong:       "*.go @example/developers", Right: "*.go @example/developers\n/.github/ @example/security\n/docs/ @example/security"},
		{ID: twoFactor, Name: "two-factor-not-required", Title: "The organisation does not require two-factor authentication", Class: rules.Review, Controls: []string{"staff-mfa"},
			Flags:       "A GitHub organisation whose members may sign in with a password alone.",
			Safe:        "The organisation requires two-factor authentication. Where single sign-on enforces it instead, suppress the finding and say so.",
			Remediation: "In the organisation's Settings → Authentication security tick “Require two-factor authentication for everyone”.",
			Wrong:       "two-factor authentication required: no", Right: "two-factor authentication required: yes"},
	}
	for i := range list {
		list[i].Tool = "staylisted"
	}
	return slices.Clip(list)
}
