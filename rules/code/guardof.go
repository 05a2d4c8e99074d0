package code

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A relation says what a compared text is to the value that is guarded. A higher
// one proves more.
type relation int

const (
	unrelated relation = iota
	onePart            // a part that says nothing about the rest: a port, a scheme, a query
	onePiece           // a piece that was cut out of it: which one is not known
	madeOfIt           // something that an unknown function makes of it
	itsHost            // the host of the URL that it is, or that it was parsed to
	itself             // the value, as it is or in another case
)

// relation says what x is to the guarded value.
func (g *guard) relation(x ssa.Value) relation {
	r := g.relate(x, 0)
	if g.host && (r == itself || r == onePiece) {
		return itsHost
	}
	return r
}

func (g *guard) relate(x ssa.Value, deep int) relation {
	type step struct {
		v  ssa.Value
		as relation
	}
	best := unrelated
	seen := map[step]bool{}
	var ops []*ssa.Value
	work := []step{{x, itself}}
	for len(work) > 0 && len(seen) < 120 {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		if s.v == nil || seen[s] {
			continue
		}
		seen[s] = true
		if alike(s.v, g.v, 0) {
			best = max(best, s.as)
			if best == itself {
				return best
			}
			continue
		}
		all := func(as relation, vs ...ssa.Value) {
			for _, v := range vs {
				work = append(work, step{v, as})
			}
		}
		switch y := s.v.(type) {
		case *ssa.Const, *ssa.Function, *ssa.Builtin, *ssa.Global, *ssa.Parameter:
		case *ssa.ChangeType:
			all(s.as, y.X)
		case *ssa.Convert:
			all(s.as, y.X)
		case *ssa.MakeInterface:
			all(s.as, y.X)
		case *ssa.ChangeInterface:
			all(s.as, y.X)
		case *ssa.TypeAssert:
			all(s.as, y.X)
		case *ssa.Slice:
			as := s.as
			if (y.Low != nil || y.High != nil) && y.Max == nil {
				as = min(as, onePiece)
			}
			if al, ok := y.X.(*ssa.Alloc); ok && al.Comment == "varargs" {
				as = s.as
			}
			all(as, y.X)
		case *ssa.Alloc:
			all(s.as, storedIn(y)...)
			all(min(s.as, madeOfIt), partsOf(y)...)
		case *ssa.FieldAddr:
			all(g.ofField(fieldName(y), isNamed(y.X.Type(), "net/url", "URL"), s.as), y.X)
		case *ssa.Field:
			f := structField(y.X.Type(), y.Field)
			all(g.ofField(f.Name(), isNamed(y.X.Type(), "net/url", "URL"), s.as), y.X)
		case *ssa.IndexAddr:
			all(min(s.as, onePiece), y.X)
		case *ssa.Index:
			all(min(s.as, onePiece), y.X)
		case *ssa.Lookup:
			all(min(s.as, onePart), y.X) // the contents of a table say nothing about the key
		case *ssa.UnOp:
			if al, ok := y.X.(*ssa.Alloc); ok && y.Op == token.MUL {
				stores := storedIn(al)
				as := s.as
				if len(stores) > 1 {
					as = min(as, madeOfIt)
				}
				all(as, stores...)
				all(min(s.as, madeOfIt), partsOf(al)...)
				continue
			}
			all(s.as, y.X)
		case *ssa.FreeVar:
		case *ssa.Phi:
			as := s.as
			for _, e := range y.Edges {
				if _, ok := e.(*ssa.Const); ok {
					as = min(as, madeOfIt) // or else it is this constant
				}
			}
			all(as, y.Edges...)
		case *ssa.BinOp:
			as := s.as
			for _, v := range []ssa.Value{y.X, y.Y} {
				if _, ok := v.(*ssa.Const); !ok && !g.about(v).ok {
					as = min(as, madeOfIt)
				}
			}
			all(as, y.X, y.Y)
		case *ssa.Extract:
			c, ok := y.Tuple.(*ssa.Call)
			if !ok {
				if instr, ok := y.Tuple.(ssa.Instruction); ok {
					ops = instr.Operands(ops[:0])
					for _, op := range ops {
						all(min(s.as, onePiece), *op)
					}
				}
				continue
			}
			g.ofCall(c, y.Index, s.as, deep, all)
		case *ssa.Call:
			g.ofCall(y, 0, s.as, deep, all)
		case ssa.Instruction:
			ops = y.Operands(ops[:0])
			for _, op := range ops {
				all(min(s.as, madeOfIt), *op)
			}
		}
	}
	return best
}

