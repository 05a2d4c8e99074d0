package code

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"
)

// Bounds of the secret model: far above what hand-written logging needs.
const (
	maxSecretDepth = 10
	maxSecretSteps = 400
)

// secretFlow answers whether an expression shows a secret. It reads syntax, not
// SSA, because there local variables still have their names, and names are what
// tells a secret. Inside one package it follows assignments, fields of one
// value, parameters to the callers and calls to what they return.
//
//	expression ──► name, header, environment, type ──► secretUse, with steps
//	           └─► redact/mask/hash/…, len, comparison, a prefix ──► nothing
//
// It knows no paths: a variable that is masked anywhere counts as masked, since
// a false alarm costs more than a miss. Its index is built on the first
// question and lives as long as the package is analysed.
type secretFlow struct {
	p     *pkg
	defs  map[*types.Var][]secretDef
	decls map[*types.Func]*ast.FuncDecl
	dumps map[types.Type]dumped
	// lexical is true in packages about languages, where a token is a word.
	lexical bool
	// kubernetes is true where a secret is mostly the name of an object.
	kubernetes bool
}

// A secretDef is one place that gives a variable, field or parameter a value.
type secretDef struct {
	expr   ast.Expr
	result int           // which result of expr, when it is a call
	ranged bool          // an element of expr
	base   *types.Var    // whose field is set: v in v.f = expr
	call   *ast.CallExpr // the call that passes expr as an argument
}

// secretModel returns the package's secret model.
func (p *pkg) secretModel() *secretFlow {
	if p.secrets == nil {
		p.secrets = newSecretFlow(p)
	}
	return p.secrets
}

func newSecretFlow(p *pkg) *secretFlow {
	s := &secretFlow{p: p, defs: map[*types.Var][]secretDef{}, decls: map[*types.Func]*ast.FuncDecl{}, dumps: map[types.Type]dumped{}}
	s.lexical = lexicalPackage(p.types)
	s.kubernetes = p.importsPath("k8s.io", "sigs.k8s.io") || SplitName(p.types.Path()).Has("kubernetes", "k8s")
	for _, f := range p.sourceFiles() {
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok {
				if fn, ok := p.info.Defs[fd.Name].(*types.Func); ok {
					s.decls[fn] = fd
				}
			}
		}
	}
	for cur := range p.insp.Root().Preorder((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil), (*ast.RangeStmt)(nil), (*ast.CompositeLit)(nil), (*ast.CallExpr)(nil)) {
		switch x := cur.Node().(type) {
		case *ast.AssignStmt:
			s.assign(x.Lhs, x.Rhs)
		case *ast.ValueSpec:
			lhs := make([]ast.Expr, len(x.Names))
			for i, id := range x.Names {
				lhs[i] = id
			}
			s.assign(lhs, x.Values)
		case *ast.RangeStmt:
			if x.Value != nil {
				s.define(x.Value, secretDef{expr: x.X, ranged: true})
			} else if x.Key != nil && p.info.TypeOf(x.X) != nil {
				if _, ok := p.info.TypeOf(x.X).Underlying().(*types.Chan); ok {
					s.define(x.Key, secretDef{expr: x.X, ranged: true})
				}
			}
		case *ast.CompositeLit:
			s.literal(x)
		case *ast.CallExpr:
			s.arguments(x)
		}
	}
	return s
}

func (s *secretFlow) assign(lhs, rhs []ast.Expr) {
	for i, l := range lhs {
		switch {
		case len(rhs) == len(lhs):
			s.define(l, secretDef{expr: rhs[i]})
		case len(rhs) == 1:
			s.define(l, secretDef{expr: rhs[0], result: i})
		}
	}
}

func (s *secretFlow) define(l ast.Expr, d secretDef) {
	v := s.p.objectOf(l)
	if v == nil {
		return
	}
	if sel, ok := ast.Unparen(l).(*ast.SelectorExpr); ok {
		d.base = s.p.objectOf(s.p.bare(sel.X))
	}
	v = v.Origin()
	s.defs[v] = append(s.defs[v], d)
}

// literal records the fields of a struct literal.
func (s *secretFlow) literal(x *ast.CompositeLit) {
	st := structOf(s.p.info.TypeOf(x))
	if st == nil {
		return
	}
	for i, el := range x.Elts {
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				if v, ok := s.p.info.ObjectOf(id).(*types.Var); ok {
					s.defs[v.Origin()] = append(s.defs[v.Origin()], secretDef{expr: kv.Value})
				}
			}
		} else if i < st.NumFields() {
			v := st.Field(i).Origin()
			s.defs[v] = append(s.defs[v], secretDef{expr: el})
		}
	}
}

// arguments records what calls of this package's functions pass.
func (s *secretFlow) arguments(x *ast.CallExpr) {
	fn := s.p.callee(x)
	if fn == nil || fn.Pkg() != s.p.types {
		return
	}
	params := fn.Signature().Params()
	for i, a := range x.Args {
		j := i
		if fn.Signature().Variadic() && j >= params.Len()-1 {
			j = params.Len() - 1
		}
		if j >= 0 && j < params.Len() {
			v := params.At(j).Origin()
			s.defs[v] = append(s.defs[v], secretDef{expr: a, call: x})
		}
	}
}

