package code

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// mkt406 flags credentials that are kept as they are: whoever reads a backup or
// a replica of the database can use them. Passwords of people are MKT601's.
func mkt406() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT406",
		Name:     "plaintext-secret-storage",
		Title:    "Secret is stored unencrypted",
		Class:    rules.Violation,
		Controls: []string{"no-plaintext-secrets-storage"},
		CWE:      []int{312},
		Vector:   v55,
		Flags: "An access token, API key, client secret or the like that is written as it is: as the argument of an INSERT or UPDATE that names such a column, as a field of a gorm, bun, xorm or MongoDB " +
			"model that the same function stores, through ent's setters, as the value of a Redis SET, or an `oauth2.Token` encoded into a file. Access tokens that are cached with a time to live of at most an hour, " +
			"or one that is only known at run time, and models that are filled here and stored elsewhere are review findings.",
		Safe: "A value that was encrypted or hashed before (a function that says so, in the value's flow or in the function that stores it), a field type of its own with `Scan` and `Value`, gorm's " +
			"`serializer:` tag, a `BeforeSave` hook, columns named hash or encrypted, push and device tokens, page tokens.",
		Remediation: "Encrypt the value with an AEAD whose key lives in a KMS or vault before it is written. Keep only a SHA-256 of tokens that are compared and never shown again.",
		Wrong:       "db.Exec(\"UPDATE accounts SET refresh_token = $1 WHERE id = $2\", tok.RefreshToken, id)",
		Right:       "sealed, err := aead.Encrypt(tok.RefreshToken)\ndb.Exec(\"UPDATE accounts SET refresh_token = $1 WHERE id = $2\", sealed, id)",
		Frameworks: []string{"database/sql", "jmoiron/sqlx", "jackc/pgx", "gorm", "uptrace/bun", "xorm", "ent", "mongo-driver", "redis/go-redis", "gomodule/redigo",
			"golang.org/x/oauth2", "os"},
	}, nil, nil, runMKT406)
}

var redisPackages = setOf("github.com/redis/go-redis github.com/go-redis/redis github.com/gomodule/redigo/redis")

func runMKT406(p *pkg) []Hit {
	r := &storeRule{p: p, doubts: map[token.Pos]*types.Var{}}
	sql := importsAny(p.types, func(path string) bool { return storePackages[path] || modelPackages[path] })
	other := importsAny(p.types, func(path string) bool {
		return redisPackages[path] || path == oauthPackage || strings.HasSuffix(path, "/ent") || strings.Contains(path, "/ent/")
	})
	if !sql && !other {
		return nil
	}
	for cur := range p.insp.Root().Preorder((*ast.CallExpr)(nil)) {
		x := cur.Node().(*ast.CallExpr)
		if len(x.Args) > 0 && !p.support[p.fset.File(x.Pos())] {
			r.call(x)
		}
	}
	if sql {
		r.models()
	}
	return r.gathered()
}

// gathered makes one finding of the review findings about one field of a model:
// whether the model is encrypted on its way is asked, and mended, once.
func (r *storeRule) gathered() []Hit {
	slices.SortStableFunc(r.hits, func(a, b Hit) int { return cmp.Compare(a.Pos, b.Pos) })
	first, more := map[*types.Var]int{}, map[int]int{}
	var out []Hit
	for _, h := range r.hits {
		field, ok := r.doubts[h.Pos]
		if !ok || h.Class != rules.Review {
			out = append(out, h)
			continue
		}
		i, ok := first[field]
		if !ok {
			first[field] = len(out)
			out = append(out, h)
			continue
		}
		if more[i]++; more[i] <= maxPlaces {
			out[i].Steps = append(out[i].Steps, Step{h.Pos, "likewise stored in " + field.Name()})
		}
	}
	for i, n := range more {
		out[i].Message += fmt.Sprintf("; likewise at %d more of this package", n)
	}
	return out
}

const oauthPackage = "golang.org/x/oauth2"

// modelPackages store structs.
var modelPackages = setOf(`gorm.io/gorm github.com/jinzhu/gorm github.com/uptrace/bun xorm.io/xorm github.com/go-pg/pg go.mongodb.org/mongo-driver/mongo gopkg.in/mgo github.com/globalsign/mgo`)

