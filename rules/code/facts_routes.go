package code

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// httpVerbs are method names of routers that register a handler for one HTTP
// method, or for all of them.
var httpVerbs = map[string]string{
	"GET": "GET", "POST": "POST", "PUT": "PUT", "PATCH": "PATCH", "DELETE": "DELETE", "HEAD": "HEAD", "OPTIONS": "OPTIONS", "CONNECT": "CONNECT", "TRACE": "TRACE", "Any": "",
	"Get": "GET", "Post": "POST", "Put": "PUT", "Patch": "PATCH", "Delete": "DELETE", "Head": "HEAD", "Options": "OPTIONS", "Connect": "CONNECT", "Trace": "TRACE", "All": "",
}

// routers say, by clean path, which receiver is a root router; any other
// receiver of the same package may carry a prefix that is not followed here.
var routers = map[string]map[string]bool{
	"github.com/gin-gonic/gin":            {},
	"github.com/labstack/echo":            {"Echo": true},
	"github.com/gofiber/fiber":            {"App": true},
	"github.com/go-chi/chi":               {"Mux": true},
	"github.com/julienschmidt/httprouter": {"Router": true},
}

// route reads one registration. The chain of middleware is another model's
// work; here a route is method, pattern and handler.
func (g *gather) route(c *call, pos token.Pos) {
	method, pattern, handler := "", -1, -1
	root := true
	switch {
	case c.path == "net/http" && (c.callee() == "Handle" || c.callee() == "HandleFunc" || c.callee() == "ServeMux.Handle" || c.callee() == "ServeMux.HandleFunc"):
		pattern, handler = 0, 1
	case c.path == "github.com/gorilla/mux" && c.recv == "Router" && (c.name == "HandleFunc" || c.name == "Handle"):
		pattern, handler = 0, 1
		root = !g.derivesCall(c.on, "Subrouter")
	case c.path == "github.com/gorilla/mux" && c.recv == "Router" && (c.name == "PathPrefix" || c.name == "Path"):
		g.unresolved(FactRoutes, "gorilla "+c.name, pos, "the rest of the chain is not followed")
		return
	default:
		roots, ok := routers[c.path]
		if !ok || c.recv == "" {
			return
		}
		switch verb, isVerb := httpVerbs[c.name]; {
		case isVerb && len(c.args) >= 2:
			method, pattern, handler = verb, 0, 1
		case (c.name == "Handle" || c.name == "Method" || c.name == "MethodFunc" || c.name == "Add" || c.name == "HandlerFunc" || c.name == "Handler") && len(c.args) >= 3:
			if ms, open := g.texts(c.args[0]); !open && len(ms) == 1 {
				method = ms[0].s
			}
			pattern, handler = 1, 2
		case (c.name == "Handle" || c.name == "HandleFunc") && len(c.args) == 2 && c.path == "github.com/go-chi/chi":
			pattern, handler = 0, 1
		case c.path == "github.com/go-chi/chi" && (c.name == "Mount" || c.name == "Route"), c.name == "Static" || c.name == "StaticFS" || c.name == "StaticFile" || c.name == "Match":
			pattern = 0
			root = false
			if len(c.args) == 0 {
				return
			}
		default:
			return
		}
		root = root && (roots[c.recv] || c.path == "github.com/gin-gonic/gin" && ginRoot(c.on))
	}
	if pattern >= len(c.args) {
		return
	}
	where := "handler " + g.handlerName(c, handler)
	texts, open := g.texts(c.args[pattern])
	if open || len(texts) != 1 || strings.Contains(texts[0].s, hole) {
		g.unresolved(FactRoutes, strings.TrimSpace(method+" ?"), pos, where+"; the pattern is not a constant")
		return
	}
	name := strings.TrimSpace(method + " " + texts[0].s)
	if !root {
		g.unresolved(FactRoutes, name, pos, where+"; below a group whose prefix is not followed")
		return
	}
	g.seen(FactRoutes, name, pos, where)
}

// ginRoot reports whether a gin registration is made on the engine itself: its
// methods belong to an embedded group.
func ginRoot(on ssa.Value) bool {
	fa, ok := on.(*ssa.FieldAddr)
	return ok && typeName(fa.X.Type()) == "Engine"
}

// derivesCall reports whether a value comes from a call of a method of that
// name.
func (g *gather) derivesCall(v ssa.Value, name string) bool {
	return v != nil && g.derives(v, func(v ssa.Value) bool {
		c, ok := v.(*ssa.Call)
		if !ok {
			return false
		}
		d := g.asCall(c, nil)
		return d != nil && d.name == name
	})
}

// handlerName names a handler argument as the source does.
func (g *gather) handlerName(c *call, arg int) string {
	if arg < 0 || arg >= len(c.args) {
		return "unknown"
	}
	v := unwrap(c.args[arg])
	if elems, ok := variadic(v); ok && len(elems) > 0 {
		v = unwrap(elems[len(elems)-1])
	}
	if mc, ok := v.(*ssa.MakeClosure); ok {
		v = mc.Fn
	}
	if fn, ok := v.(*ssa.Function); ok {
		return strings.TrimSuffix(fn.RelString(g.types), "$bound")
	}
	return "unknown"
}
