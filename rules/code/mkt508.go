package code

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt508 flags outbound requests whose host somebody else chooses. MKT203/ssrf
// is the same for the functions of net/http; both share the variant rebind.
func mkt508() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT508",
		Name:     "ssrf-unguarded",
		Title:    "Foreign input chooses the host of an outbound request",
		Class:    rules.Violation,
		Controls: []string{"no-ssrf"},
		CWE:      []int{918},
		Vector:   v86,
		Flags: "Input in the host of a URL or address that resty, fasthttp, retryablehttp, sling, gRPC, `tls.Dial`, `net.Dialer`, a WebSocket client, a reverse proxy, a headless browser, " +
			"a feed reader or a crawler gets. It is a review finding where the client comes from elsewhere, so that its dialer is not seen, and where the URL was stored before.",
		Safe: "A client whose dialer (`DialContext`, `Control`) refuses private addresses after resolution; a check of the host against a list on every way to the call; a constant base URL in front; " +
			"an own function that decides about the URL, unless it only looks the name up (variant rebind).",
		Remediation: "Dial through a net.Dialer whose Control refuses private, loopback and link-local addresses, and compare the host with a list where you can.",
		Wrong:       "resty.New().R().Get(c.Query(\"avatar\"))",
		Right:       "client := &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{Control: publicOnly}).DialContext}}\nresty.NewWithClient(client).R().Get(c.Query(\"avatar\"))",
		Frameworks: []string{"net/http", "resty", "fasthttp", "fiber proxy", "retryablehttp", "sling", "gRPC", "gorilla/websocket", "coder/websocket", "x/net/websocket",
			"chromedp", "gofeed", "colly", "goquery"},
	}, []rules.Rule{{
		ID:     "MKT508/rebind",
		Title:  "Host is checked before the request but resolved again for it",
		Vector: v68,
		Flags: "Input as the host of an outbound request behind a check that resolves the name and looks at its addresses. The client resolves the name again, and the name's owner may answer " +
			"differently the second time. A redirect leads past the check as well.",
		Safe:        "The check is made where the connection is: in the dialer's Control, or by dialling the checked address.",
		Remediation: "Move the check of the address into net.Dialer.Control, which sees the address that is dialled, also after redirects.",
		Wrong:       "ips, _ := net.LookupIP(u.Hostname())\nif ips[0].IsPrivate() {\n\treturn errPrivate\n}\nhttp.Get(u.String())",
		Right:       "dialer := &net.Dialer{Control: func(network, address string, _ syscall.RawConn) error { return refusePrivate(address) }}",
	}, endpointVariant()}, inputPackages, runMKT508)
}

var httpSinks = sinkCalls(map[string]string{
	"net/http": `Get:0 Post:0 Head:0 PostForm:0 NewRequest:1 NewRequestWithContext:2 Client.Get:0 Client.Post:0 Client.Head:0 Client.PostForm:0`,
	"net":      `Dial:1 DialTimeout:1`, "net/http/httputil": `NewSingleHostReverseProxy:0`,
})

