package code

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Import paths of the routers the table reads.
const (
	netHTTP    = "net/http"
	chiPath    = "github.com/go-chi/chi"
	gorillaMux = "github.com/gorilla/mux"
	ginPath    = "github.com/gin-gonic/gin"
	echoPath   = "github.com/labstack/echo"
	fiberPath  = "github.com/gofiber/fiber"
	httprouter = "github.com/julienschmidt/httprouter"
)

var httpGate = paths(netHTTP, chiPath, gorillaMux, ginPath, echoPath, fiberPath, httprouter)

// routerTypes are the types that routes are registered on, with the framework
// whose rules hold for them.
var routerTypes = map[string]string{
	"net/http ServeMux": netHTTP,
	chiPath + " Mux":    chiPath, chiPath + " Router": chiPath,
	gorillaMux + " Router": gorillaMux, gorillaMux + " Route": gorillaMux,
	ginPath + " Engine": ginPath, ginPath + " RouterGroup": ginPath, ginPath + " IRouter": ginPath, ginPath + " IRoutes": ginPath,
	echoPath + " Echo": echoPath, echoPath + " Group": echoPath,
	fiberPath + " App": fiberPath, fiberPath + " Group": fiberPath, fiberPath + " Router": fiberPath,
	httprouter + " Router": httprouter,
}

// routerKind returns the framework of a router type, or "".
func routerKind(t types.Type) string {
	n := namedType(t)
	if n == nil || n.Obj().Pkg() == nil {
		return ""
	}
	return routerTypes[cleanPath(n.Obj().Pkg().Path())+" "+n.Obj().Name()]
}

// isGinGroup reports whether an address is of the group that a gin engine
// embeds.
func isGinGroup(a *ssa.FieldAddr) bool {
	v := fieldVar(a)
	return v != nil && v.Embedded() && routerKind(v.Type()) == ginPath
}

// A role is what a call does to a router.
type role int

const (
	roleNone  role = iota
	roleRoute      // registers a handler
	roleUse        // adds middleware
	roleGroup      // makes a router below another
	roleServe      // serves a handler
)

// verbs are method names that register for one HTTP method, or for all.
var verbs = map[string]string{
	"GET": "GET", "POST": "POST", "PUT": "PUT", "PATCH": "PATCH", "DELETE": "DELETE", "HEAD": "HEAD", "OPTIONS": "OPTIONS", "CONNECT": "CONNECT", "TRACE": "TRACE", "Any": "",
	"Get": "GET", "Post": "POST", "Put": "PUT", "Patch": "PATCH", "Delete": "DELETE", "Head": "HEAD", "Options": "OPTIONS", "Connect": "CONNECT", "Trace": "TRACE", "All": "",
}

// roleOf says what a call of a framework does.
func roleOf(c *call) role {
	if c.recv == "" {
		if c.path != netHTTP {
			return roleNone
		}
		switch c.name {
		case "Handle", "HandleFunc":
			return roleRoute
		case "ListenAndServe", "ListenAndServeTLS", "Serve", "ServeTLS":
			return roleServe
		}
		return roleNone
	}
	if routerTypes[c.path+" "+c.recv] == "" {
		return roleNone
	}
	_, verb := verbs[c.name]
	switch c.path {
	case netHTTP:
		switch c.name {
		case "Handle", "HandleFunc":
			return roleRoute
		}
	case chiPath:
		switch {
		case verb, c.name == "Method", c.name == "MethodFunc", c.name == "Handle", c.name == "HandleFunc", c.name == "Mount":
			return roleRoute
		case c.name == "Use":
			return roleUse
		case c.name == "With", c.name == "Route", c.name == "Group":
			return roleGroup
		}
	case gorillaMux:
		switch c.callee() {
		case "Router.Handle", "Router.HandleFunc", "Route.Handler", "Route.HandlerFunc":
			return roleRoute
		case "Router.Use":
			return roleUse
		case "Route.Subrouter":
			return roleGroup
		}
	case ginPath:
		switch {
		case verb, c.name == "Handle", c.name == "Match":
			return roleRoute
		case c.name == "Use":
			return roleUse
		case c.name == "Group":
			return roleGroup
		case strings.HasPrefix(c.name, "Run"):
			return roleServe
		}
	case echoPath:
		switch {
		case verb, c.name == "Add", c.name == "Match":
			return roleRoute
		case c.name == "Use", c.name == "Pre":
			return roleUse
		case c.name == "Group":
			return roleGroup
		case strings.HasPrefix(c.name, "Start"):
			return roleServe
		}
	case fiberPath:
		switch {
		case verb, c.name == "Add", c.name == "Mount":
			return roleRoute
		case c.name == "Use":
			return roleUse
		case c.name == "Group", c.name == "Route":
			return roleGroup
		case strings.HasPrefix(c.name, "Listen"):
			return roleServe
		}
	case httprouter:
		switch {
		case verb, c.name == "Handle", c.name == "Handler", c.name == "HandlerFunc":
			return roleRoute
		}
	}
	return roleNone
}

