package extract

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"go.yaml.in/yaml/v3"

	"github.com/staylisted/staylisted/rules"
)

// nodeLocks are the lockfiles of JavaScript, pythonLocks those of Python.
var (
	nodeLocks   = []string{"package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb", "deno.lock"}
	pythonLocks = []string{"poetry.lock", "uv.lock", "Pipfile.lock", "pdm.lock", "pylock.toml"}
)

// below lists the manifests of a name in a folder and below it, without those
// of folders that have a lockfile of their own.
func (r *reader) below(dir, manifest string, locks ...string) []string {
	var out []string
	for _, name := range r.names {
		if path.Base(name) != manifest || dir != "." && !strings.HasPrefix(name, dir+"/") {
			continue
		}
		if r.lockDir(path.Dir(name), locks) == dir {
			out = append(out, name)
		}
	}
	return out
}

// lockDir returns the nearest folder, from dir upwards, that has one of the
// lockfiles; empty when none has.
func (r *reader) lockDir(dir string, locks []string) string {
	for {
		if slices.ContainsFunc(locks, func(name string) bool { return r.has[path.Join(dir, name)] }) {
			return dir
		}
		if dir == "." || dir == "/" || dir == "" {
			return ""
		}
		dir = path.Dir(dir)
	}
}

// manifests finds the files that name packages and have no lockfile.
func (r *reader) manifests() {
	for _, name := range r.names {
		dir := path.Dir(name)
		var why string
		err := contain(func() error {
			switch base := path.Base(name); {
			case base == "package.json":
				why = r.unlockedNode(name, dir)
			case base == "pyproject.toml", base == "Pipfile", base == "setup.py", base == "setup.cfg", base == "requirements.in", base == "environment.yml":
				why = r.unlockedPython(name, base, dir)
			case base == "build.gradle" || base == "build.gradle.kts":
				why = r.unlockedGradle(name, dir)
			case base == "Cargo.toml":
				why = r.unlockedCargo(name, dir)
			case base == "Gemfile" && !r.has[path.Join(dir, "Gemfile.lock")], base == "gems.rb" && !r.has[path.Join(dir, "gems.locked")]:
				if data := r.text(name); regexp.MustCompile(`(?m)^\s*(gem|gemspec|eval_gemfile)\b`).Match(data) {
					why = "commit Gemfile.lock (`bundle lock`)"
				}
			case base == "composer.json":
				why = r.unlockedComposer(name, dir)
			case isProject(name):
				why = r.unlockedNuGet(name, dir)
			default:
				return nil
			}
			r.inv.Files = append(r.inv.Files, name)
			return nil
		})
		switch {
		case err != nil:
			r.gap(name, 0, "cannot be read: "+printable(err.Error()))
		case why != "":
			r.gap(name, 0, "names dependencies and no lockfile says which versions are used; "+why)
		}
	}
}

// text returns a file's content; what cannot be read is a gap.
func (r *reader) text(name string) []byte { return r.open(name) }

