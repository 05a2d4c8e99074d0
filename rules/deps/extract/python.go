package extract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/pipfilelock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/poetrylock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/requirements"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/uvlock"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/deps"
)

func pypi(name string) string { return deps.NormalName(deps.PyPI, name) }

// A pyproject is the part of a pyproject.toml that is read.
type pyproject struct {
	Project struct {
		Name         string              `toml:"name"`
		Dependencies []string            `toml:"dependencies"`
		Optional     map[string][]string `toml:"optional-dependencies"`
		Dynamic      []string            `toml:"dynamic"`
	} `toml:"project"`
	Groups map[string][]any `toml:"dependency-groups"`
	Tool   struct {
		Poetry struct {
			Dependencies map[string]any `toml:"dependencies"`
			Dev          map[string]any `toml:"dev-dependencies"`
			Groups       map[string]struct {
				Dependencies map[string]any `toml:"dependencies"`
			} `toml:"group"`
		} `toml:"poetry"`
	} `toml:"tool"`
}

// pyproject returns the file's content, or nil when there is none that could be
// read.
func (r *reader) pyproject(name string) *pyproject {
	data, err := r.tree.Read(name, maxLockfile)
	if err != nil || !r.has[name] || shallow(data) != nil {
		return nil
	}
	p := new(pyproject)
	if contain(func() error { return toml.Unmarshal(data, p) }) != nil {
		return nil
	}
	return p
}

// ships lists what the project needs to run, as normal names.
func (p *pyproject) ships() []string {
	var list []string
	for name := range p.Tool.Poetry.Dependencies {
		if name != "python" {
			list = append(list, pypi(name))
		}
	}
	for _, need := range p.Project.Dependencies {
		list = append(list, requirementName(need))
	}
	for _, extra := range p.Project.Optional {
		for _, need := range extra {
			list = append(list, requirementName(need))
		}
	}
	return list
}

// names lists everything the project names, as normal names.
func (p *pyproject) names() []string {
	list := p.ships()
	for name := range p.Tool.Poetry.Dev {
		list = append(list, pypi(name))
	}
	for _, g := range p.Tool.Poetry.Groups {
		for name := range g.Dependencies {
			list = append(list, pypi(name))
		}
	}
	for _, g := range p.Groups {
		for _, need := range g {
			if s, ok := need.(string); ok {
				list = append(list, requirementName(s))
			}
		}
	}
	return list
}

