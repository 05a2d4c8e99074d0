package posture_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/bot/githubtest"
	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/posture"
)

func TestPeople(t *testing.T) {
	ask := func(t *testing.T, server *githubtest.Server, people ...string) *posture.Settings {
		t.Helper()
		s, err := posture.Read(t.Context(), client(t, server), "partner/app", posture.Question{People: people}, now)
		if err != nil {
			t.Fatal(err)
		}
		return recorded(t, s)
	}
	everybody := []string{"@ann", "@visitor", "@nobody", "@partner/security", "@partner/gone", "@elsewhere/team", "Jane Doe", "@ann", "@bad handle"}
	s := ask(t, start(t), everybody...)
	want := map[string]rules.Ternary{"@ann": rules.True, "@visitor": rules.True, "@nobody": rules.False,
		"@partner/security": rules.True, "@partner/gone": rules.False, "@elsewhere/team": rules.Undecided}
	for handle, access := range want {
		if got, asked := s.People[handle]; !asked || got != access {
			t.Errorf("%s: %q, want %q", handle, got, access)
		}
	}
	if len(s.People) != len(want) {
		t.Errorf("%v", s.People)
	}
	if s.PeopleAsked.State != posture.Denied || s.PeopleAsked.Permission != "organization members: read" {
		t.Errorf("%+v", s.PeopleAsked)
	}
	if s = ask(t, start(t, private), "@visitor"); s.People["@visitor"] != rules.False {
		t.Errorf("a visitor of a private repository: %q", s.People["@visitor"])
	}
	s = ask(t, start(t, lacking("collaborators", "members")), everybody...)
	if s.People["@ann"] != rules.Undecided || s.People["@nobody"] != rules.False || s.People["@partner/gone"] != rules.Undecided {
		t.Errorf("without permissions: %v", s.People)
	}
	many := []string{}
	for i := range 80 {
		many = append(many, "@p"+strings.Repeat("x", i%30)+string(rune('a'+i%26)))
	}
	server := start(t)
	ask(t, server, many...)
	if n := len(server.Requests()); n > 200 {
		t.Errorf("%d requests for eighty people", n)
	}
}

// TestPolicyCommits reads how changes of the policy file arrived.
func TestPolicyCommits(t *testing.T) {
	hash := func(c string) string { return strings.Repeat(c, 20) }
	settings := read(t, start(t, func(_ *githubtest.Server, s *githubtest.State, r *githubtest.Repository) {
		s.Person("out")
		at := now.AddDate(0, -1, 0)
		pull := func(n int, author, base string, approvers ...string) {
			p := &githubtest.Pull{Number: n, Author: author, Base: "main", BaseSHA: base, MergedAt: at}
			for _, a := range approvers {
				p.Reviews = append(p.Reviews, githubtest.Review{User: a, State: "APPROVED", At: at.AddDate(0, 0, -1)})
			}
			r.Pulls = append(r.Pulls, p)
		}
		bases := map[string]string{"direct": "/.github/ @ben @ann", "mail": "/.github/ ann@example.com", "hidden": "/.github/ @other/team", "none": "*.go @ben"}
		sha := map[string]string{}
		for i, name := range []string{"direct", "mail", "hidden", "none", "absent"} {
			sha[name] = strings.Repeat(string(rune('a'+i)), 40)
			r.FilesAt[sha[name]] = map[string]string{"docs/CODEOWNERS": bases[name]}
		}
		r.FilesAt[sha["absent"]] = map[string]string{"x": "y"}
		pull(101, "ann", sha["direct"], "BEN")
		s.Person("BEN")
		pull(102, "ann", sha["mail"], "ben")
		pull(103, "ann", sha["hidden"], "ben")
		pull(104, "ann", sha["none"], "ben")
		pull(105, "ann", sha["absent"], "ben")
		pull(106, "ben", sha["direct"], "ann", "out") // the commit is ann's
		pull(107, "ann", githubtest.Base, "cid")      // no owner of the team
		pull(108, "ann", githubtest.Base, "ann")      // her own
		r.Commits = nil
		for i, n := range []int{101, 102, 103, 104, 105, 106, 107, 108} {
			r.Commits = append(r.Commits, &githubtest.Commit{SHA: hash("0" + string(rune('1'+i))), Author: "ann", Paths: []string{policy}, Verified: i%2 == 0, Pulls: []int{n}})
		}
		r.Commits = append(r.Commits, &githubtest.Commit{SHA: hash("ff"), Paths: []string{policy}})
	}))
	for c, want := range map[string]posture.Commit{
		"01": {Author: "ann", Verified: rules.True, PullRequest: 101, Approvers: []string{"BEN"}, OwnerApproved: rules.True},
		"02": {Author: "ann", Verified: rules.False, PullRequest: 102, Approvers: []string{"ben"}, OwnerApproved: rules.Undecided},
		"03": {Author: "ann", Verified: rules.True, PullRequest: 103, Approvers: []string{"ben"}, OwnerApproved: rules.Undecided},
		"04": {Author: "ann", Verified: rules.False, PullRequest: 104, Approvers: []string{"ben"}, OwnerApproved: rules.False},
		"05": {Author: "ann", Verified: rules.True, PullRequest: 105, Approvers: []string{"ben"}, OwnerApproved: rules.False},
		"06": {Author: "ann", Verified: rules.False, PullRequest: 106, Approvers: []string{"out"}, OwnerApproved: rules.False},
		"07": {Author: "ann", Verified: rules.True, PullRequest: 107, Approvers: []string{"cid"}, OwnerApproved: rules.False},
		"08": {Author: "ann", Verified: rules.False, PullRequest: 108, OwnerApproved: rules.False},
		"ff": {Verified: rules.False, OwnerApproved: rules.False},
	} {
		got, found := settings.PolicyCommits[hash(c)]
		if !found || got.Author != want.Author || got.Verified != want.Verified || got.PullRequest != want.PullRequest || got.OwnerApproved != want.OwnerApproved || !slices.Equal(got.Approvers, want.Approvers) {
			t.Errorf("commit %s: %+v, want %+v", c, got, want)
		}
	}
	if len(settings.PolicyCommits) != 9 {
		t.Errorf("%d commits", len(settings.PolicyCommits))
	}
	// A commit whose pull requests are hidden keeps its signature and no approval.
	settings = read(t, start(t, lacking("pull_requests")))
	c := settings.PolicyCommits[hash("11")]
	if settings.PolicyHistory.State != posture.Denied || c.Verified != rules.True || c.OwnerApproved != rules.Undecided || c.PullRequest != 0 {
		t.Errorf("%+v %+v", settings.PolicyHistory, c)
	}
}
