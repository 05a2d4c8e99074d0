package code

import (
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// What reaches the client
//
//	calls that answer a request ──► values they send ──► errors, stacks and recovered
//	(replies)                        (walked backwards)    panics among them (leaks)
//
// A reply is a call that sends something to a client: http.Error, a write to a
// ResponseWriter, a framework's JSON or String, an error type the framework
// renders, a gRPC status. From what it sends, the walk goes backwards through
// text functions, maps, struct literals, locals, and functions of the package,
// until it meets an error whose text is included. It is sensitive to the call
// it came through: what one caller passes to a helper is never attributed to
// another.

// A reply is a call, or a literal of a framework's error type, that sends
// values to a client.
type reply struct {
	at   ssa.Instruction
	call *call // nil for a literal
	arg  int   // the argument the values stand in
	vals []ssa.Value
	// encoded is true when the values are encoded field by field (JSON, XML);
	// an error value then shows its fields, not its text.
	encoded bool
}

// replyArg says which argument of a call is sent, and how.
type replyArg struct {
	arg     int
	encoded bool
}

// replyCalls lists the calls that answer a request, by clean path and callee.
var replyCalls = map[string]replyArg{
	"net/http Error": {1, false}, "net/http ResponseWriter.Write": {0, false},

	"github.com/gin-gonic/gin Context.JSON": {1, true}, "github.com/gin-gonic/gin Context.IndentedJSON": {1, true},
	"github.com/gin-gonic/gin Context.PureJSON": {1, true}, "github.com/gin-gonic/gin Context.SecureJSON": {1, true},
	"github.com/gin-gonic/gin Context.AsciiJSON": {1, true}, "github.com/gin-gonic/gin Context.JSONP": {1, true},
	"github.com/gin-gonic/gin Context.AbortWithStatusJSON": {1, true}, "github.com/gin-gonic/gin Context.AbortWithStatusPureJSON": {1, true},
	"github.com/gin-gonic/gin Context.XML": {1, true}, "github.com/gin-gonic/gin Context.YAML": {1, true}, "github.com/gin-gonic/gin Context.TOML": {1, true},
	"github.com/gin-gonic/gin Context.String": {1, false}, "github.com/gin-gonic/gin Context.Data": {2, false}, "github.com/gin-gonic/gin Context.HTML": {2, true},
	"github.com/gin-gonic/gin ResponseWriter.WriteString": {0, false},

	"github.com/labstack/echo Context.JSON": {1, true}, "github.com/labstack/echo Context.JSONPretty": {1, true}, "github.com/labstack/echo Context.JSONP": {2, true},
	"github.com/labstack/echo Context.XML": {1, true}, "github.com/labstack/echo Context.XMLPretty": {1, true}, "github.com/labstack/echo Context.String": {1, false},
	"github.com/labstack/echo Context.HTML": {1, false}, "github.com/labstack/echo Context.HTMLBlob": {1, false}, "github.com/labstack/echo Context.Blob": {2, false},
	"github.com/labstack/echo Context.JSONBlob": {1, false}, "github.com/labstack/echo Context.XMLBlob": {1, false}, "github.com/labstack/echo Context.Render": {2, true},
	"github.com/labstack/echo NewHTTPError": {1, false}, "github.com/labstack/echo Response.Write": {0, false},

	"github.com/gofiber/fiber Ctx.JSON": {0, true}, "github.com/gofiber/fiber Ctx.JSONP": {0, true}, "github.com/gofiber/fiber Ctx.XML": {0, true},
	"github.com/gofiber/fiber Ctx.Format": {0, false}, "github.com/gofiber/fiber Ctx.Send": {0, false}, "github.com/gofiber/fiber Ctx.SendString": {0, false},
	"github.com/gofiber/fiber Ctx.Write": {0, false}, "github.com/gofiber/fiber Ctx.WriteString": {0, false}, "github.com/gofiber/fiber Ctx.Writef": {0, false},
	"github.com/gofiber/fiber Ctx.Render": {1, true}, "github.com/gofiber/fiber NewError": {1, false},

	"github.com/valyala/fasthttp RequestCtx.Error": {0, false}, "github.com/valyala/fasthttp RequestCtx.Write": {0, false},
	"github.com/valyala/fasthttp RequestCtx.WriteString": {0, false}, "github.com/valyala/fasthttp RequestCtx.SetBody": {0, false},
	"github.com/valyala/fasthttp RequestCtx.SetBodyString": {0, false}, "github.com/valyala/fasthttp Response.SetBody": {0, false},
	"github.com/valyala/fasthttp Response.SetBodyString": {0, false}, "github.com/valyala/fasthttp Response.AppendBodyString": {0, false},

	"github.com/go-chi/render JSON": {2, true}, "github.com/go-chi/render XML": {2, true}, "github.com/go-chi/render Respond": {2, true},
	"github.com/go-chi/render Render": {2, true}, "github.com/go-chi/render PlainText": {2, false}, "github.com/go-chi/render HTML": {2, false},
	"github.com/go-chi/render Data":          {2, false},
	"github.com/unrolled/render Render.JSON": {2, true}, "github.com/unrolled/render Render.XML": {2, true}, "github.com/unrolled/render Render.Text": {2, false},

	"google.golang.org/grpc/status Error": {1, false}, "google.golang.org/grpc/status Errorf": {1, false},
	"google.golang.org/grpc/status New": {1, false}, "google.golang.org/grpc/status Newf": {1, false},
	"connectrpc.com/connect NewError": {1, false},
}

// formatted are replies whose arguments after the first sent one fill a format.
var formatted = map[string]bool{
	"github.com/gin-gonic/gin Context.String": true, "github.com/gofiber/fiber Ctx.Writef": true,
	"google.golang.org/grpc/status Errorf": true, "google.golang.org/grpc/status Newf": true,
}

// replyErrors are error types that frameworks render, with the field they show.
var replyErrors = map[string]string{
	"github.com/labstack/echo HTTPError": "Message", "github.com/gofiber/fiber Error": "Message",
}

var replyGate = func() func(string) bool {
	set := map[string]bool{"net/http": true}
	for key := range replyCalls {
		path, _, _ := strings.Cut(key, " ")
		set[path] = true
	}
	return func(path string) bool { return set[path] }
}()

// replies returns the package's replies, computed once.
func (p *pkg) replies() []reply {
	if p.replyList != nil {
		return p.replyList
	}
	p.replyList = []reply{}
	defer p.building("replies")()
	add := func(r reply) { p.replyList = append(p.replyList, r) }
	gate := func(path string) bool {
		return replyGate(path) || path == "fmt" || path == "io" || path == "encoding/json" || path == "encoding/xml"
	}
	p.eachCall(gate, func(c *call) {
		key := c.path + " " + c.callee()
		if a, ok := replyCalls[key]; ok {
			if a.arg >= len(c.args) {
				return
			}
			vals := []ssa.Value{c.args[a.arg]}
			if formatted[key] {
				vals = c.args[a.arg:]
			}
			add(reply{at: c.instr, call: c, arg: a.arg, vals: vals, encoded: a.encoded})
			return
		}
		switch key {
		case "fmt Fprint", "fmt Fprintf", "fmt Fprintln", "io WriteString":
			if p.toClient(c.args[0]) {
				add(reply{at: c.instr, call: c, arg: 1, vals: c.args[1:]})
			}
		case "encoding/json Encoder.Encode", "encoding/xml Encoder.Encode":
			if origins, _ := p.origins(c.on); len(origins) == 1 {
				made, ok := origins[0].v.(*ssa.Call)
				if ok && len(made.Call.Args) == 1 && p.toClient(made.Call.Args[0]) {
					add(reply{at: c.instr, call: c, arg: 0, vals: c.args, encoded: true})
				}
			}
		default:
			// Write on a type that wraps a ResponseWriter.
			if c.name == "Write" && c.on != nil && len(c.args) == 1 && p.toClient(c.on) {
				add(reply{at: c.instr, call: c, vals: c.args})
			}
		}
	})
	p.literals(func(path, name string) bool { return replyErrors[path+" "+name] != "" }, func(l *literal) {
		for _, s := range l.set[replyErrors[p.pathOf(l.typ.Obj().Pkg())+" "+l.typ.Obj().Name()]] {
			add(reply{at: s, vals: []ssa.Value{s.Val}})
		}
	})
	return p.replyList
}

// toClient reports whether a writer is a response.
func (p *pkg) toClient(w ssa.Value) bool {
	origins, more := p.origins(w)
	if more {
		return false
	}
	for _, o := range origins {
		if !p.isResponse(o.v.Type()) {
			return false
		}
	}
	return len(origins) > 0
}

// isResponse reports whether a type is a response a handler writes to.
func (p *pkg) isResponse(t types.Type) bool {
	if n := namedType(t); n != nil && n.Obj().Pkg() != nil {
		switch p.pathOf(n.Obj().Pkg()) + " " + n.Obj().Name() {
		case "net/http ResponseWriter", "github.com/gin-gonic/gin ResponseWriter", "github.com/labstack/echo Response", "github.com/valyala/fasthttp RequestCtx",
			"github.com/gofiber/fiber Ctx":
			return true
		case "net/http/httptest ResponseRecorder":
			return false
		}
	}
	iface := p.responseWriter()
	return iface != nil && types.Implements(t, iface)
}

// responseWriter returns the interface http.ResponseWriter, or nil when the
// package does not import net/http.
func (p *pkg) responseWriter() *types.Interface {
	for _, imp := range p.types.Imports() {
		if imp.Path() != "net/http" {
			continue
		}
		if obj := imp.Scope().Lookup("ResponseWriter"); obj != nil {
			iface, _ := obj.Type().Underlying().(*types.Interface)
			return iface
		}
	}
	return nil
}

// A leakKind says what a client gets to see.
type leakKind int

const (
	leakError     leakKind = iota // an error's text
	leakStack                     // a stack trace
	leakRecovered                 // what a panic was called with
)

// A leak is an error, a stack or a recovered value that a reply includes.
type leak struct {
	kind leakKind
	err  ssa.Value // the error, for leakError
	// at is where it becomes part of the text: a call of Error, or the call the
	// error is given to.
	at     ssa.Instruction
	within *replyFrame // the calls that lead to at
	// raw is true when an encoder gets the error itself, so that its fields are
	// sent and not its text.
	raw bool
	// by names a function of another package that the error is given to and
	// that made what is sent; whether its text is in there is not known.
	by    string
	steps []Step // from at to the reply
}

// A replyFrame is a call the walk has entered backwards, through its result.
type replyFrame struct {
	call   ssa.CallInstruction
	fn     *ssa.Function
	parent *replyFrame
}

// depth counts the frames.
func (fr *replyFrame) depth() int {
	n := 0
	for ; fr != nil; fr = fr.parent {
		n++
	}
	return n
}

// A tracer walks from a reply to what it includes.
type tracer struct {
	p    *pkg
	seen map[traced]bool
	out  []leak
}

type traced struct {
	v  ssa.Value
	fr *replyFrame
}

// maxTraced bounds one walk.
const maxTraced = 400

// leaks returns what a reply includes.
func (p *pkg) leaks(r reply) []leak {
	t := &tracer{p: p, seen: map[traced]bool{}}
	for _, v := range r.vals {
		t.walk(v, r.at, nil, r.encoded, nil)
	}
	return t.out
}

// isErrorType reports whether values of a type are errors.
func isErrorType(t types.Type) bool { return types.Implements(t, errorInterface) }

func (t *tracer) emit(l leak) { t.out = append(t.out, l) }

// walk looks for leaks in v, which at uses. encoded says whether v is encoded
// field by field.
func (t *tracer) walk(v ssa.Value, at ssa.Instruction, fr *replyFrame, encoded bool, steps []Step) {
	if v == nil || len(t.seen) > maxTraced {
		return
	}
	if c, ok := v.(*ssa.Const); ok && (c.Value != nil || c.IsNil()) {
		return
	}
	if t.seen[traced{v, fr}] {
		return
	}
	t.seen[traced{v, fr}] = true
	if x, ok := v.(*ssa.MakeInterface); ok && encoded {
		if al := literalBehind(x.X); al != nil {
			t.fields(al, at, fr, steps) // an error type of its own that is encoded by its fields
			return
		}
	}
	if isErrorType(v.Type()) {
		t.emit(leak{kind: leakError, err: v, at: at, within: fr, raw: encoded, steps: steps})
		return
	}
	next := func(v ssa.Value) { t.walk(v, at, fr, encoded, steps) }
	if from := converted(v); from != nil {
		next(from)
		return
	}
	switch x := v.(type) {
	case *ssa.Phi:
		for _, e := range x.Edges {
			next(e)
		}
	case *ssa.BinOp:
		if x.Op == token.ADD {
			next(x.X)
			next(x.Y)
		}
	case *ssa.Slice:
		if filled := stackBuffer(x.X); filled != nil {
			t.stack(x.X, filled, at, fr, steps)
			return
		}
		next(x.X)
	case *ssa.Alloc:
		t.alloc(x, at, fr, encoded, steps)
	case *ssa.MakeSlice:
		if filled := stackBuffer(x); filled != nil {
			t.stack(x, filled, at, fr, steps)
		}
	case *ssa.MakeMap:
		for _, r := range *x.Referrers() {
			if u, ok := r.(*ssa.MapUpdate); ok && u.Map == ssa.Value(x) {
				t.walk(u.Value, at, fr, encoded, steps)
			}
		}
	case *ssa.UnOp:
		if x.Op == token.MUL {
			t.load(x, at, fr, encoded, steps)
		}
	case *ssa.Extract:
		if tuple, ok := x.Tuple.(*ssa.Call); ok {
			t.call(tuple, x.Index, at, fr, encoded, steps)
		}
	case *ssa.Call:
		t.call(x, 0, at, fr, encoded, steps)
	case *ssa.Parameter:
		if t.p.recoveredParam(x) {
			t.emit(leak{kind: leakRecovered, at: at, within: fr, steps: steps})
			return
		}
		t.p.up(x, fr, func(arg ssa.Value, from ssa.Instruction, fr *replyFrame, step Step) {
			t.walk(arg, from, fr, encoded, append([]Step{step}, steps...))
		})
	case *ssa.FreeVar:
		if b := t.p.binding(x); b != nil {
			next(b)
		}
	}
}

// literalBehind returns the struct literal of this function a value points to
// or was read from.
func literalBehind(v ssa.Value) *ssa.Alloc {
	if al, ok := v.(*ssa.Alloc); ok {
		if _, ok := al.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct); ok {
			return al
		}
		return nil
	}
	al := copied(v)
	if al == nil {
		return nil
	}
	if _, ok := al.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct); !ok {
		return nil
	}
	return al
}

