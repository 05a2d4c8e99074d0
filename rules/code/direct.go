package code

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A direct is a handler of this package that a server is given instead of a
// router: it takes every method and every path.
type direct struct {
	chain
	at spot
}

// ownServers puts into the table what no router registers: the handlers that
// servers are given, and types of this package that are a server's handler
// somewhere else and tell the paths apart themselves.
func (t *routeTable) ownServers() {
	known, wraps := map[*ssa.Function]bool{}, map[*ssa.Function]bool{}
	for _, r := range t.routes {
		for _, l := range r.layers {
			known[l.fn], wraps[l.fn] = true, true
		}
		for _, h := range r.handlers {
			known[h.fn] = true
		}
	}
	seen := map[*ssa.Function]bool{}
	for _, d := range t.direct {
		fn := d.core.fn
		for _, l := range d.layers {
			known[l.fn] = true
		}
		known[fn] = true
		if wraps[fn] || seen[fn] && t.layersDo(d.layers)&proofs != 0 {
			continue // routes behind a wrapper are in the table
		}
		seen[fn] = true
		splits := t.dispatches(fn, 2)
		r := &route{framework: netHTTP, pattern: "/", whole: true, at: d.at, layers: d.layers, handlers: []target{d.core}, open: slices.Clone(d.open)}
		r.on = &site{key: d, framework: netHTTP, served: []chain{{}}}
		if t.forwards(d) {
			// Most of what it gets is answered by routes that are in some table.
			if !splits || t.effectsOf(fn, effectDepth)&changesData == 0 {
				continue
			}
			r.open = append(r.open, "it hands requests to other handlers as well")
		}
		if slices.ContainsFunc(d.layers, func(l layer) bool { return l.open }) {
			r.open = append(r.open, "a middleware is not known")
		}
		t.routes = append(t.routes, r)
		if do := t.effectsOf(fn, effectDepth); splits {
			t.unresolved = append(t.unresolved, unresolvedRoute{at: d.at, name: "/…", reason: d.core.name() + " tells the paths apart itself", guarded: t.layersDo(d.layers)&proofs != 0, harmless: do&startsLogin != 0 || do&(touchesData|changesData|readsBody|handsOn) == 0})
		}
	}
	if len(t.direct) == 0 {
		t.handlerTypes(known)
	}
}

// handlerTypes looks for exported types whose ServeHTTP changes data on some
// paths and that nothing in this package serves.
func (t *routeTable) handlerTypes(known map[*ssa.Function]bool) {
	scope := t.p.types.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || !tn.Exported() || tn.IsAlias() || types.IsInterface(tn.Type()) {
			continue
		}
		obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(tn.Type()), true, t.p.types, "ServeHTTP")
		m, ok := obj.(*types.Func)
		if !ok || m.Pkg() != t.p.types || namedType(m.Signature().Recv().Type()) != tn.Type() {
			continue
		}
		fn := t.p.ssa.Pkg.Prog.FuncValue(m)
		if fn == nil || known[fn] || !t.dispatches(fn, 2) {
			continue
		}
		do := t.effectsOf(fn, effectDepth)
		if do&proofs != 0 || do&changesData == 0 || t.forwards(&direct{chain: chain{core: target{fn: fn}}}) {
			continue
		}
		t.unresolved = append(t.unresolved, unresolvedRoute{at: spot{fn: fn}, name: "/…", reason: name + ".ServeHTTP tells the paths apart itself, and what serves it is in another package"})
	}
}

// forwards reports whether a handler, or what stands before it, gives requests
// to a router or to another handler.
func (t *routeTable) forwards(d *direct) bool {
	found := false
	look := func(fn *ssa.Function) {
		if fn == nil {
			return
		}
		within(fn, func(instr ssa.Instruction) {
			if ci, ok := instr.(ssa.CallInstruction); ok && !found {
				if c := t.p.asCall(ci, nil); c != nil {
					found = c.name == "ServeHTTP" && len(c.args) == 2
				} else if _, held := ci.Common().Value.(*ssa.Lookup); !held {
					_, extract := ci.Common().Value.(*ssa.Extract)
					found = !extract && isHandler(ci.Common().Value.Type()) && givenRequest(ci.Common().Args)
				}
			}
		})
	}
	look(d.core.fn)
	return found
}

