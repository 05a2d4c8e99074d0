package code

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt702 flags debug modes that are on and debug endpoints that are registered
// where the public may reach them.
func mkt702() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT702",
		Name:     "debug-surface",
		Title:    "Debug endpoint or mode is open",
		Class:    rules.Review,
		Controls: []string{"error-safe"},
		CWE:      []int{489},
		Vector:   v53c,
		Flags: "gin in debug mode, or a program that runs gin and never sets a mode; echo's `Debug = true`; pprof, expvar and statsviz handlers on a router; a GraphQL playground, GraphiQL or introspection; " +
			"Swagger UI without authentication in its chain. The blank import of `net/http/pprof` is gosec's G108.",
		Safe:        "A build tag or a switch named after debugging around it; a listener on loopback or a unix socket; a router group or handler chain with authentication; `gin.SetMode(gin.ReleaseMode)`.",
		Remediation: "Serve debug endpoints on a second listener bound to 127.0.0.1, or behind authentication; set the release mode in code.",
		Wrong:       "mux.HandleFunc(\"/debug/pprof/\", pprof.Index)\nhttp.ListenAndServe(\":8080\", mux)",
		Right:       "admin := http.NewServeMux()\nadmin.HandleFunc(\"/debug/pprof/\", pprof.Index)\ngo http.ListenAndServe(\"127.0.0.1:6060\", admin)",
		Frameworks:  []string{"net/http/pprof", "expvar", "statsviz", "gin", "echo", "fiber", "chi", "gqlgen", "graphql-go", "swaggo"},
	}, nil, debugGate, runMKT702)
}

// debugHandlers make or register a debug endpoint, by clean path and callee.
// Package variables that hold such a handler are listed the same way.
var debugHandlers = map[string]string{
	"net/http/pprof Index": "pprof", "net/http/pprof Cmdline": "pprof", "net/http/pprof Profile": "pprof", "net/http/pprof Symbol": "pprof",
	"net/http/pprof Trace": "pprof", "net/http/pprof Handler": "pprof",
	"github.com/gin-contrib/pprof Register": "pprof", "github.com/gin-contrib/pprof RouteRegister": "pprof", "github.com/DeanThompson/ginpprof Wrap": "pprof",
	"github.com/labstack/echo-contrib/pprof Register": "pprof", "github.com/sevennt/echo-pprof Wrap": "pprof",
	"github.com/gofiber/fiber/middleware/pprof New": "pprof", "github.com/go-chi/chi/middleware Profiler": "pprof",
	"expvar Handler": "expvar", "github.com/gofiber/fiber/middleware/expvar New": "expvar", "github.com/gin-contrib/expvar Handler": "expvar",
	"github.com/arl/statsviz Register": "statsviz", "github.com/arl/statsviz RegisterDefault": "statsviz", "github.com/arl/statsviz NewServer": "statsviz",
	"github.com/99designs/gqlgen/graphql/playground Handler": "a GraphQL playground", "github.com/99designs/gqlgen/graphql/playground AltairHandler": "a GraphQL playground",
	"github.com/99designs/gqlgen/graphql/playground ApolloSandboxHandler": "a GraphQL playground", "github.com/99designs/gqlgen/graphql/playground HandlerWithHeaders": "a GraphQL playground",
	"github.com/99designs/gqlgen/graphql/handler NewDefaultServer": "GraphQL introspection",
	"github.com/swaggo/http-swagger Handler":                       "Swagger UI", "github.com/swaggo/http-swagger WrapHandler": "Swagger UI",
	"github.com/swaggo/gin-swagger WrapHandler": "Swagger UI", "github.com/swaggo/gin-swagger CustomWrapHandler": "Swagger UI", "github.com/swaggo/gin-swagger DisablingWrapHandler": "",
	"github.com/swaggo/echo-swagger WrapHandler": "Swagger UI", "github.com/swaggo/echo-swagger EchoWrapHandler": "Swagger UI",
	"github.com/gofiber/swagger New": "Swagger UI", "github.com/gofiber/swagger HandlerDefault": "Swagger UI", "github.com/swaggo/fiber-swagger WrapHandler": "Swagger UI",
	"github.com/gofiber/contrib/swagger New": "Swagger UI", "github.com/go-openapi/runtime/middleware SwaggerUI": "Swagger UI", "github.com/go-openapi/runtime/middleware Redoc": "Swagger UI",
}

const (
	gqlHandler  = "github.com/99designs/gqlgen/graphql/handler"
	graphqlGo   = "github.com/graphql-go/handler"
	gqlIntroExt = gqlHandler + "/extension"
)

var debugGate = func() func(string) bool {
	set := map[string]bool{ginPath: true, echoPath: true, graphqlGo: true, gqlIntroExt: true}
	for key := range debugHandlers {
		path, _, _ := strings.Cut(key, " ")
		set[path] = true
	}
	return func(path string) bool { return set[path] }
}()

