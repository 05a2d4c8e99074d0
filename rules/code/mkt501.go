package code

import (
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// mkt501 flags routes that another site can make a user's browser call.
func mkt501() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT501",
		Name:     "csrf-missing",
		Title:    "State-changing route has no CSRF defence",
		Class:    rules.Violation,
		Controls: []string{"csrf-protection"},
		CWE:      []int{352},
		Vector:   v65i,
		Flags: "A route that takes POST, whose middleware or handler authenticates by what browsers send of their own accord (a cookie, a session, basic authentication, a client certificate) and not by a token in a header, and that passes no defence against " +
			"cross-site requests. It is a violation where everything between server and handler is in sight (or the router is served elsewhere, and other routes on it have such a defence of their own), the handler changes data, and the session cookie is set here without `SameSite` or with `SameSite=None` (basic authentication and certificates need no cookie); " +
			"otherwise a review finding.",
		Safe: "`http.CrossOriginProtection`, gorilla/csrf, filippo.io/csrf, nosurf, the CSRF middleware of echo, fiber and gin; an own check of `Origin`, `Sec-Fetch-Site`, a CSRF token or a custom header; authentication by a bearer token or API key only; a session cookie that is " +
			"`SameSite=Lax` or `Strict`, which is a partial defence as long as no GET changes state. PUT, PATCH and DELETE cannot be sent from another site without its leave (CORS, MKT503).",
		Remediation: "Wrap the server's handler in `http.NewCrossOriginProtection().Handler` (Go 1.25), or put the framework's CSRF middleware on the group.",
		Wrong:       "mux.Handle(\"POST /transfer\", requireSession(transfer))\nhttp.ListenAndServe(addr, mux)",
		Right:       "http.ListenAndServe(addr, http.NewCrossOriginProtection().Handler(mux))",
		Frameworks:  []string{"net/http", "chi", "gorilla/mux", "gin", "echo v4", "fiber v2"},
	}, nil, httpGate, runMKT501)
}

func runMKT501(p *pkg) []Hit {
	t := p.routeTable()
	var hits []Hit
	groups := map[*site][]*route{}
	var order []*site
	sameSite := ""
	guarded := t.doneByRoute(guardCSRF)
	for _, r := range t.routes {
		if r.method != "POST" && r.method != "" || isWebhook(r) {
			continue
		}
		do := t.routeEffects(r)
		if r.method == "" && do&(readsBody|changesData) != readsBody|changesData {
			continue // nothing says that it takes POST
		}
		other := proofBearer | proofKey | proofTaught
		if do&proofBasic == 0 {
			// Beside basic authentication the comparison is most likely of the
			// password.
			other |= proofSignature
		}
		if do&ambient == 0 || do&guardCSRF != 0 || do&other != 0 {
			continue
		}
		if sameSite == "" {
			sameSite = p.sessionSameSite()
		}
		cookie := do&proofCookie != 0
		if cookie && do&(proofBasic|proofCert) == 0 && sameSite == "lax" {
			continue
		}
		if len(r.open) > 0 && !(r.onlyServedOutside() && r.rootedIn(guarded)) {
			if groups[r.on] == nil {
				order = append(order, r.on)
			}
			groups[r.on] = append(groups[r.on], r)
			continue
		}
		h := p.routeHit("MKT501", r, r.name()+" is authenticated by "+credentialText(do)+" and has no defence against cross-site requests")
		if do&(handsOn|proofNamed|proofSignature) != 0 || do&changesData == 0 || cookie && do&(proofBasic|proofCert) == 0 && sameSite != "open" {
			h.Class = rules.Review
		}
		hits = append(hits, h)
	}
	for _, s := range order {
		hits = append(hits, p.groupHit("MKT501", groups[s], "are authenticated by a cookie or the like and show no CSRF defence here"))
	}
	return append(hits, p.unreadForgeries(t)...)
}

// unreadForgeries is one review finding for routes that nobody has seen and
// that may be authenticated by a cookie: those that could not be read, and
// those whose path and handler are only known at run time. What stands before
// them may show that they are not.
func (p *pkg) unreadForgeries(t *routeTable) []Hit {
	const settled = guardCSRF | proofBearer | proofKey | proofTaught
	var at []spot
	for _, u := range t.unresolved {
		if u.guarded || u.harmless || strings.HasPrefix(u.name, "GET ") || strings.HasPrefix(u.name, "HEAD ") || t.seen(u.at) {
			continue
		}
		at = append(at, u.at)
	}
	for _, r := range t.routes {
		if r.method != "" && r.method != "POST" || len(r.handlers) > 0 && (r.handlers[0].fn != nil || r.handlers[0].call == nil || t.madeHere(r.handlers[0])) {
			continue
		}
		if strings.Contains(r.pattern, hole) && strings.Trim(r.pattern, hole+"/*{}") == "" && t.routeEffects(r)&settled == 0 {
			at = append(at, r.at)
		}
	}
	if len(at) == 0 {
		return nil
	}
	slices.SortStableFunc(at, func(a, b spot) int { return int(a.pos()) - int(b.pos()) })
	h := p.spotHit("MKT501", at[0], "the routes registered here could not be read; see by hand that those which a cookie authenticates have a defence against cross-site requests")
	h.Class = rules.Review
	for _, s := range slices.Compact(at)[1:] {
		if len(h.Steps) < 10 {
			h.Steps = append(h.Steps, Step{s.pos(), "this one neither"})
		}
	}
	return []Hit{h}
}

// madeHere reports whether a handler is made by another package of the
// repository, whose own routes are judged there.
func (t *routeTable) madeHere(h target) bool {
	return h.obj != nil && h.obj.Pkg() != nil && t.p.ownTree(h.obj.Pkg().Path())
}

// seen reports whether the table holds a handler, with all of its code in this
// package, for a spot: then its credentials are known even if its path is not.
func (t *routeTable) seen(at spot) bool {
	some := false
	for _, r := range t.routes {
		if r.at != at {
			continue
		}
		if some = len(r.handlers) > 0 && r.handlers[0].fn != nil && t.routeEffects(r)&handsOn == 0; !some {
			return false
		}
	}
	return some
}

// credentialText names what browsers send of their own accord.
func credentialText(do effects) string {
	var names []string
	if do&proofCookie != 0 {
		names = append(names, "a cookie")
	}
	if do&proofBasic != 0 {
		names = append(names, "basic authentication")
	}
	if do&proofCert != 0 {
		names = append(names, "a client certificate")
	}
	return strings.Join(names, " and ")
}
