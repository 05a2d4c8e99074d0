package scan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/staylisted/staylisted/rules"
)

// A pkg is one package of a unit on its way through parsing and type-checking.
type pkg struct {
	*listed
	main bool // belongs to a main module: analysed
	full bool // parsed and checked with function bodies
	root string

	fset  *token.FileSet
	files []*ast.File
	text  [][]byte // source of each file; main packages only
	lines int
	needs map[string]*pkg // by the import path as written in the source

	types *types.Package
	info  *types.Info
	// errs are reasons why the package's types cannot be trusted. For a
	// dependency they only say that something was left out.
	errs []rules.Gap

	waiting int    // imports not yet checked
	users   []*pkg // packages that wait for this one
	height  int    // longest chain of users, to start long chains first
}

// A loader holds what the packages of one unit share.
type loader struct {
	root    string // of the tree, to make paths relative
	fset    *token.FileSet
	pkgs    map[string]*pkg
	order   []*pkg // as listed: dependencies before dependents
	sizes   types.Sizes
	workers int
}

// newLoader takes the packages of a unit. Packages for which full answers true
// keep their function bodies; packages of main modules for which it answers
// false, and all dependencies, are loaded as declarations only, and only if
// something that is loaded needs them.
func newLoader(root string, u *unit, list []*listed, env goEnv, workers int, full func(*listed) bool) *loader {
	l := &loader{
		root:    root,
		fset:    token.NewFileSet(),
		pkgs:    make(map[string]*pkg, len(list)),
		sizes:   types.SizesFor("gc", env.GOARCH),
		workers: workers,
	}
	for _, p := range list {
		q := &pkg{listed: p, main: isMain(u, p), full: full(p), root: root, fset: l.fset}
		l.pkgs[p.ImportPath] = q
		l.order = append(l.order, q)
	}
	return l
}

// isMain reports whether a listed package belongs to one of the unit's modules.
func isMain(u *unit, p *listed) bool {
	if p.Standard || p.Module == nil || p.DepOnly && !p.Module.Main {
		return false
	}
	return slices.ContainsFunc(u.modules, func(m *module) bool { return m.path == p.Module.Path })
}

// sources names the package's Go files that the build would use.
func (p *listed) sources() []string { return slices.Concat(p.GoFiles, p.CgoFiles) }

