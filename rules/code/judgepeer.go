package code

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// # Checks of certificates that a configuration brings itself
//
// A configuration that skips the check of crypto/tls may hold a function that
// makes up for it. It does only when it cannot accept a connection without
// having verified the chain, or compared the certificate with one it knows: to
// call Verify and to log its error is no check.

// A peerCheck is what is seen of the functions of one configuration.
type peerCheck int

const (
	noPeerCheck      peerCheck = iota // there is none, or it accepts everybody
	unclearPeerCheck                  // there is one, and not all of it is seen or enough
	fullPeerCheck                     // it accepts nobody whose certificate did not pass
)

// hookNames are the fields of tls.Config for such functions.
var hookNames = [...]string{"VerifyConnection", "VerifyPeerCertificate"}

// ownPeerCheck says what functions of its own the configuration at hand has:
// those of its literal, and those given to the same value in the blocks around.
// crypto/tls calls both, so the better one counts; of several values for one
// field the worst does, because the last cannot be told.
func (p *pkg) ownPeerCheck(nodes []ast.Node) peerCheck {
	hooks := map[string][]ast.Expr{}
	literal, holder := p.configAt(nodes)
	if literal != nil {
		for _, el := range literal.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				if id, ok := kv.Key.(*ast.Ident); ok {
					hooks[id.Name] = append(hooks[id.Name], kv.Value)
				}
			}
		}
	}
	for _, n := range nodes {
		if _, ok := n.(*ast.FuncLit); ok || holder == nil {
			break
		}
		block, ok := n.(*ast.BlockStmt)
		if !ok {
			continue
		}
		for _, s := range block.List {
			a, ok := s.(*ast.AssignStmt)
			if !ok || len(a.Lhs) != len(a.Rhs) {
				continue
			}
			for i, l := range a.Lhs {
				if sel, ok := ast.Unparen(l).(*ast.SelectorExpr); ok && p.samePlace(sel.X, holder) {
					hooks[sel.Sel.Name] = append(hooks[sel.Sel.Name], a.Rhs[i])
				}
			}
		}
	}
	best := noPeerCheck
	for _, name := range hookNames {
		worst := noPeerCheck
		for i, e := range hooks[name] {
			if c := p.hookCheck(e); i == 0 || c < worst {
				worst = c
			}
		}
		best = max(best, worst)
	}
	return best
}

// configAt returns the literal of the configuration whose field is set at the
// innermost of the nodes, and the expression that holds the configuration.
func (p *pkg) configAt(nodes []ast.Node) (literal *ast.CompositeLit, holder ast.Expr) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if literal != nil {
				return literal, nil // a part of another literal
			}
			literal = n
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				if literal == nil {
					if sel, ok := ast.Unparen(l).(*ast.SelectorExpr); ok && sel.Sel.Name == "InsecureSkipVerify" {
						return nil, sel.X
					}
				} else if i < len(n.Rhs) && p.isLiteral(n.Rhs[i], literal) {
					return literal, l
				}
			}
			return literal, nil
		case *ast.ValueSpec:
			for i, v := range n.Values {
				if literal != nil && i < len(n.Names) && p.isLiteral(v, literal) {
					return literal, n.Names[i]
				}
			}
			return literal, nil
		case ast.Stmt, *ast.FuncDecl, *ast.FuncLit:
			return literal, nil
		}
	}
	return literal, nil
}

// isLiteral reports whether an expression is a literal or its address.
func (p *pkg) isLiteral(e ast.Expr, literal *ast.CompositeLit) bool {
	e = ast.Unparen(e)
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = ast.Unparen(u.X)
	}
	return e == ast.Expr(literal)
}

// samePlace reports whether two expressions name the same variable, or the same
// fields of it.
func (p *pkg) samePlace(a, b ast.Expr) bool {
	switch x := ast.Unparen(a).(type) {
	case *ast.Ident:
		y, ok := ast.Unparen(b).(*ast.Ident)
		return ok && p.info.ObjectOf(x) != nil && p.info.ObjectOf(x) == p.info.ObjectOf(y)
	case *ast.SelectorExpr:
		y, ok := ast.Unparen(b).(*ast.SelectorExpr)
		return ok && x.Sel.Name == y.Sel.Name && p.samePlace(x.X, y.X)
	case *ast.StarExpr:
		y, ok := ast.Unparen(b).(*ast.StarExpr)
		return ok && p.samePlace(x.X, y.X)
	}
	return false
}

