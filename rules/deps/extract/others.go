package extract

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/google/osv-scalibr/extractor/filesystem/language/dotnet/packagesconfig"
	"github.com/google/osv-scalibr/extractor/filesystem/language/dotnet/packageslockjson"
	"github.com/google/osv-scalibr/extractor/filesystem/language/php/composerlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/ruby/gemfilelock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/rust/cargolock"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/deps"
)

// A cargoTOML is the part of a Cargo.toml that is read.
type cargoTOML struct {
	cargoNeeds
	Package struct {
		Name string `toml:"name"`
	} `toml:"package"`
	Target    map[string]cargoNeeds `toml:"target"`
	Workspace struct {
		Dependencies map[string]any `toml:"dependencies"`
	} `toml:"workspace"`
}

type cargoNeeds struct {
	Dependencies map[string]any `toml:"dependencies"`
	Build        map[string]any `toml:"build-dependencies"`
	Dev          map[string]any `toml:"dev-dependencies"`
}

// cargoTOML returns the file's content, or nil when there is none that could be
// read.
func (r *reader) cargoTOML(name string) *cargoTOML {
	data, err := r.tree.Read(name, maxLockfile)
	if err != nil || shallow(data) != nil {
		return nil
	}
	c := new(cargoTOML)
	if contain(func() error { return toml.Unmarshal(data, c) }) != nil {
		return nil
	}
	return c
}

// names returns the crates that are needed to run, and those for tests alone. A
// dependency may be called by another name than the crate has.
func (c *cargoTOML) names() (ships, tests []string) {
	add := func(list *[]string, needs map[string]any) {
		for name, value := range needs {
			table, _ := value.(map[string]any)
			if inherits, _ := table["workspace"].(bool); inherits {
				table, _ = c.Workspace.Dependencies[name].(map[string]any)
			}
			if real, ok := table["package"].(string); ok {
				name = real
			}
			*list = append(*list, name)
		}
	}
	all := []cargoNeeds{c.cargoNeeds}
	for _, t := range c.Target {
		all = append(all, t)
	}
	for _, n := range all {
		add(&ships, n.Dependencies)
		add(&ships, n.Build)
		add(&tests, n.Dev)
	}
	return ships, tests
}

// readCargo reads Cargo.lock. It does not say what only tests need: the
// manifests do.
func readCargo(r *reader, f *file) ([]deps.Module, error) {
	if err := errors.Join(shallow(f.data), lines(f.data)); err != nil {
		return nil, err
	}
	e, err := cargolock.New(nil)
	if err != nil {
		return nil, err
	}
	list, err := r.run(e, f.name, f.data)
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages []struct {
			Name, Version, Source string
			Dependencies          []string
		} `toml:"package"`
	}
	if err := toml.Unmarshal(f.data, &lock); err != nil {
		return nil, err
	}
	if len(lock.Packages) != len(list) {
		return nil, fmt.Errorf("%d of its %d packages could be read", len(list), len(lock.Packages))
	}
	g := graph{}
	for _, p := range lock.Packages {
		if p.Source == "" {
			continue // its dependencies for tests stand among the others
		}
		for _, need := range p.Dependencies {
			name, _, _ := strings.Cut(need, " ")
			g[p.Name] = append(g[p.Name], name)
		}
	}
	direct, read := map[string]bool{}, map[string]bool{}
	var roots []string
	whole := true
	for _, name := range r.below(f.dir, "Cargo.toml", "Cargo.lock") {
		c := r.cargoTOML(name)
		if c == nil {
			whole = false
			continue
		}
		read[c.Package.Name] = true
		ships, tests := c.names()
		// A member may take a renamed crate from the workspace's list.
		for alias, value := range c.Workspace.Dependencies {
			if table, ok := value.(map[string]any); ok {
				if real, ok := table["package"].(string); ok && real != alias {
					ships = append(ships, real)
				}
			}
		}
		roots = append(roots, ships...)
		for _, name := range slices.Concat(ships, tests) {
			direct[name] = true
		}
	}
	// Of a crate of the repository whose manifest was not read (it lies elsewhere,
	// or among examples) it is not known what it needs for tests alone.
	for _, p := range lock.Packages {
		whole = whole && (p.Source != "" || read[p.Name])
	}
	production := g.from(roots)
	var out []deps.Module
	for i, x := range list {
		if lock.Packages[i].Source == "" {
			continue // of the repository
		}
		ships := !whole || len(direct) == 0 || production[x.name]
		out = append(out, deps.Module{Path: x.name, Version: x.version, Scope: scope(ships), Direct: direct[x.name], Location: rules.Location{Line: x.line}})
	}
	return out, nil
}

