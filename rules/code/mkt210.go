package code

import (
	"fmt"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt210 flags handlers that take more than they were made for: bodies of any
// size, fields nobody declared, paths nobody listed.
func mkt210() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT210",
		Name:     "loose-input-decoding",
		Title:    "Requests are taken without limits",
		Class:    rules.Review,
		Controls: []string{"allowlist-api-surface"},
		CWE:      []int{20, 770},
		Vector:   v31i,
		Flags: "A request's body that is read or decoded whole without a limit (once a package, at the first place); a reverse proxy that forwards any path. " +
			"A webhook that decodes JSON and accepts unknown fields is advice (informational).",
		Safe: "`http.MaxBytesReader` or `MaxBytesHandler`, `io.LimitReader`, echo's `BodyLimit`, chi's `RequestSize`, fiber (it has a limit of its own), forms that net/http reads; " +
			"`DisallowUnknownFields`; a proxy below a path of its own, or one that compares the path before it forwards.",
		Remediation: "Wrap the body in `http.MaxBytesReader` once, in a middleware; call `DisallowUnknownFields` where only known fields are expected; list the paths a proxy forwards.",
		Wrong:       "body, err := io.ReadAll(r.Body)",
		Right:       "body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))",
		Frameworks:  []string{"net/http", "gin", "echo v4", "chi", "gorilla/mux", "net/http/httputil"},
	}, nil, httpGate, runMKT210)
}

var (
	bodyReaders = paths("io", "io/ioutil", "encoding/json", "encoding/xml", ginPath, echoPath)
	bodyLimits  = paths("net/http", echoPath+"/middleware", "github.com/go-chi/chi/middleware", "github.com/gin-contrib/size")
)

func runMKT210(p *pkg) []Hit {
	hits := p.unboundedBodies()
	t := p.routeTable()
	seen := map[*ssa.Function]bool{}
	for _, r := range t.routes {
		if anyPath(r.pattern) {
			for _, h := range r.handlers {
				if p.forwardsAll(h) {
					hits = append(hits, p.routeHit("MKT210", r, "the reverse proxy forwards whatever path it is asked for; register the paths it serves, or compare them before forwarding"))
				}
			}
		}
		if !isWebhook(r) {
			continue
		}
		for _, h := range r.handlers {
			if h.fn != nil && !seen[h.fn] {
				seen[h.fn] = true
				hits = append(hits, p.unknownFields(h.fn)...)
			}
		}
	}
	if p.importsPath("net/http/httputil") {
		p.eachCall(paths("net/http"), func(c *call) {
			if (c.callee() == "ListenAndServe" || c.callee() == "ListenAndServeTLS" || c.callee() == "Serve") && len(c.args) > 1 && p.isProxy(c.args[len(c.args)-1]) {
				hits = append(hits, p.hit("MKT210", c.instr, len(c.args)-1, "the reverse proxy serves the whole address and forwards any path; register the paths it serves"))
			}
		})
	}
	return hits
}

// unboundedBodies is one hit for the places of a package that read a request's
// body without a limit.
func (p *pkg) unboundedBodies() []Hit {
	type place struct {
		c    *call
		what string
	}
	var places []place
	middleware := false
	limits := map[*ssa.Function]bool{} // functions that limit a body
	p.eachCall(func(path string) bool { return bodyReaders(path) || bodyLimits(path) }, func(c *call) {
		switch {
		case c.is("net/http", "MaxBytesReader"):
			limits[outermost(c.instr.Parent())] = true
		case c.is("net/http", "MaxBytesHandler"), c.path == echoPath+"/middleware" && strings.HasPrefix(c.name, "BodyLimit"),
			c.path == "github.com/go-chi/chi/middleware" && c.name == "RequestSize", c.path == "github.com/gin-contrib/size":
			middleware = true
		case !bodyReaders(c.path):
		case (c.path == "io" || c.path == "io/ioutil") && c.name == "ReadAll" && len(c.args) == 1:
			if p.ownBody(c.args[0]) {
				places = append(places, place{c, "read"})
			}
		case (c.path == "encoding/json" || c.path == "encoding/xml") && c.name == "NewDecoder" && len(c.args) == 1:
			if p.ownBody(c.args[0]) {
				places = append(places, place{c, "decoded"})
			}
		case c.path == ginPath && c.recv == "Context" && (strings.Contains(c.name, "Bind") && !strings.Contains(c.name, "Uri") && !strings.Contains(c.name, "Query") && !strings.Contains(c.name, "Header") || c.name == "GetRawData"),
			c.path == echoPath && c.callee() == "Context.Bind":
			places = append(places, place{c, "decoded"})
		}
	})
	if middleware || len(places) == 0 {
		return nil
	}
	// A middleware of the package that wraps bodies serves all its handlers.
	t := p.routeTable()
	for _, r := range t.routes {
		for _, l := range r.layers {
			if l.fn != nil && limits[outermost(l.fn)] {
				return nil
			}
		}
	}
	n := 0
	var first place
	for _, pl := range places {
		fn := outermost(pl.c.instr.Parent())
		if limits[fn] || fn.Name() == "RoundTrip" || fn.Name() == "Do" || len(limits) > 0 && p.nextLimits(fn, limits) {
			continue
		}
		if n++; first.c == nil || pl.c.instr.Pos() < first.c.instr.Pos() {
			first = pl
		}
	}
	if n == 0 {
		return nil
	}
	message := "the request's body is " + first.what + " whole, whatever its size; limit it with http.MaxBytesReader, best in a middleware"
	if n > 1 {
		message += fmt.Sprintf(" (%d places in this package)", n)
	}
	return []Hit{p.hit("MKT210", first.c.instr, -1, message)}
}

