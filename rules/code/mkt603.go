package code

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// mkt603 flags tokens, codes, nonces, salts and keys that come from a
// generator an attacker can follow.
//
// It reads syntax, because names are what makes a value a token and SSA has
// lost them. A value counts as predictable only when every part of it is: a
// timestamp inside a signed token is fine, a token that is nothing but a
// timestamp is not.
func mkt603() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT603",
		Name:     "predictable-token",
		Title:    "Token or key comes from a predictable source",
		Class:    rules.Violation,
		Controls: []string{"crypto-strong"},
		CWE:      []int{338},
		Vector:   v65g,
		Flags: "`math/rand`, `math/rand/v2`, the clock, or a version 1 UUID in a value named token, session, state, nonce, otp, reset, key or salt " +
			"(by words), by assignment, field, argument, cookie, or as the result of a function named so. Numbers, and values of the clock that are not called token or code, are review findings.",
		Safe: "`crypto/rand`, `rand.Text`, version 4 UUIDs, a `math/rand` whose source reads `crypto/rand`; jitter, shuffles, sampling, backoff, test data; " +
			"a timestamp or a random suffix beside an unpredictable part; counters used as nonces of a signed API.",
		Remediation: "Use `crypto/rand.Text()` or 16 and more bytes of `crypto/rand.Read`.",
		Wrong:       "token := strconv.Itoa(rand.Int())",
		Right:       "token := rand.Text() // crypto/rand",
		Frameworks:  []string{"math/rand", "math/rand/v2", "time", "google/uuid", "gofrs/uuid", "satori/go.uuid", "net/http cookies", "crypto/cipher"},
	}, nil, nil, runMKT603)
}

// A predictable is what a value is made of.
type predictable struct {
	kind   predKind
	source ast.Expr // the first predictable call
	how    string   // what it is, for people
}

type predKind int

const (
	predConst   predKind = iota // nothing variable yet
	predUnknown                 // has a part that cannot be judged, or a strong one
	predRandom                  // math/rand or a version 1 UUID
	predTime                    // the clock
)

func (a predictable) and(b predictable) predictable {
	switch {
	case a.kind == predUnknown || b.kind == predUnknown:
		return predictable{kind: predUnknown}
	case a.kind == predConst:
		return b
	case b.kind == predConst:
		return a
	case a.kind == predTime:
		return b
	}
	return a
}

func (a predictable) weak() bool { return a.kind == predRandom || a.kind == predTime }

var (
	randPackages = paths("math/rand", "math/rand/v2")
	// randValues are functions and methods of math/rand that give a value.
	randValues = setOf(`Int Intn IntN Int31 Int31n Int32 Int32N Int63 Int63n Int64 Int64N Uint32 Uint32N Uint64 Uint64N UintN Uint N
		Float32 Float64 NormFloat64 ExpFloat64 Perm`)
	timeValues = setOf(`Unix UnixNano UnixMilli UnixMicro Nanosecond`)
	uuidV1     = map[string]string{
		"github.com/google/uuid": "NewUUID", "github.com/gofrs/uuid": "NewV1", "github.com/satori/go.uuid": "NewV1",
	}
	// carries are functions whose result is only another form of their
	// arguments.
	carries = map[string]bool{
		"fmt.Sprint": true, "fmt.Sprintf": true, "fmt.Sprintln": true, "fmt.Append": true, "fmt.Appendf": true,
		"strconv.Itoa": true, "strconv.FormatInt": true, "strconv.FormatUint": true, "strconv.AppendInt": true,
		"encoding/hex.EncodeToString": true, "encoding/base64.EncodeToString": true, "encoding/base32.EncodeToString": true,
		"strings.ToUpper": true, "strings.ToLower": true, "strings.TrimRight": true, "strings.Join": true, "strings.Replace": true, "strings.ReplaceAll": true,
		"bytes.Join": true, "crypto/md5.Sum": true, "crypto/sha1.Sum": true, "crypto/sha256.Sum256": true, "crypto/sha512.Sum512": true,
		"math/big.NewInt": true, "math.Floor": true, "math.Abs": true,
	}
)

