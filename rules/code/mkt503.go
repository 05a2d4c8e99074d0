package code

import (
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt503 flags answers with credentials that pages of foreign origins may read.
func mkt503() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT503",
		Name:     "permissive-cors",
		Title:    "Foreign origins may read answers with credentials",
		Class:    rules.Violation,
		Controls: []string{"endpoint-auth"},
		CWE:      []int{942},
		Vector:   v71c,
		Flags: "Credentials allowed together with: the request's `Origin` sent back unchecked; the origin `*` or `null`; a library's list that holds `*` or `null`, is empty where empty means `*`, or `AllowAllOrigins`; " +
			"an origin function that always says yes; a check by `strings.Contains`, by a suffix that does not begin with a dot, or by a prefix that does not end the host. What only one branch sets is a review finding.",
		Safe:        "Origins compared with an exact list, or with a suffix that begins with a dot after the scheme; `*` without credentials on public data.",
		Remediation: "Compare the origin with an exact list, answer it back only on a match together with `Vary: Origin`, and never allow credentials for `*`.",
		Wrong:       "w.Header().Set(\"Access-Control-Allow-Origin\", r.Header.Get(\"Origin\"))\nw.Header().Set(\"Access-Control-Allow-Credentials\", \"true\")",
		Right:       "if allowed[origin] {\n\tw.Header().Set(\"Access-Control-Allow-Origin\", origin)\n\tw.Header().Set(\"Access-Control-Allow-Credentials\", \"true\")\n}",
		Frameworks:  []string{"net/http", "rs/cors", "go-chi/cors", "gin", "gin-contrib/cors", "echo v4", "fiber v2"},
	}, nil, func(path string) bool { return httpGate(path) || corsLibraries[path] != "" }, runMKT503)
}

// corsLibraries maps each package to the name of its configuration type.
var corsLibraries = map[string]string{
	"github.com/rs/cors": "Options", "github.com/go-chi/cors": "Options", "github.com/gin-contrib/cors": "Config", echoPath + "/middleware": "CORSConfig", fiberPath + "/middleware/cors": "Config",
}

func runMKT503(p *pkg) []Hit {
	hits := p.corsHeaders()
	if importsAny(p.types, func(path string) bool { return corsLibraries[path] != "" }) {
		p.literals(func(path, name string) bool { return corsLibraries[path] == name && name != "" }, func(l *literal) {
			hits = append(hits, p.corsConfig(l)...)
		})
	}
	return hits
}

