package code

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// passSecret are functions of the standard library whose result shows their
// arguments, by package: "*" stands for every function.
var passSecret = map[string]map[string]bool{
	"fmt":                             setOf("Sprint Sprintf Sprintln Errorf Append Appendf Appendln"),
	"errors":                          setOf("New Join"),
	"strings":                         setOf("TrimSpace Trim TrimLeft TrimRight TrimPrefix TrimSuffix ToLower ToUpper ToTitle Title Replace ReplaceAll Join Clone Concat ToValidUTF8"),
	"bytes":                           setOf("TrimSpace Trim TrimPrefix TrimSuffix ToLower ToUpper Join Clone"),
	"strconv":                         setOf("Quote QuoteToASCII AppendQuote"),
	"net/url":                         setOf("QueryEscape PathEscape QueryUnescape PathUnescape"),
	"encoding/base64":                 setOf("EncodeToString DecodeString AppendEncode"),
	"encoding/hex":                    setOf("EncodeToString DecodeString"),
	"encoding/json":                   setOf("Marshal MarshalIndent"),
	"html":                            setOf("EscapeString UnescapeString"),
	"cmp":                             setOf("Or"),
	"slices":                          setOf("Clone Concat"),
	"github.com/pkg/errors":           setOf("New Errorf Wrap Wrapf WithMessage WithMessagef WithStack"),
	"github.com/cockroachdb/errors":   setOf("New Newf Errorf Wrap Wrapf"),
	"golang.org/x/xerrors":            setOf("New Errorf"),
	"google.golang.org/grpc/status":   setOf("Error Errorf New Newf"),
	"github.com/davecgh/go-spew/spew": setOf("Sdump Sprint Sprintf"),
}

// keyGetters are functions that give the value a constant key names.
var keyGetters = setOf(`Getenv LookupEnv GetEnv Get GetString MustGet MustGetString MustGetenv FormValue PostFormValue PostForm GetPostForm Query GetQuery QueryParam DefaultQuery Param PathValue
	GetHeader Header Peek PeekBytes Value Values String Lookup Cookie Cookies Env EnvOr Str Formvalue QueryValue UrlParam URLParam`)

// notGetters are words of functions that are named after a secret and do not
// return one.
var notGetters = []string{"validate", "valid", "verify", "check", "compare", "match", "parse", "delete", "remove", "revoke", "set", "update", "count", "prompt", "ask", "lookup", "find", "list",
	"introspect", "rotate", "invalidate", "expire", "is", "has", "describe", "print", "log", "with", "next", "peek", "read", "write", "save", "store", "require", "handle", "render", "show", "format", "error", "usage", "help", "consume", "expect", "scan", "reset", "change", "forgot", "confirm"}