// up follows a parameter: to the call the walk came through, else to every call
// in this package.
func (p *pkg) up(x *ssa.Parameter, fr *replyFrame, do func(arg ssa.Value, from ssa.Instruction, fr *replyFrame, step Step)) (complete bool) {
	fn := x.Parent()
	i := slices.Index(fn.Params, x)
	if fr != nil {
		if fr.fn == fn && i < len(fr.call.Common().Args) {
			do(fr.call.Common().Args[i], fr.call, fr.parent, Step{fr.call.Common().Pos(), "passed to " + fn.Name()})
			return true
		}
		return false
	}
	calls := p.callSites(fn)
	for _, c := range calls {
		if i < len(c.Common().Args) {
			do(c.Common().Args[i], c, nil, Step{c.Common().Pos(), "passed to " + fn.Name()})
		}
	}
	p.index()
	obj := fn.Object()
	return len(calls) > 0 && !p.escaped[fn] && (obj == nil || !obj.Exported())
}

// callSites returns the calls of a function in this package.
func (p *pkg) callSites(fn *ssa.Function) []ssa.CallInstruction {
	p.indexCalls()
	return p.sites[fn]
}

// receivers returns the calls that get a function as an argument.
func (p *pkg) receivers(fn *ssa.Function) []ssa.CallInstruction {
	p.indexCalls()
	return p.givenTo[fn]
}

