package extract

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/google/osv-scalibr/extractor/filesystem/language/javascript/packagelockjson"
	"github.com/google/osv-scalibr/extractor/filesystem/language/javascript/pnpmlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/javascript/yarnlock"
	"go.yaml.in/yaml/v3"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/deps"
)

// A packageJSON is the part of a package.json that is read. Its values are of
// any shape: what is malformed reads as empty.
type packageJSON struct {
	Name                 string            `json:"name"`
	Dependencies         map[string]string `json:"dependencies"`
	DevDependencies      map[string]string `json:"devDependencies"`
	OptionalDependencies map[string]string `json:"optionalDependencies"`
	Workspaces           json.RawMessage   `json:"workspaces"`
}

func (r *reader) packageJSON(name string) *packageJSON {
	data, err := r.tree.Read(name, maxLockfile)
	if err != nil {
		return nil
	}
	p := new(packageJSON)
	if json.Unmarshal(data, p) != nil {
		return nil
	}
	return p
}

// ships lists what the package needs to run, by name.
func (p *packageJSON) ships() map[string]string {
	all := maps.Clone(p.OptionalDependencies)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, p.Dependencies)
	return all
}

func (p *packageJSON) names() []string {
	return slices.Concat(slices.Collect(maps.Keys(p.ships())), slices.Collect(maps.Keys(p.DevDependencies)))
}

// inRepository reports a requirement that names code of the repository, which
// is not locked.
func inRepository(spec string) bool {
	for _, p := range []string{"workspace:", "link:", "file:", "portal:", "./", "../"} {
		if strings.HasPrefix(spec, p) {
			return true
		}
	}
	return false
}

// A lockedNPM is one entry of a package-lock.json.
type lockedNPM struct {
	Name         string               `json:"name"`
	Version      string               `json:"version"`
	Resolved     string               `json:"resolved"`
	Dev          bool                 `json:"dev"`
	Link         bool                 `json:"link"`
	License      json.RawMessage      `json:"license"`
	Dependencies json.RawMessage      `json:"dependencies"`
	DevDeps      map[string]string    `json:"devDependencies"`
	Optional     map[string]string    `json:"optionalDependencies"`
	nested       map[string]lockedNPM // of version 1
}

// batch is how many entries the extractor is given at a time: it looks for each
// entry's line from the beginning of what it is given.
const batch = 64

// readPackageLock reads npm's lockfile in its three versions.
func readPackageLock(r *reader, f *file) ([]deps.Module, error) {
	if path.Base(f.name) == "package-lock.json" && r.has[f.beside("npm-shrinkwrap.json")] {
		return nil, nil // npm does not look at it either
	}
	var lock struct {
		Version      int                        `json:"lockfileVersion"`
		Packages     map[string]json.RawMessage `json:"packages"`
		Dependencies map[string]json.RawMessage `json:"dependencies"`
	}
	if err := json.Unmarshal(f.data, &lock); err != nil {
		return nil, err
	}
	section, entries := "packages", lock.Packages
	if entries == nil {
		section, entries = "dependencies", lock.Dependencies
	}
	if entries == nil {
		if p := r.packageJSON(f.beside("package.json")); p != nil && len(p.names()) == 0 || lock.Version > 0 && p == nil {
			return nil, nil
		}
		return nil, errors.New("it has neither packages nor dependencies")
	}
	e, err := packagelockjson.New(nil)
	if err != nil {
		return nil, err
	}
	notes, err := npmNotes(section, entries, r.packageJSON(f.beside("package.json")))
	if err != nil {
		return nil, err
	}
	where := keyLines(f.data, section)
	// The extractor is given batches under a name that has no neighbour, so that
	// it does not look for a shrinkwrap file again.
	byKey := map[string]deps.Module{}
	for keys := range slices.Chunk(slices.Sorted(maps.Keys(entries)), batch) {
		some := map[string]json.RawMessage{}
		for _, key := range keys {
			some[key] = entries[key]
		}
		text, err := json.Marshal(map[string]any{"lockfileVersion": lock.Version, section: some})
		if err != nil {
			return nil, err
		}
		list, err := r.run(e, "npm-shrinkwrap.json", text)
		if err != nil {
			return nil, err
		}
		for _, x := range list {
			if section == "dependencies" && strings.ContainsAny(x.version, ":/") {
				x.version = "" // an address is no version
			}
			key := x.name + "@" + x.version
			n, known := notes[key]
			if known && n.own {
				continue
			}
			m := deps.Module{Path: x.name, Version: x.version, Scope: scope(!known || n.ships), Direct: n.direct, Licence: n.licence,
				Location: rules.Location{Line: where[n.key]}}
			byKey[key] = m
			n.listed = true
			notes[key] = n
		}
	}
	for key, n := range notes {
		if !n.listed && !n.own {
			r.gap(f.name, where[n.key], printable(key)+" could not be read from it")
		}
	}
	return slices.Collect(maps.Values(byKey)), nil
}

