package code

import (
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
	case "net/http Serve", "net/http ServeTLS", "net/http Server.Serve", "net/http Server.ServeTLS":
		l.tls = strings.HasSuffix(c.name, "TLS")
		if c.recv == "" {
			l.handler = c.args[1]
			l.defaultMux()
		} else {
			l.handler = p.serverHandler(c.on)
		}
		p.listener(c.args[0], &l)
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

// listener reads where a net.Listener listens.
func (p *pkg) listener(v ssa.Value, l *listening) {
	origins, more := p.origins(v)
	l.unknown = more || len(origins) != 1
	if l.unknown {
		return
	}
	var c *call
	switch x := origins[0].v.(type) {
	case *ssa.Extract:
		if made, ok := x.Tuple.(*ssa.Call); ok {
			c = p.asCall(made, nil)
		}
	case *ssa.Call:
		c = p.asCall(x, nil)
	}
	if c == nil {
		l.unknown = true
		return
	}
	switch c.path + " " + c.callee() {
	case "net Listen", "net ListenConfig.Listen":
		args := c.args
		if c.recv != "" {
			args = args[1:]
		}
		networks, _ := p.texts(args[0])
		for _, n := range networks {
			l.unix = l.unix || strings.HasPrefix(n.s, "unix")
		}
		l.addrs, l.open = p.texts(args[1])
	case "net ListenUnix":
		l.unix = true
	case "crypto/tls Listen", "crypto/tls NewListener":
		l.tls = true
	default:
		l.unknown = true
	}
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
