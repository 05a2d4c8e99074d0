package code

import (
	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt804 flags requests to a marketplace that may wait for ever.
func mkt804() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT804",
		Name:     "client-without-timeout",
		Title:    "Marketplace API is called without a timeout",
		Class:    rules.Review,
		Controls: []string{"api-rate-limit-client"},
		CWE:      []int{400},
		Vector:   v37a,
		Flags: "A request to a host of a marketplace with `http.Get` and its kin, with `http.DefaultClient`, or with an `http.Client` made without `Timeout`, " +
			"when the request carries no context with a deadline. resty and fasthttp clients without a timeout count too.",
		Safe:        "`Timeout` on the client; a request made with `context.WithTimeout` or `WithDeadline`, or with a context that a caller passes in; clients that come from elsewhere.",
		Remediation: "Set `Timeout` on the client, and pass the caller's context to `http.NewRequestWithContext`.",
		Wrong:       "resp, err := http.Get(\"https://api.monday.com/v2\")",
		Right:       "client := &http.Client{Timeout: 30 * time.Second}\nresp, err := client.Get(\"https://api.monday.com/v2\")",
		Frameworks:  []string{"net/http", "resty", "fasthttp"},
	}, nil, outboundGate, runMKT804)
}

func runMKT804(p *pkg) []Hit {
	var hits []Hit
	for _, u := range p.marketplaceCalls() {
		_, host, _ := urlHost(u.text)
		report := func(c *call, why string) {
			h := p.hit("MKT804", c.instr, -1, "the request to "+host+" may wait for ever: "+why, u.text.steps...)
			hits = append(hits, h)
		}
		switch c := u.call; c.path + " " + c.callee() {
		case "net/http Get", "net/http Head", "net/http Post", "net/http PostForm":
			report(c, "http."+c.name+" has no timeout; use a client with Timeout")
		case "net/http Client.Get", "net/http Client.Head", "net/http Client.Post", "net/http Client.PostForm":
			if p.noTimeout(c.on) {
				report(c, "its client has no Timeout")
			}
		case "net/http NewRequest", "net/http NewRequestWithContext":
			if c.name == "NewRequestWithContext" && p.mayEnd(c.args[0]) {
				continue
			}
			for _, do := range p.requestUses(c.instr) {
				if p.noTimeout(do.on) {
					report(do, "its client has no Timeout and the request no deadline")
				}
			}
		case "github.com/go-resty/resty Client.SetBaseURL", "github.com/go-resty/resty Request.Get", "github.com/go-resty/resty Request.Post", "github.com/go-resty/resty Request.Execute":
			if !p.callsMethod("github.com/go-resty/resty", "SetTimeout", "SetContext", "NewWithClient") {
				report(c, "its client has no SetTimeout")
			}
		case pathFasthttp + " Request.SetRequestURI":
			for _, do := range p.fasthttpSends(c) {
				report(do, "it is sent without a timeout; use DoTimeout, or a client with ReadTimeout")
			}
		case "github.com/valyala/fasthttp Get", "github.com/valyala/fasthttp Post":
			report(c, "fasthttp."+c.name+" has no timeout; use GetTimeout or a client with ReadTimeout")
		}
	}
	return hits
}

// fasthttpSends returns the calls in the function of c that send the request
// whose address c sets, and that nothing ends: neither a timeout of the request
// nor one of the client.
func (p *pkg) fasthttpSends(c *call) []*call {
	var out []*call
	limited := false
	within(outermost(c.instr.Parent()), func(instr ssa.Instruction) {
		ci, ok := instr.(ssa.CallInstruction)
		if !ok {
			return
		}
		d := p.asCall(ci, paths(pathFasthttp))
		switch {
		case d == nil:
		case d.callee() == "Request.SetTimeout":
			limited = limited || sameValue(d.on, c.on)
		case d.name != "Do" && d.name != "DoRedirects" || len(d.args) == 0 || !sameValue(d.args[0], c.on):
		case d.recv == "" || (d.recv == "Client" || d.recv == "HostClient") && p.waitsForEver(d.on):
			out = append(out, d)
		}
	})
	if limited {
		return nil
	}
	return out
}

// waitsForEver reports whether a client of fasthttp is certain to have no
// ReadTimeout.
func (p *pkg) waitsForEver(client ssa.Value) bool {
	origins, more := p.origins(client)
	if more || len(origins) == 0 {
		return false
	}
	for _, o := range origins {
		al, ok := o.v.(*ssa.Alloc)
		if !ok {
			return false
		}
		n := namedType(al.Type())
		if n == nil {
			return false
		}
		if l := p.literal(al, n); l.passed || len(l.set["ReadTimeout"]) > 0 {
			return false
		}
	}
	return true
}

func (p *pkg) callsMethod(path string, names ...string) bool {
	found := false
	p.eachCall(paths(path), func(c *call) {
		for _, n := range names {
			found = found || c.name == n
		}
	})
	return found
}

// noTimeout reports whether an http.Client is certain to have no timeout.
func (p *pkg) noTimeout(client ssa.Value) bool {
	origins, more := p.origins(client)
	if more || len(origins) == 0 {
		return false
	}
	for _, o := range origins {
		switch x := o.v.(type) {
		case *ssa.Alloc:
			n := namedType(x.Type())
			if n == nil || !p.isType(n, "net/http", "Client") {
				return false
			}
			if l := p.literal(x, n); l.passed || len(l.set["Timeout"]) > 0 {
				return false
			}
		case *ssa.UnOp:
			g, ok := x.X.(*ssa.Global)
			if !ok || g.Pkg.Pkg.Path() != "net/http" || g.Name() != "DefaultClient" {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// mayEnd reports whether a context may carry a deadline: anything but one that
// begins in context.Background or TODO and gets none.
func (p *pkg) mayEnd(ctx ssa.Value) bool {
	for range 8 {
		origins, more := p.origins(ctx)
		if more || len(origins) != 1 {
			return true
		}
		v := origins[0].v
		if ex, ok := v.(*ssa.Extract); ok {
			v = ex.Tuple
		}
		x, ok := v.(*ssa.Call)
		if !ok {
			return true
		}
		c := p.asCall(x, paths("context"))
		switch {
		case c == nil:
			return true
		case c.name == "Background" || c.name == "TODO":
			return false
		case c.name == "WithValue" || c.name == "WithCancel" || c.name == "WithoutCancel":
			ctx = c.args[0]
		default:
			return true
		}
	}
	return true
}