// An npmNote is what a package-lock.json says of a package besides its name and
// version.
type npmNote struct {
	key                        string // under which it stands, the first of several
	ships, direct, own, listed bool
	licence                    string
}

// npmNotes reads the entries, by name and version.
func npmNotes(section string, entries map[string]json.RawMessage, root *packageJSON) (map[string]npmNote, error) {
	notes := map[string]npmNote{}
	direct := map[string]bool{}
	if root != nil {
		for _, name := range root.names() {
			direct[name] = true
		}
	}
	parsed := map[string]lockedNPM{}
	for key, raw := range entries {
		var e lockedNPM
		if err := json.Unmarshal(raw, &e); err != nil {
			return nil, fmt.Errorf("its entry %s: %w", printable(key), err)
		}
		parsed[key] = e
		// The root and the workspaces name what they need.
		if section == "packages" && !strings.Contains(key, "node_modules/") {
			var needs map[string]string
			if len(e.Dependencies) > 0 && json.Unmarshal(e.Dependencies, &needs) != nil {
				return nil, fmt.Errorf("its entry %s has odd dependencies", printable(key))
			}
			for _, list := range []map[string]string{needs, e.DevDeps, e.Optional} {
				for name := range list {
					direct[name] = true
				}
			}
		}
	}
	// folder is the name under which it is installed, an alias's own.
	add := func(key, folder, name string, e lockedNPM, top bool) {
		at := name + "@" + e.Version
		n, seen := notes[at]
		own := e.Link || section == "packages" && !strings.Contains(key, "node_modules/")
		n.own = own && (n.own || !seen)
		if !seen || key < n.key {
			n.key = key
		}
		if own && (key == "" || e.Link) {
			return // the extractor leaves these out
		}
		n.ships = n.ships || !e.Dev
		n.direct = n.direct || top && direct[folder]
		if n.licence == "" || n.licence == deps.NoAssertion {
			n.licence = npmLicence(e.License)
		}
		notes[at] = n
	}
	if section == "packages" {
		for key, e := range parsed {
			folder := path.Base(key)
			if scope := path.Base(path.Dir(key)); strings.HasPrefix(scope, "@") {
				folder = scope + "/" + folder
			}
			add(key, folder, cmp.Or(e.Name, folder), e, strings.Count(key, "node_modules/") == 1)
		}
		return notes, nil
	}
	var walk func(key string, list map[string]lockedNPM, depth int) error
	walk = func(top string, list map[string]lockedNPM, depth int) error {
		for folder, e := range list {
			name, key := folder, top
			if depth == 0 {
				key = name
			}
			if len(e.Dependencies) > 0 {
				if err := json.Unmarshal(e.Dependencies, &e.nested); err != nil {
					return fmt.Errorf("its entry %s has odd dependencies", printable(name))
				}
				if err := walk(key, e.nested, depth+1); err != nil {
					return err
				}
			}
			switch real, aliased := strings.CutPrefix(e.Version, "npm:"); {
			case aliased:
				if i := strings.LastIndex(real, "@"); i > 0 {
					name, e.Version = real[:i], real[i+1:]
				}
			case strings.HasPrefix(e.Version, "file:"):
				e.Version, e.Link = "", true
			case strings.Contains(e.Version, ":"), strings.Contains(e.Version, "/"):
				e.Version = "" // an address; the extractor leaves the version empty
			}
			add(key, folder, name, e, depth == 0)
			if e.Link {
				notes[name+"@"] = npmNote{key: key, own: true}
			}
		}
		return nil
	}
	return notes, walk("", parsed, 0)
}

// npmLicence reads a package's licence: an SPDX expression, or as old packages
// have it an object, or a list of either.
func npmLicence(raw json.RawMessage) string {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return deps.LicenceExpression(one)
	}
	var object struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(raw, &object) == nil {
		return deps.LicenceExpression(object.Type)
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil || len(list) == 0 || len(list) > 20 {
		return deps.NoAssertion
	}
	var parts []string
	for _, item := range list {
		if len(item) > 0 && item[0] == '[' {
			return deps.NoAssertion
		}
		part := npmLicence(item)
		if part == deps.NoAssertion {
			return deps.NoAssertion
		}
		parts = append(parts, part)
	}
	return deps.AnyOf(parts)
}