var (
	gemSpec = regexp.MustCompile(`^ {4}([^ ]+) \(`)
	gemNeed = regexp.MustCompile(`^ {6}([^ ]+)`)
	gemLine = regexp.MustCompile(`^ {2}([^ !]+)`)
)

// readGemfile reads Gemfile.lock. Groups are written in Ruby, in the Gemfile:
// only a plain one is believed about what is for development.
func readGemfile(r *reader, f *file) ([]deps.Module, error) {
	if err := lines(f.data); err != nil {
		return nil, err
	}
	e, err := gemfilelock.New(nil)
	if err != nil {
		return nil, err
	}
	list, err := r.run(e, f.name, f.data)
	if err != nil {
		return nil, err
	}
	g, own, direct := graph{}, map[int]bool{}, map[string]bool{}
	section, spec, line, specs := "", "", 0, 0
	for raw := range bytes.Lines(f.data) {
		line++
		text := strings.TrimRight(string(raw), "\r\n")
		switch {
		case text != "" && text[0] != ' ':
			section, spec = text, ""
		case gemNeed.MatchString(text):
			if spec != "" {
				g[spec] = append(g[spec], gemNeed.FindStringSubmatch(text)[1])
			}
		case gemSpec.MatchString(text):
			spec = gemSpec.FindStringSubmatch(text)[1]
			own[line] = section == "PATH"
			specs++
		case section == "DEPENDENCIES" && gemLine.MatchString(text):
			direct[gemLine.FindStringSubmatch(text)[1]] = true
		}
	}
	if specs != len(list) {
		return nil, fmt.Errorf("%d of its %d gems could be read", len(list), specs)
	}
	var production map[string]bool
	gemfile := f.beside("Gemfile")
	if path.Base(f.name) == "gems.locked" {
		gemfile = f.beside("gems.rb")
	}
	if tests, ok := r.gemGroups(gemfile); ok {
		var roots []string
		for name := range direct {
			if !tests[name] {
				roots = append(roots, name)
			}
		}
		production = g.from(roots)
	}
	var out []deps.Module
	for _, x := range list {
		if own[x.line] {
			continue
		}
		out = append(out, deps.Module{Path: x.name, Version: x.version, Scope: scope(production == nil || production[x.name]), Direct: direct[x.name], Location: rules.Location{Line: x.line}})
	}
	return out, nil
}

var (
	gemPlain = regexp.MustCompile(`^(source\s.+|ruby\s.+|git_source\(.+|gem\s+["'][A-Za-z0-9_.-]+["'].*|end|)$`)
	gemName  = regexp.MustCompile(`^gem\s+["']([A-Za-z0-9_.-]+)["'](.*)$`)
	gemGroup = regexp.MustCompile(`^group\s*\(?\s*((?:(?::[a-z_]+)\s*,?\s*)+)\)?\s+do$`)
	gemOwn   = regexp.MustCompile(`\bgroups?:|:groups?\b`)
)

// testGroups are the groups of a Gemfile that do not ship.
var testGroups = []string{":development", ":test", ":ci", ":lint", ":docs", ":doc"}

