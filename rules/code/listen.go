package code

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A listening is a call that begins to serve HTTP.
type listening struct {
	call *call
	tls  bool
	arg  int // of the address in the call; -1 when the address stands elsewhere
	// addrs are the addresses it may listen on as far as they are written in
	// this package; open says that there are others.
	addrs   []text
	open    bool
	unix    bool      // a unix socket
	unknown bool      // the listener comes from where this package cannot see
	handler ssa.Value // nil when it is not known or the default mux
	mux     bool      // the default mux serves
}

// A listenCall describes a function that listens.
type listenCall struct {
	tls     bool
	addr    int // argument index of the address; -1 for none
	handler int // argument index of the handler; -1 for the receiver, -2 for none
}

var listenCalls = map[string]listenCall{
	"net/http ListenAndServe": {false, 0, 1}, "net/http ListenAndServeTLS": {true, 0, 3},
	"github.com/gin-gonic/gin Engine.Run": {false, 0, -1}, "github.com/gin-gonic/gin Engine.RunTLS": {true, 0, -1},
	"github.com/labstack/echo Echo.Start": {false, 0, -1}, "github.com/labstack/echo Echo.StartTLS": {true, 0, -1}, "github.com/labstack/echo Echo.StartAutoTLS": {true, 0, -1},
	"github.com/gofiber/fiber App.Listen": {false, 0, -1}, "github.com/gofiber/fiber App.ListenTLS": {true, 0, -1},
	"github.com/gofiber/fiber App.ListenMutualTLS": {true, 0, -1}, "github.com/gofiber/fiber App.ListenTLSWithCertificate": {true, 0, -1},
	"github.com/valyala/fasthttp ListenAndServe": {false, 0, 1}, "github.com/valyala/fasthttp ListenAndServeTLS": {true, 0, 3},
	"github.com/valyala/fasthttp Server.ListenAndServe": {false, 0, -2}, "github.com/valyala/fasthttp Server.ListenAndServeTLS": {true, 0, -2},
}

// acceptCalls take a listener where listenCalls take an address.
var acceptCalls = map[string]listenCall{
	"net/http Serve": {false, 0, 1}, "net/http ServeTLS": {true, 0, 1}, "net/http Server.Serve": {false, 0, -1}, "net/http Server.ServeTLS": {true, 0, -1},
	"github.com/gin-gonic/gin Engine.RunListener": {false, 0, -1}, "github.com/gofiber/fiber App.Listener": {false, 0, -1},
	"github.com/valyala/fasthttp Serve": {false, 0, 1}, "github.com/valyala/fasthttp ServeTLS": {true, 0, 3},
	"github.com/valyala/fasthttp Server.Serve": {false, 0, -2}, "github.com/valyala/fasthttp Server.ServeTLS": {true, 0, -2},
}

var listenGate = paths("net/http", "github.com/gin-gonic/gin", "github.com/labstack/echo", "github.com/gofiber/fiber", "github.com/valyala/fasthttp")

// listenings returns where the package begins to serve, computed once.
func (p *pkg) listenings() []listening {
	if p.listenList != nil {
		return p.listenList
	}
	p.listenList = []listening{}
	defer p.building("listeners")()
	p.eachCall(listenGate, func(c *call) {
		if l, ok := p.listening(c); ok {
			p.listenList = append(p.listenList, l)
		}
	})
	return p.listenList
}