func runMKT702(p *pkg) []Hit {
	var hits []Hit
	flag := func(instr ssa.Instruction, h Hit, what string) {
		if p.debugOnly(instr) || p.debugFile(h.Pos) || p.servedLocally(instr) {
			return
		}
		h.Rule, h.Message = "MKT702", what
		hits = append(hits, h)
	}
	open := func(instr ssa.Instruction, v ssa.Value, h Hit, what string) {
		if v != nil && p.behindAuth(v) {
			return
		}
		flag(instr, h, what+" is open to whoever reaches the server; serve it on loopback or behind authentication")
	}
	pprofed := map[*ssa.Function]bool{}
	var ops []*ssa.Value
	p.eachInstr(func(fn *ssa.Function, instr ssa.Instruction) {
		if ci, ok := instr.(ssa.CallInstruction); ok {
			if c := p.asCall(ci, debugGate); c != nil {
				if what := debugHandlers[c.path+" "+c.callee()]; what != "" && !(what == "pprof" && c.path == "net/http/pprof" && c.name != "Handler") {
					v, _ := instr.(ssa.Value)
					if c.path == "github.com/gin-contrib/pprof" || c.path == "github.com/labstack/echo-contrib/pprof" || c.path == "github.com/arl/statsviz" {
						if len(c.args) > 0 && p.guardedRouter(c.args[0]) {
							return
						}
					}
					open(instr, v, p.hit("", ci, -1, ""), what)
					return
				}
			}
			if c := p.asCall(ci, paths(gqlHandler)); c != nil && c.callee() == "Server.Use" && len(c.args) == 1 && p.isType(unwrap(c.args[0]).Type(), gqlIntroExt, "Introspection") {
				flag(instr, p.hit("", ci, -1, ""), "GraphQL introspection is open; switch it on for development only")
			}
		}
		// pprof.Index as a value, and handlers kept in variables.
		ops = instr.Operands(ops[:0])
		for _, op := range ops {
			switch v := (*op).(type) {
			case *ssa.Function:
				if v.Pkg == nil || v.Pkg.Pkg.Path() != "net/http/pprof" || debugHandlers["net/http/pprof "+v.Name()] == "" || pprofed[outermost(fn)] {
					continue
				}
				reg, ok := registration(instr)
				if !ok || p.guardedCall(reg) {
					continue
				}
				pprofed[outermost(fn)] = true // Index, Cmdline, Profile, … are one surface
				flag(reg, p.hit("", reg, -1, ""), "pprof is open to whoever reaches the server; serve it on loopback or behind authentication")
			case *ssa.Global:
				load, ok := instr.(*ssa.UnOp)
				if !ok || v.Pkg == nil {
					continue
				}
				if what := debugHandlers[p.pathOf(v.Pkg.Pkg)+" "+v.Name()]; what != "" {
					open(instr, load, Hit{Pos: instr.Pos()}, what)
				}
			}
		}
		if s, ok := instr.(*ssa.Store); ok {
			p.debugField(s, flag)
		}
	})
	hits = append(hits, p.ginMode()...)
	if p.importsPath("expvar") {
		hits = append(hits, p.publicVars()...)
	}
	return hits
}

// debugField flags echo's Debug and graphql-go's GraphiQL and Playground when
// they are certainly true.
func (p *pkg) debugField(s *ssa.Store, flag func(ssa.Instruction, Hit, string)) {
	fa, ok := s.Addr.(*ssa.FieldAddr)
	if !ok {
		return
	}
	f := fieldVar(fa)
	if f == nil || f.Pkg() == nil {
		return
	}
	what := ""
	switch p.pathOf(f.Pkg()) + " " + typeName(fa.X.Type()) + "." + f.Name() {
	case echoPath + " Echo.Debug":
		what = "echo runs in debug mode, which shows error texts to clients; take the switch from the environment"
	case graphqlGo + " Config.GraphiQL", graphqlGo + " Config.Playground":
		what = "a GraphQL playground is open to whoever reaches the server; switch it on for development only"
	default:
		return
	}
	if yes, _ := p.isTrue(s.Val); yes {
		pos, end := p.valueRegion(s)
		flag(s, Hit{Pos: pos, End: end}, what)
	}
}

