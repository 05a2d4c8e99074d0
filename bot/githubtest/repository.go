package githubtest

import "net/http"

func repositoryHandlers() map[string]handler {
	const repo = "GET /repos/{owner}/{repo}"
	return map[string]handler{
		repo: inRepository(func(s *State, r *Repository, _ *call) reply { return ok(s.repository(r)) }),
		repo + "/actions/permissions": inRepository(func(_ *State, r *Repository, _ *call) reply {
			if r.ActionsOff {
				return ok(obj{"enabled": false})
			}
			return ok(obj{"enabled": true, "allowed_actions": "all"})
		}),
		repo + "/actions/permissions/workflow": inRepository(func(_ *State, r *Repository, _ *call) reply {
			return ok(obj{"default_workflow_permissions": r.WorkflowPermissions, "can_approve_pull_request_reviews": r.WorkflowsApprove})
		}),
		repo + "/private-vulnerability-reporting": inRepository(func(_ *State, r *Repository, _ *call) reply {
			if r.Private {
				return refuse(http.StatusUnprocessableEntity, "Private vulnerability reporting is not available for private repositories.")
			}
			return ok(obj{"enabled": r.PrivateReporting})
		}),
		repo + "/community/profile": inRepository(func(_ *State, r *Repository, _ *call) reply {
			files := obj{}
			if r.Licence != "" {
				files["license"] = obj{"key": r.Licence, "name": r.Licence, "spdx_id": r.Licence}
			}
			return ok(obj{"files": files})
		}),
	}
}

// repository writes a repository.
func (s *State) repository(r *Repository) obj {
	out := obj{"name": r.Name, "full_name": r.Owner + "/" + r.Name, "owner": s.account(r.Owner), "private": r.Private, "archived": r.Archived, "default_branch": r.DefaultBranch}
	if r.Security != nil && !s.lacks("administration") {
		security := obj{}
		for product, state := range r.Security {
			security[product] = obj{"status": state}
		}
		out["security_and_analysis"] = security
	}
	return out
}
