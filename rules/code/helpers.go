package code

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"
)

// importsAny reports whether the package imports a path that satisfies gate.
func importsAny(p *types.Package, gate func(path string) bool) bool {
	for _, imp := range p.Imports() {
		if gate(cleanPath(imp.Path())) {
			return true
		}
	}
	return false
}

var majorVersion = regexp.MustCompile(`(/v[0-9]+)(/|$)|\.v[0-9]+(/|$)`)

// cleanPath returns an import path without a vendor prefix and without major
// versions, so that one entry of a table serves every version of a module:
// "x.org/vendor/github.com/jackc/pgx/v5/pgxpool" is "github.com/jackc/pgx/pgxpool".
func cleanPath(p string) string {
	if i := strings.LastIndex(p, "/vendor/"); i >= 0 {
		p = p[i+len("/vendor/"):]
	}
	p = strings.TrimPrefix(p, "vendor/")
	// The standard library's "math/rand/v2" keeps its version: it is another
	// package, not another release.
	if !strings.Contains(p, ".") || !mayHaveVersion(p) {
		return p
	}
	return majorVersion.ReplaceAllString(p, "$2$3")
}

// mayHaveVersion reports whether a digit follows "/v" or ".v". It saves most
// paths from the regular expression.
func mayHaveVersion(p string) bool {
	for i := 1; i+1 < len(p); i++ {
		if p[i] == 'v' && (p[i-1] == '/' || p[i-1] == '.') && p[i+1] >= '0' && p[i+1] <= '9' {
			return true
		}
	}
	return false
}

// paths returns a gate that is true for the given clean import paths.
func paths(list ...string) func(string) bool {
	set := map[string]bool{}
	for _, p := range list {
		set[p] = true
	}
	return func(p string) bool { return set[p] }
}

// pathOf returns the clean path of a package, cached; "" for the universe.
func (p *pkg) pathOf(t *types.Package) string {
	if t == nil {
		return ""
	}
	s, ok := p.cleaned[t]
	if !ok {
		s = cleanPath(t.Path())
		p.cleaned[t] = s
	}
	return s
}

// A call is one call of a function whose name is known when compiling: a
// function, a method of a named type, or a method of an interface.
type call struct {
	instr ssa.CallInstruction
	fn    *types.Func
	path  string // clean import path
	recv  string // name of the receiver's type without pointer; "" for functions
	name  string
	on    ssa.Value   // receiver; nil for functions
	args  []ssa.Value // without receiver; a variadic's rest is one slice
}

// A symbol names a function or method for tables: clean path, receiver's type
// name or "", name.
type symbol struct{ path, recv, name string }

func (c *call) symbol() symbol { return symbol{c.path, c.recv, c.name} }

// symbols indexes a table whose keys are written "path Name" or
// "path Recv.Name".
func symbols[V any](table map[string]V) map[symbol]V {
	out := make(map[symbol]V, len(table))
	for key, v := range table {
		path, callee, _ := strings.Cut(key, " ")
		recv, name, ok := strings.Cut(callee, ".")
		if !ok {
			recv, name = "", callee
		}
		out[symbol{path, recv, name}] = v
	}
	return out
}

// packagesOf returns the paths a table's symbols belong to.
func packagesOf[V any](tables ...map[symbol]V) map[string]bool {
	out := map[string]bool{}
	for _, t := range tables {
		for s := range t {
			out[s.path] = true
		}
	}
	return out
}

// is reports whether the call is of path.name, or of path.recv.name when the
// callee is "recv.name".
func (c *call) is(path, callee string) bool { return c.path == path && c.callee() == callee }

// callee is "Name" or "Recv.Name".
func (c *call) callee() string {
	if c.recv == "" {
		return c.name
	}
	return c.recv + "." + c.name
}

// asCall describes a call instruction, or returns nil when the callee's name is
// not known or want rejects its package.
func (p *pkg) asCall(instr ssa.CallInstruction, want func(path string) bool) *call {
	if c, known := p.described[instr]; known {
		if c == nil || want != nil && !want(c.path) {
			return nil
		}
		return c
	}
	common := instr.Common()
	var fn *types.Func
	if common.IsInvoke() {
		fn = common.Method
	} else if f := common.StaticCallee(); f != nil {
		if f.Origin() != nil {
			f = f.Origin()
		}
		fn, _ = f.Object().(*types.Func)
	}
	if fn == nil || fn.Pkg() == nil {
		return nil
	}
	path := p.pathOf(fn.Pkg())
	if want != nil && !want(path) {
		return nil
	}
	c := &call{instr: instr, fn: fn, path: path, recv: receiverName(fn), name: fn.Name(), args: common.Args}
	switch {
	case common.IsInvoke():
		c.on = common.Value
		if n, ok := types.Unalias(common.Value.Type()).(*types.Named); ok && n.Obj().Pkg() == fn.Pkg() {
			c.recv = n.Obj().Name()
		}
	case fn.Signature().Recv() != nil && len(common.Args) > 0:
		c.on, c.args = common.Args[0], common.Args[1:]
	}
	return c
}

