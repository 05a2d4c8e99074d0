package code

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A verdict is what a condition proves about a value on one of its edges.
type verdict struct {
	ok       bool // the value is one of known values, or of a harmless shape
	resolves bool // the proof looks up a host name that is looked up again later
	bits     int  // parts of a proof that a redirect stays on this site
}

// Parts of the proof that a path stays on this site. Both are needed: browsers
// read "//host" and "/\host" as another host.
const (
	noDoubleSlash = 1 << iota
	noBackslash
	staysHere = noDoubleSlash | noBackslash
)

func (v *verdict) add(o verdict) {
	v.ok = v.ok || o.ok
	v.resolves = v.resolves || o.resolves
	v.bits |= o.bits
}

// guarded reports whether checks on every way to at make v harmless there.
func (t *taint) guarded(v ssa.Value, at ssa.Instruction) (ok, resolves bool) {
	b := at.Block()
	if b == nil || b.Parent() == nil || len(b.Parent().Blocks) < 3 {
		return false, false
	}
	g := &guard{t: t, v: v, seen: map[*ssa.BasicBlock]bool{}}
	if g.block(b, 0) {
		return !g.resolves, g.resolves
	}
	if t.need.use == useJump && g.bits(b)&staysHere == staysHere {
		return true, false
	}
	if t.need.use == useHost && g.inspected(b.Parent()) {
		return false, true
	}
	return false, false
}

// guardedEdge is guarded for a value that takes the edge from pred to b.
func (t *taint) guardedEdge(v ssa.Value, pred, b *ssa.BasicBlock) (ok, resolves bool) {
	g := &guard{t: t, v: v, seen: map[*ssa.BasicBlock]bool{}}
	if d := g.edge(pred, b); d.ok || g.block(pred, 0) {
		g.resolves = g.resolves || d.resolves
		return !g.resolves, g.resolves
	} else if t.need.use == useJump && (d.bits|g.bits(pred))&staysHere == staysHere {
		return true, false
	}
	return false, false
}

type guard struct {
	t        *taint
	v        ssa.Value
	seen     map[*ssa.BasicBlock]bool
	resolves bool
	deep     int // how many functions down from the use
}

// block reports whether every way into b passes a check of the value.
func (g *guard) block(b *ssa.BasicBlock, depth int) bool {
	if len(b.Preds) == 0 || depth > 200 || g.seen[b] {
		return false
	}
	g.seen[b] = true
	if instr, ok := g.v.(ssa.Instruction); ok && instr.Block() == b && !repeatable(g.v) {
		return false // checks before the value exists are about another one
	}
	some := false
	for _, p := range b.Preds {
		if b.Dominates(p) {
			continue // a loop's way back
		}
		d := g.edge(p, b)
		g.resolves = g.resolves || d.resolves && d.ok
		if !d.ok && !g.block(p, depth+1) {
			return false
		}
		some = true
	}
	return some
}

// bits gathers what the checks that dominate b prove together.
func (g *guard) bits(b *ssa.BasicBlock) int {
	bits := 0
	for b.Idom() != nil {
		d := b.Idom()
		if len(b.Preds) == 1 {
			bits |= g.edge(d, b).bits
		}
		b = d
	}
	return bits
}

// inspected reports whether the function looks at the addresses that the value
// resolves to, as a loop over them does.
func (g *guard) inspected(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			c, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			d := g.t.m.p.asCall(c, paths("net", "net/netip"))
			if d == nil || d.on == nil || !addressTests[d.name] {
				continue
			}
			if g.about(d.on).ok {
				return true
			}
		}
	}
	return false
}

var addressTests = map[string]bool{"IsPrivate": true, "IsLoopback": true, "IsLinkLocalUnicast": true, "IsGlobalUnicast": true, "IsUnspecified": true, "IsMulticast": true}

// repeatable reports whether the same value may be computed again: a load or a
// call of a getter.
func repeatable(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.UnOp, *ssa.Call, *ssa.Lookup, *ssa.Extract, *ssa.Field:
		return true
	}
	return false
}

// edge judges the condition at the end of p on its edge to b.
func (g *guard) edge(p, b *ssa.BasicBlock) verdict { return g.edgeAt(p, b, 0) }

func (g *guard) edgeAt(p, b *ssa.BasicBlock, depth int) verdict {
	if len(p.Instrs) == 0 {
		return verdict{}
	}
	cond, ok := p.Instrs[len(p.Instrs)-1].(*ssa.If)
	if !ok || p.Succs[0] == p.Succs[1] {
		return verdict{}
	}
	return g.test(cond.Cond, p.Succs[0] == b, depth)
}

