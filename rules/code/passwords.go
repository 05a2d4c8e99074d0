package code

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// A secretOperand is a password found inside an expression.
type secretOperand struct {
	expr ast.Expr
	name string
	// sure is true when the value is certainly what a person typed: a field of a
	// decoded request or a form value. A parameter called password may already
	// be hashed by the caller.
	sure bool
}

// passwordIn looks for the password of a person inside an expression: through
// conversions, concatenation, append, Sprint and Join. Passwords of services
// (database, mail, configuration) are somebody else's to store and do not count.
func (p *pkg) passwordIn(e ast.Expr) (secretOperand, bool) {
	e = p.bare(e)
	switch x := e.(type) {
	case *ast.BinaryExpr:
		if x.Op != token.ADD {
			return secretOperand{}, false
		}
		if op, ok := p.passwordIn(x.X); ok {
			return op, true
		}
		return p.passwordIn(x.Y)
	case *ast.CallExpr:
		if name, ok := p.formPassword(x); ok {
			return secretOperand{x, name, true}, true
		}
		path, _, name := p.astCallee(x)
		id, _ := x.Fun.(*ast.Ident)
		if id != nil && id.Name == "append" || path == "fmt" && strings.HasPrefix(name, "Sprint") || path == "strings" && (name == "TrimSpace" || name == "Join") || path == "bytes" && name == "Join" {
			for _, a := range x.Args {
				if op, ok := p.passwordIn(a); ok {
					return op, true
				}
			}
		}
	case *ast.CompositeLit:
		for _, el := range x.Elts {
			if op, ok := p.passwordIn(el); ok {
				return op, true
			}
		}
	case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr:
		if !isText(p.info.TypeOf(e)) || p.info.Types[e].Value != nil {
			return secretOperand{}, false
		}
		name := p.nameOf(e)
		n := SplitName(name)
		if !n.Password() || serviceName(n) || p.configured(e) {
			return secretOperand{}, false
		}
		return secretOperand{e, name, p.typedByPerson(e)}, true
	}
	return secretOperand{}, false
}

// formPassword recognises r.FormValue("password") and its kin.
func (p *pkg) formPassword(c *ast.CallExpr) (string, bool) {
	if len(c.Args) == 0 {
		return "", false
	}
	_, _, name := p.astCallee(c)
	switch name {
	case "FormValue", "PostFormValue", "PostForm", "DefaultPostForm", "Query", "QueryParam", "Get", "GetPostForm":
		key, ok := p.constString(c.Args[0])
		return key, ok && SplitName(key).Password()
	}
	return "", false
}

// serviceWords say that a password is a machine's.
var serviceWords = setOf("db database smtp mail redis mysql pg postgres postgresql mongo mongodb ldap bind ftp ssh rabbitmq amqp clickhouse proxy key keystore pem cert certificate sudo vault registry docker git wifi wpa pdf zip archive")

func serviceName(n Name) bool {
	for _, w := range n {
		if serviceWords[w] {
			return true
		}
	}
	return false
}

// configured reports whether an expression is a setting: a field of something
// called config, options and the like, or of a type called so.
func (p *pkg) configured(e ast.Expr) bool {
	for {
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok {
			id, ok := ast.Unparen(e).(*ast.Ident)
			return ok && SplitName(id.Name).Has(configWords...)
		}
		if SplitName(sel.Sel.Name).Has(configWords...) || SplitName(typeName(p.info.TypeOf(sel.X))).Has(configWords...) {
			return true
		}
		e = sel.X
	}
}

var configWords = []string{"config", "cfg", "conf", "configuration", "option", "options", "opts", "setting", "settings", "env", "environment", "dsn", "flag", "flags", "client", "dialer", "server", "source", "connection", "conn", "backend", "params"}

// storageTags mark struct fields that a database library stores.
var storageTags = []string{"gorm", "db", "bson", "bun", "xorm", "pg", "orm", "sql", "datastore", "firestore", "dynamodbav", "dynamo"}

// requestTags mark struct fields that a decoder fills from a request.
var requestTags = []string{"json", "form", "schema", "query", "param", "binding", "validate"}

// fieldTag returns the tag of the struct field an expression selects.
func (p *pkg) fieldTag(e ast.Expr) (reflect.StructTag, *types.Named) {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return "", nil
	}
	s, ok := p.info.Selections[sel]
	if !ok || s.Kind() != types.FieldVal {
		return "", nil
	}
	t := s.Recv()
	for i, k := range s.Index() {
		named := namedType(t)
		for {
			ptr, ok := t.Underlying().(*types.Pointer)
			if !ok {
				break
			}
			t = ptr.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok || k >= st.NumFields() {
			return "", nil
		}
		if i == len(s.Index())-1 {
			return reflect.StructTag(st.Tag(k)), named
		}
		t = st.Field(k).Type()
	}
	return "", nil
}

func hasTag(tag reflect.StructTag, keys []string) bool {
	for _, k := range keys {
		if v, ok := tag.Lookup(k); ok && v != "-" {
			return true
		}
	}
	return false
}

