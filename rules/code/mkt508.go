package code

import (
	"go/token"
	"slices"
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
	for _, h := range p.targetHits() {
		if h.Rule == "MKT508/rebind" {
			hits = append(hits, h)
		}
	}
	return append(hits, p.endpointHits(httpSinks, clientSinks)...)
}

// targetHits are the requests of net/http whose host input chooses.
func (p *pkg) targetHits() []Hit {
	if p.targetList == nil {
		p.targetList = slices.Concat([]Hit{}, p.requestHits("MKT203/ssrf", httpSinks), p.builtHits("MKT203/ssrf"))
	}
	return slices.Clone(p.targetList)
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
			d := p.dials(c)
			if d.safe {
				return
			}
			if !d.known {
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

// A dialing says what is known about the addresses that a client connects to.
type dialing struct {
	safe  bool // it refuses addresses that are not public
	known bool // the client is seen
	named bool // what refuses is known by a name, or is code that is not seen
}

// join adds what another value says that the client may be.
func (d dialing) join(o dialing) dialing {
	return dialing{d.safe || o.safe, d.known && o.known, d.named || o.named}
}

// dials says what is known about the client of a call.
func (p *pkg) dials(c *call) dialing {
	switch {
	case c.path == "net/http" && c.recv == "Client":
		return p.clientDials(c.on)
	case c.path == "net/http" && strings.HasPrefix(c.name, "NewRequest"):
		return p.senderDials(c)
	case c.path == "net" && c.recv == "Dialer":
		return p.dialerGuards(c.on)
	case strings.Contains(c.path, "resty") && c.recv == "Request":
		return p.restyDials(c.on)
	}
	return dialing{known: true}
}

// senderDials looks for the client that sends a request.
func (p *pkg) senderDials(c *call) dialing {
	v, ok := c.instr.(*ssa.Call)
	if !ok {
		return dialing{known: true}
	}
	if d := p.sender(c); d != nil && d.on != nil {
		return p.clientDials(d.on)
	}
	out := dialing{known: true}
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
			out.known = false // a client of another kind
			return
		}
		out = out.join(p.clientDials(d.on))
	})
	return out
}

// clientDials judges an *http.Client.
func (p *pkg) clientDials(v ssa.Value) (out dialing) {
	origins, more := p.origins(v)
	out = dialing{known: !more && len(origins) > 0}
	guarded, others := false, false
	defer func() {
		if guarded && others {
			out.named = true // which of them it is, nobody sees
		}
	}()
	for _, o := range origins {
		switch x := o.v.(type) {
		case *ssa.Alloc:
			n := namedType(x.Type())
			if n == nil {
				return dialing{}
			}
			l := p.literal(x, n)
			out.known = out.known && !l.passed
			own := dialing{known: true}
			for _, s := range l.set["Transport"] {
				own = own.join(p.transportGuards(s.Val))
			}
			guarded, others = guarded || own.safe, others || !own.safe
			out = out.join(own)
		case *ssa.Const:
			out.known = out.known && x.Value == nil // before it is set
		case *ssa.Call:
			if d := p.asCall(x, nil); d != nil && (p.taught(taughtURLGuard, d.fn) || SplitName(d.name).Has("safe", "guarded", "restricted", "ssrf", "public") || strings.Contains(d.path, "ssrf") || strings.Contains(d.path, "safeurl")) {
				return dialing{safe: true, known: true, named: !p.taught(taughtURLGuard, d.fn)}
			}
			out.known, others = false, true
		case *ssa.UnOp:
			others = true
			if g, ok := x.X.(*ssa.Global); !ok || g.Name() != "DefaultClient" {
				out.known = false
			}
		case *ssa.Global:
			others = true
			out.known = out.known && x.Name() == "DefaultClient"
		default:
			out.known, others = false, true
		}
	}
	return out
}

// transportGuards judges a RoundTripper.
func (p *pkg) transportGuards(v ssa.Value) dialing {
	origins, more := p.origins(v)
	out := dialing{known: !more && len(origins) > 0}
	for _, o := range origins {
		al, ok := o.v.(*ssa.Alloc)
		if !ok {
			if c, ok := o.v.(*ssa.Call); ok {
				if d := p.asCall(c, nil); d != nil && d.callee() == "Transport.Clone" {
					if later := p.laterGuard(c); later.safe {
						return later
					}
					continue
				}
			}
			out.known = false
			continue
		}
		n := namedType(al.Type())
		if n == nil || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "net/http" {
			out.known = false
			continue
		}
		l := p.literal(al, n)
		for _, field := range []string{"DialContext", "Dial", "DialTLSContext", "DialTLS"} {
			for _, s := range l.set[field] {
				out = out.join(p.dialGuards(s.Val))
			}
		}
		if len(l.set["Proxy"]) > 0 && !out.safe {
			// A proxy of its own may be the guard; http.ProxyFromEnvironment is none.
			for _, s := range l.set["Proxy"] {
				if fn, ok := unwrap(s.Val).(*ssa.Function); !ok || fn.Name() != "ProxyFromEnvironment" {
					out.known = false
				}
			}
		}
	}
	return out
}