// hookCheck says what a function that is given to a configuration checks.
func (p *pkg) hookCheck(e ast.Expr) peerCheck {
	if p.info.Types[e].IsNil() {
		return noPeerCheck
	}
	fn := p.hookFunc(e)
	if fn == nil || len(fn.Blocks) == 0 {
		return unclearPeerCheck
	}
	c := &peerChecker{p: p, busy: map[ssa.Value]bool{}, walking: map[ssa.Value]bool{}}
	switch {
	case c.refuses(fn, 0):
		return fullPeerCheck
	case acceptsAll(fn):
		return noPeerCheck
	}
	return unclearPeerCheck
}

// hookFunc finds the body behind an expression: a literal, a function or method
// of this package, or the one literal that a function of it returns.
func (p *pkg) hookFunc(e ast.Expr) *ssa.Function {
	switch x := p.bare(e).(type) {
	case *ast.FuncLit:
		return p.literalFunc(x)
	case *ast.Ident:
		if fn, ok := p.info.Uses[x].(*types.Func); ok {
			return p.ssa.Pkg.Prog.FuncValue(fn.Origin())
		}
	case *ast.SelectorExpr:
		if fn, ok := p.info.Uses[x.Sel].(*types.Func); ok && fn.Pkg() == p.types {
			return p.ssa.Pkg.Prog.FuncValue(fn.Origin())
		}
	case *ast.CallExpr:
		callee := p.callee(x)
		if callee == nil || callee.Pkg() != p.types {
			return nil
		}
		maker := p.ssa.Pkg.Prog.FuncValue(callee.Origin())
		if maker == nil {
			return nil
		}
		var made *ssa.Function
		for _, b := range maker.Blocks {
			ret, ok := last(b).(*ssa.Return)
			if !ok || len(ret.Results) == 0 {
				continue
			}
			var fn *ssa.Function
			switch v := unwrap(ret.Results[0]).(type) {
			case *ssa.MakeClosure:
				fn, _ = v.Fn.(*ssa.Function)
			case *ssa.Function:
				fn = v
			}
			if fn == nil || made != nil && made != fn {
				return nil
			}
			made = fn
		}
		return made
	}
	return nil
}

// literalFunc finds the function of a literal.
func (p *pkg) literalFunc(lit *ast.FuncLit) *ssa.Function {
	for _, fn := range p.funcs() {
		if fn.Syntax() == ast.Node(lit) {
			return fn
		}
	}
	return nil
}

// acceptsAll reports whether a function returns no error whatever happens.
func acceptsAll(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		if ret, ok := last(b).(*ssa.Return); ok {
			if len(ret.Results) != 1 {
				return false
			}
			if c, ok := ret.Results[0].(*ssa.Const); !ok || c.Value != nil {
				return false
			}
		}
	}
	return true
}

// A peerChecker decides whether functions can accept without a check.
type peerChecker struct {
	p             *pkg
	busy, walking map[ssa.Value]bool // against loops
}

// refuses reports whether a function that returns an error (or whether it
// accepts) last does so unless a check of the certificate passed.
func (c *peerChecker) refuses(fn *ssa.Function, depth int) bool {
	if depth > 3 || len(fn.Blocks) == 0 || c.busy[fn] || fn.Recover != nil {
		return false
	}
	c.busy[fn] = true
	defer delete(c.busy, fn)
	returns := false
	for _, b := range fn.Blocks {
		ret, ok := last(b).(*ssa.Return)
		if !ok {
			continue
		}
		if len(ret.Results) == 0 || !c.safeResult(ret.Results[len(ret.Results)-1], b, depth) {
			return false
		}
		returns = true
	}
	return returns
}

// passedAt reports whether a block is reached only after a check that passed.
func (c *peerChecker) passedAt(b *ssa.BasicBlock, depth int) bool {
	return c.p.onlyIf(b, func(cond ssa.Value, outcome bool) bool { return c.passed(cond, outcome, depth) })
}

