package code

import (
	"fmt"
	"go/ast"
	"go/types"
	"reflect"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// mkt404 flags credentials that are sent to a client inside an answer.
func mkt404() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT404",
		Name:     "secret-in-response",
		Title:    "Secret field is sent to the client",
		Class:    rules.Review,
		Controls: []string{"no-plaintext-secrets-logs"},
		CWE:      []int{201},
		Vector:   v65c,
		Flags: "A struct with a field named like a credential (password, secret, API key, token) that gin, echo, fiber or chi's render write as JSON or XML, a map such as `gin.H` with such a key and value, " +
			"a gRPC method that fills such a field of its answer, and a GraphQL resolver that returns such a type. gosec's G117 covers encoding/json itself.",
		Safe: "`json:\"-\"`, a field that is emptied before the answer is written, a type that masks itself, a redactor, and handlers whose purpose is to hand out a credential: login, token, refresh, " +
			"register, sign-in, creating a key, OAuth.",
		Remediation: "Answer with a type of its own that has only the fields the client needs, or tag the field `json:\"-\"`.",
		Wrong:       "c.JSON(200, user)  // type User struct { Password string `json:\"password\"` }",
		Right:       "c.JSON(200, userView{ID: user.ID, Name: user.Name})",
		Frameworks:  []string{"gin", "echo", "fiber", "go-chi/render", "google.golang.org/grpc", "99designs/gqlgen", "graph-gophers/graphql-go"},
	}, nil, responseGate, runMKT404)
}

const grpcPackage = "google.golang.org/grpc"

func responseGate(path string) bool {
	return jsonWriters[path] != nil || path == grpcPackage || strings.HasPrefix(path, grpcPackage+"/") || graphqlPackage(path)
}

func graphqlPackage(path string) bool {
	return path == "github.com/99designs/gqlgen/graphql" || path == "github.com/graph-gophers/graphql-go" || path == "github.com/graphql-go/graphql"
}

// jsonWriters say which argument of a framework's method is written to the
// client.
var jsonWriters = map[string]map[string]int{
	"github.com/gin-gonic/gin":   {"JSON": 1, "IndentedJSON": 1, "PureJSON": 1, "SecureJSON": 1, "AsciiJSON": 1, "JSONP": 1, "XML": 1, "YAML": 1, "TOML": 1, "AbortWithStatusJSON": 1},
	"github.com/labstack/echo":   {"JSON": 1, "JSONPretty": 1, "XML": 1, "XMLPretty": 1, "JSONP": 2},
	"github.com/gofiber/fiber":   {"JSON": 0, "XML": 0, "JSONP": 0},
	"github.com/go-chi/render":   {"JSON": 2, "XML": 2, "Respond": 2, "DefaultResponder": 2},
	"github.com/unrolled/render": {"JSON": 2, "XML": 2, "JSONP": 3},
}

// issuingWords are words of handlers that give out credentials on purpose.
var issuingWords = []string{"login", "signin", "token", "tokens", "oauth", "oauth2", "auth", "authenticate", "authorize", "refresh", "register", "signup", "session", "sessions", "exchange", "callback", "issue",
	"rotate", "regenerate", "generate", "csrf", "mfa", "totp", "otp", "setup", "enroll", "invite", "impersonate", "sso", "jwt"}

func runMKT404(p *pkg) []Hit {
	r := &responseRule{p: p}
	for cur := range p.insp.Root().Preorder((*ast.CallExpr)(nil)) {
		x := cur.Node().(*ast.CallExpr)
		fn := p.callee(x)
		if fn == nil || fn.Pkg() == nil || len(x.Args) == 0 || p.support[p.fset.File(x.Pos())] {
			continue
		}
		writers := jsonWriters[p.pathOf(fn.Pkg())]
		if writers == nil {
			continue
		}
		if i, ok := writers[fn.Name()]; ok && i < len(x.Args) && !r.issues(x) {
			r.answer(x, x.Args[i])
		}
	}
	if p.importsPath(grpcPackage) {
		r.grpc()
	}
	if importsAny(p.types, graphqlPackage) {
		r.resolvers()
	}
	return r.hits
}

type responseRule struct {
	p    *pkg
	hits []Hit
}

// issues reports whether the function around a node hands out credentials on
// purpose.
func (r *responseRule) issues(n ast.Node) bool {
	d := r.p.enclosing(n.Pos())
	if d == nil {
		return false
	}
	name := SplitName(d.Name.Name)
	if name.Has("sign") && name.Has("in", "up") || name.Has("log") && name.Has("in") || name.Has("create", "new", "add") && name.Has("key", "token", "secret", "credential", "credentials") {
		return true
	}
	return name.Has(issuingWords...)
}

// answer judges what is written to a client.
func (r *responseRule) answer(at ast.Node, e ast.Expr) {
	if u := r.entries(e); u != nil {
		r.add(u.expr, u.name, at, u.steps)
		return
	}
	t := r.p.info.TypeOf(e)
	field := r.field(t, 0, map[types.Type]bool{})
	if field == nil || r.emptied(e, field) {
		return
	}
	r.add(e, fmt.Sprintf("field %s of %s", field.Name(), typeText(t)), at, []Step{{e.Pos(), fmt.Sprintf("%s has field %s", exprName(e), field.Name())}})
}

