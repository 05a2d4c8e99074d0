package code

import (
	"cmp"
	"go/ast"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/staylisted/staylisted/rules"
)

// TestJudgeText asks for the second look at every query, trusted conversion,
// write and log line of a package, as if gosec had reported each.
func TestJudgeText(t *testing.T) {
	base := All()[0].Analyzer
	a := &analysis.Analyzer{Name: "judgetext", Doc: "judges", Requires: base.Requires}
	a.Run = func(pass *analysis.Pass) (any, error) {
		p, err := packageOf(pass)
		if err != nil {
			return nil, err
		}
		pk := &Package{p}
		for _, f := range pass.Files {
			ast.Inspect(f, func(n ast.Node) bool {
				c, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				rule := ""
				switch path, _, name := p.astCallee(c); {
				case path == "database/sql" && strings.HasPrefix(name, "Query"):
					rule = "G202"
				case path == "net/http" && name == "Write":
					rule = "G705"
				case path == "log":
					rule = "G706"
				case trustedTypes[typeName(p.info.TypeOf(c))]:
					rule = "G203"
				default:
					return true
				}
				class := rules.Class("as is")
				if j := pk.Judge(rule, "", c.Pos()); j != nil {
					class = cmp.Or(j.Class, class)
				}
				pass.Report(analysis.Diagnostic{Pos: c.Pos(), Message: rule + " " + string(class)})
				return true
			})
		}
		return nil, nil
	}
	analysistest.Run(t, analysistest.TestData(), a, "judgetext")
}
