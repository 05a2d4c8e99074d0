package posture

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// people asks for each handle whether it can read the repository. On a public
// repository everybody can, so there it says that the account exists. A team
// answers 404 both when it is gone and when the token may not see teams; it
// counts as gone only after another team of the organisation was shown.
func (a *asker) people(s *Settings, handles []string) {
	s.PeopleAsked = Asked{State: Answered}
	if len(handles) == 0 {
		return
	}
	s.People = map[string]rules.Ternary{}
	note := func(r *refusal) {
		if s.PeopleAsked.State == Answered || r.State == Failed {
			s.PeopleAsked = r.Asked
		}
	}
	hidden := map[string]*refusal{} // teams that answered 404
	shown := map[string]bool{}      // organisations whose teams the token sees
	for _, h := range handles {
		s.People[h] = rules.Undecided
		if org, _, team := strings.Cut(h[1:], "/"); team {
			access, r := a.team(h)
			switch {
			case r == nil:
				s.People[h] = access
				shown[strings.ToLower(org)] = true
			case r.status == http.StatusNotFound:
				hidden[h] = r
			default:
				note(r)
			}
			continue
		}
		access, r := a.person(h)
		if r != nil {
			note(r)
			continue
		}
		s.People[h] = access
	}
	for _, h := range handles {
		r := hidden[h]
		if r == nil {
			continue
		}
		if org, _, _ := strings.Cut(h[1:], "/"); shown[strings.ToLower(org)] {
			s.People[h] = rules.False
		} else {
			note(r)
		}
	}
}

// person asks for one login. An account that GitHub does not know is answered
// with 404 by an address that everybody may ask.
func (a *asker) person(h string) (rules.Ternary, *refusal) {
	var v struct {
		Permission string `json:"permission"`
	}
	sub := subject{"whether " + h + " can read the repository", "metadata: read and push access"}
	_, r := a.get(sub, a.repo("/collaborators/%s/permission", h[1:]), nil, &v)
	if r == nil {
		switch v.Permission {
		case "admin", "write", "maintain", "triage", "read":
			return rules.True, nil
		case "none":
			return rules.False, nil
		}
		return rules.Undecided, &refusal{Asked: failed(sub, "the answer names no permission; scan again")}
	}
	if r.State != Denied {
		return rules.Undecided, r
	}
	var user account
	if _, gone := a.get(subject{"the account " + h, "none"}, "users/"+url.PathEscape(h[1:]), nil, &user); gone != nil && gone.status == http.StatusNotFound {
		return rules.False, nil
	}
	return rules.Undecided, r
}

// team asks for one team.
func (a *asker) team(h string) (rules.Ternary, *refusal) {
	org, slug, _ := strings.Cut(h[1:], "/")
	sub := subject{"the team " + h, "organization members: read"}
	team := "orgs/" + url.PathEscape(org) + "/teams/" + url.PathEscape(slug)
	var v struct {
		Slug string `json:"slug"`
	}
	if _, r := a.get(sub, team, nil, &v); r != nil {
		return rules.Undecided, r
	}
	if !same(v.Slug, slug) {
		return rules.Undecided, &refusal{Asked: failed(sub, "the answer is about another team; scan again")}
	}
	resp, r := a.get(sub, team+"/repos/"+a.owner+"/"+a.name, nil, nil)
	switch {
	case r == nil && resp.StatusCode == http.StatusNoContent:
		return rules.True, nil
	case r == nil:
		return rules.Undecided, &refusal{Asked: failed(sub, fmt.Sprintf("GitHub answered %d where it should say nothing; scan again", resp.StatusCode))}
	case r.status == http.StatusNotFound: // the team is visible, so this is about its access
		return rules.False, nil
	}
	r.status = 0
	return rules.Undecided, r
}

// A teamList is who belongs to a team, or why that is not known.
type teamList struct {
	logins  []string
	refusal *refusal
}

func (a *asker) members(h string) teamList {
	if known, ok := a.teams[h]; ok {
		return known
	}
	org, slug, _ := strings.Cut(h[1:], "/")
	list, r := all[account](a, subject{"the members of " + h, "organization members: read"},
		"orgs/"+url.PathEscape(org)+"/teams/"+url.PathEscape(slug)+"/members", nil, maxPages)
	found := teamList{refusal: r}
	for _, m := range list {
		found.logins = append(found.logins, m.login())
	}
	a.teams[h] = found
	return found
}

// maxPolicyCommits bounds the commits of the policy file that are looked at.
const maxPolicyCommits = 30

