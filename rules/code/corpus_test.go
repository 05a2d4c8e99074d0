package code

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/buildssa"
	"golang.org/x/tools/go/analysis/passes/ctrlflow"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/packages"
)

// errNoModules says that the frameworks which the cases are written against are
// neither in the module cache nor to be had.
var errNoModules = errors.New("the modules of testdata/src are not in the module cache and cannot be fetched; run `go mod download` in rules/code/testdata/src where there is a network")

// cases loads testdata/src, a module of its own that names the real frameworks.
// It is loaded once for all tests: the go command looks at some thousand
// packages. Imports come from export data: declarations only, as in a scan. The
// tag keeps gin from a codec that takes as long to compile as all of gRPC.
var cases = sync.OnceValues(func() (map[string]*packages.Package, error) {
	dir := filepath.Join("testdata", "src")
	list, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax, Dir: dir, Env: caseEnv(), BuildFlags: []string{"-tags=nomsgpack"}}, "./...")
	byName := map[string]*packages.Package{}
	broken := err != nil
	for _, p := range list {
		byName[strings.TrimPrefix(p.PkgPath, "app.example.io/")] = p
		broken = broken || len(p.Errors) > 0
	}
	if broken && lacksModules(dir) {
		return nil, errNoModules
	}
	return byName, err
})

// caseEnv is the environment for the go command in testdata/src.
func caseEnv() []string { return append(os.Environ(), "GOWORK=off", "GO111MODULE=on") }

// lacksModules reports whether the module in dir needs others that this machine
// does not hold.
func lacksModules(dir string) bool {
	cmd := exec.Command("go", "list", "-deps", "./...")
	cmd.Dir = dir
	cmd.Env = append(caseEnv(), "GOPROXY=off")
	out, err := cmd.CombinedOutput()
	return err != nil && strings.Contains(string(out), "module lookup disabled by GOPROXY=off")
}

// casesOf returns the packages of testdata/src whose name satisfies ok; one that
// does not compile is an error. The test is skipped where they cannot be loaded
// for want of a network; CI has one.
func casesOf(t *testing.T, ok func(name string) bool) []*packages.Package {
	t.Helper()
	all, err := cases()
	switch {
	case errors.Is(err, errNoModules) && os.Getenv("CI") != "true":
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
	var list []*packages.Package
	for name, p := range all {
		if !ok(name) {
			continue
		}
		for _, e := range p.Errors {
			t.Error(e)
		}
		if len(p.Errors) == 0 {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b *packages.Package) int { return cmp.Compare(a.PkgPath, b.PkgPath) })
	return list
}

// A checked is what an analyzer said about one package.
type checked struct {
	pkg    *packages.Package
	result any
}

// expect runs a over the packages of testdata/src with these names and compares
// what it reports with their "// want" comments, whose form is analysistest's:
// regular expressions as Go strings, each for one diagnostic on the comment's
// line, or on another when they begin with a distance ("// want +1 `…`").
func expect(t *testing.T, a *analysis.Analyzer, names ...string) []checked {
	t.Helper()
	list := casesOf(t, func(name string) bool { return slices.Contains(names, name) })
	if len(list) != len(names) {
		t.Fatalf("of %q only %d are in testdata/src", names, len(list))
	}
	return expectIn(t, a, list)
}

func expectIn(t *testing.T, a *analysis.Analyzer, list []*packages.Package) []checked {
	t.Helper()
	var done []checked
	for _, p := range list {
		found, result, err := analyse(a, p)
		if err != nil {
			t.Errorf("%s over %s: %v", a.Name, p.PkgPath, err)
			continue
		}
		compare(t, p, found)
		done = append(done, checked{p, result})
	}
	return done
}

// analyse runs a and what it requires over one package, with nothing known
// about the bodies of imported functions: like a scan does.
func analyse(a *analysis.Analyzer, p *packages.Package) ([]analysis.Diagnostic, any, error) {
	var found []analysis.Diagnostic
	results := map[*analysis.Analyzer]any{}
	var run func(*analysis.Analyzer) error
	run = func(b *analysis.Analyzer) error {
		if _, done := results[b]; done {
			return nil
		}
		for _, r := range b.Requires {
			if err := run(r); err != nil {
				return err
			}
		}
		result, err := b.Run(&analysis.Pass{
			Analyzer: b, Fset: p.Fset, Files: p.Syntax, Pkg: p.Types, TypesInfo: p.TypesInfo, TypesSizes: p.TypesSizes, ResultOf: results,
			Report: func(d analysis.Diagnostic) {
				if b == a {
					found = append(found, d)
				}
			},
			ReadFile:          os.ReadFile,
			ImportObjectFact:  func(types.Object, analysis.Fact) bool { return false },
			ImportPackageFact: func(*types.Package, analysis.Fact) bool { return false },
			ExportObjectFact:  func(types.Object, analysis.Fact) {},
			ExportPackageFact: func(analysis.Fact) {},
			AllObjectFacts:    func() []analysis.ObjectFact { return nil },
			AllPackageFacts:   func() []analysis.PackageFact { return nil },
		})
		results[b] = result
		return err
	}
	for _, b := range []*analysis.Analyzer{inspect.Analyzer, ctrlflow.Analyzer, buildssa.Analyzer, a} {
		if err := run(b); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", b.Name, err)
		}
	}
	return found, results[a], nil
}