// corsConfig judges a library's configuration.
func (p *pkg) corsConfig(l *literal) []Hit {
	path := p.pathOf(l.typ.Obj().Pkg())
	credentials := l.set["AllowCredentials"]
	if len(credentials) == 0 {
		return nil
	}
	var hits []Hit
	flag := func(s *ssa.Store, v ssa.Value, sure bool, message string) {
		h := Hit{Rule: "MKT503", Pos: credentials[0].Pos(), Message: message}
		if s != nil {
			h.Pos = s.Pos()
			h.Steps = []Step{{credentials[0].Pos(), "credentials are allowed here"}}
		}
		if in, ok := v.(ssa.Instruction); ok && !h.Pos.IsValid() {
			h.Pos = in.Pos()
		}
		all := append(slices.Clone(credentials), s)
		for _, st := range all {
			if st != nil && st.Block() != l.alloc.Block() && !st.Block().Dominates(exitBlock(st.Parent())) {
				sure = false // only one branch says so
			}
		}
		if !sure {
			h.Class = rules.Review
		}
		hits = append(hits, h)
	}
	sure := false
	for _, c := range credentials {
		yes, maybe := p.isTrue(c.Val)
		if !maybe {
			return nil
		}
		sure = sure || yes && len(credentials) == 1
	}
	if !sure {
		return nil // configured: not known to be on
	}
	for _, field := range []string{"AllowAllOrigins", "UnsafeWildcardOriginWithAllowCredentials"} {
		for _, s := range l.set[field] {
			if yes, _ := p.isTrue(s.Val); yes {
				flag(s, s.Val, len(l.set[field]) == 1, field+" with credentials: every site may read answers that a user's cookies bring")
			}
		}
	}
	restricted := false
	for _, field := range []string{"AllowOriginFunc", "AllowOriginsFunc", "AllowOriginRequestFunc", "AllowOriginVaryRequestFunc", "AllowOriginWithContextFunc"} {
		for _, s := range l.set[field] {
			restricted = true
			fn := p.funcOf(s.Val)
			if fn == nil {
				continue
			}
			if alwaysTrue(fn) {
				flag(s, s.Val, true, field+" says yes to every origin, with credentials")
			} else if what, at, sure := p.looseOriginCheck(fn); what != "" {
				flag(s, s.Val, sure, what)
				hits[len(hits)-1].Steps = append(hits[len(hits)-1].Steps, Step{at, "the origin is checked here"})
			}
		}
	}
	lists := 0
	for _, field := range []string{"AllowedOrigins", "AllowOrigins"} {
		for _, s := range l.set[field] {
			lists++
			for _, o := range p.originList(s.Val) {
				switch {
				case o == "*" && !restricted:
					flag(s, s.Val, true, "the origin * with credentials; list the origins that may read the answers")
				case o == "null":
					flag(s, s.Val, true, "the origin null with credentials: sandboxed frames of any site have it")
				}
			}
		}
	}
	everything := path != "github.com/gin-contrib/cors" // an empty list is refused there
	if lists == 0 && !restricted && everything && !l.passed && len(hits) == 0 && path != echoPath+"/middleware" && path != fiberPath+"/middleware/cors" {
		flag(nil, nil, true, "no origins are listed, which means *, with credentials")
	}
	return hits
}

// exitBlock returns the block that ends a function; its first when there is
// none alone.
func exitBlock(fn *ssa.Function) *ssa.BasicBlock {
	var exit *ssa.BasicBlock
	for _, b := range fn.Blocks {
		if len(b.Succs) == 0 {
			if exit != nil {
				return fn.Blocks[0]
			}
			exit = b
		}
	}
	if exit == nil {
		return fn.Blocks[0]
	}
	return exit
}

// originList reads the origins of a list, or of a comma-separated text.
func (p *pkg) originList(v ssa.Value) []string {
	var out []string
	elems, ok := variadic(v)
	if !ok {
		origins, _ := p.origins(v)
		for _, o := range origins {
			if e, ok := variadic(o.v); ok {
				elems = append(elems, e...)
			}
		}
		if isText(v.Type()) {
			elems = []ssa.Value{v}
		}
	}
	for _, el := range elems {
		texts, _ := p.texts(el)
		for _, t := range texts {
			for part := range strings.SplitSeq(t.s, ",") {
				out = append(out, strings.TrimSpace(part))
			}
		}
	}
	return out
}

// alwaysTrue reports whether a function's first result is true on every path.
func alwaysTrue(fn *ssa.Function) bool {
	returns := 0
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		returns++
		c, ok := ret.Results[0].(*ssa.Const)
		if !ok || c.Value == nil || c.Value.String() != "true" {
			return false
		}
	}
	return returns > 0
}

