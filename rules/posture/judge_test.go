package posture_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/bot/githubtest"
	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/catalog"
	"github.com/staylisted/staylisted/rules/posture"
)

type obj = map[string]any

// classic is a classic protection in GitHub's form.
func classic(approvals int, stale, owners, admins bool, apps ...string) obj {
	list := []obj{}
	for _, slug := range apps {
		list = append(list, obj{"slug": slug})
	}
	return obj{"required_pull_request_reviews": obj{"required_approving_review_count": approvals, "dismiss_stale_reviews": stale, "require_code_owner_reviews": owners,
		"bypass_pull_request_allowances": obj{"apps": list}}, "enforce_admins": obj{"enabled": admins}}
}

// repository makes a spoil of a change of the repository alone.
func repository(change func(*githubtest.Repository)) spoil {
	return func(_ *githubtest.Server, _ *githubtest.State, r *githubtest.Repository) { change(r) }
}

// lacking takes permissions from the token.
func lacking(permissions ...string) spoil {
	return func(_ *githubtest.Server, s *githubtest.State, _ *githubtest.Repository) {
		s.Token.Missing = append(s.Token.Missing, permissions...)
	}
}

// failing makes a route misbehave.
func failing(route string, f githubtest.Fault) spoil {
	return func(server *githubtest.Server, _ *githubtest.State, _ *githubtest.Repository) { server.Fail(route, f) }
}

func ruleset(rules ...obj) spoil {
	return repository(func(r *githubtest.Repository) { r.Rulesets[0].Rules = rules })
}

func bypass(actor, mode string) spoil {
	return repository(func(r *githubtest.Repository) {
		r.Rulesets[0].Bypass = []obj{{"actor_type": actor, "bypass_mode": mode, "actor_id": 5}}
	})
}

var noRules = repository(func(r *githubtest.Repository) { r.Rulesets = nil })

func protect(p obj) spoil {
	return repository(func(r *githubtest.Repository) { r.Protections["main"] = p })
}

func alone(r *githubtest.Repository) {
	r.Collaborators = map[string]string{"ann": "admin", "cid": "read"}
}

var (
	check   = githubtest.StatusCheckRule("staylisted/changes")
	private = repository(func(r *githubtest.Repository) { r.Private = true })
)

