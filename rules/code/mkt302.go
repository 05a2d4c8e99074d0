package code

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt302 flags webhooks that believe whoever calls them.
func mkt302() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT302",
		Name:     "unverified-webhook",
		Title:    "Webhook is read before its signature is checked",
		Class:    rules.Violation,
		Controls: []string{"endpoint-auth"},
		CWE:      []int{345},
		Vector:   v75i,
		Flags: "The handler of a webhook, known by its path or name or because it reads a vendor's event header (`X-GitHub-Event`, `X-Slack-Request-Timestamp`, `X-Shopify-Topic`, …), that reads the body while neither it, " +
			"three calls deep, nor its middleware looks at a signature, a token or a client certificate, or whose check ends nothing: its answer is thrown away, a failure is only noted or answered without a return, or nothing is checked when the signature is left out. Where middleware or handler are not completely in sight it is a review finding; what another package may put around a server that has other routes as well does not count, because it cannot check one vendor's signature.",
		Safe: "`hmac.Equal` over the raw body; a JWT checked with key and audience, as monday.com sends it in `Authorization`; `ConstructEvent` (Stripe), `ValidatePayload` (GitHub), `SecretsVerifier` (Slack); " +
			"a shared secret compared from a header or the path; a client certificate; a function listed under `teach: auth`.",
		Remediation: "Read the raw body, compute its MAC with the vendor's secret, compare with `hmac.Equal`, answer 401 when it differs, and only then decode.",
		Wrong:       "json.NewDecoder(r.Body).Decode(&event)",
		Right:       "body, _ := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))\nmac := hmac.New(sha256.New, secret)\nmac.Write(body)\nif !hmac.Equal(mac.Sum(nil), signature) { … 401 }",
		Frameworks:  []string{"net/http", "chi", "gorilla/mux", "gin", "echo v4", "fiber v2", "httprouter"},
	}, nil, httpGate, runMKT302)
}

func runMKT302(p *pkg) []Hit {
	t := p.routeTable()
	var hits []Hit
	for _, r := range t.routes {
		if r.method != "" && r.method != "POST" && r.method != "PUT" {
			continue
		}
		hook := isWebhook(r)
		vendor := ""
		if !hook {
			if vendor = t.vendorHeader(r); vendor == "" {
				continue
			}
		}
		do := t.routeEffects(r)
		if why := t.hollowHook(r); why != "" {
			h := p.routeHit("MKT302", r, r.title()+" reads the body of a webhook whoever sent it: "+why)
			if len(r.open) > 0 && !r.onlyServedOutside() || do&handsOn != 0 {
				h.Class = rules.Review
			}
			hits = append(hits, h)
			continue
		}
		if do&(proofs|startsLogin|askedElsewhere) != 0 || do&(readsBody|handsOn) == 0 || secretInPath(r.pattern) {
			continue
		}
		h := p.routeHit("MKT302", r, r.title()+" reads the body of a webhook without checking who sent it: no signature, token or certificate is looked at")
		if vendor != "" {
			h.Message = r.name() + " reads " + vendor + " events without checking their signature"
		}
		switch {
		case len(r.open) > 0 && !(r.onlyServedOutside() && do&handsOn == 0 && len(t.routesOn(r)) > 1):
			h.Class = rules.Review
			h.Message = "no check of who sent it is seen for the webhook " + r.name() + ", and " + r.open[0]
		case do&handsOn != 0:
			h.Class = rules.Review
			h.Message = "no check of who sent it is seen for the webhook " + r.name() + "; " + t.passedTo(r)
		}
		hits = append(hits, h)
	}
	return hits
}

// hollowHook says why the check in a webhook's handler holds nobody up; "" when
// something else proves who calls.
func (t *routeTable) hollowHook(r *route) string {
	if len(r.handlers) != 1 || r.handlers[0].fn == nil || secretInPath(r.pattern) || t.layersDo(r.layers)&proofs != 0 {
		return ""
	}
	do := t.of(r.handlers[0])
	if do&readsBody == 0 || do&(proofs|startsLogin)&^(proofSignature|proofKey|proofBearer|proofNamed) != 0 {
		return ""
	}
	return t.hollow(r.handlers[0].fn)
}

