package code

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt301 flags routes that anyone may call although nothing says that anyone
// should.
//
// It asks the route table for the whole chain and is certain only where the
// table is: on a router that this package serves, with every layer and the
// handler in sight. Where a router is served elsewhere, its routes become one
// finding for review.
func mkt301() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT301",
		Name:     "unauthenticated-route",
		Title:    "Route is served without authentication",
		Class:    rules.Violation,
		Controls: []string{"endpoint-auth"},
		CWE:      []int{306},
		Vector:   v65l,
		Flags: "A route whose middleware and handler, three calls deep, never look at a credential: no token is parsed, no session, cookie, API key or client certificate is read, no " +
			"signature is compared, no function named or taught as a check is called. It is a violation where the router is served in the same package, everything between server and handler is in sight (or the router is served elsewhere, and other routes on it are guarded one by one), and the route " +
			"changes data or its path names data (`/api`, `/admin`, `/users`, …). Other open routes, and routers that another package serves or hands over, are review findings, the latter one for each router. So are registrations that could not be read, one for each package, and gRPC servers without an interceptor that asks who calls.",
		Safe: "A verifier in the middleware of the route, its group or its server; a check in the handler; a function listed under `teach: auth`; a route listed under `anonymous` of an endpoint in the policy file. " +
			"For gRPC an interceptor or methods that check the metadata, or client certificates that are required. Open by nature are health, readiness and version pages, `robots.txt`, favicons, `/.well-known/`, static files, sign-in, sign-up, password reset, OAuth start and callback, and webhooks (MKT302 judges those).",
		Remediation: "Put the check where it cannot be forgotten: on the group or the server. List what is meant to be open in the policy file, at the endpoint that serves it: `endpoints: [{url: https://app.example.com/, anonymous: [GET /healthz]}]`.",
		Wrong:       "mux.HandleFunc(\"DELETE /api/orders/{id}\", deleteOrder)",
		Right:       "mux.Handle(\"DELETE /api/orders/{id}\", requireUser(http.HandlerFunc(deleteOrder)))",
		Frameworks:  []string{"net/http", "chi", "gorilla/mux", "gin", "echo v4", "fiber v2", "httprouter", "alice", "gRPC"},
	}, nil, func(path string) bool { return httpGate(path) || path == grpcPath }, runMKT301)
}

func runMKT301(p *pkg) []Hit {
	t := p.routeTable()
	var hits []Hit
	groups := map[*site][]*route{}
	var order []*site
	passed := map[string][]*route{} // by which part of them is not in sight
	var reasons []string
	open := map[openRoutes][]*route{}
	var opened []openRoutes
	guarded := t.doneByRoute(proofs)
	for _, r := range t.routes {
		if p.openByNature(r) {
			continue
		}
		do := t.routeEffects(r)
		if do&(proofs|startsLogin) != 0 || do&askedElsewhere != 0 && len(r.open) > 0 {
			continue // in the latter case what is not in sight has put the caller there
		}
		sensitive := r.unsafeMethod() || r.method == "" && do&changesData != 0 || sensitivePath(r.pattern)
		// Where routes are guarded one by one, nobody guards the server as well.
		outside := r.onlyServedOutside() && sensitive && do&(handsOn|askedElsewhere) == 0 && do&(touchesData|changesData|readsBody) != 0 && r.rootedIn(guarded)
		if len(r.open) > 0 && !outside {
			if groups[r.on] == nil {
				order = append(order, r.on)
			}
			groups[r.on] = append(groups[r.on], r)
			continue
		}
		if do&(touchesData|changesData|readsBody|handsOn) == 0 {
			continue // a constant answer
		}
		h := p.routeHit("MKT301", r, "")
		switch {
		case do&(handsOn|askedElsewhere) != 0:
			why := t.passedTo(r)
			if do&handsOn == 0 {
				why = "who asks is read in another package, and nobody is refused here"
			}
			if passed[why] == nil {
				reasons = append(reasons, why)
			}
			passed[why] = append(passed[why], r)
			continue
		case capability(r):
			key := openRoutes{outermost(r.at.instr.Parent()), true}
			if open[key] == nil {
				opened = append(opened, key)
			}
			open[key] = append(open[key], r)
			continue
		case outside:
			h.Message = r.title() + " is served without authentication: neither its handler nor " + chainText(r) + " checks who asks, as the middleware of other routes does"
		case sensitive:
			h.Message = r.title() + " is served without authentication: neither its handler nor " + chainText(r) + " checks who asks"
		default:
			key := openRoutes{outermost(r.at.instr.Parent()), false}
			if open[key] == nil {
				opened = append(opened, key)
			}
			open[key] = append(open[key], r)
			continue
		}
		hits = append(hits, h)
	}
	for _, why := range reasons {
		hits = append(hits, p.passedHits(passed[why], why)...)
	}
	for _, key := range opened {
		hits = append(hits, p.openHits(open[key], key)...)
	}
	for _, s := range order {
		hits = append(hits, p.groupHit("MKT301", groups[s], "show no authentication here"))
	}
	return append(append(hits, p.unreadRoutes(t)...), p.openRPC(t)...)
}

