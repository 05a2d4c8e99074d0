package code

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// marketplaceDomains are the domains of the hosts [MarketplaceOf] knows.
var marketplaceDomains = []string{"druva.com", "apollo.io", "monday.com"}

// marketplaceCalls are the calls of a package that send requests to the API of
// a marketplace, in the order of their positions within each function.
// Packages that mention none of the domains cost one look at their constants.
func (p *pkg) marketplaceCalls() []outboundURL {
	if !importsAny(p.types, outboundGate) || !p.mentionsMarketplace() {
		return nil
	}
	var out []outboundURL
	p.outboundURLs(func(u outboundURL) {
		// A host that ends where the known text does is followed by a path in
		// practice: base + path.
		if _, host, _ := urlHost(u.text); u.call != nil && MarketplaceOf(host) != "" {
			out = append(out, u)
		}
	})
	return out
}

// mentionsMarketplace reports whether a text of the package, or a constant of
// another one that it uses, holds a marketplace's domain.
func (p *pkg) mentionsMarketplace() bool {
	holds := func(s string) bool {
		for _, d := range marketplaceDomains {
			if strings.Contains(s, d) {
				return true
			}
		}
		return false
	}
	for cur := range p.insp.Root().Preorder((*ast.BasicLit)(nil)) {
		if holds(cur.Node().(*ast.BasicLit).Value) {
			return true
		}
	}
	for _, obj := range p.info.Uses {
		if c, ok := obj.(*types.Const); ok && c.Pkg() != p.types && c.Val().Kind() == constant.String && holds(constant.StringVal(c.Val())) {
			return true
		}
	}
	return false
}

// requestUses returns the calls that send a request which a call has built:
// client.Do(req).
func (p *pkg) requestUses(built ssa.CallInstruction) []*call {
	v, ok := built.(*ssa.Call)
	if !ok {
		return nil
	}
	var out []*call
	p.eachCall(paths("net/http"), func(c *call) {
		if c.callee() != "Client.Do" || len(c.args) != 1 {
			return
		}
		origins, _ := p.origins(c.args[0])
		for _, o := range origins {
			if ex, ok := o.v.(*ssa.Extract); ok && ex.Tuple == ssa.Value(v) {
				out = append(out, c)
				return
			}
		}
	})
	return out
}