// routesOn are the routes that share a root router with r: what is around the
// server of several routes checks no webhook's signature.
func (t *routeTable) routesOn(r *route) []*route {
	roots := map[*site]bool{}
	for _, s := range r.on.roots(0) {
		roots[s] = true
	}
	var out []*route
	for _, q := range t.routes {
		if q.rootedIn(roots) && !isWebhook(q) || q == r {
			out = append(out, q)
		}
	}
	return out
}

// isWebhook reports whether path or handler of a route name a webhook.
func isWebhook(r *route) bool {
	for segment := range strings.SplitSeq(strings.ToLower(r.pattern), "/") {
		if isVariable(segment) {
			continue
		}
		n := SplitName(segment)
		if n.Has("webhook", "webhooks", "ipn") || n.HasPair("web", "hook") || len(n) == 1 && (n[0] == "hook" || n[0] == "hooks") {
			// Routes below the collection manage webhooks: GET /webhooks, PUT
			// /webhooks/{id}, POST /api/admin/webhooks.
			return !managesWebhooks(r)
		}
	}
	for _, h := range r.handlers {
		name := ""
		switch {
		case h.fn != nil && h.fn.Parent() == nil:
			name = h.fn.Name()
		case h.obj != nil:
			name = h.obj.Name()
		}
		n := SplitName(name)
		if len(n) == 0 {
			continue
		}
		if (n.Has("webhook") || n.HasPair("web", "hook")) && !managing[n[0]] && !managing[n[len(n)-1]] && !n.Has("create", "list", "update", "delete", "register", "add", "remove", "save", "edit", "get", "find", "new", "test", "settings", "config", "subscribe", "unsubscribe") {
			return true
		}
	}
	return false
}

var managing = setOf("create list get show update delete new edit register add remove save index find test all settings")

// managesWebhooks reports whether a route with webhooks in its path is about
// their records.
func managesWebhooks(r *route) bool {
	if r.method != "" && r.method != "POST" {
		return true
	}
	for _, h := range r.handlers {
		name := ""
		switch {
		case h.fn != nil && h.fn.Parent() == nil:
			name = h.fn.Name()
		case h.obj != nil:
			name = h.obj.Name()
		}
		for _, w := range SplitName(name) {
			if managing[w] {
				return true
			}
		}
	}
	return false
}

// secretInPath reports whether a path holds a variable part that is a secret
// by its name.
func secretInPath(pattern string) bool {
	for segment := range strings.SplitSeq(pattern, "/") {
		if isVariable(segment) && (SplitName(strings.Trim(segment, "{}:*")).Secret() || SplitName(segment).Has("token", "secret", "key", "signature")) {
			return true
		}
	}
	return false
}

// vendorHeaders are headers that only a vendor's events carry.
var vendorHeaders = map[string]string{
	"x-github-event": "GitHub", "x-github-delivery": "GitHub", "x-gitlab-event": "GitLab", "x-slack-request-timestamp": "Slack", "x-shopify-topic": "Shopify", "x-event-key": "Bitbucket",
	"x-hubspot-request-timestamp": "HubSpot", "linear-event": "Linear", "x-gitea-event": "Gitea",
}

// vendorHeader returns the vendor whose event header a handler of this package
// reads itself.
func (t *routeTable) vendorHeader(r *route) string {
	vendor := ""
	for _, h := range r.handlers {
		if h.fn == nil {
			continue
		}
		within(h.fn, func(instr ssa.Instruction) {
			ci, ok := instr.(ssa.CallInstruction)
			if !ok || vendor != "" {
				return
			}
			c := t.p.asCall(ci, nil)
			if c == nil || len(c.args) == 0 {
				return
			}
			switch c.path + " " + c.callee() {
			case "net/http Header.Get", ginPath + " Context.GetHeader", fiberPath + " Ctx.Get":
				if k, ok := constText(c.args[0]); ok {
					vendor = vendorHeaders[strings.ToLower(k)]
				}
			}
		})
	}
	return vendor
}
