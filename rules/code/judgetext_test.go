package code

import (
	"cmp"
	"go/ast"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

// TestJudgeText asks for the second look at every query, trusted conversion,
// write and log line of a package, as if gosec had reported each.
func TestJudgeText(t *testing.T) {
	a := overCalls("judgetext", func(p *pkg, c *ast.CallExpr) string {
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
			return ""
		}
		class := rules.Class("as is")
		if j := (&Package{p}).Judge(rule, "", c.Pos()); j != nil {
			class = cmp.Or(j.Class, class)
		}
		return rule + " " + string(class)
	})
	expect(t, a, "judgetext")
}