// safeResult reports whether a value that is returned from b says no unless a
// check passed.
func (c *peerChecker) safeResult(v ssa.Value, b *ssa.BasicBlock, depth int) bool {
	if c.passedAt(b, depth) {
		return true
	}
	switch x := v.(type) {
	case *ssa.Const:
		return x.Value != nil && x.Value.Kind() == constant.Bool && !constant.BoolVal(x.Value)
	case *ssa.Phi:
		if c.busy[x] {
			return true // decided by its other edges
		}
		c.busy[x] = true
		defer delete(c.busy, x)
		for i, e := range x.Edges {
			if !c.safeEdge(x, i, e, depth) {
				return false
			}
		}
		return true
	case *ssa.MakeInterface:
		_, pointer := x.X.Type().Underlying().(*types.Pointer)
		_, fresh := x.X.(*ssa.Alloc)
		return !pointer || fresh
	case *ssa.UnOp:
		if g, ok := x.X.(*ssa.Global); ok && x.Op == token.MUL && isErrorType(x.Type()) {
			return SplitName(g.Name()).Has("err", "error") // var errPin = errors.New(…)
		}
	case *ssa.Call:
		if fn := x.Call.StaticCallee(); fn != nil && fn.Object() != nil && fn.Object().Pkg() != nil {
			switch fn.Object().Pkg().Path() + "." + fn.Name() {
			case "errors.New", "fmt.Errorf":
				return true
			}
		}
	}
	if isErrorType(v.Type()) {
		// An error that is one: if err != nil { return err }.
		if c.p.onlyIf(b, func(cond ssa.Value, outcome bool) bool { return says(cond, outcome, v, token.NEQ) }) {
			return true
		}
		return c.checkError(v, depth)
	}
	return c.passed(v, true, depth)
}

// safeEdge is safeResult for one value that comes together with others.
func (c *peerChecker) safeEdge(phi *ssa.Phi, i int, v ssa.Value, depth int) bool {
	from := phi.Block().Preds[i]
	if branch, ok := last(from).(*ssa.If); ok && from.Succs[0] != from.Succs[1] {
		if c.passed(branch.Cond, from.Succs[0] == phi.Block(), depth) {
			return true
		}
	}
	return c.safeResult(v, from, depth)
}

// passed reports whether a condition that has this outcome says that a check of
// the peer's certificate passed.
func (c *peerChecker) passed(cond ssa.Value, outcome bool, depth int) bool {
	switch x := cond.(type) {
	case *ssa.UnOp:
		if x.Op == token.NOT {
			return c.passed(x.X, !outcome, depth)
		}
	case *ssa.Phi:
		if !outcome || c.busy[x] {
			return outcome && c.busy[x]
		}
		c.busy[x] = true
		defer delete(c.busy, x)
		for i, e := range x.Edges {
			if !c.safeEdge(x, i, e, depth) {
				return false
			}
		}
		return true
	case *ssa.BinOp:
		if x.Op != token.EQL && x.Op != token.NEQ {
			return false
		}
		equal := (x.Op == token.EQL) == outcome
		for _, pair := range [][2]ssa.Value{{x.X, x.Y}, {x.Y, x.X}} {
			k, ok := pair[1].(*ssa.Const)
			if !ok {
				continue
			}
			if k.Value == nil {
				return equal && c.checkError(pair[0], depth)
			}
			// subtle.ConstantTimeCompare(a, b) == 1
			if call, ok := pair[0].(*ssa.Call); ok && calls(call, "crypto/subtle", "ConstantTimeCompare") {
				one := k.Value.ExactString() == "1"
				return (equal && one || !equal && k.Value.ExactString() == "0") && c.pins(call.Call.Args[0], call.Call.Args[1])
			}
			return false
		}
		switch x.X.Type().Underlying().(type) {
		case *types.Array:
			return equal && c.pins(x.X, x.Y)
		case *types.Basic:
			text, ok := x.X.Type().Underlying().(*types.Basic)
			return equal && ok && text.Info()&types.IsString != 0 && c.pins(x.X, x.Y)
		}
	case *ssa.Extract:
		if l, ok := x.Tuple.(*ssa.Lookup); ok && x.Index == 1 {
			return outcome && c.pins(l.Index, l.X) // pins[sum]
		}
		if call, ok := x.Tuple.(*ssa.Call); ok && call.Call.StaticCallee() != nil && x.Index == call.Call.Signature().Results().Len()-1 {
			return outcome && c.ownCheck(call, depth)
		}
	case *ssa.Lookup:
		return outcome && !x.CommaOk && c.pins(x.Index, x.X)
	case *ssa.Call:
		switch {
		case !outcome || len(x.Call.Args) < 1:
			return false
		case len(x.Call.Args) > 1 && (calls(x, "bytes", "Equal") || calls(x, "crypto/hmac", "Equal") || calls(x, "strings", "EqualFold") || calls(x, "slices", "Contains") || calls(x, "crypto/x509", "Equal")):
			return c.pins(x.Call.Args[0], x.Call.Args[1])
		}
		return c.ownCheck(x, depth)
	}
	return false
}

