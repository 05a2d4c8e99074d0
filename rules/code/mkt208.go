package code

import (
	"go/constant"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt208 flags input written as HTML through frameworks, and input that is
// declared safe for html/template. MKT203/xss is the same for net/http.
func mkt208() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT208",
		Name:     "xss-frameworks",
		Title:    "Request or stored input is written as HTML",
		Class:    rules.Violation,
		Controls: []string{"output-encoding", "input-validation-server"},
		CWE:      []int{79},
		Vector:   v61,
		Flags: "Input in echo's `HTML` and `HTMLBlob`, in gin's `Data`, echo's `Blob` and fiber's and fasthttp's bodies with an HTML content type, in chi's `render.HTML`, in gin's and echo's response writers, " +
			"and input converted to `template.HTML`, `HTMLAttr`, `JS`, `JSStr`, `CSS`, `URL` or `Srcset`, which html/template does not escape. Stored input, headers and cookies are review findings.",
		Safe: "html/template and templ; `html.EscapeString`, `template.HTMLEscapeString`, bluemonday; a content type that is not HTML (the default of gin's `String`, echo's `String`, fiber and fasthttp); " +
			"a text whose constant beginning is no tag, where the content type is guessed.",
		Remediation: "Render HTML with html/template and leave escaping to it.",
		Wrong:       "c.HTML(http.StatusOK, \"<h1>Hello \"+c.QueryParam(\"name\")+\"</h1>\")",
		Right:       "c.Render(http.StatusOK, \"hello\", c.QueryParam(\"name\"))",
		Frameworks:  []string{"net/http", "gin", "echo", "fiber", "fasthttp", "chi/render", "html/template"},
	}, nil, inputPackages, runMKT208)
}

func pageNeed() need {
	return need{use: useHTML, media: anyForeign | fromContext | fromStore | fromPeer,
		doubtful: fromHeader | fromCookie | fromHost | fromQueue | fromContext | fromStore | fromPeer | fromFile | fromRPC}
}

func runMKT208(p *pkg) []Hit {
	if !p.inputs().possible {
		return nil
	}
	hits := p.pageHits("MKT208", frameworkWriter)
	hits = append(hits, p.trustedHits()...)
	return hits
}

// writerKind says which response writers a rule looks at.
type writerKind int

const (
	httpWriter writerKind = iota
	frameworkWriter
)

// A pageWrite is a call that writes to a response.
type pageWrite struct {
	c    *call
	kind writerKind
	// parts are what is written, in order; constants among them.
	parts []ssa.Value
	// page is what the call itself says about the content type.
	page pageType
}

type pageType int

const (
	pageUnset   pageType = iota // the content type is guessed from the text
	pageHTML                    // HTML, or another type that runs scripts
	pageOther                   // certainly no HTML
	pageUnknown                 // set to a value that is not known
)

// htmlCalls of frameworks write HTML: the arguments are what is written.
var htmlCalls = sinkCalls(map[string]string{
	pathEcho:                          `Context.HTML:1 Context.HTMLBlob:1`,
	"github.com/go-chi/render":        `HTML:2`,
	"github.com/kataras/iris/context": `Context.HTML:0`,
})

// typedCalls of frameworks take a content type and what is written.
var typedCalls = sinkCalls(map[string]string{
	pathGin:  `Context.Data:1,2`,
	pathEcho: `Context.Blob:1,2`,
})

// plainCalls of frameworks write text that is plain unless a content type was
// set before.
var plainCalls = sinkCalls(map[string]string{
	pathFiber:    `Ctx.Send:0 Ctx.SendString:0 Ctx.Write:0 Ctx.WriteString:0 Ctx.Writef:1`,
	pathFasthttp: `RequestCtx.Write:0 RequestCtx.WriteString:0 RequestCtx.SetBody:0 RequestCtx.SetBodyString:0 RequestCtx.Success:1 RequestCtx.SuccessString:1`,
})

// pageWrites lists the package's writes to responses.
func (p *pkg) pageWrites() []pageWrite {
	if p.pageList == nil {
		p.pageList = append([]pageWrite{}, p.findPageWrites()...)
	}
	return p.pageList
}