var clientSinks = sinkCalls(map[string]string{
	"github.com/go-resty/resty": `Request.Get:0 Request.Post:0 Request.Put:0 Request.Patch:0 Request.Delete:0 Request.Head:0 Request.Options:0 Request.Execute:1 Client.SetBaseURL:0 Client.SetHostURL:0`,
	"resty.dev":                 `Request.Get:0 Request.Post:0 Request.Put:0 Request.Patch:0 Request.Delete:0 Request.Head:0 Request.Options:0 Request.Execute:1 Client.SetBaseURL:0`,
	"github.com/imroc/req": `Get:0 Post:0 Put:0 Patch:0 Delete:0 Head:0 Request.Get:0 Request.Post:0 Request.Put:0 Request.Patch:0 Request.Delete:0 Request.Head:0 Request.Send:1
		Client.SetBaseURL:0 MustGet:0 Request.MustGet:0`,
	pathFasthttp:                                    `Get:1 GetTimeout:1 GetDeadline:1 Post:1 Client.Get:1 Client.GetTimeout:1 Client.Post:1 Request.SetRequestURI:0 Request.SetRequestURIBytes:0 Request.SetHost:0 URI.SetHost:0 Dial:0 DialTimeout:0`,
	pathFiber + "/middleware/proxy":                 `Do:1 Forward:0 DoRedirects:1 DoTimeout:1 DomainForward:1`,
	pathFiber + "/client":                           `Get:0 Post:0 Put:0 Delete:0 Client.Get:0 Client.Post:0 Request.Get:0 Request.Post:0 Request.SetURL:0`,
	"github.com/hashicorp/go-retryablehttp":         `NewRequest:1 NewRequestWithContext:2 Get:0 Post:0 Head:0 Client.Get:0 Client.Post:0 Client.Head:0`,
	"github.com/levigross/grequests":                `Get:0 Post:0 Put:0 Delete:0 Head:0`,
	"github.com/dghubble/sling":                     `Sling.Base:0 Sling.Get:0 Sling.Post:0 Sling.Put:0`,
	"github.com/parnurzeal/gorequest":               `SuperAgent.Get:0 SuperAgent.Post:0 SuperAgent.Put:0`,
	"google.golang.org/grpc":                        `Dial:0 DialContext:1 NewClient:0`,
	"crypto/tls":                                    `Dial:1 DialWithDialer:2 Dialer.DialContext:2`,
	"net":                                           `Dialer.Dial:1 Dialer.DialContext:2`,
	"net/http/httputil":                             `ProxyRequest.SetURL:0`,
	pathGorilla:                                     `Dialer.Dial:0 Dialer.DialContext:1`,
	"github.com/coder/websocket":                    `Dial:1`,
	"nhooyr.io/websocket":                           `Dial:1`,
	"golang.org/x/net/websocket":                    `Dial:0 NewConfig:0`,
	"github.com/gobwas/ws":                          `Dial:1 Dialer.Dial:1`,
	"github.com/chromedp/chromedp":                  `Navigate:0`,
	"github.com/go-rod/rod":                         `Page.Navigate:0 Page.MustNavigate:0 Browser.MustPage:0`,
	"github.com/playwright-community/playwright-go": `Page.Goto:0`,
	"github.com/mmcdole/gofeed":                     `Parser.ParseURL:0 Parser.ParseURLWithContext:0`,
	"github.com/gocolly/colly":                      `Collector.Visit:0`,
	"github.com/PuerkitoBio/goquery":                `NewDocument:0`,
})

func runMKT508(p *pkg) []Hit {
	if !p.inputs().possible {
		return nil
	}
	hits := p.requestHits("MKT508", clientSinks)
	hits = append(hits, p.proxyHits()...)
	for _, h := range p.requestHits("MKT203/ssrf", httpSinks) {
		if h.Rule == "MKT508/rebind" {
			hits = append(hits, h)
		}
	}
	return append(hits, p.endpointHits(httpSinks, clientSinks)...)
}

func hostNeed() need {
	return need{use: useHost, media: anyForeign | fromContext | fromStore, doubtful: fromHost | fromQueue | fromContext | fromStore | fromFile}
}

// requestHits judges the targets of outbound requests. Those behind a check
// that resolves the name are of the variant rebind.
func (p *pkg) requestHits(rule string, sinks sinkTable) []Hit {
	n := hostNeed()
	var hits []Hit
	p.each(sinks, func(c *call, args []int) {
		for _, i := range args {
			in := p.inputs().find(c.arg(i), c.instr, n)
			if in == nil {
				continue
			}
			safe, known := p.dials(c)
			if safe {
				return
			}
			if !known {
				in.doubtful = true
			}
			id, message := rule, "chooses the host of an outbound request; compare it with a list and refuse private addresses in the dialer"
			if in.resolved {
				id, message = "MKT508/rebind", "chooses the host of an outbound request, and the check before it resolves the name a first time; check the address in the dialer's Control"
			}
			if sent := p.sender(c); sent != nil {
				in.steps = append(in.steps, Step{c.instr.Pos(), "becomes the URL of a request"})
				hits = append(hits, p.reached(id, sent, in, n, message))
				return
			}
			hits = append(hits, p.reached(id, c, in, n, message))
			return
		}
	})
	return hits
}

// dials says whether the client of a call refuses private addresses (safe), and
// whether the client is seen at all (known).
func (p *pkg) dials(c *call) (safe, known bool) {
	switch {
	case c.path == "net/http" && c.recv == "Client":
		return p.clientDials(c.on)
	case c.path == "net/http" && strings.HasPrefix(c.name, "NewRequest"):
		return p.senderDials(c)
	case c.path == "net" && c.recv == "Dialer":
		return p.dialerGuards(c.on), true
	case strings.Contains(c.path, "resty") && c.recv == "Request":
		return p.restyDials(c.on)
	}
	return false, true
}