// checkError reports whether a value is the error of a check.
func (c *peerChecker) checkError(v ssa.Value, depth int) bool {
	switch x := v.(type) {
	case *ssa.Extract:
		call, ok := x.Tuple.(*ssa.Call)
		return ok && x.Index == call.Call.Signature().Results().Len()-1 &&
			(calls(call, "crypto/x509", "Verify") && c.fromPeer(call.Call.Args[0], 0) == peerIdentity && !c.trustsPeer(call) || c.ownCheck(call, depth))
	case *ssa.Call:
		return c.ownCheck(x, depth)
	case *ssa.Phi:
		if c.busy[x] {
			return true
		}
		c.busy[x] = true
		defer delete(c.busy, x)
		for i, e := range x.Edges {
			if !c.safeEdge(x, i, e, depth) {
				return false
			}
		}
		return true
	}
	return false
}

// trustsPeer reports whether the roots of a verification get certificates of the
// peer, which then proves itself.
func (c *peerChecker) trustsPeer(verify *ssa.Call) bool {
	if len(verify.Call.Args) != 2 {
		return true
	}
	roots := map[ssa.Value]bool{}
	if load, ok := verify.Call.Args[1].(*ssa.UnOp); ok {
		if refs := load.X.Referrers(); refs != nil {
			for _, r := range *refs {
				if fa, ok := r.(*ssa.FieldAddr); ok && fieldName(fa) == "Roots" {
					for _, s := range *fa.Referrers() {
						if s, ok := s.(*ssa.Store); ok {
							roots[s.Val] = true
						}
					}
				}
			}
		}
	}
	for _, b := range verify.Parent().Blocks {
		for _, instr := range b.Instrs {
			add, ok := instr.(*ssa.Call)
			if !ok || !calls(add, "crypto/x509", "AddCert") {
				continue
			}
			into := add.Call.Args[0]
			if load, ok := into.(*ssa.UnOp); ok {
				if fa, ok := load.X.(*ssa.FieldAddr); ok && fieldName(fa) == "Roots" {
					roots[into] = true
				}
			}
			if roots[into] && c.fromPeer(add.Call.Args[1], 0) != notPeer {
				return true
			}
		}
	}
	return false
}

// ownCheck reports whether a call goes to a function of this package that
// checks what it is given of the peer.
func (c *peerChecker) ownCheck(call *ssa.Call, depth int) bool {
	fn := call.Call.StaticCallee()
	if fn == nil || fn.Pkg != c.p.ssa.Pkg || !c.refuses(fn, depth+1) {
		return false
	}
	for _, a := range call.Call.Args {
		if c.fromPeer(a, 0) == peerIdentity {
			return true
		}
	}
	return false
}

// pins reports whether one of two values is the peer's and the other is not.
func (c *peerChecker) pins(a, b ssa.Value) bool {
	x, y := c.fromPeer(a, 0), c.fromPeer(b, 0)
	return x == peerIdentity && y == notPeer || x == notPeer && y == peerIdentity
}

// What a value holds of the peer.
const (
	notPeer      = iota
	peerIdentity // its certificate or public key, or a sum of one
	peerClaim    // a field of the certificate that anybody can write into his own
)