// looseOriginCheck looks for a check of the origin that foreign hosts pass.
// sure is false when the function checks something else as well.
func (p *pkg) looseOriginCheck(fn *ssa.Function) (what string, at token.Pos, sure bool) {
	isOrigin := func(v ssa.Value) bool {
		switch x := v.(type) {
		case *ssa.Parameter:
			return x.Parent() == fn && isText(x.Type())
		case *ssa.Call:
			return p.readsOrigin(x)
		}
		return false
	}
	sure = true
	within(fn, func(instr ssa.Instruction) {
		switch x := instr.(type) {
		case *ssa.BinOp:
			if (x.Op == token.EQL || x.Op == token.NEQ) && (isText(x.X.Type()) || isText(x.Y.Type())) {
				if k, ok := constText(x.Y); !ok || k != "" && k != "null" {
					sure = false
				}
			}
		case *ssa.Lookup:
			sure = false
		case *ssa.Call:
			c := p.asCall(x, nil)
			if c == nil {
				if _, builtin := x.Call.Value.(*ssa.Builtin); !builtin {
					sure = false
				}
				return
			}
			if c.path == "strings" && len(c.args) == 2 && p.derives(c.args[0], isOrigin) {
				if k, ok := constText(c.args[1]); ok && k != "" {
					if w := looseCheck(c.name, k); w != "" {
						what, at = w, x.Pos()
					} else if c.name == "HasSuffix" || c.name == "HasPrefix" || c.name == "EqualFold" {
						sure = false
					}
				}
				return
			}
			if (!plainPackage(c.path) || c.path == "slices" || c.path == "regexp") && !isHeaderSet(c) && !p.readsOrigin(x) && p.derivesArgs(c.args, isOrigin) {
				sure = false
			}
		}
	})
	return what, at, sure
}

func (p *pkg) derivesArgs(args []ssa.Value, is func(ssa.Value) bool) bool {
	return slices.ContainsFunc(args, func(a ssa.Value) bool { return p.derives(a, is) })
}

// looseCheck says what is wrong with a check of an origin against a constant.
func looseCheck(name, k string) string {
	switch name {
	case "Contains":
		return "the origin only has to contain \"" + k + "\", which any site's name can"
	case "HasSuffix":
		if !strings.HasPrefix(k, ".") && !strings.Contains(k, "://") && strings.Contains(k, ".") {
			return "the origin only has to end in \"" + k + "\", as evil" + k + " does; begin the suffix with a dot"
		}
	case "HasPrefix":
		_, host, ok := strings.Cut(k, "://")
		if ok && host != "" && !strings.ContainsAny(host, "/:") {
			return "the origin only has to begin with \"" + k + "\", as " + k + ".evil.example does; compare the whole origin"
		}
	}
	return ""
}

// readsOrigin reports whether a call reads the request's Origin header.
func (p *pkg) readsOrigin(x *ssa.Call) bool {
	c := p.asCall(x, nil)
	if c == nil || len(c.args) == 0 {
		return false
	}
	switch c.path + " " + c.callee() {
	case "net/http Header.Get", ginPath + " Context.GetHeader", fiberPath + " Ctx.Get":
		k, ok := constText(c.args[0])
		return ok && strings.EqualFold(k, "origin")
	}
	return false
}

// A headerSet is one call that sets a header of the answer.
type headerSet struct {
	call  *call
	value ssa.Value
}

// corsHeaders judges CORS headers that are set by hand, function by function.
func (p *pkg) corsHeaders() []Hit {
	origin, credentials := map[*ssa.Function][]headerSet{}, map[*ssa.Function][]headerSet{}
	var order []*ssa.Function
	p.eachCall(httpGate, func(c *call) {
		switch c.path + " " + c.callee() {
		case "net/http Header.Set", "net/http Header.Add", ginPath + " Context.Header", fiberPath + " Ctx.Set", fiberPath + " Ctx.Append":
		default:
			return
		}
		if len(c.args) < 2 {
			return
		}
		k, ok := constText(c.args[0])
		if !ok {
			return
		}
		fn := c.instr.Parent()
		switch strings.ToLower(k) {
		case "access-control-allow-origin":
			if len(origin[fn]) == 0 {
				order = append(order, fn)
			}
			origin[fn] = append(origin[fn], headerSet{c, c.args[1]})
		case "access-control-allow-credentials":
			if v, ok := constText(c.args[1]); ok && strings.EqualFold(v, "true") {
				credentials[fn] = append(credentials[fn], headerSet{c, c.args[1]})
			}
		}
	})
	var hits []Hit
	for _, fn := range order {
		if len(credentials[fn]) == 0 {
			continue
		}
		cred := credentials[fn][0].call.instr
		step := Step{cred.Pos(), "credentials are allowed here"}
		for _, set := range origin[fn] {
			if k, ok := constText(set.value); ok {
				a, b := set.call.instr.Block(), cred.Block()
				together := a.Dominates(b) || b.Dominates(a)
				switch {
				case k == "null" && together:
					hits = append(hits, p.hit("MKT503", set.call.instr, -1, "the origin null with credentials: sandboxed frames of any site have it", step))
				case k == "*" && together:
					hits = append(hits, p.hit("MKT503", set.call.instr, -1, "the origin * with credentials; list the origins that may read the answers", step))
				}
				continue
			}
			if !p.derives(set.value, func(v ssa.Value) bool { x, ok := v.(*ssa.Call); return ok && p.readsOrigin(x) }) {
				continue
			}
			if what, at, sure := p.looseOriginCheck(fn); what != "" {
				h := p.hit("MKT503", set.call.instr, -1, what, Step{at, "the origin is checked here"}, step)
				if !sure {
					h.Class = rules.Review
				}
				hits = append(hits, h)
				continue
			}
			if p.originChecked(fn) {
				continue
			}
			h := p.hit("MKT503", set.call.instr, -1, "the request's Origin is sent back unchecked, with credentials: every site may read answers that a user's cookies bring", step)
			if !plainlyReached(set.call.instr.Block()) {
				h.Class = rules.Review
			}
			hits = append(hits, h)
		}
	}
	return hits
}