// senderDials looks for the client that sends a request.
func (p *pkg) senderDials(c *call) (safe, known bool) {
	v, ok := c.instr.(*ssa.Call)
	if !ok {
		return false, true
	}
	if d := p.sender(c); d != nil && d.on != nil {
		return p.clientDials(d.on)
	}
	known = true
	within(outermost(v.Parent()), func(instr ssa.Instruction) {
		ci, ok := instr.(ssa.CallInstruction)
		if !ok {
			return
		}
		d := p.asCall(ci, nil)
		if d == nil || d.name != "Do" || d.on == nil || len(d.args) != 1 || !isNamed(d.args[0].Type(), "net/http", "Request") {
			return
		}
		if d.path != "net/http" {
			known = false // a client of another kind
			return
		}
		s, k := p.clientDials(d.on)
		safe, known = safe || s, known && k
	})
	return safe, known
}

// clientDials judges an *http.Client.
func (p *pkg) clientDials(v ssa.Value) (safe, known bool) {
	origins, more := p.origins(v)
	known = !more && len(origins) > 0
	for _, o := range origins {
		switch x := o.v.(type) {
		case *ssa.Alloc:
			n := namedType(x.Type())
			if n == nil {
				return false, false
			}
			l := p.literal(x, n)
			known = known && !l.passed
			for _, s := range l.set["Transport"] {
				ok, k := p.transportGuards(s.Val)
				safe, known = safe || ok, known && k
			}
		case *ssa.Call:
			if d := p.asCall(x, nil); d != nil && (p.taught(taughtURLGuard, d.fn) || SplitName(d.name).Has("safe", "guarded", "restricted", "ssrf", "public") || strings.Contains(d.path, "ssrf") || strings.Contains(d.path, "safeurl")) {
				return true, true
			}
			known = false
		case *ssa.UnOp:
			if g, ok := x.X.(*ssa.Global); !ok || g.Name() != "DefaultClient" {
				known = false
			}
		case *ssa.Global:
			known = known && x.Name() == "DefaultClient"
		default:
			known = false
		}
	}
	return safe, known
}

// transportGuards judges a RoundTripper.
func (p *pkg) transportGuards(v ssa.Value) (safe, known bool) {
	origins, more := p.origins(v)
	known = !more && len(origins) > 0
	for _, o := range origins {
		al, ok := o.v.(*ssa.Alloc)
		if !ok {
			if c, ok := o.v.(*ssa.Call); ok {
				if d := p.asCall(c, nil); d != nil && d.callee() == "Transport.Clone" {
					if p.laterGuard(c) {
						return true, true
					}
					continue
				}
			}
			known = false
			continue
		}
		n := namedType(al.Type())
		if n == nil || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "net/http" {
			known = false
			continue
		}
		l := p.literal(al, n)
		for _, field := range []string{"DialContext", "Dial", "DialTLSContext", "DialTLS"} {
			for _, s := range l.set[field] {
				ok, k := p.dialGuards(s.Val)
				safe, known = safe || ok, known && k
			}
		}
		if len(l.set["Proxy"]) > 0 && !safe {
			// A proxy of its own may be the guard; http.ProxyFromEnvironment is none.
			for _, s := range l.set["Proxy"] {
				if fn, ok := unwrap(s.Val).(*ssa.Function); !ok || fn.Name() != "ProxyFromEnvironment" {
					known = false
				}
			}
		}
	}
	return safe, known
}

// laterGuard reports whether the dialer of a cloned transport is replaced.
func (p *pkg) laterGuard(v ssa.Value) bool {
	for _, r := range *v.Referrers() {
		fa, ok := r.(*ssa.FieldAddr)
		if !ok || !strings.HasPrefix(fieldVar(fa).Name(), "Dial") {
			continue
		}
		for _, fr := range *fa.Referrers() {
			if s, ok := fr.(*ssa.Store); ok {
				if safe, _ := p.dialGuards(s.Val); safe {
					return true
				}
			}
		}
	}
	return false
}

// dialGuards judges a dial function: it refuses addresses itself, or belongs to
// a net.Dialer with a Control function.
func (p *pkg) dialGuards(v ssa.Value) (safe, known bool) {
	origins, _ := p.origins(v)
	for _, o := range origins {
		var fn *ssa.Function
		switch x := o.v.(type) {
		case *ssa.MakeClosure:
			fn, _ = x.Fn.(*ssa.Function)
			if fn != nil && strings.HasSuffix(fn.Name(), "$bound") && len(x.Bindings) == 1 {
				if isNamed(x.Bindings[0].Type(), "net", "Dialer") {
					return p.dialerGuards(x.Bindings[0]), true
				}
				return true, true // a dialer of its own type
			}
		case *ssa.Function:
			fn = x
		case *ssa.Call:
			return true, true // a function that makes a dial function
		}
		if fn != nil && len(fn.Blocks) > 0 {
			return p.refusesAddresses(fn, 0), true
		}
	}
	return false, false
}