// tokens analyses the functions that hold a predictable source.
type tokens struct {
	p       *pkg
	vars    map[*types.Var]predictable // within the function at hand
	results map[*types.Func]predictable
	safe    bool // the package has its own rand.Source over crypto/rand
	hits    []Hit
	seen    map[token.Pos]int // hits by source
}

func runMKT603(p *pkg) []Hit {
	sources := p.predictableCalls()
	if len(sources) == 0 {
		return nil
	}
	t := &tokens{p: p, results: map[*types.Func]predictable{}, seen: map[token.Pos]int{}, safe: p.ownSource()}
	decls := map[ast.Decl]bool{}
	var order []ast.Decl
	add := func(d ast.Node) {
		if d, ok := d.(ast.Decl); ok && !decls[d] {
			decls[d] = true
			order = append(order, d)
		}
	}
	for _, s := range sources {
		add(p.declAt(s.Pos()))
	}
	// First what the functions return, then what is done with it; two rounds
	// follow helpers of helpers.
	for range 2 {
		for _, d := range order {
			if fn, ok := d.(*ast.FuncDecl); ok {
				t.function(fn, false)
			}
		}
		if len(t.results) == 0 {
			break
		}
		for cur := range p.insp.Root().Preorder((*ast.CallExpr)(nil)) {
			c := cur.Node().(*ast.CallExpr)
			if _, ok := t.results[t.callee(c)]; ok {
				add(p.declAt(c.Pos()))
			}
		}
	}
	for _, d := range order {
		switch x := d.(type) {
		case *ast.FuncDecl:
			t.function(x, true)
		case *ast.GenDecl:
			t.vars = map[*types.Var]predictable{}
			t.declared(x, true)
		}
	}
	return t.hits
}

// predictableCalls returns the calls of predictable sources outside test
// support. It compares names before it asks for types.
func (p *pkg) predictableCalls() []*ast.CallExpr {
	interesting := importsAny(p.types, func(path string) bool { return randPackages(path) || uuidV1[path] != "" || path == "time" })
	if !interesting {
		return nil
	}
	var out []*ast.CallExpr
	for cur := range p.insp.Root().Preorder((*ast.CallExpr)(nil)) {
		c := cur.Node().(*ast.CallExpr)
		name := ""
		switch f := ast.Unparen(c.Fun).(type) {
		case *ast.SelectorExpr:
			name = f.Sel.Name
		case *ast.Ident:
			name = f.Name
		case *ast.IndexExpr:
			if s, ok := f.X.(*ast.SelectorExpr); ok {
				name = s.Sel.Name
			}
		}
		if !randValues[name] && !timeValues[name] && name != "Read" && name != "ReadFull" && name != "NewUUID" && name != "NewV1" && name != "Now" {
			continue
		}
		if p.support[p.fset.File(c.Pos())] {
			continue
		}
		if s := p.predictableSource(c); s.weak() || name == "Read" || name == "ReadFull" {
			out = append(out, c)
		}
	}
	return out
}

// predictableSource judges one call by itself.
func (p *pkg) predictableSource(c *ast.CallExpr) predictable {
	path, recv, name := p.astCallee(c)
	switch {
	case randPackages(path) && randValues[name]:
		return predictable{predRandom, c, path}
	case path == "time" && recv == "Time" && timeValues[name] && p.now(c):
		return predictable{predTime, c, "the clock"}
	case path == "time" && recv == "" && name == "Now":
		return predictable{predTime, c, "the clock"}
	case uuidV1[path] == name && name != "":
		return predictable{predRandom, c, "a version 1 UUID"}
	}
	return predictable{}
}