// keyLines returns the line of each key of an object that is a member of the
// file's top object.
func keyLines(data []byte, section string) map[string]int {
	where := map[string]int{}
	dec := json.NewDecoder(bytes.NewReader(data))
	line, at := 1, int64(0)
	here := func() int {
		to := dec.InputOffset()
		line += bytes.Count(data[at:to], []byte("\n"))
		at = to
		return line
	}
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return where
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return where
		}
		if key != section {
			var skip json.RawMessage
			if dec.Decode(&skip) != nil {
				return where
			}
			continue
		}
		open, err := dec.Token()
		if err != nil || open != json.Delim('{') {
			return where
		}
		for dec.More() {
			name, err := dec.Token()
			if err != nil {
				return where
			}
			if s, ok := name.(string); ok {
				where[s] = here()
			}
			var skip json.RawMessage
			if dec.Decode(&skip) != nil {
				return where
			}
		}
		return where
	}
	return where
}

// A pnpmLock is what pnpm-lock.yaml says besides names and versions.
type pnpmLock struct {
	Version              string                     `yaml:"lockfileVersion"`
	Importers            map[string]pnpmImporter    `yaml:"importers"`
	Dependencies         map[string]pnpmRequirement `yaml:"dependencies"`
	DevDependencies      map[string]pnpmRequirement `yaml:"devDependencies"`
	OptionalDependencies map[string]pnpmRequirement `yaml:"optionalDependencies"`
	Packages             map[string]map[string]any  `yaml:"packages"`
	Snapshots            map[string]pnpmSnapshot    `yaml:"snapshots"`
}

type pnpmImporter struct {
	Dependencies         map[string]pnpmRequirement `yaml:"dependencies"`
	DevDependencies      map[string]pnpmRequirement `yaml:"devDependencies"`
	OptionalDependencies map[string]pnpmRequirement `yaml:"optionalDependencies"`
}

type pnpmSnapshot struct {
	Dependencies         map[string]string `yaml:"dependencies"`
	OptionalDependencies map[string]string `yaml:"optionalDependencies"`
}

// A pnpmRequirement is a version, alone or beside the requirement it meets.
type pnpmRequirement string

func (p *pnpmRequirement) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*p = pnpmRequirement(n.Value)
		return nil
	}
	var object struct {
		Version string `yaml:"version"`
	}
	if err := n.Decode(&object); err != nil {
		return err
	}
	*p = pnpmRequirement(object.Version)
	return nil
}

// readPnpm reads pnpm-lock.yaml. Until version 6 each package says whether it
// is for development; since version 9 what the importers lead to does.
func readPnpm(r *reader, f *file) ([]deps.Module, error) {
	e, err := pnpmlock.New(nil)
	if err != nil {
		return nil, err
	}
	var lock pnpmLock
	if err := yaml.Unmarshal(f.data, &lock); err != nil {
		return nil, err
	}
	list, err := r.run(e, f.name, f.data)
	if err != nil {
		return nil, err
	}
	lock.Importers = maps.Clone(lock.Importers)
	if lock.Importers == nil {
		lock.Importers = map[string]pnpmImporter{}
	}
	if len(lock.Importers) == 0 {
		lock.Importers["."] = pnpmImporter{lock.Dependencies, lock.DevDependencies, lock.OptionalDependencies}
	}
	direct := map[string]bool{}
	var roots []string
	for _, i := range lock.Importers {
		for ships, needs := range map[int]map[string]pnpmRequirement{0: i.DevDependencies, 1: i.Dependencies, 2: i.OptionalDependencies} {
			for name, version := range needs {
				direct[name] = true
				if ships > 0 {
					roots = append(roots, lock.node(name, string(version)))
				}
			}
		}
	}
	version, _ := strconv.ParseFloat(lock.Version, 64)
	var production map[string]bool
	if version >= 9 {
		g := graph{}
		for node, s := range lock.Snapshots {
			for _, needs := range []map[string]string{s.Dependencies, s.OptionalDependencies} {
				for name, v := range needs {
					g[node] = append(g[node], lock.node(name, v))
				}
			}
		}
		production = map[string]bool{}
		for node := range g.from(roots) {
			production[pnpmBase(node)] = true
		}
	}
	named := map[string]bool{}
	var out []deps.Module
	for _, x := range list {
		named[x.name+"@"+x.version] = true
		ships := true
		if version >= 9 {
			ships = production[x.name+"@"+x.version]
		} else if groups, ok := x.pkg.Metadata.(interface{ DepGroups() []string }); ok {
			ships = !slices.Contains(groups.DepGroups(), "dev")
		}
		out = append(out, deps.Module{Path: x.name, Version: x.version, Scope: scope(ships), Direct: direct[x.name], Location: rules.Location{Line: x.line}})
	}
	if len(lock.Packages) > len(list) {
		left := 0
		for key := range lock.Packages {
			if strings.HasPrefix(key, "file:") || strings.Contains(key, "@file:") || strings.Contains(key, "@link:") {
				left++
			}
		}
		if missing := len(lock.Packages) - len(list) - left; missing > 0 {
			r.gap(f.name, 0, fmt.Sprintf("%d of its %d packages have no name and version that could be read", missing, len(lock.Packages)))
		}
	}
	return out, nil
}

