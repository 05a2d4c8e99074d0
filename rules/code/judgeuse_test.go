package code

import (
	"cmp"
	"go/ast"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// TestJudge asks for the class of what gosec reports: calls of weak primitives,
// certificate checks switched off, literals with a suspicious name, cookies.
// The packages say on each line what the answer must be; "as is" leaves the
// catalogue's class.
func TestJudge(t *testing.T) {
	base := All()[0].Analyzer
	a := &analysis.Analyzer{Name: "judge", Doc: "judges", Requires: base.Requires}
	a.Run = func(pass *analysis.Pass) (any, error) {
		p, err := packageOf(pass)
		if err != nil {
			return nil, err
		}
		pk := &Package{p}
		report := func(n ast.Node, rule, message string) {
			class := "as is"
			if j := pk.p.judgeUse(rule, message, n.Pos()); j != nil {
				class = cmp.Or(string(j.Class), class)
			}
			pass.Report(analysis.Diagnostic{Pos: n.Pos(), Message: rule + " " + class})
		}
		for _, f := range pass.Files {
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.ImportSpec:
					if rule := map[string]string{`"crypto/md5"`: "G501", `"crypto/des"`: "G502", `"crypto/rc4"`: "G503", `"crypto/sha1"`: "G505"}[n.Path.Value]; rule != "" {
						report(n, rule, "Blocklisted import")
					}
				case *ast.CallExpr:
					path, _, name := p.astCallee(n)
					switch {
					case (path == "crypto/md5" || path == "crypto/sha1") && (name == "New" || strings.HasPrefix(name, "Sum")):
						report(n, "G401", "Use of weak cryptographic primitive")
					case path == "crypto/des" || path == "crypto/rc4":
						if strings.HasPrefix(name, "New") {
							report(n, "G405", "Use of weak cryptographic primitive")
						}
					case path == "crypto/cipher" && (name == "Seal" || strings.HasPrefix(name, "NewC")):
						report(n, "G407", "Use of hardcoded IV/nonce for encryption")
					case path == "net/http" && (name == "SetCookie" || name == "AddCookie"):
						report(n, "G124", "http.Cookie missing or has insecure Secure, HttpOnly, or SameSite attribute")
					}
				case *ast.KeyValueExpr:
					if id, ok := n.Key.(*ast.Ident); ok && id.Name == "InsecureSkipVerify" {
						skipped(p, n, n.Value, report)
					}
				case *ast.AssignStmt:
					if sel, ok := n.Lhs[0].(*ast.SelectorExpr); ok && sel.Sel.Name == "InsecureSkipVerify" {
						skipped(p, n, n.Rhs[0], report)
					}
				case *ast.CompositeLit:
					if t := typeName(p.info.TypeOf(n)); t == "provider" {
						report(n, "G101", "Potential hardcoded credentials")
					}
				case *ast.ValueSpec:
					if len(n.Values) == 1 && SplitName(n.Names[0].Name).MentionsPassword() || SplitName(n.Names[0].Name).Has("token", "secret") {
						report(n, "G101", "Potential hardcoded credentials")
					}
				}
				return true
			})
		}
		return nil, nil
	}
	expectIn(t, a, casesOf(t, func(name string) bool { return strings.HasPrefix(name, "judge/") }))
}

func skipped(p *pkg, at ast.Node, value ast.Expr, report func(ast.Node, string, string)) {
	switch tv := p.info.Types[value]; {
	case tv.Value == nil:
		report(at, "G402", "TLS InsecureSkipVerify may be set to true.")
	case types.Identical(tv.Type.Underlying(), types.Typ[types.Bool]) && tv.Value.String() == "true", tv.Value.String() == "true":
		report(at, "G402", "TLS InsecureSkipVerify set to true.")
	}
}

// TestNoCredential holds what the form of a text says.
func TestNoCredential(t *testing.T) {
	for s, want := range map[string]bool{
		"https://auth.example.com/token": true,
		"https://user:pw@example.com/":   false,
		"https://example.com/?key=abc":   false,
		"/example.v1.Auth/RefreshToken":  true,
		"Reset the password of a user":   true,
		"loadAuthToken":                  true,
		"refresh_token":                  true,
		"":                               true,
		"q8Zk2LtV9xWm4RbYc7Nd":           false,
		"hunter2":                        false,
		"AbCdEfGhIjKlMnOp":               false,
		"correct horse":                  false,
		"x-oauth-basic":                  true,
		"my pass 4 the 2 of us":          false,
		"API_TOKEN":                      true,
		"${API_TOKEN}":                   true,
		"/etc/app/token.txt":             true,
		"sk" + "_live_" + "4eC39HqLyjWDarjtT1zdp7dc": false,
	} {
		if got := noCredential(s); got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}