// now reports whether a method of time.Time is called on time.Now(), or on an
// offset of it.
func (p *pkg) now(c *ast.CallExpr) bool {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := ast.Unparen(sel.X).(*ast.CallExpr)
	if !ok {
		return false
	}
	path, _, name := p.astCallee(x)
	if path != "time" {
		return false
	}
	return name == "Now" || (name == "UTC" || name == "Local" || name == "Add") && p.now(x)
}

// ownSource reports whether the package declares a rand.Source beside an
// import of crypto/rand: its *rand.Rand is strong then.
func (p *pkg) ownSource() bool {
	if !importsAny(p.types, paths("crypto/rand")) {
		return false
	}
	scope := p.types.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		ms := types.NewMethodSet(types.NewPointer(tn.Type()))
		for method := range ms.Methods() {
			if m := method.Obj().Name(); m == "Uint64" || m == "Int63" {
				return true
			}
		}
	}
	return false
}

func (t *tokens) callee(c *ast.CallExpr) *types.Func {
	switch f := ast.Unparen(c.Fun).(type) {
	case *ast.Ident:
		fn, _ := t.p.info.Uses[f].(*types.Func)
		return fn
	case *ast.SelectorExpr:
		fn, _ := t.p.info.Uses[f.Sel].(*types.Func)
		return fn
	}
	return nil
}

// function walks one function in source order. With report it flags sinks.
func (t *tokens) function(fn *ast.FuncDecl, report bool) {
	if fn.Body == nil {
		return
	}
	t.vars = map[*types.Var]predictable{}
	obj, _ := t.p.info.Defs[fn.Name].(*types.Func)
	t.block(fn.Body, fn, obj, report)
}

func (t *tokens) block(body ast.Node, fn *ast.FuncDecl, obj *types.Func, report bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.FuncLit:
			// A closure's return is not the function's.
			ast.Inspect(x.Body, func(n ast.Node) bool { return t.node(n, nil, nil, report) })
			return false
		default:
			return t.node(n, fn, obj, report)
		}
	})
}

// node handles one statement or expression.
func (t *tokens) node(n ast.Node, fn *ast.FuncDecl, obj *types.Func, report bool) bool {
	switch x := n.(type) {
	case *ast.AssignStmt:
		t.assign(x, report)
	case *ast.GenDecl:
		t.declared(x, report)
	case *ast.RangeStmt:
		// Ranging over a predictable slice says nothing.
	case *ast.ReturnStmt:
		if fn == nil || obj == nil {
			return true
		}
		for _, r := range x.Results {
			v := t.value(r, 0)
			if !v.weak() || !isTokenType(t.p.info.TypeOf(r)) {
				continue
			}
			// A function named like a token is flagged itself; its callers need not be.
			if v.kind == predRandom && isText(t.p.info.TypeOf(r)) && !SplitName(fn.Name.Name).Token() {
				t.results[obj] = v
			}
			if report {
				t.flag(v, x, fn.Name.Name, t.p.info.TypeOf(r))
			}
			break
		}
	case *ast.CompositeLit:
		if report {
			t.literal(x)
		}
	case *ast.CallExpr:
		t.call(x, report)
	}
	return true
}

func isTokenType(typ types.Type) bool {
	if typ == nil {
		return false
	}
	b, ok := typ.Underlying().(*types.Basic)
	return isText(typ) || ok && b.Info()&types.IsInteger != 0
}