// callee returns the function or method a call names, or nil.
func (p *pkg) callee(x *ast.CallExpr) *types.Func {
	var id *ast.Ident
	switch f := ast.Unparen(x.Fun).(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	case *ast.IndexExpr:
		switch g := f.X.(type) {
		case *ast.Ident:
			id = g
		case *ast.SelectorExpr:
			id = g.Sel
		}
	}
	if id == nil {
		return nil
	}
	fn, _ := p.info.Uses[id].(*types.Func)
	if fn != nil {
		fn = fn.Origin()
	}
	return fn
}

func structOf(t types.Type) *types.Struct {
	if t == nil {
		return nil
	}
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	st, _ := t.Underlying().(*types.Struct)
	return st
}

// A secretUse is a secret found inside an expression.
type secretUse struct {
	name  string // how a reader knows it: "cfg.Token", "the Authorization header"
	words Name   // the words of its name
	expr  ast.Expr
	doubt bool // it may be a secret; a person should look
	steps []Step
}

// A secretAsk is one question to the model.
type secretAsk struct {
	*secretFlow
	// byName judges a name; owner is the name of what a field belongs to.
	byName func(n, owner Name) sensitivity
	// personal asks for personal data instead of secrets: headers, dumps and
	// environment variables do not count.
	personal bool
	// tagged says that values are written as JSON, so that `json:"-"` and
	// unexported fields stay hidden.
	tagged bool
	// noDumps leaves whole structs out.
	noDumps bool
	steps   int
}

// A secretFrame binds the parameters of a function that is looked into to the
// arguments of the call at hand.
type secretFrame struct {
	args  map[*types.Var]ast.Expr
	outer *secretFrame
	depth int
}

// ask starts a question about secrets.
func (s *secretFlow) ask() *secretAsk {
	return &secretAsk{secretFlow: s, byName: func(n, owner Name) sensitivity { return secretByName(n) }}
}

// in returns the secret an expression shows, or nil.
func (q *secretAsk) in(e ast.Expr) *secretUse {
	q.steps = 0
	u := q.walk(e, 0, nil)
	if u != nil && len(u.steps) == 0 {
		u.steps = []Step{{u.expr.Pos(), q.describe(u)}}
	}
	return u
}

func (q *secretAsk) describe(u *secretUse) string {
	switch {
	case q.personal:
		return u.name + " is personal data"
	case u.doubt:
		return u.name + " may be a secret"
	}
	return u.name + " is a secret"
}

func (q *secretAsk) walk(e ast.Expr, depth int, fr *secretFrame) *secretUse {
	q.steps++
	if e == nil || depth > maxSecretDepth || q.steps > maxSecretSteps {
		return nil
	}
	tv := q.p.info.Types[e]
	if tv.Value != nil || tv.IsNil() || tv.IsType() {
		return nil
	}
	if u, done := q.byType(e, tv.Type); done {
		return u
	}
	switch x := e.(type) {
	case *ast.ParenExpr:
		return q.walk(x.X, depth, fr)
	case *ast.StarExpr:
		return q.walk(x.X, depth, fr)
	case *ast.UnaryExpr:
		if x.Op == token.AND {
			return q.walk(x.X, depth, fr)
		}
	case *ast.TypeAssertExpr:
		return q.walk(x.X, depth+1, fr)
	case *ast.BinaryExpr:
		if x.Op != token.ADD {
			return nil // a comparison or a number
		}
		if q.masks(x) {
			return nil
		}
		u := q.walk(x.X, depth+1, fr)
		if u != nil && !u.doubt {
			return u
		}
		return better(u, q.walk(x.Y, depth+1, fr))
	case *ast.Ident:
		if v, ok := q.p.info.ObjectOf(x).(*types.Var); ok {
			return q.variable(x, v, nil, depth, fr)
		}
	case *ast.SelectorExpr:
		if v, ok := q.p.info.ObjectOf(x.Sel).(*types.Var); ok {
			return q.variable(x, v, x.X, depth, fr)
		}
	case *ast.IndexExpr:
		return q.index(x, depth, fr)
	case *ast.SliceExpr:
		if !partial(q.p, x) {
			return q.walk(x.X, depth+1, fr)
		}
	case *ast.CompositeLit:
		return q.composite(x, depth, fr)
	case *ast.CallExpr:
		return q.call(x, 0, depth, fr)
	}
	return nil
}

// better returns the more certain of two findings.
func better(a, b *secretUse) *secretUse {
	if a == nil || b != nil && a.doubt && !b.doubt {
		return b
	}
	return a
}

