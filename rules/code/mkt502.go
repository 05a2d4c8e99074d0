package code

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt502 flags defences against cross-site requests that are there and do not
// defend, and state that changes where no defence looks.
func mkt502() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT502",
		Name:     "csrf-misuse",
		Title:    "CSRF defence is built but does not protect",
		Class:    rules.Violation,
		Controls: []string{"csrf-protection"},
		CWE:      []int{352, 650},
		Vector:   v65i,
		Flags: "A `CrossOriginProtection`, a `csrf.Protect` or a CSRF middleware that is built and never put before a handler; a trusted origin without TLS, a bypass pattern for every path; a failure handler that goes on to the next handler; " +
			"a skipper that always says yes or lets requests pass by their content type; a route for GET that deletes, removes, updates, creates or transfers, by its path or its handler's name and by what it does. A trusted origin that is computed is a review finding.",
		Safe:        "The middleware wraps the server, the router or the group; trusted origins are constants with https; failures end in an error; GET only reads, logs or caches. Links that users get by mail (confirm, verify, unsubscribe) and OAuth callbacks may change state.",
		Remediation: "Put the defence around the server's handler, let failures answer 403, and change state only in POST, PUT, PATCH and DELETE.",
		Wrong:       "protection := http.NewCrossOriginProtection()\nprotection.AddTrustedOrigin(\"http://app.example.com\")\nhttp.ListenAndServe(addr, mux)",
		Right:       "protection := http.NewCrossOriginProtection()\nhttp.ListenAndServe(addr, protection.Handler(mux))",
		Frameworks:  []string{"net/http", "gorilla/csrf", "filippo.io/csrf", "nosurf", "echo v4", "fiber v2", "chi", "gorilla/mux", "gin"},
	}, nil, func(path string) bool { return httpGate(path) || packageEffects[path]&guardCSRF != 0 }, runMKT502)
}

func runMKT502(p *pkg) []Hit {
	var hits []Hit
	guards := func(path string) bool {
		return path == netHTTP || path == echoPath+"/middleware" || packageEffects[path] == guardCSRF
	}
	p.eachCall(guards, func(c *call) {
		switch c.path + " " + c.callee() {
		case "net/http NewCrossOriginProtection", "filippo.io/csrf New", "github.com/justinas/nosurf New":
			if v, ok := c.instr.(*ssa.Call); ok && p.onlyConfigured(v) {
				hits = append(hits, p.hit("MKT502", c.instr, -1, "the protection is built here and never put before a handler"))
			}
		case "github.com/gorilla/csrf Protect", "filippo.io/csrf/gorilla Protect", "github.com/justinas/nosurf NewPure", echoPath + "/middleware CSRF", echoPath + "/middleware CSRFWithConfig", fiberPath + "/middleware/csrf New":
			if v, ok := c.instr.(*ssa.Call); ok && p.onlyConfigured(v) {
				hits = append(hits, p.hit("MKT502", c.instr, -1, "the middleware is built here and never put before a handler"))
			}
		case "net/http CrossOriginProtection.AddTrustedOrigin", "filippo.io/csrf Protection.AddTrustedOrigin":
			hits = append(hits, p.trustedOrigin(c)...)
		case "net/http CrossOriginProtection.AddInsecureBypassPattern", "filippo.io/csrf Protection.AddUnsafeBypassPattern":
			if s := p.oneText(c.args[0]); s == "/" || strings.HasSuffix(s, " /") {
				hits = append(hits, p.hit("MKT502", c.instr, -1, "the bypass pattern "+s+" takes every path out of the protection"))
			}
		case "net/http CrossOriginProtection.SetDenyHandler", "github.com/gorilla/csrf ErrorHandler", "filippo.io/csrf/gorilla ErrorHandler", "github.com/justinas/nosurf CSRFHandler.SetFailureHandler":
			hits = append(hits, p.denyHandler(c, 0)...)
		case "filippo.io/csrf Protection.HandlerWithFailHandler":
			hits = append(hits, p.denyHandler(c, 1)...)
		case "github.com/justinas/nosurf CSRFHandler.ExemptFunc":
			hits = append(hits, p.skipper(c.args[0], c.instr)...)
		}
	})
	p.literals(func(path, name string) bool {
		return path == echoPath+"/middleware" && name == "CSRFConfig" || path == fiberPath+"/middleware/csrf" && name == "Config"
	}, func(l *literal) {
		for _, field := range []string{"Skipper", "Next"} {
			for _, s := range l.set[field] {
				hits = append(hits, p.skipper(s.Val, s)...)
			}
		}
		for _, s := range l.set["ErrorHandler"] {
			if fn := p.funcOf(s.Val); fn != nil && goesOn(p, fn) {
				hits = append(hits, Hit{Rule: "MKT502", Pos: s.Pos(), Message: "the failure handler goes on to the next handler: a forged request passes", Steps: []Step{{fn.Pos(), "the handler"}}})
			}
		}
	})
	return append(hits, p.changingGets()...)
}

