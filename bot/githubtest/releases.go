package githubtest

// A Release is a published release.
type Release struct {
	Tag    string
	Assets int
	Draft  bool
}

func releaseHandlers() map[string]handler {
	const repo = "GET /repos/{owner}/{repo}"
	return map[string]handler{
		repo + "/releases": inRepository(func(s *State, r *Repository, c *call) reply {
			list := []obj{}
			for i, rel := range r.Releases {
				assets := []obj{}
				for n := range rel.Assets {
					assets = append(assets, obj{"id": i*100 + n + 1, "name": "app", "state": "uploaded"})
				}
				list = append(list, obj{"id": i + 1, "tag_name": rel.Tag, "draft": rel.Draft, "assets": assets, "author": s.account(r.Owner)})
			}
			return paged(c, list)
		}),
		repo + "/immutable-releases": inRepository(func(_ *State, r *Repository, _ *call) reply {
			return ok(obj{"enabled": r.Immutable, "enforced_by_owner": false})
		}),
	}
}