// call judges the i-th result of a call.
func (q *secretAsk) call(x *ast.CallExpr, i, depth int, fr *secretFrame) *secretUse {
	q.steps++
	if depth > maxSecretDepth || q.steps > maxSecretSteps {
		return nil
	}
	if tv, ok := q.p.info.Types[x.Fun]; ok && tv.IsType() {
		if len(x.Args) != 1 {
			return nil
		}
		return q.revealed(x.Args[0], depth, fr)
	}
	if id, ok := ast.Unparen(x.Fun).(*ast.Ident); ok {
		if _, ok := q.p.info.Uses[id].(*types.Builtin); ok {
			if id.Name != "append" {
				return nil
			}
			return q.any(x.Args, depth, fr)
		}
	}
	if q.redactor(x) {
		return nil
	}
	name := q.calleeName(x)
	fn := q.p.callee(x)
	path := ""
	if fn != nil && fn.Pkg() != nil {
		path = q.p.pathOf(fn.Pkg())
	}
	if pass := passSecret[path]; pass[name] && i == 0 {
		if path == "fmt" || strings.HasSuffix(name, "f") {
			return q.formatted(x, name, path, depth, fr)
		}
		if path == "encoding/json" {
			was := q.tagged
			q.tagged = true
			defer func() { q.tagged = was }()
		}
		return q.any(x.Args, depth, fr)
	}
	t := resultType(q.p.info.TypeOf(x), i)
	if q.shapeOf(t) == shapeNone {
		return nil
	}
	if !q.personal {
		switch {
		case path == "net/http/httputil" && (name == "DumpRequest" || name == "DumpRequestOut") && i == 0:
			if q.hidesHeaders(x) {
				return nil
			}
			return &secretUse{name: "a dump of the request", expr: x}
		case path == "net/http/httputil" && name == "DumpResponse" && i == 0:
			if q.hidesHeaders(x) {
				return nil
			}
			return &secretUse{name: "a dump of the response", expr: x, doubt: true}
		case name == "BasicAuth" && len(x.Args) == 0 && i == 1:
			return &secretUse{name: "the Basic password", words: Name{"password"}, expr: x}
		}
	}
	if u, done := q.keyGetter(x, name, path, i); done {
		return u
	}
	if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok && len(x.Args) == 0 && i == 0 {
		switch name {
		case "String", "Bytes", "GoString":
			if _, isMethod := q.p.info.Selections[sel]; isMethod {
				return q.revealed(sel.X, depth, fr)
			}
		case "Error", "Unwrap":
			if _, isMethod := q.p.info.Selections[sel]; isMethod {
				return q.walk(sel.X, depth+1, fr)
			}
		}
	}
	decl := q.decls[fn]
	if i == 0 && q.shapeOf(t) == shapeText {
		n := SplitName(name)
		if level := q.byName(n, nil); level == sureSecret && !n.Has(notGetters...) && !(len(n.head()) == 1 && (q.lexical || strings.HasPrefix(path, "encoding/") || strings.HasSuffix(path, "/html"))) {
			if decl != nil && q.returnsNone(decl) || q.p.masksItself(t) {
				return nil
			}
			return &secretUse{name: exprName(x), words: n, expr: x}
		} else if level == maskedValue {
			return nil
		}
	}
	if decl == nil || decl.Body == nil || depth > 5 {
		return nil
	}
	return q.returns(x, fn, decl, i, depth, fr)
}

// resultType returns the i-th type of a call's results.
func resultType(t types.Type, i int) types.Type {
	if tup, ok := t.(*types.Tuple); ok {
		if i >= tup.Len() {
			return nil
		}
		return tup.At(i).Type()
	}
	return t
}

// revealed judges a value whose masking type is converted away.
func (q *secretAsk) revealed(e ast.Expr, depth int, fr *secretFrame) *secretUse {
	var v *types.Var
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ = q.p.info.ObjectOf(x).(*types.Var)
	case *ast.SelectorExpr:
		v, _ = q.p.info.ObjectOf(x.Sel).(*types.Var)
	}
	if v != nil && q.shapeOf(q.p.info.TypeOf(e)) == shapeText && !q.p.masksItself(q.p.info.TypeOf(e)) {
		return q.walk(e, depth, fr)
	}
	if v != nil {
		n := SplitName(v.Name())
		_, text := q.p.info.TypeOf(e).Underlying().(*types.Basic)
		_, isStruct := q.p.info.TypeOf(e).Underlying().(*types.Struct)
		if level := q.byName(n, nil); level >= maybeSecret && (text || isStruct && q.p.isSamePackage(q.p.info.TypeOf(e))) && !q.masked(v.Origin(), q.defs[v.Origin()], fr) {
			return &secretUse{name: exprName(e), words: n, expr: e, doubt: level == maybeSecret || isStruct && !q.p.structShows(q.p.info.TypeOf(e))}
		}
		return nil
	}
	return q.walk(e, depth+1, fr)
}

func (p *pkg) isSamePackage(t types.Type) bool {
	n := namedType(t)
	return n != nil && n.Obj().Pkg() == p.types
}