func (t *tokens) assign(a *ast.AssignStmt, report bool) {
	for i, l := range a.Lhs {
		var v predictable
		switch {
		case len(a.Lhs) == len(a.Rhs):
			v = t.value(a.Rhs[i], 0)
		case i == 0 && len(a.Rhs) == 1:
			v = t.value(a.Rhs[0], 0)
		default:
			v = predictable{kind: predUnknown}
		}
		target := ast.Unparen(l)
		element := false
		if ix, ok := target.(*ast.IndexExpr); ok {
			if _, isMap := t.under(ix.X).(*types.Map); !isMap {
				target, element = ast.Unparen(ix.X), true
			}
		}
		if obj := t.p.objectOf(target); obj != nil && !obj.IsField() {
			old, known := t.vars[obj]
			if known && (element || a.Tok != token.ASSIGN && a.Tok != token.DEFINE) {
				v = old.and(v)
			} else if known && old.weak() && v.kind == predConst {
				v = old // another branch's literal does not make it strong
			}
			t.vars[obj] = v
		}
		if !report || !v.weak() {
			continue
		}
		typ := t.p.info.TypeOf(target)
		if ix, ok := target.(*ast.IndexExpr); ok {
			typ = t.p.info.TypeOf(ix)
		}
		if i == 0 && len(a.Lhs) != len(a.Rhs) || isTokenType(typ) || element {
			t.flag(v, a, t.p.nameOf(target), typ)
		}
	}
}

func (t *tokens) under(e ast.Expr) types.Type {
	typ := t.p.info.TypeOf(e)
	if typ == nil {
		return nil
	}
	return typ.Underlying()
}

func (t *tokens) declared(d *ast.GenDecl, report bool) {
	for _, s := range d.Specs {
		vs, ok := s.(*ast.ValueSpec)
		if !ok || d.Tok != token.VAR {
			continue
		}
		for i, id := range vs.Names {
			if i >= len(vs.Values) {
				break
			}
			v := t.value(vs.Values[i], 0)
			if obj, ok := t.p.info.Defs[id].(*types.Var); ok {
				t.vars[obj] = v
			}
			if report && v.weak() && isTokenType(t.p.info.TypeOf(id)) {
				t.flag(v, vs, id.Name, t.p.info.TypeOf(id))
			}
		}
	}
}

// literal flags struct fields and map entries named like a token, and the
// value of a cookie that carries one.
func (t *tokens) literal(lit *ast.CompositeLit) {
	cookie := ""
	if t.p.isType(t.p.info.TypeOf(lit), "net/http", "Cookie") {
		for _, el := range lit.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok && t.p.nameOf(kv.Key) == "Name" {
				cookie, _ = t.p.constString(kv.Value)
			}
		}
	}
	for _, el := range lit.Elts {
		kv, ok := el.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		name := ""
		if id, ok := kv.Key.(*ast.Ident); ok {
			name = id.Name
		} else if s, ok := t.p.constString(kv.Key); ok {
			name = s
		}
		if cookie != "" && name == "Value" {
			name = cookie
		}
		if v := t.value(kv.Value, 0); v.weak() && isTokenType(t.p.info.TypeOf(kv.Value)) {
			t.flag(v, kv, name, t.p.info.TypeOf(kv.Value))
		}
	}
}

