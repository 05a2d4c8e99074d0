package code

import (
	"go/ast"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

// TestJudgeSteps holds that the second look hands over the way it finds, and
// none where it finds none.
func TestJudgeSteps(t *testing.T) {
	a := overCalls("judgesteps", func(p *pkg, c *ast.CallExpr) string {
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
			return ""
		}
		j := (&Package{p}).Judge(rule, "", c.Pos())
		if j == nil || len(j.Steps) == 0 {
			return ""
		}
		if j.Class == rules.Informational {
			t.Errorf("%s is a note and has steps", rule)
		}
		var told []string
		for _, s := range j.Steps {
			told = append(told, s.Message)
		}
		return rule + ": " + strings.Join(told, " > ")
	})
	expect(t, a, "judgesteps")
}
