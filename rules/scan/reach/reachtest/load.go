// Package reachtest loads programs for tests of package reach, with library
// code only: the shape of the result is the one the engine builds, the way to
// it is the plainest. Nothing but tests imports it.
package reachtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules/scan/reach"
)

// A Program is a loaded module.
type Program struct {
	prog    *ssa.Program
	targets []reach.Target
	roots   []*packages.Package
	built   map[*packages.Package]*ssa.Package
	facts   map[*packages.Package]reach.Facts
	outside []string // Go files of packages outside the closure
}

// Load loads patterns below dir with their dependencies and builds a program
// in which the closure of the targets has function bodies and everything else
// has none. The packages that match the patterns are always in the closure.
// Test files are not loaded. It fails when a package of the closure has errors.
func Load(dir string, targets []reach.Target, patterns ...string) (*Program, error) {
	config := packages.Config{
		Dir:  dir,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps,
		Env:  append(os.Environ(), "GOWORK=off"),
	}
	listed, err := packages.Load(&config, patterns...)
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", strings.Join(patterns, " "), err)
	}
	inside := closure(listed, targets)
	whole := make(map[string]bool) // files whose function bodies are wanted
	for p := range packages.Postorder(listed) {
		for _, file := range slices.Concat(p.GoFiles, p.CompiledGoFiles) {
			whole[file] = whole[file] || inside[p.PkgPath]
		}
	}

	config.Mode |= packages.NeedTypes | packages.NeedTypesInfo | packages.NeedTypesSizes | packages.NeedSyntax | packages.NeedCompiledGoFiles
	config.ParseFile = func(fset *token.FileSet, name string, src []byte) (*ast.File, error) {
		file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
		if keep, known := whole[name]; file != nil && known && !keep {
			for _, d := range file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok {
					f.Body = nil
				}
			}
		}
		return file, err
	}
	roots, err := packages.Load(&config, patterns...)
	if err != nil {
		return nil, fmt.Errorf("loading %s: %w", strings.Join(patterns, " "), err)
	}
	p := &Program{
		targets: targets, roots: roots,
		built: make(map[*packages.Package]*ssa.Package),
		facts: make(map[*packages.Package]reach.Facts),
	}
	for pkg := range packages.Postorder(roots) {
		if p.prog == nil {
			p.prog = ssa.NewProgram(pkg.Fset, ssa.InstantiateGenerics)
		}
		if !inside[pkg.PkgPath] {
			// Errors are expected: imports that only bodies used.
			p.prog.CreatePackage(pkg.Types, nil, nil, true)
			p.outside = append(p.outside, pkg.GoFiles...)
			continue
		}
		if len(pkg.Errors) > 0 {
			return nil, fmt.Errorf("loading %s: %w", pkg.PkgPath, pkg.Errors[0])
		}
		p.built[pkg] = p.prog.CreatePackage(pkg.Types, pkg.Syntax, pkg.TypesInfo, true)
		if p.facts[pkg], err = readFacts(pkg); err != nil {
			return nil, err
		}
	}
	for _, pkg := range p.built {
		pkg.Build()
	}
	return p, nil
}

// Input is what the engine would ask of the packages with the given import
// paths and their dependencies; of all loaded packages if none is given.
func (p *Program) Input(paths ...string) reach.Input {
	in := reach.Input{Prog: p.prog, Targets: p.targets, OutsideNames: p.outsideNames}
	var roots []*packages.Package
	for _, root := range p.roots {
		if len(paths) == 0 || slices.Contains(paths, root.PkgPath) {
			roots = append(roots, root)
			in.Main = append(in.Main, p.built[root])
		}
	}
	for pkg := range packages.Postorder(roots) {
		if built := p.built[pkg]; built != nil {
			in.Closure = append(in.Closure, built)
			in.Facts.Add(p.facts[pkg])
		}
	}
	return in
}

// closure lists the import paths of roots, of the targets' packages and of all
// packages that transitively import one of those.
func closure(roots []*packages.Package, targets []reach.Target) map[string]bool {
	inside := make(map[string]bool)
	for _, t := range targets {
		for _, v := range t.Packages {
			inside[v.Path] = true
		}
	}
	for _, root := range roots {
		inside[root.PkgPath] = true
	}
	for p := range packages.Postorder(roots) {
		for _, i := range p.Imports {
			inside[p.PkgPath] = inside[p.PkgPath] || inside[i.PkgPath]
		}
	}
	return inside
}

func (p *Program) outsideNames() (*reach.Names, error) {
	names := new(reach.Names)
	for _, file := range p.outside {
		src, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		names.Read(src)
	}
	return names, nil
}

func readFacts(p *packages.Package) (reach.Facts, error) {
	var facts reach.Facts
	for _, file := range slices.Concat(p.GoFiles, p.OtherFiles) {
		read := reach.Directives
		switch filepath.Ext(file) {
		case ".go":
		case ".s":
			read = reach.Assembly
		default:
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			return facts, err
		}
		facts.Add(read(p.PkgPath, src))
	}
	return facts, nil
}