// policyCommits reads how each change of the policy file arrived.
func (a *asker) policyCommits(s *Settings) {
	if s.PolicyPath == "" {
		s.PolicyHistory = answer(0, nil)
		return
	}
	about, ok := s.About.known()
	if !ok {
		s.PolicyHistory.Asked = unasked("the commits of the policy file", s.About.Asked)
		return
	}
	type commit struct {
		SHA    string   `json:"sha"`
		Author *account `json:"author"`
		Commit struct {
			Verification *struct {
				Verified bool `json:"verified"`
			} `json:"verification"`
		} `json:"commit"`
	}
	list := []commit{}
	sub := subject{"the commits of the policy file", "contents: read"}
	if _, r := a.get(sub, a.repo("/commits"), url.Values{"path": {s.PolicyPath}, "sha": {about.DefaultBranch}, "per_page": {"30"}}, &list); r != nil {
		s.PolicyHistory.Asked = r.Asked
		return
	}
	s.PolicyCommits = map[string]Commit{}
	var stopped *refusal
	for _, v := range list[:min(len(list), maxPolicyCommits)] {
		if !commitHash.MatchString(v.SHA) {
			continue
		}
		c := Commit{Author: v.Author.login()}
		if v.Commit.Verification != nil {
			c.Verified = ternary(v.Commit.Verification.Verified)
		}
		if r := a.arrival(&c, v.SHA, about.DefaultBranch, s.PolicyPath); r != nil && stopped == nil {
			stopped = r
		}
		s.PolicyCommits[v.SHA] = c
	}
	s.PolicyHistory = answer(len(s.PolicyCommits), stopped)
}

// arrival finds the pull request a commit was merged by and who approved it.
func (a *asker) arrival(c *Commit, sha, branch, policy string) *refusal {
	sub := subject{"the pull requests of the policy file's commits", "pull requests: read"}
	list := []pull{}
	if _, r := a.get(sub, a.repo("/commits/%s/pulls", sha), url.Values{"per_page": {"100"}}, &list); r != nil {
		return r
	}
	list = slices.DeleteFunc(list, func(p pull) bool { return p.MergedAt.IsZero() || p.Base.Ref != branch })
	if len(list) == 0 {
		c.OwnerApproved = rules.False // it came without a pull request
		return nil
	}
	p := slices.MinFunc(list, func(x, y pull) int { return x.MergedAt.Compare(y.MergedAt) })
	c.PullRequest = p.Number
	approvers, r := a.approvers(p)
	if r != nil {
		return r
	}
	for _, login := range approvers {
		if !same(login, c.Author) {
			c.Approvers = append(c.Approvers, login)
		}
	}
	if len(c.Approvers) == 0 {
		c.OwnerApproved = rules.False
		return nil
	}
	c.OwnerApproved, r = a.ownerAmong(c.Approvers, p.Base.SHA, policy)
	return r
}

// An ownersAt is the CODEOWNERS file at a commit, or why it is not known.
type ownersAt struct {
	list    owners
	refusal *refusal
}

// ownerAmong says whether somebody is a code owner of a path by the file at a
// commit. A team whose members are hidden, or an owner by e-mail, leaves it
// undecided unless another owner is among them.
func (a *asker) ownerAmong(logins []string, sha, path string) (rules.Ternary, *refusal) {
	at := a.ownersAt(sha)
	if at.refusal != nil {
		return rules.Undecided, at.refusal
	}
	verdict := rules.False
	var unsure *refusal
	for _, owner := range at.list.of(path) {
		switch {
		case !handle.MatchString(owner):
			verdict = rules.Undecided
		case strings.Contains(owner, "/"):
			team := a.members(owner)
			if team.refusal != nil {
				verdict, unsure = rules.Undecided, team.refusal
			}
			if slices.ContainsFunc(team.logins, func(m string) bool { return slices.ContainsFunc(logins, func(l string) bool { return same(l, m) }) }) {
				return rules.True, nil
			}
		case slices.ContainsFunc(logins, func(l string) bool { return same(l, owner[1:]) }):
			return rules.True, nil
		}
	}
	return verdict, unsure
}

// ownersAt reads CODEOWNERS at a commit from where GitHub looks for it.
func (a *asker) ownersAt(sha string) ownersAt {
	if known, ok := a.owners[sha]; ok {
		return known
	}
	sub := subject{"the CODEOWNERS file at the base of a pull request", "contents: read"}
	found := ownersAt{}
	if !commitHash.MatchString(sha) {
		found.refusal = &refusal{Asked: failed(sub, "the pull request names no base commit")}
		a.owners[sha] = found
		return found
	}
	for _, name := range []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"} {
		data, r := a.content(sub, name, sha)
		if r != nil && r.status == http.StatusNotFound {
			continue // the other rows have shown that the contents can be read
		}
		if r != nil {
			found.refusal = r
			break
		}
		list, err := parseOwners(data)
		if err != nil {
			found.refusal = &refusal{Asked: failed(sub, err.Error())}
		}
		found.list = list
		break
	}
	a.owners[sha] = found
	return found
}