// byType judges values that are secret by what they are. done is true when the
// type alone decides.
func (q *secretAsk) byType(e ast.Expr, t types.Type) (u *secretUse, done bool) {
	n := namedType(t)
	if q.personal || n == nil || n.Obj().Pkg() == nil {
		return nil, false
	}
	switch q.p.pathOf(n.Obj().Pkg()) + " " + n.Obj().Name() {
	case "crypto/rsa PrivateKey", "crypto/ecdsa PrivateKey", "crypto/ed25519 PrivateKey", "crypto/ecdh PrivateKey":
		return &secretUse{name: "the private key", words: Name{"private", "key"}, expr: e}, true
	case "net/http Request":
		if q.noDumps || q.hidesHeaders(e) {
			return nil, true
		}
		return &secretUse{name: "the whole request", expr: e}, true
	case "net/http Response":
		return nil, true // its headers are the other side's
	case "net/http Header":
		if q.noDumps || q.hidesHeaders(e) {
			return nil, true
		}
		u := &secretUse{name: "all headers", expr: e, doubt: true}
		if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok {
			if q.p.isType(q.p.info.TypeOf(sel.X), "net/http", "Response") {
				return nil, true
			}
			if q.p.isType(q.p.info.TypeOf(sel.X), "net/http", "Request") {
				u.name, u.doubt = "all headers of the request", false
			}
		}
		return u, true
	case "strings Builder", "bytes Buffer", "time Time", "net/url Userinfo", "go/token Token", "encoding/json Decoder", "regexp Regexp":
		return nil, true
	}
	return nil, false
}

// hidesHeaders reports whether the function around e takes the credentials out
// of the headers or names them to skip them.
func (q *secretAsk) hidesHeaders(e ast.Expr) bool {
	d := q.p.declAt(e.Pos())
	return d != nil && mentions(d, "authorization", "cookie", "redact", "sanitize", "mask", "scrub")
}

// variable judges a variable or field. sel is what the field is selected from.
func (q *secretAsk) variable(e ast.Expr, v *types.Var, sel ast.Expr, depth int, fr *secretFrame) *secretUse {
	v = v.Origin()
	t := q.p.info.TypeOf(e)
	if v.IsField() {
		if u, done := q.cookieValue(e, v, sel); done {
			return u
		}
	}
	shape := q.shapeOf(t)
	if shape == shapeNone {
		return nil
	}
	name := SplitName(v.Name())
	var owner Name
	if sel != nil {
		owner = q.ownerName(sel)
	}
	level := openValue
	if shape != shapeStruct && shape != shapeError {
		level = q.byName(name, owner)
		if level == sureSecret && shape == shapeLoose && !name.Password() {
			level = maybeSecret
		}
	}
	if level == maskedValue {
		return nil
	}
	defs := q.before(q.defsOf(v, sel, fr), e, v)
	if level >= maybeSecret {
		if v.IsField() && level == sureSecret && q.maskedSomewhere(defs) {
			level = maybeSecret // another value of the type is masked
		}
		if q.masked(v, defs, fr) || q.excusedWord(e, v, name, defs) {
			return nil
		}
		if q.p.masksItself(t) {
			return nil
		}
		u := &secretUse{name: exprName(e), words: name, expr: e, doubt: level == maybeSecret}
		if pos := setAt(defs, e); pos.IsValid() {
			u.steps = []Step{{pos, q.describe(u)}}
		}
		if u.doubt {
			if in := q.flows(e, v, defs, depth, fr); in != nil && !in.doubt {
				return in
			}
		}
		return u
	}
	// The name says nothing: what is it set to?
	for f := fr; f != nil; f = f.outer {
		if a, ok := f.args[v]; ok {
			return q.walk(a, depth+1, f.outer)
		}
	}
	if shape == shapeStruct {
		return q.dump(e, v, t, defs, depth, fr)
	}
	best := q.flows(e, v, defs, depth, fr)
	if best != nil && q.masked(v, defs, fr) {
		return nil
	}
	return best
}

// flows judges what a variable is set to.
func (q *secretAsk) flows(e ast.Expr, v *types.Var, defs []secretDef, depth int, fr *secretFrame) *secretUse {
	if v.IsField() && (v.Pkg() != q.p.types || depth > 2) {
		return nil
	}
	var best *secretUse
	for _, d := range defs {
		var u *secretUse
		switch {
		case d.expr == e:
		case d.ranged:
			u = q.ranged(d.expr, depth, fr)
		case d.call != nil && depth > 4:
		default:
			if c, ok := ast.Unparen(d.expr).(*ast.CallExpr); ok {
				u = q.call(c, d.result, depth+1, nil)
			} else if d.result == 0 {
				u = q.walk(d.expr, depth+1, nil)
			}
		}
		if u == nil {
			continue
		}
		at := Step{d.expr.Pos(), "put into " + v.Name()}
		if d.call != nil {
			at = Step{d.expr.Pos(), "passed on as " + v.Name()}
		}
		if len(u.steps) == 0 {
			u.steps = []Step{{u.expr.Pos(), q.describe(u)}}
		}
		u.steps = append(u.steps, at)
		if best = better(best, u); !best.doubt {
			break
		}
	}
	return best
}

// defsOf returns what a variable is set to. Of a field it takes the
// assignments through the same value where there are any.
func (q *secretAsk) defsOf(v *types.Var, sel ast.Expr, fr *secretFrame) []secretDef {
	defs := q.defs[v]
	if sel == nil {
		return defs
	}
	base := q.p.objectOf(q.p.bare(sel))
	if base == nil {
		return defs
	}
	var own []secretDef
	for _, d := range defs {
		if d.base == base {
			own = append(own, d)
		}
	}
	for _, d := range q.defs[base] {
		if lit, ok := q.p.bare(d.expr).(*ast.CompositeLit); ok {
			for _, el := range lit.Elts {
				if kv, ok := el.(*ast.KeyValueExpr); ok {
					if id, ok := kv.Key.(*ast.Ident); ok && id.Name == v.Name() {
						own = append(own, secretDef{expr: kv.Value})
					}
				}
			}
		}
	}
	if own != nil {
		return own
	}
	return defs
}