// laterGuard judges the dialer that replaces the one of a cloned transport.
func (p *pkg) laterGuard(v ssa.Value) dialing {
	for _, r := range *v.Referrers() {
		fa, ok := r.(*ssa.FieldAddr)
		if !ok || !strings.HasPrefix(fieldVar(fa).Name(), "Dial") {
			continue
		}
		for _, fr := range *fa.Referrers() {
			if s, ok := fr.(*ssa.Store); ok {
				if d := p.dialGuards(s.Val); d.safe {
					return d
				}
			}
		}
	}
	return dialing{}
}

// dialGuards judges a dial function: it refuses addresses itself, or belongs to
// a net.Dialer with a Control function.
func (p *pkg) dialGuards(v ssa.Value) dialing {
	origins, _ := p.origins(v)
	for _, o := range origins {
		var fn *ssa.Function
		switch x := o.v.(type) {
		case *ssa.MakeClosure:
			fn, _ = x.Fn.(*ssa.Function)
			if fn != nil && strings.HasSuffix(fn.Name(), "$bound") && len(x.Bindings) == 1 {
				if isNamed(x.Bindings[0].Type(), "net", "Dialer") {
					return p.dialerGuards(x.Bindings[0])
				}
				return dialing{safe: true, known: true, named: p.refusal(fn, 0) != refusesTested} // a dialer of its own type
			}
		case *ssa.Function:
			fn = x
		case *ssa.Call:
			return dialing{safe: true, known: true, named: true} // a function that makes a dial function
		}
		if fn != nil && len(fn.Blocks) > 0 {
			r := p.refusal(fn, 0)
			return dialing{safe: r > refusesNothing, known: true, named: r == refusesNamed}
		}
	}
	return dialing{}
}

// dialerGuards judges a net.Dialer: whether it has a Control function, and one
// that looks at addresses. One whose body is seen and looks at none is no guard:
// it sets options of the socket.
func (p *pkg) dialerGuards(v ssa.Value) dialing {
	origins, _ := p.origins(v)
	out := dialing{known: true}
	for _, o := range origins {
		if al, ok := o.v.(*ssa.Alloc); ok {
			if n := namedType(al.Type()); n != nil {
				out = out.join(p.controlGuards(p.literal(al, n)))
			}
		}
	}
	return out
}

// controlGuards judges the Control functions of a net.Dialer.
func (p *pkg) controlGuards(l *literal) dialing {
	out := dialing{known: true}
	for _, field := range []string{"Control", "ControlContext"} {
		for _, s := range l.set[field] {
			if k, ok := s.Val.(*ssa.Const); ok && k.Value == nil {
				continue
			}
			named := dialing{safe: true, known: true, named: true}
			origins, more := p.origins(s.Val)
			if more || len(origins) == 0 {
				out = out.join(named)
			}
			for _, o := range origins {
				fn, _ := o.v.(*ssa.Function)
				if mc, ok := o.v.(*ssa.MakeClosure); ok {
					fn, _ = mc.Fn.(*ssa.Function)
				}
				if fn == nil || len(fn.Blocks) == 0 {
					out = out.join(named)
					continue
				}
				r := p.refusal(fn, 0)
				out = out.join(dialing{safe: r > refusesNothing, known: true, named: r == refusesNamed})
			}
		}
	}
	return out
}

// How a dial function refuses addresses, as far as its body shows.
const (
	refusesNothing = iota
	refusesNamed   // it calls a function that is called a check, or that is not seen
	refusesTested  // it tests what kind an address is
)

// refusal says whether a dial or control function looks at addresses, by itself
// or through functions of the package.
func (p *pkg) refusal(fn *ssa.Function, depth int) int {
	found := refusesNothing
	within(fn, func(instr ssa.Instruction) {
		if found == refusesTested {
			return
		}
		switch x := instr.(type) {
		case ssa.CallInstruction:
			callee := x.Common().StaticCallee()
			if callee != nil && callee.Pkg == p.ssa.Pkg && depth < 3 && callee != fn {
				found = max(found, p.refusal(callee, depth+1))
			}
			d := p.asCall(x, nil)
			switch {
			case d == nil:
				if _, builtin := x.Common().Value.(*ssa.Builtin); callee == nil && !builtin {
					found = max(found, refusesNamed) // a function in a variable
				}
			case addressTests[d.name], d.path == "net" && d.callee() == "IPNet.Contains", d.path == "net/netip" && d.callee() == "Prefix.Contains":
				found = refusesTested
			case SplitName(d.name).Has(badWords...), SplitName(d.name).Has("allowed", "public", "safe", "check", "validate"):
				found = max(found, refusesNamed)
			case x.Common().IsInvoke() && takesAddress(d):
				found = max(found, refusesNamed)
			}
		case *ssa.Alloc:
			if n := namedType(x.Type()); n != nil && n.Obj().Name() == "Dialer" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "net" {
				if d := p.controlGuards(p.literal(x, n)); d.safe && d.named {
					found = max(found, refusesNamed)
				} else if d.safe {
					found = refusesTested
				}
			}
		}
	})
	return found
}

