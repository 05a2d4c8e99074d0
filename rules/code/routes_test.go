package code

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/buildssa"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/packages"
)

// routeLister reports every route as "GET /x handler [layer, …] (open: why)",
// and every registration that could not be read.
var routeLister = &analysis.Analyzer{
	Name: "routes", Doc: "lists routes", Requires: []*analysis.Analyzer{inspect.Analyzer, buildssa.Analyzer},
	Run: func(pass *analysis.Pass) (any, error) {
		p, err := newPkg(pass)
		if err != nil {
			return nil, err
		}
		t := p.routeTable()
		for _, r := range t.routes {
			pass.Reportf(r.at.pos(), "%s", describe(r))
		}
		for _, u := range t.unresolved {
			pass.Reportf(u.at.pos(), "unresolved %s: %s", u.name, u.reason)
		}
		return nil, nil
	},
}

func describe(r *route) string {
	var layers []string
	for _, l := range r.layers {
		if l.open {
			layers = append(layers, "?")
			continue
		}
		layers = append(layers, l.name())
	}
	handler := "?"
	if len(r.handlers) > 0 {
		handler = r.handlers[0].name()
	}
	s := r.name() + " " + handler + " [" + strings.Join(layers, ", ") + "]"
	if len(r.open) > 0 {
		s += " open: " + strings.Join(r.open, "; ")
	}
	return s
}

func TestRouteTable(t *testing.T) {
	list := casesOf(t, func(name string) bool { return strings.HasPrefix(name, "routes") })
	if len(list) < 6 {
		t.Fatalf("%d packages of routes in testdata/src", len(list))
	}
	for _, p := range list {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			expectIn(t, routeLister, []*packages.Package{p})
		})
	}
}
