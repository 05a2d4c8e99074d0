// Package importtest holds the arrows between the packages of this module: who
// may import whom, directly or through others.
//
//	cmd/staylisted ─► rules/scan ─► rules/{code,files,deps,posture,probe,evidence,touch} ─► rules
//	rules/catalog ─► rules        sarif ─► rules
//	cmd/staylisted-bot ─► bot ─► rules, rules/{catalog,deps,posture,probe,evidence,touch}, sarif
//
// The server that holds a private key links no analyser, and the judgement
// depends on nothing but the standard library, a YAML reader and a CVSS
// library.
package importtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/staylisted/staylisted"

// An arrow says what a package, or everything below it when it ends in "/...",
// may reach. Paths of this module are relative to it.
type arrow struct {
	from string
	// own lists the packages of this module it may reach besides itself and
	// what lies below itself; nil means none, "..." anything.
	own []string
	// foreign lists the modules of others it may reach, by path prefix; "..."
	// means any.
	foreign []string
	// never lists path prefixes, of this module or others, it must not reach.
	never []string
}

// yaml and cvss are the two libraries the judgement may use.
const (
	yaml = "go.yaml.in/yaml/v3"
	cvss = "github.com/pandatix/go-cvss"
)

// analysers are what the server must never link.
var analysers = []string{
	"rules/scan", "rules/code", "rules/files", "rules/deps/extract",
	"github.com/securego/gosec", "golang.org/x/tools/go/ssa", "golang.org/x/tools/go/analysis", "golang.org/x/tools/go/packages",
	"github.com/zricethezav/gitleaks", "github.com/google/osv-scalibr",
}

// harmless lists packages below one that must never be reached which may be: the
// version comparison of osv-scalibr imports nothing but the standard library and
// reads no file, and a server that audits components has to order versions as
// each ecosystem does.
var harmless = []string{"github.com/google/osv-scalibr/semantic"}

var arrows = []arrow{
	{from: "rules", foreign: []string{yaml, cvss}, never: []string{
		"os", "os/exec", "net", "net/http", "io/ioutil", "syscall/js",
	}},
	{from: "rules/catalog", own: []string{"rules"}, foreign: []string{yaml, cvss}, never: []string{"net", "net/http", "os/exec"}},
	{from: "rules/tree", own: []string{}, foreign: []string{}, never: []string{"net/http", "os/exec"}},
	{from: "rules/evidence", own: []string{"rules", "rules/tree"}, foreign: []string{yaml, cvss, "github.com/yuin/goldmark/"}, never: []string{"net/http", "os/exec"}},
	{from: "rules/questionnaire", own: []string{"rules", "internal/markdown"}, foreign: []string{yaml, cvss}, never: []string{"os", "os/exec", "net", "net/http"}},
	{from: "internal/markdown", own: []string{}, foreign: []string{}, never: []string{"os", "os/exec", "net", "net/http"}},
	{from: "rules/code", own: []string{"rules"}, foreign: []string{"golang.org/x/", yaml, cvss}, never: []string{"github.com/securego/gosec"}},
	{from: "rules/files", own: []string{"rules", "rules/tree"}, foreign: []string{"..."}, never: []string{"github.com/securego/gosec"}},
	{from: "rules/deps", own: []string{"rules"}, foreign: []string{"..."}, never: analysers},
	{from: "rules/deps/extract", own: []string{"rules", "rules/deps", "rules/tree"}, foreign: []string{"..."}, never: []string{"github.com/securego/gosec"}},
	{from: "rules/deps/sbom", own: []string{"rules", "rules/deps"}, foreign: []string{"..."}, never: analysers},
	{from: "rules/posture", own: []string{"rules"}, foreign: []string{"..."}, never: analysers},
	{from: "rules/probe", own: []string{"rules"}, foreign: []string{"..."}, never: analysers},
	{from: "rules/touch", own: []string{"rules"}, foreign: []string{"..."}, never: analysers},
	{from: "rules/scan", own: []string{
		"rules", "rules/catalog", "rules/code", "rules/files", "rules/files/secrets", "rules/deps", "rules/deps/extract",
		"rules/posture", "rules/probe", "rules/evidence", "rules/evidence/reports", "rules/touch", "rules/tree",
	}, foreign: []string{"..."}, never: []string{
		// Parts of gosec that bring services and a command along.
		"github.com/securego/gosec/v2/autofix", "github.com/securego/gosec/v2/cmd",
	}},
	{from: "sarif", own: []string{"rules"}, foreign: []string{"..."}, never: analysers},
	{from: "bot", own: []string{
		"rules", "rules/catalog", "rules/deps", "rules/posture", "rules/probe", "rules/evidence", "rules/evidence/reports", "rules/touch", "rules/tree", "sarif",
	}, foreign: []string{"..."}, never: analysers},
	{from: "cmd/staylisted-bot", own: []string{
		"bot", "rules", "rules/catalog", "rules/deps", "rules/posture", "rules/probe", "rules/evidence", "rules/evidence/reports", "rules/touch", "rules/tree", "sarif",
	}, foreign: []string{"..."}, never: analysers},
	{from: "cmd/staylisted", own: []string{"..."}, foreign: []string{"..."}},
}

// A pkg is one package of `go list -deps`.
type pkg struct {
	ImportPath, ForTest string
	Standard            bool
	Imports             []string
	Module              *struct{ Path string }
}

