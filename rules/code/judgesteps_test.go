package code

import (
	"go/ast"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/staylisted/staylisted/rules"
)

// TestJudgeSteps holds that the second look hands over the way it finds, and
// none where it finds none.
func TestJudgeSteps(t *testing.T) {
	base := All()[0].Analyzer
	a := &analysis.Analyzer{Name: "judgesteps", Doc: "judges", Requires: base.Requires}
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
				case path == "database/sql":
					rule = "G202"
				case path == "net/http" && (name == "Get" || name == "Do"):
					rule = "G107"
				case path == "os" && name == "Open":
					rule = "G703"
				case path == "os/exec" && name == "Command":
					rule = "G204"
				case path == "log":
					rule = "G706"
				case trustedTypes[typeName(p.info.TypeOf(c))]:
					rule = "G203"
				default:
					return true
				}
				j := pk.Judge(rule, "", c.Pos())
				if j == nil || len(j.Steps) == 0 {
					return true
				}
				if j.Class == rules.Informational {
					t.Errorf("%s is a note and has steps", rule)
				}
				var told []string
				for _, s := range j.Steps {
					told = append(told, s.Message)
				}
				pass.Report(analysis.Diagnostic{Pos: c.Pos(), Message: rule + ": " + strings.Join(told, " > ")})
				return true
			})
		}
		return nil, nil
	}
	expect(t, a, "judgesteps")
}