// unreadRoutes is one review finding for the registrations that the table could
// not read: nothing may pass on routes that nobody has seen.
func (p *pkg) unreadRoutes(t *routeTable) []Hit {
	unread := slices.DeleteFunc(slices.Clone(t.unresolved), func(u unresolvedRoute) bool { return u.guarded || u.harmless })
	if len(unread) == 0 {
		return nil
	}
	first := slices.MinFunc(unread, func(a, b unresolvedRoute) int { return int(a.at.pos() - b.at.pos()) })
	h := p.spotHit("MKT301", first.at, fmt.Sprintf("the route %s could not be read: %s; see by hand whether it asks who calls", first.name, first.reason))
	if n := len(unread); n > 1 {
		h.Message = fmt.Sprintf("%d routes could not be read, the first (%s) because %s; see by hand whether they ask who calls", n, first.name, first.reason)
		for _, u := range unread {
			if u.at != first.at && len(h.Steps) < 10 {
				h.Steps = append(h.Steps, Step{u.at.pos(), u.name + ": " + u.reason})
			}
		}
	}
	h.Class = rules.Review
	return []Hit{h}
}

// manyPassed is from how many routes on one reason for a review is told once.
const manyPassed = 4

// passedHits are the review findings of routes that hand requests to something
// that is not in sight. One wrapper around all routes of a server is one thing
// to look at.
func (p *pkg) passedHits(routes []*route, why string) []Hit {
	const advice = "; check who asks in a middleware of the route"
	if len(routes) >= manyPassed {
		h := p.routeHit("MKT301", routes[0], "")
		h.Class = rules.Review
		h.Message = fmt.Sprintf("%d routes (%s) show no authentication: %s%s", len(routes), namesOf(routes), why, advice)
		return []Hit{h}
	}
	var hits []Hit
	for _, r := range routes {
		h := p.routeHit("MKT301", r, r.title()+" shows no authentication: "+why+advice)
		h.Class = rules.Review
		hits = append(hits, h)
	}
	return hits
}

// openRoutes is what open routes have in common: the function that registers
// them, and whether only those find them who know what stands in the path.
type openRoutes struct {
	in    *ssa.Function
	known bool
}

// openHits are the review findings of routes that are open. A whole section of
// them is one decision.
func (p *pkg) openHits(routes []*route, key openRoutes) []Hit {
	what := [2]string{" is open to anyone; list it as anonymous in the policy file if that is meant", " are open to anyone; list them as anonymous in the policy file if that is meant"}
	if key.known {
		what = [2]string{" is open to whoever knows what stands in its path; list it as anonymous in the policy file if that is hard to guess and meant",
			" are open to whoever knows what stands in their paths; list them as anonymous in the policy file if that is hard to guess and meant"}
	}
	var hits []Hit
	for _, r := range routes {
		h := p.routeHit("MKT301", r, r.title()+what[0])
		h.Class = rules.Review
		hits = append(hits, h)
	}
	if len(hits) < manyPassed {
		return hits
	}
	h := hits[0]
	h.Message = fmt.Sprintf("%d routes (%s)%s", len(routes), namesOf(routes), what[1])
	for i, r := range routes[1:min(len(routes), maxPlaces)] {
		h.Steps = append(h.Steps, Step{hits[i+1].Pos, r.title()})
	}
	return []Hit{h}
}

// capability reports whether a route's path holds something that only its owner
// knows, as links of mails do: a variable named token, signature or hash; or an
// id that is hard to guess where the path does not speak of accounts or data.
func capability(r *route) bool {
	for segment := range strings.SplitSeq(r.pattern, "/") {
		if !isVariable(segment) {
			continue
		}
		n := SplitName(strings.Trim(segment, "{}:*."))
		if n.Has("token", "secret", "signature", "hash", "nonce", "hmac") || n.Has("uuid", "guid", "ulid") && !sensitivePath(r.pattern) {
			return true
		}
	}
	return false
}