// structShows reports whether a struct type's String method gives a field as
// it is.
func (p *pkg) structShows(t types.Type) bool { return !p.masksItself(t) }

func (q *secretAsk) any(args []ast.Expr, depth int, fr *secretFrame) *secretUse {
	var best *secretUse
	for _, a := range args {
		if best = better(best, q.walk(a, depth+1, fr)); best != nil && !best.doubt {
			return best
		}
	}
	return best
}

// formatted judges the arguments of Sprintf and its kin that the format shows.
func (q *secretAsk) formatted(x *ast.CallExpr, name, path string, depth int, fr *secretFrame) *secretUse {
	var best *secretUse
	for _, a := range q.p.shownArgs(x) {
		if best = better(best, q.walk(a, depth+1, fr)); best != nil && !best.doubt {
			break
		}
	}
	return best
}

// shownArgs returns the arguments of a call that it writes as text. Where one
// of the arguments is a constant format, those that a verb such as %T or %p
// hides are left out; in a text about syntax a token is a word.
func (p *pkg) shownArgs(x *ast.CallExpr) []ast.Expr {
	fn := p.callee(x)
	if fn == nil || !fn.Signature().Variadic() || x.Ellipsis.IsValid() {
		return x.Args
	}
	at := fn.Signature().Params().Len() - 2
	if at < 0 || at >= len(x.Args) || !(strings.HasSuffix(fn.Name(), "f") || fn.Signature().Params().At(at).Name() == "format") {
		return x.Args
	}
	format, ok := p.constString(x.Args[at])
	if !ok {
		return x.Args
	}
	if syntaxText(format) {
		return nil
	}
	out := append([]ast.Expr(nil), x.Args[:at]...)
	verbs := formatVerbs(format)
	for i, a := range x.Args[at+1:] {
		if i < len(verbs) && (verbs[i] == 'T' || verbs[i] == 'p' || verbs[i] == 't' || verbs[i] == 'd') {
			continue
		}
		out = append(out, a)
	}
	return out
}

// syntaxText reports whether a message is about the syntax of a text.
func syntaxText(s string) bool {
	n := SplitName(s)
	return n.HasPair("unexpected", "token") || n.HasPair("expected", "token") || n.Has("syntax")
}

// formatVerbs returns the verb of each argument of a format; nil when the
// format counts its arguments itself.
func formatVerbs(format string) []byte {
	var out []byte
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		i++
		for i < len(format) && strings.IndexByte("+-# 0123456789.", format[i]) >= 0 {
			i++
		}
		if i >= len(format) {
			break
		}
		switch format[i] {
		case '%':
		case '[', '*':
			return nil
		default:
			out = append(out, format[i])
		}
	}
	return out
}

// keyGetter judges a call that reads a value by a constant key: an environment
// variable, a header, a form field, a setting.
func (q *secretAsk) keyGetter(x *ast.CallExpr, name, path string, i int) (*secretUse, bool) {
	if !keyGetters[name] || len(x.Args) == 0 || i > 0 {
		return nil, false
	}
	key, ok := q.p.constString(x.Args[0])
	if !ok || key == "" {
		return nil, false
	}
	recv := ""
	if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok {
		if n := namedType(q.p.info.TypeOf(sel.X)); n != nil && n.Obj().Pkg() != nil {
			recv = q.p.pathOf(n.Obj().Pkg()) + " " + n.Obj().Name()
		}
	}
	if q.personal {
		return q.keyed(x, key, key, q.byName(SplitName(key), nil)), true
	}
	switch {
	case path == "flag", strings.HasSuffix(path, "/pflag"):
		return nil, true
	case name == "Cookie" || name == "Cookies":
		return q.keyed(x, "cookie "+key, key, secretCookie(key)), true
	case recv == "net/http Header" || name == "GetHeader" || name == "Header" || strings.HasPrefix(name, "Peek") || recv == "github.com/gofiber/fiber Ctx" && name == "Get" || strings.HasSuffix(recv, " RequestHeader"):
		return q.keyed(x, "the "+key+" header", key, secretHeader(key)), true
	case strings.Contains(strings.ToLower(name), "env"):
		return q.keyed(x, key, key, secretEnv(key)), true
	}
	// The last segment of a dotted key names the value: "auth.jwt.secret".
	if j := strings.LastIndexAny(key, "./"); j >= 0 && j+1 < len(key) {
		key = key[j+1:]
	}
	if u := q.keyed(x, key, key, q.byName(SplitName(key), nil)); u != nil {
		if h := u.words.head(); len(h) == 1 && h[0] == "token" && q.lexical {
			return nil, true
		}
		return u, true
	}
	return nil, false
}