// storedIn returns what is stored in a variable as a whole.
func storedIn(al *ssa.Alloc) []ssa.Value {
	var vs []ssa.Value
	for _, r := range *al.Referrers() {
		if s, ok := r.(*ssa.Store); ok && s.Addr == ssa.Value(al) {
			vs = append(vs, s.Val)
		}
	}
	return vs
}

// partsOf returns what is stored in the elements and fields of a variable.
func partsOf(al *ssa.Alloc) []ssa.Value {
	var vs []ssa.Value
	for _, r := range *al.Referrers() {
		part, ok := r.(ssa.Value)
		switch r.(type) {
		case *ssa.IndexAddr, *ssa.FieldAddr:
		default:
			ok = false
		}
		if !ok {
			continue
		}
		for _, pr := range *part.Referrers() {
			if s, ok := pr.(*ssa.Store); ok && s.Addr == part {
				vs = append(vs, s.Val)
			}
		}
	}
	return vs
}

// ofField says what the relation is through a field of a struct.
func (g *guard) ofField(name string, isURL bool, as relation) relation {
	switch {
	case isURL && name == "Host":
		return hostOf(as)
	case isURL:
		return onePart
	}
	return min(as, madeOfIt)
}

// hostOf is the relation through a host: a piece of a host is the host without
// its port.
func hostOf(as relation) relation {
	switch as {
	case itself, itsHost, onePiece:
		return itsHost
	}
	return as
}

// ofCall follows the i-th result of a call to what it is made of.
func (g *guard) ofCall(c *ssa.Call, i int, as relation, deep int, all func(relation, ...ssa.Value)) {
	if b, ok := c.Call.Value.(*ssa.Builtin); ok {
		if b.Name() != "len" && b.Name() != "cap" {
			all(as, c.Call.Args...)
		}
		return
	}
	d := g.t.m.p.asCall(c, nil)
	if d == nil {
		all(min(as, madeOfIt), c.Call.Args...)
		return
	}
	breaks := g.t.need.use&(useLog|useMail) != 0
	switch name := d.path + "." + d.callee(); name {
	case "strings.ToLower", "strings.ToUpper", "strings.TrimPrefix", "strings.TrimSuffix", "strings.CutPrefix", "strings.CutSuffix", "strings.Clone", "bytes.ToLower", "bytes.TrimPrefix", "bytes.TrimSuffix",
		"strings.ToLowerSpecial", "path/filepath.ToSlash", "path/filepath.FromSlash", "net/http.CanonicalHeaderKey", "net/textproto.CanonicalMIMEHeaderKey":
		if i == 0 {
			all(as, d.args[0])
		}
	case "strings.TrimSpace", "strings.Trim", "strings.TrimLeft", "strings.TrimRight", "strings.TrimFunc", "bytes.TrimSpace":
		if breaks {
			as = min(as, madeOfIt)
		}
		all(as, d.args[0])
	case "path/filepath.Clean", "path.Clean", "path/filepath.Abs", "path/filepath.EvalSymlinks":
		if g.t.need.use&(usePath|useEndpoint) == 0 {
			as = min(as, madeOfIt)
		}
		if i == 0 {
			all(as, d.args[0])
		}
	case "path/filepath.Join", "path.Join":
		if parts, ok := variadic(d.args[0]); ok {
			if g.t.need.use != usePath {
				as = min(as, madeOfIt)
			}
			all(as, parts...)
		}
	case "path/filepath.Rel":
		if i == 0 {
			all(min(as, madeOfIt), d.args[1])
		}
	case "net/url.Parse", "net/url.ParseRequestURI":
		if i == 0 {
			all(as, d.args[0])
		}
	case "net/url.URL.String":
		all(as, d.on)
	case "net/url.URL.Hostname":
		all(hostOf(as), d.on)
	case "net/url.URL.Port", "net/url.URL.Query", "net/url.URL.EscapedPath", "net/url.URL.RequestURI", "net/url.URL.IsAbs", "net/url.URL.EscapedFragment", "net/url.Values.Get", "net/url.ParseQuery",
		"path/filepath.Ext", "path.Ext", "path.Base", "path/filepath.Base", "path.Dir", "path/filepath.Dir", "strings.Count", "strings.Index", "strings.LastIndex", "strings.IndexByte":
		if d.on != nil {
			all(onePart, d.on)
		}
		if len(d.args) > 0 {
			all(onePart, d.args[0])
		}
	case "net.SplitHostPort":
		switch {
		case i == 0 && g.t.need.use&(useHost|useJump) != 0:
			all(hostOf(as), d.args[0])
		default:
			all(onePart, d.args[0])
		}
	case "net.JoinHostPort", "net.ParseIP", "net/netip.ParseAddr", "net.LookupIP", "net.LookupHost":
		all(as, d.args[0])
	case "fmt.Sprint", "fmt.Sprintf":
		parts, _ := variadic(d.args[len(d.args)-1])
		if len(parts) != 1 {
			as = min(as, madeOfIt)
		}
		all(as, parts...)
	case "os.Stat", "os.ReadFile", "net/http.Get", "net/http.NewRequest":
	case "strings.Cut", "strings.Split", "strings.SplitN", "strings.Fields", "strings.SplitAfter", "bytes.Split", "bytes.Cut", "strings.SplitSeq":
		all(min(as, onePiece), d.args[0])
	default:
		if strings.HasPrefix(d.path, "golang.org/x/net/") {
			all(as, d.args...) // idna, publicsuffix
			return
		}
		if fn := c.Call.StaticCallee(); fn != nil && len(fn.Blocks) > 0 && deep < 2 {
			if g.ofBody(c, fn, i, as, deep, all) {
				return
			}
		}
		if d.on != nil {
			all(min(as, madeOfIt), d.on)
		}
		all(min(as, madeOfIt), d.args...)
	}
}

