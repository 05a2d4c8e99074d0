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
	half     bool // something about the value is checked, but not all that matters
	resolves bool // the proof looks up a host name that is looked up again later
	bits     int  // parts of a proof that a redirect stays on this site
}

// Parts of the proof that a path stays on this site. All are needed: browsers
// read "//host" and "/\host" as another host, and what does not begin with a
// slash may be a whole URL.
const (
	noDoubleSlash = 1 << iota
	noBackslash
	leadingSlash // or no colon: nothing can be a scheme
	staysHere    = noDoubleSlash | noBackslash | leadingSlash
)

func (v *verdict) add(o verdict) {
	v.ok = v.ok || o.ok
	v.half = v.half || o.half
	v.resolves = v.resolves || o.resolves
	v.bits |= o.bits
}

// and keeps what two ways both prove.
func (v *verdict) and(o verdict) {
	v.half = v.half || v.ok || o.half || o.ok
	v.ok = v.ok && o.ok
	v.resolves = v.resolves || o.resolves
	v.bits &= o.bits
}

// guarded says what the checks on every way to at prove about v there.
func (t *taint) guarded(v ssa.Value, at ssa.Instruction, below bool) verdict {
	b := at.Block()
	if t.bare || b == nil || b.Parent() == nil || len(b.Parent().Blocks) < 3 {
		return verdict{}
	}
	g := &guard{t: t, v: v, seen: map[*ssa.BasicBlock]bool{}, below: below || t.below > 0}
	if g.block(b, 0) {
		return verdict{ok: !g.resolves, resolves: g.resolves}
	}
	if t.need.use == useJump && g.stays(g.bits(b)) {
		return verdict{ok: true}
	}
	d := verdict{half: g.partly(b)}
	if t.need.use == useHost && g.inspected(b.Parent()) {
		d.resolves = true
	}
	return d
}

// guardedEdge is guarded for a value that takes the edge from pred to b.
func (t *taint) guardedEdge(v ssa.Value, pred, b *ssa.BasicBlock, below bool) verdict {
	if t.bare {
		return verdict{}
	}
	g := &guard{t: t, v: v, seen: map[*ssa.BasicBlock]bool{}, below: below || t.below > 0}
	d := g.edge(pred, b)
	if d.ok || g.block(pred, 0) {
		g.resolves = g.resolves || d.resolves
		return verdict{ok: !g.resolves, resolves: g.resolves}
	}
	if t.need.use == useJump && g.stays(d.bits|g.bits(pred)) {
		return verdict{ok: true}
	}
	return verdict{half: d.half || g.partly(pred)}
}

// stays reports whether the parts of a proof that a redirect stays here are all
// there. A constant text in front is one.
func (g *guard) stays(bits int) bool {
	if g.below {
		bits |= leadingSlash
	}
	return bits&staysHere == staysHere
}

type guard struct {
	t        *taint
	v        ssa.Value
	seen     map[*ssa.BasicBlock]bool
	resolves bool
	deep     int // how many functions down from the use
	// below is set when constant text or a base directory stands before the value.
	below bool
	// host is set when v is the host of what is used.
	host bool
	// up is the guard in the function that calls the checking one, arg what it
	// gives for v.
	up  *guard
	arg ssa.Value
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

// partly reports whether a check that dominates b is of the value, but leaves
// something open.
func (g *guard) partly(b *ssa.BasicBlock) bool {
	for b.Idom() != nil {
		d := b.Idom()
		if len(b.Preds) == 1 && g.edge(d, b).half {
			return true
		}
		b = d
	}
	return false
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
		// a && b, a || b kept in a variable: on a constant edge the condition of the
		// branch decides; those of the other outcome do not matter.
		var d *verdict
		for i, e := range x.Edges {
			if c, ok := e.(*ssa.Const); ok && c.Value != nil {
				if constant.BoolVal(c.Value) != outcome {
					continue
				}
			}
			var one verdict
			if _, ok := e.(*ssa.Const); !ok {
				one = g.test(e, outcome, depth+1)
			}
			pred := x.Block().Preds[i]
			one.add(g.edgeAt(pred, x.Block(), depth+1))
			if len(pred.Preds) == 1 {
				one.add(g.edgeAt(pred.Preds[0], pred, depth+1))
			}
			if d == nil {
				d = &one
			} else {
				d.and(one)
			}
		}
		if d == nil {
			return verdict{}
		}
		return *d
	case *ssa.BinOp:
		return g.compare(x, outcome)
	case *ssa.Lookup:
		if outcome {
			return g.member(x.Index, x.X)
		}
	case *ssa.Extract:
		switch tuple := x.Tuple.(type) {
		case *ssa.Lookup:
			if outcome && x.Index == 1 {
				return g.member(tuple.Index, tuple.X)
			}
		case *ssa.Call:
			return g.predicate(tuple, outcome)
		}
	case *ssa.Call:
		return g.predicate(x, outcome)
	}
	return verdict{}
}

