package code

import (
	"cmp"
	"go/ast"
	"testing"
)

// The package says on each line what the answer must be; "as is" leaves gosec's
// word.
func TestJudgeInput(t *testing.T) {
	asked := map[string]string{
		"net/http.Get": "G704", "net/http.NewRequest": "G704", "net/http.NewRequestWithContext": "G704", "net/http.Do": "G704", "net/http.Redirect": "G710",
		"os.ReadFile": "G703", "os.Stat": "G703", "os/exec.Command": "G702", "path/filepath.Join": "G305",
	}
	a := overCalls("judgeinput", func(p *pkg, c *ast.CallExpr) string {
		path, _, name := p.astCallee(c)
		rule := asked[path+"."+name]
		if rule == "" {
			return ""
		}
		class := "as is"
		if j := (&Package{p}).Judge(rule, "", c.Lparen); j != nil {
			class = cmp.Or(string(j.Class), class)
		}
		return rule + " " + class
	})
	expectIn(t, a, casesOf(t, func(name string) bool { return name == "judgeinput" || name == "judgedialing" }))
}
