package code

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Security headers a package sends
//
// Three ways are read: a call that is given a header's name and its value side
// by side (Header().Set, gin's and fiber's setters, helpers of the package
// itself), an entry of a header map, and a field of the options of
// unrolled/secure, gin-contrib/secure, echo's Secure and fiber's helmet.

const (
	headerHSTS     = "Strict-Transport-Security"
	headerFrame    = "X-Frame-Options"
	headerReferrer = "Referrer-Policy"
	headerCSP      = "Content-Security-Policy"
	headerSniff    = "X-Content-Type-Options"
)

// trackedHeaders finds a header by its name in lower case.
var trackedHeaders = map[string]string{
	"strict-transport-security": headerHSTS, "x-frame-options": headerFrame, "referrer-policy": headerReferrer,
	"content-security-policy": headerCSP, "x-content-type-options": headerSniff,
}

// A headerUse is one place that decides on a header.
type headerUse struct {
	name     string
	pos, end token.Pos
	texts    []text
	open     bool  // there are other values than texts
	call     *call // nil for maps and options
}

// headerOptions are the fields of header middleware by type: the header each
// sets as text, and the field that holds the seconds of HSTS.
var headerOptions = map[string]struct {
	fields map[string]string
	hsts   string
}{
	"github.com/unrolled/secure Options":                {map[string]string{"CustomFrameOptionsValue": headerFrame, "ReferrerPolicy": headerReferrer, "ContentSecurityPolicy": headerCSP}, "STSSeconds"},
	"github.com/gin-contrib/secure Config":              {map[string]string{"CustomFrameOptionsValue": headerFrame, "ReferrerPolicy": headerReferrer, "ContentSecurityPolicy": headerCSP}, "STSSeconds"},
	"github.com/labstack/echo/middleware SecureConfig":  {map[string]string{"XFrameOptions": headerFrame, "ReferrerPolicy": headerReferrer, "ContentSecurityPolicy": headerCSP}, "HSTSMaxAge"},
	"github.com/gofiber/fiber/middleware/helmet Config": {map[string]string{"XFrameOptions": headerFrame, "ReferrerPolicy": headerReferrer, "ContentSecurityPolicy": headerCSP}, "HSTSMaxAge"},
	"github.com/gofiber/helmet Config":                  {map[string]string{"XFrameOptions": headerFrame, "ReferrerPolicy": headerReferrer, "ContentSecurityPolicy": headerCSP}, "HSTSMaxAge"},
}

var headerGate = paths("net/http", "github.com/gin-gonic/gin", "github.com/labstack/echo", "github.com/labstack/echo/middleware", "github.com/gofiber/fiber",
	"github.com/gofiber/fiber/middleware/helmet", "github.com/gofiber/helmet", "github.com/valyala/fasthttp", "github.com/unrolled/secure", "github.com/gin-contrib/secure")

// headerUses returns what the package sends, computed once.
func (p *pkg) headerUses() []headerUse {
	if p.headerList != nil {
		return p.headerList
	}
	p.headerList = []headerUse{}
	defer p.building("headers")()
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		switch x := instr.(type) {
		case ssa.CallInstruction:
			args := x.Common().Args
			for i := 0; i+1 < len(args); i++ {
				name := headerName(args[i])
				if name == "" || !isText(args[i+1].Type()) && !isStrings(args[i+1].Type()) {
					continue
				}
				c := p.asCall(x, nil)
				if c == nil || notSetter(c) {
					break
				}
				texts, open := p.headerTexts(args[i+1])
				pos, end := p.region(x, i+1-(len(args)-len(c.args)))
				p.headerList = append(p.headerList, headerUse{name, pos, end, texts, open, c})
				break
			}
		case *ssa.MapUpdate:
			if name := headerName(x.Key); name != "" && (isText(x.Value.Type()) || isStrings(x.Value.Type())) {
				texts, open := p.headerTexts(x.Value)
				p.headerList = append(p.headerList, headerUse{name: name, pos: x.Pos(), texts: texts, open: open})
			}
		}
	})
	p.literals(func(path, name string) bool { return headerOptions[path+" "+name].fields != nil }, func(l *literal) {
		opts := headerOptions[p.pathOf(l.typ.Obj().Pkg())+" "+l.typ.Obj().Name()]
		for field, name := range opts.fields {
			for _, s := range l.set[field] {
				texts, open := p.texts(s.Val)
				pos, end := p.valueRegion(s)
				p.headerList = append(p.headerList, headerUse{name: name, pos: pos, end: end, texts: texts, open: open})
			}
		}
	})
	slices.SortStableFunc(p.headerList, func(a, b headerUse) int { return int(a.pos - b.pos) })
	return p.headerList
}

