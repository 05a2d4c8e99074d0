package code

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// masked reports whether a variable is anywhere set to a harmless form, or only
// to constants that are no password.
func (q *secretAsk) masked(v *types.Var, defs []secretDef, fr *secretFrame) bool {
	for f := fr; f != nil; f = f.outer {
		if a, ok := f.args[v]; ok {
			return q.p.info.Types[a].Value != nil || q.masks(a)
		}
	}
	constants, only := 0, len(defs) > 0
	every := v.IsField() && len(defs) > 0
	for _, d := range defs {
		if d.call == nil && q.masks(d.expr) {
			if !v.IsField() || d.base != nil {
				return true
			}
		} else if q.p.info.Types[d.expr].Value == nil {
			every = false
		}
		if tv := q.p.info.Types[d.expr]; tv.Value == nil && !tv.IsNil() {
			only = false
		} else if tv.Value != nil && tv.Value.Kind() == constant.String && plausibleSecret(constant.StringVal(tv.Value)) {
			constants++
		}
	}
	if every && !only {
		return true
	}
	if !only || v.IsField() || isParam(defs) {
		return false
	}
	// Only literals: a password written into the source is still one, an empty
	// or unset variable is none.
	return constants == 0 || !SplitName(v.Name()).Password()
}

// maskedSomewhere reports whether a field takes a harmless form at one of the
// places that set it.
func (q *secretAsk) maskedSomewhere(defs []secretDef) bool {
	for _, d := range defs {
		if q.masks(d.expr) {
			return true
		}
	}
	return false
}

func isParam(defs []secretDef) bool {
	for _, d := range defs {
		if d.call != nil {
			return true
		}
	}
	return false
}

// masks reports whether an expression is a harmless form of a value: a call of
// a redactor, a prefix, or text with such a part.
func (q *secretAsk) masks(e ast.Expr) bool { return q.masksAt(e, 0) }

func (q *secretAsk) masksAt(e ast.Expr, depth int) bool {
	if depth > 4 {
		return false
	}
	tv := q.p.info.Types[e]
	if tv.Value != nil {
		if tv.Value.Kind() != constant.String {
			return false
		}
		s := strings.ToLower(constant.StringVal(tv.Value))
		return strings.Contains(s, "***") || strings.Contains(s, "redacted") || strings.Contains(s, "xxxx") || strings.Contains(s, "•••")
	}
	switch x := e.(type) {
	case *ast.ParenExpr:
		return q.masksAt(x.X, depth)
	case *ast.StarExpr:
		return q.masksAt(x.X, depth)
	case *ast.BinaryExpr:
		return x.Op == token.ADD && (q.masksAt(x.X, depth+1) || q.masksAt(x.Y, depth+1))
	case *ast.SliceExpr:
		return partial(q.p, x) || q.masksAt(x.X, depth+1)
	case *ast.Ident:
		return SplitName(x.Name).Has(maskWords...)
	case *ast.SelectorExpr:
		return SplitName(x.Sel.Name).Has(maskWords...)
	case *ast.IndexExpr:
		return q.masksAt(x.X, depth+1)
	case *ast.CallExpr:
		if t, ok := q.p.info.Types[x.Fun]; ok && t.IsType() {
			return len(x.Args) == 1 && q.masksAt(x.Args[0], depth+1)
		}
		if q.redactor(x) {
			return true
		}
		for _, a := range x.Args {
			if q.masksAt(a, depth+1) {
				return true
			}
		}
		if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok {
			if _, ok := q.p.info.Selections[sel]; ok {
				return q.masksAt(sel.X, depth+1)
			}
		}
	}
	return false
}

// redactor reports whether a call gives a harmless form of its arguments: a
// taught function, one whose name says so, a hash or a cipher.
func (s *secretFlow) redactor(x *ast.CallExpr) bool {
	name := ""
	switch f := ast.Unparen(x.Fun).(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	fn := s.p.callee(x)
	if s.p.taught(taughtRedact, fn) {
		return true
	}
	if fn != nil && fn.Pkg() != nil {
		path := s.p.pathOf(fn.Pkg())
		if path == "strings" || path == "fmt" || path == "net/url" && fn.Name() != "Redacted" {
			return false
		}
		if path == "crypto/subtle" || fastHashes[path] || slowHashes[path] || path == "crypto/hmac" || path == "hash" || strings.HasPrefix(path, "hash/") || path == "crypto/cipher" {
			return true
		}
		if strings.HasPrefix(path, "encoding/") {
			return false
		}
		if last := SplitName(fn.Pkg().Name()); last.Has("redact", "mask", "fingerprint", "bcrypt", "scrypt", "argon", "redactor", "sanitize", "scrub") {
			return true
		}
	}
	n := SplitName(name)
	if n.Has("decrypt", "unseal", "unmask", "reveal") {
		return false
	}
	return n.Has(redactWords...)
}

// partial reports whether a slice expression keeps only a few characters.
func partial(p *pkg, x *ast.SliceExpr) bool {
	if x.High != nil {
		if _, ok := p.constInt(x.High); ok {
			return true
		}
		return mentionsFunc(x.High, "min")
	}
	return x.Low != nil && mentionsFunc(x.Low, "len")
}

func mentionsFunc(n ast.Node, name string) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == name {
			found = true
		}
		return !found
	})
	return found
}

