package code

import (
	"fmt"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt101 flags servers that take plain HTTP from other machines.
func mkt101() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT101",
		Name:     "plain-http-server",
		Title:    "Server listens without TLS beyond the local machine",
		Class:    rules.Review,
		Controls: []string{"tls-1.2-or-higher"},
		CWE:      []int{319},
		Vector:   v59c,
		Flags: "`http.ListenAndServe`, `(*http.Server).ListenAndServe` and `Serve`, gin `Run`, echo `Start`, fiber `Listen`, fasthttp `ListenAndServe`, and their forms that take a listener this package makes, a gRPC server without credentials among them, " +
			"on an address that is not loopback, a configured one included.",
		Safe: "The TLS variant; a loopback address or a unix socket; a listener of `crypto/tls`; a server that only redirects to https or answers certificate challenges; " +
			"a declared endpoint that passes the live TLS probe, because TLS ends at a proxy before the server.",
		Remediation: "Serve TLS (`ListenAndServeTLS`), bind the server to loopback behind the proxy that ends TLS, or declare the endpoint in the policy so that the live probe shows TLS.",
		Wrong:       "log.Fatal(http.ListenAndServe(\":8080\", mux))",
		Right:       "log.Fatal(http.ListenAndServeTLS(\":8443\", cert, key, mux))",
		Frameworks:  []string{"net/http", "gin", "echo", "fiber", "fasthttp", "gRPC"},
	}, nil, serveGate, func(p *pkg) []Hit {
		var hits []Hit
		for _, l := range p.listenings() {
			if l.tls || l.unknown || l.local() || p.redirectsOnly(l.handler) {
				continue
			}
			hits = append(hits, p.hit("MKT101", l.call.instr, l.arg, fmt.Sprintf("the server takes plain HTTP on %s; serve TLS, or show by the live probe that a proxy ends it", l.address())))
		}
		return append(hits, p.plainRPC()...)
	})
}

var serveGate = func(path string) bool { return listenGate(path) || path == grpcPackage }

// plainRPC flags gRPC servers that have no credentials and listen beyond the
// local machine.
func (p *pkg) plainRPC() []Hit {
	var hits []Hit
	p.eachCall(paths(grpcPackage), func(c *call) {
		if c.callee() != "Server.Serve" || len(c.args) != 1 || !p.plainServer(c.on) {
			return
		}
		l := listening{call: c, arg: -1}
		p.listener(c.args[0], &l)
		if l.tls || l.unknown || l.local() {
			return
		}
		hits = append(hits, p.hit("MKT101", c.instr, -1, fmt.Sprintf("the gRPC server takes plain connections on %s; give it credentials.NewTLS, or show by the live probe that a proxy ends TLS", l.address())))
	})
	return hits
}

// plainServer reports whether a gRPC server is made here with options all of
// which are seen and none of which brings TLS.
func (p *pkg) plainServer(v ssa.Value) bool {
	origins, more := p.origins(v)
	if more || len(origins) == 0 {
		return false
	}
	for _, o := range origins {
		x, ok := o.v.(*ssa.Call)
		if !ok {
			return false
		}
		d := p.asCall(x, paths(grpcPackage))
		if d == nil || d.name != "NewServer" {
			return false
		}
		options, known := variadic(d.args[0])
		if !known || slices.ContainsFunc(options, func(v ssa.Value) bool {
			made, ok := v.(*ssa.Call)
			if !ok {
				return true
			}
			option := p.asCall(made, paths(grpcPackage))
			return option == nil || option.name == "Creds" && !p.isInsecure(option.args[0])
		}) {
			return false
		}
	}
	return true
}