// gemGroups returns the gems that a Gemfile names in groups for development
// alone. It reports false for one that is more than a list: Ruby can do
// anything.
func (r *reader) gemGroups(name string) (map[string]bool, bool) {
	data, err := r.tree.Read(name, maxLockfile)
	if err != nil {
		return nil, false
	}
	tests, ships := map[string]bool{}, map[string]bool{}
	inside := false // a group
	testing := false
	for raw := range bytes.Lines(data) {
		text, _, _ := strings.Cut(string(raw), " #")
		text = strings.TrimSpace(text)
		if strings.HasPrefix(text, "#") {
			continue
		}
		if m := gemGroup.FindStringSubmatch(text); m != nil {
			if inside {
				return nil, false
			}
			inside, testing = true, true
			for group := range strings.FieldsFuncSeq(m[1], func(c rune) bool { return c == ',' || c == ' ' }) {
				testing = testing && slices.Contains(testGroups, group)
			}
			continue
		}
		if !gemPlain.MatchString(text) || text == "end" && !inside {
			return nil, false
		}
		if text == "end" {
			inside, testing = false, false
			continue
		}
		if m := gemName.FindStringSubmatch(text); m != nil {
			if strings.HasSuffix(m[2], " do") {
				return nil, false
			}
			if testing || gemOwn.MatchString(m[2]) && onlyTestGroups(m[2]) {
				tests[m[1]] = true
			} else {
				ships[m[1]] = true
			}
		}
	}
	for name := range ships {
		delete(tests, name)
	}
	return tests, !inside
}

var gemSymbol = regexp.MustCompile(`:[a-z_]+`)

// onlyTestGroups reports whether the options of a gem name groups for
// development and no other.
func onlyTestGroups(options string) bool {
	_, after, _ := strings.Cut(options, "group")
	after = strings.TrimPrefix(after, "s")
	// Up to the next option.
	after, _, _ = strings.Cut(strings.TrimLeft(after, ": =>"), "]")
	if i := strings.Index(after, ", "); i >= 0 && !strings.HasPrefix(after, "[") {
		after = after[:i]
	}
	symbols := gemSymbol.FindAllString(":"+strings.TrimLeft(after, ":["), -1)
	return len(symbols) > 0 && !slices.ContainsFunc(symbols, func(s string) bool { return !slices.Contains(testGroups, s) })
}

// readComposer reads composer.lock, whose packages say their licences.
func readComposer(r *reader, f *file) ([]deps.Module, error) {
	e, err := composerlock.New(nil)
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages []json.RawMessage `json:"packages"`
		Dev      []json.RawMessage `json:"packages-dev"`
	}
	if err := json.Unmarshal(f.data, &lock); err != nil {
		return nil, err
	}
	if lock.Packages == nil {
		return nil, errors.New("it has no packages")
	}
	var needs struct {
		Require map[string]any `json:"require"`
		Dev     map[string]any `json:"require-dev"`
	}
	if data, err := r.tree.Read(f.beside("composer.json"), maxLockfile); err == nil {
		_ = json.Unmarshal(data, &needs) // without it nothing is known to be direct
	}
	where := nameLines(f.data)
	var out []deps.Module
	for which, section := range []struct {
		name string
		list []json.RawMessage
	}{{"packages", lock.Packages}, {"packages-dev", lock.Dev}} {
		for some := range slices.Chunk(section.list, batch) {
			text, err := json.Marshal(map[string]any{"packages": []any{}, section.name: some})
			if err != nil {
				return nil, err
			}
			list, err := r.run(e, f.name, text)
			if err != nil {
				return nil, err
			}
			if len(list) != len(some) {
				return nil, fmt.Errorf("%d of its %d packages could be read", len(list), len(some))
			}
			for i, x := range list {
				var said struct {
					License []string
					Dist    struct{ Type string }
				}
				if err := json.Unmarshal(some[i], &said); err != nil {
					return nil, fmt.Errorf("its package %s: %w", printable(x.name), err)
				}
				if said.Dist.Type == "path" {
					continue // of the repository
				}
				licence := deps.NoAssertion
				if len(said.License) > 0 && len(said.License) <= 20 {
					parts := make([]string, len(said.License))
					for j, id := range said.License {
						parts[j] = deps.LicenceExpression(id)
					}
					licence = deps.AnyOf(parts)
				}
				_, ships := needs.Require[x.name]
				_, tests := needs.Dev[x.name]
				out = append(out, deps.Module{Path: x.name, Version: strings.TrimPrefix(x.version, "v"), Scope: scope(which == 0), Direct: ships || tests,
					Licence: licence, Location: rules.Location{Line: where[x.name]}})
			}
		}
	}
	return out, nil
}

var nameMember = regexp.MustCompile(`"name":\s*"([^"]+)"`)

