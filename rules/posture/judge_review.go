package posture

import (
	"fmt"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

const reviewControl = "code-review-enforced"

// An enforcement is what all rules of the default branch ask for together: each
// of them must be kept, so the strictest counts.
type enforcement struct {
	pull, stale, owners bool
	approvals           int
	checks              []string
}

func (e *enforcement) add(pull bool, approvals int, stale, lastPush, owners bool, checks []string) {
	e.pull = e.pull || pull
	e.approvals = max(e.approvals, approvals)
	// What dismisses stale approvals helps only where an approval is asked for.
	e.stale = e.stale || pull && approvals > 0 && (stale || lastPush)
	e.owners = e.owners || pull && owners
	e.checks = append(e.checks, checks...)
}

// enforced joins the rules and the classic protection as far as they are known.
// whole is false when one of them is not: then what is missing may be there.
func (s *Settings) enforced() (e enforcement, whole bool) {
	list, rulesKnown := s.Rules.known()
	for _, r := range list {
		switch r.Type {
		case "pull_request":
			e.add(true, r.Approvals, r.DismissStale, r.LastPush, r.CodeOwners, nil)
		case "required_status_checks":
			e.add(false, 0, false, false, false, r.Checks)
		}
	}
	p, classicKnown := s.Protection.known()
	if classicKnown && !p.Off {
		e.add(p.Pull, p.Approvals, p.DismissStale, p.LastPush, p.CodeOwners, p.Checks)
	}
	// A branch that is not protected has no classic protection, whoever asks.
	if b, ok := s.Branch.known(); ok && !b.Protected {
		classicKnown = true
	}
	rulesKnown = rulesKnown || s.Rules.State == Unavailable
	return e, rulesKnown && (classicKnown || s.Protection.State == Unavailable)
}

// impossible reports whether the repository's plan has no protection at all.
func (s *Settings) impossible() bool {
	return s.Rules.State == Unavailable && s.Protection.State == Unavailable
}

// alone says whether one person alone can push: then nobody could review.
// Undecided when GitHub does not show who can.
func (s *Settings) alone() rules.Ternary {
	if n, ok := s.Maintainers.known(); ok {
		return ternary(n < 2)
	}
	// Two people who wrote or approved what was merged are two people.
	var logins []string
	for _, p := range s.merged() {
		if p.Author != "" && !strings.HasSuffix(p.Author, "[bot]") {
			logins = append(logins, strings.ToLower(p.Author))
		}
		for _, a := range p.Approvers {
			logins = append(logins, strings.ToLower(a))
		}
	}
	slices.Sort(logins)
	if len(slices.Compact(logins)) > 1 {
		return rules.False
	}
	return rules.Undecided
}

// missed adds a finding that a second person could have prevented: a violation
// where there is one, for review where nobody knows, and none where one person
// is alone.
func (j *judge) missed(rule, message string, at rules.Location, tokens ...string) {
	switch j.s.alone() {
	case rules.False:
		j.found(rule, message, at, tokens...)
	case rules.Undecided:
		f := j.found(rule, message+" Whether somebody else could review is not known, because GitHub does not show who can push.", at, tokens...)
		f.Class = rules.Review
	default:
		j.lacks(strings.SplitN(rule, "/", 2)[0], reviewControl, message+" One person alone can push, so somebody from outside has to review.", j.snippet(reviewControl), j.policyFile())
	}
}

// branchRules judges what must happen before a change reaches the default
// branch. What asks for enough may be shown by the rules alone; that something is
// missing only by all there is.
func (j *judge) branchRules() {
	s := j.s
	e, whole := s.enforced()
	branch := s.About.Value.DefaultBranch
	enough := e.pull && e.approvals > 0 && e.stale && e.owners
	if !whole && !enough {
		needs := []Asked{s.Rules.Asked, s.Protection.Asked}
		if s.Rules.State == Unavailable {
			needs = needs[1:]
		}
		j.ran(branchRules, reviewControl, needs...)
		return
	}
	j.ran(branchRules, reviewControl)
	if s.impossible() {
		j.lacks(branchRules, reviewControl, "The plan of this private repository has no branch protection, so GitHub cannot require a review: "+s.Rules.Reason+".", j.snippet(reviewControl), j.policyFile())
		return
	}
	clean := true
	fail := func(rule, message string) {
		j.missed(rule, message, rules.Location{})
		clean = false
	}
	switch {
	case !e.pull:
		fail(branchRules, "Everybody with write access may push to "+branch+" directly: require a pull request with one approval.")
	case e.approvals < 1:
		fail(branchRules, "Pull requests into "+branch+" need no approval: require one.")
	default:
		if !e.stale {
			fail(branchRules+"/stale-approvals", "An approval stays valid when commits are pushed to the pull request after it: dismiss stale approvals.")
		}
		if !e.owners {
			fail(branchRules+"/code-owners", "Review from code owners is not required, so anybody with write access can approve changes of the policy file and of authentication.")
		}
		clean = j.bypassed() && clean
	}
	if !clean {
		return
	}
	text := fmt.Sprintf("%s takes pull requests alone, with %s and a code owner's; stale approvals do not count", branch, counted(e.approvals, "approval", "approvals"))
	if _, known := s.Bypass.known(); !known && s.Bypass.State != NotAsked {
		text += "; who may bypass the ruleset is not shown to this token"
	}
	j.saw(branchRules, reviewControl, text)
}

// bypassed adds findings about who need not keep the rules, and reports whether
// there were none. GitHub shows the bypass list of a ruleset to those alone who
// may change it; that it is hidden is said in the observation.
func (j *judge) bypassed() bool {
	s := j.s
	var bots, people []string
	if p, ok := s.Protection.known(); ok && !p.Off && p.Pull {
		bots = append(bots, p.BypassApps...)
		if !p.AdminsToo {
			people = append(people, "administrators, by the classic protection")
		}
	}
	list, _ := s.Bypass.known()
	for _, b := range list {
		if b.Mode == "pull_request" {
			continue // a pull request is opened all the same
		}
		switch b.Type {
		case "Integration":
			bots = append(bots, "an app")
		case "DeployKey":
			bots = append(bots, "deploy keys")
		default:
			people = append(people, "a "+b.Type+" of the bypass list")
		}
	}
	// Where two rules ask for review, who may skip one is held by the other.
	held := s.alsoHeld()
	if held {
		return true
	}
	if len(bots) > 0 {
		j.found(branchRules+"/bypass", "The review can be skipped by "+several(bots, 3)+": take them off the bypass list.", rules.Location{})
	}
	if len(people) > 0 {
		j.found(branchRules+"/admins", "Changes can be pushed without a review by "+several(people, 3)+".", rules.Location{})
	}
	return len(bots) == 0 && len(people) == 0
}

// alsoHeld reports whether one of the rules that ask for review has no way
// around it: then it holds for everybody.
func (s *Settings) alsoHeld() bool {
	if p, ok := s.Protection.known(); ok && !p.Off && p.Pull && p.Approvals > 0 && p.AdminsToo && len(p.BypassApps) == 0 {
		return true
	}
	list, shown := s.Bypass.known()
	if !shown {
		return false
	}
	ruleList, _ := s.Rules.known()
	open := map[int64]bool{}
	for _, b := range list {
		open[b.Ruleset] = open[b.Ruleset] || b.Mode != "pull_request"
	}
	return slices.ContainsFunc(ruleList, func(r BranchRule) bool {
		return r.Type == "pull_request" && r.Approvals > 0 && r.Ruleset != 0 && !open[r.Ruleset]
	})
}

// reviewSample judges how the last merges went. A merge without a review that
// was seen counts even where the rest of the sample could not be read.
func (j *judge) reviewSample() {
	s := j.s
	complete := j.ran(reviewSample, reviewControl, s.Reviews.Asked)
	var bare []int
	for _, p := range s.merged() {
		if len(p.Approvers) == 0 {
			bare = append(bare, p.Number)
		}
	}
	n := len(s.merged())
	switch {
	case len(bare) > 0:
		slices.Sort(bare)
		slices.Reverse(bare)
		var names []string
		for _, number := range bare[:min(5, len(bare))] {
			names = append(names, fmt.Sprintf("#%d", number))
		}
		more := ""
		if len(bare) > 5 {
			more = fmt.Sprintf(" and %d more", len(bare)-5)
		}
		j.missed(reviewSample, fmt.Sprintf("%d of the last %s went in without the approval of another person: %s%s.", len(bare), counted(n, "merged pull request", "merged pull requests"), strings.Join(names, ", "), more), rules.Location{})
	case !complete:
	case n == 0:
		j.lacks(reviewSample, reviewControl, "No pull request has been merged into the default branch, so nothing shows that changes are reviewed.", j.snippet(reviewControl), j.policyFile())
	default:
		j.saw(reviewSample, reviewControl, fmt.Sprintf("the last %s had each been approved by another person, from #%d to #%d", counted(n, "merged pull request", "merged pull requests"), s.merged()[n-1].Number, s.merged()[0].Number))
	}
}

// requiredCheck looks for a check of ours among those a merge has to wait for.
// Where there is none the control needs evidence and does not fail: GitHub lets a
// check be chosen only after it succeeded within seven days, which a repository
// that starts red cannot offer.
func (j *judge) requiredCheck() {
	const control = "ci-security-gates"
	s := j.s
	e, whole := s.enforced()
	i := slices.IndexFunc(e.checks, func(c string) bool { return strings.Contains(strings.ToLower(c), "staylisted") })
	if i >= 0 {
		j.ran(requiredCheck, control)
		j.saw(requiredCheck, control, "a merge into "+s.About.Value.DefaultBranch+" waits for the check "+e.checks[i])
		return
	}
	if !whole {
		needs := []Asked{s.Rules.Asked, s.Protection.Asked}
		if s.Rules.State == Unavailable {
			needs = needs[1:]
		}
		j.ran(requiredCheck, control, needs...)
		return
	}
	j.ran(requiredCheck, control)
	text := "No check of staylisted is required before a merge. In Settings → Rules → Rulesets add a rule for the default branch that requires the status check staylisted/changes (without the App: the job that runs staylisted, its name with the word staylisted in it)."
	if s.impossible() {
		text = "The plan of this private repository has no branch protection, so GitHub cannot require a check: " + s.Rules.Reason + "."
	}
	j.lacks(requiredCheck, control, text, "jobs:\n  staylisted:\n    name: staylisted", ".github/workflows/staylisted.yml")
}