var distributionName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*`)

// requirementName returns the name that a requirement begins with (PEP 508).
func requirementName(need string) string {
	return pypi(strings.TrimRight(distributionName.FindString(strings.TrimSpace(need)), "._-"))
}

// readPoetry reads poetry.lock. Since version 2 it says which groups a package
// is in; before, what the project needs leads to what ships.
func readPoetry(r *reader, f *file) ([]deps.Module, error) {
	if err := shallow(f.data); err != nil {
		return nil, err
	}
	e, err := poetrylock.New(nil)
	if err != nil {
		return nil, err
	}
	list, err := r.run(e, f.name, f.data)
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages []struct {
			Name, Version, Category string
			Groups                  []string
			Dependencies            map[string]any
			Source                  struct{ Type string }
		} `toml:"package"`
	}
	if err := toml.Unmarshal(f.data, &lock); err != nil {
		return nil, err
	}
	if len(lock.Packages) != len(list) {
		return nil, fmt.Errorf("%d of its %d packages could be read", len(list), len(lock.Packages))
	}
	direct := map[string]bool{}
	var production map[string]bool
	if p := r.pyproject(f.beside("pyproject.toml")); p != nil {
		for _, name := range p.names() {
			direct[name] = true
		}
		g := graph{}
		for _, x := range lock.Packages {
			for need := range x.Dependencies {
				g[pypi(x.Name)] = append(g[pypi(x.Name)], pypi(need))
			}
		}
		production = g.from(p.ships())
	}
	var out []deps.Module
	for i, x := range list {
		said := lock.Packages[i]
		if said.Source.Type == "directory" {
			continue // of the repository
		}
		ships := true
		switch {
		case said.Groups != nil:
			ships = slices.Contains(said.Groups, "main")
		case said.Category != "":
			ships = said.Category != "dev"
		case production != nil:
			ships = production[pypi(x.name)]
		}
		out = append(out, deps.Module{Path: x.name, Version: x.version, Scope: scope(ships), Direct: direct[pypi(x.name)], Location: rules.Location{Line: x.line}})
	}
	return out, nil
}

// readUV reads uv.lock, which holds the projects of the repository as well:
// what they lead to ships, what only their development groups lead to does not.
func readUV(r *reader, f *file) ([]deps.Module, error) {
	if err := shallow(f.data); err != nil {
		return nil, err
	}
	e, err := uvlock.New(nil)
	if err != nil {
		return nil, err
	}
	list, err := r.run(e, f.name, f.data)
	if err != nil {
		return nil, err
	}
	type need struct{ Name string }
	var lock struct {
		Packages []struct {
			Name, Version string
			Source        map[string]any
			Dependencies  []need
			Optional      map[string][]need `toml:"optional-dependencies"`
			Dev           map[string][]need `toml:"dev-dependencies"`
		} `toml:"package"`
	}
	if err := toml.Unmarshal(f.data, &lock); err != nil {
		return nil, err
	}
	g, own, direct := graph{}, map[string]bool{}, map[string]bool{}
	var roots []string
	for _, p := range lock.Packages {
		name := pypi(p.Name)
		needs := slices.Clone(p.Dependencies)
		for _, extra := range p.Optional {
			needs = append(needs, extra...)
		}
		for _, n := range needs {
			g[name] = append(g[name], pypi(n.Name))
		}
		for _, kind := range []string{"virtual", "editable", "directory"} {
			if _, ok := p.Source[kind]; !ok {
				continue
			}
			own[name] = true
			roots = append(roots, name)
			for _, group := range p.Dev {
				needs = append(needs, group...)
			}
			for _, n := range needs {
				direct[pypi(n.Name)] = true
			}
		}
	}
	production := g.from(roots)
	var out []deps.Module
	for _, x := range list {
		name := pypi(x.name)
		if own[name] {
			continue
		}
		out = append(out, deps.Module{Path: x.name, Version: x.version, Scope: scope(len(roots) == 0 || production[name]), Direct: direct[name], Location: rules.Location{Line: x.line}})
	}
	return out, nil
}

// readPipfile reads Pipfile.lock.
func readPipfile(r *reader, f *file) ([]deps.Module, error) {
	if err := lines(f.data); err != nil {
		return nil, err
	}
	e, err := pipfilelock.New(nil)
	if err != nil {
		return nil, err
	}
	type entry struct {
		Version  string
		Path     string
		Editable bool
	}
	var lock struct{ Default, Develop map[string]entry }
	if err := json.Unmarshal(f.data, &lock); err != nil {
		return nil, err
	}
	if len(lock.Default)+len(lock.Develop) > 2000 {
		// The extractor looks for every line from the beginning of the file.
		return nil, errors.New("it locks more than 2000 packages")
	}
	list, err := r.run(e, f.name, f.data)
	if err != nil {
		return nil, err
	}
	direct := map[string]bool{}
	var pipfile struct {
		Packages map[string]any `toml:"packages"`
		Dev      map[string]any `toml:"dev-packages"`
	}
	if data, err := r.tree.Read(f.beside("Pipfile"), maxLockfile); err == nil && shallow(data) == nil &&
		contain(func() error { return toml.Unmarshal(data, &pipfile) }) == nil {
		for _, section := range []map[string]any{pipfile.Packages, pipfile.Dev} {
			for name := range section {
				direct[pypi(name)] = true
			}
		}
	}
	read := map[string]bool{}
	var out []deps.Module
	for _, x := range list {
		read[x.name] = true
		_, ships := lock.Default[x.name]
		out = append(out, deps.Module{Path: x.name, Version: x.version, Scope: scope(ships), Direct: direct[pypi(x.name)], Location: rules.Location{Line: x.line}})
	}
	for _, section := range []map[string]entry{lock.Default, lock.Develop} {
		for _, name := range slices.Sorted(maps.Keys(section)) {
			if !read[name] && section[name].Path == "" {
				r.gap(f.name, 0, printable(name)+" is locked to no released version, so advisories cannot be held against it")
			}
		}
	}
	return out, nil
}

// isRequirements reports pip's requirement files: by their name, or any text
// file of a folder of that name.
func isRequirements(name string) bool {
	base := path.Base(name)
	return path.Ext(base) == ".txt" && (strings.Contains(base, "requirements") || path.Base(path.Dir(name)) == "requirements")
}

// testWords are the words by which requirement files for development are known.
var testWords = []string{"dev", "develop", "development", "test", "tests", "testing", "lint", "docs", "doc", "ci", "typing", "mypy", "style"}

// forDevelopment reports whether a requirement file's name says that the
// product does not need it.
func forDevelopment(name string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(strings.TrimSuffix(path.Base(name), ".txt"), func(c rune) bool { return c == '-' || c == '_' || c == '.' }),
		func(word string) bool { return slices.Contains(testWords, strings.ToLower(word)) })
}

// wholeMarks are what tools write into a file that lists everything that is
// installed: hashes, which pip then wants of every package, and who needs what.
var wholeMarks = regexp.MustCompile(`(?m)--hash=|^\s*# +via\b|autogenerated by (pip-compile|uv)|^# This file was autogenerated by uv`)