// member says what it proves that x is a key of a table, or one of a list.
func (g *guard) member(x, table ssa.Value) verdict {
	d := g.equal(x)
	if d == (verdict{}) || g.filled(table) {
		return verdict{}
	}
	return d
}

// equal says what it proves that x is a known text.
func (g *guard) equal(x ssa.Value) verdict {
	toHost := g.t.need.use&(useHost|useJump) != 0
	switch g.relation(x) {
	case itself:
		return verdict{ok: true}
	case itsHost:
		return verdict{ok: toHost, half: !toHost}
	case madeOfIt:
		return verdict{half: true}
	case onePiece:
		return verdict{half: toHost}
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
		switch {
		case g.relation(ix) != itself:
		case !equal:
			return g.charBits(c)
		case c.Value.Kind() == constant.Int && c.Int64() == '/' && g.t.need.use == useJump:
			return verdict{bits: leadingSlash}
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
	left, other := g.equal(a), b
	if left == (verdict{}) && !isConst {
		left, other = g.equal(b), a
	}
	return g.against(left, other)
}

// against is what is left of a comparison's proof, given the other side.
func (g *guard) against(left verdict, other ssa.Value) verdict {
	switch {
	case left == (verdict{}) || g.relation(other) >= onePiece:
		return verdict{} // compared with itself
	case g.foreign(other):
		return verdict{half: left.half && !left.ok} // other input; or a signature
	}
	if s, ok := constText(other); ok && schemeText(s) {
		return verdict{}
	}
	return left
}

// schemeText reports whether a text names the scheme of a URL and nothing else.
func schemeText(s string) bool {
	switch strings.TrimRight(strings.ToLower(s), ":/") {
	case "http", "https", "ws", "wss", "ftp":
		return true
	}
	return false
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
	if g.t.encoded > 0 {
		return verdict{}
	}
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
	if d == nil || !strings.HasPrefix(d.name, "Index") || len(d.args) != 2 {
		return verdict{}
	}
	absent := outcome == (x.Op == token.EQL || x.Op == token.LSS)
	if !absent {
		return verdict{}
	}
	return g.lacks(d.args[0], d.args[1], d.name == "IndexAny")
}

// lacks says what it proves that a text does not contain another, or any of its
// characters.
func (g *guard) lacks(text, needle ssa.Value, any bool) verdict {
	s, ok := constText(needle)
	if c, isConst := needle.(*ssa.Const); !ok && isConst && c.Value != nil && c.Value.Kind() == constant.Int {
		s, ok = string(rune(c.Int64())), true
	}
	if !ok {
		return verdict{}
	}
	if g.t.need.use == usePath && g.climbs(text) && strings.HasPrefix(s, "..") {
		return verdict{ok: true}
	}
	switch g.relation(text) {
	case itself:
		return g.absence(s, any)
	case madeOfIt:
		d := g.absence(s, any)
		return verdict{half: d.ok || d.half || d.bits != 0}
	}
	return verdict{}
}

// climbs reports whether a text is the relative path from a base directory to
// the value.
func (g *guard) climbs(v ssa.Value) bool {
	ex, ok := unwrap(v).(*ssa.Extract)
	if !ok || ex.Index != 0 {
		return false
	}
	c, ok := ex.Tuple.(*ssa.Call)
	if !ok {
		return false
	}
	d := g.t.m.p.asCall(c, paths("path/filepath"))
	return d != nil && d.name == "Rel" && (g.relation(d.args[1]) == itself || g.relation(ex) == itself)
}

// absence says what it proves that a text does not contain a needle, or any of
// its characters.
func (g *guard) absence(needle string, any bool) verdict {
	if g.t.encoded > 0 {
		return verdict{}
	}
	has := func(s string) bool { return needle == s || any && strings.Contains(needle, s) }
	switch g.t.need.use {
	case usePath, useEndpoint:
		below := g.below || g.t.need.use == useEndpoint
		up := needle == ".." || needle == "." || any && strings.Contains(needle, ".")
		if below && (up || has("/")) {
			return verdict{ok: true}
		}
		return verdict{half: below && strings.Contains(needle, "..") || !below && has("/")}
	case useLog:
		return verdict{ok: has("\n"), half: strings.ContainsAny(needle, "\r\n")}
	case useMail:
		return verdict{ok: has("\n"), half: strings.ContainsAny(needle, "\r\n")}
	case useHTML:
		return verdict{ok: any && strings.Contains(needle, "<") && strings.Contains(needle, `"`), half: has("<")}
	case useSQL:
		return verdict{half: has("'")}
	case useJump:
		d := verdict{}
		if has(`\`) {
			d.bits |= noBackslash
		}
		if needle == "//" || has("/") {
			d.bits |= noDoubleSlash
		}
		if has(":") {
			d.bits |= leadingSlash
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
			return g.member(x.Index, x.X)
		case *ssa.Call:
			if d := g.t.m.p.asCall(x, paths("net")); d != nil && d.name == "ParseIP" && g.t.need.use != useHost {
				return verdict{ok: g.relation(d.args[0]) == itself}
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
		var d *verdict
		for i, e := range x.Edges {
			if failed(e, x.Block().Preds[i], x.Block()) {
				continue
			}
			one := verdict{} // nil from the start: no check was made on this way
			if _, ok := e.(*ssa.Const); !ok {
				one = g.nilness(e, true, depth+1)
			}
			if d == nil {
				d = &one
			} else {
				d.and(one)
			}
		}
		if d == nil {
			return verdict{}
		}
		return *d
	}
	if c == nil || v.Type().String() != "error" {
		return verdict{}
	}
	return g.validator(c)
}

// failed reports whether an error that takes the edge from pred to b was just
// found not to be nil.
func failed(v ssa.Value, pred, b *ssa.BasicBlock) bool {
	branch, ok := pred.Instrs[len(pred.Instrs)-1].(*ssa.If)
	if !ok {
		return isFailure(v, pred)
	}
	cmp, ok := branch.Cond.(*ssa.BinOp)
	if !ok || cmp.X != v {
		return false
	}
	c, ok := cmp.Y.(*ssa.Const)
	return ok && c.Value == nil && (cmp.Op == token.NEQ && pred.Succs[0] == b || cmp.Op == token.EQL && pred.Succs[1] == b)
}

// parsers return an error for anything that is not of a harmless form. The mask
// names the uses they do not protect.
var parsers = map[string]purpose{
	"github.com/google/uuid.Parse": 0, "github.com/google/uuid.Validate": 0, "github.com/gofrs/uuid.FromString": 0, "github.com/satori/go.uuid.FromString": 0,
	"strconv.Atoi": 0, "strconv.ParseInt": 0, "strconv.ParseUint": 0, "strconv.ParseFloat": useLog, "strconv.ParseBool": 0, "time.Parse": useLog, "time.ParseDuration": 0,
	"net/netip.ParseAddr": useHost, "net/netip.ParsePrefix": useHost, "net/mail.ParseAddress": useAll &^ useMail,
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
		if g.misses(c, true) {
			return verdict{half: true}
		}
		g.t.trust() // its name says so, nothing else
		return verdict{ok: true, resolves: g.looksUp(c)}
	}
	return verdict{}
}

// given reports whether a call gets the value, or something made of it.
func (g *guard) given(c *ssa.Call) bool {
	for _, a := range c.Call.Args {
		if g.whole(a) || g.partOf(a, c) {
			return true
		}
	}
	return c.Call.IsInvoke() && g.whole(c.Call.Value)
}

// whole reports whether a check of x may be one of the value: x is the value,
// its host where the host is what matters, or made of it by a function.
func (g *guard) whole(x ssa.Value) bool {
	switch g.relation(x) {
	case itself, madeOfIt:
		return true
	case itsHost, onePiece:
		return g.t.need.use&(useHost|useJump) != 0
	}
	return false
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
		return g.match(d, outcome)
	case "strings.HasPrefix", "bytes.HasPrefix":
		return g.prefix(d, outcome)
	case "strings.HasSuffix":
		return g.suffix(d, outcome)
	case "strings.Contains", "strings.ContainsAny", "bytes.Contains", "strings.ContainsRune":
		if outcome {
			return verdict{}
		}
		return g.lacks(d.args[0], d.args[1], d.name == "ContainsAny")
	case "strings.EqualFold", "bytes.Equal":
		if !outcome {
			return verdict{}
		}
		left, other := g.equal(d.args[0]), d.args[1]
		if left == (verdict{}) {
			left, other = g.equal(d.args[1]), d.args[0]
		}
		return g.against(left, other)
	case "slices.Contains":
		if !outcome {
			return verdict{}
		}
		return g.member(d.args[1], d.args[0])
	case "slices.ContainsFunc", "slices.IndexFunc":
		return g.closure(d, outcome)
	case "path/filepath.IsLocal", "io/fs.ValidPath":
		return verdict{ok: outcome && g.t.encoded == 0 && g.t.need.use == usePath && (g.relation(d.args[0]) == itself || g.climbs(d.args[0]))}
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
	if g.misses(c, outcome) {
		return verdict{half: true}
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

// match judges the match of a regular expression.
func (g *guard) match(d *call, outcome bool) verdict {
	is := g.relation(d.args[len(d.args)-1])
	if is < onePiece || is == onePiece && g.t.need.use&(useHost|useJump) == 0 {
		return verdict{}
	}
	pattern, known := g.t.patternOf(d)
	if !known || is != itself {
		return verdict{half: true}
	}
	if g.t.encoded > 0 {
		return verdict{half: true}
	}
	switch matched(g.t.need.use, pattern, outcome, g.below) {
	case whole:
		return verdict{ok: true}
	case half:
		return verdict{half: true}
	}
	return verdict{}
}

// suffix judges strings.HasSuffix(v, s): of a host, where a dot comes first.
func (g *guard) suffix(d *call, outcome bool) verdict {
	if !outcome || g.t.need.use&(useHost|useJump) == 0 {
		return verdict{}
	}
	is := g.relation(d.args[0])
	if is < onePiece {
		return verdict{}
	}
	s, known := constText(d.args[1])
	if add, ok := d.args[1].(*ssa.BinOp); ok && !known {
		s, _ = constText(add.X) // "." + domain
		known = s != "" && !g.foreign(add.Y)
	}
	return verdict{ok: is == itsHost && known && strings.HasPrefix(s, "."), half: true}
}

// closure judges slices.ContainsFunc(list, f), where f captures the value.
func (g *guard) closure(d *call, outcome bool) verdict {
	if !outcome || d.name != "ContainsFunc" {
		return verdict{}
	}
	mc, ok := unwrap(d.args[1]).(*ssa.MakeClosure)
	if !ok {
		return verdict{half: g.relation(d.args[0]) >= madeOfIt}
	}
	fn, ok := mc.Fn.(*ssa.Function)
	if !ok || g.foreign(d.args[0]) {
		return verdict{}
	}
	var best verdict
	for i, b := range mc.Bindings {
		is := g.relation(b)
		if al, ok := b.(*ssa.Alloc); ok {
			for _, v := range storedIn(al) {
				is = max(is, g.relation(v))
			}
		}
		if is < onePiece || is != itself && is != madeOfIt && g.t.need.use&(useHost|useJump) == 0 {
			continue
		}
		best.half = true
		if is == itself || is == itsHost {
			best.ok = best.ok || g.provenFor(fn, fn.FreeVars[i], b, is == itsHost, true)
		}
	}
	return best
}

// prefix judges strings.HasPrefix(v, p).
func (g *guard) prefix(d *call, outcome bool) verdict {
	if g.t.encoded > 0 {
		return verdict{}
	}
	p, known := constText(d.args[1])
	if g.t.need.use == usePath && !outcome && strings.HasPrefix(p, "..") && g.climbs(d.args[0]) {
		return verdict{ok: true}
	}
	is := g.relation(d.args[0])
	if is < madeOfIt || is == itsHost && g.t.need.use != useHost {
		return verdict{}
	}
	ended := known && p != ""
	if !known {
		ended = g.ends(d.args[1])
	}
	var v verdict
	switch g.t.need.use {
	case usePath:
		if !outcome || known && len(p) < 2 || !g.cleaned(d.args[0], 0) {
			return verdict{}
		}
		if known {
			ended = strings.HasSuffix(p, "/") || strings.HasSuffix(p, `\`)
		}
		v = verdict{ok: ended, half: true}
	case useHost:
		if outcome && known {
			return verdict{ok: is == itself && g.t.fixed(p)}
		}
		v = verdict{ok: outcome && ended, half: outcome}
	case useJump:
		switch {
		case !outcome && known:
			v = verdict{}
			if p == "//" || p == "/" {
				v.bits = noDoubleSlash
			}
			if p == `\` || p == `/\` {
				v.bits = noBackslash
			}
			if is != itself {
				v = verdict{}
			}
			return v
		case outcome && known:
			if is != itself {
				return verdict{half: g.t.fixed(p)}
			}
			v = verdict{ok: g.t.fixed(p)}
			if strings.HasPrefix(p, "/") {
				v.bits = leadingSlash
			}
			return v
		}
		v = verdict{ok: outcome && ended, half: outcome}
	case useOption:
		v = verdict{ok: known && (!outcome && p == "-" || outcome && p != "" && p[0] != '-')}
	}
	if is != itself {
		v = verdict{half: v.ok || v.half}
	}
	if !known && g.foreign(d.args[1]) {
		return verdict{}
	}
	return v
}

// ends reports whether a text that is not constant ends with a separator.
func (g *guard) ends(v ssa.Value) bool {
	origins, more := g.t.m.p.origins(v)
	if more || len(origins) == 0 {
		return false
	}
	return !slices.ContainsFunc(origins, func(o origin) bool {
		if s, ok := constText(o.v); ok {
			return !strings.HasSuffix(s, "/")
		}
		add, ok := o.v.(*ssa.BinOp)
		if !ok || add.Op != token.ADD {
			return true
		}
		s, ok := constText(add.Y)
		if c, isConst := unwrap(add.Y).(*ssa.Const); !ok && isConst && c.Value != nil && c.Value.Kind() == constant.Int {
			return c.Int64() != '/' && c.Int64() != '\\'
		}
		return !ok || !strings.HasSuffix(s, "/") && !strings.HasSuffix(s, `\`)
	})
}

// cleaned reports whether a path has no ".." left: it was cleaned or joined.
func (g *guard) cleaned(v ssa.Value, depth int) bool {
	if depth > 8 {
		return false
	}
	switch x := unwrap(v).(type) {
	case *ssa.Parameter:
		return g.up != nil && ssa.Value(x) == g.v && g.up.cleaned(g.arg, depth+1)
	case *ssa.Phi:
		return !slices.ContainsFunc(x.Edges, func(e ssa.Value) bool { return e != ssa.Value(x) && !g.cleaned(e, depth+1) })
	case *ssa.BinOp: // path + "/"
		_, isConst := x.Y.(*ssa.Const)
		return x.Op == token.ADD && isConst && g.cleaned(x.X, depth+1)
	case *ssa.UnOp:
		if al, ok := x.X.(*ssa.Alloc); ok && x.Op == token.MUL {
			stores := storedIn(al)
			return len(stores) > 0 && !slices.ContainsFunc(stores, func(s ssa.Value) bool { return !g.cleaned(s, depth+1) })
		}
	case *ssa.Extract:
		if c, ok := x.Tuple.(*ssa.Call); ok && x.Index == 0 {
			return g.cleanedBy(c, 0, depth)
		}
	case *ssa.Call:
		return g.cleanedBy(x, 0, depth)
	}
	return false
}

func (g *guard) cleanedBy(c *ssa.Call, i, depth int) bool {
	d := g.t.m.p.asCall(c, nil)
	if d == nil {
		return false
	}
	switch d.path + "." + d.callee() {
	case "path/filepath.Clean", "path.Clean", "path/filepath.Abs", "path/filepath.Join", "path.Join", "path/filepath.EvalSymlinks":
		return true
	case "strings.ToLower", "path/filepath.ToSlash", "path/filepath.FromSlash", "strings.TrimSuffix", "strings.TrimRight":
		return g.cleaned(d.args[0], depth+1)
	}
	fn := c.Call.StaticCallee()
	if fn == nil || len(fn.Blocks) == 0 {
		return false
	}
	some := false
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || i >= len(ret.Results) {
			continue
		}
		if _, ok := ret.Results[i].(*ssa.Const); ok {
			continue
		}
		if !g.cleaned(ret.Results[i], depth+1) {
			return false
		}
		some = true
	}
	return some
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
