package posture

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	// sampleSize is how many merged pull requests are looked at (catalogue §2.2,
	// code-review-enforced).
	sampleSize = 30
	// samplePages bounds the closed pull requests that are read to find them.
	samplePages = 3
)

// An account is who did something. GitHub writes null for deleted ones.
type account struct {
	Login string `json:"login"`
	Type  string `json:"type"` // "User", "Bot", "Organization", "Mannequin"
}

// person reports whether the account is somebody's who still has one.
func (a *account) person() bool {
	return a != nil && a.Login != "" && a.Type == "User" && !strings.HasSuffix(a.Login, "[bot]")
}

func (a *account) login() string {
	if a == nil {
		return ""
	}
	return plain(a.Login, 100)
}

// same compares logins, which GitHub does without regard to case.
func same(a, b string) bool { return a != "" && strings.EqualFold(a, b) }

// A pull is a pull request as lists show it.
type pull struct {
	Number   int       `json:"number"`
	User     *account  `json:"user"`
	MergedAt time.Time `json:"merged_at"`
	Base     struct {
		Ref string `json:"ref"`
		SHA string `json:"sha"`
	} `json:"base"`
}

// A reviewed is who approved a pull request, or why that is not known.
type reviewed struct {
	approvers []string
	refusal   *refusal
}

// reviewRows reads how reviews are really done, and by how many.
func (a *asker) reviewRows(s *Settings) {
	s.Maintainers = a.maintainers()
	about, ok := s.About.known()
	if !ok {
		s.Reviews.Asked = unasked("the merged pull requests", s.About.Asked)
		return
	}
	sub := subject{"the merged pull requests", "pull requests: read"}
	list, _, r := some[pull](a, sub, a.repo("/pulls"), url.Values{
		"state": {"closed"}, "base": {about.DefaultBranch}, "sort": {"updated"}, "direction": {"desc"}}, samplePages)
	if r != nil {
		s.Reviews.Asked = r.Asked
		return
	}
	list = slices.DeleteFunc(list, func(p pull) bool { return p.MergedAt.IsZero() })
	slices.SortFunc(list, func(x, y pull) int {
		return cmp.Or(y.MergedAt.Compare(x.MergedAt), cmp.Compare(y.Number, x.Number))
	})
	sample := []Pull{}
	for _, p := range list[:min(len(list), sampleSize)] {
		approvers, r := a.approvers(p)
		if r != nil {
			// What was seen is kept: it may show a merge without a review.
			s.Reviews = Answer[[]Pull]{Asked: r.Asked, Value: sample}
			return
		}
		sample = append(sample, Pull{Number: p.Number, Author: p.User.login(), MergedAt: p.MergedAt.UTC(), Approvers: approvers})
	}
	s.Reviews = answer(sample, nil)
}

// maintainers counts the people who can push, up to two: that is where one can
// review the other.
func (a *asker) maintainers() Answer[int] {
	type collaborator struct {
		account
		Permissions *struct {
			Push bool `json:"push"`
		} `json:"permissions"`
	}
	sub := subject{"who can push", "metadata: read and push access"}
	list, more, r := some[collaborator](a, sub, a.repo("/collaborators"), url.Values{"affiliation": {"all"}, "permission": {"push"}}, 1)
	if r != nil {
		return Answer[int]{Asked: r.Asked}
	}
	n := 0
	for _, c := range list {
		if c.person() && (c.Permissions == nil || c.Permissions.Push) {
			n++
		}
	}
	if n < 2 && more {
		return Answer[int]{Asked: failed(sub, "the list is longer than a page and holds no people there")}
	}
	return answer(min(n, 2), nil)
}

// approvers lists the people other than the author whose last word before the
// merge was an approval. A later request for changes, or a dismissal, takes an
// approval back; a comment does not. What came after the merge reviewed nothing.
func (a *asker) approvers(p pull) ([]string, *refusal) {
	if known, ok := a.reviews[p.Number]; ok {
		return known.approvers, known.refusal
	}
	type review struct {
		User      *account  `json:"user"`
		State     string    `json:"state"`
		Submitted time.Time `json:"submitted_at"`
	}
	list, r := all[review](a, subject{"the reviews of merged pull requests", "pull requests: read"}, a.repo("/pulls/%d/reviews", p.Number), nil, maxPages)
	var found reviewed
	if r != nil {
		found.refusal = r
	}
	slices.SortStableFunc(list, func(x, y review) int { return x.Submitted.Compare(y.Submitted) })
	last := map[string]string{}
	for _, v := range list {
		late := !p.MergedAt.IsZero() && v.Submitted.After(p.MergedAt)
		if !v.User.person() || v.Submitted.IsZero() || late || same(v.User.Login, p.User.login()) {
			continue
		}
		switch v.State {
		case "APPROVED", "CHANGES_REQUESTED", "DISMISSED":
			last[v.User.login()] = v.State
		}
	}
	for login, state := range last {
		if state == "APPROVED" {
			found.approvers = append(found.approvers, login)
		}
	}
	slices.Sort(found.approvers)
	a.reviews[p.Number] = found
	return found.approvers, found.refusal
}