// headerName returns the tracked header a constant names, or "".
func headerName(v ssa.Value) string {
	c, ok := v.(*ssa.Const)
	if !ok {
		mi, ok := v.(*ssa.MakeInterface)
		if !ok {
			return ""
		}
		if c, ok = mi.X.(*ssa.Const); !ok {
			return ""
		}
	}
	if c.Value == nil || c.Value.Kind() != constant.String {
		return ""
	}
	s := constant.StringVal(c.Value)
	if len(s) < len(headerReferrer) || len(s) > len(headerHSTS) {
		return ""
	}
	return trackedHeaders[strings.ToLower(s)]
}

// isStrings reports whether a type is a slice of strings.
func isStrings(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	if !ok {
		return false
	}
	b, ok := s.Elem().Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// notSetter reports whether a call that names a header and a text only reads,
// compares or logs.
func notSetter(c *call) bool {
	switch c.path {
	case "strings", "bytes", "fmt", "log", "log/slog", "errors", "regexp", "reflect", "slices":
		return true
	}
	return SplitName(c.name).Has("get", "del", "delete", "has", "contain", "contains", "equal", "assert", "require", "expect", "check", "match", "errorf", "logf", "debug", "info", "warn", "error", "with", "values", "replace", "remove", "report")
}

// headerTexts returns the texts of a header's value: a string, or the elements
// of a slice.
func (p *pkg) headerTexts(v ssa.Value) (all []text, open bool) {
	if isText(v.Type()) {
		return p.texts(v)
	}
	elems, ok := variadic(v)
	if !ok {
		return nil, true
	}
	for _, e := range elems {
		ts, more := p.texts(e)
		all, open = append(all, ts...), open || more
	}
	return all, open
}

// tooLate returns the instruction that has sent the headers before a call sets
// one, or nil. It knows net/http, gin and echo; fiber and fasthttp send a
// response as a whole.
func (p *pkg) tooLate(c *call) ssa.Instruction {
	var w ssa.Value
	switch {
	case c.path == "net/http" && c.recv == "Header" && (c.name == "Set" || c.name == "Add"):
		got, ok := unwrap(c.on).(*ssa.Call)
		if !ok {
			return nil
		}
		h := p.asCall(got, nil)
		if h == nil || h.name != "Header" || h.on == nil || !p.isResponse(h.on.Type()) {
			return nil
		}
		w = h.on
		if rc, ok := unwrap(w).(*ssa.Call); ok {
			if d := p.asCall(rc, nil); d != nil && d.path == "github.com/labstack/echo" && d.callee() == "Context.Response" {
				w = d.on
			}
		}
	case c.path == "github.com/gin-gonic/gin" && c.callee() == "Context.Header":
		w = c.on
	default:
		return nil
	}
	fn := c.instr.Parent()
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			ci, ok := instr.(*ssa.Call)
			if !ok || instr == ssa.Instruction(c.instr) || !before(instr, c.instr) {
				continue
			}
			if p.sends(ci, w) {
				return instr
			}
		}
	}
	return nil
}

// sends reports whether a call sends the headers of w.
func (p *pkg) sends(ci *ssa.Call, w ssa.Value) bool {
	common := ci.Common()
	is := func(v ssa.Value) bool { return sameValue(v, w) }
	c := p.asCall(ci, nil)
	if c == nil {
		// next(c) of an echo middleware
		return !common.IsInvoke() && common.StaticCallee() == nil && len(common.Args) == 1 && is(common.Args[0]) && p.isContext(w.Type())
	}
	if c.on != nil && is(c.on) {
		switch c.path + " " + c.callee() {
		case "net/http ResponseWriter.WriteHeader":
			code, ok := c.args[0].(*ssa.Const)
			return !ok || code.Value == nil || code.Int64() >= 200
		case "net/http ResponseWriter.Write", "github.com/gin-gonic/gin Context.Next":
			return true
		}
		_, reply := replyCalls[c.path+" "+c.callee()]
		return reply
	}
	switch c.path + " " + c.callee() {
	case "net/http Error", "net/http Redirect", "net/http Handler.ServeHTTP", "net/http HandlerFunc.ServeHTTP", "fmt Fprint", "fmt Fprintf", "fmt Fprintln", "io WriteString", "io Copy",
		"html/template Template.Execute", "html/template Template.ExecuteTemplate", "text/template Template.Execute", "text/template Template.ExecuteTemplate":
		return len(c.args) > 0 && is(c.args[0])
	}
	return false
}