func (p *pkg) findPageWrites() []pageWrite {
	m := p.inputs()
	var out []pageWrite
	p.each(htmlCalls, func(c *call, args []int) {
		out = append(out, pageWrite{c, frameworkWriter, flatText(c.arg(args[0])), pageHTML})
	})
	p.each(typedCalls, func(c *call, args []int) {
		out = append(out, pageWrite{c, frameworkWriter, flatText(c.arg(args[1])), p.typeOf(c.arg(args[0]))})
	})
	p.each(plainCalls, func(c *call, args []int) {
		page := p.contentType(c.instr, 0)
		if page == pageUnset {
			page = pageOther
		}
		out = append(out, pageWrite{c, frameworkWriter, flatText(c.arg(args[0])), page})
	})
	for _, c := range m.calls("net/http", "fmt", "io", pathGin, pathEcho) {
		var dest ssa.Value
		var parts []ssa.Value
		switch c.path + "." + c.callee() {
		case "net/http.ResponseWriter.Write", pathGin + ".ResponseWriter.WriteString", pathEcho + ".Response.Write", pathGin + ".ResponseWriter.Write":
			dest, parts = c.on, flatText(c.arg(0))
		case "io.WriteString":
			dest, parts = c.args[0], flatText(c.args[1])
		case "fmt.Fprint", "fmt.Fprintln":
			dest = c.args[0]
			if rest, ok := variadic(c.args[1]); ok {
				parts = rest
			} else {
				parts = []ssa.Value{c.args[1]}
			}
		case "fmt.Fprintf":
			dest = c.args[0]
			rest, known := variadic(c.args[2])
			format, ok := constText(c.args[1])
			switch {
			case ok && known:
				t := &taint{m: m, need: pageNeed()}
				parts = t.formatParts(format, rest)
			default:
				parts = append([]ssa.Value{c.args[1]}, c.args[2])
			}
		default:
			continue
		}
		kind, ok := p.writerOf(dest)
		if !ok {
			continue
		}
		out = append(out, pageWrite{c, kind, parts, p.contentType(c.instr, 0)})
	}
	return out
}

// writerOf reports whether a writer is a response, and whose.
func (p *pkg) writerOf(v ssa.Value) (writerKind, bool) {
	v = unwrapInterface(v)
	n := namedType(v.Type())
	if n == nil || n.Obj().Pkg() == nil {
		return 0, false
	}
	switch p.pathOf(n.Obj().Pkg()) + "." + n.Obj().Name() {
	case "net/http.ResponseWriter":
		return httpWriter, true
	case pathGin + ".ResponseWriter", pathEcho + ".Response":
		return frameworkWriter, true
	}
	return 0, false
}

// flatText splits what is written into the parts of a concatenation or format.
func flatText(v ssa.Value) []ssa.Value {
	if v == nil {
		return nil
	}
	var parts []ssa.Value
	var flatten func(v ssa.Value, n int)
	flatten = func(v ssa.Value, n int) {
		v = unwrap(v)
		if b, ok := v.(*ssa.BinOp); ok && n < 40 {
			flatten(b.X, n+1)
			flatten(b.Y, n+1)
			return
		}
		if c, ok := v.(*ssa.Call); ok && n < 4 {
			if fn := c.Call.StaticCallee(); fn != nil && fn.Pkg != nil && fn.Pkg.Pkg.Path() == "fmt" && fn.Name() == "Sprintf" {
				format, ok := constText(c.Call.Args[0])
				rest, known := variadic(c.Call.Args[1])
				if ok && known {
					t := &taint{}
					parts = append(parts, t.formatParts(format, rest)...)
					return
				}
			}
		}
		parts = append(parts, v)
	}
	flatten(v, 0)
	return parts
}

// typeOf classifies a content type.
func (p *pkg) typeOf(v ssa.Value) pageType {
	ts, open := p.texts(v)
	if open || len(ts) == 0 {
		return pageUnknown
	}
	page := pageOther
	for _, t := range ts {
		s := strings.ToLower(t.s)
		if strings.Contains(s, "html") || strings.Contains(s, "svg") || strings.HasPrefix(s, "text/xml") || strings.HasPrefix(s, "application/xml") {
			page = pageHTML
		} else if strings.Contains(s, hole) && !strings.Contains(s, "/") {
			return pageUnknown
		}
	}
	return page
}

// contentType says which content type was set before an instruction, in its
// function or by the function's callers.
func (p *pkg) contentType(at ssa.Instruction, depth int) pageType {
	fn := at.Parent()
	page, maybe := pageUnset, false
	for _, b := range fn.Blocks {
		dominates := b.Dominates(at.Block())
		for _, instr := range b.Instrs {
			if instr == at {
				break
			}
			ci, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			set, ok := p.setsType(ci)
			switch {
			case !ok:
			case dominates:
				page = set
			default:
				maybe = maybe || set != pageOther
			}
		}
	}
	if page != pageUnset {
		return page
	}
	if maybe {
		return pageUnknown
	}
	if depth < 2 {
		for _, site := range p.inputs().callSites(fn) {
			if got := p.contentType(site, depth+1); got != pageUnset {
				return got
			}
		}
	}
	return pageUnset
}

// setsType reports whether a call sets the content type, or makes the browser
// save the response.
func (p *pkg) setsType(ci ssa.CallInstruction) (pageType, bool) {
	d := p.asCall(ci, nil)
	if d == nil {
		return 0, false
	}
	switch d.name {
	case "SetContentType", "ContentType":
		if len(d.args) == 1 {
			return p.typeOf(d.args[0]), true
		}
	case "Type":
		if d.path == pathFiber && len(d.args) > 0 {
			return p.typeOf(d.args[0]), true
		}
	case "Set", "Add", "Header", "Append":
		if len(d.args) != 2 {
			return 0, false
		}
		name, ok := constText(d.args[0])
		switch {
		case ok && strings.EqualFold(name, "Content-Type"):
			return p.typeOf(d.args[1]), true
		case ok && strings.EqualFold(name, "Content-Disposition"):
			if ts, _ := p.texts(d.args[1]); len(ts) > 0 && strings.HasPrefix(ts[0].s, "attachment") {
				return pageOther, true
			}
		}
	default:
		// A helper of the package that sets it.
		for _, fn := range p.inputs().callees(ci) {
			for _, instr := range fn.Blocks[0].Instrs {
				if inner, ok := instr.(*ssa.Call); ok {
					if c := p.asCall(inner, paths("net/http")); c != nil && c.callee() == "Header.Set" {
						if name, ok := constText(c.args[0]); ok && strings.EqualFold(name, "Content-Type") {
							return p.typeOf(c.args[1]), true
						}
					}
				}
			}
		}
	}
	return 0, false
}