// dispatches reports whether a handler does by itself what routers do: it tells
// paths apart, or several methods.
func (t *routeTable) dispatches(fn *ssa.Function, depth int) bool {
	found := false
	methods := map[string]bool{}
	within(fn, func(instr ssa.Instruction) {
		if found {
			return
		}
		switch x := instr.(type) {
		case *ssa.BinOp:
			if x.Op != token.EQL && x.Op != token.NEQ {
				return
			}
			for _, side := range [...][2]ssa.Value{{x.X, x.Y}, {x.Y, x.X}} {
				k, ok := constText(side[1])
				switch {
				case !ok:
				case t.pathOfRequest(side[0], 0):
					found = found || k != "" && k != "/"
				case t.p.readsField(side[0], netHTTP, "Request", "Method"):
					methods[k] = true
				}
			}
		case *ssa.Lookup:
			_, isMap := x.X.Type().Underlying().(*types.Map)
			found = isMap && t.pathOfRequest(x.Index, 0)
		case ssa.CallInstruction:
			c := t.p.asCall(x, nil)
			if c == nil {
				return
			}
			switch c.path {
			case "strings", "path", "regexp":
				switch c.name {
				case "HasPrefix", "HasSuffix", "Contains", "CutPrefix", "Cut", "Split", "SplitN", "FieldsFunc", "Match", "MatchString", "FindStringSubmatch":
					found = slices.ContainsFunc(c.args, func(v ssa.Value) bool { return t.pathOfRequest(v, 0) })
				}
				return
			}
			if callee := x.Common().StaticCallee(); depth > 0 && callee != nil && givenRequest(c.args) {
				if tg, ok := t.targetOf(callee); ok && tg.fn != nil && tg.fn != fn {
					found = t.dispatches(tg.fn, depth-1)
				}
			}
		}
	})
	return found || len(methods) > 1
}

// pathOfRequest reports whether a value is the path that a request asks for, or
// a part of it.
func (t *routeTable) pathOfRequest(v ssa.Value, depth int) bool {
	if depth > 5 {
		return false
	}
	if t.p.readsField(v, "net/url", "URL", "Path") || t.p.readsField(v, netHTTP, "Request", "RequestURI") {
		return true
	}
	switch x := v.(type) {
	case *ssa.Call:
		c := t.p.asCall(x, paths("strings", "path"))
		return c != nil && len(c.args) > 0 && t.pathOfRequest(c.args[0], depth+1)
	case *ssa.BinOp: // r.Method + " " + r.URL.Path
		return x.Op == token.ADD && (t.pathOfRequest(x.X, depth+1) || t.pathOfRequest(x.Y, depth+1))
	case *ssa.Slice:
		return t.pathOfRequest(x.X, depth+1)
	case *ssa.Phi:
		return slices.ContainsFunc(x.Edges, func(e ssa.Value) bool { return t.pathOfRequest(e, depth+1) })
	}
	return false
}

// readsField reports whether a value is read from a field of a library's type.
func (p *pkg) readsField(v ssa.Value, path, typ, field string) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	f := fieldVar(fa)
	return f != nil && f.Name() == field && p.isType(fa.X.Type(), path, typ)
}

// title names a route in a sentence: by its place where its path is not known
// at all.
func (r *route) title() string {
	switch name := r.name(); {
	case r.whole:
		return "every path of the server in " + r.at.in().Name()
	case strings.Trim(name, "… /") == "" && strings.Contains(name, "…"):
		return "a route that " + r.at.in().Name() + " registers"
	default:
		return name
	}
}

// spotHit builds a hit at a spot.
func (p *pkg) spotHit(rule string, at spot, message string, steps ...Step) Hit {
	if ci, ok := at.instr.(ssa.CallInstruction); ok {
		return p.hit(rule, ci, -1, message, steps...)
	}
	pos := at.pos()
	h := Hit{Rule: rule, Pos: pos, End: pos + 1, Message: message, Steps: steps}
	for _, f := range p.files {
		if at.instr == nil || pos < f.FileStart || pos >= f.FileEnd {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if n == nil || pos < n.Pos() || pos >= n.End() {
				return false
			}
			switch n.(type) {
			case *ast.KeyValueExpr, *ast.AssignStmt: // the field of a server
				h.Pos, h.End = n.Pos(), n.End()
			}
			return true
		})
	}
	return h
}