// dialerGuards reports whether a net.Dialer has a Control function.
func (p *pkg) dialerGuards(v ssa.Value) bool {
	origins, _ := p.origins(v)
	for _, o := range origins {
		if al, ok := o.v.(*ssa.Alloc); ok {
			if n := namedType(al.Type()); n != nil {
				l := p.literal(al, n)
				if len(l.set["Control"])+len(l.set["ControlContext"]) > 0 {
					return true
				}
			}
		}
	}
	return false
}

// refusesAddresses reports whether a dial function looks at addresses, by itself
// or through functions of the package.
func (p *pkg) refusesAddresses(fn *ssa.Function, depth int) bool {
	found := false
	within(fn, func(instr ssa.Instruction) {
		if found {
			return
		}
		switch x := instr.(type) {
		case ssa.CallInstruction:
			if callee := x.Common().StaticCallee(); callee != nil && callee.Pkg == p.ssa.Pkg && depth < 3 && callee != fn && p.refusesAddresses(callee, depth+1) {
				found = true
				return
			}
			if d := p.asCall(x, nil); d != nil && (addressTests[d.name] || d.path == "net" && d.callee() == "IPNet.Contains" || d.path == "net/netip" && d.callee() == "Prefix.Contains" ||
				SplitName(d.name).Has(badWords...) || SplitName(d.name).Has("allowed", "public", "safe", "check", "validate")) {
				found = true
			}
		case *ssa.Alloc:
			if n := namedType(x.Type()); n != nil && n.Obj().Name() == "Dialer" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "net" {
				l := p.literal(x, n)
				found = found || len(l.set["Control"])+len(l.set["ControlContext"]) > 0
			}
		}
	})
	return found
}

// restyDials follows a resty request back to its client.
func (p *pkg) restyDials(v ssa.Value) (safe, known bool) {
	for range 12 {
		c, ok := v.(*ssa.Call)
		if !ok {
			break
		}
		d := p.asCall(c, nil)
		if d == nil {
			break
		}
		switch {
		case d.name == "NewWithClient" && len(d.args) == 1:
			return p.clientDials(d.args[0])
		case d.name == "SetTransport" && len(d.args) == 1:
			if safe, _ := p.transportGuards(d.args[0]); safe {
				return true, true
			}
			v = d.on
		case d.on != nil:
			v = d.on
		case d.name == "New":
			return false, true
		default:
			return false, false
		}
	}
	origins, _ := p.origins(v)
	for _, o := range origins {
		c, ok := o.v.(*ssa.Call)
		if !ok {
			return false, false
		}
		if d := p.asCall(c, nil); d == nil || d.name != "New" {
			return false, false
		}
	}
	return false, len(origins) > 0
}

// proxyHits judges stores of a host into the URL of a request that is passed on.
func (p *pkg) proxyHits() []Hit {
	n := hostNeed()
	var hits []Hit
	if !importsAny(p.types, paths("net/http/httputil")) {
		return nil
	}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		s, ok := instr.(*ssa.Store)
		if !ok {
			return
		}
		fa, ok := s.Addr.(*ssa.FieldAddr)
		if !ok || !isNamed(fa.X.Type(), "net/url", "URL") || fieldVar(fa).Name() != "Host" {
			return
		}
		load, ok := fa.X.(*ssa.UnOp)
		if !ok || load.Op != token.MUL {
			return
		}
		if base, ok := load.X.(*ssa.FieldAddr); !ok || !isNamed(base.X.Type(), "net/http", "Request") {
			return
		}
		in := p.inputs().find(s.Val, s, n)
		if in == nil || in.medium == fromHost {
			return
		}
		h := Hit{Rule: "MKT508", Pos: s.Pos(), Message: upper(in.what) + " chooses the host that the proxy passes requests to; compare it with a list"}
		h.Steps = append(append(h.Steps, in.steps...), Step{s.Pos(), "becomes the host of the passed request"})
		if !in.certain(n) {
			h.Class = rules.Review
		}
		hits = append(hits, h)
	})
	return hits
}