// call handles writes into a variable, and arguments whose parameter is named
// like a token.
func (t *tokens) call(c *ast.CallExpr, report bool) {
	path, recv, name := t.p.astCallee(c)
	into := func(e ast.Expr, v predictable) {
		if obj := t.p.objectOf(t.p.bare(e)); obj != nil && !obj.IsField() {
			t.vars[obj] = t.vars[obj].and(v)
		}
	}
	switch {
	case randPackages(path) && name == "Read" && len(c.Args) == 1:
		if recv == "" || !t.safe {
			t.fill(c, c.Args[0], predictable{predRandom, c, path}, report)
		}
		return
	case path == "io" && name == "ReadFull" && len(c.Args) == 2:
		if n := namedType(t.p.info.TypeOf(c.Args[0])); n != nil && n.Obj().Pkg() != nil && randPackages(t.p.pathOf(n.Obj().Pkg())) && !t.safe {
			t.fill(c, c.Args[1], predictable{predRandom, c, t.p.pathOf(n.Obj().Pkg())}, report)
		} else if obj := t.p.objectOf(t.p.bare(c.Args[1])); obj != nil {
			t.vars[obj] = predictable{kind: predUnknown}
		}
		return
	case path == "crypto/rand" && name == "Read" && len(c.Args) == 1:
		if obj := t.p.objectOf(t.p.bare(c.Args[0])); obj != nil {
			t.vars[obj] = predictable{kind: predUnknown}
		}
		return
	case strings.HasPrefix(name, "Write") && (recv == "Builder" || recv == "Buffer") && len(c.Args) == 1:
		if sel, ok := c.Fun.(*ast.SelectorExpr); ok {
			into(sel.X, t.value(c.Args[0], 0))
		}
		return
	case path == "encoding/binary" && strings.HasPrefix(name, "Put") && len(c.Args) == 2:
		into(c.Args[0], t.value(c.Args[1], 0))
		return
	}
	if !report {
		return
	}
	fn := t.callee(c)
	if fn == nil || carries[path+"."+name] {
		return
	}
	params := fn.Signature().Params()
	for i, a := range c.Args {
		if i >= params.Len() {
			break
		}
		v := t.value(a, 0)
		if !v.weak() || !isTokenType(t.p.info.TypeOf(a)) {
			continue
		}
		param := params.At(i).Name()
		if strings.HasPrefix(path, "crypto/") || strings.HasPrefix(path, "golang.org/x/crypto/") {
			switch param {
			case "key", "seed", "iv", "nonce", "salt":
				t.hit(v, c, fmt.Sprintf("the %s of %s comes from %s, which can be predicted; use crypto/rand", param, name, v.how), "")
				continue
			}
		}
		t.flag(v, a, param, t.p.info.TypeOf(a))
	}
}

// fill marks a buffer that a predictable reader fills.
func (t *tokens) fill(c *ast.CallExpr, buf ast.Expr, v predictable, report bool) {
	e := t.p.bare(buf)
	if obj := t.p.objectOf(e); obj != nil && !obj.IsField() {
		t.vars[obj] = v
	}
	if report {
		t.flag(v, c, t.p.nameOf(e), t.p.info.TypeOf(e))
	}
}

// value judges an expression.
func (t *tokens) value(e ast.Expr, depth int) predictable {
	unknown := predictable{kind: predUnknown}
	if depth > 12 {
		return unknown
	}
	if tv, ok := t.p.info.Types[e]; ok && tv.Value != nil {
		return predictable{}
	}
	switch x := ast.Unparen(e).(type) {
	case *ast.BasicLit:
		return predictable{}
	case *ast.Ident:
		if v, ok := t.p.info.ObjectOf(x).(*types.Var); ok {
			if s, ok := t.vars[v]; ok {
				return s
			}
		}
	case *ast.BinaryExpr:
		return t.value(x.X, depth+1).and(t.value(x.Y, depth+1))
	case *ast.SliceExpr:
		return t.value(x.X, depth+1)
	case *ast.StarExpr:
		return t.value(x.X, depth+1)
	case *ast.UnaryExpr:
		return t.value(x.X, depth+1)
	case *ast.IndexExpr:
		// A character picked from an alphabet is as good as the index; a string
		// picked from a list is not made of it.
		typ := t.p.info.TypeOf(x)
		if b, ok := typ.(*types.Basic); ok && (b.Kind() == types.Uint8 || b.Kind() == types.Int32) || typ != nil && isByte(typ) {
			return t.value(x.Index, depth+1)
		}
		if b, ok := t.under(x).(*types.Basic); ok && b.Kind() == types.String {
			if tv := t.p.info.Types[x.X]; tv.Value != nil {
				return t.value(x.Index, depth+1)
			}
		}
	case *ast.CompositeLit:
		if !isText(t.p.info.TypeOf(x)) {
			return unknown
		}
		var all predictable
		for _, el := range x.Elts {
			all = all.and(t.value(el, depth+1))
		}
		return all
	case *ast.CallExpr:
		return t.callValue(x, depth)
	}
	return unknown
}