// subrouter remembers which functions chi and fiber call with a new router.
func (t *routeTable) subrouter(c *call) {
	if c.path != chiPath && c.path != fiberPath || c.name != "Route" && c.name != "Group" {
		return
	}
	for _, a := range c.args {
		if _, ok := a.Type().Underlying().(*types.Signature); !ok {
			continue
		}
		vs, _ := t.leaves(a)
		for _, v := range vs {
			if tg, ok := t.targetOf(v); ok && tg.fn != nil && t.subs[tg.fn] == nil {
				t.subs[tg.fn] = c
			}
		}
	}
}

// routers are the routers a value may be.
func (t *routeTable) routers(v ssa.Value, e *env) []*site {
	return t.routersAt(v, e, 0)
}

func (t *routeTable) routersAt(v ssa.Value, e *env, depth int) []*site {
	if depth > maxHandlerDepth || t.spent() {
		return nil
	}
	kind := routerKind(v.Type())
	if kind == "" {
		if m, ok := v.(*ssa.MakeInterface); ok {
			kind = routerKind(m.X.Type())
		}
	}
	vs, more := t.leaves(v)
	var out []*site
	add := func(list ...*site) {
		for _, s := range list {
			if s != nil && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	for _, leaf := range vs {
		if k := routerKind(leaf.Type()); k != "" {
			kind = k
		}
		switch x := leaf.(type) {
		case *ssa.FieldAddr:
			if isGinGroup(x) {
				add(t.routersAt(x.X, e, depth+1)...)
				continue
			}
			if kind != "" {
				add(t.root(x, kind, ""))
			}
		case *ssa.Parameter:
			if arg, up, ok := e.lookup(x); ok {
				add(t.routersAt(arg, up, depth+1)...)
				continue
			}
			if c := t.subs[x.Parent()]; c != nil && kind != "" {
				add(t.siteOf(c, e))
				continue
			}
			if kind == "" {
				continue
			}
			calls, all := t.callers(x.Parent())
			for _, c := range calls {
				if i := slices.Index(x.Parent().Params, x); i < len(c.Args) {
					add(t.routersAt(c.Args[i], nil, depth+1)...)
				}
			}
			if !all && len(calls) == 0 {
				add(t.root(x, kind, "the router comes from another package"))
			}
		case *ssa.Call:
			add(t.returned(x, 0, kind, e, depth)...)
		case *ssa.Extract:
			if c, ok := x.Tuple.(*ssa.Call); ok {
				add(t.returned(c, x.Index, kind, e, depth)...)
			}
		case *ssa.Alloc:
			if kind != "" {
				add(t.root(x, kind, ""))
			}
		case *ssa.UnOp:
			switch a := x.X.(type) {
			case *ssa.Global:
				if a.Pkg.Pkg.Path() == netHTTP && a.Name() == "DefaultServeMux" {
					add(t.defaultMux())
					continue
				}
				if kind != "" {
					add(t.root(a, kind, "the router comes from another package"))
				}
			case *ssa.FieldAddr:
				if v := fieldVar(a); v != nil && kind != "" {
					add(t.root(v, kind, "the router is a field that is set elsewhere"))
				}
			default:
				if kind != "" {
					add(t.root(x, kind, "the router is not known"))
				}
			}
		default:
			if kind != "" {
				add(t.root(leaf, kind, "the router is not known"))
			}
		}
	}
	if more && kind != "" {
		add(t.root(v, kind, "the router is not known"))
	}
	return out
}

// returned are the routers a call gives.
func (t *routeTable) returned(x *ssa.Call, result int, kind string, e *env, depth int) []*site {
	fn := x.Call.StaticCallee()
	if fn != nil && fn.Pkg == t.p.ssa.Pkg && len(fn.Blocks) > 0 {
		if kind == "" {
			return nil
		}
		var out []*site
		inner := &env{fn, x.Call.Args, e, x.Pos()}
		for _, b := range fn.Blocks {
			if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && result < len(ret.Results) {
				out = append(out, t.routersAt(ret.Results[result], inner, depth+1)...)
			}
		}
		return out
	}
	if kind == "" {
		return nil
	}
	if c := t.p.asCall(x, httpGate); c != nil {
		if s := t.siteOf(c, e); s != nil {
			return []*site{s}
		}
	}
	return []*site{t.root(x, kind, "the router comes from another package")}
}

func (t *routeTable) root(key any, framework, incoming string) *site {
	if s := t.sites[key]; s != nil {
		return s
	}
	s := &site{key: key, framework: framework, incoming: incoming}
	t.sites[key] = s
	return s
}

func (t *routeTable) defaultMux() *site {
	if t.defMux == nil {
		t.defMux = t.root("default", netHTTP, "")
	}
	return t.defMux
}

// madeIn is the key of a router that a call makes for one of its function's
// callers.
type madeIn struct {
	call *ssa.Call
	env  string
}

// siteOf returns the router a framework's call makes: a root, or one below the
// receiver. It is nil for calls that make none.
func (t *routeTable) siteOf(c *call, e *env) *site {
	v, _ := c.instr.(*ssa.Call)
	if v == nil {
		// "go r.Route(…)" and the like.
		return nil
	}
	if c.recv == "" {
		switch c.name {
		case "NewRouter", "NewMux", "NewServeMux", "New", "Default":
			return t.root(v, c.path, "")
		}
		return nil
	}
	if role := roleOf(c); role != roleGroup {
		if c.path == ginPath || c.path == fiberPath {
			// r.Use(…).POST(…): what registers gives its receiver back.
			if c.on != nil && (role == roleUse || role == roleRoute) && routerKind(v.Type()) == c.path {
				if on := t.routers(c.on, e); len(on) > 0 {
					return on[0]
				}
			}
			return nil
		}
		if c.path == gorillaMux && c.on != nil && routerKind(v.Type()) == gorillaMux && typeName(v.Type()) == "Router" {
			// StrictSlash, UseEncodedPath and others return their receiver.
			if on := t.routers(c.on, e); len(on) > 0 {
				return on[0]
			}
		}
		return nil
	}
	key := any(v)
	if s := t.sites[key]; s != nil {
		return s
	}
	if e != nil && len(t.dependsOn(v, 0)) > 0 {
		key = madeIn{v, e.id()}
		if s := t.sites[key]; s != nil {
			return s
		}
	}
	s := &site{key: key, framework: c.path, made: c}
	t.sites[key] = s
	up := parent{at: c.instr}
	on := c.on
	switch c.path {
	case chiPath:
		switch c.name {
		case "With":
			up.layers = t.list(c.args[0], e)
		case "Route":
			up.prefix = t.text(c.args[0], e, 0)
		}
	case gorillaMux:
		on, up.prefix, _ = t.gorillaRoute(c.on, e)
	case ginPath, echoPath, fiberPath:
		up.prefix = t.text(c.args[0], e, 0)
		if c.name == "Group" && len(c.args) > 1 {
			up.layers = t.list(c.args[1], e)
		}
	}
	if on == nil {
		s.incoming = "the router it is below is not known"
		return s
	}
	parents := t.routers(on, e)
	if len(parents) == 0 {
		s.incoming = "the router it is below is not known"
	}
	for _, q := range parents {
		if q != s {
			u := up
			u.site = q
			s.parents = append(s.parents, u)
		}
	}
	return s
}

// list resolves a variadic list of middleware.
func (t *routeTable) list(v ssa.Value, e *env) []layer {
	elems, ok := variadic(v)
	if !ok {
		return t.middleware(v, e, 0)
	}
	var out []layer
	for _, el := range elems {
		out = append(out, t.middleware(el, e, 0)...)
	}
	return out
}

// gorillaRoute walks a chain of gorilla's Route methods back to its router.
func (t *routeTable) gorillaRoute(v ssa.Value, e *env) (router ssa.Value, prefix string, methods []string) {
	for range 12 {
		vs, _ := t.leaves(v)
		if len(vs) != 1 {
			return nil, prefix, methods
		}
		x, ok := vs[0].(*ssa.Call)
		if !ok {
			return nil, prefix, methods
		}
		c := t.p.asCall(x, paths(gorillaMux))
		if c == nil || c.on == nil {
			return nil, prefix, methods
		}
		switch c.name {
		case "Path", "PathPrefix", "HandleFunc", "Handle":
			prefix = t.text(c.args[0], e, 0) + prefix
		case "Methods":
			methods = append(methods, t.stringList(c.args[0], e)...)
		}
		if c.recv == "Router" {
			return c.on, prefix, methods
		}
		v = c.on
	}
	return nil, prefix, methods
}

// gorillaMethods looks for Methods further along a chain of calls on a route.
func (t *routeTable) gorillaMethods(x *ssa.Call, e *env, depth int) (methods []string) {
	if x == nil || x.Referrers() == nil || depth > 8 {
		return nil
	}
	for _, r := range *x.Referrers() {
		next, ok := r.(*ssa.Call)
		if !ok {
			continue
		}
		c := t.p.asCall(next, paths(gorillaMux))
		if c == nil || c.recv != "Route" || c.on != ssa.Value(x) {
			continue
		}
		if c.name == "Methods" {
			methods = append(methods, t.stringList(c.args[0], e)...)
		}
		methods = append(methods, t.gorillaMethods(next, e, depth+1)...)
	}
	return methods
}

// stringList reads a list of strings; a hole stands for what is not known.
func (t *routeTable) stringList(v ssa.Value, e *env) []string {
	elems, ok := variadic(v)
	if !ok {
		return []string{hole}
	}
	var out []string
	for _, el := range elems {
		out = append(out, t.text(el, e, 0))
	}
	return out
}

// use reads a call that adds middleware, once for each context.
func (t *routeTable) use(c *call) {
	if c.on == nil || len(c.args) == 0 {
		return
	}
	elems, ok := variadic(c.args[0])
	if !ok {
		elems = []ssa.Value{c.args[0]}
	}
	depends := slices.Clone(elems)
	if routerKind(c.on.Type()) != "" {
		depends = append(depends, c.on)
	}
	envs, _ := t.contexts(0, depends...)
	for _, e := range envs {
		u := &use{at: c.instr, on: t.routers(c.on, e)}
		for _, el := range elems {
			switch bare := unwrap(el); {
			case isText(bare.Type()): // fiber: Use("/api", mw)
				u.prefix = t.text(bare, e, 0)
			case routerKind(bare.Type()) == fiberPath: // fiber v3 mounts by Use
				for _, s := range t.routers(bare, e) {
					for _, on := range u.on {
						s.parents = append(s.parents, parent{site: on, prefix: u.prefix, at: c.instr})
					}
				}
			default:
				u.layers = append(u.layers, t.middleware(el, e, 0)...)
			}
		}
		t.uses = append(t.uses, u)
	}
}

// serves finds where handlers meet a server.
func (t *routeTable) serves(calls []*call) {
	sink := func(v ssa.Value, at ssa.Instruction) {
		if v == nil {
			return
		}
		if c, ok := v.(*ssa.Const); ok && c.Value == nil {
			t.defaultMux().served = append(t.defaultMux().served, chain{})
			return
		}
		for _, ch := range t.handler(v, nil, 0) {
			if ch.router == nil && ch.core.fn != nil {
				t.direct = append(t.direct, &direct{chain: ch, at: spot{instr: at}})
			}
			t.served(ch, 0)
		}
	}
	for _, c := range calls {
		switch c.path {
		case netHTTP:
			sink(c.args[len(c.args)-1], c.instr)
		default:
			for _, s := range t.routers(c.on, nil) {
				s.served = append(s.served, chain{})
			}
		}
	}
	t.p.literals(func(path, name string) bool { return path == netHTTP && name == "Server" }, func(l *literal) {
		stores := l.set["Handler"]
		for _, s := range stores {
			sink(s.Val, s)
		}
		if len(stores) == 0 && !l.passed {
			t.defaultMux().served = append(t.defaultMux().served, chain{})
		}
	})
	// srv.Handler = h, where srv is no literal of the same function.
	t.p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		s, ok := instr.(*ssa.Store)
		if !ok {
			return
		}
		fa, ok := s.Addr.(*ssa.FieldAddr)
		if !ok {
			return
		}
		if _, local := fa.X.(*ssa.Alloc); local {
			return
		}
		if v := fieldVar(fa); v != nil && v.Name() == "Handler" && t.p.isType(fa.X.Type(), netHTTP, "Server") {
			sink(s.Val, s)
		}
	})
}