func (p *pkg) listening(c *call) (listening, bool) {
	key := c.path + " " + c.callee()
	l := listening{call: c, arg: -1}
	if lc, ok := listenCalls[key]; ok {
		if lc.addr >= len(c.args) || lc.handler >= len(c.args) {
			return l, false
		}
		l.tls, l.arg = lc.tls, lc.addr
		switch {
		case lc.handler >= 0:
			l.handler = c.args[lc.handler]
		case lc.handler == -1:
			l.handler = c.on
		}
		if addr := c.args[lc.addr]; isText(addr.Type()) {
			l.addrs, l.open = p.texts(addr)
		} else if elems, ok := variadic(addr); ok && len(elems) > 0 {
			l.addrs, l.open = p.texts(elems[0]) // gin: Run(addr ...string)
		} else {
			l.addrs, l.open = []text{{s: ":8080"}}, !ok
			l.arg = -1
		}
		l.defaultMux()
		return l, true
	}
	switch key {
	case "net/http Server.ListenAndServe", "net/http Server.ListenAndServeTLS":
		l.tls = c.name == "ListenAndServeTLS"
		l.addrs, l.open = p.serverField(c.on, "Addr", p.texts)
		l.handler = p.serverHandler(c.on)
		return l, true
	}
	if lc, ok := acceptCalls[key]; ok {
		if lc.addr >= len(c.args) || lc.handler >= len(c.args) {
			return l, false
		}
		l.tls = lc.tls
		switch {
		case lc.handler >= 0:
			l.handler = c.args[lc.handler]
			l.defaultMux()
		case key == "net/http Server.Serve" || key == "net/http Server.ServeTLS":
			l.handler = p.serverHandler(c.on)
		case lc.handler == -1:
			l.handler = c.on
		}
		p.listener(c.args[lc.addr], &l)
		return l, true
	}
	return l, false
}

// defaultMux notes a nil handler.
func (l *listening) defaultMux() {
	if c, ok := l.handler.(*ssa.Const); ok && c.Value == nil {
		l.handler, l.mux = nil, true
	}
}

// listener reads where a net.Listener listens. One that may be of several kinds
// counts as a unix socket or as TLS only when all of them are.
func (p *pkg) listener(v ssa.Value, l *listening) {
	var kinds []listening
	if !p.listeners(v, &kinds, 0) || len(kinds) == 0 {
		l.unknown = true
		return
	}
	plain, local := 0, 0
	for _, k := range kinds {
		if !k.tls {
			plain++
		}
		if k.unix {
			local++
			continue
		}
		l.addrs, l.open = append(l.addrs, k.addrs...), l.open || k.open
	}
	l.unix = local == len(kinds)
	switch {
	case plain == 0:
		l.tls = true
	case plain < len(kinds):
		l.unknown = true // TLS when it is asked for
	}
}