// nameLines returns the first line on which a JSON file gives each name.
func nameLines(data []byte) map[string]int {
	where := map[string]int{}
	line := 0
	for text := range bytes.Lines(data) {
		line++
		for _, m := range nameMember.FindAllSubmatch(text, -1) {
			if name := string(m[1]); where[name] == 0 {
				where[name] = line
			}
		}
	}
	return where
}

// readNuGet reads packages.lock.json.
func readNuGet(r *reader, f *file) ([]deps.Module, error) {
	e, err := packageslockjson.New(nil)
	if err != nil {
		return nil, err
	}
	var lock struct {
		Dependencies map[string]map[string]struct{ Type, Resolved string }
	}
	if err := json.Unmarshal(bytes.TrimPrefix(f.data, []byte("\ufeff")), &lock); err != nil {
		return nil, err
	}
	list, err := r.run(e, f.name, bytes.TrimPrefix(f.data, []byte("\ufeff")))
	if err != nil {
		return nil, err
	}
	direct, own := map[string]bool{}, map[string]bool{}
	for _, framework := range lock.Dependencies {
		for name, d := range framework {
			direct[name] = direct[name] || d.Type == "Direct"
			if d.Type == "Project" {
				own[name] = true
			}
		}
	}
	tests := r.testProject(f.dir)
	where := keyNames(f.data)
	var out []deps.Module
	for _, x := range list {
		if own[x.name] {
			continue
		}
		out = append(out, deps.Module{Path: x.name, Version: x.version, Scope: scope(!tests), Direct: direct[x.name], Location: rules.Location{Line: where[x.name]}})
	}
	return out, nil
}

var keyMember = regexp.MustCompile(`"([^"]+)":\s*\{`)

// keyNames returns the first line on which a JSON file opens an object under
// each name.
func keyNames(data []byte) map[string]int {
	where := map[string]int{}
	line := 0
	for text := range bytes.Lines(data) {
		line++
		for _, m := range keyMember.FindAllSubmatch(text, -1) {
			if name := string(m[1]); where[name] == 0 {
				where[name] = line
			}
		}
	}
	return where
}

var (
	testProjectMark  = regexp.MustCompile(`(?i)<IsTestProject>\s*true\s*</IsTestProject>|Include="Microsoft\.NET\.Test\.Sdk"`)
	packageReference = regexp.MustCompile(`(?i)<PackageReference\s`)
)

// testProject reports whether every project of a folder is for tests.
func (r *reader) testProject(dir string) bool {
	found := false
	for _, name := range r.names {
		if path.Dir(name) != dir || !isProject(name) {
			continue
		}
		data, err := r.tree.Read(name, maxLockfile)
		if err != nil || !testProjectMark.Match(data) {
			return false
		}
		found = true
	}
	return found
}

func isProject(name string) bool {
	return slices.Contains([]string{".csproj", ".fsproj", ".vbproj"}, path.Ext(name))
}

// readPackagesConfig reads the older list of .NET packages, which names what
// packages bring along as well.
func readPackagesConfig(r *reader, f *file) ([]deps.Module, error) {
	e, err := packagesconfig.New(nil)
	if err != nil {
		return nil, err
	}
	var said struct {
		Packages []struct {
			ID          string `xml:"id,attr"`
			Version     string `xml:"version,attr"`
			Development string `xml:"developmentDependency,attr"`
		} `xml:"package"`
	}
	if err := xml.Unmarshal(f.data, &said); err != nil {
		return nil, err
	}
	list, err := r.run(e, f.name, f.data)
	if err != nil {
		return nil, err
	}
	tools := map[string]bool{}
	for _, p := range said.Packages {
		tools[p.ID] = strings.EqualFold(p.Development, "true")
	}
	if len(list) != len(said.Packages) {
		r.gap(f.name, 0, fmt.Sprintf("%d of its %d packages have a name and a version", len(list), len(said.Packages)))
	}
	var out []deps.Module
	for _, x := range list {
		m := deps.Module{Path: x.name, Version: x.version, Scope: scope(!r.testProject(f.dir)), Direct: true}
		if tools[x.name] {
			m.Scope = "tool"
		}
		out = append(out, m)
	}
	return out, nil
}