// before leaves out what is set after a value is used in the same function,
// where no loop or closure brings the later value back.
func (q *secretAsk) before(defs []secretDef, use ast.Expr, v *types.Var) []secretDef {
	later := func(d secretDef) bool {
		if d.expr.Pos() <= use.Pos() || d.call != nil || v.IsField() && d.base == nil {
			return false
		}
		decl := q.p.enclosing(use.Pos())
		if decl == nil || !posIn(d.expr.Pos(), decl) {
			return false
		}
		made := v.Pos()
		if d.base != nil {
			made = d.base.Pos()
		}
		cur, ok := q.p.insp.Root().FindByPos(use.Pos(), use.End())
		if !ok {
			return false
		}
		for c := range cur.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncLit)(nil)) {
			n := c.Node()
			_, lit := n.(*ast.FuncLit)
			if lit && !posIn(d.expr.Pos(), n) || !lit && posIn(d.expr.Pos(), n) && !posIn(made, n) {
				return false
			}
		}
		return true
	}
	if !slices.ContainsFunc(defs, later) {
		return defs
	}
	return slices.DeleteFunc(slices.Clone(defs), later)
}

// setAt returns where a value that is set at one place comes from.
func setAt(defs []secretDef, e ast.Expr) token.Pos {
	if len(defs) == 1 && defs[0].expr != e {
		return defs[0].expr.Pos()
	}
	return token.NoPos
}

// exprName writes an expression's name for a message: "cfg.Token".
func exprName(e ast.Expr) string {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		if id, ok := ast.Unparen(x.X).(*ast.Ident); ok {
			return id.Name + "." + x.Sel.Name
		}
		return x.Sel.Name
	case *ast.CallExpr:
		return exprName(x.Fun) + "()"
	case *ast.StarExpr:
		return exprName(x.X)
	case *ast.IndexExpr:
		return exprName(x.X)
	}
	return "the value"
}

// ownerName returns the words of what a field belongs to: the variable's or
// type's name.
func (q *secretAsk) ownerName(sel ast.Expr) Name {
	if n := namedType(q.p.info.TypeOf(sel)); n != nil {
		return SplitName(n.Obj().Name())
	}
	return SplitName(q.p.nameOf(sel))
}

// A shape is how much of a value a log shows.
type shape uint8

const (
	shapeNone   shape = iota // numbers, booleans, functions, addresses
	shapeText                // text
	shapeLoose               // anything or many texts
	shapeStruct              // fields
	shapeError
)

func (q *secretAsk) shapeOf(t types.Type) shape {
	if t == nil {
		return shapeNone
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			return shapeText
		}
	case *types.Slice:
		if isByte(u.Elem()) {
			return shapeText
		}
		if s := q.shapeOf(u.Elem()); s != shapeNone {
			if s == shapeStruct {
				return shapeStruct
			}
			return shapeLoose
		}
	case *types.Array:
		if isByte(u.Elem()) {
			return shapeText
		}
	case *types.Interface:
		if types.Implements(t, errorInterface) {
			return shapeError
		}
		return shapeLoose
	case *types.Struct:
		return shapeStruct
	case *types.Pointer:
		if _, ok := u.Elem().Underlying().(*types.Struct); ok {
			return shapeStruct
		}
		if b, ok := u.Elem().Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
			return shapeText
		}
	case *types.Map:
		if q.shapeOf(u.Elem()) != shapeNone {
			return shapeLoose
		}
	}
	return shapeNone
}

var errorInterface = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

// masked reports whether a variable is anywhere set to a harmless form, or only
// to constants that are no password.
func (q *secretAsk) masked(v *types.Var, defs []secretDef, fr *secretFrame) bool {
	for f := fr; f != nil; f = f.outer {
		if a, ok := f.args[v]; ok {
			return q.p.info.Types[a].Value != nil || q.masks(a)
		}
	}
	constants, only := 0, len(defs) > 0
	every := v.IsField() && len(defs) > 0
	for _, d := range defs {
		if d.call == nil && q.masks(d.expr) {
			if !v.IsField() || d.base != nil {
				return true
			}
		} else if q.p.info.Types[d.expr].Value == nil {
			every = false
		}
		if tv := q.p.info.Types[d.expr]; tv.Value == nil && !tv.IsNil() {
			only = false
		} else if tv.Value != nil && tv.Value.Kind() == constant.String && plausibleSecret(constant.StringVal(tv.Value)) {
			constants++
		}
	}
	if every && !only {
		return true
	}
	if !only || v.IsField() || isParam(defs) {
		return false
	}
	// Only literals: a password written into the source is still one, an empty
	// or unset variable is none.
	return constants == 0 || !SplitName(v.Name()).Password()
}

// maskedSomewhere reports whether a field takes a harmless form at one of the
// places that set it.
func (q *secretAsk) maskedSomewhere(defs []secretDef) bool {
	for _, d := range defs {
		if q.masks(d.expr) {
			return true
		}
	}
	return false
}

func isParam(defs []secretDef) bool {
	for _, d := range defs {
		if d.call != nil {
			return true
		}
	}
	return false
}

