package posture

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/go-github/v66/github"

	"github.com/staylisted/staylisted/rules"
)

// A Question says what to ask about beside the settings themselves.
type Question struct {
	// PolicyPath is the repository path of the policy file; empty without one.
	PolicyPath string
	// Owned are further paths that should have a code owner, such as documents.
	Owned []string
	// People are "@login" and "@org/team" handles of the policy. Anything else, as
	// an officer's name, is left alone.
	People []string
	// Contacts are those of People that the policy names as contacts.
	Contacts []string
}

// maxAsked bounds the people and paths that are asked about.
const maxAsked = 50

var handle = regexp.MustCompile(`^@[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:/[A-Za-z0-9_.-]{1,100})?$`)

// Read asks GitHub for everything [Judge] weighs. What GitHub does not answer
// stands in the settings, row by row. An error means that nothing was asked: the
// name is no OWNER/NAME, the token is refused, or the repository itself cannot
// be seen with it.
func Read(ctx context.Context, client *github.Client, repository string, q Question, now time.Time) (*Settings, error) {
	if !repositoryName.MatchString(repository) {
		return nil, fmt.Errorf("%q is no repository of GitHub: write OWNER/NAME", plain(repository, 150))
	}
	if client == nil {
		return nil, errors.New("there is no client to ask GitHub with; give a token in GITHUB_TOKEN")
	}
	owner, name, _ := strings.Cut(repository, "/")
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	a := &asker{ctx: ctx, client: client, owner: owner, name: name, now: now,
		reviews: map[int]reviewed{}, owners: map[string]ownersAt{}, teams: map[string]teamList{}}
	s := &Settings{Version: Version, Repository: repository, ReadAt: now.UTC().Truncate(time.Second), PolicyPath: q.PolicyPath, Contacts: handlesOf(q.Contacts)}

	switch base := client.BaseURL; {
	case base.Host == "api.github.com":
		s.Web = "https://github.com/" + repository
	case base.Scheme == "https": // GitHub Enterprise Server has its API below /api/v3
		s.Web = "https://" + base.Host + "/" + repository
	}
	var seen *refusal
	s.About, seen = a.about()
	if seen != nil && (seen.status == http.StatusNotFound || seen.status == http.StatusUnauthorized) {
		reason := s.About.Reason
		if seen.status == http.StatusNotFound {
			reason = "GitHub shows this token no repository " + repository + "; correct the name with --repository, or give the token metadata: read on it"
		}
		return nil, errors.New(reason)
	}
	a.branchRows(s)
	a.reviewRows(s)
	a.fileRows(s, q)
	a.switchRows(s)
	a.alertRows(s)
	a.releaseRows(s)
	a.people(s, handlesOf(append(slices.Clone(q.People), q.Contacts...)))
	a.policyCommits(s)
	return s, nil
}

