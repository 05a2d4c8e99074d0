package code

import (
	"regexp"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt703 flags stack traces in answers to clients: those the code sends itself
// and those a recovery middleware renders.
func mkt703() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT703",
		Name:     "stack-to-client",
		Title:    "Stack trace is sent to the client",
		Class:    rules.Violation,
		Controls: []string{"error-safe"},
		CWE:      []int{209},
		Vector:   v53c,
		Flags: "`debug.Stack()`, a buffer `runtime.Stack` filled, `ErrorStack()` and the like in what a client is sent (the answers of MKT701), `%+v` of an error that `pkg/errors` made, " +
			"and negroni's `NewRecovery` and `Classic`, which write the stack into the response unless `PrintStack` is switched off. Behind a debug switch it is a review finding.",
		Safe:        "The stack goes to the log or to an error tracker only; recovery middleware that answers with a fixed message (chi, gin, echo and fiber do by default); `PrintStack = false`.",
		Remediation: "Log the stack with a correlation id, and answer with a fixed message and that id. With negroni, set `rec := negroni.NewRecovery(); rec.PrintStack = false`.",
		Wrong:       "defer func() {\n\tif rec := recover(); rec != nil {\n\t\thttp.Error(w, fmt.Sprintf(\"%v\\n%s\", rec, debug.Stack()), 500)\n\t}\n}()",
		Right: "defer func() {\n\tif rec := recover(); rec != nil {\n\t\tslog.Error(\"panic\", \"value\", rec, \"stack\", string(debug.Stack()))\n" +
			"\t\thttp.Error(w, \"internal error\", 500)\n\t}\n}()",
		Frameworks: []string{"net/http", "gin", "echo", "fiber", "chi/render", "fasthttp", "negroni", "pkg/errors"},
	}, nil, func(path string) bool { return replyGate(path) || path == negroni }, runMKT703)
}

const negroni = "github.com/urfave/negroni"

// plusV finds the verb that prints a stack.
var plusV = regexp.MustCompile(`%\+v`)

func runMKT703(p *pkg) []Hit {
	var hits []Hit
	if p.importsPath("runtime", "github.com/pkg/errors", "github.com/go-errors/errors", "github.com/juju/errors") {
		for _, r := range p.replies() {
			for _, l := range p.leaks(r) {
				if l.kind != leakStack && !p.printsStack(l) {
					continue
				}
				h := p.leakHit("MKT703", r, l)
				h.Message = "the client is sent a stack trace; log it and answer with a fixed message"
				if p.debugOnly(l.at) || p.debugOnly(r.at) {
					h.Class = rules.Review
				}
				hits = append(hits, h)
			}
		}
	}
	if !p.importsPath(negroni) {
		return mergePlaces(hits)
	}
	p.eachCall(paths(negroni), func(c *call) {
		made, ok := c.instr.(*ssa.Call)
		if !ok {
			return
		}
		switch c.callee() {
		case "Classic":
			hits = append(hits, p.hit("MKT703", c.instr, -1, "negroni.Classic answers panics with their stack trace; build the chain with a Recovery whose PrintStack is false"))
		case "NewRecovery":
			if p.switchedOff(made) {
				return
			}
			h := p.hit("MKT703", c.instr, -1, "this Recovery answers panics with their stack trace; set PrintStack to false")
			if p.debugOnly(c.instr) {
				h.Class = rules.Review
			}
			hits = append(hits, h)
		}
	})
	return mergePlaces(hits)
}

// printsStack reports whether an error is formatted by %+v and made by a
// package whose errors print their stack that way.
func (p *pkg) printsStack(l leak) bool {
	if l.kind != leakError || l.raw {
		return false
	}
	ci, ok := l.at.(ssa.CallInstruction)
	if !ok {
		return false
	}
	plus := slices.ContainsFunc(ci.Common().Args, func(a ssa.Value) bool {
		c, ok := a.(*ssa.Const)
		return ok && c.Value != nil && isText(c.Type()) && plusV.MatchString(c.Value.ExactString())
	})
	if !plus {
		return false
	}
	return p.derives(l.err, func(v ssa.Value) bool {
		x, ok := v.(*ssa.Call)
		if !ok {
			return false
		}
		c := p.asCall(x, paths("github.com/pkg/errors"))
		return c != nil && c.name != "Cause"
	})
}

// switchedOff reports whether a Recovery's PrintStack or Formatter is set, or
// the value goes where that may happen.
func (p *pkg) switchedOff(rec *ssa.Call) bool {
	for _, r := range *rec.Referrers() {
		switch x := r.(type) {
		case *ssa.FieldAddr:
			for _, fr := range *x.Referrers() {
				s, ok := fr.(*ssa.Store)
				if !ok || s.Addr != ssa.Value(x) {
					continue
				}
				switch fieldVar(x).Name() {
				case "PrintStack":
					if yes, _ := p.isTrue(s.Val); !yes {
						return true
					}
				case "Formatter":
					return true // what it writes is its own affair
				}
			}
		case *ssa.Store, *ssa.Return:
			return true
		}
	}
	return false
}