// TestArrows lists every package of the module once and follows the imports.
func TestArrows(t *testing.T) {
	packages := list(t)
	for path, p := range packages {
		if p.Module == nil || p.Module.Path != module {
			continue
		}
		name := strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
		a, ok := find(name)
		if !ok {
			if !strings.HasPrefix(name, "internal/") {
				t.Errorf("package %s has no arrow: say in this test what it may import (architecture: directions are held by a test)", name)
			}
			continue
		}
		for _, chain := range reach(packages, path) {
			if why := a.forbids(packages[chain[len(chain)-1]]); why != "" {
				t.Errorf("%s %s:\n\t%s", name, why, strings.Join(chain, "\n\t-> "))
			}
		}
	}
}

// TestArrowsBite makes sure that the rules above can fail: a package that is
// not allowed, at the end of a chain, is found.
func TestArrowsBite(t *testing.T) {
	own := &struct{ Path string }{module}
	packages := map[string]pkg{
		module + "/bot":                {ImportPath: module + "/bot", Module: own, Imports: []string{module + "/rules/touch"}},
		module + "/rules/touch":        {ImportPath: module + "/rules/touch", Module: own, Imports: []string{"github.com/securego/gosec/v2"}},
		module + "/rules":              {ImportPath: module + "/rules", Module: own, Imports: []string{"net/http", "example.com/other"}},
		"github.com/securego/gosec/v2": {ImportPath: "github.com/securego/gosec/v2", Module: &struct{ Path string }{"github.com/securego/gosec/v2"}},
		module + "/rules/deps":         {ImportPath: module + "/rules/deps", Module: own, Imports: []string{"github.com/google/osv-scalibr/semantic"}},
		"github.com/google/osv-scalibr/semantic": {ImportPath: "github.com/google/osv-scalibr/semantic", Module: &struct{ Path string }{"github.com/google/osv-scalibr"},
			Imports: []string{"github.com/google/osv-scalibr/extractor"}},
		"github.com/google/osv-scalibr/extractor": {ImportPath: "github.com/google/osv-scalibr/extractor", Module: &struct{ Path string }{"github.com/google/osv-scalibr"}},
		"net/http":          {ImportPath: "net/http", Standard: true},
		"example.com/other": {ImportPath: "example.com/other", Module: &struct{ Path string }{"example.com/other"}},
	}
	for _, test := range []struct{ from, bad string }{
		{"bot", "github.com/securego/gosec/v2"},
		{"rules", "net/http"},
		{"rules", "example.com/other"},
		{"rules/deps", "github.com/google/osv-scalibr/extractor"},
	} {
		a, ok := find(test.from)
		if !ok {
			t.Fatalf("no arrow for %s", test.from)
		}
		found := false
		for _, chain := range reach(packages, module+"/"+test.from) {
			last := chain[len(chain)-1]
			found = found || last == test.bad && a.forbids(packages[last]) != ""
		}
		if !found {
			t.Errorf("%s reaches %s and nobody minds", test.from, test.bad)
		}
	}
}

// find returns the arrow of a package: its own, or that of the nearest folder
// above it.
func find(name string) (arrow, bool) {
	for {
		if i := slices.IndexFunc(arrows, func(a arrow) bool { return a.from == name }); i >= 0 {
			return arrows[i], true
		}
		i := strings.LastIndex(name, "/")
		if i < 0 {
			return arrow{}, false
		}
		name = name[:i]
	}
}

// forbids says why a package must not be reached, or "".
func (a arrow) forbids(p pkg) string {
	path := p.ImportPath
	own := p.Module != nil && p.Module.Path == module
	if own {
		path = strings.TrimPrefix(path, module+"/")
	}
	for _, n := range a.never {
		if slices.Contains(harmless, path) {
			break
		}
		if path == n || strings.HasPrefix(path, n+"/") && !p.Standard {
			return "must never reach " + n
		}
	}
	switch {
	case p.Standard:
		return ""
	case own:
		if path == a.from || strings.HasPrefix(path, a.from+"/") || slices.Contains(a.own, "...") {
			return ""
		}
		for _, ok := range a.own {
			if path == ok || strings.HasPrefix(path, ok+"/internal/") {
				return ""
			}
		}
		return "may not import " + path
	default:
		for _, ok := range a.foreign {
			if ok == "..." || strings.HasPrefix(path, ok) {
				return ""
			}
		}
		return "may not import the library " + path
	}
}

// reach returns one shortest chain of imports from a package to each package it
// reaches. What only the standard library imports is the standard library's
// business.
func reach(packages map[string]pkg, from string) [][]string {
	seen := map[string]bool{from: true}
	queue := [][]string{{from}}
	var chains [][]string
	for len(queue) > 0 {
		chain := queue[0]
		queue = queue[1:]
		p := packages[chain[len(chain)-1]]
		if p.Standard {
			continue
		}
		for _, next := range p.Imports {
			if seen[next] {
				continue
			}
			seen[next] = true
			to := append(slices.Clone(chain), next)
			chains = append(chains, to)
			queue = append(queue, to)
		}
	}
	return chains
}

// list returns every package of the module and all they depend on, without
// tests: test code may use what it needs.
func list(t *testing.T) map[string]pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-deps", "-json=ImportPath,Standard,Imports,Module,ForTest", "./...")
	cmd.Dir = "../.."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("listing the packages of the module: %v\n%s", err, stderr.String())
	}
	packages := map[string]pkg{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("reading the list of packages: %v", err)
		}
		packages[p.ImportPath] = p
	}
	if _, ok := packages[module+"/rules"]; !ok {
		t.Fatalf("the list of %d packages lacks rules: it is not this module's", len(packages))
	}
	return packages
}