// maxContinued bounds how many lines one requirement may go over: the extractor
// recurses once a line.
const maxContinued = 1000

// readRequirements reads a requirement file. Only one that a tool made of all
// that is installed is a lockfile; what another leaves open is a gap.
func readRequirements(r *reader, f *file) ([]deps.Module, error) {
	if err := errors.Join(lines(f.data), notContinued(f.data)); err != nil {
		return nil, err
	}
	for _, name := range r.included(f) {
		data, err := r.tree.Read(name, maxLockfile)
		if err != nil {
			r.gap(f.name, 0, printable(name)+", which it includes, cannot be read")
			continue
		}
		if err := errors.Join(lines(data), notContinued(data)); err != nil {
			return nil, fmt.Errorf("%s, which it includes: %w", printable(name), err)
		}
	}
	e, err := requirements.New(nil)
	if err != nil {
		return nil, err
	}
	list, err := r.run(e, f.name, f.data)
	if err != nil {
		return nil, err
	}
	locked := slices.ContainsFunc([]string{"poetry.lock", "uv.lock", "Pipfile.lock"}, func(name string) bool { return r.has[f.beside(name)] })
	var loose []string
	var out []deps.Module
	for _, x := range list {
		if m, ok := x.pkg.Metadata.(*requirements.Metadata); !ok || m.VersionComparator != "==" && m.VersionComparator != "===" || x.version == "" {
			loose = append(loose, printable(x.name))
			continue
		}
		out = append(out, deps.Module{Path: x.name, Version: x.version, Scope: scope(!forDevelopment(f.name)), Direct: true, Location: rules.Location{Line: x.line}})
	}
	for line, why := range odd(f.data) {
		r.gap(f.name, line, why)
	}
	switch {
	case locked: // says the same again
	case len(loose) > 0:
		slices.Sort(loose)
		r.gap(f.name, 0, fmt.Sprintf("leaves the version of %s open (%d such), so what is installed is not known; pin everything with `pip-compile --generate-hashes` or `uv pip compile --generate-hashes`, or commit poetry.lock or uv.lock",
			loose[0], len(loose)))
	case len(out) > 0 && !wholeMarks.Match(f.data):
		r.gap(f.name, 0, "does not show whether it lists what its packages bring along; make it with `pip-compile --generate-hashes` or `uv pip compile --generate-hashes`, or commit poetry.lock or uv.lock")
	}
	return out, nil
}

// notContinued refuses a file whose lines go on for longer than any honest one's.
func notContinued(data []byte) error {
	n := 0
	for line := range bytes.Lines(data) {
		if !bytes.HasSuffix(bytes.TrimRight(line, "\r\n"), []byte(`\`)) {
			n = 0
			continue
		}
		if n++; n > maxContinued {
			return fmt.Errorf("a requirement in it goes over more than %d lines", maxContinued)
		}
	}
	return nil
}

var includeLine = regexp.MustCompile(`(?m)^\s*(?:-r|--requirement)[ =]?\s*(\S+)`)

// included lists the files that a requirement file includes, over any number of
// steps.
func (r *reader) included(f *file) []string {
	seen := map[string]bool{f.name: true}
	queue := []string{f.name}
	var out []string
	for len(queue) > 0 && len(out) < 100 {
		name := queue[0]
		queue = queue[1:]
		data, err := r.tree.Read(name, maxLockfile)
		if err != nil {
			continue
		}
		for _, m := range includeLine.FindAllSubmatch(data, 100) {
			next := path.Join(path.Dir(name), string(m[1]))
			if !seen[next] {
				seen[next] = true
				queue, out = append(queue, next), append(out, next)
			}
		}
	}
	return out
}

var (
	addressLine = regexp.MustCompile(`(?i)^(-e\s+|--editable[ =]\s*)?(git\+|hg\+|svn\+|bzr\+|https?:|ftp:|file:)|^[A-Za-z0-9._-]+(\[[^]]*\])?\s*@\s*\S`)
	longInclude = regexp.MustCompile(`^--requirement[ =]`)
)

// odd lists, by line, the requirements that name no release of a package and
// that the extractor leaves out.
func odd(data []byte) map[int]string {
	out := map[int]string{}
	line := 0
	for raw := range bytes.Lines(data) {
		line++
		text := strings.TrimSpace(string(raw))
		switch {
		case addressLine.MatchString(text):
			out[line] = "a package is taken from an address and not from the index, so advisories cannot be held against it"
		case longInclude.MatchString(text):
			out[line] = "write -r in place of --requirement; only that is followed"
		case strings.Contains(text, "${"):
			out[line] = "a requirement depends on a variable, so it is not known"
		}
	}
	return out
}
