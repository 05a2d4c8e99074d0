package code

import (
	"fmt"
	"go/ast"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt401 flags secrets that are written to a log. Logs are copied, indexed and
// kept, and more people read them than may know a password.
func mkt401() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT401",
		Name:     "secret-in-log",
		Title:    "Secret is written to a log",
		Class:    rules.Violation,
		Controls: []string{"no-plaintext-secrets-logs"},
		CWE:      []int{532},
		Vector:   v65c,
		Flags: "A credential that reaches a log, the standard output or error, a panic or a span's attributes: a value named like one (password, secret, token, API or signing key; by words, not " +
			"substrings), the Authorization and Cookie headers and the values of session cookies, the Basic password, environment variables named SECRET, TOKEN, PASSWORD or KEY, a struct printed whole that has " +
			"such a field (`oauth2.Token`, a configuration), an error or data source name with one inside, a dumped request, and HTTP clients whose debug output is switched on for good. " +
			"Values that only may be secret (a key such as \"token\" beside an unnamed value, a CSRF token, a data source name, what a command line tool prints) are review findings.",
		Safe: "A call whose name says redact, mask, hash, encrypt or fingerprint, a function taught under `teach: redact`, `len`, a comparison, a few leading characters, a type whose `String` or " +
			"`LogValue` hides the value, a `ReplaceAttr` in the same package, the verbs `%T` and `%p`. A token of a lexer or of a page, a token's id, name, type or path are no secrets.",
		Remediation: "Leave the value out, or log something that identifies it without being it: its id, a fingerprint, its length. Give secrets a type whose `LogValue` and `String` hide them.",
		Wrong:       "slog.Info(\"refreshed\", \"token\", tok.AccessToken)",
		Right:       "slog.Info(\"refreshed\", \"expires\", tok.Expiry)",
		Frameworks: []string{"log", "log/slog", "fmt", "uber-go/zap", "rs/zerolog", "sirupsen/logrus", "k8s.io/klog", "golang/glog", "go-logr/logr", "hashicorp/go-hclog", "opentelemetry", "opentracing",
			"getsentry/sentry-go", "go-resty/resty", "golang.org/x/oauth2", "gin", "echo", "fiber", "own packages named log or logger"},
	}, nil, nil, runMKT401)
}

func runMKT401(p *pkg) []Hit {
	var hits []Hit
	p.logSinks(func(s *logSink) {
		if h, ok := p.secretInLog(s); ok {
			hits = append(hits, h)
		}
	})
	return append(hits, p.debugSwitches()...)
}

// secretInLog judges one sink: one call is one finding, however many secrets it
// writes.
func (p *pkg) secretInLog(s *logSink) (Hit, bool) {
	if p.support[p.fset.File(s.call.Pos())] || constantArgs(p, s.args) {
		return Hit{}, false
	}
	q := p.secretModel().ask()
	q.tagged = s.tagged
	var best *secretUse
	at := ast.Expr(nil)
	for i, a := range s.args {
		u := q.in(a)
		key := ""
		if i < len(s.keys) {
			key = s.keys[i]
		}
		if u == nil && key != "" {
			u = q.namedValue(SplitName(key), key, a)
		}
		if u == nil {
			continue
		}
		if at == nil || best.doubt && !u.doubt {
			best, at = u, a
		}
	}
	if best == nil {
		return Hit{}, false
	}
	if s.attr && p.replacesAttrs() {
		return Hit{}, false
	}
	verb := "reaches " + s.name
	switch s.name {
	case "panic":
		verb = "is shown by a panic"
	}
	h := hitNode("MKT401", at, fmt.Sprintf("%s %s; leave it out or mask it", best.name, verb))
	h.Steps = append(best.steps, Step{s.call.Pos(), verb})
	if best.doubt || s.printed && p.commandLine() {
		h.Class = rules.Review
	}
	return h, true
}

func constantArgs(p *pkg, args []ast.Expr) bool {
	for _, a := range args {
		if p.info.Types[a].Value == nil {
			return false
		}
	}
	return true
}

// replacesAttrs reports whether the package gives slog's handler a function
// that rewrites attributes.
func (p *pkg) replacesAttrs() bool {
	for _, f := range p.sourceFiles() {
		found := false
		ast.Inspect(f, func(n ast.Node) bool {
			if kv, ok := n.(*ast.KeyValueExpr); ok {
				if id, ok := kv.Key.(*ast.Ident); ok && id.Name == "ReplaceAttr" {
					found = found || !p.info.Types[kv.Value].IsNil()
				}
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// debugClients are HTTP clients with a switch that logs whole requests, by
// path, and what turns it on.
var debugClients = map[string]map[string]bool{
	"github.com/go-resty/resty":       setOf("SetDebug"),
	"gopkg.in/resty":                  setOf("SetDebug"),
	"github.com/imroc/req":            setOf("DevMode EnableDumpAll EnableDumpAllWithoutResponse EnableDump EnableDumpAllWithoutBody EnableDumpAllToFile"),
	"github.com/parnurzeal/gorequest": setOf("SetDebug"),
	"resty.dev":                       setOf("SetDebug EnableDebug"),
}

// debugSwitches finds clients that log every request, headers and all. A switch
// under a condition is a review finding: it may be off in production.
func (p *pkg) debugSwitches() []Hit {
	if !importsAny(p.types, func(path string) bool { return debugClients[path] != nil }) {
		return nil
	}
	var hits []Hit
	redacts := false
	p.eachCall(func(path string) bool { return debugClients[path] != nil }, func(c *call) {
		if c.name == "OnRequestLog" || c.name == "SetLogger" || c.name == "SetDebugLogFormatter" || strings.HasPrefix(c.name, "OnDebugLog") {
			redacts = true
		}
		if !debugClients[c.path][c.name] {
			return
		}
		if len(c.args) == 1 {
			if b, ok := c.args[0].(*ssa.Const); !ok || b.Value == nil || b.Value.String() != "true" {
				if _, isSlice := variadic(c.args[0]); !isSlice {
					return
				}
			}
		}
		h := p.hit("MKT401", c.instr, -1, c.callee()+" logs every request with its credentials; remove it or mask them")
		if c.instr.Block() != nil && c.instr.Block().Index > 0 {
			h.Class = rules.Review
		}
		hits = append(hits, h)
	})
	if redacts {
		return nil
	}
	return hits
}
