package githubtest

import (
	"fmt"
	"net/http"
)

// A Branch is a branch's head.
type Branch struct {
	Head string
}

// A Ruleset is an active ruleset for the default branch.
type Ruleset struct {
	ID     int
	Rules  []obj // in GitHub's form: {"type": "pull_request", "parameters": …}
	Bypass []obj // {"actor_type": "Integration", "bypass_mode": "always"}
	// BypassShown is whether the token may see who may bypass it.
	BypassShown bool
}

// PullRequestRule is a rule that asks for pull requests.
func PullRequestRule(approvals int, dismissStale, codeOwners bool) obj {
	return obj{"type": "pull_request", "parameters": obj{
		"required_approving_review_count": approvals, "dismiss_stale_reviews_on_push": dismissStale, "require_code_owner_review": codeOwners,
		"require_last_push_approval": false, "required_review_thread_resolution": false}}
}

// StatusCheckRule is a rule that asks for checks.
func StatusCheckRule(contexts ...string) obj {
	list := []obj{}
	for _, c := range contexts {
		list = append(list, obj{"context": c})
	}
	return obj{"type": "required_status_checks", "parameters": obj{"required_status_checks": list, "strict_required_status_checks_policy": false}}
}

func branchHandlers() map[string]handler {
	const repo = "GET /repos/{owner}/{repo}"
	return map[string]handler{
		repo + "/branches/{branch}": inRepository(func(_ *State, r *Repository, c *call) reply {
			b := r.Branches[c.params["branch"]]
			if b == nil {
				return refuse(http.StatusNotFound, "Branch not found")
			}
			return ok(obj{"name": c.params["branch"], "commit": obj{"sha": b.Head},
				"protected": r.Protections[c.params["branch"]] != nil || len(r.Rulesets) > 0 && c.params["branch"] == r.DefaultBranch})
		}),
		repo + "/branches/{branch}/protection": inRepository(func(_ *State, r *Repository, c *call) reply {
			p := r.Protections[c.params["branch"]]
			if p == nil {
				return refuse(http.StatusNotFound, "Branch not protected")
			}
			return ok(p)
		}),
		repo + "/rules/branches/{branch}": inRepository(func(_ *State, r *Repository, c *call) reply {
			list := []obj{}
			if c.params["branch"] == r.DefaultBranch {
				for _, set := range r.Rulesets {
					for _, rule := range set.Rules {
						rule = copied(rule).(obj)
						rule["ruleset_id"], rule["ruleset_source_type"], rule["ruleset_source"] = set.ID, "Repository", r.Owner+"/"+r.Name
						list = append(list, rule)
					}
				}
			}
			return paged(c, list)
		}),
		repo + "/rulesets/{ruleset_id}": inRepository(func(_ *State, r *Repository, c *call) reply {
			for _, set := range r.Rulesets {
				if c.params["ruleset_id"] != fmt.Sprint(set.ID) {
					continue
				}
				out := obj{"id": set.ID, "name": "default branch", "source": r.Owner + "/" + r.Name, "enforcement": "active", "rules": set.Rules}
				if set.BypassShown {
					out["bypass_actors"] = append([]obj{}, set.Bypass...)
				}
				return ok(out)
			}
			return notFound()
		}),
	}
}