// parse reads the full packages and, from them down, every declaration that
// they need.
func (l *loader) parse(ctx context.Context) error {
	var (
		mu     sync.Mutex
		more   = sync.NewCond(&mu)
		queue  []*pkg
		queued = map[*pkg]bool{}
		active int
	)
	push := func(p *pkg) {
		if !queued[p] {
			queued[p] = true
			queue = append(queue, p)
		}
	}
	for _, p := range l.order {
		if p.full {
			push(p)
		}
	}
	stop := context.AfterFunc(ctx, func() { mu.Lock(); more.Broadcast(); mu.Unlock() })
	defer stop()
	var wg sync.WaitGroup
	for range l.workers {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			for {
				for len(queue) == 0 && active > 0 && ctx.Err() == nil {
					more.Wait()
				}
				if len(queue) == 0 || ctx.Err() != nil {
					more.Broadcast()
					return
				}
				p := queue[len(queue)-1]
				queue = queue[:len(queue)-1]
				active++
				mu.Unlock()
				l.parsePackage(p)
				mu.Lock()
				active--
				for _, q := range p.needs {
					push(q)
				}
				more.Broadcast()
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

// parsePackage parses the package's files and finds out which imports its
// types need.
func (l *loader) parsePackage(p *pkg) {
	p.needs = map[string]*pkg{}
	if p.ImportPath == "unsafe" {
		return
	}
	for _, base := range p.sources() {
		name := base
		if !filepath.IsAbs(name) {
			name = filepath.Join(p.Dir, base)
		}
		src, err := os.ReadFile(name)
		if err != nil {
			p.fail(p.location(token.Position{Filename: name}), fmt.Sprintf("cannot be read: %v", errors.Unwrap(err)))
			continue
		}
		mode := parser.SkipObjectResolution
		switch {
		case p.full && p.main:
			src = plainPositions(src)
			// gosec resolves identifiers through the parser's old objects, and
			// suppressions are comments.
			mode = parser.ParseComments
		case !p.full, slices.Contains(p.CgoFiles, base):
			// Bodies that use C have no types without running cgo.
			src = cutBodies(src)
		}
		f, err := parser.ParseFile(l.fset, name, src, mode|parser.AllErrors)
		if err != nil && p.main {
			syntaxErrors(p, name, err)
		}
		if f == nil {
			continue
		}
		if p.full {
			p.lines += l.fset.File(f.FileStart).LineCount()
		}
		p.files = append(p.files, f)
		if p.main && p.full {
			p.text = append(p.text, src)
		}
	}
	if !p.full {
		prune(p.files, l.nameOf(p))
	}
	for _, f := range p.files {
		for _, spec := range f.Imports {
			path := importPath(spec)
			if path == "" || path == "C" {
				continue
			}
			if q := l.resolve(p, path); q != nil {
				p.needs[path] = q
			}
		}
	}
}

// plainPositions takes the effect of //line and /*line comments out of a source
// without moving a byte: a finding must point at the file it is in, and no
// comment may move it to a line where it is excused.
func plainPositions(src []byte) []byte {
	if !bytes.Contains(src, []byte("//line ")) && !bytes.Contains(src, []byte("/*line ")) {
		return src
	}
	src = bytes.ReplaceAll(src, []byte("\n//line "), []byte("\n//Line "))
	if bytes.HasPrefix(src, []byte("//line ")) {
		src = append([]byte("//Line "), src[len("//line "):]...)
	}
	return bytes.ReplaceAll(src, []byte("/*line "), []byte("/*Line "))
}

// resolve finds the package that path means inside p; nil when it was not
// listed.
func (l *loader) resolve(p *pkg, path string) *pkg {
	if mapped, ok := p.ImportMap[path]; ok {
		path = mapped
	}
	return l.pkgs[path]
}

// nameOf returns a function that tells the name under which p's files use an
// import.
func (l *loader) nameOf(p *pkg) func(spec *ast.ImportSpec) string {
	return func(spec *ast.ImportSpec) string {
		if spec.Name != nil {
			return spec.Name.Name
		}
		if q := l.resolve(p, importPath(spec)); q != nil && q.Name != "" {
			return q.Name
		}
		return "." // not known: keep it
	}
}

func importPath(spec *ast.ImportSpec) string {
	if n := len(spec.Path.Value); n > 2 {
		return spec.Path.Value[1 : n-1]
	}
	return ""
}

// prune removes from body-less files what no importer can see through a type:
// initial values where the type stands beside them, unexported variables and
// functions that no kept declaration mentions, and the imports that nothing is
// left to use. Exported declarations, all types and all methods stay.
func prune(files []*ast.File, nameOf func(*ast.ImportSpec) string) {
	// Only initial values of variables mention variables and functions: bodies
	// are gone, and types and constants cannot.
	mentioned := map[string]bool{}
	var open []*ast.ValueSpec // variables nothing has mentioned yet
	keep := func(v *ast.ValueSpec) {
		for _, x := range v.Values {
			mention(x, mentioned)
		}
	}
	for _, f := range files {
		for _, d := range f.Decls {
			if d, ok := d.(*ast.GenDecl); ok && d.Tok == token.VAR {
				for _, s := range d.Specs {
					v := s.(*ast.ValueSpec)
					emptyValues(v)
					if slices.ContainsFunc(v.Names, (*ast.Ident).IsExported) {
						keep(v)
					} else {
						open = append(open, v)
					}
				}
			}
		}
	}
	needed := func(v *ast.ValueSpec) bool {
		return slices.ContainsFunc(v.Names, func(n *ast.Ident) bool { return n.IsExported() || mentioned[n.Name] })
	}
	for before := -1; before != len(open); {
		before = len(open)
		open = slices.DeleteFunc(open, func(v *ast.ValueSpec) bool {
			if needed(v) {
				keep(v)
				return true
			}
			return false
		})
	}
	for _, f := range files {
		for _, d := range f.Decls {
			if d, ok := d.(*ast.GenDecl); ok && d.Tok == token.VAR {
				d.Specs = slices.DeleteFunc(d.Specs, func(s ast.Spec) bool { return !needed(s.(*ast.ValueSpec)) })
			}
		}
		f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool {
			fn, ok := d.(*ast.FuncDecl)
			return ok && fn.Recv == nil && !fn.Name.IsExported() && !mentioned[fn.Name.Name]
		})
		used := map[string]bool{}
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); !ok || g.Tok != token.IMPORT {
				qualifiers(d, used)
			}
		}
		unused := func(spec *ast.ImportSpec) bool {
			name := nameOf(spec)
			return name != "." && !used[name]
		}
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
				g.Specs = slices.DeleteFunc(g.Specs, func(s ast.Spec) bool { return unused(s.(*ast.ImportSpec)) })
			}
		}
		f.Imports = slices.DeleteFunc(f.Imports, unused)
		// The type-checker does not expect a declaration of nothing.
		f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool {
			g, ok := d.(*ast.GenDecl)
			return ok && len(g.Specs) == 0
		})
	}
}