// served marks what a served handler leads to.
func (t *routeTable) served(ch chain, depth int) {
	if ch.router != nil {
		ch.router.served = append(ch.router.served, ch)
		return
	}
	t.delegates(ch.core.fn, depth, func(s *site, around []layer) {
		s.served = append(s.served, chain{layers: append(slices.Clone(ch.layers), around...), open: ch.open})
	})
	// A layer of this package may hand the request to a router it captured.
	for i, l := range ch.layers {
		t.delegates(l.fn, depth, func(s *site, around []layer) {
			s.served = append(s.served, chain{layers: append(slices.Clone(ch.layers[:i]), around...), open: ch.open})
		})
	}
}

// delegates finds routers that a function of this package passes its request
// to.
func (t *routeTable) delegates(fn *ssa.Function, depth int, do func(*site, []layer)) {
	if fn == nil || depth > 3 {
		return
	}
	within(fn, func(instr ssa.Instruction) {
		ci, ok := instr.(ssa.CallInstruction)
		if !ok {
			return
		}
		c := t.p.asCall(ci, nil)
		if c == nil || c.name != "ServeHTTP" || c.on == nil {
			return
		}
		self := layer{target: target{fn: fn}}
		vs, _ := t.leaves(c.on)
		for _, v := range vs {
			if x, ok := v.(*ssa.Parameter); ok && isHandler(x.Type()) && routerKind(x.Type()) == "" {
				return // the next handler of a middleware, which its call names
			}
		}
		for _, ch := range t.handler(c.on, nil, maxHandlerDepth-3) {
			if ch.router != nil {
				do(ch.router, append([]layer{self}, ch.layers...))
			}
		}
	})
}

