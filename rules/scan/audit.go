package scan

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/go-github/v66/github"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/deps"
)

// openAdvisories opens the data that dependencies are held against. Missing
// data is no error: the audit says that it had none.
func openAdvisories(ctx context.Context, opts *Options, ecosystems []string, now time.Time) (db *deps.Database, notes []string, problem string) {
	if opts.Advisories != "" {
		db, err := deps.Open(opts.Advisories)
		if err != nil {
			return nil, nil, strings.ReplaceAll(err.Error(), "\n", "; ")
		}
		return db, nil, ""
	}
	if opts.CacheDir == "" {
		return nil, nil, "there is no folder to keep downloaded advisories in: name advisory data with --advisories, or allow a cache folder"
	}
	fetcher := &deps.Fetcher{
		Client:     &http.Client{Timeout: 5 * time.Minute},
		Dir:        filepath.Join(opts.CacheDir, "advisories"),
		Ecosystems: ecosystems,
		Offline:    opts.Offline,
	}
	db, notes, err := fetcher.Fetch(ctx, now)
	if err != nil {
		return nil, notes, strings.ReplaceAll(err.Error(), "\n", "; ")
	}
	return db, notes, ""
}

// query lists what a unit is built from. The packages of `go list ./...` are the
// production graph: tests are not in it. Modules that go.mod names and nothing
// imports are listed with the scope that explains them.
func query(t *walk, u *unit, list []*listed, env goEnv) deps.Query {
	// No platform is named: a version that is vulnerable elsewhere only is a
	// known vulnerable version all the same, and this machine need not be the one
	// that runs the product.
	q := deps.Query{Imported: map[string]string{}}
	manifests := make([]*deps.Manifest, len(u.modules))
	for i, m := range u.modules {
		path := slashJoin(m.dir, "go.mod")
		if data, err := os.ReadFile(filepath.Join(t.root, filepath.FromSlash(path))); err == nil {
			manifests[i], _ = deps.ParseManifest(path, data)
		}
	}
	// manifest finds the go.mod that names a module; the first one stands for
	// what only other modules require.
	manifest := func(path string) (int, rules.Location, bool) {
		for i, m := range manifests {
			if m == nil {
				continue
			}
			if at := m.Line(path); at.Line > 0 {
				return i, at, m.Direct(path)
			}
		}
		return 0, rules.Location{Path: slashJoin(u.modules[0].dir, "go.mod")}, false
	}
	seen := map[string]bool{}
	add := func(m deps.Module) {
		if seen[m.Path] {
			return
		}
		seen[m.Path] = true
		i, at, direct := manifest(m.Path)
		m.Location, m.Direct = at, direct
		m.Manifest = slashJoin(u.modules[i].dir, "go.mod")
		q.Modules = append(q.Modules, m)
	}
	for _, p := range list {
		switch {
		case p.Standard:
			if p.ImportPath != "unsafe" {
				q.Imported[p.ImportPath] = deps.Stdlib
				add(deps.Module{Path: deps.Stdlib, Version: env.GOVERSION})
			}
		case p.Module == nil || isMain(u, p) || p.Module.Main:
		default:
			q.Imported[p.ImportPath] = p.Module.Path
			add(deps.Module{Path: p.Module.Path, Version: p.Module.Version, Replace: replacement(t, p.Module.Replace)})
		}
	}
	for _, m := range u.modules {
		if m.file == nil {
			continue
		}
		tools := map[string]bool{}
		for _, r := range m.file.Require {
			for _, tool := range m.file.Tool {
				if tool.Path == r.Mod.Path || strings.HasPrefix(tool.Path, r.Mod.Path+"/") {
					tools[r.Mod.Path] = true
				}
			}
		}
		for _, r := range m.file.Require {
			if slices.ContainsFunc(t.modules, func(o *module) bool { return o.path == r.Mod.Path }) {
				continue // a module of this repository
			}
			scope := "test"
			if tools[r.Mod.Path] {
				scope = "tool"
			}
			var replace *listedModule
			for _, rep := range m.file.Replace {
				if rep.Old.Path == r.Mod.Path && (rep.Old.Version == "" || rep.Old.Version == r.Mod.Version) {
					replace = &listedModule{Path: rep.New.Path, Version: rep.New.Version}
					if rep.New.Version == "" {
						replace.Dir = filepath.Join(t.root, filepath.FromSlash(m.dir), filepath.FromSlash(rep.New.Path))
					}
				}
			}
			add(deps.Module{Path: r.Mod.Path, Version: r.Mod.Version, Scope: scope, Replace: replacement(t, replace)})
		}
	}
	slices.SortFunc(q.Modules, func(a, b deps.Module) int { return strings.Compare(a.Path, b.Path) })
	return q
}