// TestOutcomes is the table of what each row can say. A verdict is the control's,
// by the catalogue, when nothing else stands against it.
func TestOutcomes(t *testing.T) {
	for _, tt := range []struct {
		name     string
		verifier string
		control  string
		spoils   []spoil
		verdict  rules.Verdict
		finding  string // rule of the one finding; empty for none
		class    rules.Class
		text     string // part of the finding, shortfall, observation or run's reason
		attested bool   // a shortfall offers the attestation
	}{
		// Rules of the default branch.
		{name: "a ruleset", verifier: "settings:branch-rules", verdict: rules.Pass, text: "with 1 approval and a code owner's"},
		{name: "a classic protection", verifier: "settings:branch-rules", spoils: []spoil{noRules, protect(classic(2, true, true, true))}, verdict: rules.Pass, text: "with 2 approvals"},
		{name: "both together", verifier: "settings:branch-rules", spoils: []spoil{ruleset(githubtest.PullRequestRule(1, false, false)), protect(classic(1, true, true, true))}, verdict: rules.Pass},
		{name: "no protection", verifier: "settings:branch-rules", spoils: []spoil{noRules}, verdict: rules.Fail, finding: "settings:branch-rules", class: rules.Violation, text: "may push to main directly"},
		{name: "no protection, seen without administration", verifier: "settings:branch-rules", spoils: []spoil{noRules, lacking("administration")}, verdict: rules.Fail, finding: "settings:branch-rules", class: rules.Violation},
		{name: "no approval", verifier: "settings:branch-rules", spoils: []spoil{ruleset(githubtest.PullRequestRule(0, true, true), check)}, verdict: rules.Fail, finding: "settings:branch-rules", class: rules.Violation, text: "need no approval"},
		{name: "no approval, classic", verifier: "settings:branch-rules", spoils: []spoil{noRules, protect(classic(0, true, true, true))}, verdict: rules.Fail, finding: "settings:branch-rules", class: rules.Violation},
		{name: "checks alone", verifier: "settings:branch-rules", spoils: []spoil{ruleset(check)}, verdict: rules.Fail, finding: "settings:branch-rules", class: rules.Violation},
		{name: "stale approvals stay", verifier: "settings:branch-rules", spoils: []spoil{ruleset(githubtest.PullRequestRule(1, false, true))}, verdict: rules.Fail, finding: "settings:branch-rules/stale-approvals", class: rules.Violation},
		{name: "stale approvals stay, the last push needs one", verifier: "settings:branch-rules", spoils: []spoil{repository(func(r *githubtest.Repository) {
			rule := githubtest.PullRequestRule(1, false, true)
			rule["parameters"].(obj)["require_last_push_approval"] = true
			r.Rulesets[0].Rules = []obj{rule}
		})}, verdict: rules.Pass},
		{name: "no code owner", verifier: "settings:branch-rules", spoils: []spoil{ruleset(githubtest.PullRequestRule(1, true, false))}, verdict: rules.NeedsEvidence, finding: "settings:branch-rules/code-owners", class: rules.Review},
		{name: "a bot bypasses", verifier: "settings:branch-rules", spoils: []spoil{bypass("Integration", "always")}, verdict: rules.Fail, finding: "settings:branch-rules/bypass", class: rules.Violation, text: "an app"},
		{name: "a deploy key bypasses", verifier: "settings:branch-rules", spoils: []spoil{bypass("DeployKey", "exempt")}, verdict: rules.Fail, finding: "settings:branch-rules/bypass", class: rules.Violation, text: "deploy keys"},
		{name: "a bot bypasses one of two", verifier: "settings:branch-rules", spoils: []spoil{bypass("Integration", "always"), protect(classic(1, true, true, true))}, verdict: rules.Pass},
		{name: "a bot bypasses, classic", verifier: "settings:branch-rules", spoils: []spoil{noRules, protect(classic(1, true, true, true, "release-bot"))}, verdict: rules.Fail, finding: "settings:branch-rules/bypass", class: rules.Violation, text: "release-bot"},
		{name: "admins bypass", verifier: "settings:branch-rules", spoils: []spoil{bypass("RepositoryRole", "always")}, verdict: rules.NeedsEvidence, finding: "settings:branch-rules/admins", class: rules.Review},
		{name: "admins bypass, classic", verifier: "settings:branch-rules", spoils: []spoil{noRules, protect(classic(1, true, true, false))}, verdict: rules.NeedsEvidence, finding: "settings:branch-rules/admins", class: rules.Review},
		{name: "admins bypass by pull request", verifier: "settings:branch-rules", spoils: []spoil{bypass("RepositoryRole", "pull_request")}, verdict: rules.Pass},
		{name: "the bypass list is hidden", verifier: "settings:branch-rules", spoils: []spoil{repository(func(r *githubtest.Repository) { r.Rulesets[0].BypassShown = false })}, verdict: rules.Pass, text: "who may bypass the ruleset is not shown"},
		{name: "the classic protection is hidden and not needed", verifier: "settings:branch-rules", spoils: []spoil{lacking("administration")}, verdict: rules.Pass},
		{name: "the classic protection is hidden and needed", verifier: "settings:branch-rules", spoils: []spoil{ruleset(githubtest.PullRequestRule(0, false, false)), lacking("administration")}, verdict: rules.Unknown, text: "administration: read", attested: true},
		{name: "one person, no approval", verifier: "settings:branch-rules", spoils: []spoil{noRules, repository(alone)}, verdict: rules.NeedsEvidence, text: "somebody from outside has to review", attested: true},
		{name: "nobody knows who can push, no approval", verifier: "settings:branch-rules", spoils: []spoil{noRules, lacking("collaborators"), repository(func(r *githubtest.Repository) { r.Pulls = nil })}, verdict: rules.NeedsEvidence, finding: "settings:branch-rules", class: rules.Review},
		{name: "a plan without protection", verifier: "settings:branch-rules", spoils: []spoil{private, failing(repo+"/rules/branches/{branch}", githubtest.NoPlan()), failing(repo+"/branches/{branch}/protection", githubtest.NoPlan())}, verdict: rules.NeedsEvidence, text: "has no branch protection", attested: true},

		// Reviews of what was merged.
		{name: "all reviewed", verifier: "settings:review-sample", verdict: rules.Pass, text: "the last 3 merged pull requests"},
		{name: "one without a review", verifier: "settings:review-sample", spoils: []spoil{repository(func(r *githubtest.Repository) { r.Pulls[1].Reviews = nil })}, verdict: rules.Fail, finding: "settings:review-sample", class: rules.Violation, text: "1 of the last 3 merged pull requests went in without the approval of another person: #4."},
		{name: "approved by its author", verifier: "settings:review-sample", spoils: []spoil{repository(func(r *githubtest.Repository) { r.Pulls[1].Author = "Ben" })}, verdict: rules.Fail, finding: "settings:review-sample", class: rules.Violation},
		{name: "approved by a bot", verifier: "settings:review-sample", spoils: []spoil{repository(func(r *githubtest.Repository) { r.Pulls[1].Reviews = r.Pulls[1].Reviews[:1] })}, verdict: rules.Fail, finding: "settings:review-sample", class: rules.Violation},
		{name: "approved after the merge", verifier: "settings:review-sample", spoils: []spoil{repository(func(r *githubtest.Repository) {
			for i := range r.Pulls[1].Reviews {
				r.Pulls[1].Reviews[i].At = r.Pulls[1].MergedAt.AddDate(0, 0, 1)
			}
		})}, verdict: rules.Fail, finding: "settings:review-sample", class: rules.Violation},
		{name: "changes asked for last", verifier: "settings:review-sample", spoils: []spoil{repository(func(r *githubtest.Repository) {
			r.Pulls[1].Reviews = append(r.Pulls[1].Reviews, githubtest.Review{User: "ben", State: "CHANGES_REQUESTED", At: r.Pulls[1].MergedAt})
		})}, verdict: rules.Fail, finding: "settings:review-sample", class: rules.Violation},
		{name: "nothing merged", verifier: "settings:review-sample", spoils: []spoil{repository(func(r *githubtest.Repository) { r.Pulls = nil })}, verdict: rules.NeedsEvidence, text: "No pull request has been merged", attested: true},
		{name: "one person, no review", verifier: "settings:review-sample", spoils: []spoil{repository(func(r *githubtest.Repository) {
			alone(r)
			r.Pulls[1].Reviews = nil
		})}, verdict: rules.NeedsEvidence, attested: true},
		{name: "hidden", verifier: "settings:review-sample", spoils: []spoil{lacking("pull_requests")}, verdict: rules.Unknown, text: "pull requests: read", attested: true},

		// Required check.
		{name: "required", verifier: "settings:required-check", verdict: rules.Pass, text: "waits for the check staylisted/changes"},
		{name: "required, classic", verifier: "settings:required-check", spoils: []spoil{noRules, protect(obj{"required_status_checks": obj{"contexts": []string{"Staylisted scan"}, "checks": []obj{}}})}, verdict: rules.Pass},
		{name: "others required", verifier: "settings:required-check", spoils: []spoil{ruleset(githubtest.StatusCheckRule("build"))}, verdict: rules.NeedsEvidence, text: "No check of staylisted is required"},
		{name: "hidden", verifier: "settings:required-check", spoils: []spoil{ruleset(githubtest.StatusCheckRule("build")), lacking("administration")}, verdict: rules.Unknown, text: "administration: read", attested: true},

		// Private reporting.
		{name: "on", verifier: "settings:private-reporting", verdict: rules.Pass},
		{name: "off", verifier: "settings:private-reporting", spoils: []spoil{repository(func(r *githubtest.Repository) { r.PrivateReporting = false })}, verdict: rules.Fail, finding: "settings:private-reporting", class: rules.Violation},
		{name: "private", verifier: "settings:private-reporting", spoils: []spoil{private}, verdict: rules.Pass, text: "does not apply"},
		{name: "hidden", verifier: "settings:private-reporting", spoils: []spoil{lacking("repository_advisories")}, verdict: rules.Unknown, text: "repository security advisories: read", attested: true},

		// People.
		{name: "a contact without access", verifier: "settings:people", control: "contacts-declared", spoils: []spoil{func(_ *githubtest.Server, s *githubtest.State, _ *githubtest.Repository) {
			s.Organizations["partner"].Teams["security"].Repos = nil
		}}, verdict: rules.Fail, finding: "settings:people", class: rules.Violation, text: "@partner/security"},
		{name: "a team that is gone or hidden", verifier: "settings:people", control: "contacts-declared", spoils: []spoil{func(_ *githubtest.Server, s *githubtest.State, _ *githubtest.Repository) {
			delete(s.Organizations["partner"].Teams, "security")
		}}, verdict: rules.Pass, text: "organization members: read"},

		// Support without effect.
		{name: "Dependabot off", verifier: "settings:dependabot", control: "sca-run", spoils: []spoil{repository(func(r *githubtest.Repository) { r.DependabotOff = true })}, verdict: rules.Pass, finding: "settings:dependabot", class: rules.Informational},
		{name: "Renovate", verifier: "settings:dependabot", control: "sca-run", spoils: []spoil{repository(func(r *githubtest.Repository) {
			r.DependabotOff = true
			r.Files[".github/renovate.json"] = "{}"
		})}, verdict: rules.Pass, text: "Renovate is configured in .github/renovate.json"},
		{name: "alerts show that Dependabot is on", verifier: "settings:dependabot", control: "sca-run", spoils: []spoil{lacking("administration")}, verdict: rules.Pass, text: "Dependabot alerts are on"},
		{name: "never analysed", verifier: "settings:code-scanning", control: "sast-run", spoils: []spoil{repository(func(r *githubtest.Repository) { r.NeverAnalysed = true })}, verdict: rules.Pass},
		{name: "no product", verifier: "settings:code-scanning", control: "sast-run", spoils: []spoil{private, failing(repo+"/code-scanning/analyses", githubtest.CodeSecurityOff())}, verdict: rules.Pass},
		{name: "releases can be changed", verifier: "settings:releases", control: "signed-updates", spoils: []spoil{repository(func(r *githubtest.Repository) { r.Immutable = false })}, verdict: rules.Pass},

		// Secret scanning.
		{name: "on", verifier: "settings:secret-scanning", verdict: rules.Pass, text: "secret scanning and push protection are on"},
		{name: "off", verifier: "settings:secret-scanning", spoils: []spoil{repository(func(r *githubtest.Repository) { r.Security["secret_scanning"] = "disabled" })}, verdict: rules.Fail, finding: "settings:secret-scanning", class: rules.Violation},
		{name: "off, seen by its alerts", verifier: "settings:secret-scanning", spoils: []spoil{lacking("administration"), repository(func(r *githubtest.Repository) { r.Security["secret_scanning"] = "disabled" })}, verdict: rules.Fail, finding: "settings:secret-scanning", class: rules.Violation},
		{name: "no push protection", verifier: "settings:secret-scanning", spoils: []spoil{repository(func(r *githubtest.Repository) { r.Security["secret_scanning_push_protection"] = "disabled" })}, verdict: rules.Fail, finding: "settings:secret-scanning/push-protection", class: rules.Violation},
		{name: "private without the product", verifier: "settings:secret-scanning", spoils: []spoil{private, repository(func(r *githubtest.Repository) { r.Security["secret_scanning"] = "disabled" })}, verdict: rules.Pass, text: "does not have the product"},
		{name: "a server without it", verifier: "settings:secret-scanning", spoils: []spoil{repository(func(r *githubtest.Repository) { r.Security = map[string]string{} })}, verdict: rules.Pass, text: "does not offer it"},
		{name: "hidden", verifier: "settings:secret-scanning", spoils: []spoil{lacking("administration")}, verdict: rules.Unknown, text: "administration: read", attested: true},

		// Workflow token.
		{name: "read", verifier: "settings:workflow-token", verdict: rules.Pass},
		{name: "write", verifier: "settings:workflow-token", spoils: []spoil{repository(func(r *githubtest.Repository) { r.WorkflowPermissions = "write" })}, verdict: rules.Fail, finding: "settings:workflow-token", class: rules.Violation},
		{name: "may approve", verifier: "settings:workflow-token", spoils: []spoil{repository(func(r *githubtest.Repository) { r.WorkflowsApprove = true })}, verdict: rules.Fail, finding: "settings:workflow-token/approve", class: rules.Violation},
		{name: "workflows off", verifier: "settings:workflow-token", spoils: []spoil{repository(func(r *githubtest.Repository) { r.ActionsOff, r.WorkflowPermissions = true, "write" })}, verdict: rules.Pass, text: "workflows are off"},
		{name: "hidden", verifier: "settings:workflow-token", spoils: []spoil{lacking("administration")}, verdict: rules.Unknown, text: "administration: read", attested: true},

		// CODEOWNERS.
		{name: "valid", verifier: "settings:codeowners", verdict: rules.Pass, text: "names owners of .github/staylisted.yml and docs/architecture.md"},
		{name: "missing", verifier: "settings:codeowners", spoils: []spoil{repository(func(r *githubtest.Repository) { delete(r.Files, ".github/CODEOWNERS") })}, verdict: rules.Fail, finding: "settings:codeowners", class: rules.Violation},
		{name: "errors", verifier: "settings:codeowners", spoils: []spoil{repository(func(r *githubtest.Repository) {
			r.CodeownersErrors = []obj{{"line": 2, "column": 1, "kind": "Unknown owner", "message": "m", "path": ".github/CODEOWNERS"}}
		})}, verdict: rules.Fail, finding: "settings:codeowners/errors", class: rules.Violation, text: "Unknown owner"},
		{name: "uncovered", verifier: "settings:codeowners", spoils: []spoil{repository(func(r *githubtest.Repository) { r.Files[".github/CODEOWNERS"] = "*.go @partner/platform\n/docs @ann\n" })}, verdict: rules.Fail, finding: "settings:codeowners/uncovered", class: rules.Violation, text: "no owner of .github/staylisted.yml."},
		{name: "an empty repository", verifier: "settings:codeowners", spoils: []spoil{repository(func(r *githubtest.Repository) { r.Files = nil })}, verdict: rules.Fail, finding: "settings:codeowners", class: rules.Violation},
		{name: "hidden", verifier: "settings:codeowners", spoils: []spoil{lacking("contents")}, verdict: rules.Unknown, text: "contents: read", attested: true},

		// Two factors.
		{name: "not required", verifier: "settings:two-factor", control: "staff-mfa", spoils: []spoil{func(_ *githubtest.Server, s *githubtest.State, _ *githubtest.Repository) {
			s.Organizations["partner"].TwoFactor = new(false)
		}}, verdict: rules.NeedsEvidence, finding: "settings:two-factor", class: rules.Review},
		{name: "hidden", verifier: "settings:two-factor", control: "staff-mfa", spoils: []spoil{lacking("organization_administration")}, verdict: rules.Pass, text: "organization administration: read", attested: true},
		{name: "a person's repository", verifier: "settings:two-factor", control: "staff-mfa", spoils: []spoil{func(_ *githubtest.Server, s *githubtest.State, _ *githubtest.Repository) {
			delete(s.Organizations, "partner")
			s.Person("partner")
		}}, verdict: rules.Pass},
	} {
		control := tt.control
		if control == "" {
			control = map[string]string{"settings:branch-rules": "code-review-enforced", "settings:review-sample": "code-review-enforced", "settings:required-check": "ci-security-gates"}[tt.verifier]
		}
		if control == "" {
			control = "repo-hardening"
		}
		t.Run(tt.verifier+"/"+tt.name, func(t *testing.T) {
			t.Parallel()
			server := start(t, tt.spoils...)
			g := posture.Judge(read(t, server), "", now)
			var texts []string
			var findings []rules.Finding
			for _, f := range g.Findings {
				if f.Rule == tt.verifier || strings.HasPrefix(f.Rule, tt.verifier+"/") {
					findings = append(findings, f)
					texts = append(texts, f.Message)
				}
			}
			switch {
			case tt.finding == "" && len(findings) > 0:
				t.Errorf("found %+v", findings)
			case tt.finding != "" && (len(findings) != 1 || findings[0].Rule != tt.finding || findings[0].Class != tt.class || findings[0].Source != "settings" || findings[0].Tokens == ""):
				t.Errorf("found %+v, want one %s of class %s", findings, tt.finding, tt.class)
			}
			attested := false
			for _, s := range g.Shortfalls {
				if s.Verifier == tt.verifier {
					texts = append(texts, s.Text)
					attested = attested || strings.HasPrefix(s.Snippet, "attestations:")
				}
			}
			if attested != tt.attested {
				t.Errorf("attestation offered: %v, want %v: %+v", attested, tt.attested, g.Shortfalls)
			}
			for _, o := range g.Observations {
				if o.Verifier == tt.verifier {
					texts = append(texts, o.Text)
				}
			}
			texts = append(texts, runs(g)[tt.verifier].Reason)
			if !strings.Contains(strings.Join(texts, "\n"), tt.text) {
				t.Errorf("nothing says %q: %q", tt.text, texts)
			}
			if got, reasons := verdict(t, g, tt.verifier, control); got != tt.verdict {
				t.Errorf("%s is %s, want %s: %q", control, got, tt.verdict, reasons)
			}
		})
	}
}