// masks reports whether an expression is a harmless form of a value: a call of
// a redactor, a prefix, or text with such a part.
func (q *secretAsk) masks(e ast.Expr) bool { return q.masksAt(e, 0) }

func (q *secretAsk) masksAt(e ast.Expr, depth int) bool {
	if depth > 4 {
		return false
	}
	tv := q.p.info.Types[e]
	if tv.Value != nil {
		if tv.Value.Kind() != constant.String {
			return false
		}
		s := strings.ToLower(constant.StringVal(tv.Value))
		return strings.Contains(s, "***") || strings.Contains(s, "redacted") || strings.Contains(s, "xxxx") || strings.Contains(s, "•••")
	}
	switch x := e.(type) {
	case *ast.ParenExpr:
		return q.masksAt(x.X, depth)
	case *ast.StarExpr:
		return q.masksAt(x.X, depth)
	case *ast.BinaryExpr:
		return x.Op == token.ADD && (q.masksAt(x.X, depth+1) || q.masksAt(x.Y, depth+1))
	case *ast.SliceExpr:
		return partial(q.p, x) || q.masksAt(x.X, depth+1)
	case *ast.Ident:
		return SplitName(x.Name).Has(maskWords...)
	case *ast.SelectorExpr:
		return SplitName(x.Sel.Name).Has(maskWords...)
	case *ast.IndexExpr:
		return q.masksAt(x.X, depth+1)
	case *ast.CallExpr:
		if t, ok := q.p.info.Types[x.Fun]; ok && t.IsType() {
			return len(x.Args) == 1 && q.masksAt(x.Args[0], depth+1)
		}
		if q.redactor(x) {
			return true
		}
		for _, a := range x.Args {
			if q.masksAt(a, depth+1) {
				return true
			}
		}
		if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok {
			if _, ok := q.p.info.Selections[sel]; ok {
				return q.masksAt(sel.X, depth+1)
			}
		}
	}
	return false
}

// redactor reports whether a call gives a harmless form of its arguments: a
// taught function, one whose name says so, a hash or a cipher.
func (s *secretFlow) redactor(x *ast.CallExpr) bool {
	name := ""
	switch f := ast.Unparen(x.Fun).(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	fn := s.p.callee(x)
	if s.p.taught(taughtRedact, fn) {
		return true
	}
	if fn != nil && fn.Pkg() != nil {
		path := s.p.pathOf(fn.Pkg())
		if path == "strings" || path == "fmt" || path == "net/url" && fn.Name() != "Redacted" {
			return false
		}
		if path == "crypto/subtle" || fastHashes[path] || slowHashes[path] || path == "crypto/hmac" || path == "hash" || strings.HasPrefix(path, "hash/") || path == "crypto/cipher" {
			return true
		}
		if strings.HasPrefix(path, "encoding/") {
			return false
		}
		if last := SplitName(fn.Pkg().Name()); last.Has("redact", "mask", "fingerprint", "bcrypt", "scrypt", "argon", "redactor", "sanitize", "scrub") {
			return true
		}
	}
	n := SplitName(name)
	if n.Has("decrypt", "unseal", "unmask", "reveal") {
		return false
	}
	return n.Has(redactWords...)
}

// partial reports whether a slice expression keeps only a few characters.
func partial(p *pkg, x *ast.SliceExpr) bool {
	if x.High != nil {
		if _, ok := p.constInt(x.High); ok {
			return true
		}
		return mentionsFunc(x.High, "min")
	}
	return x.Low != nil && mentionsFunc(x.Low, "len")
}

func mentionsFunc(n ast.Node, name string) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == name {
			found = true
		}
		return !found
	})
	return found
}

// masksItself reports whether printing a value of type t goes through a method
// that does not show it.
func (p *pkg) masksItself(t types.Type) bool {
	n := namedType(t)
	if n == nil || n.Obj().Pkg() == nil {
		return false
	}
	ms := types.NewMethodSet(t)
	for method := range ms.Methods() {
		fn, ok := method.Obj().(*types.Func)
		if !ok {
			continue
		}
		switch fn.Name() {
		case "String", "Format", "GoString", "LogValue", "MarshalLogObject", "MarshalZerologObject", "Error":
			return !p.showsItself(fn, n)
		}
	}
	return false
}

// showsItself reports whether a printing method gives the value as it is.
func (p *pkg) showsItself(fn *types.Func, n *types.Named) bool {
	switch p.pathOf(n.Obj().Pkg()) {
	case "github.com/google/uuid", "github.com/gofrs/uuid", "github.com/satori/go.uuid", "github.com/oklog/ulid", "github.com/rs/xid":
		return true
	}
	if fn.Pkg() != p.types {
		return false
	}
	for _, f := range p.files {
		for _, d := range f.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok || p.info.Defs[fd.Name] != types.Object(fn) || fd.Body == nil || fd.Recv == nil || len(fd.Recv.List[0].Names) == 0 {
				continue
			}
			recv := p.info.Defs[fd.Recv.List[0].Names[0]]
			shows := false
			ast.Inspect(fd.Body, func(nd ast.Node) bool {
				ret, ok := nd.(*ast.ReturnStmt)
				if !ok || len(ret.Results) == 0 {
					return true
				}
				switch x := p.bare(ret.Results[0]).(type) {
				case *ast.Ident:
					shows = shows || p.info.Uses[x] == recv
				case *ast.SelectorExpr:
					if id, ok := x.X.(*ast.Ident); ok && p.info.Uses[id] == recv {
						_, field := p.info.Uses[x.Sel].(*types.Var)
						shows = shows || field
					}
				}
				return true
			})
			return shows
		}
	}
	return false
}