// replacement turns the target of a replace directive into the audit's terms.
func replacement(t *walk, m *listedModule) *deps.Replacement {
	if m == nil {
		return nil
	}
	r := &deps.Replacement{Path: m.Path, Version: m.Version}
	if m.Version == "" && m.Dir != "" {
		if rel, err := filepath.Rel(t.root, m.Dir); err == nil && filepath.IsLocal(rel) {
			rel = filepath.ToSlash(rel)
			r.Scanned = slices.ContainsFunc(t.modules, func(o *module) bool { return o.dir == rel })
			r.Path = rel
		}
	}
	return r
}

// adopt fills in when each affected version entered the repository, which
// decides whether the partner adopted a known flaw or met a new one.
func adopt(ctx context.Context, g *gitTree, r *deps.Result) {
	for i := range r.Hits {
		h := &r.Hits[i]
		if h.Module.Ecosystem != "" && h.Module.Ecosystem != deps.Go {
			if i < maxAdoptions {
				h.Module.Adopted = g.adoptLocked(ctx, &h.Module)
			}
			continue
		}
		switch h.Module.Path {
		case deps.Stdlib, deps.Toolchain:
			// Where go.mod names this very release, its line tells. Else the
			// release comes with the build machine and counts as adopted before
			// the advisory came out, so that the time to fix runs from there.
			name := strings.TrimPrefix(h.Module.Version, "go")
			h.Module.Adopted = g.introduced(ctx, h.Module.Manifest, "toolchain", "go"+name)
			if h.Module.Adopted.IsZero() {
				h.Module.Adopted = g.introduced(ctx, h.Module.Manifest, "go", name)
			}
			if published := earliest(h); h.Module.Adopted.IsZero() && !published.IsZero() {
				h.Module.Adopted = published.Add(-time.Second)
			}
		default:
			version := h.Module.Version
			if h.Module.Replace != nil && h.Module.Replace.Version != "" {
				version = h.Module.Replace.Version
			}
			if h.Module.Location.Line > 0 {
				h.Module.Adopted = g.introduced(ctx, h.Module.Manifest, h.Module.Path, version)
			}
		}
	}
}

// earliest returns the first publication among the records that name the module.
func earliest(h *deps.Hit) time.Time {
	var first time.Time
	for _, a := range h.Affected {
		if !a.Published.IsZero() && (first.IsZero() || a.Published.Before(first)) {
			first = a.Published
		}
	}
	return first
}

// enrich asks GitHub for scores that the data does not have.
func enrich(ctx context.Context, opts *Options, r *deps.Result, now time.Time) string {
	if opts.GitHubToken == "" || opts.Offline {
		return ""
	}
	ids := r.Unscored()
	if len(ids) == 0 {
		return ""
	}
	api := &deps.GitHub{Client: github.NewClient(&http.Client{Timeout: 30 * time.Second}).WithAuthToken(opts.GitHubToken)}
	if opts.CacheDir != "" {
		api.Dir = filepath.Join(opts.CacheDir, "scores")
	}
	answers, err := api.Lookup(ctx, ids, now)
	r.Enrich(answers)
	if err != nil {
		return err.Error()
	}
	return ""
}

// mergeComponents joins the components of several units.
func mergeComponents(list []rules.Component) []rules.Component {
	slices.SortFunc(list, func(a, b rules.Component) int {
		return cmp.Or(cmp.Compare(a.Ecosystem, b.Ecosystem), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version),
			cmp.Compare(a.Manifest, b.Manifest), cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
	return slices.Compact(list)
}

// slashJoin joins a folder and a name below the root.
func slashJoin(dir, name string) string {
	if dir == "." {
		return name
	}
	return dir + "/" + name
}
