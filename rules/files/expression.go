package files

import (
	"strings"
)

// Expressions of GitHub workflows
//
// The grammar is that of GitHub's page "Evaluate expressions in workflows and
// actions": literals, contexts with `.name`, `['name']` and `.*`, calls,
// `! < <= > >= == != && ||` and parentheses. Names compare without case.

// An expr is a node of an expression.
type expr struct {
	op   string // "ref", "call", "literal", "!", "&&", "||", "==", …
	text string // the literal, or the function's name
	path []string
	args []*expr
}

// maxExprDepth and maxExprSize bound what is parsed.
const (
	maxExprDepth = 50
	maxExprSize  = 21_000 // GitHub's own limit
)

// An embedded expression is one `${{ … }}` of a text.
type embedded struct {
	text  string // with the braces
	inner string
	start int
}

// embeddedExprs finds the expressions of a text. One that is not closed ends
// the search.
func embeddedExprs(s string) []embedded {
	var out []embedded
	for i := 0; ; {
		j := strings.Index(s[i:], "${{")
		if j < 0 {
			return out
		}
		start := i + j
		end := exprEnd(s, start+3)
		if end < 0 {
			return out
		}
		out = append(out, embedded{s[start : end+2], s[start+3 : end], start})
		i = end + 2
	}
}

// exprEnd returns where "}}" closes an expression, -1 when nothing does. Text in
// single quotes does not count.
func exprEnd(s string, from int) int {
	quoted := false
	for i := from; i < len(s) && i < from+maxExprSize; i++ {
		switch {
		case s[i] == '\'':
			quoted = !quoted
		case !quoted && s[i] == '}' && i+1 < len(s) && s[i+1] == '}':
			return i
		}
	}
	return -1
}

// parseExpr parses the text between the braces, or of an `if`. ok is false when
// the text is none.
func parseExpr(s string) (e *expr, ok bool) {
	if len(s) > maxExprSize {
		return nil, false
	}
	p := &exprParser{s: s}
	p.next()
	e = p.binary(0, 0)
	return e, !p.bad && p.tok == ""
}

// An exprParser reads tokens: an operator, a name, a quoted text or a number.
type exprParser struct {
	s    string
	at   int
	tok  string
	kind byte // 'o' operator, 'n' name, 's' string, '0' number
	bad  bool
}