func (p *pkg) indexCalls() {
	if p.sites != nil {
		return
	}
	defer p.building("calls")()
	p.sites = map[*ssa.Function][]ssa.CallInstruction{}
	p.givenTo = map[*ssa.Function][]ssa.CallInstruction{}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		ci, ok := instr.(ssa.CallInstruction)
		if !ok {
			return
		}
		callee := ci.Common().StaticCallee()
		if callee != nil && callee.Origin() != nil {
			callee = callee.Origin()
		}
		if callee != nil && callee.Pkg == p.ssa.Pkg {
			p.sites[callee] = append(p.sites[callee], ci)
		}
		for _, a := range ci.Common().Args {
			v := unwrap(a)
			if mc, ok := v.(*ssa.MakeClosure); ok {
				v = mc.Fn
			}
			if fn, ok := v.(*ssa.Function); ok {
				p.givenTo[fn] = append(p.givenTo[fn], ci)
			}
		}
	})
}

// recoveryHooks are given a function that they call with what a panic was
// called with; the value says which parameter that is.
var recoveryHooks = map[string]int{
	"github.com/gin-gonic/gin CustomRecovery": 1, "github.com/gin-gonic/gin CustomRecoveryWithWriter": 1, "github.com/gin-gonic/gin RecoveryWithWriter": 1,
	"github.com/grpc-ecosystem/go-grpc-middleware/recovery WithRecoveryHandler":                     0,
	"github.com/grpc-ecosystem/go-grpc-middleware/recovery WithRecoveryHandlerContext":              1,
	"github.com/grpc-ecosystem/go-grpc-middleware/interceptors/recovery WithRecoveryHandler":        0,
	"github.com/grpc-ecosystem/go-grpc-middleware/interceptors/recovery WithRecoveryHandlerContext": 1,
	"connectrpc.com/connect WithRecover":                                                            3,
}