// returnsNone reports whether a function of this package gives only constants
// and harmless forms.
func (q *secretAsk) returnsNone(decl *ast.FuncDecl) bool {
	if decl.Body == nil {
		return false
	}
	none := true
	eachReturn(decl.Body, func(ret *ast.ReturnStmt) {
		if len(ret.Results) == 0 {
			none = false
			return
		}
		tv := q.p.info.Types[ret.Results[0]]
		if tv.Value == nil && !q.masks(ret.Results[0]) {
			none = false
		} else if tv.Value != nil && q.stubReturn(decl) {
			none = false
		}
	})
	return none
}

// stubReturn reports whether a function only returns one empty text, as a
// declaration without a body of its own would.
func (q *secretAsk) stubReturn(decl *ast.FuncDecl) bool {
	if len(decl.Body.List) != 1 {
		return false
	}
	ret, ok := decl.Body.List[0].(*ast.ReturnStmt)
	if !ok || len(ret.Results) == 0 {
		return false
	}
	s, ok := q.p.constString(ret.Results[0])
	return ok && s == ""
}

// eachReturn visits the returns of a function body without those of literals
// inside.
func eachReturn(body *ast.BlockStmt, do func(*ast.ReturnStmt)) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			do(x)
		}
		return true
	})
}

// returns looks into a function of this package, with its parameters bound to
// the arguments of the call.
func (q *secretAsk) returns(x *ast.CallExpr, fn *types.Func, decl *ast.FuncDecl, i, depth int, fr *secretFrame) *secretUse {
	for f := fr; f != nil; f = f.outer {
		if f.depth > 3 {
			return nil
		}
	}
	inner := &secretFrame{args: map[*types.Var]ast.Expr{}, outer: fr}
	if fr != nil {
		inner.depth = fr.depth + 1
	}
	params := fn.Signature().Params()
	for j := range params.Len() {
		if j < len(x.Args) && !(fn.Signature().Variadic() && j == params.Len()-1 && len(x.Args) > params.Len()) {
			inner.args[params.At(j)] = x.Args[j]
		}
	}
	var best *secretUse
	eachReturn(decl.Body, func(ret *ast.ReturnStmt) {
		if best != nil && !best.doubt {
			return
		}
		var u *secretUse
		switch {
		case i < len(ret.Results) && len(ret.Results) > 1 || len(ret.Results) == 1 && i == 0:
			u = q.walk(ret.Results[i], depth+2, inner)
		case len(ret.Results) == 1:
			if c, ok := ast.Unparen(ret.Results[0]).(*ast.CallExpr); ok {
				u = q.call(c, i, depth+2, inner)
			}
		}
		if u == nil {
			return
		}
		if len(u.steps) == 0 {
			u.steps = []Step{{u.expr.Pos(), q.describe(u)}}
		}
		u.steps = append(u.steps, Step{ret.Pos(), "returned by " + fn.Name()})
		best = better(best, u)
	})
	return best
}

// posIn reports whether a position lies in a node.
func posIn(pos token.Pos, n ast.Node) bool { return n != nil && n.Pos() <= pos && pos < n.End() }