// typedByPerson reports whether an expression is a field that a decoder fills
// from a request and no database does.
func (p *pkg) typedByPerson(e ast.Expr) bool {
	tag, _ := p.fieldTag(e)
	return hasTag(tag, requestTags) && !hasTag(tag, storageTags)
}

// stored reports whether an expression is a password field of a database
// model.
func (p *pkg) storedPassword(e ast.Expr) bool {
	e = p.bare(e)
	tag, _ := p.fieldTag(e)
	if !isText(p.info.TypeOf(e)) {
		return false
	}
	return hasTag(tag, storageTags) && SplitName(p.nameOf(e)).Password() || p.scannedPassword(e)
}

// selected matches the columns of a statement that reads rows.
var selected = regexp.MustCompile(`(?is)^\s*select\s+(.*?)\s+from\s`)

// scannedPassword reports whether a local variable is what Scan reads from a
// column with passwords, in the function it stands in.
func (p *pkg) scannedPassword(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	if !ok {
		return false
	}
	v, fn := p.objectOf(id), p.enclosing(id.Pos())
	if v == nil || fn == nil || fn.Body == nil || v.Pos() < fn.Body.Pos() || v.Pos() > fn.Body.End() {
		return false
	}
	found := false
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok || found {
			return !found
		}
		sel, ok := c.Fun.(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != "Scan" {
			return true
		}
		for i, a := range c.Args {
			to, ok := a.(*ast.UnaryExpr)
			if !ok || to.Op != token.AND || p.objectOf(to.X) != v {
				continue
			}
			columns := p.columnsOf(sel.X, fn)
			if len(columns) != len(c.Args) {
				continue
			}
			column := columns[i]
			column = strings.Trim(strings.TrimSpace(column[strings.LastIndexByte(column, '.')+1:]), "\"`")
			found = found || SplitName(column).Password() && !strings.ContainsAny(column, "( ")
		}
		return !found
	})
	return found
}

// columnsOf returns the columns that the query selects whose rows an expression
// holds: the query's call itself, or a variable that is set from it.
func (p *pkg) columnsOf(rows ast.Expr, fn *ast.FuncDecl) []string {
	if id, ok := ast.Unparen(rows).(*ast.Ident); ok {
		v := p.objectOf(id)
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if set, ok := n.(*ast.AssignStmt); ok && len(set.Rhs) == 1 && v != nil && set.Pos() < id.Pos() && p.objectOf(set.Lhs[0]) == v {
				rows = set.Rhs[0]
			}
			return true
		})
	}
	query, ok := ast.Unparen(rows).(*ast.CallExpr)
	if !ok {
		return nil
	}
	for _, a := range query.Args {
		if text, ok := p.constString(a); ok {
			if m := selected.FindStringSubmatch(text); m != nil && !strings.Contains(m[1], "(") {
				return strings.Split(m[1], ",")
			}
		}
	}
	return nil
}

// hashWords are words of functions that make a stored form of a password.
var hashWords = []string{"hash", "hashed", "hasher", "encrypt", "crypt", "bcrypt", "scrypt", "argon", "argon2", "pbkdf", "digest", "md", "sha", "derive", "sum", "hmac", "encode", "protect", "secure", "kdf", "generate"}

// hashesNear reports whether the function around a node calls something that
// looks like a hash or cipher, so that a name alone no longer says what a
// variable holds.
func (p *pkg) hashesNear(fn ast.Node) bool {
	found := false
	ast.Inspect(fn, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok || found {
			return !found
		}
		name := ""
		switch f := ast.Unparen(c.Fun).(type) {
		case *ast.Ident:
			name = f.Name
		case *ast.SelectorExpr:
			name = f.Sel.Name
			if id, ok := f.X.(*ast.Ident); ok {
				name = id.Name + "_" + name
			}
		}
		if SplitName(name).Has(hashWords...) {
			found = true
		}
		return !found
	})
	return found
}

// enclosing returns the function declaration around a position, or nil.
func (p *pkg) enclosing(pos token.Pos) *ast.FuncDecl {
	d, _ := p.declAt(pos).(*ast.FuncDecl)
	return d
}

// callsAny reports whether a node holds a call into a package that want
// accepts.
func (p *pkg) callsAny(n ast.Node, want func(path, name string) bool) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok && !found {
			if path, _, name := p.astCallee(c); path != "" && want(path, name) {
				found = true
			}
		}
		return !found
	})
	return found
}

// mentions reports whether a node holds an identifier or string with one of
// the words.
func mentions(n ast.Node, words ...string) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.Ident:
			found = found || SplitName(x.Name).Has(words...)
		case *ast.BasicLit:
			if x.Kind == token.STRING {
				if s, err := strconv.Unquote(x.Value); err == nil {
					found = found || SplitName(s).Has(words...)
				}
			}
		}
		return !found
	})
	return found
}

func tagOf(st *types.Struct, i int) reflect.StructTag { return reflect.StructTag(st.Tag(i)) }