func (r *responseRule) add(e ast.Node, what string, at ast.Node, steps []Step) {
	h := hitNode("MKT404", e, what+" is sent to the client; answer with a type that leaves it out")
	h.Steps = append(steps, Step{at.Pos(), "written to the client"})
	r.hits = append(r.hits, h)
}

// typeText names a type for a message, without its package.
func typeText(t types.Type) string {
	if sl, ok := t.Underlying().(*types.Slice); ok {
		t = sl.Elem()
	}
	if n := namedType(t); n != nil {
		return n.Obj().Name()
	}
	return "the answer"
}

// entries looks for a credential among the entries of a map literal.
func (r *responseRule) entries(e ast.Expr) *secretUse {
	lit, ok := r.p.bare(e).(*ast.CompositeLit)
	if !ok || r.p.info.TypeOf(lit) == nil {
		return nil
	}
	if _, ok := r.p.info.TypeOf(lit).Underlying().(*types.Map); !ok {
		return nil
	}
	for _, el := range lit.Elts {
		kv, ok := el.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, ok := r.p.constString(kv.Key)
		if !ok {
			continue
		}
		n := SplitName(key)
		if secretByName(n) == sureSecret && !n.oneTime() {
			q := r.p.secretModel().ask()
			q.noDumps = true
			if u := q.in(kv.Value); u != nil && !u.doubt {
				return u
			}
			continue
		}
		t := r.p.info.TypeOf(kv.Value)
		if f := r.field(t, 0, map[types.Type]bool{}); f != nil && !r.emptied(kv.Value, f) {
			return &secretUse{name: fmt.Sprintf("field %s of %s", f.Name(), typeText(t)), expr: kv.Value, steps: []Step{{kv.Value.Pos(), fmt.Sprintf("%s has field %s", exprName(kv.Value), f.Name())}}}
		}
	}
	return nil
}

// field finds a field for a credential that encoding a type shows.
func (r *responseRule) field(t types.Type, depth int, seen map[types.Type]bool) *types.Var {
	if t == nil || depth > 3 || seen[t] {
		return nil
	}
	seen[t] = true
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		return r.field(ptr.Elem(), depth, seen)
	}
	if sl, ok := t.Underlying().(*types.Slice); ok {
		return r.field(sl.Elem(), depth, seen)
	}
	if n := namedType(t); n != nil && hasMethod(n, "MarshalJSON") {
		return nil
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for i := range st.NumFields() {
		f := st.Field(i)
		tag := reflect.StructTag(st.Tag(i))
		name, _, _ := strings.Cut(tag.Get("json"), ",")
		if !f.Exported() || name == "-" {
			continue
		}
		n := SplitName(f.Name())
		if b, ok := f.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
			if secretByName(n) != sureSecret || r.p.masksItself(f.Type()) || r.masksJSON(f.Type()) {
				continue
			}
			if name != "" {
				shown := SplitName(name)
				if secretByName(shown) != sureSecret || shown.Has("page", "next", "prev", "cursor", "csrf") {
					continue
				}
			}
			return f
		}
		if in := r.field(f.Type(), depth+1, seen); in != nil {
			return in
		}
	}
	return nil
}

// tagged reports whether a struct type's own field has a json tag.
func (r *responseRule) tagged(t types.Type, field *types.Var) bool {
	if sl, ok := t.Underlying().(*types.Slice); ok {
		t = sl.Elem()
	}
	st := structOf(t)
	if st == nil {
		return false
	}
	for i := range st.NumFields() {
		if st.Field(i).Origin() == field.Origin() {
			return tagOf(st, i).Get("json") != ""
		}
	}
	return false
}

func (r *responseRule) masksJSON(t types.Type) bool {
	n := namedType(t)
	return n != nil && (hasMethod(n, "MarshalJSON") || hasMethod(n, "MarshalText"))
}

func hasMethod(n *types.Named, name string) bool {
	ms := types.NewMethodSet(types.NewPointer(n))
	for method := range ms.Methods() {
		if method.Obj().Name() == name {
			return true
		}
	}
	return false
}

// emptied reports whether the value's field is set to something harmless in the
// same function, or was never filled there.
func (r *responseRule) emptied(e ast.Expr, field *types.Var) bool {
	e = r.p.bare(e)
	if lit, ok := e.(*ast.CompositeLit); ok {
		return !r.fills(lit, field)
	}
	if c, ok := e.(*ast.CallExpr); ok {
		s := r.p.secretModel()
		n := SplitName(s.calleeName(c))
		return s.redactor(c) || n.Has("view", "public", "safe", "response", "dto", "sanitized")
	}
	base := r.p.objectOf(e)
	if base == nil {
		return false
	}
	s := r.p.secretModel()
	for _, d := range s.defs[field.Origin()] {
		if d.base != nil && d.base == base {
			tv := r.p.info.Types[d.expr]
			if tv.Value != nil || s.ask().masks(d.expr) {
				return true
			}
		}
	}
	defs := s.defs[base.Origin()]
	if len(defs) == 0 {
		return false
	}
	filled := false
	for _, d := range defs {
		lit, ok := r.p.bare(d.expr).(*ast.CompositeLit)
		if !ok || d.ranged || len(lit.Elts) == 0 {
			return false
		}
		filled = filled || r.fills(lit, field)
	}
	return !filled
}