// onlyConfigured reports whether nothing is done with a value but calls that
// configure it.
func (p *pkg) onlyConfigured(v *ssa.Call) bool {
	for _, r := range *v.Referrers() {
		switch x := r.(type) {
		case *ssa.DebugRef:
		case *ssa.Call:
			c := p.asCall(x, nil)
			if c == nil || c.on != ssa.Value(v) {
				return false
			}
			switch c.name {
			case "AddTrustedOrigin", "SetDenyHandler", "AddInsecureBypassPattern", "ExemptPath", "ExemptPaths", "ExemptFunc", "ExemptGlob", "ExemptRegexp", "SetFailureHandler", "SetBaseCookie":
			default:
				return false
			}
		default:
			return false
		}
	}
	return true
}

func (p *pkg) trustedOrigin(c *call) []Hit {
	if len(c.args) == 0 {
		return nil
	}
	texts, open := p.texts(c.args[0])
	for _, t := range texts {
		host, ok := strings.CutPrefix(t.s, "http://")
		if !ok {
			continue
		}
		host, _ = hostOnly(host)
		if reachOf(host) != hostSafe {
			return []Hit{p.hit("MKT502", c.instr, -1, "the trusted origin "+strings.ReplaceAll(t.s, hole, "…")+" has no TLS: whoever is on the way can send requests as it", t.steps...)}
		}
	}
	if open && p.fromRequest(c.args[0]) {
		return []Hit{p.hit("MKT502", c.instr, -1, "the trusted origin comes from the request: every site is trusted")}
	}
	if open || len(texts) == 0 {
		h := p.hit("MKT502", c.instr, -1, "the trusted origin is computed; make sure that it can only be one of yours, with https")
		h.Class = rules.Review
		return []Hit{h}
	}
	return nil
}

// denyHandler flags a handler for failures that serves the request after all.
func (p *pkg) denyHandler(c *call, arg int) []Hit {
	if len(c.args) <= arg {
		return nil
	}
	fn := p.funcOf(c.args[arg])
	if fn == nil || !goesOn(p, fn) {
		return nil
	}
	return []Hit{p.hit("MKT502", c.instr, -1, "the failure handler goes on to the next handler: a forged request passes", Step{fn.Pos(), "the handler"})}
}

// goesOn reports whether a failure handler hands the request to another one on
// every way.
func goesOn(p *pkg, fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		if b.Index != 0 && len(fn.Blocks) > 1 {
			continue
		}
		for _, instr := range b.Instrs {
			ci, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if c := p.asCall(ci, nil); c != nil {
				switch c.callee() {
				case "Handler.ServeHTTP", "HandlerFunc.ServeHTTP", "ServeMux.ServeHTTP", "Mux.ServeHTTP", "Router.ServeHTTP", "Ctx.Next", "Context.Next":
					return true
				case "Error":
					return false
				}
				if c.name == "WriteHeader" {
					return false
				}
			}
		}
	}
	return false
}