// nextLimits reports whether a function that fn calls, or that calls fn, limits
// a body.
func (p *pkg) nextLimits(fn *ssa.Function, limits map[*ssa.Function]bool) bool {
	found := false
	within(fn, func(instr ssa.Instruction) {
		if ci, ok := instr.(ssa.CallInstruction); ok {
			if callee := ci.Common().StaticCallee(); callee != nil && limits[callee] {
				found = true
			}
		}
	})
	if found {
		return true
	}
	for _, ci := range p.callersOf(fn) {
		if limits[outermost(ci.Parent())] {
			return true
		}
	}
	return false
}

// ownBody reports whether a reader is the body of an incoming request, without
// a limit around it.
func (p *pkg) ownBody(v ssa.Value) bool {
	origins, _ := p.origins(v)
	for _, o := range origins {
		u, ok := o.v.(*ssa.UnOp)
		if !ok {
			continue
		}
		fa, ok := u.X.(*ssa.FieldAddr)
		if ok && fieldName(fa) == "Body" && p.isType(fa.X.Type(), "net/http", "Request") && p.fromRequest(fa.X) {
			return true
		}
	}
	return false
}

// anyPath reports whether a pattern stands for every path of its host.
func anyPath(pattern string) bool {
	switch pattern {
	case "/", "/*", "/*path", "/*any", "/*proxyPath", "*", "/{path...}", "/{rest...}":
		return true
	}
	return strings.HasPrefix(pattern, "/*") && !strings.Contains(pattern[1:], "/") || strings.HasPrefix(pattern, "/{") && strings.HasSuffix(pattern, "...}") && strings.Count(pattern, "/") == 1
}

func (p *pkg) isProxy(v ssa.Value) bool {
	return p.isType(unwrap(v).Type(), "net/http/httputil", "ReverseProxy")
}

// forwardsAll reports whether a handler is a reverse proxy, or a function that
// hands requests to one without looking at the path.
func (p *pkg) forwardsAll(h target) bool {
	if h.v != nil && p.isProxy(h.v) {
		return true
	}
	if h.obj != nil && h.obj.Name() == "ServeHTTP" && h.obj.Pkg() != nil && h.obj.Pkg().Path() == "net/http/httputil" {
		return true
	}
	if h.fn == nil {
		return false
	}
	forwards, looks := false, false
	within(h.fn, func(instr ssa.Instruction) {
		switch x := instr.(type) {
		case ssa.CallInstruction:
			if c := p.asCall(x, paths("net/http/httputil")); c != nil && c.callee() == "ReverseProxy.ServeHTTP" {
				forwards = true
			}
		case *ssa.FieldAddr:
			if fieldName(x) == "Path" && p.isType(x.X.Type(), "net/url", "URL") {
				for _, r := range *x.Referrers() {
					if _, ok := r.(*ssa.UnOp); ok {
						looks = true
					}
				}
			}
		}
	})
	return forwards && !looks
}

// unknownFields notes JSON decoders of a webhook that accept any field.
func (p *pkg) unknownFields(fn *ssa.Function) []Hit {
	var at *call
	strict := false
	within(fn, func(instr ssa.Instruction) {
		ci, ok := instr.(ssa.CallInstruction)
		if !ok {
			return
		}
		switch c := p.asCall(ci, paths("encoding/json")); {
		case c == nil:
		case c.callee() == "Decoder.DisallowUnknownFields":
			strict = true
		case c.callee() == "Decoder.Decode" && p.fromRequest(c.on), c.callee() == "Unmarshal" && p.fromRequest(c.args[0]):
			if at == nil {
				at = c
			}
		}
	})
	if at == nil || strict {
		return nil
	}
	h := p.hit("MKT210", at.instr, -1, "the webhook accepts fields it does not know; DisallowUnknownFields tells when the sender's format changes")
	h.Class = rules.Informational
	return []Hit{h}
}