// register reads one registration, once for each context it is reached in.
func (t *routeTable) register(c *call) {
	pattern, handlers := -1, []ssa.Value{}
	var around []ssa.Value
	methods := []string{""}
	var methodList ssa.Value
	on := c.on
	name := c.name
	verb, isVerb := verbs[name]
	switch c.path {
	case netHTTP:
		pattern, handlers = 0, c.args[1:2]
	case chiPath:
		switch {
		case isVerb:
			methods, pattern, handlers = []string{verb}, 0, c.args[1:2]
		case name == "Method" || name == "MethodFunc":
			methodList, pattern, handlers = c.args[0], 1, c.args[2:3]
		default: // Handle, HandleFunc, Mount
			pattern, handlers = 0, c.args[1:2]
		}
	case gorillaMux:
		if c.recv == "Route" {
			handlers = c.args[0:1]
		} else {
			pattern, handlers = 0, c.args[1:2]
		}
	case ginPath, fiberPath:
		rest := c.args[len(c.args)-1]
		switch {
		case isVerb:
			methods, pattern = []string{verb}, 0
		case name == "Mount":
			pattern, handlers, rest = 0, c.args[1:2], nil
		case len(c.args) >= 3:
			methodList, pattern = c.args[0], 1
		}
		if rest != nil {
			elems, ok := variadic(rest)
			if !ok || len(elems) == 0 {
				handlers = []ssa.Value{rest}
			} else {
				around, handlers = elems[:len(elems)-1], elems[len(elems)-1:]
			}
		}
	case echoPath:
		switch {
		case isVerb:
			methods, pattern = []string{verb}, 0
			handlers = c.args[1:2]
		case len(c.args) >= 3:
			methodList, pattern = c.args[0], 1
			handlers = c.args[2:3]
		}
		if last := c.args[len(c.args)-1]; len(handlers) > 0 && last != handlers[0] {
			around = []ssa.Value{last}
		}
	case httprouter:
		if isVerb {
			methods, pattern, handlers = []string{verb}, 0, c.args[1:2]
		} else {
			methodList, pattern, handlers = c.args[0], 1, c.args[2:3]
		}
	}
	if len(handlers) == 0 {
		return
	}
	depends := append(slices.Clone(handlers), around...)
	if pattern >= 0 {
		depends = append(depends, c.args[pattern])
	}
	if methodList != nil {
		depends = append(depends, methodList)
	}
	if on != nil && routerKind(on.Type()) != "" {
		depends = append(depends, on)
	}
	envs, whole := t.contexts(0, depends...)
	handedIn := true // every router comes from outside, so its routes say that they are open
	for _, e := range envs {
		text := ""
		ms := methods
		router := on
		var methodsKnown = true
		if pattern >= 0 {
			text = t.text(c.args[pattern], e, 0)
		}
		if methodList != nil {
			if _, isSlice := methodList.Type().Underlying().(*types.Slice); isSlice {
				ms = t.stringList(methodList, e)
			} else {
				ms = []string{t.text(methodList, e, 0)}
			}
		}
		if c.path == gorillaMux {
			var found []string
			if c.recv == "Route" {
				router, text, found = t.gorillaRoute(c.on, e)
			}
			v, _ := c.instr.(*ssa.Call)
			found = append(found, t.gorillaMethods(v, e, 0)...)
			if len(found) > 0 {
				ms = found
			}
		}
		var sites []*site
		switch {
		case c.recv == "":
			sites = []*site{t.defaultMux()}
		case router != nil:
			sites = t.routers(router, e)
		}
		if c.path == netHTTP {
			if m, rest, ok := strings.Cut(text, " "); ok && !strings.Contains(m, hole) {
				ms, text = []string{m}, strings.TrimLeft(rest, " \t")
			}
		}
		for i, m := range ms {
			if strings.Contains(m, hole) {
				ms, methodsKnown = slices.Clone(ms), false
				ms[i] = ""
			}
		}
		if len(sites) == 0 {
			t.unresolved = append(t.unresolved, unresolvedRoute{at: spot{instr: c.instr}, name: t.shown(ms, text), reason: "the router it is registered on is not known"})
			continue
		}
		for _, s := range sites {
			handedIn = handedIn && !slices.ContainsFunc(s.roots(0), func(s *site) bool { return s.incoming == "" })
			t.add(c, s, ms, methodsKnown, text, around, handlers[0], e)
		}
	}
	if !whole && handedIn && on != nil && routerKind(on.Type()) != "" {
		// What is left to know is the router, unless the pattern or the handler
		// come from outside as well.
		_, whole = t.contexts(0, depends[:len(depends)-1]...)
	}
	if !whole && len(envs) > 0 && envs[0] != nil {
		t.unresolved = append(t.unresolved, unresolvedRoute{at: spot{instr: c.instr}, name: t.shown(methods, hole), reason: "it is registered by a function that other packages may call as well"})
	}
}