// handlesOf keeps what is a handle, once each.
func handlesOf(list []string) []string {
	var out []string
	for _, h := range list {
		if handle.MatchString(h) && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	slices.Sort(out)
	return out[:min(len(out), maxAsked)]
}

// A status is a product of security_and_analysis.
type status struct {
	Status string `json:"status"`
}

func (s *status) word() string {
	if s != nil && (s.Status == "enabled" || s.Status == "disabled") {
		return s.Status
	}
	return ""
}

func (a *asker) about() (Answer[About], *refusal) {
	var v struct {
		Private       *bool  `json:"private"`
		DefaultBranch string `json:"default_branch"`
		Archived      bool   `json:"archived"`
		Owner         struct {
			Type string `json:"type"`
		} `json:"owner"`
		Security *struct {
			AdvancedSecurity *status `json:"advanced_security"`
			CodeSecurity     *status `json:"code_security"`
			SecretScanning   *status `json:"secret_scanning"`
			PushProtection   *status `json:"secret_scanning_push_protection"`
		} `json:"security_and_analysis"`
	}
	s := subject{"the repository", "metadata: read"}
	_, r := a.get(s, a.repo(""), nil, &v)
	if r == nil && (v.Private == nil || v.DefaultBranch == "") {
		r = &refusal{Asked: failed(s, "the answer has no default branch or does not say whether the repository is private; scan again")}
	}
	if r != nil {
		return Answer[About]{Asked: r.Asked}, r
	}
	about := About{Private: *v.Private, OwnerType: plain(v.Owner.Type, 40), DefaultBranch: v.DefaultBranch, Archived: v.Archived}
	if sa := v.Security; sa != nil {
		about.Security = &Security{SecretScanning: sa.SecretScanning.word(), PushProtection: sa.PushProtection.word(), CodeSecurity: sa.CodeSecurity.word()}
		if about.Security.CodeSecurity == "" {
			about.Security.CodeSecurity = sa.AdvancedSecurity.word()
		}
	}
	return answer(about, nil), nil
}

// unasked says that a row needs another one first.
func unasked(what string, first Asked) Asked {
	return Asked{State: Failed, Reason: what + " could not be asked for, because the repository's default branch is not known: " + first.Reason}
}

// branchRows reads what the default branch is protected by. The classic
// protection answers 404 "Branch not protected" when there is none.
func (a *asker) branchRows(s *Settings) {
	about, ok := s.About.known()
	if !ok {
		s.Branch.Asked = unasked("the default branch", s.About.Asked)
		s.Rules.Asked = unasked("the rules of the default branch", s.About.Asked)
		s.Bypass.Asked = unasked("who may bypass the rules", s.About.Asked)
		s.Protection.Asked = unasked("the protection of the default branch", s.About.Asked)
		return
	}
	branch := about.DefaultBranch
	{
		var v struct {
			Commit struct {
				SHA string `json:"sha"`
			} `json:"commit"`
			Protected *bool `json:"protected"`
		}
		sub := subject{"the default branch", "contents: read"}
		_, r := a.get(sub, a.repo("/branches/%s", branch), nil, &v)
		if r == nil && (v.Protected == nil || !commitHash.MatchString(v.Commit.SHA)) {
			r = &refusal{Asked: failed(sub, "the answer has no commit or does not say whether the branch is protected; scan again")}
		}
		if r != nil {
			s.Branch.Asked = r.Asked
		} else {
			s.Branch = answer(Branch{Head: v.Commit.SHA, Protected: *v.Protected}, nil)
		}
	}
	s.Rules = a.rules(branch)
	s.Bypass = a.bypass(s.Rules)
	s.Protection = a.protection(branch)
}

func (a *asker) rules(branch string) Answer[[]BranchRule] {
	type rule struct {
		Type       string `json:"type"`
		Ruleset    int64  `json:"ruleset_id"`
		Parameters struct {
			Approvals    int  `json:"required_approving_review_count"`
			DismissStale bool `json:"dismiss_stale_reviews_on_push"`
			CodeOwners   bool `json:"require_code_owner_review"`
			LastPush     bool `json:"require_last_push_approval"`
			Checks       []struct {
				Context string `json:"context"`
			} `json:"required_status_checks"`
		} `json:"parameters"`
	}
	list, r := all[rule](a, subject{"the rules of the default branch", "metadata: read"}, a.repo("/rules/branches/%s", branch), nil, maxPages)
	if r != nil {
		return Answer[[]BranchRule]{Asked: r.Asked}
	}
	kept := []BranchRule{}
	for _, v := range list {
		if v.Type != "pull_request" && v.Type != "required_status_checks" {
			continue
		}
		kept = append(kept, BranchRule{Type: v.Type, Ruleset: v.Ruleset, Approvals: v.Parameters.Approvals, DismissStale: v.Parameters.DismissStale,
			CodeOwners: v.Parameters.CodeOwners, LastPush: v.Parameters.LastPush})
		for _, c := range v.Parameters.Checks {
			last := &kept[len(kept)-1]
			last.Checks = append(last.Checks, plain(c.Context, 200))
		}
	}
	return answer(kept, nil)
}

// maxRulesets bounds the rulesets that are asked who may bypass them.
const maxRulesets = 10

// bypass reads who may bypass the rulesets that ask for review. GitHub shows it
// only to those who may write the ruleset.
func (a *asker) bypass(branchRules Answer[[]BranchRule]) Answer[[]Bypass] {
	list, ok := branchRules.known()
	if !ok {
		return Answer[[]Bypass]{Asked: branchRules.Asked}
	}
	var ids []int64
	for _, rule := range list {
		if rule.Type == "pull_request" && rule.Ruleset != 0 && !slices.Contains(ids, rule.Ruleset) {
			ids = append(ids, rule.Ruleset)
		}
	}
	sub := subject{"who may bypass the rules of the default branch", "administration: write (GitHub shows it to nobody else)"}
	out := []Bypass{}
	if len(ids) > maxRulesets {
		return Answer[[]Bypass]{Asked: failed(sub, fmt.Sprintf("more than %d rulesets ask for review", maxRulesets))}
	}
	for _, id := range ids {
		var v struct {
			Actors *[]struct {
				Type string `json:"actor_type"`
				Mode string `json:"bypass_mode"`
			} `json:"bypass_actors"`
		}
		if _, r := a.get(sub, a.repo("/rulesets/%d", id), nil, &v); r != nil {
			return Answer[[]Bypass]{Asked: r.Asked}
		}
		if v.Actors == nil {
			return Answer[[]Bypass]{Asked: denied(sub, "the list was left out")}
		}
		for _, actor := range *v.Actors {
			out = append(out, Bypass{Ruleset: id, Type: plain(actor.Type, 40), Mode: plain(actor.Mode, 40)})
		}
	}
	return answer(out, nil)
}

func (a *asker) protection(branch string) Answer[Protection] {
	var v struct {
		Checks *struct {
			Contexts []string `json:"contexts"`
			Checks   []struct {
				Context string `json:"context"`
			} `json:"checks"`
		} `json:"required_status_checks"`
		Reviews *struct {
			Approvals    int  `json:"required_approving_review_count"`
			DismissStale bool `json:"dismiss_stale_reviews"`
			CodeOwners   bool `json:"require_code_owner_reviews"`
			LastPush     bool `json:"require_last_push_approval"`
			Bypass       struct {
				Apps []struct {
					Slug string `json:"slug"`
				} `json:"apps"`
			} `json:"bypass_pull_request_allowances"`
		} `json:"required_pull_request_reviews"`
		Admins struct {
			Enabled bool `json:"enabled"`
		} `json:"enforce_admins"`
	}
	_, r := a.get(subject{"the protection of the default branch", "administration: read"}, a.repo("/branches/%s/protection", branch), nil, &v)
	switch {
	case r != nil && r.status == http.StatusNotFound && r.says("branch not protected"):
		return answer(Protection{Off: true}, nil)
	case r != nil:
		return Answer[Protection]{Asked: r.Asked}
	}
	p := Protection{AdminsToo: v.Admins.Enabled}
	if v.Checks != nil {
		for _, c := range v.Checks.Contexts {
			p.Checks = append(p.Checks, plain(c, 200))
		}
		for _, c := range v.Checks.Checks {
			p.Checks = append(p.Checks, plain(c.Context, 200))
		}
		slices.Sort(p.Checks)
		p.Checks = slices.Compact(p.Checks)
	}
	if w := v.Reviews; w != nil {
		p.Pull, p.Approvals, p.DismissStale, p.CodeOwners, p.LastPush = true, w.Approvals, w.DismissStale, w.CodeOwners, w.LastPush
		for _, app := range w.Bypass.Apps {
			p.BypassApps = append(p.BypassApps, plain(app.Slug, 100))
		}
	}
	return answer(p, nil)
}

// fileRows reads which files that speak of security the default branch has.
func (a *asker) fileRows(s *Settings, q Question) {
	files, r := a.files()
	s.Files = answer(files, r)
	s.Codeowners = a.codeowners(s.Files, q)
	var v struct {
		Files struct {
			License *struct {
				SPDX string `json:"spdx_id"`
			} `json:"license"`
		} `json:"files"`
	}
	_, r = a.get(subject{"the community profile", "contents: read"}, a.repo("/community/profile"), nil, &v)
	profile := Community{}
	if v.Files.License != nil {
		profile.Licence = plain(v.Files.License.SPDX, 60)
	}
	s.Community = answer(profile, r)
}

// An entry is a file or folder of a listing.
type entry struct {
	Name string `json:"name"`
	Path string `json:"path"`
	Type string `json:"type"`
}

// wanted are names, in lower case, and where the path of such a file goes. The
// folders are looked at in the order in which GitHub prefers them.
func (f *Files) wanted(name string) *string {
	switch strings.ToLower(name) {
	case "security.md", "security", "security.txt", "security.rst":
		return &f.SecurityPolicy
	case "renovate.json", "renovate.json5", ".renovaterc", ".renovaterc.json", ".renovaterc.json5":
		return &f.Renovate
	case "dependabot.yml", "dependabot.yaml":
		return &f.Dependabot
	}
	if name == "CODEOWNERS" {
		return &f.Codeowners
	}
	return nil
}

func (a *asker) files() (Files, *refusal) {
	sub := subject{"the files of the default branch", "contents: read"}
	var f Files
	var root []entry
	if _, r := a.get(sub, a.repo("/contents/"), nil, &root); r != nil {
		if r.status == http.StatusNotFound && r.says("empty") {
			return f, nil
		}
		return f, r
	}
	listings := [][]entry{nil, root, nil} // .github, root, docs
	for _, e := range root {
		at := map[string]int{".github": 0, "docs": 2}
		i, wanted := at[e.Name]
		if !wanted || e.Type != "dir" {
			continue
		}
		if _, r := a.get(sub, a.repo("/contents/%s", e.Name), nil, &listings[i]); r != nil {
			return f, r
		}
	}
	for i, listing := range listings {
		for _, e := range listing {
			to := f.wanted(e.Name)
			if e.Type != "file" || to == nil || *to != "" || to == &f.Dependabot && i != 0 {
				continue
			}
			*to = e.Path
		}
	}
	if f.SecurityPolicy != "" {
		text, r := a.content(sub, f.SecurityPolicy, "")
		if r != nil {
			return f, r
		}
		f.Contact = contact.Match(text)
	}
	return f, nil
}

// contact finds an address or a page in a security policy.
var contact = regexp.MustCompile(`(?i)[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+|https://[a-z0-9.-]+|security/advisories`)

// content reads a file of the repository; an empty ref means the default
// branch. GitHub gives files over 1 MB no content here.
func (a *asker) content(s subject, file, ref string) ([]byte, *refusal) {
	var v struct {
		Encoding string `json:"encoding"`
		Content  string `json:"content"`
	}
	var query url.Values
	if ref != "" {
		query = url.Values{"ref": {ref}}
	}
	var escaped []string
	for part := range strings.SplitSeq(file, "/") {
		escaped = append(escaped, url.PathEscape(part))
	}
	if _, r := a.get(s, a.repo("/contents/")+strings.Join(escaped, "/"), query, &v); r != nil {
		return nil, r
	}
	data, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(v.Content, "\n", ""))
	if v.Encoding != "base64" || err != nil {
		return nil, &refusal{Asked: failed(s, path.Base(file)+" came without its content (it is larger than 1 MB, or no file)")}
	}
	return data, nil
}