// verdict judges one control of the catalogue as if this verifier were the only
// one of its kind: every other verifier ran and every other group is proven.
func verdict(t *testing.T, g rules.Gathered, verifier, control string) (rules.Verdict, []string) {
	t.Helper()
	pack, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	k, ok := pack.Control(control)
	if !ok {
		t.Fatalf("the catalogue has no control %s", control)
	}
	e := &rules.Evidence{Repository: "partner/app", Commit: githubtest.Head, ObservedAt: now,
		Policy:     rules.Policy{Present: true, Marketplaces: []rules.Selection{{Marketplace: "m", Phase: "published"}}},
		Advisories: rules.AdvisorySource{Source: "test", Modified: now}, Facts: []rules.Fact{{ID: "uncovered-language", State: rules.False}}}
	k.Verifiers = slices.Clone(k.Verifiers)
	known := false
	for i := range k.Verifiers {
		v := &k.Verifiers[i]
		v.Planned = false
		known = known || v.ID == verifier
		if v.ID != verifier {
			e.Runs = append(e.Runs, rules.VerifierRun{Verifier: v.ID, State: rules.Complete})
		}
	}
	if !known {
		t.Fatalf("%s does not ask for %s", control, verifier)
	}
	for _, r := range g.Runs {
		if r.Verifier == verifier {
			e.Runs = append(e.Runs, r)
		}
	}
	for _, group := range k.Proof {
		if !slices.Contains(group, verifier) {
			e.Observations = append(e.Observations, rules.Observation{Verifier: group[0], Control: control, Text: "shown elsewhere"})
		}
	}
	for _, o := range g.Observations {
		if o.Verifier == verifier {
			e.Observations = append(e.Observations, o)
		}
	}
	for i, f := range g.Findings {
		if f.Rule == verifier || strings.HasPrefix(f.Rule, verifier+"/") {
			f.ID, f.Fingerprint = fmt.Sprint(i), fmt.Sprint("key", i)
			e.Findings = append(e.Findings, f)
		}
	}
	for _, s := range g.Shortfalls {
		if s.Verifier == verifier {
			e.Shortfalls = append(e.Shortfalls, s)
		}
	}
	c := &rules.Catalogue{Version: "2026-01-01", Controls: []rules.Control{k}, Marketplaces: []rules.Marketplace{{ID: "m", Name: "M", Requirements: []rules.Requirement{
		{ID: "R", Marketplace: "m", Category: rules.Mandatory, Title: "r", Controls: []rules.ControlUse{{Control: control}}, Assurance: []string{"P", "M", "A", "D"}}}}}}
	a := rules.Assess(c, e, now).Assessments[0]
	return a.Verdict, a.Reasons
}