// recoveredParam reports whether a parameter is what a panic was called with.
func (p *pkg) recoveredParam(x *ssa.Parameter) bool {
	for _, ci := range p.receivers(x.Parent()) {
		c := p.asCall(ci, nil)
		if c == nil {
			continue
		}
		if i, ok := recoveryHooks[c.path+" "+c.callee()]; ok && i < len(x.Parent().Params) && x.Parent().Params[i] == x {
			return true
		}
	}
	return false
}

// binding returns what a closure captured.
func (p *pkg) binding(x *ssa.FreeVar) ssa.Value {
	p.index()
	mc := p.closures[x.Parent()]
	i := slices.Index(x.Parent().FreeVars, x)
	if mc == nil || i < 0 || i >= len(mc.Bindings) {
		return nil
	}
	return mc.Bindings[i]
}

// load follows a read through an address.
func (t *tracer) load(x *ssa.UnOp, at ssa.Instruction, fr *replyFrame, encoded bool, steps []Step) {
	switch a := x.X.(type) {
	case *ssa.Alloc:
		t.alloc(a, at, fr, encoded, steps)
	case *ssa.FreeVar:
		if al, ok := t.p.binding(a).(*ssa.Alloc); ok {
			t.alloc(al, at, fr, encoded, steps)
		}
	case *ssa.FieldAddr:
		if al, ok := a.X.(*ssa.Alloc); ok {
			stores, _, _ := allocField(al, a.Field)
			for _, s := range stores {
				t.walk(s.Val, at, fr, encoded, steps)
			}
		}
	}
}

