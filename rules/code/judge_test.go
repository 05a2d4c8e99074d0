package code

import (
	"go/ast"

	"golang.org/x/tools/go/analysis"
)

// overCalls is an analyzer that reports what say says of each call of a package,
// unless that is nothing.
func overCalls(name string, say func(p *pkg, c *ast.CallExpr) string) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: name, Doc: "judges", Requires: All()[0].Analyzer.Requires,
		Run: func(pass *analysis.Pass) (any, error) {
			p, err := packageOf(pass)
			if err != nil {
				return nil, err
			}
			for _, f := range pass.Files {
				ast.Inspect(f, func(n ast.Node) bool {
					if c, ok := n.(*ast.CallExpr); ok {
						if text := say(p, c); text != "" {
							pass.Report(analysis.Diagnostic{Pos: c.Pos(), Message: text})
						}
					}
					return true
				})
			}
			return nil, nil
		},
	}
}
