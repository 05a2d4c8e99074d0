package code

import (
	"go/constant"
	"go/types"
	"regexp"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt206 flags GraphQL documents that are put together from strings.
func mkt206() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT206",
		Name:     "graphql-string-building",
		Title:    "GraphQL document is put together from strings",
		Class:    rules.Violation,
		Controls: []string{"no-injection-query", "input-validation-server"},
		CWE:      []int{943},
		Vector:   v81a,
		Flags: "A query or mutation that a concatenation or `fmt.Sprintf` builds around values. It is a violation where a value is input of this package; a review finding where it comes from elsewhere, " +
			"as a parameter of an exported function does.",
		Safe:        "A constant document with a variables object; parts that are numbers, constants, or chosen from constants (fragments, field lists, aliases).",
		Remediation: "Declare variables in the document and send the values in the variables object.",
		Wrong:       "query := fmt.Sprintf(`query { boards(ids: \"%s\") { name } }`, c.Query(\"board\"))",
		Right:       "query := `query ($ids: [ID!]) { boards(ids: $ids) { name } }`\nvars := map[string]any{\"ids\": []string{c.Query(\"board\")}}",
		Frameworks:  []string{"net/http", "machinebox/graphql", "Khan/genqlient"},
	}, nil, nil, runMKT206)
}

// document matches the beginning of a GraphQL operation, or of an anonymous one
// with a selection.
var document = regexp.MustCompile(`^\s*(?:(?:query|mutation|subscription)(?:\s+\w+)?\s*(?:\([^)]{0,400}\)\s*)?\{\s*[_A-Za-z]|\{\s*[_A-Za-z]\w*\s*(?:\([^)]{0,400}\))?\s*\{\s*[_A-Za-z])`)

func runMKT206(p *pkg) []Hit {
	var hits []Hit
	seen := map[ssa.Value]bool{}
	judge := func(v ssa.Value, instr ssa.Instruction) {
		if seen[v] {
			return
		}
		parts := flatText(v)
		seen[v] = true
		known := strings.Builder{}
		for _, part := range parts {
			if s, ok := constText(part); ok {
				known.WriteString(s)
			} else {
				known.WriteString("x")
			}
		}
		if !document.MatchString(known.String()) || strings.Contains(known.String(), "</") {
			return
		}
		if first, ok := constText(parts[0]); !ok || strings.TrimSpace(first) == "" {
			return // the document is another's, this adds to it
		}
		n := need{use: useGraph, media: anyForeign | fromContext | fromStore, doubtful: fromQueue | fromContext | fromStore}
		for _, part := range parts {
			if part == nil {
				continue
			}
			if _, ok := constText(part); ok || !carriesText(part.Type(), false, false) {
				continue
			}
			in := p.inputs().find(part, instr, n)
			if in == nil {
				if p.chosen(part) {
					continue
				}
				in = &inbound{what: "a value", doubtful: true}
			}
			h := Hit{Rule: "MKT206", Pos: instr.Pos(), Message: upper(in.what) + " becomes part of a GraphQL document, where it can change the query; send it in the variables object"}
			if e := p.callAt(instr.Pos()); e != nil {
				h.Pos, h.End = e.Pos(), e.End()
			}
			h.Steps = append(append(h.Steps, in.steps...), Step{h.Pos, "becomes part of a GraphQL document"})
			if !in.certain(n) {
				h.Class = rules.Review
			}
			hits = append(hits, h)
			return
		}
	}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		switch x := instr.(type) {
		case *ssa.BinOp:
			if b, ok := x.Type().Underlying().(*types.Basic); ok && b.Kind() == types.String && topConcat(x) && mentionsBrace(x, 0) {
				judge(x, x)
			}
		case *ssa.Call:
			fn := x.Call.StaticCallee()
			if fn == nil || fn.Name() != "Sprintf" || fn.Pkg == nil || fn.Pkg.Pkg.Path() != "fmt" {
				return
			}
			if s, ok := constText(x.Call.Args[0]); ok && strings.Contains(s, "{") {
				judge(x, x)
			}
		}
	})
	return hits
}

// topConcat reports whether a concatenation is not a part of another.
func topConcat(x *ssa.BinOp) bool {
	for _, r := range *x.Referrers() {
		if b, ok := r.(*ssa.BinOp); ok && b.Type() == x.Type() {
			return false
		}
	}
	return true
}

// mentionsBrace is a cheap test before the parts are looked at.
func mentionsBrace(v ssa.Value, depth int) bool {
	switch x := v.(type) {
	case *ssa.Const:
		return x.Value != nil && x.Value.Kind() == constant.String && strings.Contains(constant.StringVal(x.Value), "{")
	case *ssa.BinOp:
		return depth < 40 && (mentionsBrace(x.X, depth+1) || mentionsBrace(x.Y, depth+1))
	}
	return false
}

// chosen reports whether a value is only ever a constant, a number, or text made
// of these.
func (p *pkg) chosen(v ssa.Value) bool {
	ts, open := p.texts(v)
	if !open && len(ts) > 0 {
		for _, t := range ts {
			if strings.Contains(t.s, hole) {
				return false
			}
		}
		return true
	}
	v = unwrap(v)
	if ex, ok := v.(*ssa.Extract); ok && ex.Index == 0 {
		v = ex.Tuple
	}
	c, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	d := p.asCall(c, nil)
	if d == nil {
		return false
	}
	if d.on != nil && len(d.args) == 0 && d.name == "String" && !carriesText(d.on.Type(), false, false) {
		return true // a UUID, a number, an id
	}
	switch d.path {
	case "strconv", "time", "encoding/json", "encoding/base64", "encoding/hex":
		return true // numbers, times, and escaped text
	case "strings":
		if d.name == "Join" || d.name == "Repeat" || d.name == "TrimSpace" {
			return len(d.args) > 0 && p.constantSlice(d.args[0])
		}
	}
	return false
}

// constantSlice reports whether a slice or text is built of constants.
func (p *pkg) constantSlice(v ssa.Value) bool {
	if elems, ok := variadic(v); ok {
		for _, e := range elems {
			if _, ok := constText(e); !ok {
				return false
			}
		}
		return true
	}
	origins, more := p.origins(v)
	if more {
		return false
	}
	for _, o := range origins {
		if elems, ok := variadic(o.v); ok {
			for _, e := range elems {
				if _, ok := constText(e); !ok {
					return false
				}
			}
			continue
		}
		if _, ok := constText(o.v); !ok {
			return false
		}
	}
	return len(origins) > 0
}