// alloc follows what is stored in a local: a variable's values, a struct
// literal's fields, an array's elements.
func (t *tracer) alloc(al *ssa.Alloc, at ssa.Instruction, fr *replyFrame, encoded bool, steps []Step) {
	if filled := stackBuffer(al); filled != nil {
		t.stack(al, filled, at, fr, steps)
		return
	}
	for _, r := range *al.Referrers() {
		switch x := r.(type) {
		case *ssa.Store:
			if x.Addr == ssa.Value(al) {
				t.walk(x.Val, at, fr, encoded, steps)
			}
		case *ssa.IndexAddr:
			for _, ir := range *x.Referrers() {
				if s, ok := ir.(*ssa.Store); ok && s.Addr == ssa.Value(x) {
					t.walk(s.Val, at, fr, encoded, steps)
				}
			}
		case *ssa.MakeClosure:
			for i, b := range x.Bindings {
				if b != ssa.Value(al) {
					continue
				}
				fv := x.Fn.(*ssa.Function).FreeVars[i]
				for _, fvr := range *fv.Referrers() {
					if s, ok := fvr.(*ssa.Store); ok && s.Addr == ssa.Value(fv) {
						t.walk(s.Val, at, fr, encoded, steps)
					}
				}
			}
		}
	}
	t.fields(al, at, fr, steps)
}