// emptyValues drops what does not decide the type of a variable: a value beside
// a written type, and the elements of a composite literal (tables of many
// thousand lines are common) unless their number is the length of an array.
func emptyValues(v *ast.ValueSpec) {
	if v.Type != nil {
		v.Values = nil
		return
	}
	for _, x := range v.Values {
		if u, ok := x.(*ast.UnaryExpr); ok && u.Op == token.AND {
			x = u.X
		}
		if lit, ok := x.(*ast.CompositeLit); ok {
			if a, ok := lit.Type.(*ast.ArrayType); ok && a.Len != nil {
				if _, counted := a.Len.(*ast.Ellipsis); counted {
					continue
				}
			}
			lit.Elts = nil
		}
	}
}

// mention notes every plain identifier below n outside function bodies, which
// the type-checker does not look into.
func mention(n ast.Node, names map[string]bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			names[n.Name] = true
		case *ast.FuncLit:
			mention(n.Type, names)
			return false
		}
		return true
	})
}

// qualifiers notes every identifier that is used as x in x.Sel below n, outside
// function bodies.
func qualifiers(n ast.Node, names map[string]bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok {
				names[x.Name] = true
				return false
			}
		case *ast.BlockStmt:
			return false
		}
		return true
	})
}

// check type-checks everything parsed, dependencies first, on all workers. As
// soon as a full package is checked, done is called for it on the same worker.
func (l *loader) check(ctx context.Context, done func(*pkg)) error {
	var ready []*pkg
	left := 0
	for _, p := range l.order {
		if p.needs == nil {
			continue
		}
		left++
		seen := map[*pkg]bool{}
		for _, q := range p.needs {
			if q != p && !seen[q] {
				seen[q] = true
				q.users = append(q.users, p)
				p.waiting++
			}
		}
	}
	for _, p := range slices.Backward(l.order) { // dependents come after their dependencies
		for _, u := range p.users {
			p.height = max(p.height, u.height+1)
		}
		if p.needs != nil && p.waiting == 0 {
			ready = append(ready, p)
		}
	}
	var (
		mu     sync.Mutex
		more   = sync.NewCond(&mu)
		active int
	)
	stop := context.AfterFunc(ctx, func() { mu.Lock(); more.Broadcast(); mu.Unlock() })
	defer stop()
	var wg sync.WaitGroup
	for range l.workers {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			for {
				for len(ready) == 0 && active > 0 && ctx.Err() == nil {
					more.Wait()
				}
				if len(ready) == 0 || ctx.Err() != nil {
					more.Broadcast()
					return
				}
				next := 0
				for i, p := range ready {
					if p.height > ready[next].height {
						next = i
					}
				}
				p := ready[next]
				ready[next] = ready[len(ready)-1]
				ready = ready[:len(ready)-1]
				active++
				mu.Unlock()
				l.checkPackage(p)
				if !p.full {
					p.files = nil
				}
				mu.Lock()
				left--
				for _, u := range p.users {
					if u.waiting--; u.waiting == 0 {
						ready = append(ready, u)
					}
				}
				more.Broadcast()
				if p.full {
					mu.Unlock()
					done(p)
					mu.Lock()
				}
				active--
				more.Broadcast()
			}
		})
	}
	wg.Wait()
	if ctx.Err() == nil && left > 0 {
		for _, p := range l.order {
			if p.needs != nil && p.waiting > 0 {
				p.fail(rules.Location{}, "is part of an import cycle, or imports a package that is; break the cycle")
			}
		}
	}
	return ctx.Err()
}

// checkPackage type-checks one package whose imports are checked.
func (l *loader) checkPackage(p *pkg) {
	if p.ImportPath == "unsafe" {
		p.types = types.Unsafe
		return
	}
	conf := types.Config{
		Importer:         importer{l, p},
		Sizes:            l.sizes,
		IgnoreFuncBodies: !p.full,
		FakeImportC:      true,
		Error:            func(error) {},
	}
	if p.full {
		p.info = &types.Info{
			Types:        map[ast.Expr]types.TypeAndValue{},
			Defs:         map[*ast.Ident]types.Object{},
			Uses:         map[*ast.Ident]types.Object{},
			Implicits:    map[ast.Node]types.Object{},
			Instances:    map[*ast.Ident]types.Instance{},
			Selections:   map[*ast.SelectorExpr]*types.Selection{},
			Scopes:       map[ast.Node]*types.Scope{},
			FileVersions: map[*ast.File]string{},
		}
		conf.Error = func(err error) { l.typeError(p, err) }
	}
	if p.main && p.Module != nil && p.Module.GoVersion != "" {
		conf.GoVersion = "go" + p.Module.GoVersion
	}
	if p.main && p.listed.Error != nil {
		// What the go command says is the cause; what the types lack follows.
		p.errs = nil
		p.fail(rules.Location{}, "does not build: "+p.listError())
		conf.Error = func(error) {}
	}
	func() {
		defer func() {
			if r := recover(); r != nil {
				p.fail(rules.Location{}, fmt.Sprintf("the type-checker failed on it: %v; please report this", r))
			}
		}()
		p.types, _ = conf.Check(p.ImportPath, l.fset, p.files, p.info)
	}()
	if p.types == nil {
		p.types = types.NewPackage(p.ImportPath, p.Name)
	}
	if p.main && p.full && p.listed.Error == nil {
		p.linkErrors()
	}
	// An importer must not refuse a dependency for what was left out of it.
	p.types.MarkComplete()
}

