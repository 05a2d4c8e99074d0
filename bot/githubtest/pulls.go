package githubtest

import (
	"fmt"
	"slices"
	"time"
)

// A Pull is a pull request.
type Pull struct {
	Number   int
	Author   string
	Title    string
	Closed   bool
	Base     string // branch
	BaseSHA  string
	MergedAt time.Time // zero: not merged
	Reviews  []Review
}

// A Review is somebody's word on a pull request.
type Review struct {
	User  string
	State string // "APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED"
	At    time.Time
}

func pullHandlers() map[string]handler {
	const repo = "GET /repos/{owner}/{repo}"
	return map[string]handler{
		repo + "/pulls": inRepository(func(s *State, r *Repository, c *call) reply {
			list := []obj{}
			for _, p := range r.Pulls {
				state := "open"
				if p.closed() {
					state = "closed"
				}
				if want := c.query.Get("state"); want != "all" && want != state && !(want == "" && state == "open") {
					continue
				}
				if base := c.query.Get("base"); base != "" && base != p.Base {
					continue
				}
				list = append(list, s.pull(r, p))
			}
			if c.query.Get("direction") == "desc" {
				slices.Reverse(list) // the state is in order of time
			}
			return paged(c, list)
		}),
		repo + "/pulls/{pull_number}/reviews": inRepository(func(s *State, r *Repository, c *call) reply {
			for _, p := range r.Pulls {
				if fmt.Sprint(p.Number) != c.params["pull_number"] {
					continue
				}
				list := []obj{}
				for i, v := range p.Reviews {
					list = append(list, obj{"id": p.Number*100 + i, "user": s.account(v.User), "state": v.State, "submitted_at": when(v.At), "commit_id": nil, "body": ""})
				}
				return paged(c, list)
			}
			return notFound()
		}),
		repo + "/commits/{commit_sha}/pulls": inRepository(func(s *State, r *Repository, c *call) reply {
			list := []obj{}
			for _, commit := range r.Commits {
				if commit.SHA != c.params["commit_sha"] {
					continue
				}
				for _, p := range r.Pulls {
					if slices.Contains(commit.Pulls, p.Number) {
						list = append(list, s.pull(r, p))
					}
				}
			}
			return paged(c, list)
		}),
	}
}

func (p *Pull) closed() bool { return p.Closed || !p.MergedAt.IsZero() }

// pull writes a pull request as lists show it.
func (s *State) pull(r *Repository, p *Pull) obj {
	state := "open"
	if p.closed() {
		state = "closed"
	}
	end := func(ref, sha string) obj {
		return obj{"ref": ref, "sha": sha, "label": r.Owner + ":" + ref, "repo": s.repository(r), "user": s.account(r.Owner)}
	}
	out := end("topic", p.BaseSHA)
	return obj{"number": p.Number, "id": p.Number, "state": state, "title": p.Title, "user": s.account(p.Author), "merged_at": when(p.MergedAt),
		"closed_at": when(p.MergedAt), "base": end(p.Base, p.BaseSHA), "head": out}
}
