package code

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A routeTable lists what one package registers for HTTP: method, pattern,
// handler, and the chain of middleware a request passes before it.
//
//	registration ──► router it is on ──► groups, mounts ──► wrappers of the server
//	     │                 │                   │                    │
//	  handler,          its Use         their Use and           layers around
//	  own layers                          arguments              the handler
//
// It reads net/http (patterns of Go 1.22 included), chi, gorilla/mux, gin,
// echo, fiber and httprouter. Wrappers are followed through function values,
// closures, method values, structs that hold the next handler, and helpers of
// the package that register for their callers: then each caller is a route.
//
// The table knows one package. A router that is handed to another package's
// function, or served there, may be wrapped there; a router that comes from
// there may carry middleware and a prefix already. Such routes say so in open:
// what they have in their chain is certain, what they lack is not. A rule
// reports what a route lacks as a violation only when open is empty.
type routeTable struct {
	p      *pkg
	routes []*route
	// unresolved are registrations that could not be read at all.
	unresolved []unresolvedRoute

	sites   map[any]*site
	subs    map[*ssa.Function]*call // function given to chi's Route, Group, … -> that call
	uses    []*use
	defMux  *site
	work    int // questions asked of values so far
	direct  []*direct
	effects map[*ssa.Function]map[int]effects
}

// A route is one handler under one method and one pattern.
type route struct {
	framework string
	method    string  // "" is every method
	pattern   string  // with the prefixes of groups and mounts; hole where a part is not known
	layers    []layer // outermost first
	handlers  []target
	at        spot     // where it is registered
	on        *site    // the router it is registered on
	open      []string // why layers or handlers may be incomplete; empty: they are not
	whole     bool     // the handler is the server's own and takes every path
}

// A spot is a place in the source where something is registered: a call, or an
// instruction that is none, as when the field of a server is set.
type spot struct {
	instr ssa.Instruction
	fn    *ssa.Function // instead of instr: what is declared there is the route
}

func (s spot) pos() token.Pos {
	if s.instr == nil {
		return s.fn.Pos()
	}
	return s.instr.Pos()
}

// in is the function of the spot.
func (s spot) in() *ssa.Function {
	if s.instr == nil {
		return s.fn
	}
	return outermost(s.instr.Parent())
}

// name shows a route as people write it.
func (r *route) name() string {
	return strings.TrimSpace(r.method + " " + strings.ReplaceAll(r.pattern, hole, "…"))
}

// unsafeMethod reports whether the route takes requests that change state.
func (r *route) unsafeMethod() bool {
	switch r.method {
	case "POST", "PUT", "PATCH", "DELETE":
		return true
	}
	return false
}

// An unresolvedRoute is a registration whose pattern or handler is not known.
type unresolvedRoute struct {
	at      spot
	name    string // what is known: "GET …"
	reason  string
	guarded bool // what stands before all of it proves who asks
	// harmless is true for a handler that changes nothing and signs in at most.
	harmless bool
}

// A target is a function that answers or passes on requests.
type target struct {
	fn   *ssa.Function // in this package; nil otherwise
	obj  *types.Func   // elsewhere, or a method of an interface; nil when not known
	call *ssa.Call     // the call that made it, when a call did: auth.New(cfg)
	v    ssa.Value
}

// name is what the target is called in the source.
func (t target) name() string {
	switch {
	case t.fn != nil && t.fn.Parent() != nil:
		return "a function in " + outermost(t.fn).Name()
	case t.fn != nil:
		return t.fn.Name()
	case t.obj != nil && t.obj.Pkg() != nil:
		return t.obj.Pkg().Name() + "." + strings.TrimPrefix(receiverName(t.obj)+"."+t.obj.Name(), ".")
	}
	return "a value"
}

// pos is where the target is named in this package.
func (t target) pos() token.Pos {
	switch {
	case t.fn != nil:
		return t.fn.Pos()
	case t.call != nil:
		return t.call.Pos()
	case t.v != nil:
		return t.v.Pos()
	}
	return token.NoPos
}

// A layer is one middleware or wrapper in front of a handler.
type layer struct {
	target
	open bool // not known what it is
}

// A chain is a handler value taken apart.
type chain struct {
	layers []layer
	core   target
	router *site // set instead of core when the handler is a router
	open   []string
}