type storeRule struct {
	p      *pkg
	hits   []Hit
	doubts map[token.Pos]*types.Var // the field that a review finding is about
}

// secret asks for a credential that is not protected, or nil.
func (r *storeRule) secret(e ast.Expr, dumps bool) *secretUse {
	q := r.p.secretModel().ask()
	q.noDumps = !dumps
	u := q.in(e)
	if u == nil || u.doubt {
		return nil
	}
	switch {
	case u.words.Password() && !serviceName(u.words):
		return nil // MKT601's
	case u.words.Has("otp", "totp", "passcode", "push", "device", "fcm", "apns", "registration", "csrf", "idempotency"):
		return nil
	}
	if fn := r.p.enclosing(e.Pos()); fn != nil && r.protects(fn) {
		return nil
	}
	return u
}

// protects reports whether a function speaks of encryption or of hashing
// tokens, so that a name alone no longer says what a variable holds.
func (r *storeRule) protects(fn *ast.FuncDecl) bool {
	return mentions(fn, "encrypt", "encrypted", "encryption", "encryptor", "cipher", "ciphertext", "seal", "sealed", "kms", "aead", "vault", "tink", "crypter", "cryptor", "hash", "hashed", "hasher", "sha", "hmac")
}

func (r *storeRule) add(at ast.Node, u *secretUse, where string, doubt bool) {
	h := hitNode("MKT406", at, fmt.Sprintf("%s is stored unencrypted in %s; encrypt it, or keep only its hash", u.name, where))
	h.Steps = append(u.steps, Step{at.Pos(), "stored in " + where})
	if doubt {
		h.Class = rules.Review
	}
	r.hits = append(r.hits, h)
}

func (r *storeRule) call(x *ast.CallExpr) {
	fn := r.p.callee(x)
	if fn == nil || fn.Pkg() == nil {
		return
	}
	path, name := r.p.pathOf(fn.Pkg()), fn.Name()
	switch {
	case sqlWriters[name] && (storePackages[path] || strings.Contains(path, "sql") || strings.Contains(path, "/db") || strings.Contains(path, "pgx")):
		r.statement(x)
	case redisPackages[path]:
		r.redis(x, name)
	case strings.HasPrefix(name, "Set") && len(x.Args) == 1 && entBuilder(path, receiverName(fn)):
		if secretByName(SplitName(name[3:])) == sureSecret {
			if u := r.secret(x.Args[0], false); u != nil {
				r.add(x.Args[0], u, "a model of ent", false)
			}
		}
	case path == "encoding/json" && name == "Encode" && r.isToken(r.p.info.TypeOf(x.Args[0])):
		if r.intoFile(x) {
			r.add(x, r.token(x.Args[0]), "a file", false)
		}
	case path == "os" && name == "WriteFile" && len(x.Args) == 3:
		if e := r.marshalled(x.Args[1]); e != nil {
			r.add(x, r.token(e), "a file", false)
		}
	case mongoWriters[name] > 0 && strings.HasSuffix(path, "/mongo") && len(x.Args) > mongoWriters[name]:
		r.document(x.Args[mongoWriters[name]])
	}
}

var (
	sqlWriters   = setOf("Exec ExecContext MustExec MustExecContext QueryRow QueryRowContext QueryRowx Query QueryContext Queryx QueryRowxContext Queue Get GetContext")
	mongoWriters = map[string]int{"InsertOne": 1, "InsertMany": 1, "UpdateOne": 2, "UpdateMany": 2, "UpdateByID": 2, "FindOneAndUpdate": 2, "ReplaceOne": 2, "FindOneAndReplace": 2}
)

// entBuilder reports whether a type is a builder that ent generated.
func entBuilder(path, recv string) bool {
	if !strings.HasSuffix(path, "/ent") && !strings.Contains(path, "/ent/") {
		return false
	}
	return strings.HasSuffix(recv, "Create") || strings.HasSuffix(recv, "Update") || strings.HasSuffix(recv, "UpdateOne") || strings.HasSuffix(recv, "Upsert")
}

