package code

import (
	"strings"

	"golang.org/x/tools/go/ssa"
)

// routeFacts lists the route table: what is registered, and what cannot be
// read. A route is read when method, pattern and handler are known; that its
// router may carry more middleware elsewhere is said beside it.
func (g *gather) routeFacts() {
	t := g.routeTable()
	for _, r := range t.routes {
		pos := r.at.pos()
		if ci, ok := r.at.instr.(ssa.CallInstruction); ok && ci.Common().Pos().IsValid() {
			pos = ci.Common().Pos()
		}
		detail := "handler unknown"
		if len(r.handlers) > 0 {
			detail = "handler " + r.handlers[0].name()
		}
		var chain []string
		for _, l := range r.layers {
			if l.open {
				chain = append(chain, "unknown")
			} else {
				chain = append(chain, l.name())
			}
		}
		if len(chain) > 0 {
			detail += "; middleware " + strings.Join(chain, ", ")
		}
		for _, why := range r.open {
			detail += "; " + why
		}
		if strings.Contains(r.pattern, hole) || len(r.handlers) == 0 {
			g.unresolved(FactRoutes, r.name(), pos, detail)
		} else {
			g.seen(FactRoutes, r.name(), pos, detail)
		}
	}
	for _, u := range t.unresolved {
		g.unresolved(FactRoutes, u.name, u.at.pos(), u.reason)
	}
}
