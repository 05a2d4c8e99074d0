package githubtest

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
)

// A Commit is a commit of the default branch.
type Commit struct {
	SHA      string
	Author   string // login; empty where the address belongs to nobody
	Paths    []string
	Verified bool
	Pulls    []int // the pull requests that hold it
}

func contentHandlers() map[string]handler {
	const repo = "GET /repos/{owner}/{repo}"
	return map[string]handler{
		repo + "/contents/{path}": inRepository(func(_ *State, r *Repository, c *call) reply {
			files := r.Files
			if ref := c.query.Get("ref"); ref != "" && ref != r.DefaultBranch {
				if files = r.FilesAt[ref]; files == nil {
					return refuse(http.StatusNotFound, "No commit found for the ref "+ref)
				}
			}
			if len(files) == 0 {
				return refuse(http.StatusNotFound, "This repository is empty.")
			}
			path := strings.Trim(c.params["path"], "/")
			if text, found := files[path]; found {
				return ok(entry(path, "file", text, true))
			}
			list := listing(files, path)
			if len(list) == 0 {
				return notFound()
			}
			return ok(list)
		}),
		repo + "/codeowners/errors": inRepository(func(_ *State, r *Repository, _ *call) reply {
			for _, name := range []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"} {
				if _, found := r.Files[name]; found {
					return ok(obj{"errors": append([]obj{}, r.CodeownersErrors...)})
				}
			}
			return notFound()
		}),
		repo + "/commits": inRepository(func(s *State, r *Repository, c *call) reply {
			list := []obj{}
			for _, commit := range r.Commits {
				if path := c.query.Get("path"); path != "" && !slices.Contains(commit.Paths, path) {
					continue
				}
				list = append(list, obj{"sha": commit.SHA, "author": s.account(commit.Author), "committer": nil, "commit": obj{
					"message": "change", "author": obj{"name": "n"}, "committer": obj{"name": "n"},
					"verification": obj{"verified": commit.Verified, "reason": "valid", "payload": nil, "signature": nil, "verified_at": nil}}})
			}
			slices.Reverse(list) // newest first
			return paged(c, list)
		}),
		repo + "/dependency-graph/sbom": inRepository(func(_ *State, r *Repository, _ *call) reply {
			list := []obj{}
			for i := range r.Packages {
				list = append(list, obj{"name": "package" + string(rune('a'+i%26)), "versionInfo": "1.0.0", "SPDXID": "SPDXRef-1"})
			}
			return ok(obj{"sbom": obj{"packages": list}})
		}),
	}
}

// listing lists a folder.
func listing(files map[string]string, folder string) []obj {
	seen := map[string]bool{}
	list := []obj{}
	for _, path := range sortedKeys(files) {
		rest := path
		if folder != "" {
			var below bool
			if rest, below = strings.CutPrefix(path, folder+"/"); !below {
				continue
			}
		}
		name, _, deeper := strings.Cut(rest, "/")
		if seen[name] {
			continue
		}
		seen[name] = true
		full := strings.TrimPrefix(folder+"/"+name, "/")
		if deeper {
			list = append(list, entry(full, "dir", "", false))
		} else {
			list = append(list, entry(full, "file", files[path], false))
		}
	}
	return list
}

// entry writes a file or folder.
func entry(path, kind, text string, content bool) obj {
	e := obj{"type": kind, "path": path, "name": path[strings.LastIndex(path, "/")+1:], "size": len(text), "sha": "0123456789012345678901234567890123456789"}
	if content {
		e["encoding"], e["content"] = "base64", base64.StdEncoding.EncodeToString([]byte(text))
	}
	return e
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