// originChecked reports whether a function does anything with the origin but
// sending it back or asking whether there is one.
func (p *pkg) originChecked(fn *ssa.Function) bool {
	checked := false
	seen := map[ssa.Value]bool{}
	var follow func(v ssa.Value)
	follow = func(v ssa.Value) {
		if seen[v] || v.Referrers() == nil {
			return
		}
		seen[v] = true
		for _, r := range *v.Referrers() {
			switch x := r.(type) {
			case *ssa.BinOp:
				k, ok := constText(x.Y)
				if !ok {
					k, ok = constText(x.X)
				}
				if !ok || k != "" && k != "null" && k != "*" {
					checked = true
				}
			case *ssa.Phi:
				follow(x)
			case *ssa.DebugRef:
			case *ssa.Store:
				if x.Val == v {
					if _, local := x.Addr.(*ssa.Alloc); !local {
						if _, elem := x.Addr.(*ssa.IndexAddr); !elem {
							checked = true
						}
					} else {
						checked = true // captured by a closure
					}
				}
			case ssa.CallInstruction:
				if b, ok := x.Common().Value.(*ssa.Builtin); ok && b.Name() == "len" {
					continue
				}
				c := p.asCall(x, nil)
				if c == nil || !isHeaderSet(c) && !SplitName(c.name).Has("log", "print", "printf", "println", "debug", "info") {
					checked = true
				}
			case *ssa.MakeInterface: // for a log line
			default:
				checked = true
			}
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if x, ok := instr.(*ssa.Call); ok && p.readsOrigin(x) {
				follow(x)
			}
		}
	}
	return checked
}

// plainlyReached reports whether the conditions on the way to a block only
// compare texts with constants, as "is there an origin" and "is it OPTIONS" do.
func plainlyReached(at *ssa.BasicBlock) bool {
	for b := at.Idom(); b != nil; b = b.Idom() {
		cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		if b.Succs[0].Dominates(at) == b.Succs[1].Dominates(at) && !endsHere(b.Succs[0]) && !endsHere(b.Succs[1]) {
			continue // both ways lead here
		}
		cmp, ok := cond.Cond.(*ssa.BinOp)
		if !ok {
			return false
		}
		_, left := cmp.X.(*ssa.Const)
		_, right := cmp.Y.(*ssa.Const)
		if !left && !right {
			return false
		}
	}
	return true
}

// endsHere reports whether a block leaves the function.
func endsHere(b *ssa.BasicBlock) bool {
	_, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
	return ok
}

func isHeaderSet(c *call) bool {
	switch c.path + " " + c.callee() {
	case "net/http Header.Set", "net/http Header.Add", ginPath + " Context.Header", fiberPath + " Ctx.Set", fiberPath + " Ctx.Append":
		return true
	}
	return false
}