// node returns the snapshot that a requirement leads to: under its own name, or
// under the name of what it is an alias of.
func (l *pnpmLock) node(name, version string) string {
	node := name + "@" + version
	if _, ok := l.Snapshots[node]; ok {
		return node
	}
	if _, ok := l.Snapshots[version]; ok {
		return version
	}
	return node
}

// pnpmBase takes the peers off a snapshot's name.
func pnpmBase(node string) string {
	node, _, _ = strings.Cut(node, "(")
	return node
}

// A yarnEntry is one entry of a yarn.lock.
type yarnEntry struct {
	line  int
	wants []string // "name@range", as the header lists them
	needs []string // likewise
	own   bool
}

// readYarn reads yarn.lock of either generation. The file does not say what is
// for development; the manifests of the repository do.
func readYarn(r *reader, f *file) ([]deps.Module, error) {
	if err := lines(f.data); err != nil {
		return nil, err
	}
	e, err := yarnlock.New(nil)
	if err != nil {
		return nil, err
	}
	list, err := r.run(e, f.name, f.data)
	if err != nil {
		return nil, err
	}
	entries := yarnEntries(f.data)
	byWant, byName := map[string]string{}, map[string][]string{}
	for i := range entries {
		node := strconv.Itoa(entries[i].line)
		for _, want := range entries[i].wants {
			name, _ := cutRequirement(want)
			byWant[want] = node
			byName[name] = append(byName[name], node)
		}
	}
	lead := func(want string) []string {
		name, spec := cutRequirement(want)
		for _, form := range []string{want, name + "@npm:" + spec} {
			if node, ok := byWant[form]; ok {
				return []string{node}
			}
		}
		return byName[name] // a resolution replaces the range
	}
	g := graph{}
	for i := range entries {
		for _, need := range entries[i].needs {
			node := strconv.Itoa(entries[i].line)
			g[node] = append(g[node], lead(need)...)
		}
	}
	direct := map[string]bool{}
	var roots []string
	whole := true // every manifest could be read
	for _, name := range r.below(f.dir, "package.json", nodeLocks...) {
		p := r.packageJSON(name)
		if p == nil {
			whole = false
			continue
		}
		for _, dep := range p.names() {
			direct[dep] = true
		}
		for dep, spec := range p.ships() {
			roots = append(roots, lead(dep+"@"+spec)...)
		}
	}
	production := g.from(roots)
	byLine := map[int]*yarnEntry{}
	for i := range entries {
		byLine[entries[i].line] = &entries[i]
	}
	var out []deps.Module
	for _, x := range list {
		entry := byLine[x.line]
		if entry != nil && entry.own {
			continue
		}
		ships := !whole || len(direct) == 0 || entry == nil || production[strconv.Itoa(x.line)]
		out = append(out, deps.Module{Path: x.name, Version: x.version, Scope: scope(ships), Direct: direct[x.name], Location: rules.Location{Line: x.line}})
	}
	return out, nil
}

// yarnEntries reads headers and dependencies; both generations indent alike.
func yarnEntries(data []byte) []yarnEntry {
	var out []yarnEntry
	inDependencies := false
	line := 0
	for raw := range bytes.Lines(data) {
		line++
		text := strings.TrimRight(string(raw), "\r\n")
		trimmed := strings.TrimSpace(text)
		switch {
		case trimmed == "" || strings.HasPrefix(trimmed, "#"):
		case !strings.HasPrefix(text, " "):
			e := yarnEntry{line: line}
			for want := range strings.SplitSeq(strings.TrimSuffix(trimmed, ":"), ",") {
				want = strings.Trim(strings.TrimSpace(want), `"`)
				e.wants = append(e.wants, want)
				_, spec := cutRequirement(want)
				e.own = e.own || inRepository(spec)
			}
			out = append(out, e)
			inDependencies = false
		case len(out) == 0:
		case strings.HasPrefix(text, "    ") && inDependencies:
			// `name "range"` or `"name": "npm:range"`
			name, spec, ok := strings.Cut(trimmed, " ")
			if ok {
				name = strings.Trim(strings.TrimSuffix(name, ":"), `"`)
				e := &out[len(out)-1]
				e.needs = append(e.needs, name+"@"+strings.Trim(strings.TrimSpace(spec), `"`))
			}
		default:
			word := strings.TrimSuffix(trimmed, ":")
			inDependencies = word == "dependencies" || word == "optionalDependencies"
		}
	}
	return out
}

// cutRequirement takes "@scope/name@range" apart.
func cutRequirement(want string) (name, spec string) {
	i := strings.Index(strings.TrimPrefix(want, "@"), "@")
	if i < 0 {
		return want, ""
	}
	i += len(want) - len(strings.TrimPrefix(want, "@"))
	return want[:i], want[i+1:]
}