// TestRules holds what the catalogue promises for documentation: every rule is
// described in full and speaks for a control there is.
func TestRules(t *testing.T) {
	pack, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range posture.Rules() {
		if seen[r.ID] || r.ID == "" || r.Name == "" || r.Title == "" || strings.HasSuffix(r.Title, ".") || r.Class == "" || r.Flags == "" || r.Safe == "" || r.Remediation == "" || r.Right == "" || r.Tool != "staylisted" {
			t.Errorf("%+v", r)
		}
		seen[r.ID] = true
		if !slices.Contains(posture.Verifiers(), rules.Family(r.ID)) {
			t.Errorf("%s is of no verifier", r.ID)
		}
		for _, id := range r.Controls {
			k, ok := pack.Control(id)
			if !ok || !slices.ContainsFunc(k.Verifiers, func(v rules.Verifier) bool { return v.ID == rules.Family(r.ID) }) && rules.Family(r.ID) != "settings:alerts" {
				t.Errorf("%s: the control %s does not ask for it", r.ID, id)
			}
		}
		if r.Vector != "" {
			if score, err := rules.Score(r.Vector, rules.FromRule); err != nil || score.Score != 9.1 {
				t.Errorf("%s: %v %v", r.ID, score, err)
			}
		}
	}
	for _, k := range pack.Controls {
		for _, v := range k.Verifiers {
			if strings.HasPrefix(v.ID, "settings:") && !slices.Contains(posture.Verifiers(), v.ID) {
				t.Errorf("%s asks for %s, which nobody makes", k.ID, v.ID)
			}
		}
	}
}