// test says what a condition proves when it has the given outcome.
func (g *guard) test(cond ssa.Value, outcome bool, depth int) verdict {
	if depth > 6 {
		return verdict{}
	}
	switch x := cond.(type) {
	case *ssa.UnOp:
		if x.Op == token.NOT {
			return g.test(x.X, !outcome, depth+1)
		}
	case *ssa.Phi:
		// a && b kept in a variable: the constant edges have the other outcome.
		var d verdict
		for i, e := range x.Edges {
			if c, ok := e.(*ssa.Const); ok && c.Value != nil {
				if constant.BoolVal(c.Value) == outcome {
					return verdict{}
				}
				continue
			}
			one := g.test(e, outcome, depth+1)
			one.add(g.edgeAt(x.Block().Preds[i], x.Block(), depth+1))
			pred := x.Block().Preds[i]
			if len(pred.Preds) == 1 {
				one.add(g.edgeAt(pred.Preds[0], pred, depth+1))
			}
			d.add(one)
		}
		return d
	case *ssa.BinOp:
		return g.compare(x, outcome)
	case *ssa.Lookup:
		if outcome && g.about(x.Index).ok {
			return verdict{ok: true}
		}
	case *ssa.Extract:
		switch tuple := x.Tuple.(type) {
		case *ssa.Lookup:
			if outcome && x.Index == 1 && g.about(tuple.Index).ok {
				return verdict{ok: true}
			}
		case *ssa.Call:
			return g.predicate(tuple, outcome)
		}
	case *ssa.Call:
		return g.predicate(x, outcome)
	}
	return verdict{}
}

// compare judges == and !=.
func (g *guard) compare(x *ssa.BinOp, outcome bool) verdict {
	if x.Op != token.EQL && x.Op != token.NEQ {
		return g.index(x, outcome)
	}
	equal := (x.Op == token.EQL) == outcome
	a, b := x.X, x.Y
	if _, ok := a.(*ssa.Const); ok {
		a, b = b, a
	}
	c, isConst := b.(*ssa.Const)
	if isConst && c.Value == nil {
		return g.nilness(a, equal, 0)
	}
	if ix := charAt(a); ix != nil && isConst {
		if !equal && g.about(ix).ok {
			return g.charBits(c)
		}
		return verdict{}
	}
	if call, ok := a.(*ssa.Call); ok && isConst {
		if d := g.t.m.p.asCall(call, paths("strings", "bytes")); d != nil && strings.HasPrefix(d.name, "Index") {
			return g.index(x, outcome)
		}
		if bi, ok := call.Call.Value.(*ssa.Builtin); ok && bi.Name() == "len" {
			return verdict{}
		}
	}
	if !equal {
		return verdict{}
	}
	left := g.about(a)
	if !left.ok && !isConst {
		left = g.about(b)
		b = a
	}
	if !left.ok {
		return verdict{}
	}
	if _, ok := b.(*ssa.Const); ok {
		return left
	}
	if g.about(b).ok {
		return verdict{} // compared with itself
	}
	return left
}

// charAt returns the text of which v is one character.
func charAt(v ssa.Value) ssa.Value {
	switch x := v.(type) {
	case *ssa.Lookup:
		return x.X
	case *ssa.Index:
		return x.X
	case *ssa.UnOp:
		if ia, ok := x.X.(*ssa.IndexAddr); ok && x.Op == token.MUL && isByte(x.Type()) {
			return ia.X
		}
	}
	return nil
}

// charBits says what the absence of a character proves.
func (g *guard) charBits(c *ssa.Const) verdict {
	n, ok := constant.Int64Val(constant.ToInt(c.Value))
	switch {
	case ok && n == '/':
		return verdict{bits: noDoubleSlash}
	case ok && n == '\\':
		return verdict{bits: noBackslash}
	case ok && n == '-' && g.t.need.use == useOption:
		return verdict{ok: true}
	}
	return verdict{}
}

