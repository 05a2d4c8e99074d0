package code

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt306 flags API keys that are sent to a marketplace which takes OAuth only.
func mkt306() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT306",
		Name:     "non-oauth-credential",
		Title:    "API key is sent to a marketplace that wants OAuth only",
		Class:    rules.Violation,
		Controls: []string{"delegated-access"},
		Flags: "An `X-Api-Key` or `api_key` header, query parameter or body field in a request to Apollo's API. It is a violation when the request's host is Apollo's, " +
			"or when Apollo is the only host this package sends requests to; a review finding when the package speaks to other hosts as well.",
		Safe:        "A Bearer token of an `oauth2.TokenSource`; API keys towards other hosts; reading the header of incoming requests. A tool for internal use can be suppressed by path.",
		Remediation: "Use the OAuth 2.0 code flow, and send the access token of its `oauth2.TokenSource` (`conf.Client(ctx, token)`).",
		Wrong:       "req, _ := http.NewRequest(\"GET\", \"https://api.apollo.io/api/v1/contacts\", nil)\nreq.Header.Set(\"X-Api-Key\", key)",
		Right:       "client := conf.Client(ctx, token)\nresp, err := client.Get(\"https://api.apollo.io/api/v1/contacts\")",
		Frameworks:  []string{"net/http", "resty", "fasthttp", "x/oauth2"},
	}, nil, outboundGate, runMKT306)
}

// oauthOnly reports whether a marketplace takes OAuth only (catalogue §0, G5).
func oauthOnly(host string) bool { return MarketplaceOf(host) == "apollo" }

func runMKT306(p *pkg) []Hit {
	hosts := map[ssa.Instruction]string{}
	ours, others := false, false
	var hits []Hit
	p.outboundURLs(func(u outboundURL) {
		_, host, complete := urlHost(u.text)
		switch {
		case !complete && !oauthOnly(host):
			// A path is added to a host that is named elsewhere.
			others = others || !strings.HasPrefix(u.text.s, "/")
			return
		case oauthOnly(host):
			ours = true
		case reachOf(host) != hostSafe:
			others = true
		}
		if u.at == nil {
			return
		}
		hosts[u.at] = host
		if _, query, ok := strings.Cut(u.text.s, "?"); ok && oauthOnly(host) && keyInQuery(query) {
			hits = append(hits, p.hit("MKT306", u.at, u.arg, "an API key is sent to "+host+" in the URL; Apollo's partners sign in by OAuth only", u.text.steps...))
		}
	})
	if !ours {
		return hits
	}
	add := func(h Hit, host string, known bool) {
		switch {
		case known && !oauthOnly(host):
			return
		case !known && others:
			h.Class = rules.Review
		}
		h.Rule, h.Message = "MKT306", "an API key is sent to Apollo, whose partners sign in by OAuth only; send the token of an oauth2.TokenSource"
		hits = append(hits, h)
	}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		switch x := instr.(type) {
		case ssa.CallInstruction:
			c := p.asCall(x, nil)
			if c == nil || len(c.args) < 2 || !isKeyName(c.args[0]) || !isText(c.args[1].Type()) || isConstText(c.args[1], "") {
				return
			}
			switch c.path + " " + c.callee() {
			case "net/http Header.Set", "net/http Header.Add":
				if p.incoming(c.on) {
					return
				}
				host, known := p.requestHost(c.on, hosts)
				add(p.hit("", x, -1, ""), host, known)
			case "github.com/go-resty/resty Request.SetHeader", "github.com/go-resty/resty Request.SetQueryParam":
				host, known := p.chainHost(x, hosts)
				add(p.hit("", x, -1, ""), host, known)
			case "net/url Values.Set", "net/url Values.Add",
				"github.com/valyala/fasthttp RequestHeader.Set", "github.com/valyala/fasthttp RequestHeader.Add", "github.com/valyala/fasthttp Args.Set", "github.com/valyala/fasthttp Args.Add",
				"github.com/go-resty/resty Client.SetHeader", "github.com/go-resty/resty Client.SetQueryParam":
				add(p.hit("", x, -1, ""), "", false)
			}
		case *ssa.MapUpdate:
			if isKeyName(x.Key) && !isConstText(x.Value, "") {
				add(Hit{Pos: x.Pos()}, "", false)
			}
		}
	})
	return hits
}

// isKeyName reports whether a constant names an API key's header or parameter.
func isKeyName(v ssa.Value) bool {
	c, ok := unwrap(v).(*ssa.Const)
	if !ok || c.Value == nil || !isText(c.Type()) {
		return false
	}
	switch strings.NewReplacer("-", "", "_", "", `"`, "").Replace(strings.ToLower(c.Value.ExactString())) {
	case "xapikey", "apikey":
		return true
	}
	return false
}

// keyInQuery reports whether a query holds an API key.
func keyInQuery(query string) bool {
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if n := strings.ToLower(name); n == "api_key" || n == "apikey" || n == "x-api-key" {
			return true
		}
	}
	return false
}

// requestHost returns the host of the request whose header is given.
func (p *pkg) requestHost(header ssa.Value, hosts map[ssa.Instruction]string) (host string, known bool) {
	load, ok := unwrap(header).(*ssa.UnOp)
	if !ok {
		return "", false
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok || !p.isType(fa.X.Type(), "net/http", "Request") {
		return "", false
	}
	origins, more := p.origins(fa.X)
	if more || len(origins) == 0 {
		return "", false
	}
	for _, o := range origins {
		ex, ok := o.v.(*ssa.Extract)
		if !ok {
			return "", false
		}
		made, ok := ex.Tuple.(*ssa.Call)
		if !ok {
			return "", false
		}
		h, ok := hosts[made]
		if !ok {
			return "", false
		}
		if host == "" || oauthOnly(h) {
			host = h
		}
	}
	return host, true
}

// chainHost returns the host of the request that a chain of calls ends in:
// R().SetHeader(…).Get(url).
func (p *pkg) chainHost(link ssa.CallInstruction, hosts map[ssa.Instruction]string) (host string, known bool) {
	for range 16 {
		v := link.Value()
		if v == nil || v.Referrers() == nil {
			return "", false
		}
		var next ssa.CallInstruction
		for _, r := range *v.Referrers() {
			if ci, ok := r.(ssa.CallInstruction); ok {
				if c := p.asCall(ci, nil); c != nil && c.on == ssa.Value(v) {
					next = ci
				}
			}
		}
		if next == nil {
			return "", false
		}
		if h, ok := hosts[next]; ok {
			return h, true
		}
		link = next
	}
	return "", false
}

// incoming reports whether a header is a response's, which the program sends to
// its own clients.
func (p *pkg) incoming(header ssa.Value) bool {
	c, ok := unwrap(header).(*ssa.Call)
	if !ok {
		return false
	}
	d := p.asCall(c, nil)
	return d != nil && d.name == "Header" && d.on != nil && p.isResponse(d.on.Type())
}