func (a *asker) codeowners(files Answer[Files], q Question) Answer[Codeowners] {
	sub := subject{"the CODEOWNERS file", "contents: read"}
	f, ok := files.known()
	if !ok {
		return Answer[Codeowners]{Asked: files.Asked}
	}
	if f.Codeowners == "" {
		return answer(Codeowners{}, nil)
	}
	c := Codeowners{Path: f.Codeowners}
	var v struct {
		Errors []CodeownersError `json:"errors"`
	}
	if _, r := a.get(sub, a.repo("/codeowners/errors"), nil, &v); r != nil {
		return Answer[Codeowners]{Asked: r.Asked}
	}
	for _, e := range v.Errors {
		if len(c.Errors) == 100 {
			break
		}
		c.Errors = append(c.Errors, CodeownersError{Path: plain(e.Path, 200), Line: max(0, e.Line), Kind: plain(e.Kind, 80)})
	}
	text, r := a.content(sub, f.Codeowners, "")
	if r != nil {
		return Answer[Codeowners]{Asked: r.Asked}
	}
	list, err := parseOwners(text)
	if err != nil {
		return Answer[Codeowners]{Asked: failed(sub, err.Error())}
	}
	asked := slices.Clone(q.Owned)
	if q.PolicyPath != "" {
		asked = append(asked, q.PolicyPath)
	}
	slices.Sort(asked)
	asked = slices.Compact(asked)
	for _, p := range asked[:min(len(asked), maxAsked)] {
		if len(list.of(p)) > 0 {
			c.Covered = append(c.Covered, p)
		} else {
			c.Uncovered = append(c.Uncovered, p)
		}
	}
	return answer(c, nil)
}