// index judges strings.Index(v, x) < 0, == -1 and the like.
func (g *guard) index(x *ssa.BinOp, outcome bool) verdict {
	call, ok := x.X.(*ssa.Call)
	if !ok {
		return verdict{}
	}
	d := g.t.m.p.asCall(call, paths("strings", "bytes"))
	if d == nil || !strings.HasPrefix(d.name, "Index") || len(d.args) != 2 || !g.about(d.args[0]).ok {
		return verdict{}
	}
	absent := outcome == (x.Op == token.EQL || x.Op == token.LSS)
	needle, ok := constText(d.args[1])
	if !ok || !absent {
		return verdict{}
	}
	return g.absence(needle)
}

// absence says what it proves that a text does not contain a needle.
func (g *guard) absence(needle string) verdict {
	switch g.t.need.use {
	case usePath, useEndpoint:
		return verdict{ok: strings.Contains(needle, "..") || strings.ContainsAny(needle, `/\`)}
	case useLog, useMail:
		return verdict{ok: strings.ContainsAny(needle, "\r\n")}
	case useHTML:
		return verdict{ok: strings.Contains(needle, "<")}
	case useJump:
		d := verdict{}
		if strings.Contains(needle, `\`) {
			d.bits |= noBackslash
		}
		if strings.Contains(needle, "//") || needle == "/" {
			d.bits |= noDoubleSlash
		}
		return d
	}
	return verdict{}
}

// nilness judges err == nil, net.ParseIP(v) != nil, table[v] != nil.
func (g *guard) nilness(v ssa.Value, isNil bool, depth int) verdict {
	if depth > 6 {
		return verdict{} // set in a loop
	}
	if !isNil {
		switch x := v.(type) {
		case *ssa.Lookup:
			return verdict{ok: g.about(x.Index).ok}
		case *ssa.Call:
			if d := g.t.m.p.asCall(x, paths("net")); d != nil && d.name == "ParseIP" && g.t.need.use != useHost {
				return verdict{ok: g.about(d.args[0]).ok}
			}
		}
		return verdict{}
	}
	var c *ssa.Call
	switch x := v.(type) {
	case *ssa.Extract:
		c, _ = x.Tuple.(*ssa.Call)
	case *ssa.Call:
		c = x
	case *ssa.Phi: // err set by one of several checks
		var d verdict
		for _, e := range x.Edges {
			if _, ok := e.(*ssa.Const); !ok {
				d.add(g.nilness(e, true, depth+1))
			}
		}
		return d
	}
	if c == nil || v.Type().String() != "error" {
		return verdict{}
	}
	return g.validator(c)
}

// parsers return an error for anything that is not of a harmless form. The mask
// names the uses they do not protect.
var parsers = map[string]purpose{
	"github.com/google/uuid.Parse": 0, "github.com/google/uuid.Validate": 0, "github.com/gofrs/uuid.FromString": 0, "github.com/satori/go.uuid.FromString": 0,
	"strconv.Atoi": 0, "strconv.ParseInt": 0, "strconv.ParseUint": 0, "strconv.ParseFloat": useLog, "strconv.ParseBool": 0, "time.Parse": useLog, "time.ParseDuration": 0,
	"net/netip.ParseAddr": useHost, "net/netip.ParsePrefix": useHost, "path/filepath.Rel": useAll &^ usePath, "net/mail.ParseAddress": useAll &^ useMail,
	"path/filepath.Localize": useAll &^ usePath, "golang.org/x/text/language.Parse": 0, "encoding/hex.DecodeString": 0, "github.com/oklog/ulid.Parse": 0, "github.com/rs/xid.FromString": 0,
	"go.mongodb.org/mongo-driver/bson/primitive.ObjectIDFromHex": 0, "go.mongodb.org/mongo-driver/bson.ObjectIDFromHex": 0,
}

// validator judges the success of a call that returns an error.
func (g *guard) validator(c *ssa.Call) verdict {
	d := g.t.m.p.asCall(c, nil)
	if d == nil || !g.given(c) {
		return verdict{}
	}
	if g.t.need.use&(useHost|useJump) != 0 && g.t.m.p.taught(taughtURLGuard, d.fn) {
		return verdict{ok: true}
	}
	if not, ok := parsers[d.path+"."+d.callee()]; ok {
		return verdict{ok: not&g.t.need.use == 0}
	}
	if g.body(c, true) {
		return verdict{ok: true, resolves: g.looksUp(c)}
	}
	words := SplitName(d.name)
	if words.Has("validate", "valid", "validates", "verify", "check", "checks", "ensure", "assert", "allow", "allowed", "guard", "permit", "permitted", "safe", "restrict", "confirm", "vet", "reject", "enforce", "var") ||
		strings.Contains(d.path, "valid") {
		if d.callee() == "Validate.Struct" || d.callee() == "Validate.StructCtx" {
			return verdict{} // which fields it checks is in their tags
		}
		g.t.trust() // its name says so, nothing else
		return verdict{ok: true, resolves: g.looksUp(c)}
	}
	return verdict{}
}

// given reports whether a call gets the value, or something made of it.
func (g *guard) given(c *ssa.Call) bool {
	for _, a := range c.Call.Args {
		if g.about(a).ok || g.partOf(a, c) {
			return true
		}
	}
	return c.Call.IsInvoke() && g.about(c.Call.Value).ok
}

// partOf reports whether the value is a field of the struct that a call gets,
// and the callee, where its body is seen, looks at that field.
func (g *guard) partOf(whole ssa.Value, c *ssa.Call) bool {
	var field *types.Var
	var base ssa.Value
	switch x := unwrap(g.v).(type) {
	case *ssa.UnOp:
		fa, ok := x.X.(*ssa.FieldAddr)
		if !ok {
			return false
		}
		field, base = fieldVar(fa), fa.X
	case *ssa.Field:
		field, base = structField(x.X.Type(), x.Field), x.X
	default:
		return false
	}
	whole = unwrap(whole)
	if load, ok := whole.(*ssa.UnOp); ok && load.X == base {
		whole = base
	}
	if !alike(whole, base, 0) {
		return false
	}
	for _, fn := range g.t.m.callees(c) {
		reads := false
		within(fn, func(instr ssa.Instruction) {
			switch x := instr.(type) {
			case *ssa.FieldAddr:
				reads = reads || fieldVar(x) == field
			case *ssa.Field:
				reads = reads || structField(x.X.Type(), x.Field) == field
			}
		})
		if !reads {
			return false
		}
	}
	return true
}

// looksUp reports whether a checking function of this package resolves names.
func (g *guard) looksUp(c *ssa.Call) bool {
	if g.t.need.use != useHost {
		return false
	}
	for _, fn := range g.t.m.callees(c) {
		found := false
		within(fn, func(instr ssa.Instruction) {
			if ci, ok := instr.(ssa.CallInstruction); ok {
				if d := g.t.m.p.asCall(ci, paths("net")); d != nil && (strings.HasPrefix(d.name, "Lookup") || strings.HasPrefix(d.name, "Resolve")) {
					found = true
				}
			}
		})
		if found {
			return true
		}
	}
	return false
}

var (
	goodWords = []string{"valid", "validate", "is", "safe", "allow", "allowed", "allows", "permit", "permitted", "trusted", "trust", "known", "match", "matches", "supported", "local", "relative", "whitelist", "whitelisted",
		"allowlist", "allowlisted", "check", "verify", "ok", "legal", "registered", "accept", "accepted", "can", "same", "authorized", "exists", "contains", "has", "public", "secure"}
	badWords = []string{"invalid", "unsafe", "bad", "block", "blocked", "forbidden", "forbid", "denied", "deny", "malicious", "illegal", "dangerous", "private", "internal", "loopback", "blacklisted", "blocklisted",
		"denylisted", "disallowed", "untrusted", "reserved", "suspicious", "reject", "traversal", "external", "absolute", "restricted"}
)

// predicate judges a call that returns a boolean.
func (g *guard) predicate(c *ssa.Call, outcome bool) verdict {
	d := g.t.m.p.asCall(c, nil)
	if d == nil {
		// A function value of the package.
		return verdict{}
	}
	switch d.path + "." + d.callee() {
	case "regexp.MatchString", "regexp.Match", "regexp.Regexp.MatchString", "regexp.Regexp.Match":
		return verdict{ok: (outcome || g.t.need.use == usePath || g.t.need.use == useLog) && g.about(d.args[len(d.args)-1]).ok}
	case "strings.HasPrefix", "bytes.HasPrefix":
		return g.prefix(d, outcome)
	case "strings.HasSuffix":
		if outcome && g.t.need.use&(useHost|useJump) != 0 {
			if s, ok := constText(d.args[1]); ok && !strings.HasPrefix(s, ".") {
				return verdict{}
			}
			return verdict{ok: g.throughHost(d.args[0])}
		}
		return verdict{}
	case "strings.Contains", "strings.ContainsAny", "bytes.Contains", "strings.ContainsRune":
		if outcome || !g.about(d.args[0]).ok {
			return verdict{}
		}
		if needle, ok := constText(d.args[1]); ok {
			return g.absence(needle)
		}
		return verdict{}
	case "strings.EqualFold", "bytes.Equal":
		return verdict{ok: outcome && (g.about(d.args[0]).ok != g.about(d.args[1]).ok)}
	case "slices.Contains", "slices.ContainsFunc":
		return verdict{ok: outcome && (g.about(d.args[1]).ok || g.capturesIt(d.args[1]))}
	case "path/filepath.IsLocal", "io/fs.ValidPath":
		return verdict{ok: outcome && g.t.need.use == usePath && g.about(d.args[0]).ok}
	case "path/filepath.IsAbs", "path.IsAbs", "net/url.URL.IsAbs":
		return verdict{}
	}
	if !g.given(c) {
		return verdict{}
	}
	if d.path == "net" || d.path == "net/netip" {
		if addressTests[d.name] && g.t.need.use == useHost {
			return verdict{ok: outcome == (d.name == "IsGlobalUnicast"), resolves: true}
		}
		return verdict{}
	}
	if g.t.need.use&(useHost|useJump) != 0 && g.t.m.p.taught(taughtURLGuard, d.fn) {
		return verdict{ok: outcome}
	}
	if keepers[d.path] {
		return verdict{}
	}
	if g.body(c, outcome) {
		return verdict{ok: true, resolves: g.looksUp(c)}
	}
	g.t.trust() // its name says so, nothing else
	words := SplitName(d.name)
	good, bad := words.Has(goodWords...), words.Has(badWords...)
	if !good && !bad && len(g.t.m.callees(c)) == 0 && !outcome {
		return verdict{}
	}
	if bad {
		return verdict{ok: !outcome, resolves: g.looksUp(c)}
	}
	if good {
		return verdict{ok: outcome, resolves: g.looksUp(c)}
	}
	// "value, ok := table.Get(v)": v is a key of the table.
	if len(c.Call.Args) > 0 && words.Has("get", "load", "lookup", "find", "resolve", "select") {
		return verdict{ok: outcome}
	}
	return verdict{}
}

// prefix judges strings.HasPrefix(v, p).
func (g *guard) prefix(d *call, outcome bool) verdict {
	p, known := constText(d.args[1])
	if !g.about(d.args[0]).ok {
		return verdict{}
	}
	switch g.t.need.use {
	case usePath:
		return verdict{ok: outcome && (!known || len(p) > 1)}
	case useHost:
		return verdict{ok: outcome && (!known || g.t.fixed(p))}
	case useJump:
		if !outcome && known {
			return g.absence(p)
		}
		return verdict{ok: outcome && (!known || g.t.fixed(p))}
	case useOption:
		return verdict{ok: known && (!outcome && p == "-" || outcome && p != "" && p[0] != '-')}
	}
	return verdict{}
}

// throughHost reports whether a text was taken from the host of the value.
func (g *guard) throughHost(v ssa.Value) bool {
	switch x := v.(type) {
	case *ssa.Call:
		d := g.t.m.p.asCall(x, paths("net/url", "strings", "net"))
		if d == nil {
			return false
		}
		if d.callee() == "URL.Hostname" {
			return g.about(d.on).ok
		}
		return d.path == "strings" && len(d.args) > 0 && g.throughHost(d.args[0])
	case *ssa.UnOp:
		fa, ok := x.X.(*ssa.FieldAddr)
		return ok && fieldVar(fa).Name() == "Host" && g.about(fa.X).ok
	case *ssa.Extract:
		c, ok := x.Tuple.(*ssa.Call)
		return ok && g.throughHost(c.Call.Args[0])
	}
	return false
}

// capturesIt reports whether a closure captures the value.
func (g *guard) capturesIt(v ssa.Value) bool {
	mc, ok := unwrap(v).(*ssa.MakeClosure)
	return ok && slices.ContainsFunc(mc.Bindings, func(b ssa.Value) bool { return g.about(b).ok })
}

// about reports whether x is the value or is made of it, keeping what a check
// needs: not its length, its extension, its scheme.
func (g *guard) about(x ssa.Value) verdict {
	seen := map[ssa.Value]bool{}
	var d verdict
	var ops []*ssa.Value
	work := []ssa.Value{x}
	for len(work) > 0 && len(seen) < 80 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if x == nil || seen[x] {
			continue
		}
		seen[x] = true
		if alike(x, g.v, 0) {
			d.ok = true
			return d
		}
		switch y := x.(type) {
		case *ssa.Const, *ssa.Function, *ssa.Builtin, *ssa.Global, *ssa.Parameter, *ssa.FreeVar:
			continue
		case *ssa.Alloc:
			for _, r := range *y.Referrers() {
				switch s := r.(type) {
				case *ssa.Store:
					if s.Addr == ssa.Value(y) {
						work = append(work, s.Val)
					}
				case *ssa.IndexAddr:
					for _, ir := range *s.Referrers() {
						if st, ok := ir.(*ssa.Store); ok {
							work = append(work, st.Val)
						}
					}
				}
			}
			continue
		case *ssa.FieldAddr:
			if fieldVar(y) != nil && fieldVar(y).Name() == "Scheme" {
				continue
			}
		case *ssa.Lookup:
			// The contents of a table say nothing about the key.
			work = append(work, y.X)
			continue
		case *ssa.Call:
			if b, ok := y.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
				continue
			}
			if fn := y.Call.StaticCallee(); fn != nil && fn.Object() != nil && fn.Object().Pkg() != nil {
				switch fn.Object().Pkg().Path() + "." + fn.Name() {
				case "path/filepath.Ext", "path.Ext", "strings.Count", "os.Stat", "os.ReadFile", "net/http.Get", "net/http.NewRequest":
					continue
				case "net.LookupIP", "net.LookupHost", "net.ResolveIPAddr", "net.LookupIPAddr", "net.ResolveTCPAddr":
					d.resolves = true
				}
				if strings.HasPrefix(fn.Name(), "LookupIP") || fn.Name() == "LookupNetIP" {
					d.resolves = true
				}
			}
		}
		if instr, ok := x.(ssa.Instruction); ok {
			ops = instr.Operands(ops[:0])
			for _, op := range ops {
				work = append(work, *op)
			}
		}
	}
	return verdict{}
}

// alike reports whether two values are the same, or computed in the same way
// from the same: two loads of a field, two calls of a getter.
func alike(a, b ssa.Value, depth int) bool {
	if a == b || sameValue(a, b) {
		return true
	}
	if depth > 3 {
		return false
	}
	a, b = unwrap(a), unwrap(b)
	switch x := a.(type) {
	case *ssa.Const:
		y, ok := b.(*ssa.Const)
		if !ok || x.Value == nil || y.Value == nil {
			return ok && x.Value == nil && y.Value == nil // no variadic arguments
		}
		return x.Value.ExactString() == y.Value.ExactString()
	case *ssa.Call:
		y, ok := b.(*ssa.Call)
		if !ok || x.Call.IsInvoke() != y.Call.IsInvoke() || x.Call.Method != y.Call.Method || x.Call.StaticCallee() != y.Call.StaticCallee() ||
			x.Call.StaticCallee() == nil && !x.Call.IsInvoke() || len(x.Call.Args) != len(y.Call.Args) || len(x.Call.Args) == 0 && !x.Call.IsInvoke() {
			return false
		}
		if x.Call.IsInvoke() && !alike(x.Call.Value, y.Call.Value, depth+1) {
			return false
		}
		for i := range x.Call.Args {
			if !alike(x.Call.Args[i], y.Call.Args[i], depth+1) {
				return false
			}
		}
		return true
	case *ssa.Lookup:
		y, ok := b.(*ssa.Lookup)
		return ok && alike(x.X, y.X, depth+1) && alike(x.Index, y.Index, depth+1)
	case *ssa.Extract:
		y, ok := b.(*ssa.Extract)
		return ok && x.Index == y.Index && alike(x.Tuple, y.Tuple, depth+1)
	case *ssa.Field:
		y, ok := b.(*ssa.Field)
		return ok && x.Field == y.Field && alike(x.X, y.X, depth+1)
	case *ssa.UnOp:
		y, ok := b.(*ssa.UnOp)
		if !ok || x.Op != y.Op {
			return false
		}
		fa, ok1 := x.X.(*ssa.FieldAddr)
		fb, ok2 := y.X.(*ssa.FieldAddr)
		if ok1 && ok2 {
			return fa.Field == fb.Field && alike(fa.X, fb.X, depth+1)
		}
		ia, ok1 := x.X.(*ssa.IndexAddr)
		ib, ok2 := y.X.(*ssa.IndexAddr)
		return ok1 && ok2 && alike(ia.X, ib.X, depth+1) && alike(ia.Index, ib.Index, depth+1)
	}
	return false
}
