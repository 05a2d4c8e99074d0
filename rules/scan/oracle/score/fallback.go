package main

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/securego/gosec/v2"
	gosecrules "github.com/securego/gosec/v2/rules"
	"golang.org/x/tools/go/packages"
)

// syntactic runs gosec's syntax rules over one file with whatever types can be
// had from it and the standard library. A rule that panics for want of types
// finds nothing.
func syntactic(fset *token.FileSet, std types.Importer, file, name string) []found {
	f, _ := parser.ParseFile(fset, file, nil, parser.ParseComments|parser.AllErrors)
	if f == nil || f.Name == nil {
		return nil
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Scopes: map[ast.Node]*types.Scope{},
		FileVersions: map[*ast.File]string{},
	}
	conf := types.Config{Importer: std, Error: func(error) {}}
	checked, _ := conf.Check(f.Name.Name, fset, []*ast.File{f}, info)
	p := &packages.Package{ID: name, Name: f.Name.Name, PkgPath: f.Name.Name, Fset: fset, Syntax: []*ast.File{f},
		Types: checked, TypesInfo: info, TypesSizes: types.SizesFor("gc", "amd64")}
	config := gosec.NewConfig()
	config.SetGlobal(gosec.Nosec, "true")
	builders, suppressed := gosecrules.Generate(false).RulesInfo()
	var out []found
	for _, id := range slices.Sorted(maps.Keys(builders)) {
		func() {
			defer func() { _ = recover() }()
			a := gosec.NewAnalyzer(config, false, false, false, 1, log.New(io.Discard, "", 0))
			a.LoadRules(map[string]gosec.RuleBuilder{id: builders[id]}, suppressed)
			a.CheckRules(p)
			issues, _, _ := a.Report()
			for _, i := range issues {
				first, _, _ := strings.Cut(i.Line, "-")
				line, _ := strconv.Atoi(first)
				out = append(out, found{file: name, line: line, endLine: line, rules: []string{id}, class: "syntax"})
			}
		}()
	}
	return out
}

// fallback scores the files of rows that the scan could not analyse.
func fallback(rows []row, locate func(string) string) []found {
	var out []found
	seen := map[string]bool{}
	// One importer for all files: it reads the standard library from source.
	fset := token.NewFileSet()
	std := importer.ForCompiler(fset, "source", nil)
	for _, r := range rows {
		if seen[r.File] {
			continue
		}
		seen[r.File] = true
		file := locate(r.File)
		if s, err := os.Stat(file); err == nil && s.IsDir() {
			names, _ := filepath.Glob(filepath.Join(file, "*.go"))
			for _, n := range names {
				out = append(out, syntactic(fset, std, n, r.File+"/"+filepath.Base(n))...)
			}
			continue
		}
		out = append(out, syntactic(fset, std, file, r.File)...)
	}
	return out
}
