package touch

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// routeMethods register a handler for a path, by the name of the method called.
var routeMethods = map[string]bool{
	"HandleFunc": true, "Handle": true, "GET": true, "POST": true, "PUT": true, "PATCH": true, "DELETE": true, "HEAD": true, "OPTIONS": true, "Any": true, "Match": true,
	"Get": true, "Post": true, "Put": true, "Patch": true, "Delete": true, "Group": true, "Route": true, "Mount": true, "Method": true, "MethodFunc": true, "Combo": true,
	"get": true, "post": true, "put": true, "patch": true, "delete": true, "all": true, "route": true, "use": true, "add_url_rule": true, "api_route": true, "websocket": true,
}

// jsRouters are the objects that JavaScript and Python register routes on: there
// "get" is also what maps and HTTP clients do.
var jsRouters = map[string]bool{"app": true, "router": true, "server": true, "fastify": true, "api": true, "routes": true, "route": true, "blueprint": true, "bp": true, "apiRouter": true}

// A route is a line that registers one.
type route struct {
	path       string
	middleware bool // a chain, not a path
	prefix     bool // a group of routes
}

// routeIn returns the route that an entry registers.
func routeIn(e *entry, l *language) (route, bool) {
	toks := e.toks
	for i, t := range toks {
		if t.kind != word || i+1 >= len(toks) || toks[i+1].text != "(" || i == 0 {
			continue
		}
		dot := toks[i-1].text == "."
		receiver := ""
		if dot && i > 1 {
			receiver = toks[i-2].text
		}
		if dot && (t.text == "Use" || t.text == "UseFunc" || t.text == "With" && holdsChain(toks[i+2:]) || t.text == "add_middleware" ||
			t.text == "use" && jsRouters[receiver] && i+2 < len(toks) && toks[i+2].kind != text) {
			// zerolog's and slog's With take keys and values.
			return route{path: receiver, middleware: true}, true
		}
		if !dot || !routeMethods[t.text] || i+2 >= len(toks) {
			continue
		}
		if l.name != "go" && l.name != "c" && !jsRouters[receiver] && !strings.HasSuffix(strings.ToLower(receiver), "router") && !(i > 2 && toks[0].text == "@") {
			continue
		}
		k := i + 2
		if t.text == "Method" || t.text == "MethodFunc" || t.text == "Match" {
			for k < len(toks) && toks[k].kind != text {
				k++
			}
		}
		if k >= len(toks) || toks[k].kind != text {
			continue
		}
		at := toks[k].text
		if m, rest, ok := strings.Cut(at, " "); ok && strings.ToUpper(m) == m && strings.HasPrefix(rest, "/") {
			at = rest
		} else if !strings.HasPrefix(at, "/") && !(at == "" && t.text == "Group") {
			continue
		}
		group := t.text == "Group" || t.text == "Route" || t.text == "Mount" || t.text == "use"
		// A client's call has the path alone, or an address; a registration has a handler.
		if !group && toks[0].text != "@" && !(k+1 < len(toks) && toks[k+1].text == ",") {
			continue
		}
		if receiver == "http" && (t.text == "Get" || t.text == "Post" || t.text == "Head") || strings.Contains(strings.ToLower(receiver), "client") {
			continue
		}
		return route{path: at, prefix: group}, true
	}
	// Django: path("login/", …) in urls.py.
	if l.name == "python" && len(toks) > 3 && (toks[0].text == "path" || toks[0].text == "re_path" || toks[0].text == "url") && toks[1].text == "(" && toks[2].kind == text {
		return route{path: "/" + toks[2].text}, true
	}
	return route{}, false
}

// holdsChain reports whether the arguments of With can be middleware: names, no
// strings.
func holdsChain(toks []tok) bool {
	named := false
	for _, t := range toks {
		if t.kind == text || t.kind == number {
			return false
		}
		if t.kind == word {
			if w := split(t.text); holds(w, "middleware", "auth", "csrf", "cors", "require", "verify", "session", "limiter", "recoverer", "handler") {
				named = true
			}
		}
	}
	return named
}