// receiverName returns the name of a method's receiver type, or "".
func receiverName(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return ""
	}
	return typeName(recv.Type())
}

// typeName returns the name of a named type behind pointers, or "".
func typeName(t types.Type) string {
	if n := namedType(t); n != nil {
		return n.Obj().Name()
	}
	return ""
}

// namedType returns the named type behind pointers and aliases, or nil.
func namedType(t types.Type) *types.Named {
	for {
		switch u := types.Unalias(t).(type) {
		case *types.Pointer:
			t = u.Elem()
		case *types.Named:
			return u
		default:
			return nil
		}
	}
}

// isType reports whether t, behind pointers, is path.name.
func (p *pkg) isType(t types.Type, path, name string) bool {
	n := namedType(t)
	return n != nil && n.Obj().Name() == name && n.Obj().Pkg() != nil && p.pathOf(n.Obj().Pkg()) == path
}

// eachCall visits every call, in source functions and in initialisers, whose
// callee lives in a package that want accepts.
func (p *pkg) eachCall(want func(path string) bool, do func(*call)) {
	p.indexNamed()
	if want == nil {
		for _, c := range p.named {
			do(c.call)
		}
		return
	}
	wanted := make([]bool, len(p.namedPaths))
	for i, path := range p.namedPaths {
		wanted[i] = want(path)
	}
	if !slices.Contains(wanted, true) {
		return
	}
	for _, c := range p.named {
		if wanted[c.path] {
			do(c.call)
		}
	}
}

// A namedCall is a call with the number of its path in pkg.namedPaths.
type namedCall struct {
	*call
	path int
}

// indexNamed describes the package's calls once for all who look for some.
func (p *pkg) indexNamed() {
	if p.named != nil {
		return
	}
	defer p.building("named calls")()
	p.named, p.described = []namedCall{}, map[ssa.CallInstruction]*call{}
	numbers := map[string]int{}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		ci, ok := instr.(ssa.CallInstruction)
		if !ok {
			return
		}
		c := p.asCall(ci, nil)
		p.described[ci] = c
		if c == nil {
			return
		}
		n, known := numbers[c.path]
		if !known {
			n = len(p.namedPaths)
			numbers[c.path] = n
			p.namedPaths = append(p.namedPaths, c.path)
		}
		p.named = append(p.named, namedCall{c, n})
	})
}

// eachInstr visits every instruction of the package outside test support files.
func (p *pkg) eachInstr(do func(*ssa.Function, ssa.Instruction)) {
	for _, fn := range p.funcs() {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				do(fn, instr)
			}
		}
	}
}

// funcs returns the source functions, closures included, and the package's
// initialiser, without those in test support files.
func (p *pkg) funcs() []*ssa.Function {
	if p.allFuncs != nil {
		return p.allFuncs
	}
	p.allFuncs = []*ssa.Function{}
	seen := map[*ssa.Function]bool{}
	var add func(fn *ssa.Function)
	add = func(fn *ssa.Function) {
		if fn == nil || seen[fn] {
			return
		}
		seen[fn] = true
		if fn.Pos().IsValid() && p.support[p.fset.File(fn.Pos())] {
			return
		}
		p.allFuncs = append(p.allFuncs, fn)
		for _, a := range fn.AnonFuncs {
			add(a)
		}
	}
	for _, fn := range p.ssa.SrcFuncs {
		add(fn)
	}
	add(p.ssa.Pkg.Func("init"))
	return p.allFuncs
}

// astCallee resolves the callee of a call expression to its clean path, its
// receiver's name and its name.
func (p *pkg) astCallee(e *ast.CallExpr) (path, recv, name string) {
	fn, ok := typeutil.Callee(p.info, e).(*types.Func)
	if !ok || fn.Pkg() == nil {
		return "", "", ""
	}
	return p.pathOf(fn.Pkg()), receiverName(fn), fn.Name()
}