// compare reports every diagnostic that no comment wants, and every wanted one
// that is not there.
func compare(t *testing.T, p *packages.Package, found []analysis.Diagnostic) {
	t.Helper()
	type line struct {
		file string
		at   int
	}
	want := map[line][]*regexp.Regexp{}
	for _, f := range p.Syntax {
		for c := range comments(f) {
			at := p.Fset.Position(c.Pos())
			delta, list, err := wanted(c.Text)
			if err != nil {
				t.Errorf("%s: %v", caseAt(at), err)
			}
			k := line{at.Filename, at.Line + delta}
			want[k] = append(want[k], list...)
		}
	}
	for _, d := range found {
		at := p.Fset.Position(d.Pos)
		k := line{at.Filename, at.Line}
		i := slices.IndexFunc(want[k], func(re *regexp.Regexp) bool { return re.MatchString(d.Message) })
		switch {
		case i >= 0:
			want[k] = slices.Delete(want[k], i, i+1)
		case len(want[k]) > 0:
			t.Errorf("%s: %q does not match %q", caseAt(at), d.Message, want[k])
		default:
			t.Errorf("%s: unexpected: %s", caseAt(at), d.Message)
		}
	}
	for k, list := range want {
		for _, re := range list {
			t.Errorf("%s: nothing was reported that matches %q", caseAt(token.Position{Filename: k.file, Line: k.at}), re)
		}
	}
}

func comments(f *ast.File) func(yield func(*ast.Comment) bool) {
	return func(yield func(*ast.Comment) bool) {
		for _, g := range f.Comments {
			for _, c := range g.List {
				if !yield(c) {
					return
				}
			}
		}
	}
}

// wanted reads one comment.
func wanted(comment string) (delta int, list []*regexp.Regexp, err error) {
	_, text, ok := strings.Cut(comment, "// want ")
	if !ok {
		return 0, nil, nil
	}
	text = strings.TrimSpace(text)
	if text != "" && strings.ContainsRune("+-", rune(text[0])) {
		number, rest, _ := strings.Cut(text, " ")
		if delta, err = strconv.Atoi(number); err != nil {
			return 0, nil, fmt.Errorf("want %s: %w", text, err)
		}
		text = rest
	}
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		quoted, err := strconv.QuotedPrefix(text)
		if err != nil {
			return 0, nil, fmt.Errorf("want %s: %w", text, err)
		}
		text = text[len(quoted):]
		pattern, err := strconv.Unquote(quoted)
		if err != nil {
			return 0, nil, fmt.Errorf("want %s: %w", quoted, err)
		}
		re, err := regexp.Compile(pattern)
		if err != nil {
			return 0, nil, err
		}
		list = append(list, re)
	}
	return delta, list, nil
}

// caseAt names a place below testdata/src.
func caseAt(at token.Position) string {
	dir, file := filepath.Split(at.Filename)
	return path.Join(filepath.Base(dir), file) + ":" + strconv.Itoa(at.Line)
}
