package code

import (
	"cmp"
	"go/ast"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// The package says on each line what the answer must be; "as is" leaves gosec's
// word.
func TestJudgeInput(t *testing.T) {
	base := All()[0].Analyzer
	a := &analysis.Analyzer{Name: "judgeinput", Doc: "judges", Requires: base.Requires}
	a.Run = func(pass *analysis.Pass) (any, error) {
		p, err := packageOf(pass)
		if err != nil {
			return nil, err
		}
		asked := map[string]string{
			"net/http.Get": "G704", "net/http.NewRequest": "G704", "net/http.NewRequestWithContext": "G704", "net/http.Do": "G704", "net/http.Redirect": "G710",
			"os.ReadFile": "G703", "os.Stat": "G703", "os/exec.Command": "G702", "path/filepath.Join": "G305",
		}
		for _, f := range pass.Files {
			ast.Inspect(f, func(n ast.Node) bool {
				c, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				path, _, name := p.astCallee(c)
				rule := asked[path+"."+name]
				if rule == "" {
					return true
				}
				class := "as is"
				if j := (&Package{p}).Judge(rule, "", c.Lparen); j != nil {
					class = cmp.Or(string(j.Class), class)
				}
				pass.Report(analysis.Diagnostic{Pos: c.Pos(), Message: rule + " " + class})
				return true
			})
		}
		return nil, nil
	}
	expectIn(t, a, casesOf(t, func(name string) bool { return name == "judgeinput" || name == "judgedialing" }))
}
