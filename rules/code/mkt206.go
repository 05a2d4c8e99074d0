package code

import (
	"go/constant"
	"go/types"
	"regexp"
	"slices"
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
		Flags: "A query or mutation that a concatenation, `fmt.Sprintf`, a `strings.Builder` or a `bytes.Buffer` builds around values, by itself or inside the JSON of a request. It is a violation where a value is input of this package; a review finding where it comes from elsewhere, " +
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
	judge := func(parts []textPart) {
		parts = documentParts(parts)
		n := need{use: useGraph, media: anyForeign | fromContext | fromStore, doubtful: fromQueue | fromContext | fromStore}
		for _, part := range parts {
			if part.v == nil {
				continue
			}
			if _, ok := constText(part.v); ok || !carriesText(part.v.Type(), false, false) {
				continue
			}
			in := p.inputs().find(part.v, part.at, n)
			if in == nil {
				if p.chosen(part.v) {
					continue
				}
				in = &inbound{what: "a value", doubtful: true}
			}
			h := Hit{Rule: "MKT206", Pos: part.at.Pos(), Message: upper(in.what) + " becomes part of a GraphQL document, where it can change the query; send it in the variables object"}
			if e := p.callAt(part.at.Pos()); e != nil {
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
	whole := func(v ssa.Value, instr ssa.Instruction) {
		if !seen[v] {
			judge(textParts(v, instr))
		}
		seen[v] = true
	}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		switch x := instr.(type) {
		case *ssa.BinOp:
			if b, ok := x.Type().Underlying().(*types.Basic); ok && b.Kind() == types.String && topConcat(x) && mentionsBrace(x, 0) {
				whole(x, x)
			}
		case *ssa.Alloc:
			if isNamed(x.Type(), "strings", "Builder") || isNamed(x.Type(), "bytes", "Buffer") {
				judge(operation(p.builtText(x)))
			}
		case *ssa.Call:
			if parts := p.startedText(x); parts != nil {
				judge(parts)
				return
			}
			fn := x.Call.StaticCallee()
			if fn == nil || fn.Name() != "Sprintf" || fn.Pkg == nil || fn.Pkg.Pkg.Path() != "fmt" {
				return
			}
			if s, ok := constText(x.Call.Args[0]); ok && strings.Contains(s, "{") {
				whole(x, x)
			}
		}
	})
	return hits
}

// A textPart is a part of a text that is put together, and where it is added.
type textPart struct {
	v  ssa.Value
	at ssa.Instruction
}

func textParts(v ssa.Value, at ssa.Instruction) (out []textPart) {
	for _, part := range flatText(v) {
		out = append(out, textPart{part, at})
	}
	return out
}

// queryMember matches a JSON object up to the text of its member "query".
var queryMember = regexp.MustCompile(`^\s*\{(?:[^{}]*,)?\s*"query"\s*:\s*"`)

// documentParts returns the parts of a text that lie inside a GraphQL document:
// all of them when the text is one, those of the member "query" when the text is
// the JSON of a request; none when it is neither.
func documentParts(parts []textPart) []textPart {
	if len(parts) == 0 {
		return nil
	}
	if first, ok := constText(parts[0].v); !ok || strings.TrimSpace(first) == "" {
		return nil // the document is another's, this adds to it
	}
	var known strings.Builder
	var begins []int
	for _, part := range parts {
		begins = append(begins, known.Len())
		if s, ok := constText(part.v); ok {
			known.WriteString(s)
		} else {
			known.WriteString("x")
		}
	}
	text := known.String()
	if strings.Contains(text, "</") {
		return nil
	}
	member := queryMember.FindStringIndex(text)
	if member == nil {
		if document.MatchString(text) {
			return parts
		}
		return nil
	}
	from, to := member[1], len(text)
	for i := from; i < len(text); i++ {
		if text[i] == '\\' {
			i++
		} else if text[i] == '"' {
			to = i
			break
		}
	}
	if !document.MatchString(strings.NewReplacer(`\"`, `"`, `\n`, "\n", `\t`, "\t", `\r`, "").Replace(text[from:to])) {
		return nil
	}
	var inside []textPart
	for i, part := range parts {
		if begins[i] >= from && begins[i] < to {
			inside = append(inside, part)
		}
	}
	return inside
}

// builtText returns the parts that a builder or buffer is given in the function
// it stands in, in the order of the source.
func (p *pkg) builtText(v ssa.Value) []textPart {
	var writes []textPart
	for _, r := range *v.Referrers() {
		users := []ssa.Instruction{r}
		if mi, ok := r.(*ssa.MakeInterface); ok {
			users = *mi.Referrers()
		}
		for _, user := range users {
			x, ok := user.(*ssa.Call)
			if !ok {
				continue
			}
			d := p.asCall(x, paths("strings", "bytes", "fmt", "io"))
			if d == nil {
				continue
			}
			switch d.path + "." + d.name {
			case "strings.WriteString", "bytes.WriteString", "strings.Write", "bytes.Write":
				if d.on == v {
					writes = append(writes, textPart{d.args[0], x})
				}
			case "io.WriteString":
				writes = append(writes, textPart{d.args[1], x})
			case "fmt.Fprintf", "fmt.Fprint", "fmt.Fprintln":
				writes = append(writes, textPart{nil, x})
			case "strings.Reset", "bytes.Reset", "bytes.Truncate":
				return nil
			}
		}
	}
	slices.SortFunc(writes, func(a, b textPart) int { return int(a.at.Pos()) - int(b.at.Pos()) })
	var out []textPart
	for _, w := range writes {
		if w.v != nil {
			out = append(out, textParts(w.v, w.at)...)
			continue
		}
		args := w.at.(*ssa.Call).Call.Args
		rest, known := variadic(args[len(args)-1])
		if !known {
			continue
		}
		if len(args) == 2 { // Fprint, Fprintln
			for _, a := range rest {
				out = append(out, textParts(a, w.at)...)
			}
			continue
		}
		if format, ok := constText(args[1]); ok {
			t := &taint{}
			for _, part := range t.formatParts(format, rest) {
				out = append(out, textPart{part, w.at})
			}
		}
	}
	return out
}

// startedText is builtText for a buffer that begins with a text.
func (p *pkg) startedText(x *ssa.Call) []textPart {
	d := p.asCall(x, paths("bytes"))
	if d == nil || d.name != "NewBufferString" && d.name != "NewBuffer" || len(*x.Referrers()) < 2 {
		return nil
	}
	first, ok := constText(unwrap(d.args[0]))
	if !ok || first == "" {
		return nil
	}
	rest := p.builtText(x)
	if len(rest) == 0 {
		return nil
	}
	return operation(append(textParts(d.args[0], x), rest...))
}

// operation returns parts that begin a named GraphQL operation or the JSON of
// one: a lone brace begins much else that is written piece by piece.
func operation(parts []textPart) []textPart {
	var known strings.Builder
	for _, part := range parts {
		s, ok := constText(part.v)
		if !ok {
			break
		}
		known.WriteString(s)
	}
	if !operationBegins.MatchString(known.String()) {
		return nil
	}
	return parts
}

var operationBegins = regexp.MustCompile(`^\s*(?:(?:query|mutation|subscription)\b|\{(?:[^{}]*,)?\s*"query"\s*:)`)

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
	if load, ok := v.(*ssa.UnOp); ok {
		if at, ok := load.X.(*ssa.IndexAddr); ok {
			return p.constantSlice(at.X)
		}
	}
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