// routes gives T1 for the routes of a unit that differ.
func (c *computation) routes(u *unit) {
	type side struct {
		e *entry
		r route
	}
	var gone, came []side
	for _, list := range []struct {
		entries []entry
		to      *[]side
	}{{u.before, &gone}, {u.after, &came}} {
		for i := range list.entries {
			if e := &list.entries[i]; e.changed && !e.imports {
				if r, ok := routeIn(e, u.lang); ok {
					*list.to = append(*list.to, side{e, r})
				}
			}
		}
	}
	waiting := queues[route]{}
	for i, x := range came {
		waiting.put(x.r, i)
	}
	used := make([]bool, len(came))
	for _, g := range gone {
		s := Signal{ID: T1, Level: High, Path: u.path, OldLine: g.e.line, Symbol: u.symbol, Topic: Routes}
		i := waiting.take(g.r, used)
		switch {
		case i >= 0:
			used[i] = true
			s.Line = came[i].e.line
			if came[i].e.key == g.e.key {
				if !g.r.middleware {
					continue // another order of routes with different paths changes nothing
				}
				s.What = "order of middleware changed"
			} else if g.r.middleware {
				s.What = "middleware chain changed"
			} else {
				s.What = "handler or middleware of route " + g.r.path + " changed"
			}
		case g.r.middleware:
			s.What = "middleware removed"
		default:
			s.What = "route " + g.r.path + " removed"
		}
		c.add(s)
	}
	for i, x := range came {
		if used[i] {
			continue
		}
		s := Signal{ID: T1, Level: High, Path: u.path, Line: x.e.line, Symbol: u.symbol, Topic: Routes, What: "route " + x.r.path + " added"}
		if x.r.middleware {
			s.What = "middleware added"
		}
		c.add(s)
	}
	if isRouteMethod(u) && u.old == u.path && (u.added || u.gone) {
		s := Signal{ID: T1, Level: High, Path: u.path, Symbol: u.symbol, Topic: Routes, What: "route " + u.symbol + " " + routeOf(u.path) + " added"}
		if u.gone {
			s.OldLine, s.What = u.before[0].line, "route "+u.symbol+" "+routeOf(u.path)+" removed"
		} else {
			s.Line = u.after[0].line
		}
		c.add(s)
	}
	// The list of what needs nobody to be signed in.
	if e := firstChanged(u); e != nil && !u.function && anonymous(u) {
		c.add(Signal{ID: T1, Level: High, Path: u.path, Line: e.line, Symbol: u.symbol, Topic: Routes, What: "list of what is open without signing in changed"})
	}
}

// anonymous reports whether a declaration lists what needs no authentication, by its
// name: publicRoutes, authenticationAllowlist, skipAuthPaths, anonymousMethods.
func anonymous(u *unit) bool {
	words := split(lastName(u.symbol))
	open := holds(words, "public", "anonymous", "allowlist", "whitelist", "unauthenticated", "unprotected", "skip", "exempt", "open", "allowed", "bypass")
	for i, w := range words {
		open = open || i > 0 && (w == "list" && (words[i-1] == "allow" || words[i-1] == "white"))
	}
	subject := holds(words, "route", "routes", "path", "paths", "endpoint", "endpoints", "method", "methods", "url", "urls", "procedure", "procedures", "rpc")
	about := slices.ContainsFunc(notions(u.symbol), func(f *family) bool { return f.name == "auth" || f.name == "csrf" || f.name == "login" })
	if !open || !subject && !about {
		return false
	}
	// "allowedMethods" alone is about HTTP.
	return about || !holds(words, "allowed", "open") || holds(words, "route", "routes", "path", "paths", "endpoint", "endpoints")
}

// firstChanged returns the first entry that changed, the head's before the base's.
func firstChanged(u *unit) *entry {
	for _, list := range [][]entry{u.after, u.before} {
		for i := range list {
			if list[i].changed && !list[i].imports {
				return &list[i]
			}
		}
	}
	return nil
}

// routeFiles are places where a file is a route: Next.js, SvelteKit, Nuxt.
var routeFiles = regexp.MustCompile(`(^|/)(pages/api/.+\.[jt]sx?|app/.*route\.[jt]s|\+server\.[jt]s|server/(api|routes)/.+\.[jt]s)$`)

// routeFile gives T1 for a file that is a route by its place.
func (c *computation) routeFile(f *File) {
	s := Signal{ID: T1, Level: High, Path: f.Path(), Topic: Routes}
	switch {
	case f.OldPath == "" && routeFiles.MatchString(f.NewPath):
		s.Line, s.What = 1, "route "+routeOf(f.NewPath)+" added"
	case f.NewPath == "" && routeFiles.MatchString(f.OldPath):
		s.OldLine, s.What = 1, "route "+routeOf(f.OldPath)+" removed"
	case f.OldPath != f.NewPath && f.OldPath != "" && f.NewPath != "" && (routeFiles.MatchString(f.OldPath) || routeFiles.MatchString(f.NewPath)):
		s.Line, s.What = 1, "route "+routeOf(f.NewPath)+" moved"
	default:
		return
	}
	c.add(s)
}

// isRouteMethod reports whether a function is a route by its name and its file: the
// exported GET of a route.ts.
func isRouteMethod(u *unit) bool {
	switch u.symbol {
	case "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ALL":
		return u.lang.name == "js" && routeFiles.MatchString(u.path)
	}
	return false
}

// routeOf makes the path of a route of its file.
func routeOf(name string) string {
	dir, base := path.Split(name)
	for _, root := range []string{"pages/", "app/", "routes/", "server/"} {
		if i := strings.LastIndex("/"+dir, "/"+root); i >= 0 {
			dir = ("/" + dir)[i+len(root):]
			break
		}
	}
	base = strings.TrimSuffix(base, path.Ext(base))
	if base == "route" || base == "index" || base == "+server" {
		base = ""
	}
	return path.Join("/", dir, base)
}