// A site is a router, by the place that makes it.
type site struct {
	key       any // ssa.Value, *types.Var of a field, or "default"
	framework string
	made      *call // nil for roots that no call makes
	parents   []parent
	served    []chain // layers around it where it is served
	incoming  string  // where it comes from when that is outside the package
	busy      bool
}

// A parent is a router or server in front of a site.
type parent struct {
	site   *site
	prefix string
	layers []layer
	open   []string
	at     ssa.Instruction // the parent's middleware of later calls does not count
}

// A use is middleware put on a router.
type use struct {
	on     []*site
	layers []layer
	prefix string
	at     ssa.Instruction
}

// An env binds parameters of functions of the package to the arguments of one
// call, which are to be read in the caller's env.
type env struct {
	fn   *ssa.Function
	args []ssa.Value
	up   *env
	at   token.Pos // of the call
}

// id tells apart the calls an env goes through.
func (e *env) id() string {
	var b strings.Builder
	for ; e != nil; e = e.up {
		fmt.Fprintf(&b, "%d ", e.at)
	}
	return b.String()
}

func (e *env) lookup(x *ssa.Parameter) (ssa.Value, *env, bool) {
	for ; e != nil; e = e.up {
		if e.fn == x.Parent() {
			if i := slices.Index(e.fn.Params, x); i >= 0 && i < len(e.args) {
				return e.args[i], e.up, true
			}
		}
	}
	return nil, nil, false
}

// routeTable returns the package's route table.
func (p *pkg) routeTable() *routeTable {
	if p.routes != nil {
		return p.routes
	}
	t := &routeTable{p: p, sites: map[any]*site{}, subs: map[*ssa.Function]*call{}, effects: map[*ssa.Function]map[int]effects{}}
	p.routes = t
	defer p.building("routes")()
	if !importsAny(p.types, httpGate) {
		return t
	}
	p.index()
	var regs, uses, mounts []*call
	var serves []*call
	p.eachCall(httpGate, func(c *call) {
		switch roleOf(c) {
		case roleRoute:
			regs = append(regs, c)
		case roleUse:
			uses = append(uses, c)
		case roleGroup:
			mounts = append(mounts, c)
		case roleServe:
			serves = append(serves, c)
		}
	})
	for _, c := range mounts {
		t.subrouter(c)
	}
	for _, c := range uses {
		t.use(c)
	}
	t.serves(serves)
	for _, c := range regs {
		t.register(c)
	}
	t.finish()
	t.ownServers()
	return t
}

// leaves are the values v may be, not looking into calls.
func (t *routeTable) leaves(v ssa.Value) ([]ssa.Value, bool) {
	origins, more := t.p.originsUntil(v, func(v ssa.Value) bool {
		switch x := v.(type) {
		case *ssa.Call, *ssa.Parameter:
			return true
		case *ssa.Extract:
			_, ok := x.Tuple.(*ssa.Call)
			return ok
		case *ssa.MakeInterface:
			return t.serveHTTP(x.X.Type()) != nil
		case *ssa.FieldAddr:
			return true
		}
		return false
	})
	out := make([]ssa.Value, 0, len(origins))
	for _, o := range origins {
		out = append(out, o.v)
	}
	return out, more || len(out) > 16
}

// serveHTTP returns the ServeHTTP method of a type of this package that is no
// interface, or nil.
func (t *routeTable) serveHTTP(typ types.Type) *ssa.Function {
	n := namedType(typ)
	if n == nil || n.Obj().Pkg() != t.p.types || types.IsInterface(n) {
		return nil
	}
	obj, _, _ := types.LookupFieldOrMethod(typ, true, t.p.types, "ServeHTTP")
	m, ok := obj.(*types.Func)
	if !ok || m.Pkg() != t.p.types {
		return nil
	}
	return t.p.ssa.Pkg.Prog.FuncValue(m)
}

// targetOf describes a function value; ok is false for anything else.
func (t *routeTable) targetOf(v ssa.Value) (target, bool) {
	out := target{v: v}
	if mc, ok := v.(*ssa.MakeClosure); ok {
		v = mc.Fn
	}
	fn, ok := v.(*ssa.Function)
	if !ok {
		return target{}, false
	}
	if fn.Origin() != nil {
		fn = fn.Origin()
	}
	// A method value is a wrapper without a place in the source.
	if fn.Synthetic != "" {
		if obj, ok := fn.Object().(*types.Func); ok {
			if m := t.p.ssa.Pkg.Prog.FuncValue(obj); m != nil && len(m.Blocks) > 0 {
				out.fn = m
				return out, true
			}
			out.obj = obj
			return out, true
		}
	}
	if len(fn.Blocks) > 0 && fn.Pkg == t.p.ssa.Pkg {
		out.fn = fn
		return out, true
	}
	out.obj, _ = fn.Object().(*types.Func)
	return out, true
}