// pageHits judges what is written to responses of one kind.
func (p *pkg) pageHits(rule string, kind writerKind) []Hit {
	m := p.inputs()
	n := pageNeed()
	var hits []Hit
	all := p.pageWrites()
	for _, w := range all {
		if w.kind != kind || w.page == pageOther {
			continue
		}
		for _, part := range w.parts {
			if part == nil {
				continue
			}
			if _, ok := part.(*ssa.Const); ok {
				continue
			}
			in := m.find(part, w.c.instr, n)
			if in == nil {
				continue
			}
			page := w.page
			if page == pageUnset {
				page = p.guessed(w, all)
			}
			if page == pageOther {
				break
			}
			if page == pageUnknown {
				in.doubtful = true
			}
			hits = append(hits, p.reached(rule, w.c, in, n, "is written as HTML; render it with html/template, or escape it"))
			break
		}
	}
	return hits
}

// guessed says what http.DetectContentType makes of a response: HTML when its
// first text begins with a tag, or with what others choose.
func (p *pkg) guessed(w pageWrite, all []pageWrite) pageType {
	first := w
	for _, o := range all {
		if o.c.instr.Parent() == w.c.instr.Parent() && o.c.instr != w.c.instr && before(o.c.instr, first.c.instr) && !blank(o.parts) {
			first = o
		}
	}
	for _, part := range first.parts {
		if part == nil {
			continue
		}
		if c, ok := part.(*ssa.Const); ok {
			s := ""
			if c.Value != nil && c.Value.Kind() == constant.String {
				s = strings.TrimLeft(constant.StringVal(c.Value), "\t\n\x0c\r ")
			}
			if s == "" {
				continue
			}
			if s[0] == '<' {
				return pageHTML
			}
			return pageOther
		}
		if page := p.beginning(part); page != pageUnset {
			return page
		}
		if first.c.instr != w.c.instr && p.inputs().find(part, first.c.instr, pageNeed()) == nil {
			return pageUnknown // begins with a text that is not known
		}
		if p.inputs().find(part, first.c.instr, pageNeed()) != nil && !p.filledIn(part, 0) {
			return pageHTML
		}
		return pageUnknown
	}
	return pageHTML
}

// beginning says what the constant beginnings of a text mean for the content
// type that is guessed, pageUnset where none is known: a helper that formats
// what its callers give begins as their formats do.
func (p *pkg) beginning(v ssa.Value) pageType {
	ts, open := p.texts(v)
	tags, others := false, false
	for _, t := range ts {
		s := strings.TrimLeft(t.s, "\t\n\x0c\r ")
		switch {
		case s == "":
		case strings.HasPrefix(s, hole):
			open = true
		case s[0] == '<':
			tags = true
		default:
			others = true
		}
	}
	switch {
	case others && !tags && !open:
		return pageOther
	case others:
		return pageUnknown
	case tags && !open:
		return pageHTML
	}
	return pageUnset
}

// filledIn reports whether a text is one of the program's in which words are
// replaced by input (strings.Replace): it does not begin with the input, and how
// it begins is not known.
func (p *pkg) filledIn(v ssa.Value, depth int) bool {
	c, ok := unwrap(v).(*ssa.Call)
	if !ok || depth > 2 {
		return false
	}
	if d := p.asCall(c, paths("strings", "bytes")); d != nil {
		return (d.name == "Replace" || d.name == "ReplaceAll") && p.inputs().find(d.args[0], c, pageNeed()) == nil
	}
	fn := c.Call.StaticCallee()
	if fn == nil || fn.Pkg != p.ssa.Pkg || fn.Signature.Results().Len() != 1 {
		return false
	}
	found := false
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		switch {
		case !ok:
		case !p.filledIn(ret.Results[0], depth+1):
			return false
		default:
			found = true
		}
	}
	return found
}

func blank(parts []ssa.Value) bool {
	return !slices.ContainsFunc(parts, func(v ssa.Value) bool {
		s, ok := constText(v)
		return v != nil && (!ok || strings.TrimSpace(s) != "")
	})
}

// before reports whether a certainly runs before b, which is in the same
// function.
func before(a, b ssa.Instruction) bool {
	if a.Block() != b.Block() {
		return a.Block().Dominates(b.Block())
	}
	for _, instr := range a.Block().Instrs {
		if instr == a {
			return true
		}
		if instr == b {
			return false
		}
	}
	return false
}