// unlockedNode says what to commit for a package.json that no lockfile covers.
// A lockfile above covers it as a workspace, when it knows the folder.
func (r *reader) unlockedNode(name, dir string) string {
	data := r.open(name)
	if data == nil {
		return ""
	}
	p := new(packageJSON)
	if err := json.Unmarshal(data, p); err != nil {
		r.gap(name, 0, "is no package.json that could be read: "+printable(err.Error()))
		return ""
	}
	needs := p.ships()
	maps.Copy(needs, p.DevDependencies)
	for name, spec := range needs {
		if inRepository(spec) {
			delete(needs, name)
		}
	}
	if len(needs) == 0 {
		return ""
	}
	at := r.lockDir(dir, nodeLocks)
	if at == "" || at != dir && !r.workspace(at, dir) {
		return "commit package-lock.json (`npm install --package-lock-only`), pnpm-lock.yaml or yarn.lock"
	}
	// A lockfile that does not know what is named was made of another manifest.
	// Of a lockfile that is not read there is a gap already.
	read := false
	locked := map[string]bool{}
	for i := range r.inv.Modules {
		m := &r.inv.Modules[i]
		if path.Dir(m.Manifest) == at && slices.Contains(nodeLocks, path.Base(m.Manifest)) {
			locked[m.Path] = true
			read = true
		}
	}
	if !read && slices.ContainsFunc(r.inv.Gaps, func(g rules.Gap) bool { return path.Dir(g.Subject) == at }) {
		return ""
	}
	var absent []string
	for name, spec := range needs {
		if !locked[name] && !aliased(spec, locked) && p.OptionalDependencies[name] == "" && !r.builds(name) {
			absent = append(absent, printable(name))
		}
	}
	if len(absent) > 0 {
		slices.Sort(absent)
		r.gap(name, 0, fmt.Sprintf("names %s (%d such), which the lockfile does not have; install again and commit the lockfile", absent[0], len(absent)))
	}
	return ""
}

// aliased reports whether a requirement is for a package of another name
// ("npm:real@^1") that is locked, or for an address, which has none.
func aliased(spec string, locked map[string]bool) bool {
	if real, ok := strings.CutPrefix(spec, "npm:"); ok {
		name, _ := cutRequirement(real)
		return locked[name]
	}
	return strings.ContainsAny(spec, ":/")
}

// builds reports whether a package.json of the repository has the name.
func (r *reader) builds(name string) bool {
	if r.nodes == nil {
		r.nodes = map[string]bool{}
		for _, file := range r.names {
			if path.Base(file) == "package.json" {
				if p := r.packageJSON(file); p != nil && p.Name != "" {
					r.nodes[p.Name] = true
				}
			}
		}
	}
	return r.nodes[name]
}

// workspace reports whether the folder at, which has a lockfile, counts dir
// among its workspaces.
func (r *reader) workspace(at, dir string) bool {
	rel := dir
	if at != "." {
		rel = strings.TrimPrefix(dir, at+"/")
	}
	var patterns []string
	if p := r.packageJSON(path.Join(at, "package.json")); p != nil && len(p.Workspaces) > 0 {
		var object struct{ Packages []string }
		if json.Unmarshal(p.Workspaces, &patterns) != nil && json.Unmarshal(p.Workspaces, &object) == nil {
			patterns = object.Packages
		}
	}
	if data, err := r.tree.Read(path.Join(at, "pnpm-workspace.yaml"), 1<<20); err == nil {
		var file struct{ Packages []string }
		if yaml.Unmarshal(data, &file) == nil {
			patterns = append(patterns, file.Packages...)
		}
	}
	matched := false
	for _, pattern := range patterns {
		excludes := strings.HasPrefix(pattern, "!")
		pattern = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(pattern, "!"), "./"), "/")
		if matchFolder(pattern, rel) {
			matched = !excludes
		}
	}
	return matched
}

// matchFolder matches a workspace pattern, in which ** stands for any number of
// folders.
func matchFolder(pattern, name string) bool {
	p, n := strings.Split(pattern, "/"), strings.Split(name, "/")
	if len(p) > 50 || len(n) > 200 || strings.Count(pattern, "**") > 4 {
		return false
	}
	var match func(p, n []string) bool
	match = func(p, n []string) bool {
		switch {
		case len(p) == 0:
			return len(n) == 0
		case p[0] == "**":
			for i := range len(n) + 1 {
				if match(p[1:], n[i:]) {
					return true
				}
			}
			return false
		case len(n) == 0:
			return false
		}
		ok, err := path.Match(p[0], n[0])
		return err == nil && ok && match(p[1:], n[1:])
	}
	return match(p, n)
}

