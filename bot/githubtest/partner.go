package githubtest

import (
	"strings"
	"time"
)

// Head is the head of the partner's default branch, Base the commit its pull
// requests were merged into.
var (
	Head = strings.Repeat("3f9c2e1a", 5)
	Base = strings.Repeat("0badcafe", 5)
)

// Partner adds partner/app, a public repository of the organisation partner whose
// settings are all as the marketplaces want them as of now: rules for review and
// checks, forty reviewed merges, no open alert. Tests spoil what they are about.
func (s *State) Partner(now time.Time) *Repository {
	required := true
	s.Organizations["partner"] = &Organization{Login: "partner", TwoFactor: &required, Teams: map[string]*Team{
		"security": {Slug: "security", Members: []string{"ann", "ben"}, Repos: []string{"partner/app"}},
		"platform": {Slug: "platform", Members: []string{"cid"}, Repos: []string{"partner/app"}},
	}}
	s.Person("visitor", "dependabot[bot]")
	r := s.Add(&Repository{
		Owner: "partner", Name: "app", DefaultBranch: "main",
		Security:      map[string]string{"secret_scanning": "enabled", "secret_scanning_push_protection": "enabled", "code_security": "enabled"},
		Collaborators: map[string]string{"ann": "admin", "ben": "write", "cid": "write"},
		Branches:      map[string]*Branch{"main": {Head: Head}},
		Rulesets: []*Ruleset{{ID: 7, BypassShown: true,
			Rules: []obj{PullRequestRule(1, true, true), StatusCheckRule("staylisted/changes", "build"), {"type": "non_fast_forward"}, {"type": "copilot_code_review"}}}},
		Protections: map[string]obj{},
		Files: map[string]string{
			"README.md": "# App\n", "go.mod": "module example.com/app\n", ".github/staylisted.yml": "version: 1\n", "docs/architecture.md": "# Architecture\n",
			".github/CODEOWNERS": "* @partner/platform\n/.github/ @partner/security\n", "SECURITY.md": "Write to security@example.com.\n",
		},
		FilesAt: map[string]map[string]string{Base: {".github/CODEOWNERS": "/.github/ @partner/security\n"}},
		Licence: "MIT", Packages: 42, Immutable: true,
		Releases:            []*Release{{Tag: "v1.2.0", Assets: 3}},
		WorkflowPermissions: "read", PrivateReporting: true, SecurityFixes: true,
		Analyses: []*Analysis{{Tool: "CodeQL", Commit: Head, Created: now.AddDate(0, 0, -1), Rules: 10}},
	})
	for i := 1; i <= 40; i++ {
		merged := now.AddDate(0, 0, i-41)
		p := &Pull{Number: i, Author: "ann", Base: "main", BaseSHA: Base, MergedAt: merged, Reviews: []Review{
			{User: "dependabot[bot]", State: "APPROVED", At: merged.Add(-3 * time.Hour)},
			{User: "ben", State: "CHANGES_REQUESTED", At: merged.Add(-2 * time.Hour)},
			{User: "ben", State: "APPROVED", At: merged.Add(-time.Hour)},
			{User: "ben", State: "COMMENTED", At: merged.Add(-time.Minute)},
		}}
		if i%5 == 0 {
			p.Author = "dependabot[bot]"
		}
		r.Pulls = append(r.Pulls, p)
	}
	r.Commits = []*Commit{
		{SHA: strings.Repeat("11", 20), Author: "ann", Paths: []string{".github/staylisted.yml"}, Verified: true, Pulls: []int{3}},
		{SHA: strings.Repeat("22", 20), Author: "ann", Paths: []string{".github/staylisted.yml"}},
		{SHA: strings.Repeat("33", 20), Author: "cid", Paths: []string{"main.go"}, Pulls: []int{4}},
	}
	return r
}