// fromPeer says what a value holds of the peer: what comes from a parameter of
// the function that has the type of certificates.
func (c *peerChecker) fromPeer(v ssa.Value, depth int) int {
	if depth > 16 || c.walking[v] {
		return notPeer
	}
	c.walking[v] = true
	defer delete(c.walking, v)
	most := func(values ...ssa.Value) int {
		found := notPeer
		for _, w := range values {
			if w != nil {
				found = max(found, c.fromPeer(w, depth+1))
			}
		}
		return found
	}
	field := func(owner types.Type, name string, of ssa.Value) int {
		found := most(of)
		if found != peerIdentity {
			return found
		}
		switch typeName(owner) + "." + name {
		case "Certificate.Raw", "Certificate.RawTBSCertificate", "Certificate.RawSubjectPublicKeyInfo", "Certificate.PublicKey", "ConnectionState.PeerCertificates":
			return peerIdentity
		}
		return peerClaim
	}
	switch x := v.(type) {
	case *ssa.Parameter:
		if holdsCertificates(x.Type()) {
			return peerIdentity
		}
	case *ssa.Field:
		return field(x.X.Type(), fieldOf(x), x.X)
	case *ssa.FieldAddr:
		return field(x.X.Type(), fieldName(x), x.X)
	case *ssa.Alloc, *ssa.MakeSlice:
		found := notPeer
		for _, r := range *v.Referrers() {
			switch r := r.(type) {
			case *ssa.Store:
				if r.Addr == v {
					found = max(found, most(r.Val))
				}
			case *ssa.IndexAddr:
				for _, s := range *r.Referrers() {
					if s, ok := s.(*ssa.Store); ok && s.Addr == ssa.Value(r) {
						found = max(found, most(s.Val))
					}
				}
			}
		}
		return found
	case *ssa.Call:
		if b, ok := x.Call.Value.(*ssa.Builtin); ok && (b.Name() == "len" || b.Name() == "cap") {
			return notPeer
		}
		found := most(x.Call.Args...)
		if x.Call.IsInvoke() {
			// A sum: h.Sum(nil) after h.Write(raw).
			found = max(found, most(x.Call.Value))
			if refs := x.Call.Value.Referrers(); refs != nil {
				for _, r := range *refs {
					if w, ok := r.(*ssa.Call); ok && w != x && w.Call.IsInvoke() && w.Call.Method.Name() == "Write" {
						found = max(found, most(w.Call.Args...))
					}
				}
			}
		}
		return found
	case *ssa.Const, *ssa.Global, *ssa.FreeVar, *ssa.Function, *ssa.Builtin:
	case ssa.Instruction:
		var ops []ssa.Value
		for _, op := range x.Operands(nil) {
			ops = append(ops, *op)
		}
		return most(ops...)
	}
	return notPeer
}

// holdsCertificates reports whether a parameter of this type is what crypto/tls
// hands over: the connection's state, raw or parsed certificates.
func holdsCertificates(t types.Type) bool {
	for {
		switch x := types.Unalias(t).(type) {
		case *types.Pointer:
			t = x.Elem()
		case *types.Slice:
			if b, ok := x.Elem().Underlying().(*types.Basic); ok {
				return b.Kind() == types.Byte
			}
			t = x.Elem()
		case *types.Named:
			o := x.Obj()
			return o.Pkg() != nil && (o.Pkg().Path() == "crypto/tls" && o.Name() == "ConnectionState" || o.Pkg().Path() == "crypto/x509" && o.Name() == "Certificate")
		default:
			return false
		}
	}
}

// fieldOf is the name of the field that a value is read from.
func fieldOf(f *ssa.Field) string {
	if s, ok := f.X.Type().Underlying().(*types.Struct); ok && f.Field < s.NumFields() {
		return s.Field(f.Field).Name()
	}
	return ""
}

// says reports whether a condition that has this outcome compares v with nil.
func says(cond ssa.Value, outcome bool, v ssa.Value, op token.Token) bool {
	x, ok := cond.(*ssa.BinOp)
	if !ok || x.Op != token.EQL && x.Op != token.NEQ || x.X != v {
		return false
	}
	k, ok := x.Y.(*ssa.Const)
	return ok && k.Value == nil && (x.Op == op) == outcome
}

// calls reports whether a call goes to a function or method of a package.
func calls(call *ssa.Call, path, name string) bool {
	fn := call.Call.StaticCallee()
	return fn != nil && fn.Name() == name && fn.Object() != nil && fn.Object().Pkg() != nil && fn.Object().Pkg().Path() == path
}