// callee describes the function a call calls, when its name is known.
func (t *routeTable) callee(x *ssa.Call) target {
	out := target{call: x, v: x}
	switch fn := x.Call.StaticCallee(); {
	case fn != nil:
		if tg, ok := t.targetOf(fn); ok {
			out.fn, out.obj = tg.fn, tg.obj
		}
	case x.Call.IsInvoke():
		out.obj = x.Call.Method
	}
	return out
}

// isHandler reports whether a type is one that frameworks call to answer a
// request.
func isHandler(typ types.Type) bool {
	if n := namedType(typ); n != nil && n.Obj().Pkg() != nil {
		switch cleanPath(n.Obj().Pkg().Path()) + " " + n.Obj().Name() {
		case "net/http Handler", "net/http HandlerFunc", "github.com/gin-gonic/gin HandlerFunc", "github.com/labstack/echo HandlerFunc",
			"github.com/gofiber/fiber Handler", "github.com/julienschmidt/httprouter Handle":
			return true
		}
		if routerKind(n) != "" {
			return true
		}
	}
	sig, ok := typ.Underlying().(*types.Signature)
	if !ok {
		return false
	}
	for v := range sig.Params().Variables() {
		if n := namedType(v.Type()); n != nil && n.Obj().Pkg() != nil && requestTypes[cleanPath(n.Obj().Pkg().Path())+" "+n.Obj().Name()] {
			return true
		}
	}
	return false
}

// isMiddleware reports whether a type takes a handler and gives one.
func isMiddleware(typ types.Type) bool {
	sig, ok := typ.Underlying().(*types.Signature)
	return ok && sig.Params().Len() > 0 && sig.Results().Len() == 1 && isHandler(sig.Params().At(0).Type()) && isHandler(sig.Results().At(0).Type())
}

const maxHandlerDepth = 10

// maxWork bounds the questions one table may ask of values: far above what any
// router that people write needs (a few thousand), far below a second. When it
// is used up, what is left to resolve is not known.
const maxWork = 200_000

// spent counts a question and reports whether there were too many.
func (t *routeTable) spent() bool {
	t.work++
	return t.work > maxWork
}

// handler takes a handler value apart. Several chains mean that it is one of
// them.
func (t *routeTable) handler(v ssa.Value, e *env, depth int) []chain {
	unknown := func(why string) []chain { return []chain{{open: []string{why}}} }
	if depth > maxHandlerDepth || t.spent() {
		return unknown("its handler is nested too deep")
	}
	if mi, ok := v.(*ssa.MakeInterface); ok && t.serveHTTP(mi.X.Type()) != nil {
		return t.handlerType(mi, e, depth)
	}
	vs, more := t.leaves(v)
	if more || len(vs) == 0 {
		return unknown("its handler is not known")
	}
	var out []chain
	for _, leaf := range vs {
		if mi, ok := leaf.(*ssa.MakeInterface); ok {
			out = append(out, t.handlerType(mi, e, depth)...)
			continue
		}
		if c, ok := leaf.(*ssa.Const); ok && c.Value == nil {
			continue
		}
		if tg, ok := t.targetOf(leaf); ok {
			out = append(out, chain{core: tg})
			continue
		}
		switch x := leaf.(type) {
		case *ssa.Parameter:
			if arg, up, ok := e.lookup(x); ok {
				out = append(out, t.handler(arg, up, depth+1)...)
				continue
			}
			if sites := t.routers(leaf, e); len(sites) > 0 && routerKind(leaf.Type()) != "" {
				for _, s := range sites {
					out = append(out, chain{router: s})
				}
				continue
			}
			calls, all := t.callers(x.Parent())
			for _, c := range calls {
				if i := slices.Index(x.Parent().Params, x); i < len(c.Args) {
					out = append(out, t.handler(c.Args[i], nil, depth+1)...)
				}
			}
			if !all {
				out = append(out, unknown("its handler comes from a caller")...)
			}
			continue
		case *ssa.Call:
			out = append(out, t.handlerCall(x, 0, e, depth)...)
			continue
		case *ssa.Extract:
			if c, ok := x.Tuple.(*ssa.Call); ok {
				out = append(out, t.handlerCall(c, x.Index, e, depth)...)
				continue
			}
		}
		if sites := t.routers(leaf, e); len(sites) > 0 {
			for _, s := range sites {
				out = append(out, chain{router: s})
			}
			continue
		}
		out = append(out, unknown("its handler is not known")...)
	}
	return out
}