func (r *storeRule) isToken(t types.Type) bool { return r.p.isType(t, oauthPackage, "Token") }

func (r *storeRule) token(e ast.Expr) *secretUse {
	return &secretUse{name: exprName(e), expr: e, steps: []Step{{e.Pos(), exprName(e) + " holds an access and a refresh token"}}}
}

// intoFile reports whether json.NewEncoder(f).Encode writes to a file.
func (r *storeRule) intoFile(x *ast.CallExpr) bool {
	sel, ok := x.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	made := ast.Unparen(sel.X)
	if v := r.p.objectOf(made); v != nil {
		defs := r.p.secretModel().defs[v]
		if len(defs) != 1 {
			return false
		}
		made = ast.Unparen(defs[0].expr)
	}
	c, ok := made.(*ast.CallExpr)
	if !ok || len(c.Args) != 1 {
		return false
	}
	fn := r.p.enclosing(x.Pos())
	return r.p.isType(r.p.info.TypeOf(c.Args[0]), "os", "File") && (fn == nil || !r.protects(fn)) && !r.p.standardStream(c.Args[0])
}

// marshalled returns the oauth2.Token whose JSON an expression is, or nil.
func (r *storeRule) marshalled(e ast.Expr) ast.Expr {
	if fn := r.p.enclosing(e.Pos()); fn != nil && r.protects(fn) {
		return nil
	}
	e = ast.Unparen(e)
	if v := r.p.objectOf(e); v != nil {
		defs := r.p.secretModel().defs[v]
		if len(defs) != 1 {
			return nil
		}
		e = ast.Unparen(defs[0].expr)
	}
	c, ok := e.(*ast.CallExpr)
	if !ok || len(c.Args) == 0 {
		return nil
	}
	if path, _, name := r.p.astCallee(c); path == "encoding/json" && strings.HasPrefix(name, "Marshal") && r.isToken(r.p.info.TypeOf(c.Args[0])) {
		return c.Args[0]
	}
	return nil
}

// constText returns the text of an expression that is constant, or of a
// variable that is only ever set to one.
func (r *storeRule) constText(e ast.Expr) (string, bool) {
	if s, ok := r.p.constString(e); ok {
		return s, true
	}
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return "", false
	}
	v := r.p.objectOf(id)
	if v == nil || v.IsField() || r.p.info.TypeOf(id) == nil || !isText(r.p.info.TypeOf(id)) {
		return "", false
	}
	defs := r.p.secretModel().defs[v]
	if len(defs) != 1 || defs[0].call != nil {
		return "", false
	}
	return r.p.constString(defs[0].expr)
}

// statement judges an SQL statement that writes.
func (r *storeRule) statement(x *ast.CallExpr) {
	for i, a := range x.Args[:min(2, len(x.Args))] {
		sql, ok := r.constText(a)
		if !ok {
			continue
		}
		cols := secretColumns(sql)
		if len(cols) == 0 {
			return
		}
		var names []string
		var first *secretUse
		at := ast.Expr(nil)
		for _, v := range x.Args[i+1:] {
			if u := r.secret(v, false); u != nil && !slices.Contains(names, u.name) {
				names = append(names, u.name)
				if first == nil {
					first, at = u, v
				}
			}
		}
		if first == nil {
			return
		}
		if len(names) > 1 {
			first.name = names[0] + " and " + counted(len(names)-1, "other secret")
		}
		where := "column " + cols[0]
		if len(names) > 1 {
			r.addAll(at, first, "columns such as "+cols[0])
			return
		}
		r.add(at, first, where, false)
		return
	}
}