// fills reports whether a struct literal, or one inside it, sets a field to
// something that is not harmless.
func (r *responseRule) fills(lit *ast.CompositeLit, field *types.Var) bool {
	found := false
	ast.Inspect(lit, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.CompositeLit:
			st := structOf(r.p.info.TypeOf(x))
			if st != nil && len(x.Elts) > 0 {
				if _, keyed := x.Elts[0].(*ast.KeyValueExpr); !keyed {
					for f := range st.Fields() {
						found = found || f.Origin() == field.Origin()
					}
				}
			}
		case *ast.KeyValueExpr:
			if id, ok := x.Key.(*ast.Ident); ok {
				if v, ok := r.p.info.ObjectOf(id).(*types.Var); ok && v.Origin() == field.Origin() {
					tv := r.p.info.Types[x.Value]
					found = found || tv.Value == nil && !tv.IsNil() && !r.p.secretModel().ask().masks(x.Value)
				}
			}
			if t := r.p.info.TypeOf(x.Value); t != nil && !found {
				if _, lit := r.p.bare(x.Value).(*ast.CompositeLit); !lit && r.field(t, 1, map[types.Type]bool{}) != nil {
					found = true // a value that has the field itself
				}
			}
		}
		return !found
	})
	return found
}

// grpc judges the answers of gRPC methods: func (s) M(context, *Req) (*Resp, error)
// that fill a field for a credential.
func (r *responseRule) grpc() {
	for _, f := range r.p.sourceFiles() {
		for _, d := range f.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok || fd.Body == nil || fd.Recv == nil || fd.Type.Results == nil || len(fd.Type.Results.List) != 2 || len(fd.Type.Params.List) != 2 || r.issues(fd.Name) || SplitName(fd.Name.Name).Has(issuingWords...) {
				continue
			}
			t := r.p.info.TypeOf(fd.Type.Results.List[0].Type)
			n := namedType(t)
			if n == nil || !hasMethod(n, "ProtoReflect") || !r.p.isType(r.p.info.TypeOf(fd.Type.Params.List[0].Type), "context", "Context") {
				continue
			}
			eachReturn(fd.Body, func(ret *ast.ReturnStmt) {
				if len(ret.Results) != 2 {
					return
				}
				lit, ok := r.p.bare(ret.Results[0]).(*ast.CompositeLit)
				if !ok {
					return
				}
				field := r.field(t, 0, map[types.Type]bool{})
				if field != nil && r.fills(lit, field) && r.filledHere(field) {
					r.add(lit, fmt.Sprintf("field %s of %s", field.Name(), typeText(t)), ret, nil)
				}
			})
		}
	}
}

// filledHere reports whether this package sets a field to a value that is not
// harmless: what converts a model into a message often leaves it out.
func (r *responseRule) filledHere(field *types.Var) bool {
	s := r.p.secretModel()
	for _, d := range s.defs[field.Origin()] {
		tv := r.p.info.Types[d.expr]
		if tv.Value == nil && !tv.IsNil() && !s.ask().masks(d.expr) {
			return true
		}
	}
	return false
}

// resolvers judges the methods of GraphQL resolvers that return a type with a
// field for a credential.
func (r *responseRule) resolvers() {
	for _, f := range r.p.sourceFiles() {
		for _, d := range f.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok || fd.Recv == nil || fd.Body == nil || fd.Type.Results == nil || len(fd.Type.Results.List) == 0 || !strings.HasSuffix(strings.ToLower(typeName(r.p.info.TypeOf(fd.Recv.List[0].Type))), "resolver") {
				continue
			}
			if name := SplitName(fd.Name.Name); r.issues(fd.Name) || name.Has(issuingWords...) || !fd.Name.IsExported() {
				continue
			}
			t := r.p.info.TypeOf(fd.Type.Results.List[0].Type)
			// The schema decides what is shown; a json tag is what its generator
			// leaves on the fields that are.
			if field := r.field(t, 0, map[types.Type]bool{}); field != nil && r.tagged(t, field) {
				h := hitNode("MKT404", fd.Type.Results.List[0].Type, fmt.Sprintf("field %s of %s is sent to the client; answer with a type that leaves it out", field.Name(), typeText(t)))
				h.Steps = []Step{{fd.Name.Pos(), "resolved by " + fd.Name.Name}}
				r.hits = append(r.hits, h)
			}
		}
	}
}