// handlerType takes apart a value of a type of this package with a ServeHTTP
// method: a function type, or a struct that may hold the next handler.
func (t *routeTable) handlerType(mi *ssa.MakeInterface, e *env, depth int) []chain {
	m := t.serveHTTP(mi.X.Type())
	self := layer{target: target{fn: m, v: mi}}
	var next []ssa.Value
	if _, ok := mi.X.Type().Underlying().(*types.Signature); ok {
		next = []ssa.Value{mi.X}
	} else {
		vs, _ := t.leaves(mi.X)
		for _, v := range vs {
			if al, ok := v.(*ssa.Alloc); ok {
				next = append(next, t.heldHandlers(al)...)
			}
		}
	}
	if len(next) == 0 {
		return []chain{{core: self.target}}
	}
	var out []chain
	for _, v := range next {
		for _, c := range t.handler(v, e, depth+1) {
			c.layers = append([]layer{self}, c.layers...)
			out = append(out, c)
		}
	}
	return out
}

// heldHandlers are the handlers stored in the fields of a struct literal.
func (t *routeTable) heldHandlers(al *ssa.Alloc) []ssa.Value {
	var out []ssa.Value
	for _, r := range *al.Referrers() {
		fa, ok := r.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		v := fieldVar(fa)
		if v == nil || !isHandler(v.Type()) {
			continue
		}
		for _, fr := range *fa.Referrers() {
			if s, ok := fr.(*ssa.Store); ok && s.Addr == ssa.Value(fa) {
				out = append(out, s.Val)
			}
		}
	}
	return out
}

// handlerCall takes apart a handler that a call returned.
func (t *routeTable) handlerCall(x *ssa.Call, result int, e *env, depth int) []chain {
	if routerKind(x.Type()) != "" {
		if c := t.p.asCall(x, httpGate); c != nil {
			if s := t.siteOf(c, e); s != nil {
				return []chain{{router: s}}
			}
		}
	}
	var around []layer
	var next []ssa.Value
	self := t.callee(x)
	fn := x.Call.StaticCallee()
	method := fn != nil && fn.Signature.Recv() != nil && !x.Call.IsInvoke() && len(x.Call.Args) > 0
	args := x.Call.Args
	if method {
		args = args[1:]
	}
	for _, a := range args {
		if elems, ok := variadic(a); ok && len(elems) > 0 {
			for _, el := range elems {
				if isMiddleware(el.Type()) {
					around = append(around, t.middleware(el, e, depth+1)...)
				} else if isHandler(el.Type()) {
					next = append(next, el)
				}
			}
			continue
		}
		switch {
		case isMiddleware(a.Type()):
			around = append(around, t.middleware(a, e, depth+1)...)
		case isHandler(a.Type()):
			next = append(next, a)
		}
	}
	if len(next) == 0 && self.fn != nil {
		var out []chain
		inner := &env{self.fn, x.Call.Args, e, x.Pos()}
		for _, b := range self.fn.Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if ok && result < len(ret.Results) {
				out = append(out, t.handler(ret.Results[result], inner, depth+1)...)
			}
		}
		if len(out) == 0 {
			out = []chain{{open: []string{"its handler is not known"}}}
		}
		return out
	}
	if _, builtin := x.Call.Value.(*ssa.Builtin); self.fn == nil && self.obj == nil && !builtin { // mw(next)
		around = append(around, t.middleware(x.Call.Value, e, depth+1)...)
	}
	if len(next) == 0 {
		if self.obj == nil && self.fn == nil {
			return []chain{{layers: around, open: []string{"its handler is not known"}}}
		}
		return []chain{{layers: around, core: self}}
	}
	if self.obj != nil || self.fn != nil {
		around = append([]layer{{target: self}}, around...)
		// alice.New(a, b).Then(h): the chain stands in the receiver.
		if method && self.fn == nil && SplitName(typeName(x.Call.Args[0].Type())).Has("chain", "middlewares", "negroni") {
			around = append(around, t.received(x.Call.Args[0], e, depth+1)...)
		}
	}
	var out []chain
	for _, n := range next {
		for _, c := range t.handler(n, e, depth+1) {
			c.layers = append(slices.Clone(around), c.layers...)
			out = append(out, c)
		}
	}
	return out
}

