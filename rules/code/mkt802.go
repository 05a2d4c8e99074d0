package code

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt802 flags clients of a marketplace's API that give up, or go on at full
// speed, when it asks them to slow down.
func mkt802() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT802",
		Name:     "no-backoff",
		Title:    "Marketplace API is called without backoff",
		Class:    rules.Review,
		Controls: []string{"api-rate-limit-client"},
		CWE:      []int{770},
		Vector:   v37a,
		Flags: "Requests to a host of a marketplace (apis.druva.com, api.apollo.io, api.monday.com and their kin) in a package that neither retries on 429 and 503 after a wait nor limits its rate. " +
			"One finding a package and marketplace.",
		Safe:        "go-retryablehttp, resty's `SetRetryCount`, cenkalti/backoff, retry-go, go-retry, `golang.org/x/time/rate`, uber's ratelimit; an own loop that looks at 429 or 503 and waits. `Retry-After` is welcome and not required.",
		Remediation: "Send requests through `retryablehttp.NewClient()` or wrap them in `backoff.Retry`, with jitter and an end, and honour `Retry-After` where it is sent; or limit the rate with `rate.NewLimiter`.",
		Wrong:       "resp, err := http.Get(\"https://api.apollo.io/v1/contacts\")",
		Right:       "client := retryablehttp.NewClient()\nresp, err := client.Get(\"https://api.apollo.io/v1/contacts\")",
		Frameworks:  []string{"net/http", "resty", "retryablehttp", "fasthttp"},
	}, nil, outboundGate, runMKT802)
}

// backoffPackages retry with a wait, or limit a rate.
var backoffPackages = []string{
	"github.com/hashicorp/go-retryablehttp", "github.com/cenkalti/backoff", "golang.org/x/time/rate", "go.uber.org/ratelimit", "github.com/avast/retry-go",
	"github.com/sethvargo/go-retry", "github.com/jpillora/backoff", "github.com/failsafe-go/failsafe-go", "github.com/eapache/go-resiliency", "github.com/rehttp", "github.com/PuerkitoBio/rehttp",
	"github.com/gojek/heimdall", "github.com/googleapis/gax-go", "k8s.io/apimachinery/pkg/util/wait", "github.com/juju/ratelimit",
}

func runMKT802(p *pkg) []Hit {
	calls := p.marketplaceCalls()
	if len(calls) == 0 || p.importsPath(backoffPackages...) || p.retries() {
		return nil
	}
	slices.SortStableFunc(calls, func(a, b outboundURL) int { return int(a.at.Pos() - b.at.Pos()) })
	var hits []Hit
	seen := map[string]bool{}
	for _, u := range calls {
		_, host, _ := urlHost(u.text)
		if m := MarketplaceOf(host); !seen[m] {
			seen[m] = true
			hits = append(hits, p.hit("MKT802", u.at, u.arg, "requests to "+host+" are neither retried after a wait on 429 and 503 nor limited in rate", u.text.steps...))
		}
	}
	return hits
}

// retries reports whether the package retries by itself: through an option of
// its client, or where it looks at 429 or 503 and waits.
func (p *pkg) retries() bool {
	found := false
	p.eachCall(func(path string) bool { return strings.Contains(path, "resty") || path == "github.com/imroc/req" }, func(c *call) {
		found = found || strings.Contains(c.name, "Retry")
	})
	if found {
		return true
	}
	waits := map[*ssa.Function]bool{}
	p.eachCall(paths("time"), func(c *call) {
		if c.name == "Sleep" || c.name == "After" || c.name == "NewTimer" || c.name == "AfterFunc" {
			waits[outermost(c.instr.Parent())] = true
		}
	})
	if len(waits) == 0 {
		return false
	}
	for fn := range waits {
		near := []*ssa.Function{fn}
		within(fn, func(instr ssa.Instruction) {
			if ci, ok := instr.(ssa.CallInstruction); ok {
				if callee := ci.Common().StaticCallee(); callee != nil && callee.Pkg == p.ssa.Pkg {
					near = append(near, callee)
				}
			}
		})
		for _, ci := range p.callersOf(fn) {
			near = append(near, outermost(ci.Parent()))
		}
		if slices.ContainsFunc(near, p.looksAtLoad) {
			return true
		}
	}
	return false
}

// looksAtLoad reports whether a function compares with the status codes that
// ask to slow down, or with a range of them.
func (p *pkg) looksAtLoad(fn *ssa.Function) bool {
	n := fn.Syntax()
	if n == nil {
		return false
	}
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.BinaryExpr:
			switch x.Op {
			case token.EQL, token.NEQ, token.GEQ, token.GTR:
				for _, e := range []ast.Expr{x.X, x.Y} {
					k, ok := p.constInt(e)
					found = found || ok && (k == 429 || k == 503 || k == 500 && x.Op != token.EQL)
				}
			}
		case *ast.CaseClause:
			for _, e := range x.List {
				k, ok := p.constInt(e)
				found = found || ok && (k == 429 || k == 503)
			}
		}
		return !found
	})
	return found
}