// skipper judges a function that takes requests out of the check.
func (p *pkg) skipper(v ssa.Value, at ssa.Instruction) []Hit {
	fn := p.funcOf(v)
	if fn == nil {
		return nil
	}
	message := ""
	if alwaysTrue(fn) {
		message = "the skipper takes every request out of the check"
	} else {
		within(fn, func(instr ssa.Instruction) {
			ci, ok := instr.(ssa.CallInstruction)
			if !ok {
				return
			}
			c := p.asCall(ci, nil)
			if c == nil || len(c.args) == 0 {
				return
			}
			switch c.path + " " + c.callee() {
			case "net/http Header.Get", fiberPath + " Ctx.Get", ginPath + " Context.GetHeader":
				if k, ok := constText(c.args[0]); ok && strings.EqualFold(k, "content-type") {
					message = "the skipper lets requests pass by their content type, which another site can choose"
				}
			}
		})
	}
	if message == "" {
		return nil
	}
	h := Hit{Rule: "MKT502", Pos: at.Pos(), Message: message, Steps: []Step{{fn.Pos(), "the skipper"}}}
	if ci, ok := at.(ssa.CallInstruction); ok {
		h = p.hit("MKT502", ci, -1, message, Step{fn.Pos(), "the skipper"})
	}
	return []Hit{h}
}

// changingGets are routes for GET that change state, by name and by deed.
func (p *pkg) changingGets() []Hit {
	t := p.routeTable()
	var hits []Hit
	for _, r := range t.routes {
		if r.method != "GET" && r.method != "HEAD" || len(r.handlers) == 0 || r.handlers[0].fn == nil {
			continue
		}
		do := t.routeEffects(r)
		if do&changesData == 0 || do&(ambient|proofContext) == 0 || t.ownGuard(r) {
			continue
		}
		verb := changingVerb(r)
		if verb == "" {
			continue
		}
		h := p.routeHit("MKT502", r, fmt.Sprintf("%s changes state (%s) on %s: a link on another site is enough, and CSRF defences do not look at it", r.name(), verb, r.method))
		if len(r.open) > 0 || do&ambient == 0 {
			h.Class = rules.Review
		}
		hits = append(hits, h)
	}
	return hits
}

// ownGuard reports whether code of this package refuses cross-site requests on
// the way to a route. The libraries' middleware lets every GET through.
func (t *routeTable) ownGuard(r *route) bool {
	for _, h := range r.handlers {
		if t.of(h)&guardCSRF != 0 {
			return true
		}
	}
	return slices.ContainsFunc(r.layers, func(l layer) bool { return l.fn != nil && t.of(l.target)&guardCSRF != 0 })
}

var changingVerbs = setOf("delete remove destroy update create transfer pay cancel revoke approve reject promote ban disable enable purge drop edit save grant reset")

// changingVerb returns the verb by which a route says that it changes state.
func changingVerb(r *route) string {
	last := ""
	for segment := range strings.SplitSeq(r.pattern, "/") {
		n := SplitName(segment)
		if n.Has("confirm", "verify", "unsubscribe", "callback", "activate", "login", "logout", "oauth", "new", "form", "password", "reset") {
			return ""
		}
		if len(n) > 0 && changingVerbs[n[0]] && !isVariable(segment) {
			last = n[0]
		}
	}
	name := SplitName(r.handlers[0].fn.Name())
	if name.Has("form", "page", "show", "get", "view", "render", "confirm", "new", "list") {
		return ""
	}
	// "GET /items/{id}/edit" shows a form; the handler's own verb must agree.
	if last == "edit" || last == "create" || last == "update" {
		last = ""
	}
	for _, w := range name {
		if changingVerbs[w] && w != "edit" && w != "create" {
			return w
		}
	}
	return last
}