// ginMode flags gin's debug mode: chosen by name, or left as it is in a program
// that runs gin.
func (p *pkg) ginMode() []Hit {
	if !p.importsPath(ginPath) {
		return nil
	}
	var hits []Hit
	chosen := false
	var engine *call
	p.eachCall(paths(ginPath), func(c *call) {
		switch c.callee() {
		case "SetMode":
			chosen = true
			if texts, open := p.texts(c.args[0]); !open && len(texts) == 1 && texts[0].s == "debug" && !p.debugOnly(c.instr) {
				hits = append(hits, p.hit("MKT702", c.instr, -1, "gin runs in debug mode; set gin.ReleaseMode"))
			}
		case "Default", "New":
			if engine == nil {
				engine = c
			}
		}
	})
	if chosen || engine == nil || p.types.Name() != "main" || p.mentions("GIN_MODE") {
		return hits
	}
	runs := slices.ContainsFunc(p.listenings(), func(l listening) bool { return !l.local() })
	if runs && !p.debugFile(engine.instr.Pos()) {
		hits = append(hits, p.hit("MKT702", engine.instr, -1, "gin runs in debug mode unless GIN_MODE says otherwise; call gin.SetMode(gin.ReleaseMode)"))
	}
	return hits
}

// publicVars flags the import of expvar in a package that serves the default
// mux, on which it registers itself.
func (p *pkg) publicVars() []Hit {
	if !slices.ContainsFunc(p.listenings(), func(l listening) bool { return l.mux && !l.local() }) {
		return nil
	}
	var hits []Hit
	for _, f := range p.sourceFiles() {
		for _, imp := range f.Imports {
			if imp.Path.Value == `"expvar"` && !p.debugFile(imp.Pos()) {
				hits = append(hits, hitNode("MKT702", imp, "expvar registers /debug/vars on the default mux, which is served to other machines; serve a mux of your own"))
			}
		}
	}
	return hits
}

// debugFile reports whether a file is only built when a tag named after
// debugging asks for it, or leaves out production.
func (p *pkg) debugFile(pos token.Pos) bool {
	for _, f := range p.files {
		if pos < f.FileStart || pos > f.FileEnd {
			continue
		}
		return slices.ContainsFunc(f.Comments, func(g *ast.CommentGroup) bool {
			return g.Pos() < f.Package && slices.ContainsFunc(g.List, func(c *ast.Comment) bool {
				expr, ok := strings.CutPrefix(c.Text, "//go:build ")
				if !ok {
					return false
				}
				for word := range strings.FieldsFuncSeq(expr, func(r rune) bool { return strings.ContainsRune(" ()&|", r) }) {
					name, not := strings.CutPrefix(word, "!")
					words := SplitName(name)
					if not && words.Has("prod", "production", "release") || !not && words.Has(debugWords...) {
						return true
					}
				}
				return false
			})
		})
	}
	return false
}

// registration returns the call a function value is registered by, through
// conversions; false when another call wraps it.
func registration(instr ssa.Instruction) (ssa.CallInstruction, bool) {
	for range 4 {
		switch x := instr.(type) {
		case ssa.CallInstruction:
			name := ""
			if x.Common().IsInvoke() {
				name = x.Common().Method.Name()
			} else if fn := x.Common().StaticCallee(); fn != nil {
				name = fn.Name()
			}
			switch name {
			case "WrapF", "WrapH", "WrapHandler", "HTTPHandlerFunc", "HTTPHandler": // an adapter: look at what gets it
				v, ok := x.(ssa.Value)
				if !ok || v.Referrers() == nil || len(*v.Referrers()) == 0 {
					return nil, false
				}
				instr = (*v.Referrers())[0]
				continue
			case "Handle", "HandleFunc", "Get", "Post", "GET", "POST", "Any", "ANY", "Method", "MethodFunc", "HandlerFunc", "Handler", "Mount", "Add":
				return x, true
			}
			return nil, false
		case *ssa.Store:
			ia, ok := x.Addr.(*ssa.IndexAddr)
			if !ok {
				return nil, false
			}
			calls := consumers(ia.X, 0)
			if len(calls) == 0 {
				return nil, false
			}
			instr = calls[0]
		case ssa.Value:
			if x.Referrers() == nil || len(*x.Referrers()) == 0 {
				return nil, false
			}
			instr = (*x.Referrers())[0]
		default:
			return nil, false
		}
	}
	return nil, false
}

// consumers returns the calls a value goes into, through conversions and the
// slices of variadic calls.
func consumers(v ssa.Value, depth int) []ssa.CallInstruction {
	if v.Referrers() == nil || depth > 5 {
		return nil
	}
	var out []ssa.CallInstruction
	for _, r := range *v.Referrers() {
		switch x := r.(type) {
		case ssa.CallInstruction:
			out = append(out, x)
		case *ssa.MakeInterface, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.Slice, *ssa.Extract, *ssa.Phi:
			out = append(out, consumers(x.(ssa.Value), depth+1)...)
		case *ssa.Store:
			switch a := x.Addr.(type) {
			case *ssa.IndexAddr:
				out = append(out, consumers(a.X, depth+1)...)
			case *ssa.Alloc:
				for _, ar := range *a.Referrers() {
					if load, ok := ar.(*ssa.UnOp); ok {
						out = append(out, consumers(load, depth+1)...)
					}
				}
			}
		}
	}
	return out
}