func (t *routeTable) shown(methods []string, pattern string) string {
	for strings.Contains(pattern, hole+hole) {
		pattern = strings.ReplaceAll(pattern, hole+hole, hole)
	}
	return strings.TrimSpace(strings.Join(methods, ",") + " " + strings.ReplaceAll(pattern, hole, "…"))
}

// add puts one registration into the table; a handler that is a router is a
// mount.
func (t *routeTable) add(c *call, on *site, methods []string, methodsKnown bool, pattern string, around []ssa.Value, handler ssa.Value, e *env) {
	var own []layer
	for _, v := range around {
		own = append(own, t.list(v, e)...)
	}
	chains := t.handler(handler, e, 0)
	for _, ch := range chains {
		if ch.router != nil && ch.router != on {
			ch.router.parents = append(ch.router.parents, parent{site: on, prefix: pattern, layers: append(slices.Clone(own), ch.layers...), open: ch.open, at: c.instr})
			continue
		}
		t.delegates(ch.core.fn, 0, func(s *site, inner []layer) {
			if s != on {
				s.parents = append(s.parents, parent{site: on, prefix: pattern, layers: append(append(slices.Clone(own), ch.layers...), inner...), open: ch.open, at: c.instr})
			}
		})
		for _, m := range methods {
			r := &route{framework: c.path, method: strings.ToUpper(m), pattern: pattern, at: spot{instr: c.instr}, on: on, layers: append(slices.Clone(own), ch.layers...), open: slices.Clone(ch.open)}
			if ch.core.fn != nil || ch.core.obj != nil {
				r.handlers = []target{ch.core}
			} else if len(r.open) == 0 {
				r.open = append(r.open, "its handler is not known")
			}
			if !methodsKnown {
				r.open = append(r.open, "its method is computed")
			}
			if strings.Contains(pattern, hole) {
				r.open = append(r.open, "its pattern is computed")
			}
			t.routes = append(t.routes, r)
		}
	}
}