// listeners adds what the listeners are that a value may be. It reports false
// when one of them is not known.
func (p *pkg) listeners(v ssa.Value, kinds *[]listening, depth int) bool {
	origins, more := p.origins(v)
	if more || depth > 3 {
		return false
	}
	for _, o := range origins {
		made := o.v
		if k, ok := made.(*ssa.Const); ok && k.Value == nil {
			continue // returned with an error, or the variable before it is set
		}
		if ex, ok := made.(*ssa.Extract); ok {
			made = ex.Tuple
		}
		x, ok := made.(*ssa.Call)
		if !ok {
			return false
		}
		c := p.asCall(x, nil)
		if c == nil {
			return false
		}
		switch c.path + " " + c.callee() {
		case "net Listen", "net ListenConfig.Listen":
			args := c.args
			if c.recv != "" {
				args = args[1:]
			}
			k := listening{}
			networks, open := p.texts(args[0])
			k.unix = !open && len(networks) > 0 && !slices.ContainsFunc(networks, func(n text) bool { return !strings.HasPrefix(n.s, "unix") })
			k.addrs, k.open = p.texts(args[1])
			*kinds = append(*kinds, k)
		case "net ListenTCP":
			k := listening{}
			resolved, _ := p.origins(c.args[1])
			for _, r := range resolved {
				if ex, ok := r.v.(*ssa.Extract); ok {
					if rc, ok := ex.Tuple.(*ssa.Call); ok {
						if d := p.asCall(rc, paths("net")); d != nil && d.callee() == "ResolveTCPAddr" {
							ts, open := p.texts(d.args[1])
							k.addrs, k.open = append(k.addrs, ts...), k.open || open
							continue
						}
					}
				}
				if n, ok := r.v.(*ssa.Const); ok && n.Value == nil {
					continue
				}
				return false
			}
			*kinds = append(*kinds, k)
		case "net ListenUnix":
			*kinds = append(*kinds, listening{unix: true})
		case "crypto/tls Listen", "crypto/tls NewListener":
			*kinds = append(*kinds, listening{tls: true})
		case "golang.org/x/net/netutil LimitListener":
			if !p.listeners(c.args[0], kinds, depth+1) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// serverField reads a field of the http.Server a value points to.
func (p *pkg) serverField(srv ssa.Value, field string, read func(ssa.Value) ([]text, bool)) (all []text, open bool) {
	origins, open := p.origins(srv)
	for _, o := range origins {
		al, ok := o.v.(*ssa.Alloc)
		if !ok {
			open = true
			continue
		}
		n := namedType(al.Type())
		if n == nil {
			open = true
			continue
		}
		lit := p.literal(al, n)
		if lit.passed {
			open = true
		}
		if len(lit.set[field]) == 0 && !lit.passed {
			all = append(all, text{s: ":http"})
		}
		for _, s := range lit.set[field] {
			ts, more := read(s.Val)
			all, open = append(all, ts...), open || more
		}
	}
	return all, open
}

// serverHandler returns the handler of the http.Server a value points to, or
// nil.
func (p *pkg) serverHandler(srv ssa.Value) ssa.Value {
	origins, _ := p.origins(srv)
	for _, o := range origins {
		if al, ok := o.v.(*ssa.Alloc); ok {
			if n := namedType(al.Type()); n != nil {
				for _, s := range p.literal(al, n).set["Handler"] {
					return s.Val
				}
			}
		}
	}
	return nil
}

// local reports whether a server is only reached from the machine itself.
func (l *listening) local() bool {
	if l.unix {
		return true
	}
	if len(l.addrs) == 0 {
		return false
	}
	for _, a := range l.addrs {
		known, whole := a.prefix()
		if strings.HasPrefix(known, "unix:") || strings.HasPrefix(known, "/") {
			continue
		}
		host, hadPort := hostOnly(known)
		if !whole && !hadPort || host == "" || host == "0.0.0.0" || host == "::" || reachOf(host) != hostSafe {
			return false
		}
	}
	return true
}

// address shows where a server listens, for a message.
func (l *listening) address() string {
	for _, a := range l.addrs {
		if known, whole := a.prefix(); whole && known != "" {
			return known
		}
	}
	return "an address that is configured"
}

// redirectsOnly reports whether a handler does nothing but send clients on to
// https, or answer certificate challenges.
func (p *pkg) redirectsOnly(h ssa.Value) bool {
	if h == nil {
		return false
	}
	origins, more := p.origins(h)
	if more || len(origins) != 1 {
		return false
	}
	v := origins[0].v
	if mc, ok := v.(*ssa.MakeClosure); ok {
		v = mc.Fn
	}
	switch x := v.(type) {
	case *ssa.Call:
		c := p.asCall(x, nil)
		return c != nil && (c.path == "golang.org/x/crypto/acme/autocert" && c.name == "HTTPHandler" || c.path == "github.com/caddyserver/certmagic" && c.name == "HTTPChallengeHandler" ||
			c.path == "net/http" && c.name == "RedirectHandler")
	case *ssa.Function:
		redirect, other := false, false
		within(x, func(instr ssa.Instruction) {
			ci, ok := instr.(ssa.CallInstruction)
			if !ok {
				return
			}
			c := p.asCall(ci, nil)
			switch {
			case c == nil:
			case c.path == "net/http" && c.name == "Redirect":
				redirect = true
			case c.path == "net/http" && (c.callee() == "Handler.ServeHTTP" || c.callee() == "HandlerFunc.ServeHTTP"):
				other = true
			}
		})
		return redirect && !other
	}
	return false
}