// excusedWord reports whether a bare "token", "secret" or "pwd" is something
// else: a word of a language, an element of a split text, a Kubernetes object.
func (q *secretAsk) excusedWord(e ast.Expr, v *types.Var, name Name, defs []secretDef) bool {
	h := name.head()
	if h[len(h)-1] == "secret" && q.kubernetes && !h.Has("client", "shared", "hmac", "jwt", "signing", "app") {
		return true // the name of an object
	}
	if len(h) != 1 {
		return q.lexical && h[len(h)-1] == "token" && !h.Has("access", "refresh", "auth", "api", "bearer", "id", "session", "jwt")
	}
	switch h[0] {
	case "pwd":
		for _, d := range defs {
			if c, ok := ast.Unparen(d.expr).(*ast.CallExpr); ok {
				if path, _, fn := q.p.astCallee(c); path == "os" || fn == "Getwd" || fn == "Abs" {
					return true
				}
			}
		}
	case "token":
		if q.lexical || q.acme(e) {
			return true
		}
		for _, d := range defs {
			if d.ranged || q.splits(d.expr) && q.walk(d.expr, 3, nil) == nil {
				return true
			}
		}
		if d := q.p.enclosing(e.Pos()); d != nil {
			if SplitName(d.Name.Name).Has("lex", "scan", "tokenize", "tokenise", "syntax") {
				return true
			}
			if d.Recv != nil && SplitName(typeName(q.p.info.TypeOf(d.Recv.List[0].Type))).Has("lexer", "scanner", "tokenizer", "parser", "dispenser") {
				return true
			}
		}
	}
	return false
}

// acme reports whether a token is that of a certificate authority's challenge,
// which is public.
func (q *secretAsk) acme(e ast.Expr) bool {
	if slices.Contains(strings.Split(q.p.types.Path(), "/"), "acme") {
		return true
	}
	d := q.p.declAt(e.Pos())
	return d != nil && mentions(d, "acme", "challenge")
}

// splits reports whether an expression is a part of a text.
func (q *secretAsk) splits(e ast.Expr) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.IndexExpr:
		return q.splits(x.X)
	case *ast.Ident:
		if v := q.p.objectOf(x); v != nil {
			for _, d := range q.defs[v.Origin()] {
				if c, ok := ast.Unparen(d.expr).(*ast.CallExpr); ok && q.splits(c) {
					return true
				}
			}
		}
	case *ast.CallExpr:
		path, recv, name := q.p.astCallee(x)
		return path == "strings" && (strings.HasPrefix(name, "Split") || strings.HasPrefix(name, "Fields")) || recv == "Scanner" && name == "Text" ||
			path == "regexp" || strings.HasSuffix(path, "/html") || path == "encoding/json" || path == "encoding/xml"
	}
	return false
}

// lexicalPackage reports whether a package is about a language.
func lexicalPackage(t *types.Package) bool {
	for part := range strings.SplitSeq(t.Path(), "/") {
		if SplitName(part).Has("lexer", "lex", "parser", "parse", "scanner", "token", "tokenizer", "ast", "syntax", "grammar", "template", "templates", "markdown", "query", "sql", "css", "html", "expr", "calc", "llm", "nlp") {
			return true
		}
	}
	return importsAny(t, func(path string) bool {
		switch path {
		case "go/token", "go/scanner", "text/scanner", "go/ast", "github.com/sashabaranov/go-openai", "github.com/tmc/langchaingo/llms", "github.com/ollama/ollama/api", "github.com/openai/openai-go":
			return true
		}
		return false
	})
}

// index judges x[i].
func (q *secretAsk) index(x *ast.IndexExpr, depth int, fr *secretFrame) *secretUse {
	t := q.p.info.TypeOf(x.X)
	if t == nil {
		return nil
	}
	switch t.Underlying().(type) {
	case *types.Map:
		key, ok := q.p.constString(x.Index)
		if !ok || q.shapeOf(q.p.info.TypeOf(x)) == shapeNone {
			return nil
		}
		if !q.personal && q.p.isType(t, "net/http", "Header") {
			return q.keyed(x, "the "+key+" header", key, secretHeader(key))
		}
		return q.keyed(x, exprName(x.X)+"["+key+"]", key, q.byName(SplitName(key), nil))
	case *types.Slice, *types.Array, *types.Pointer:
		i, ok := q.p.constInt(x.Index)
		if c, isCall := ast.Unparen(x.X).(*ast.CallExpr); isCall && q.splits(c) {
			if ok && i == 0 {
				return nil // the scheme, the name before the colon
			}
			if len(c.Args) > 0 {
				return q.walk(c.Args[0], depth+1, fr)
			}
		}
		if id, isIdent := ast.Unparen(x.X).(*ast.Ident); isIdent {
			if v, isVar := q.p.info.ObjectOf(id).(*types.Var); isVar {
				for _, d := range q.defs[v] {
					if q.splits(d.expr) {
						if c, isCall := ast.Unparen(d.expr).(*ast.CallExpr); isCall && len(c.Args) > 0 && ok && i > 0 {
							return q.walk(c.Args[0], depth+1, fr)
						}
						return nil
					}
				}
			}
		}
		return q.walk(x.X, depth+1, fr)
	}
	return nil
}