// finish completes prefixes and chains, once everything is registered.
func (t *routeTable) finish() {
	routes := t.routes
	t.routes = nil
	for _, r := range routes {
		for _, f := range t.fronts(r.on, r.at.instr, r.pattern, 0) {
			done := *r
			done.pattern = joinPattern(r.framework, f.prefix, r.pattern)
			done.layers = append(slices.Clone(f.layers), r.layers...)
			done.open = append(slices.Clone(f.open), r.open...)
			for _, l := range done.layers {
				if l.open {
					done.open = append(done.open, "a middleware is not known")
					break
				}
			}
			t.routes = append(t.routes, &done)
		}
	}
	slices.SortStableFunc(t.routes, func(a, b *route) int {
		if d := int(a.at.pos()) - int(b.at.pos()); d != 0 {
			return d
		}
		return strings.Compare(a.name(), b.name())
	})
}

const maxFronts = 4

// servedOutside is why a chain is open whose router this package makes and
// another one serves: only layers around the whole server can be missing.
const servedOutside = "the router is served outside this package"

// onlyServedOutside reports whether nothing else is unknown about a route.
func (r *route) onlyServedOutside() bool {
	for _, why := range r.open {
		if why != servedOutside {
			return false
		}
	}
	return len(r.open) > 0
}