// fields follows what is stored in a struct literal's fields, without those
// that encoders leave out.
func (t *tracer) fields(al *ssa.Alloc, at ssa.Instruction, fr *replyFrame, steps []Step) {
	st, ok := al.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
	if !ok {
		return
	}
	for _, r := range *al.Referrers() {
		fa, ok := r.(*ssa.FieldAddr)
		if !ok || leftOutField(st, fa.Field) {
			continue
		}
		for _, far := range *fa.Referrers() {
			if s, ok := far.(*ssa.Store); ok && s.Addr == ssa.Value(fa) {
				t.walk(s.Val, at, fr, true, steps)
			}
		}
	}
}

// leftOutField reports whether encoders leave a field out.
func leftOutField(st *types.Struct, i int) bool {
	if !st.Field(i).Exported() && !st.Field(i).Embedded() {
		return true
	}
	tag := reflect.StructTag(st.Tag(i))
	return tag.Get("json") == "-" || tag.Get("xml") == "-"
}

// textFuncs are functions whose result includes their first argument, or all of
// them (true).
var textFuncs = map[string]bool{
	"strings.TrimSuffix": false, "strings.TrimPrefix": false, "strings.TrimSpace": false, "strings.Trim": false, "strings.TrimRight": false, "strings.TrimLeft": false,
	"strings.ToLower": false, "strings.ToUpper": false, "strings.Title": false, "strings.Replace": false, "strings.ReplaceAll": false, "strings.Clone": false,
	"strings.Join": true, "strings.Repeat": false, "html.EscapeString": false, "html/template.HTMLEscapeString": false, "text/template.HTMLEscapeString": false,
	"strconv.Quote": false, "net/url.QueryEscape": false, "net/url.PathEscape": false, "bytes.TrimSpace": false,
	"fmt.Sprint": true, "fmt.Sprintf": true, "fmt.Sprintln": true, "fmt.Append": true, "fmt.Appendf": true,
	"encoding/json.Marshal": false, "encoding/json.MarshalIndent": false, "encoding/xml.Marshal": false,
}