// keyed makes a finding of a value that a constant key names.
func (q *secretAsk) keyed(e ast.Expr, name, key string, level sensitivity) *secretUse {
	if level < maybeSecret {
		return nil
	}
	return &secretUse{name: name, words: SplitName(key), expr: e, doubt: level == maybeSecret}
}

// ranged judges an element of a value that is ranged over.
func (q *secretAsk) ranged(e ast.Expr, depth int, fr *secretFrame) *secretUse {
	t := q.p.info.TypeOf(e)
	if t == nil || q.splits(e) {
		return nil
	}
	if _, ok := t.Underlying().(*types.Map); ok && !q.p.isType(t, "net/http", "Header") {
		return nil
	}
	if _, ok := t.Underlying().(*types.Chan); ok {
		return nil
	}
	return q.walk(e, depth+1, fr)
}

// cookieValue judges the Value field of a cookie by the cookie's name.
func (q *secretAsk) cookieValue(e ast.Expr, v *types.Var, sel ast.Expr) (*secretUse, bool) {
	if v.Name() != "Value" || sel == nil || q.personal {
		return nil, false
	}
	n := namedType(q.p.info.TypeOf(sel))
	if n == nil || n.Obj().Name() != "Cookie" || n.Obj().Pkg() == nil || !strings.HasSuffix(q.p.pathOf(n.Obj().Pkg()), "http") && !strings.HasSuffix(q.p.pathOf(n.Obj().Pkg()), "/fiber") {
		return nil, false
	}
	level, name := maybeSecret, "the value of a cookie"
	if base := q.p.objectOf(q.p.bare(sel)); base != nil {
		for _, d := range q.defs[base] {
			if key, ok := q.cookieName(d.expr); ok {
				level, name = secretCookie(key), "the value of cookie "+key
			}
		}
	}
	return &secretUse{name: name, words: Name{"cookie"}, expr: e, doubt: level != sureSecret}, true
}

func (q *secretAsk) cookieName(e ast.Expr) (string, bool) {
	switch x := q.p.bare(e).(type) {
	case *ast.CallExpr:
		if q.calleeName(x) == "Cookie" && len(x.Args) > 0 {
			return q.p.constString(x.Args[0])
		}
	case *ast.CompositeLit:
		for _, el := range x.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				if id, ok := kv.Key.(*ast.Ident); ok && id.Name == "Name" {
					return q.p.constString(kv.Value)
				}
			}
		}
	}
	return "", false
}

// composite judges a literal: the values of a map or slice, the fields of a
// struct.
func (q *secretAsk) composite(x *ast.CompositeLit, depth int, fr *secretFrame) *secretUse {
	t := q.p.info.TypeOf(x)
	st := structOf(t)
	if st != nil && (q.noDumps || q.p.masksItself(t)) {
		return nil
	}
	var best *secretUse
	for i, el := range x.Elts {
		val, field, key := el, (*types.Var)(nil), ""
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			val = kv.Value
			if id, ok := kv.Key.(*ast.Ident); ok && st != nil {
				field, _ = q.p.info.ObjectOf(id).(*types.Var)
			} else if s, ok := q.p.constString(kv.Key); ok {
				key = s
			}
		} else if st != nil && i < st.NumFields() {
			field = st.Field(i)
		}
		if field != nil {
			best = better(best, q.fieldValue(field, val, st, depth, fr))
			continue
		}
		u := q.walk(val, depth+1, fr)
		if u == nil && key != "" {
			u = q.namedValue(SplitName(key), key, val)
		}
		best = better(best, u)
	}
	return best
}

// namedValue is the doubt that a value may be what its key says, when the value
// itself does not show it.
func (q *secretAsk) namedValue(n Name, key string, val ast.Expr) *secretUse {
	tv := q.p.info.Types[val]
	if tv.Value != nil || tv.IsNil() || q.byName(n, nil) != sureSecret || q.masks(val) || q.p.masksItself(tv.Type) {
		return nil
	}
	if q.shapeOf(tv.Type) != shapeText || q.excusedWord(val, nil, n, nil) {
		return nil
	}
	switch x := q.p.bare(val).(type) {
	case *ast.Ident, *ast.SelectorExpr:
		if last := SplitName(q.p.nameOf(val)); len(last) > 0 {
			switch last[len(last)-1] {
			case "id", "ids", "name", "type", "kind", "path", "url", "count", "len", "status", "reason", "prefix", "suffix", "error", "err", "message", "msg", "state", "ref":
				return nil
			}
		}
		return &secretUse{name: "the value of " + key, words: n, expr: x, doubt: true}
	case *ast.CallExpr:
		if q.redactor(x) || len(x.Args) > 0 && q.calleeName(x) != "String" {
			return nil
		}
		return &secretUse{name: "the value of " + key, words: n, expr: x, doubt: true}
	}
	return nil
}