// behindAuth reports whether a handler is registered with authentication before
// it.
func (p *pkg) behindAuth(handler ssa.Value) bool {
	return slices.ContainsFunc(consumers(handler, 0), p.guardedCall)
}

// guardedCall reports whether a call that takes a handler is, or stands behind,
// authentication: by its own name, the names of what it gets beside the
// handler, or the router it is made on.
func (p *pkg) guardedCall(ci ssa.CallInstruction) bool {
	if authName(calleeName(ci)) {
		return true
	}
	for _, a := range ci.Common().Args {
		if p.authValue(a) {
			return true
		}
		if elems, ok := variadic(a); ok && slices.ContainsFunc(elems, p.authValue) {
			return true
		}
	}
	if v, ok := ci.(*ssa.Call); ok {
		// A wrapper: what it returns is registered.
		name := calleeName(ci)
		switch name {
		case "WrapF", "WrapH", "WrapHandler", "StripPrefix", "HandlerFunc":
			return slices.ContainsFunc(consumers(v, 0), p.guardedCall)
		}
	}
	c := p.asCall(ci, nil)
	return c != nil && c.on != nil && p.guardedRouter(c.on)
}

func calleeName(ci ssa.CallInstruction) string {
	if ci.Common().IsInvoke() {
		return ci.Common().Method.Name()
	}
	if fn := ci.Common().StaticCallee(); fn != nil {
		return fn.Name()
	}
	return valueName(ci.Common().Value)
}

// authValue reports whether a value is authentication by its name: a function,
// or what a function made.
func (p *pkg) authValue(v ssa.Value) bool {
	switch x := unwrap(v).(type) {
	case *ssa.Function:
		return authName(x.Name())
	case *ssa.MakeClosure:
		return authName(x.Fn.Name())
	case *ssa.Call:
		return authName(calleeName(x))
	case *ssa.UnOp:
		return authName(valueName(x))
	case *ssa.Parameter, *ssa.FreeVar, *ssa.Alloc:
		return authName(valueName(x))
	}
	return false
}

// authName reports whether a name speaks of authentication.
func authName(name string) bool {
	return SplitName(name).Has("auth", "authenticate", "authenticated", "authorize", "authorized", "authn", "authz", "oauth", "jwt", "login", "session", "protect", "protected", "protector", "require", "required",
		"admin", "private", "internal", "restrict", "restricted", "allow", "allowed", "whitelist", "verify", "guard", "token")
}

// guardedRouter reports whether a router is a group with authentication, or has
// it by Use.
func (p *pkg) guardedRouter(router ssa.Value) bool {
	origins, _ := p.origins(router)
	for _, o := range origins {
		if made, ok := o.v.(*ssa.Call); ok {
			switch calleeName(made) {
			case "Group", "With", "Route":
				for _, a := range made.Call.Args {
					if p.authValue(a) {
						return true
					}
					if elems, ok := variadic(a); ok && slices.ContainsFunc(elems, p.authValue) {
						return true
					}
				}
			}
		}
		if o.v.Referrers() == nil {
			continue
		}
		for _, ci := range consumers(o.v, 0) {
			if calleeName(ci) != "Use" {
				continue
			}
			for _, a := range ci.Common().Args {
				if elems, ok := variadic(a); ok && slices.ContainsFunc(elems, p.authValue) {
					return true
				}
			}
		}
	}
	return false
}

// servedLocally reports whether the router that an instruction registers on is
// served on the machine only: by the listeners its function opens, or those
// that serve the same router.
func (p *pkg) servedLocally(instr ssa.Instruction) bool {
	fn := outermost(instr.Parent())
	var router ssa.Value
	if ci, ok := instr.(ssa.CallInstruction); ok {
		if c := p.asCall(ci, nil); c != nil {
			router = c.on
		}
	}
	here, matched, local := false, false, true
	for _, l := range p.listenings() {
		same := router != nil && l.handler != nil && p.sameOrigin(router, l.handler)
		if same {
			matched = true
			local = local && l.local()
		}
		if outermost(l.call.instr.Parent()) == fn {
			here = true
		}
	}
	if matched {
		return local
	}
	if !here {
		return false
	}
	for _, l := range p.listenings() {
		if outermost(l.call.instr.Parent()) == fn && !l.local() {
			return false
		}
	}
	return true
}

// sameOrigin reports whether two values come from the same place.
func (p *pkg) sameOrigin(a, b ssa.Value) bool {
	from, _ := p.origins(a)
	to, _ := p.origins(b)
	return slices.ContainsFunc(from, func(o origin) bool {
		return slices.ContainsFunc(to, func(q origin) bool { return o.v == q.v })
	})
}