// ofBody follows a result of a function of this package through its body. It
// reports whether some return is made of an argument.
func (g *guard) ofBody(c *ssa.Call, fn *ssa.Function, i int, as relation, deep int, all func(relation, ...ssa.Value)) bool {
	some := false
	for n, param := range fn.Params {
		arg := argument(c, fn, n)
		if arg == nil {
			continue
		}
		inner := &guard{t: g.t, v: param}
		worst := relation(-1)
		for _, b := range fn.Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if !ok || i >= len(ret.Results) {
				continue
			}
			v := ret.Results[i]
			if _, ok := v.(*ssa.Const); ok {
				continue // the value for a failure
			}
			r := inner.relate(v, deep+1)
			if worst < 0 || r < worst {
				worst = r
			}
		}
		if worst > unrelated {
			some = true
			if worst == itsHost {
				all(hostOf(as), arg)
			} else {
				all(min(as, worst), arg)
			}
		}
	}
	return some
}

// foreign reports whether the other side of a comparison is itself input of the
// kind that the guarded value is: then somebody chooses both.
func (g *guard) foreign(v ssa.Value) bool {
	if _, ok := v.(*ssa.Const); ok {
		return false
	}
	m := g.t.m
	if known, ok := m.sided[v]; ok {
		return known
	}
	if m.sided == nil {
		m.sided = map[ssa.Value]bool{}
	}
	m.sided[v] = false
	at, ok := v.(ssa.Instruction)
	if !ok {
		if len(g.v.Parent().Blocks) == 0 {
			return false
		}
		at = g.v.Parent().Blocks[0].Instrs[0]
	}
	media := g.t.need.media &^ (fromStore | fromContext | fromCaller | fromPeer | fromHelper)
	t := &taint{m: m, need: need{use: useSQL, media: media}, seen: map[visit]bool{}, left: maxTaintVisits / 4, bare: true}
	m.sided[v] = t.trace(v, nil, at, nil, 0) != nil
	return m.sided[v]
}

// filled reports whether a request may add keys to a table, or elements to a
// list, that a value is looked for in.
func (g *guard) filled(table ssa.Value) bool {
	if _, ok := table.Type().Underlying().(*types.Map); !ok {
		return g.foreign(table)
	}
	m := g.t.m
	if !m.keysKnown {
		m.keysKnown = true
		m.p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
			if up, ok := instr.(*ssa.MapUpdate); ok {
				m.keyed = append(m.keyed, up)
			}
		})
	}
	for _, up := range m.keyed {
		if sameTable(up.Map, table) && g.foreign(up.Key) {
			return true
		}
	}
	return false
}

// sameTable reports whether two values are certainly or likely the same map: one
// value, one package variable, one field.
func sameTable(a, b ssa.Value) bool {
	if a == b || alike(a, b, 0) {
		return true
	}
	x, ok1 := a.(*ssa.UnOp)
	y, ok2 := b.(*ssa.UnOp)
	if !ok1 || !ok2 {
		return false
	}
	if x.X == y.X {
		return true
	}
	fa, ok1 := x.X.(*ssa.FieldAddr)
	fb, ok2 := y.X.(*ssa.FieldAddr)
	return ok1 && ok2 && fieldVar(fa) == fieldVar(fb)
}