func nameByte(c byte) bool {
	return c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func (p *exprParser) next() {
	for p.at < len(p.s) && strings.IndexByte(" \t\r\n", p.s[p.at]) >= 0 {
		p.at++
	}
	if p.at >= len(p.s) {
		p.tok, p.kind = "", 0
		return
	}
	start := p.at
	switch c := p.s[p.at]; {
	case c == '\'':
		var b strings.Builder
		for p.at++; p.at < len(p.s); p.at++ {
			if p.s[p.at] != '\'' {
				b.WriteByte(p.s[p.at])
				continue
			}
			if p.at+1 < len(p.s) && p.s[p.at+1] == '\'' {
				b.WriteByte('\'')
				p.at++
				continue
			}
			p.at++
			p.tok, p.kind = "'"+b.String(), 's'
			return
		}
		p.fail()
	case c >= '0' && c <= '9' || c == '-' && p.at+1 < len(p.s) && p.s[p.at+1] >= '0' && p.s[p.at+1] <= '9':
		for p.at++; p.at < len(p.s) && (nameByte(p.s[p.at]) || p.s[p.at] == '.'); p.at++ {
		}
		p.tok, p.kind = p.s[start:p.at], '0'
	case nameByte(c):
		for p.at++; p.at < len(p.s) && nameByte(p.s[p.at]); p.at++ {
		}
		p.tok, p.kind = p.s[start:p.at], 'n'
	default:
		for _, op := range []string{"&&", "||", "==", "!=", "<=", ">="} {
			if strings.HasPrefix(p.s[p.at:], op) {
				p.at += 2
				p.tok, p.kind = op, 'o'
				return
			}
		}
		if strings.IndexByte("!<>()[].,*", c) < 0 {
			p.fail()
			return
		}
		p.at++
		p.tok, p.kind = string(c), 'o'
	}
}

func (p *exprParser) fail() { p.bad, p.tok, p.kind, p.at = true, "", 0, len(p.s) }

func (p *exprParser) op(o string) bool {
	if p.kind == 'o' && p.tok == o {
		p.next()
		return true
	}
	return false
}

// levels lists the binary operators, the loosest first.
var levels = [][]string{{"||"}, {"&&"}, {"==", "!="}, {"<", "<=", ">", ">="}}

func (p *exprParser) binary(level, depth int) *expr {
	if level == len(levels) {
		return p.unary(depth)
	}
	left := p.binary(level+1, depth)
	for {
		found := ""
		for _, o := range levels[level] {
			if p.kind == 'o' && p.tok == o {
				found = o
			}
		}
		if found == "" || p.bad {
			return left
		}
		p.next()
		left = &expr{op: found, args: []*expr{left, p.binary(level+1, depth)}}
	}
}

func (p *exprParser) unary(depth int) *expr {
	if depth > maxExprDepth {
		p.fail()
		return &expr{op: "literal"}
	}
	if p.op("!") {
		return &expr{op: "!", args: []*expr{p.unary(depth + 1)}}
	}
	if p.op("(") {
		e := p.binary(0, depth+1)
		if !p.op(")") {
			p.fail()
		}
		return p.index(e, depth)
	}
	tok, kind := p.tok, p.kind
	switch kind {
	case 's':
		p.next()
		return &expr{op: "literal", text: tok[1:]}
	case '0':
		p.next()
		return &expr{op: "literal", text: tok}
	case 'n':
		p.next()
		name := strings.ToLower(tok)
		if p.op("(") {
			e := &expr{op: "call", text: name}
			for !p.op(")") {
				e.args = append(e.args, p.binary(0, depth+1))
				if p.op(",") {
					continue
				}
				if !p.op(")") {
					p.fail()
				}
				break
			}
			return p.index(e, depth)
		}
		if name == "true" || name == "false" || name == "null" {
			return &expr{op: "literal", text: name}
		}
		return p.index(&expr{op: "ref", path: []string{name}}, depth)
	}
	p.fail()
	return &expr{op: "literal"}
}

// index reads what is taken out of a value.
func (p *exprParser) index(e *expr, depth int) *expr {
	for !p.bad {
		switch {
		case p.op("."):
			part := strings.ToLower(p.tok)
			if p.kind != 'n' && part != "*" {
				p.fail()
				return e
			}
			p.next()
			e.extend(part, 0)
		case p.op("["):
			inner := p.binary(0, depth+1)
			if !p.op("]") {
				p.fail()
				return e
			}
			part := "*"
			if inner.op == "literal" {
				part = strings.ToLower(inner.text)
			}
			e.extend(part, 0)
		default:
			return e
		}
	}
	return e
}

// extend takes a part out of a value: of a context, or of each that it may be,
// as in (github.event.issue || github.event.pull_request).title.
func (e *expr) extend(part string, depth int) {
	switch {
	case depth > maxExprDepth:
	case e.op == "ref":
		e.path = append(e.path, part)
	case e.op == "||" || e.op == "&&" || e.op == "call" && e.text == "fromjson":
		for _, a := range e.args {
			a.extend(part, depth+1)
		}
	}
}

// A flow is a context whose text becomes part of an expression's value. whole
// says that it is written out as JSON, with everything below it.
type flow struct {
	path  []string
	whole bool
}

// flows lists the contexts whose text an expression's value may hold. What only
// decides, like a comparison or contains(), does not flow.
func (e *expr) flows() []flow {
	var out []flow
	var walk func(e *expr, whole bool)
	walk = func(e *expr, whole bool) {
		switch e.op {
		case "ref":
			out = append(out, flow{e.path, whole})
		case "&&":
			walk(e.args[1], whole)
		case "||":
			walk(e.args[0], whole)
			walk(e.args[1], whole)
		case "call":
			switch e.text {
			case "tojson":
				for _, a := range e.args {
					walk(a, true)
				}
			case "format", "join", "fromjson", "case":
				for _, a := range e.args {
					walk(a, whole)
				}
			}
		}
	}
	walk(e, false)
	return out
}

// refs lists every context an expression mentions.
func (e *expr) refs() [][]string {
	var out [][]string
	var walk func(e *expr)
	walk = func(e *expr) {
		if e.op == "ref" {
			out = append(out, e.path)
		}
		for _, a := range e.args {
			walk(a)
		}
	}
	walk(e)
	return out
}

// A truth is what is known of a condition.
type truth int

const (
	perhaps truth = iota
	yes
	no
)

// A world says what is known of contexts: the text of a path, or that it is not
// known.
type world func(path string) (value string, known bool)

// during is the world of one event.
func during(event string) world {
	return func(path string) (string, bool) { return event, path == "github.event_name" }
}

// when evaluates a condition as far as the world decides it.
func (e *expr) when(w world) truth {
	known := func(e *expr) (string, bool) {
		switch e.op {
		case "literal":
			return strings.ToLower(e.text), true
		case "ref":
			return w(strings.Join(e.path, "."))
		}
		return "", false
	}
	of := func(b bool) truth {
		if b {
			return yes
		}
		return no
	}
	switch e.op {
	case "literal", "ref":
		if text, ok := known(e); ok {
			return of(text != "" && text != "false" && text != "0" && text != "null")
		}
	case "!":
		switch e.args[0].when(w) {
		case yes:
			return no
		case no:
			return yes
		}
	case "&&", "||":
		a, b := e.args[0].when(w), e.args[1].when(w)
		decisive, other := no, yes
		if e.op == "||" {
			decisive, other = yes, no
		}
		switch {
		case a == decisive || b == decisive:
			return decisive
		case a == other && b == other:
			return other
		}
	case "==", "!=":
		a, knownA := known(e.args[0])
		b, knownB := known(e.args[1])
		if knownA && knownB {
			return of((a == b) == (e.op == "=="))
		}
	case "call":
		if e.text == "contains" && len(e.args) == 2 && e.args[0].op == "call" && e.args[0].text == "fromjson" && len(e.args[0].args) == 1 && e.args[0].args[0].op == "literal" {
			if b, ok := known(e.args[1]); ok {
				return of(strings.Contains(strings.ToLower(e.args[0].args[0].text), `"`+b+`"`))
			}
		}
	}
	return perhaps
}

// condition parses an `if`, whose braces may be left out; nil when there is
// none or it cannot be read.
func condition(text string) *expr {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	if all := embeddedExprs(text); len(all) == 1 && all[0].text == text {
		text = all[0].inner
	}
	if e, ok := parseExpr(text); ok {
		return e
	}
	return nil
}