// switchRows reads what is switched on or off.
func (a *asker) switchRows(s *Settings) {
	about, seen := s.About.known()
	private := seen && about.Private

	var token struct {
		Default string `json:"default_workflow_permissions"`
		Approve bool   `json:"can_approve_pull_request_reviews"`
	}
	sub := subject{"the default permissions of workflows", "administration: read"}
	_, r := a.get(sub, a.repo("/actions/permissions/workflow"), nil, &token)
	if r == nil && token.Default != "read" && token.Default != "write" {
		r = &refusal{Asked: failed(sub, "the answer names no default; scan again")}
	}
	s.WorkflowToken = answer(WorkflowToken{token.Default, token.Approve}, r)

	var actions struct {
		Enabled *bool  `json:"enabled"`
		Allowed string `json:"allowed_actions"`
		Pinning bool   `json:"sha_pinning_required"`
	}
	sub = subject{"which actions may run", "administration: read"}
	_, r = a.get(sub, a.repo("/actions/permissions"), nil, &actions)
	if r == nil && actions.Enabled == nil {
		r = &refusal{Asked: failed(sub, "the answer does not say whether workflows run; scan again")}
	}
	if r == nil {
		s.Actions = answer(Actions{*actions.Enabled, plain(actions.Allowed, 40), actions.Pinning}, nil)
	} else {
		s.Actions.Asked = r.Asked
	}

	switch {
	case !seen:
		s.Organization.Asked = unasked("the organisation", s.About.Asked)
	case about.OwnerType != "Organization":
		s.Organization.Asked = Asked{State: Unavailable, Reason: "the repository belongs to a person, not to an organisation"}
	default:
		var org struct {
			TwoFactor *bool `json:"two_factor_requirement_enabled"`
		}
		_, r = a.get(subject{"the organisation", "organization administration: read"}, "orgs/"+a.owner, nil, &org)
		v := Organization{}
		if org.TwoFactor != nil {
			v.TwoFactor = ternary(*org.TwoFactor)
		}
		s.Organization = answer(v, r)
	}

	s.Reporting = a.reporting(private)
	s.Dependabot = a.dependabot(about)
	var fixes struct {
		Enabled bool `json:"enabled"`
		Paused  bool `json:"paused"`
	}
	_, r = a.get(subject{"whether Dependabot opens pull requests for alerts", "administration: read"}, a.repo("/automated-security-fixes"), nil, &fixes)
	s.SecurityFixes = answer(fixes.Enabled && !fixes.Paused, r)
}