// received are the middleware functions given to the call that made a receiver.
func (t *routeTable) received(v ssa.Value, e *env, depth int) []layer {
	if depth > maxHandlerDepth {
		return nil
	}
	vs, more := t.leaves(v)
	var out []layer
	for _, leaf := range vs {
		x, ok := leaf.(*ssa.Call)
		if !ok {
			more = true
			continue
		}
		for i, a := range x.Call.Args {
			elems, ok := variadic(a)
			if !ok {
				elems = []ssa.Value{a}
			}
			for _, el := range elems {
				switch {
				case isMiddleware(el.Type()) || isHandler(el.Type()):
					out = append(out, t.middleware(el, e, depth+1)...)
				case i == 0 && x.Call.StaticCallee() != nil && x.Call.StaticCallee().Signature.Recv() != nil:
					out = append(out, t.received(el, e, depth+1)...)
				}
			}
		}
	}
	if more {
		out = append(out, layer{open: true})
	}
	return out
}

// middleware resolves a middleware value to the functions it may be.
func (t *routeTable) middleware(v ssa.Value, e *env, depth int) []layer {
	if depth > maxHandlerDepth || t.spent() {
		return []layer{{open: true}}
	}
	vs, more := t.leaves(v)
	var out []layer
	if more || len(vs) == 0 {
		out = append(out, layer{open: true})
	}
	for _, leaf := range vs {
		if c, ok := leaf.(*ssa.Const); ok && c.Value == nil {
			continue
		}
		if tg, ok := t.targetOf(leaf); ok {
			out = append(out, layer{target: tg})
			continue
		}
		switch x := leaf.(type) {
		case *ssa.Parameter:
			if arg, up, ok := e.lookup(x); ok {
				out = append(out, t.middleware(arg, up, depth+1)...)
				continue
			}
			calls, all := t.callers(x.Parent())
			for _, c := range calls {
				if i := slices.Index(x.Parent().Params, x); i < len(c.Args) {
					out = append(out, t.middleware(c.Args[i], nil, depth+1)...)
				}
			}
			if !all {
				out = append(out, layer{target: target{v: x}, open: true})
			}
			continue
		case *ssa.Call:
			out = append(out, t.madeBy(x, e, depth)...)
			continue
		case *ssa.Extract:
			if c, ok := x.Tuple.(*ssa.Call); ok {
				out = append(out, t.madeBy(c, e, depth)...)
				continue
			}
		case *ssa.MakeInterface:
			if m := t.serveHTTP(x.X.Type()); m != nil {
				out = append(out, layer{target: target{fn: m, v: x}})
				continue
			}
		case *ssa.Slice:
			if elems, ok := variadic(x); ok {
				for _, el := range elems {
					out = append(out, t.middleware(el, e, depth+1)...)
				}
				continue
			}
		}
		out = append(out, layer{target: target{v: leaf}, open: true})
	}
	return out
}

// madeBy is the middleware that a call makes: the called function stands for
// it, and so do the functions it is given.
func (t *routeTable) madeBy(x *ssa.Call, e *env, depth int) []layer {
	self := t.callee(x)
	var out []layer
	if self.fn != nil || self.obj != nil {
		out = append(out, layer{target: self})
	} else if _, builtin := x.Call.Value.(*ssa.Builtin); !builtin {
		out = append(out, t.middleware(x.Call.Value, e, depth+1)...)
	}
	for _, a := range x.Call.Args {
		elems, ok := variadic(a)
		if !ok {
			elems = []ssa.Value{a}
		}
		for _, el := range elems {
			if _, isFunc := el.Type().Underlying().(*types.Signature); isFunc {
				for _, l := range t.middleware(el, e, depth+1) {
					if !l.open {
						out = append(out, l)
					}
				}
			}
		}
	}
	if len(out) == 0 {
		out = append(out, layer{target: target{v: x}, open: true})
	}
	return out
}