// takesAddress reports whether a call is given an address of package net.
func takesAddress(d *call) bool {
	for _, a := range d.args {
		if t := a.Type(); isNamed(t, "net", "IP") || isNamed(t, "net/netip", "Addr") || isNamed(t, "net/netip", "AddrPort") {
			return true
		}
	}
	return false
}

// restyDials follows a resty request back to its client.
func (p *pkg) restyDials(v ssa.Value) dialing {
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
			if g := p.transportGuards(d.args[0]); g.safe {
				return g
			}
			v = d.on
		case d.on != nil:
			v = d.on
		case d.name == "New":
			return dialing{known: true}
		default:
			return dialing{}
		}
	}
	origins, _ := p.origins(v)
	for _, o := range origins {
		c, ok := o.v.(*ssa.Call)
		if !ok {
			return dialing{}
		}
		if d := p.asCall(c, nil); d == nil || d.name != "New" {
			return dialing{}
		}
	}
	return dialing{known: len(origins) > 0}
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
		req := requestOfURL(fa.X)
		if req == nil || p.outgoing(req) {
			return // a request of its own is MKT203/ssrf's
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

// requestOfURL returns the request whose URL a value is, or nil.
func requestOfURL(v ssa.Value) ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	base, ok := load.X.(*ssa.FieldAddr)
	if !ok || !isNamed(base.X.Type(), "net/http", "Request") || fieldVar(base).Name() != "URL" {
		return nil
	}
	return base.X
}

// outgoing reports whether a request was made here: by http.NewRequest, as a
// literal, or as a copy of another one.
func (p *pkg) outgoing(req ssa.Value) bool {
	origins, _ := p.origins(req)
	return slices.ContainsFunc(origins, func(o origin) bool {
		v := o.v
		if ex, ok := v.(*ssa.Extract); ok {
			v = ex.Tuple
		}
		switch x := v.(type) {
		case *ssa.Alloc:
			return true
		case *ssa.Call:
			d := p.asCall(x, paths("net/http"))
			return d != nil && (strings.HasPrefix(d.name, "NewRequest") || d.callee() == "Request.Clone" || d.callee() == "Request.WithContext")
		}
		return false
	})
}

// builtHits judges the URL that is written into a request after it was made, or
// stands in a literal of http.Request, where a client sends the request.
func (p *pkg) builtHits(rule string) []Hit {
	if !importsAny(p.types, paths("net/http")) || !p.inputs().possible {
		return nil
	}
	n := hostNeed()
	var hits []Hit
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		s, ok := instr.(*ssa.Store)
		if !ok {
			return
		}
		fa, ok := s.Addr.(*ssa.FieldAddr)
		if !ok {
			return
		}
		var req ssa.Value
		switch {
		case isNamed(fa.X.Type(), "net/http", "Request") && fieldVar(fa).Name() == "URL":
			req = fa.X
		case isNamed(fa.X.Type(), "net/url", "URL") && fieldVar(fa).Name() == "Host":
			req = requestOfURL(fa.X)
		}
		if req == nil || !p.outgoing(req) {
			return
		}
		sent := p.sentBy(req)
		if sent == nil {
			return
		}
		in := p.inputs().find(s.Val, s, n)
		if in == nil {
			return
		}
		d := p.clientDials(sent.on)
		if d.safe {
			return
		}
		in.doubtful = in.doubtful || !d.known
		id, message := rule, "chooses the host of an outbound request; compare it with a list and refuse private addresses in the dialer"
		if in.resolved {
			id, message = "MKT508/rebind", "chooses the host of an outbound request, and the check before it resolves the name a first time; check the address in the dialer's Control"
		}
		in.steps = append(in.steps, Step{s.Pos(), "becomes the URL of a request"})
		hits = append(hits, p.reached(id, sent, in, n, message))
	})
	return hits
}

// sentBy returns the call of a client that sends a request, in the function in
// which the request stands, or nil.
func (p *pkg) sentBy(req ssa.Value) *call {
	from, _ := p.origins(req)
	same := func(v ssa.Value) bool {
		if v == req {
			return true
		}
		other, _ := p.origins(v)
		for _, a := range from {
			for _, b := range other {
				if a.v == b.v {
					return true
				}
			}
		}
		return false
	}
	var out *call
	within(outermost(req.Parent()), func(instr ssa.Instruction) {
		ci, ok := instr.(ssa.CallInstruction)
		if !ok || out != nil {
			return
		}
		d := p.asCall(ci, paths("net/http"))
		if d == nil || d.on == nil || len(d.args) != 1 || d.name != "Do" && d.name != "RoundTrip" {
			return
		}
		if same(d.args[0]) {
			out = d
		}
	})
	return out
}