func ternary(b bool) rules.Ternary {
	if b {
		return rules.True
	}
	return rules.False
}

// reporting asks whether outsiders can report privately. Only public
// repositories can have it; on a private one GitHub answers 404 or 422.
func (a *asker) reporting(private bool) Answer[bool] {
	var v struct {
		Enabled *bool `json:"enabled"`
	}
	sub := subject{"whether private vulnerability reporting is on", "repository security advisories: read"}
	_, r := a.get(sub, a.repo("/private-vulnerability-reporting"), nil, &v)
	switch {
	case r != nil && private && (r.status == http.StatusNotFound || r.status == http.StatusUnprocessableEntity):
		return Answer[bool]{Asked: unavailable(sub, "it is private")}
	case r != nil:
		return Answer[bool]{Asked: r.Asked}
	case v.Enabled == nil:
		return Answer[bool]{Asked: failed(sub, "the answer does not say so; scan again")}
	case private && !*v.Enabled:
		return Answer[bool]{Asked: unavailable(sub, "it is private")}
	}
	return answer(*v.Enabled, nil)
}

// dependabot asks whether Dependabot alerts are on: 204 is on. 404 is off where
// GitHub says so, or where the token has shown that it sees the settings.
func (a *asker) dependabot(about About) Answer[bool] {
	sub := subject{"whether Dependabot alerts are on", "administration: read"}
	resp, r := a.get(sub, a.repo("/vulnerability-alerts"), nil, nil)
	switch {
	case r == nil && resp.StatusCode == http.StatusNoContent:
		return answer(true, nil)
	case r == nil:
		return Answer[bool]{Asked: failed(sub, fmt.Sprintf("GitHub answered %d where it should say nothing; scan again", resp.StatusCode))}
	case r.status == http.StatusNotFound && (r.says("disabled") || about.Security != nil):
		return answer(false, nil)
	}
	return Answer[bool]{Asked: r.Asked}
}