func (t *tokens) callValue(c *ast.CallExpr, depth int) predictable {
	unknown := predictable{kind: predUnknown}
	if tv, ok := t.p.info.Types[c.Fun]; ok && tv.IsType() && len(c.Args) == 1 {
		return t.value(c.Args[0], depth+1)
	}
	if id, ok := ast.Unparen(c.Fun).(*ast.Ident); ok {
		if _, ok := t.p.info.Uses[id].(*types.Builtin); ok {
			switch id.Name {
			case "append":
				var all predictable
				for _, a := range c.Args {
					all = all.and(t.value(a, depth+1))
				}
				return all
			case "make", "new", "len", "cap":
				return predictable{}
			}
			return unknown
		}
	}
	if s := t.p.predictableSource(c); s.weak() {
		if _, recv, _ := t.p.astCallee(c); recv == "Rand" && t.safe {
			return unknown
		}
		return s
	}
	path, recv, name := t.p.astCallee(c)
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && recv != "" {
		// A method that only shows its receiver in another form.
		switch name {
		case "String", "Bytes", "Unix", "UnixNano", "UnixMilli", "UnixMicro", "Format", "UTC", "Int64", "Text", "Nanosecond":
			return t.value(sel.X, depth+1)
		}
	}
	if carries[path+"."+name] || path == "encoding/base64" && name == "EncodeToString" {
		var all predictable
		for _, a := range c.Args {
			all = all.and(t.value(a, depth+1))
		}
		return all
	}
	if fn := t.callee(c); fn != nil {
		if v, ok := t.results[fn]; ok {
			v.source = c
			return v
		}
	}
	// uuid.Must(uuid.NewV1())
	if name == "Must" && len(c.Args) >= 1 {
		return t.value(c.Args[0], depth+1)
	}
	return unknown
}

// flag reports a predictable value where its name makes it a token.
func (t *tokens) flag(v predictable, at ast.Node, name string, typ types.Type) {
	n := SplitName(name)
	class := rules.Class("")
	_, returned := at.(*ast.ReturnStmt)
	switch {
	case n.Token():
	case returned && isText(typ) && n.Has("token", "password", "otp", "nonce", "salt", "secret", "session", "csrf"):
		class = rules.Review // makePasswordOfWords: it speaks of one
	default:
		return
	}
	guessed := n.Has("otp", "totp", "code", "pin", "password", "passwd", "csrf", "xsrf", "secret")
	if b, ok := basicUnder(typ); ok && b.Info()&types.IsInteger != 0 && !guessed {
		class = rules.Review // an id of a protocol, perhaps
	}
	if v.kind == predTime {
		if n.Has("nonce") {
			return // signed APIs want nonces that grow
		}
		if !guessed && !n.Has("token", "reset") {
			class = rules.Review
		}
		if b, ok := basicUnder(typ); ok && b.Info()&types.IsInteger != 0 {
			return // a point in time
		}
	}
	if returned {
		at = v.source
	}
	t.hit(v, at, fmt.Sprintf("%s comes from %s, which can be predicted; use crypto/rand", name, v.how), class)
}

func basicUnder(typ types.Type) (*types.Basic, bool) {
	if typ == nil {
		return nil, false
	}
	b, ok := typ.Underlying().(*types.Basic)
	return b, ok
}

func (t *tokens) hit(v predictable, at ast.Node, message string, class rules.Class) {
	h := hitNode("MKT603", at, message)
	h.Class = class
	if v.source != nil && v.source.Pos() != at.Pos() {
		h.Steps = []Step{{v.source.Pos(), "the value comes from " + v.how}}
	}
	// One source is one finding: the first certain place, else the first.
	if v.source != nil {
		if i, ok := t.seen[v.source.Pos()]; ok {
			if t.hits[i].Class != "" && class == "" {
				t.hits[i] = h
			}
			return
		}
		t.seen[v.source.Pos()] = len(t.hits)
	}
	t.hits = append(t.hits, h)
}