// masksItself reports whether printing a value of type t goes through a method
// that does not show it.
func (p *pkg) masksItself(t types.Type) bool {
	n := namedType(t)
	if n == nil || n.Obj().Pkg() == nil {
		return false
	}
	ms := types.NewMethodSet(t)
	for method := range ms.Methods() {
		fn, ok := method.Obj().(*types.Func)
		if !ok {
			continue
		}
		switch fn.Name() {
		case "String", "Format", "GoString", "LogValue", "MarshalLogObject", "MarshalZerologObject", "Error":
			return !p.showsItself(fn, n)
		}
	}
	return false
}

// showsItself reports whether a printing method gives the value as it is.
func (p *pkg) showsItself(fn *types.Func, n *types.Named) bool {
	switch p.pathOf(n.Obj().Pkg()) {
	case "github.com/google/uuid", "github.com/gofrs/uuid", "github.com/satori/go.uuid", "github.com/oklog/ulid", "github.com/rs/xid":
		return true
	}
	if fn.Pkg() != p.types {
		return false
	}
	for _, f := range p.files {
		for _, d := range f.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok || p.info.Defs[fd.Name] != types.Object(fn) || fd.Body == nil || fd.Recv == nil || len(fd.Recv.List[0].Names) == 0 {
				continue
			}
			recv := p.info.Defs[fd.Recv.List[0].Names[0]]
			shows := false
			ast.Inspect(fd.Body, func(nd ast.Node) bool {
				ret, ok := nd.(*ast.ReturnStmt)
				if !ok || len(ret.Results) == 0 {
					return true
				}
				switch x := p.bare(ret.Results[0]).(type) {
				case *ast.Ident:
					shows = shows || p.info.Uses[x] == recv
				case *ast.SelectorExpr:
					if id, ok := x.X.(*ast.Ident); ok && p.info.Uses[id] == recv {
						_, field := p.info.Uses[x.Sel].(*types.Var)
						shows = shows || field
					}
				}
				return true
			})
			return shows
		}
	}
	return false
}

// excusedWord reports whether a bare "token", "secret" or "pwd" is something
// else: a word of a language, an element of a split text, a Kubernetes object.
func (q *secretAsk) excusedWord(e ast.Expr, v *types.Var, name Name, defs []secretDef) bool {
	h := name.head()
	if h[len(h)-1] == "secret" && q.kubernetes && !h.Has("client", "shared", "hmac", "jwt", "signing", "app") {
		return true // the name of an object
	}
	if len(h) != 1 {
		return q.lexical && h[len(h)-1] == "token" && !h.Has("access", "refresh", "auth", "api", "bearer", "id", "session", "jwt")
	}
	switch h[0] {
	case "pwd":
		for _, d := range defs {
			if c, ok := ast.Unparen(d.expr).(*ast.CallExpr); ok {
				if path, _, fn := q.p.astCallee(c); path == "os" || fn == "Getwd" || fn == "Abs" {
					return true
				}
			}
		}
	case "token":
		if q.lexical || q.acme(e) {
			return true
		}
		for _, d := range defs {
			if d.ranged || q.splits(d.expr) && q.walk(d.expr, 3, nil) == nil {
				return true
			}
		}
		if d := q.p.enclosing(e.Pos()); d != nil {
			if SplitName(d.Name.Name).Has("lex", "scan", "tokenize", "tokenise", "syntax") {
				return true
			}
			if d.Recv != nil && SplitName(typeName(q.p.info.TypeOf(d.Recv.List[0].Type))).Has("lexer", "scanner", "tokenizer", "parser", "dispenser") {
				return true
			}
		}
	}
	return false
}

// acme reports whether a token is that of a certificate authority's challenge,
// which is public.
func (q *secretAsk) acme(e ast.Expr) bool {
	if slices.Contains(strings.Split(q.p.types.Path(), "/"), "acme") {
		return true
	}
	d := q.p.declAt(e.Pos())
	return d != nil && mentions(d, "acme", "challenge")
}

// splits reports whether an expression is a part of a text.
func (q *secretAsk) splits(e ast.Expr) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.IndexExpr:
		return q.splits(x.X)
	case *ast.Ident:
		if v := q.p.objectOf(x); v != nil {
			for _, d := range q.defs[v.Origin()] {
				if c, ok := ast.Unparen(d.expr).(*ast.CallExpr); ok && q.splits(c) {
					return true
				}
			}
		}
	case *ast.CallExpr:
		path, recv, name := q.p.astCallee(x)
		return path == "strings" && (strings.HasPrefix(name, "Split") || strings.HasPrefix(name, "Fields")) || recv == "Scanner" && name == "Text" ||
			path == "regexp" || strings.HasSuffix(path, "/html") || path == "encoding/json" || path == "encoding/xml"
	}
	return false
}

// lexicalPackage reports whether a package is about a language.
func lexicalPackage(t *types.Package) bool {
	for part := range strings.SplitSeq(t.Path(), "/") {
		if SplitName(part).Has("lexer", "lex", "parser", "parse", "scanner", "token", "tokenizer", "ast", "syntax", "grammar", "template", "templates", "markdown", "query", "sql", "css", "html", "expr", "calc", "llm", "nlp") {
			return true
		}
	}
	return importsAny(t, func(path string) bool {
		switch path {
		case "go/token", "go/scanner", "text/scanner", "go/ast", "github.com/sashabaranov/go-openai", "github.com/tmc/langchaingo/llms", "github.com/ollama/ollama/api", "github.com/openai/openai-go":
			return true
		}
		return false
	})
}