// unlockedPython says what to commit for a Python manifest without a lockfile.
func (r *reader) unlockedPython(name, base, dir string) string {
	locks := slices.Clone(pythonLocks)
	if r.lockDir(dir, locks) == dir {
		return ""
	}
	for _, other := range r.names {
		if path.Dir(other) == dir && isRequirements(other) {
			return "" // which is judged by what is in it
		}
	}
	// A workspace of uv has one lockfile for all.
	if base == "pyproject.toml" && r.lockDir(dir, []string{"uv.lock"}) != "" {
		return ""
	}
	data := r.open(name)
	if data == nil {
		return ""
	}
	const advice = "commit uv.lock (`uv lock`), poetry.lock or a requirements.txt with hashes"
	switch base {
	case "setup.py", "setup.cfg":
		if regexp.MustCompile(`\binstall_requires\b`).Match(data) {
			return advice
		}
	case "requirements.in":
		return "commit what `pip-compile --generate-hashes` makes of it"
	case "environment.yml":
		return "commit a requirements.txt with hashes for what conda installs"
	case "Pipfile":
		var file struct {
			Packages map[string]any `toml:"packages"`
			Dev      map[string]any `toml:"dev-packages"`
		}
		if err := shallow(data); err != nil {
			return err.Error()
		}
		if err := toml.Unmarshal(data, &file); err != nil || len(file.Packages)+len(file.Dev) > 0 {
			return "commit Pipfile.lock (`pipenv lock`)"
		}
	default:
		p := r.pyproject(name)
		if p == nil {
			return "it cannot be read; mend it"
		}
		if len(p.names()) > 0 || slices.Contains(p.Project.Dynamic, "dependencies") {
			return advice
		}
	}
	return ""
}

var gradleNeeds = regexp.MustCompile(`(?m)^\s*(dependencies\s*\{|[a-zA-Z]*(implementation|Implementation|api|compile|runtimeOnly)\b)`)

// unlockedGradle says what to commit for a Gradle build without lockfile.
func (r *reader) unlockedGradle(name, dir string) string {
	if r.has[path.Join(dir, "gradle.lockfile")] {
		return ""
	}
	if data := r.open(name); gradleNeeds.Match(data) {
		return "turn on `dependencyLocking { lockAllConfigurations() }` and commit gradle.lockfile (`gradle dependencies --write-locks`)"
	}
	return ""
}

// unlockedCargo says what to commit for a Cargo.toml without lockfile.
func (r *reader) unlockedCargo(name, dir string) string {
	if r.lockDir(dir, []string{"Cargo.lock"}) != "" {
		return ""
	}
	if r.open(name) == nil {
		return ""
	}
	c := r.cargoTOML(name)
	if c == nil {
		return "it cannot be read; mend it"
	}
	if ships, tests := c.names(); len(ships)+len(tests) > 0 {
		return "commit Cargo.lock (`cargo generate-lockfile`)"
	}
	return ""
}

// unlockedComposer says what to commit for a composer.json without lockfile.
func (r *reader) unlockedComposer(name, dir string) string {
	if r.has[path.Join(dir, "composer.lock")] {
		return ""
	}
	data := r.open(name)
	var file struct {
		Require map[string]any `json:"require"`
		Dev     map[string]any `json:"require-dev"`
	}
	if data == nil {
		return ""
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return "it cannot be read; mend it"
	}
	for _, section := range []map[string]any{file.Require, file.Dev} {
		for need := range section {
			// The language and its extensions are not packages.
			if strings.Contains(need, "/") {
				return "commit composer.lock (`composer update --lock`)"
			}
		}
	}
	return ""
}

// unlockedNuGet says what to commit for a .NET project without lockfile.
func (r *reader) unlockedNuGet(name, dir string) string {
	if r.has[path.Join(dir, "packages.lock.json")] {
		return ""
	}
	data := r.open(name)
	if packageReference.Match(data) {
		return "set RestorePackagesWithLockFile to true and commit packages.lock.json (`dotnet restore`)"
	}
	return ""
}