// routeEffects is what a route's layers and handlers do.
func (t *routeTable) routeEffects(r *route) effects {
	do := t.layersDo(r.layers)
	for _, h := range r.handlers {
		do |= t.of(h)
	}
	return do
}

// chainText names a route's layers.
func chainText(r *route) string {
	var names []string
	for _, l := range r.layers {
		if name := l.name(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	switch {
	case len(names) == 0:
		return "any middleware (it has none)"
	case len(names) > 5:
		names = append(names[:5], "…")
	}
	return "its middleware (" + strings.Join(names, ", ") + ")"
}

// passedTo says which part of a route is not in sight.
func (t *routeTable) passedTo(r *route) string {
	for _, l := range r.layers {
		if t.of(l.target)&handsOn != 0 {
			return l.name() + " is given the request and is not in sight"
		}
	}
	if len(r.handlers) == 0 {
		return "its handler is not in sight"
	}
	h := r.handlers[0]
	if h.fn == nil {
		return "its handler " + h.name() + " is in another package"
	}
	return h.name() + " passes the request to code that is not in sight"
}

// routeHit is a hit at a route's registration, with the way a request takes as
// steps.
func (p *pkg) routeHit(rule string, r *route, message string) Hit {
	var steps []Step
	for _, l := range r.layers {
		if pos := l.pos(); pos.IsValid() {
			steps = append(steps, Step{pos, "passes " + l.name()})
		}
	}
	for _, h := range r.handlers {
		if pos := h.pos(); pos.IsValid() {
			steps = append(steps, Step{pos, "answered by " + h.name()})
		}
	}
	return p.spotHit(rule, r.at, message, steps...)
}

// namesOf names up to three routes.
func namesOf(routes []*route) string {
	names := make([]string, 0, 4)
	for _, r := range routes {
		if name := r.title(); !slices.Contains(names, name) {
			if len(names) == 3 {
				names = append(names, "…")
				break
			}
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// groupHit is one review finding for the routes of a router that is not
// completely known.
func (p *pkg) groupHit(rule string, routes []*route, what string) Hit {
	names := namesOf(routes)
	h := p.routeHit(rule, routes[0], "")
	h.Class = rules.Review
	h.Message = fmt.Sprintf("%d routes (%s) %s, and %s", len(routes), names, what, routes[0].open[0])
	if len(routes) == 1 {
		h.Message = fmt.Sprintf("%s %s, and %s", names, ofOne.Replace(what), routes[0].open[0])
	}
	return h
}

// ofOne turns what is said of several routes into what is said of one.
var ofOne = strings.NewReplacer("show ", "shows ", "are ", "is ")

// openByNature reports whether a route is on the built-in list of open routes
// or on the policy's.
func (p *pkg) openByNature(r *route) bool {
	if r.method == "OPTIONS" || r.method == "TRACE" {
		return true
	}
	for _, a := range p.opts.Anonymous {
		if matchesRoute(a, r) {
			return true
		}
	}
	if isWebhook(r) {
		return true
	}
	pattern := strings.ReplaceAll(r.pattern, hole, "")
	read := r.method == "" || r.method == "GET" || r.method == "HEAD"
	if read && !r.whole && !p.catchesAll(r) && r.pattern != hole && strings.Trim(pattern, "/*{}$") == "" {
		return true // the start page, and what no other route takes
	}
	if strings.Contains(pattern, "/.well-known") {
		return true
	}
	for segment := range strings.SplitSeq(pattern, "/") {
		segment = strings.ToLower(segment)
		if openSegments[segment] || read && openPages[segment] {
			return true
		}
		n := SplitName(segment)
		if openName(n) {
			return true
		}
		if read {
			if i := strings.LastIndexByte(segment, '.'); i > 0 && staticEndings[segment[i+1:]] {
				return true
			}
		}
	}
	for _, h := range r.handlers {
		switch {
		case h.fn != nil:
			if n := SplitName(outermost(h.fn).Name()); h.fn.Parent() == nil && openName(n) || len(n) > 0 && n.Has("healthz", "readyz", "livez", "favicon", "robots") {
				return true
			}
		case h.obj != nil && h.obj.Pkg() != nil:
			switch p.pathOf(h.obj.Pkg()) {
			case "net/http", "net/http/pprof", "expvar": // FileServer, RedirectHandler, NotFoundHandler; the last two are other rules' matter
				return true
			}
			if openName(SplitName(h.obj.Name())) || SplitName(h.obj.Name()).Has("static", "health", "healthz") {
				return true
			}
		}
	}
	return false
}

// catchesAll reports whether a route for every method and what no other route
// takes tells the paths apart itself, and changes data on some.
func (p *pkg) catchesAll(r *route) bool {
	t := p.routeTable()
	return r.method == "" && len(r.handlers) > 0 && r.handlers[0].fn != nil && t.of(r.handlers[0])&changesData != 0 && t.dispatches(r.handlers[0].fn, 2)
}

// openName reports whether a path segment or a handler of that name signs
// people in or up, or tells that the server lives.
func openName(n Name) bool {
	if n.Has("login", "logout", "signin", "signout", "signup", "health", "healthz", "healthcheck", "liveness", "readiness", "livez", "readyz", "heartbeat", "ping", "oauth", "oidc", "saml", "sso", "callback", "favicon", "robots", "passwordless", "captcha", "acme") {
		return true
	}
	for _, pair := range [...][2]string{
		{"sign", "in"}, {"sign", "up"}, {"sign", "out"}, {"log", "in"}, {"log", "out"}, {"forgot", "password"}, {"reset", "password"}, {"password", "reset"}, {"verify", "email"}, {"confirm", "email"},
		{"register", "user"}, {"user", "register"}, {"create", "session"}, {"magic", "link"}, {"refresh", "token"}, {"token", "refresh"}, {"not", "found"}, {"health", "check"},
	} {
		if n.HasPair(pair[0], pair[1]) {
			return true
		}
	}
	if len(n) == 2 && (n[0] == "handle" || n[1] == "handler") {
		n = Name{n[0], n[1]}
		for _, w := range n {
			if w == "register" || w == "authenticate" || w == "authorize" {
				return true
			}
		}
	}
	return len(n) == 1 && (n[0] == "register" || n[0] == "authenticate" || n[0] == "authorize" || n[0] == "auth")
}

// The built-in list of paths that are open by nature; openPages only to read.
var (
	openSegments = setOf("live ready status version static assets public css js img images fonts dist register registration auth forgot recover activate confirm verify token refresh session sessions csrf unsubscribe introspect revoke jwks keys share")
	openPages    = setOf("about privacy terms imprint impressum faq pricing contact index.html index home docs legal error 404 500 favicon.ico robots.txt sitemap.xml manifest.json metrics")
	// staticEndings are file types that are the same for everyone.
	staticEndings = setOf("js css map png jpg jpeg gif svg ico webp woff woff2 ttf html txt webmanifest")
	// sensitiveWords in a path say that data lies behind it.
	sensitiveWords = setOf("api admin internal user users account accounts customer customers order orders invoice invoices payment payments billing export exports settings config configuration tenant tenants organization organizations org orgs workspace workspaces profile profiles member members team teams secret secrets credential credentials message messages report reports audit backup backups integration integrations")
)

func sensitivePath(pattern string) bool {
	for segment := range strings.SplitSeq(strings.ToLower(pattern), "/") {
		if sensitiveWords[segment] {
			return true
		}
	}
	return false
}

// matchesRoute reports whether the policy's "GET /path" covers a route.
func matchesRoute(declared string, r *route) bool {
	method, path, ok := strings.Cut(declared, " ")
	if !ok {
		method, path = "", declared
	}
	if method != "" && !strings.EqualFold(method, r.method) || strings.Contains(r.pattern, hole) {
		return false
	}
	want, got := strings.Split(path, "/"), strings.Split(strings.TrimSuffix(r.pattern, "{$}"), "/")
	open := false
	if last := want[len(want)-1]; last == "*" || last == "**" || last == "" && len(want) > 2 {
		want, open = want[:len(want)-1], true
	}
	if len(got) < len(want) || len(got) > len(want) && !open {
		return false
	}
	for i, w := range want {
		if w != got[i] && !isVariable(w) {
			return false
		}
	}
	return true
}

// isVariable reports whether a path segment stands for any text.
func isVariable(s string) bool {
	return s == "*" || strings.HasPrefix(s, "{") || strings.HasPrefix(s, ":")
}