// callAt returns the call expression whose opening parenthesis is at pos.
func (p *pkg) callAt(pos token.Pos) *ast.CallExpr {
	if !pos.IsValid() {
		return nil
	}
	cur, ok := p.insp.Root().FindByPos(pos, pos+1)
	if !ok {
		return nil
	}
	for c := range cur.Enclosing((*ast.CallExpr)(nil)) {
		if e := c.Node().(*ast.CallExpr); e.Lparen == pos {
			return e
		}
	}
	return nil
}

// region returns the source region of a call, or of its i-th argument in the
// source when i >= 0 and there is one.
func (p *pkg) region(instr ssa.CallInstruction, i int) (token.Pos, token.Pos) {
	pos := instr.Common().Pos()
	if e := p.callAt(pos); e != nil {
		if i >= 0 && i < len(e.Args) {
			return e.Args[i].Pos(), e.Args[i].End()
		}
		return e.Pos(), e.End()
	}
	if !pos.IsValid() {
		pos = instr.Pos()
	}
	return pos, pos + 1
}

// hit builds a hit at a call, or at its i-th argument when i >= 0.
func (p *pkg) hit(rule string, instr ssa.CallInstruction, i int, message string, steps ...Step) Hit {
	pos, end := p.region(instr, i)
	return Hit{Rule: rule, Pos: pos, End: end, Message: message, Steps: steps}
}

// hitNode builds a hit at a syntax node.
func hitNode(rule string, n ast.Node, message string, steps ...Step) Hit {
	return Hit{Rule: rule, Pos: n.Pos(), End: n.End(), Message: message, Steps: steps}
}

// constString returns the constant string an expression has.
func (p *pkg) constString(e ast.Expr) (string, bool) {
	tv, ok := p.info.Types[e]
	if !ok || tv.Value == nil || tv.Value.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(tv.Value), true
}

// constInt returns the constant integer an expression has.
func (p *pkg) constInt(e ast.Expr) (int64, bool) {
	tv, ok := p.info.Types[e]
	if !ok || tv.Value == nil {
		return 0, false
	}
	v := constant.ToInt(tv.Value)
	if v.Kind() != constant.Int {
		return 0, false
	}
	return constant.Int64Val(v)
}

// bare strips parentheses, conversions, address-of and stars from an
// expression: []byte(x), string(x), *x, &x are all about x.
func (p *pkg) bare(e ast.Expr) ast.Expr {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.UnaryExpr:
			if x.Op != token.AND {
				return x
			}
			e = x.X
		case *ast.CallExpr:
			if tv, ok := p.info.Types[x.Fun]; !ok || !tv.IsType() || len(x.Args) != 1 {
				return x
			}
			e = x.Args[0]
		case *ast.SliceExpr:
			e = x.X
		default:
			return x
		}
	}
}

// nameOf returns the name an expression goes by: an identifier, a field, a
// constant map key, a called getter's name; "" when it has none.
func (p *pkg) nameOf(e ast.Expr) string {
	switch x := p.bare(e).(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	case *ast.IndexExpr:
		if s, ok := p.constString(x.Index); ok {
			return s
		}
	}
	return ""
}

// objectOf returns the variable an expression stands for: an identifier's or a
// field's; nil otherwise.
func (p *pkg) objectOf(e ast.Expr) *types.Var {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ := p.info.ObjectOf(x).(*types.Var)
		return v
	case *ast.SelectorExpr:
		v, _ := p.info.ObjectOf(x.Sel).(*types.Var)
		return v
	}
	return nil
}

// isText reports whether t is a string, a byte slice or a byte array.
func isText(t types.Type) bool {
	if t == nil {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0
	case *types.Slice:
		return isByte(u.Elem())
	case *types.Array:
		return isByte(u.Elem())
	case *types.Pointer:
		b, ok := u.Elem().Underlying().(*types.Basic)
		return ok && b.Info()&types.IsString != 0
	}
	return false
}

func isByte(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && (b.Kind() == types.Uint8 || b.Kind() == types.Int32)
}

// sourceFiles visits the syntax of every file that is not test support.
func (p *pkg) sourceFiles() []*ast.File {
	var out []*ast.File
	for _, f := range p.files {
		if !p.support[p.fset.File(f.FileStart)] {
			out = append(out, f)
		}
	}
	return out
}
