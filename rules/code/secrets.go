package code

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
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
		defer p.building("secrets")()
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
		case q.publicHalf(v, d):
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

// publicHalf reports whether a variable is named as what may be known of a pair
// that one call makes, as in public, private := newToken().
func (q *secretAsk) publicHalf(v *types.Var, d secretDef) bool {
	if d.call != nil || d.ranged || !SplitName(v.Name()).Has("public", "pub") {
		return false
	}
	results, ok := q.p.info.TypeOf(d.expr).(*types.Tuple)
	if !ok {
		return false
	}
	texts := 0
	for v := range results.Variables() {
		if isText(v.Type()) {
			texts++
		}
	}
	return texts > 1
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

func (q *secretAsk) shapeOf(t types.Type) shape { return q.shapeWithin(t, 0) }

func (q *secretAsk) shapeWithin(t types.Type, depth int) shape {
	if t == nil || depth > 8 { // a slice or map of itself
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
		if s := q.shapeWithin(u.Elem(), depth+1); s != shapeNone {
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
		if q.shapeWithin(u.Elem(), depth+1) != shapeNone {
			return shapeLoose
		}
	}
	return shapeNone
}

var errorInterface = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)