// call follows the i-th result of a call.
func (t *tracer) call(x *ssa.Call, i int, at ssa.Instruction, fr *replyFrame, encoded bool, steps []Step) {
	if b, ok := x.Call.Value.(*ssa.Builtin); ok {
		switch b.Name() {
		case "recover":
			t.emit(leak{kind: leakRecovered, at: at, within: fr, steps: steps})
		case "append":
			for _, a := range x.Call.Args {
				t.walk(a, at, fr, encoded, steps)
			}
		}
		return
	}
	if err := errorTextOf(x); err != nil {
		t.emit(leak{kind: leakError, err: err, at: x, within: fr, steps: steps})
		return
	}
	c := t.p.asCall(x, nil)
	if c == nil {
		return
	}
	key := c.path + "." + c.name
	switch {
	case key == "runtime/debug.Stack", c.on != nil && stackMethods[c.path+" "+c.name]:
		t.emit(leak{kind: leakStack, at: x, within: fr, steps: steps})
		return
	case c.recv == "":
		if all, ok := textFuncs[key]; ok {
			args := c.args
			if !all {
				args = args[:1]
			}
			for _, a := range args {
				t.walk(a, x, fr, strings.HasPrefix(key, "encoding/"), steps)
			}
			return
		}
	}
	fn := x.Call.StaticCallee()
	if c.fn.Pkg() != t.p.types && strings.Contains(c.path, ".") && !told(c.path, c.name) {
		// A function of another package may put the text into what it makes.
		for _, a := range c.args {
			if isErrorType(a.Type()) {
				t.emit(leak{kind: leakError, err: a, at: x, within: fr, by: c.fn.Pkg().Name() + "." + c.name, steps: steps})
			}
		}
		return
	}
	if fn == nil || fn.Pkg != t.p.ssa.Pkg || len(fn.Blocks) == 0 || fr.depth() > 4 {
		return
	}
	inner := &replyFrame{call: x, fn: fn, parent: fr}
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && i < len(ret.Results) {
			t.walk(ret.Results[i], ret, inner, encoded, append([]Step{{ret.Pos(), "returned by " + fn.Name()}}, steps...))
		}
	}
}

// errorTextOf returns the error whose Error method is called, or nil.
func errorTextOf(x *ssa.Call) ssa.Value {
	if x.Call.IsInvoke() {
		if x.Call.Method.Name() == "Error" && isErrorType(x.Call.Value.Type()) {
			return x.Call.Value
		}
		return nil
	}
	fn := x.Call.StaticCallee()
	if fn != nil && fn.Name() == "Error" && fn.Signature.Recv() != nil && len(x.Call.Args) == 1 && isErrorType(x.Call.Args[0].Type()) {
		return x.Call.Args[0]
	}
	return nil
}

// stackMethods give an error's stack as text.
var stackMethods = map[string]bool{
	"github.com/go-errors/errors ErrorStack": true, "github.com/go-errors/errors Stack": true, "github.com/juju/errors ErrorStack": true,
	"github.com/pkg/errors StackTrace": true,
}

// stack notes a buffer that holds a stack trace.
func (t *tracer) stack(buf ssa.Value, filled, at ssa.Instruction, fr *replyFrame, steps []Step) {
	way := []Step{{filled.Pos(), "the stack is written into it here"}}
	if buf.Pos().IsValid() {
		way = []Step{{buf.Pos(), "the buffer"}, {filled.Pos(), "the stack is written into it here"}}
	}
	t.emit(leak{kind: leakStack, at: at, within: fr, steps: append(way, steps...)})
}

// stackBuffer returns the call of runtime.Stack that writes into a buffer, or
// nil.
func stackBuffer(buf ssa.Value) ssa.Instruction {
	if buf.Referrers() == nil {
		return nil
	}
	for _, r := range *buf.Referrers() {
		if s, ok := r.(*ssa.Slice); ok && s.X == buf {
			for _, sr := range *s.Referrers() {
				if isRuntimeStack(sr) {
					return sr
				}
			}
		}
		if isRuntimeStack(r) {
			return r
		}
	}
	return nil
}

func isRuntimeStack(instr ssa.Instruction) bool {
	ci, ok := instr.(ssa.CallInstruction)
	if !ok {
		return false
	}
	fn := ci.Common().StaticCallee()
	return fn != nil && fn.Pkg != nil && fn.Pkg.Pkg.Path() == "runtime" && fn.Name() == "Stack"
}