// linkErrors finds what the compiler and linker refuse and the type-checker
// does not.
func (p *pkg) linkErrors() {
	if p.Name == "main" && p.types.Scope().Lookup("main") == nil {
		p.fail(rules.Location{}, "does not build: package main has no function main")
	}
	for path, q := range p.needs {
		if q.Name == "main" {
			p.fail(rules.Location{}, "does not build: it imports "+printable(path)+", which is a program")
		}
	}
	if len(p.SFiles) > 0 {
		return // bodies may be in assembly
	}
	for i, f := range p.files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if ok && fn.Body == nil && i < len(p.text) && !bytes.Contains(p.text[i], []byte("//go:linkname "+fn.Name.Name)) {
				p.fail(p.location(position(p.fset, fn.Pos())), "does not build: function "+fn.Name.Name+" has no body")
			}
		}
	}
}

// An importer resolves the imports of one package.
type importer struct {
	l *loader
	p *pkg
}

func (i importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	q := i.l.resolve(i.p, path)
	switch {
	case q == nil:
		return nil, fmt.Errorf("package %s was not found", path)
	case q.types == nil:
		return nil, fmt.Errorf("package %s could not be loaded", path)
	case q.listed.Error != nil && len(q.sources()) == 0:
		return nil, errors.New(q.listError())
	}
	return q.types, nil
}

// maxErrors bounds how many reasons a package lists: the first ones tell.
const maxErrors = 5

func (p *pkg) fail(at rules.Location, reason string) {
	if len(p.errs) < maxErrors {
		p.errs = append(p.errs, rules.Gap{Subject: p.ImportPath, Reason: reason, Location: at})
	}
}

func syntaxErrors(p *pkg, name string, err error) {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		p.fail(p.location(token.Position{Filename: name}), p.withoutLiterals(oneLine(err.Error())))
		return
	}
	for _, e := range list {
		p.fail(p.location(e.Pos), "does not parse: "+p.withoutLiterals(oneLine(e.Msg)))
	}
}

func (l *loader) typeError(p *pkg, err error) {
	var te types.Error
	if !errors.As(err, &te) {
		p.fail(rules.Location{}, printable(err.Error()))
		return
	}
	p.fail(p.location(position(l.fset, te.Pos)), "does not compile: "+p.withoutLiterals(oneLine(te.Msg)))
}

// location makes a position relative to the tree. A file outside it (of a
// dependency) is named by its package.
func (p *pkg) location(pos token.Position) rules.Location {
	rel, err := filepath.Rel(p.root, pos.Filename)
	if err != nil || !filepath.IsLocal(rel) {
		rel = p.ImportPath + "/" + filepath.Base(pos.Filename)
	}
	return rules.Location{Path: printable(filepath.ToSlash(rel)), Line: pos.Line, Column: pos.Column}
}

// withoutLiterals takes quoted text out of a compiler message, because it may be
// a secret; import paths stay.
func (p *pkg) withoutLiterals(s string) string {
	return quoted.ReplaceAllStringFunc(s, func(lit string) string {
		if slices.Contains(p.Imports, strings.Trim(lit, "\"`")) {
			return lit
		}
		return lit[:1] + "…" + lit[len(lit)-1:]
	})
}

var quoted = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`")

// listError is what the go command said of the package, without the name of the
// folder that happened to be scanned.
func (p *pkg) listError() string {
	text := strings.ReplaceAll(p.listed.Error.Err, p.root+string(filepath.Separator), "")
	return oneLine(strings.ReplaceAll(text, p.root, "."))
}

// oneLine folds a message of the go command or the compiler into one safe line.
func oneLine(s string) string {
	line := printable(strings.TrimSuffix(strings.Join(strings.Fields(firstLine(s)), " "), "; to add it:"))
	if strings.Contains(line, "module lookup disabled by GOPROXY=off") {
		line += "; run `go mod download`, or scan once without --offline"
	}
	return line
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// workers returns how many goroutines share CPU-bound work.
func workers(concurrency int) int {
	if concurrency > 0 {
		return concurrency
	}
	return runtime.GOMAXPROCS(0)
}