// releaseRows reads the newest release and whether releases can be changed.
func (a *asker) releaseRows(s *Settings) {
	list := []struct {
		Tag    string `json:"tag_name"`
		Draft  bool   `json:"draft"`
		Assets []struct {
			ID int64 `json:"id"`
		} `json:"assets"`
	}{}
	_, r := a.get(subject{"the releases", "contents: read"}, a.repo("/releases"), url.Values{"per_page": {"10"}}, &list)
	release := Release{}
	for _, rel := range list {
		if rel.Draft {
			continue
		}
		if release.Tag == "" {
			release.Tag = plain(rel.Tag, 100)
		}
		release.Assets = max(release.Assets, len(rel.Assets))
	}
	s.Release = answer(release, r)
	var immutable struct {
		Enabled *bool `json:"enabled"`
	}
	sub := subject{"whether releases are immutable", "administration: read"}
	_, r = a.get(sub, a.repo("/immutable-releases"), nil, &immutable)
	switch {
	case r != nil:
		s.Immutable.Asked = r.Asked
	case immutable.Enabled == nil:
		s.Immutable.Asked = failed(sub, "the answer does not say so; scan again")
	default:
		s.Immutable = answer(*immutable.Enabled, nil)
	}
	var graph struct {
		SBOM struct {
			Packages []struct {
				Name string `json:"name"`
			} `json:"packages"`
		} `json:"sbom"`
	}
	_, r = a.get(subject{"GitHub's list of dependencies", "contents: read"}, a.repo("/dependency-graph/sbom"), nil, &graph)
	s.Graph = answer(len(graph.SBOM.Packages), r)
}
