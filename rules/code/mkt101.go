package code

import (
	"fmt"

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
		Flags: "`http.ListenAndServe`, `(*http.Server).ListenAndServe` and `Serve`, gin `Run`, echo `Start`, fiber `Listen`, fasthttp `ListenAndServe`, and their forms that take a listener this package makes, " +
			"on an address that is not loopback, a configured one included.",
		Safe: "The TLS variant; a loopback address or a unix socket; a listener of `crypto/tls`; a server that only redirects to https or answers certificate challenges; " +
			"a declared endpoint that passes the live TLS probe, because TLS ends at a proxy before the server.",
		Remediation: "Serve TLS (`ListenAndServeTLS`), bind the server to loopback behind the proxy that ends TLS, or declare the endpoint in the policy so that the live probe shows TLS.",
		Wrong:       "log.Fatal(http.ListenAndServe(\":8080\", mux))",
		Right:       "log.Fatal(http.ListenAndServeTLS(\":8443\", cert, key, mux))",
		Frameworks:  []string{"net/http", "gin", "echo", "fiber", "fasthttp"},
	}, nil, listenGate, func(p *pkg) []Hit {
		var hits []Hit
		for _, l := range p.listenings() {
			if l.tls || l.unknown || l.local() || p.redirectsOnly(l.handler) {
				continue
			}
			hits = append(hits, p.hit("MKT101", l.call.instr, l.arg, fmt.Sprintf("the server takes plain HTTP on %s; serve TLS, or show by the live probe that a proxy ends it", l.address())))
		}
		return hits
	})
}