// fieldValue judges one field of a struct that is shown whole.
func (q *secretAsk) fieldValue(field *types.Var, val ast.Expr, st *types.Struct, depth int, fr *secretFrame) *secretUse {
	if q.tagged && hiddenField(st, field) {
		return nil
	}
	tv := q.p.info.Types[val]
	empty := tv.IsNil() || tv.Value != nil && tv.Value.Kind() == constant.String && !plausibleSecret(constant.StringVal(tv.Value))
	if level := q.byName(SplitName(field.Name()), nil); level == sureSecret && q.shapeOf(field.Type()) == shapeText && !isPointer(field.Type()) {
		if empty || q.masks(val) || q.p.masksItself(field.Type()) {
			return nil
		}
		if q.excusedWord(val, field, SplitName(field.Name()), nil) {
			return nil
		}
		return &secretUse{name: "field " + field.Name(), words: SplitName(field.Name()), expr: val}
	} else if level == maskedValue {
		return nil
	}
	if isPointer(field.Type()) {
		return nil // printed as an address
	}
	return q.walk(val, depth+1, fr)
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// hiddenField reports whether encoding/json leaves a field out.
func hiddenField(st *types.Struct, field *types.Var) bool {
	if !field.Exported() {
		return true
	}
	for i := range st.NumFields() {
		if st.Field(i) == field || st.Field(i).Origin() == field.Origin() {
			return reflect.StructTag(st.Tag(i)).Get("json") == "-"
		}
	}
	return false
}

// A dumped is the secret that shows when a struct is printed whole.
type dumped struct {
	field string
	level sensitivity
}

// dump judges a struct that is shown whole.
func (q *secretAsk) dump(e ast.Expr, v *types.Var, t types.Type, defs []secretDef, depth int, fr *secretFrame) *secretUse {
	if q.noDumps || q.p.masksItself(t) {
		return nil
	}
	// What this variable is set to in the package, when that is all there is.
	known := !v.IsField() && len(defs) > 0
	var best *secretUse
	for _, d := range defs {
		lit, ok := q.p.bare(d.expr).(*ast.CompositeLit)
		if !ok || d.ranged {
			known = false
			continue
		}
		best = better(best, q.composite(lit, depth+1, fr))
	}
	st := structOf(t)
	if st != nil && !v.IsField() {
		for field := range st.Fields() {
			f := field.Origin()
			for _, d := range q.before(q.defs[f], e, f) {
				if d.base != nil && d.base == v && d.result == 0 {
					if u := q.fieldValue(f, d.expr, st, depth+1, fr); u != nil {
						best = better(best, u)
					} else if q.byName(SplitName(f.Name()), nil) == sureSecret {
						return best // masked before it is shown
					}
				}
			}
		}
	}
	if best != nil || known {
		return best
	}
	d := q.dumpOf(t, 0)
	if d.level < maybeSecret {
		return nil
	}
	return &secretUse{name: fmt.Sprintf("%s with its field %s", exprName(e), d.field), words: SplitName(d.field), expr: e, doubt: d.level == maybeSecret}
}

// dumpOf finds a field of a struct type that shows a secret.
func (q *secretAsk) dumpOf(t types.Type, depth int) dumped {
	if q.personal {
		return q.dumpField(t, depth)
	}
	key := t
	if d, ok := q.dumps[key]; ok && depth == 0 && !q.tagged {
		return d
	}
	d := q.dumpField(t, depth)
	if depth == 0 && !q.tagged {
		q.dumps[key] = d
	}
	return d
}

func (q *secretAsk) dumpField(t types.Type, depth int) dumped {
	if sl, ok := t.Underlying().(*types.Slice); ok {
		t = sl.Elem()
		if isPointer(t) && !q.tagged {
			return dumped{} // a slice of addresses
		}
	}
	st := structOf(t)
	if st == nil || depth > 2 {
		return dumped{}
	}
	var best dumped
	for i := range st.NumFields() {
		f := st.Field(i)
		ft := f.Type()
		if q.tagged && (!f.Exported() || tagOf(st, i).Get("json") == "-") || q.p.masksItself(ft) {
			continue
		}
		if q.shapeOf(ft) == shapeText && !isPointer(ft) {
			n := SplitName(f.Name())
			if level := q.byName(n, SplitName(typeName(t))); level > best.level && level >= maybeSecret {
				if len(n.head()) == 1 && n.head()[0] == "token" && (q.lexical || q.lexicalType(t)) {
					continue
				}
				if level == sureSecret && hasTag(tagOf(st, i), storageTags) && n.Password() {
					level = maybeSecret // most likely its hash
				}
				best = dumped{f.Name(), level}
			}
			continue
		}
		if isPointer(ft) && !q.tagged {
			continue
		}
		if _, ok := ft.Underlying().(*types.Struct); ok {
			if in := q.dumpField(ft, depth+1); in.level > best.level {
				best = dumped{f.Name() + "." + in.field, in.level}
			}
		}
	}
	return best
}

func (q *secretAsk) lexicalType(t types.Type) bool {
	return SplitName(typeName(t)).Has("lexer", "parser", "scanner", "node", "expr", "tokenizer")
}

// calleeName returns the last name of what a call calls.
func (s *secretFlow) calleeName(x *ast.CallExpr) string {
	switch f := ast.Unparen(x.Fun).(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