// callers returns the static calls of a function, and whether there can be no
// others.
func (t *routeTable) callers(fn *ssa.Function) ([]*ssa.CallCommon, bool) {
	calls := t.p.flow.callers[fn]
	obj := fn.Object()
	all := len(calls) > 0 && !t.p.escaped[fn] && (obj == nil || !obj.Exported())
	if len(calls) > 32 {
		return calls[:32], false
	}
	return calls, all
}

// text returns the string v is, with holes for what is not known.
func (t *routeTable) text(v ssa.Value, e *env, depth int) string {
	if depth > maxHandlerDepth || t.spent() {
		return hole
	}
	vs, more := t.leaves(v)
	if more || len(vs) != 1 {
		return t.onlyText(v)
	}
	switch x := vs[0].(type) {
	case *ssa.Parameter:
		if arg, up, ok := e.lookup(x); ok {
			return t.text(arg, up, depth+1)
		}
	case *ssa.BinOp:
		if x.Op == token.ADD {
			return t.text(x.X, e, depth+1) + t.text(x.Y, e, depth+1)
		}
	}
	return t.onlyText(v)
}

func (t *routeTable) onlyText(v ssa.Value) string {
	texts, open := t.p.texts(v)
	if open || len(texts) != 1 {
		return hole
	}
	return texts[0].s
}

// dependsOn lists the parameters of functions of this package that a value is,
// without those that env binds and those of chi's subrouter functions.
func (t *routeTable) dependsOn(v ssa.Value, depth int) []*ssa.Parameter {
	if v == nil || depth > maxHandlerDepth || t.spent() {
		return nil
	}
	vs, _ := t.leaves(v)
	var out []*ssa.Parameter
	for _, leaf := range vs {
		switch x := leaf.(type) {
		case *ssa.Parameter:
			if t.subs[x.Parent()] == nil {
				out = append(out, x)
			}
		case *ssa.BinOp:
			out = append(out, t.dependsOn(x.X, depth+1)...)
			out = append(out, t.dependsOn(x.Y, depth+1)...)
		case *ssa.FieldAddr:
			if isGinGroup(x) {
				out = append(out, t.dependsOn(x.X, depth+1)...)
			}
		case *ssa.MakeInterface:
			out = append(out, t.dependsOn(x.X, depth+1)...)
		case *ssa.Call:
			// A wrapper around a parameter, a group of a parameter.
			for _, a := range x.Call.Args {
				if isHandler(a.Type()) || isMiddleware(a.Type()) || routerKind(a.Type()) != "" || isText(a.Type()) {
					out = append(out, t.dependsOn(a, depth+1)...)
				}
			}
			if x.Call.IsInvoke() {
				out = append(out, t.dependsOn(x.Call.Value, depth+1)...)
			} else if _, ok := x.Call.Value.(*ssa.Parameter); ok {
				out = append(out, t.dependsOn(x.Call.Value, depth+1)...)
			}
		}
	}
	return out
}

const maxContexts = 256

// contexts returns the calls under which values of a function are to be read:
// one for each caller when they depend on parameters. whole is false when there
// may be callers that are not known.
func (t *routeTable) contexts(depth int, vs ...ssa.Value) (out []*env, whole bool) {
	var params []*ssa.Parameter
	for _, v := range vs {
		params = append(params, t.dependsOn(v, 0)...)
	}
	var fn *ssa.Function
	for _, x := range params {
		if len(t.p.flow.callers[x.Parent()]) > 0 {
			fn = x.Parent()
			break
		}
	}
	if fn == nil {
		return []*env{nil}, len(params) == 0
	}
	if depth > 3 {
		return []*env{nil}, false
	}
	calls := t.p.flow.callers[fn]
	obj := fn.Object()
	whole = !t.p.escaped[fn] && (obj == nil || !obj.Exported())
	for _, c := range calls {
		var relevant []ssa.Value
		for _, x := range params {
			if i := slices.Index(fn.Params, x); x.Parent() == fn && i >= 0 && i < len(c.Args) {
				relevant = append(relevant, c.Args[i])
			}
		}
		ups, all := t.contexts(depth+1, relevant...)
		whole = whole && all
		for _, up := range ups {
			if len(out) >= maxContexts {
				return out, false
			}
			out = append(out, &env{fn, c.Args, up, c.Pos()})
		}
	}
	return out, whole
}
