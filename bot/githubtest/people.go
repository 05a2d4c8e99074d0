package githubtest

import (
	"net/http"
	"slices"
)

func peopleHandlers() map[string]handler {
	const repo = "GET /repos/{owner}/{repo}"
	const team = "GET /orgs/{org}/teams/{team_slug}"
	inTeam := func(h func(*State, *Team, *call) reply) handler {
		return func(s *State, c *call) reply {
			o := s.Organizations[c.params["org"]]
			if o == nil || o.Teams[c.params["team_slug"]] == nil {
				return notFound()
			}
			return h(s, o.Teams[c.params["team_slug"]], c)
		}
	}
	return map[string]handler{
		"GET /orgs/{org}": func(s *State, c *call) reply {
			o := s.Organizations[c.params["org"]]
			if o == nil {
				return notFound()
			}
			out := obj{"login": o.Login, "id": number(o.Login)}
			if o.TwoFactor != nil && !s.lacks("organization_administration") {
				out["two_factor_requirement_enabled"] = *o.TwoFactor
			}
			return ok(out)
		},
		team: inTeam(func(_ *State, t *Team, _ *call) reply { return ok(obj{"name": t.Slug, "slug": t.Slug}) }),
		team + "/members": inTeam(func(s *State, t *Team, c *call) reply {
			list := []any{}
			for _, m := range t.Members {
				list = append(list, s.account(m))
			}
			return paged(c, list)
		}),
		team + "/repos/{owner}/{repo}": inTeam(func(_ *State, t *Team, c *call) reply {
			if !slices.Contains(t.Repos, c.params["owner"]+"/"+c.params["repo"]) {
				return notFound()
			}
			return reply{status: http.StatusNoContent}
		}),
		repo + "/collaborators": inRepository(func(s *State, r *Repository, c *call) reply {
			list := []any{}
			for _, login := range sortedKeys(r.Collaborators) {
				push := r.Collaborators[login] != "read"
				if c.query.Get("permission") == "push" && !push {
					continue
				}
				who := s.account(login).(obj)
				who["role_name"] = r.Collaborators[login]
				who["permissions"] = obj{"pull": true, "push": push, "admin": r.Collaborators[login] == "admin"}
				list = append(list, who)
			}
			return paged(c, list)
		}),
		repo + "/collaborators/{username}/permission": inRepository(func(s *State, r *Repository, c *call) reply {
			login := c.params["username"]
			if s.Users[login] == nil {
				return refuse(http.StatusNotFound, login+" is not a user")
			}
			permission := r.Collaborators[login]
			switch {
			case permission != "":
			case r.Private:
				permission = "none"
			default:
				permission = "read"
			}
			return ok(obj{"permission": permission, "role_name": permission, "user": s.account(login)})
		}),
		"GET /users/{username}": func(s *State, c *call) reply {
			if s.Users[c.params["username"]] == nil {
				return notFound()
			}
			who := s.account(c.params["username"]).(obj)
			who["user_view_type"] = "public"
			return ok(who)
		},
	}
}