// roots are the routers a site hangs below, itself when there is none.
func (s *site) roots(depth int) []*site {
	if len(s.parents) == 0 || depth > 8 {
		return []*site{s}
	}
	var out []*site
	for _, up := range s.parents {
		out = append(out, up.site.roots(depth+1)...)
		if len(out) > 64 {
			break
		}
	}
	return out
}

// doneByRoute returns the root routers on which some route's own layers have
// one of the effects: what is done route by route there is not done around the
// server as well.
func (t *routeTable) doneByRoute(want effects) map[*site]bool {
	done := map[*site]bool{}
	for _, r := range t.routes {
		if len(r.layers) == 0 || t.layersDo(r.layers)&want == 0 {
			continue
		}
		for _, root := range r.on.roots(0) {
			done[root] = true
		}
	}
	return done
}

// rootedIn reports whether all roots of a route's router are in a set.
func (r *route) rootedIn(set map[*site]bool) bool {
	for _, root := range r.on.roots(0) {
		if !set[root] {
			return false
		}
	}
	return true
}

// fronts returns what stands before a router's routes: prefixes and layers of
// the groups, mounts and servers above it. at is the registration or group
// that asks.
func (t *routeTable) fronts(s *site, at ssa.Instruction, pattern string, depth int) []parent {
	var own []layer
	for _, u := range t.uses {
		if slices.Contains(u.on, s) && t.applies(u, s, at) && strings.HasPrefix(pattern, strings.TrimRight(u.prefix, "/")) {
			own = append(own, u.layers...)
		}
	}
	if s.busy || depth > 8 || t.spent() {
		return []parent{{layers: own, open: []string{"its routers form a loop"}}}
	}
	s.busy = true
	defer func() { s.busy = false }()
	var out []parent
	for _, up := range s.parents {
		for _, f := range t.fronts(up.site, up.at, up.prefix, depth+1) {
			layers := append(slices.Clone(f.layers), up.layers...)
			out = append(out, parent{
				prefix: joinPattern(up.site.framework, f.prefix, strings.TrimSuffix(up.prefix, "*")),
				layers: append(layers, own...), open: append(slices.Clone(f.open), up.open...),
			})
		}
	}
	if len(s.served) > 0 {
		// Whoever serves it twice wraps it twice; what stands in either counts.
		f := parent{layers: nil}
		for _, ch := range s.served {
			f.layers = append(f.layers, ch.layers...)
			f.open = append(f.open, ch.open...)
		}
		f.layers = append(f.layers, own...)
		out = append(out, f)
	}
	if len(out) == 0 {
		why := s.incoming
		if why == "" {
			why = servedOutside
		}
		out = []parent{{layers: own, open: []string{why}}}
		if s.incoming != "" {
			out[0].prefix = hole
		}
	} else if s.incoming != "" {
		for i := range out {
			out[i].open = append(out[i].open, s.incoming)
		}
	}
	if len(out) > maxFronts {
		out = out[:maxFronts]
	}
	return out
}

// applies reports whether middleware counts for something registered at a
// place: gin, fiber and echo's groups bind it when they register.
func (t *routeTable) applies(u *use, s *site, at ssa.Instruction) bool {
	switch s.framework {
	case ginPath, fiberPath:
	case echoPath:
		if s.made == nil {
			return true
		}
	default:
		return true
	}
	if at == nil || u.at.Parent() != at.Parent() {
		return true
	}
	ub, ab := u.at.Block(), at.Block()
	if ub == ab {
		return slices.Index(ub.Instrs, u.at) < slices.Index(ab.Instrs, at)
	}
	return !ab.Dominates(ub)
}

// joinPattern puts a prefix before a pattern.
func joinPattern(framework, prefix, pattern string) string {
	if prefix == "" || prefix == "/" && strings.HasPrefix(pattern, "/") {
		return pattern
	}
	if pattern == "" {
		return prefix
	}
	if framework == netHTTP && !strings.Contains(prefix, hole) {
		return pattern // ServeMux sees the whole path; StripPrefix is the exception
	}
	return strings.TrimSuffix(prefix, "/") + "/" + strings.TrimPrefix(pattern, "/")
}