func (r *storeRule) addAll(at ast.Node, u *secretUse, where string) {
	h := hitNode("MKT406", at, fmt.Sprintf("%s are stored unencrypted in %s; encrypt them, or keep only their hashes", u.name, where))
	h.Steps = append(u.steps, Step{at.Pos(), "stored in " + where})
	r.hits = append(r.hits, h)
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

var (
	insertInto = regexp.MustCompile(`(?is)\b(?:insert|replace)\s+(?:or\s+\w+\s+)?into\s+(["'\x60\[\]\w.]+)\s*\(([^)]*)\)`)
	updateSet  = regexp.MustCompile(`(?is)\bupdate\s+["'\x60\[\]\w.]+(?:\s+(?:as\s+)?\w+)?\s+set\s+(.*)`)
	whereFrom  = regexp.MustCompile(`(?is)\b(?:where|returning|from)\b`)
	setColumn  = regexp.MustCompile(`(?i)["'\x60\[]?(\w+)["'\x60\]]?\s*=`)
)

// secretColumns returns the columns for credentials that a statement writes, in
// the order of the statement. Those of its WHERE clause are only read.
func secretColumns(sql string) []string {
	var cols []string
	add := func(c string) {
		c = strings.Trim(strings.TrimSpace(c), "\"'`[]")
		n := SplitName(c)
		if secretByName(n) == sureSecret && !(n.Password() && !serviceName(n)) && !n.Has("push", "device", "fcm", "apns", "otp") {
			cols = append(cols, c)
		}
	}
	if m := insertInto.FindStringSubmatch(sql); m != nil && !SplitName(m[1]).Has("push", "device", "devices", "subscriptions") {
		for c := range strings.SplitSeq(m[2], ",") {
			add(c)
		}
	}
	if m := updateSet.FindStringSubmatch(sql); m != nil {
		set := m[1]
		if loc := whereFrom.FindStringIndex(set); loc != nil {
			set = set[:loc[0]]
		}
		for _, c := range setColumn.FindAllStringSubmatch(set, -1) {
			add(c[1])
		}
	}
	return cols
}

// redis judges a write into Redis: what is cached for an hour at most, or as
// long as the token lives, is for review.
func (r *storeRule) redis(x *ast.CallExpr, name string) {
	var value, ttl ast.Expr
	switch name {
	case "Set", "SetNX", "SetXX", "SetEx", "SetEX":
		if len(x.Args) < 3 {
			return
		}
		value = x.Args[2]
		if len(x.Args) > 3 {
			ttl = x.Args[3]
		}
	case "HSet", "HMSet", "LPush", "RPush":
		for _, a := range x.Args[min(2, len(x.Args)):] {
			if u := r.secret(a, true); u != nil {
				r.add(a, u, "Redis", false)
				return
			}
		}
		return
	case "Do":
		if cmd, ok := r.p.constString(x.Args[0]); !ok || len(x.Args) < 3 || !strings.HasPrefix(strings.ToUpper(cmd), "SET") {
			return
		}
		for i, a := range x.Args[2:] {
			if u := r.secret(a, true); u != nil {
				r.add(a, u, "Redis", i != 0 || len(x.Args) > 3)
				return
			}
		}
		return
	default:
		return
	}
	u := r.secret(value, true)
	if u == nil {
		return
	}
	r.add(value, u, "Redis", r.shortLived(ttl))
}

// shortLived reports whether a time to live is at most an hour or only known
// when the program runs. No time to live is for ever.
func (r *storeRule) shortLived(ttl ast.Expr) bool {
	if ttl == nil {
		return false
	}
	tv := r.p.info.Types[ttl]
	if tv.Value == nil {
		return true
	}
	n, ok := constant.Int64Val(constant.ToInt(tv.Value))
	return ok && n > 0 && n <= 3600*1_000_000_000
}

// document judges a MongoDB document or update.
func (r *storeRule) document(e ast.Expr) {
	ast.Inspect(e, func(n ast.Node) bool {
		kv, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		key, ok := r.p.constString(kv.Key)
		if !ok || secretByName(SplitName(key)) != sureSecret {
			return true
		}
		if u := r.secret(kv.Value, false); u != nil {
			r.add(kv.Value, u, "field "+key, false)
		}
		return false
	})
}

// models judges fields of database models that take a credential as it is.
func (r *storeRule) models() {
	p := r.p
	for cur := range p.insp.Root().Preorder((*ast.CompositeLit)(nil), (*ast.AssignStmt)(nil)) {
		if p.support[p.fset.File(cur.Node().Pos())] {
			continue
		}
		switch x := cur.Node().(type) {
		case *ast.CompositeLit:
			t := p.info.TypeOf(x)
			st := structOf(t)
			named := namedType(t)
			if st == nil || named == nil {
				continue
			}
			for _, el := range x.Elts {
				if kv, ok := el.(*ast.KeyValueExpr); ok {
					if id, ok := kv.Key.(*ast.Ident); ok {
						r.field(x, named, st, id.Name, kv.Value)
					}
				}
			}
		case *ast.AssignStmt:
			if len(x.Lhs) != len(x.Rhs) {
				continue
			}
			for i, l := range x.Lhs {
				sel, ok := l.(*ast.SelectorExpr)
				if !ok {
					continue
				}
				t := p.info.TypeOf(sel.X)
				named := namedType(t)
				if st := structOf(t); st != nil && named != nil {
					r.field(x, named, st, sel.Sel.Name, x.Rhs[i])
				}
			}
		}
	}
}

func (r *storeRule) field(at ast.Node, named *types.Named, st *types.Struct, name string, value ast.Expr) {
	p := r.p
	n := SplitName(name)
	if secretByName(n) != sureSecret || n.Password() && !serviceName(n) || n.Has("push", "device", "fcm", "apns", "otp") {
		return
	}
	for i := range st.NumFields() {
		f := st.Field(i)
		if f.Name() != name {
			continue
		}
		tag := reflect.StructTag(st.Tag(i))
		if b, ok := f.Type().(*types.Basic); !ok || b.Kind() != types.String {
			return
		}
		if !hasTag(tag, storageTags) && !gormModel(st) || storedProtected(tag) || p.hashedByHook(named) {
			return
		}
		if sel, ok := p.bare(value).(*ast.SelectorExpr); ok && namedType(p.info.TypeOf(sel.X)) == named {
			return // a copy of what was stored before
		}
		u := r.secret(value, false)
		if u == nil {
			return
		}
		lit, _ := at.(*ast.CompositeLit)
		fn := p.enclosing(at.Pos())
		doubt := fn == nil || !r.storedHere(fn, lit, named)
		if doubt {
			r.doubts[value.Pos()] = f
		}
		r.add(value, u, named.Obj().Name()+"."+name, doubt)
		return
	}
}

// gormModel reports whether a struct embeds gorm's base, so that every field is
// a column.
func gormModel(st *types.Struct) bool {
	for f := range st.Fields() {
		if f.Embedded() && (f.Name() == "Model" || f.Name() == "BaseModel") {
			if n := namedType(f.Type()); n != nil && n.Obj().Pkg() != nil && modelPackages[cleanPath(n.Obj().Pkg().Path())] {
				return true
			}
		}
	}
	return false
}

// storedProtected reports whether a tag says that the library encrypts the
// field or leaves it out.
func storedProtected(tag reflect.StructTag) bool {
	for _, k := range storageTags {
		if v, ok := tag.Lookup(k); ok && (v == "-" || strings.HasPrefix(v, "-") || strings.Contains(v, "serializer:") || strings.Contains(v, "encrypt")) {
			return true
		}
	}
	_, enc := tag.Lookup("encrypted")
	return enc || strings.Contains(string(tag), "encrypt:")
}

// storedHere reports whether the function hands a value of the model's type to
// a database library.
func (r *storeRule) storedHere(fn *ast.FuncDecl, lit *ast.CompositeLit, named *types.Named) bool {
	found := false
	ast.Inspect(fn, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok || found {
			return !found
		}
		path, _, name := r.p.astCallee(c)
		if !storePackages[path] && !modelPackages[path] {
			return true
		}
		switch name {
		case "Create", "Save", "Insert", "InsertOne", "NamedExec", "NamedExecContext", "Model", "FirstOrCreate", "Updates", "ReplaceOne", "Update", "InsertMany", "CreateInBatches", "Upsert":
			for _, a := range c.Args {
				if namedType(r.p.info.TypeOf(a)) == named {
					found = true
				}
			}
		}
		return !found
	})
	return found
}
