package code

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt601 flags passwords of people that are stored or compared in the clear,
// hashed with a fast hash, or stretched too little.
//
// The minima are OWASP's (Password Storage Cheat Sheet): bcrypt cost 10,
// PBKDF2 600,000 rounds of SHA-256 (210,000 of SHA-512, 1,300,000 of SHA-1),
// Argon2id 19 MiB with two passes or an equal setting, scrypt N=2^17 or equal.
func mkt601() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT601",
		Name:     "weak-password-storage",
		Title:    "Password is hashed with a fast hash",
		Class:    rules.Violation,
		Controls: []string{"password-hashing", "crypto-strong"},
		CWE:      []int{916},
		Vector:   v75c,
		Flags: "A value named like a person's password (password, passwd, passphrase; by words, not substrings) that goes into MD5, SHA-1, SHA-2, SHA-3 or BLAKE2, " +
			"directly or through a `hash.Hash`.",
		Safe: "bcrypt, scrypt, Argon2 and PBKDF2 (also with a fast hash before them in the same function); passwords of services and configuration; " +
			"digests that only feed a constant-time comparison with another digest of the same function; the k-anonymity check of leaked passwords; HTTP Digest.",
		Remediation: "Hash passwords with Argon2id (`golang.org/x/crypto/argon2`, 19 MiB, 2 passes) or bcrypt with cost 10 or more, and re-hash old ones at the next login.",
		Wrong:       "sum := sha256.Sum256([]byte(password))",
		Right:       "hash, err := bcrypt.GenerateFromPassword([]byte(password), 12)",
		Frameworks: []string{"crypto/md5", "crypto/sha1", "crypto/sha256", "crypto/sha512", "crypto/sha3", "x/crypto/sha3", "x/crypto/blake2b", "x/crypto/blake2s", "x/crypto/md4", "x/crypto/ripemd160",
			"x/crypto/bcrypt", "x/crypto/pbkdf2", "crypto/pbkdf2", "x/crypto/argon2", "x/crypto/scrypt", "alexedwards/argon2id", "database/sql", "sqlx", "pgx", "gorm", "mongo-driver"},
	}, []rules.Rule{{
		ID:       "MKT601/plain",
		Title:    "Password is stored or compared in the clear",
		CWE:      []int{256},
		Controls: []string{"password-hashing", "no-plaintext-secrets-storage", "crypto-strong"},
		Flags: "A password from a request that is written to a database as it is (SQL, gorm, MongoDB), or compared with the password field of a database model. " +
			"Where the value may already be hashed by a caller, the hit is a review finding.",
		Safe:        "The function hashes the value, the model hashes it in a `BeforeSave`/`BeforeCreate` hook, or both sides are fields of the same form (confirmation).",
		Remediation: "Store a hash made by Argon2id or bcrypt, and compare with `bcrypt.CompareHashAndPassword` or the Argon2 verifier.",
		Wrong:       "if req.Password != user.Password {",
		Right:       "if bcrypt.CompareHashAndPassword(user.PasswordHash, []byte(req.Password)) != nil {",
	}, {
		ID:     "MKT601/work-factor",
		Title:  "Password hash is stretched too little",
		Vector: v59c,
		Flags: "bcrypt with a constant cost below 10, PBKDF2 below 600,000 rounds (SHA-256; 210,000 SHA-512, 1,300,000 SHA-1), Argon2 below 19 MiB with 2 passes or an equal setting, " +
			"scrypt below N=2^17 or an equal setting. Passphrases that only protect a file are a review finding.",
		Safe:        "Constants at or above the minima; costs that come from configuration; SCRAM and Wi-Fi key derivation, whose rounds the protocol sets.",
		Remediation: "Raise the constant, and re-hash at the next login.",
		Wrong:       "bcrypt.GenerateFromPassword(pw, bcrypt.MinCost)",
		Right:       "bcrypt.GenerateFromPassword(pw, 12)",
	}, {
		ID:          "MKT601/static-salt",
		Title:       "Password hash uses a constant salt",
		CWE:         []int{759},
		Flags:       "A salt of PBKDF2, Argon2 or scrypt that is empty or a constant of the source, for a value named like a password.",
		Safe:        "A random salt of 16 bytes a password, stored beside the hash.",
		Remediation: "Read the salt from `crypto/rand` for every password.",
		Wrong:       "argon2.IDKey(pw, []byte(\"pepper\"), 2, 19456, 1, 32)",
		Right:       "salt := make([]byte, 16)\nrand.Read(salt)\nargon2.IDKey(pw, salt, 2, 19456, 1, 32)",
	}}, nil, runMKT601)
}

var fastHashes = setOf(`crypto/md5 crypto/sha1 crypto/sha256 crypto/sha512 crypto/sha3 golang.org/x/crypto/sha3 golang.org/x/crypto/blake2b
	golang.org/x/crypto/blake2s golang.org/x/crypto/md4 golang.org/x/crypto/ripemd160`)

var slowHashes = setOf(`golang.org/x/crypto/bcrypt golang.org/x/crypto/pbkdf2 crypto/pbkdf2 golang.org/x/crypto/argon2 golang.org/x/crypto/scrypt github.com/alexedwards/argon2id`)

var storePackages = setOf(`database/sql github.com/jmoiron/sqlx github.com/jackc/pgx github.com/jackc/pgx/pgxpool gorm.io/gorm github.com/jinzhu/gorm
	go.mongodb.org/mongo-driver/mongo go.mongodb.org/mongo-driver/bson gopkg.in/mgo gopkg.in/mgo/bson github.com/globalsign/mgo github.com/globalsign/mgo/bson
	github.com/uptrace/bun xorm.io/xorm`)

func passwordGate(path string) bool {
	return fastHashes[path] || slowHashes[path] || storePackages[path]
}

func runMKT601(p *pkg) []Hit {
	hits := p.plainChecks()
	if !importsAny(p.types, passwordGate) {
		return hits
	}
	p.eachCall(func(path string) bool { return passwordGate(path) || path == "io" || path == "fmt" }, func(c *call) {
		e := p.callAt(c.instr.Common().Pos())
		switch {
		case e == nil:
		case fastHashes[c.path] && c.recv == "" && strings.HasPrefix(c.name, "Sum") && len(e.Args) > 0:
			hits = append(hits, p.fastHash(c, e, e.Args[0], c.path)...)
		case c.path == "io" && c.name == "Write" && len(e.Args) == 1:
			hits = append(hits, p.hashWrite(c, e, e.Args[0], c.on)...)
		case c.path == "io" && c.name == "WriteString" && len(e.Args) == 2 && len(c.args) == 2:
			hits = append(hits, p.hashWrite(c, e, e.Args[1], c.args[0])...)
		case c.path == "fmt" && strings.HasPrefix(c.name, "Fprint") && len(e.Args) > 1 && len(c.args) > 0:
			for _, a := range e.Args[1:] {
				hits = append(hits, p.hashWrite(c, e, a, c.args[0])...)
			}
		case slowHashes[c.path]:
			hits = append(hits, p.workFactor(c, e)...)
		case storePackages[c.path]:
			hits = append(hits, p.sqlStore(c, e)...)
		}
	})
	if importsAny(p.types, func(path string) bool { return storePackages[path] }) {
		hits = append(hits, p.plainCompares()...)
		hits = append(hits, p.plainModels()...)
	}
	if importsAny(p.types, paths("github.com/alexedwards/argon2id")) {
		hits = append(hits, p.argonParams()...)
	}
	return hits
}

// hashWrite judges a write into a writer that may be a fast hash.
func (p *pkg) hashWrite(c *call, e *ast.CallExpr, arg ast.Expr, into ssa.Value) []Hit {
	if _, ok := p.passwordIn(arg); !ok || into == nil {
		return nil
	}
	origins, more := p.origins(into)
	if more || len(origins) != 1 {
		return nil
	}
	v := origins[0].v
	if ex, ok := v.(*ssa.Extract); ok {
		v = ex.Tuple // blake2b.New256 returns an error as well
	}
	made, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	d := p.asCall(made, func(path string) bool { return fastHashes[path] })
	if d == nil || !strings.HasPrefix(d.name, "New") {
		return nil
	}
	return p.fastHash(c, e, arg, d.path)
}

// fastHash judges a password that goes into a fast hash.
func (p *pkg) fastHash(c *call, e *ast.CallExpr, arg ast.Expr, hash string) []Hit {
	op, ok := p.passwordIn(arg)
	if !ok {
		return nil
	}
	fn := p.enclosing(e.Pos())
	if fn == nil || p.excused(fn, arg, op) {
		return nil
	}
	h := hitNode("MKT601", e, fmt.Sprintf("%s is hashed with %s, which is fast to guess; use Argon2id or bcrypt", op.name, hash[strings.LastIndexByte(hash, '/')+1:]))
	if SplitName(op.name).Has("passphrase") || SplitName(fn.Name.Name).Has("derive", "derivation", "kdf", "key") || p.callsAny(fn, func(path, name string) bool {
		return path == "crypto/aes" || path == "crypto/cipher" || path == "golang.org/x/crypto/chacha20poly1305" || path == "golang.org/x/crypto/nacl/secretbox"
	}) {
		h.Class = rules.Review // a key for encryption, not a stored password
	}
	return []Hit{h}
}

// excused reports what makes a fast hash of a password legitimate.
func (p *pkg) excused(fn *ast.FuncDecl, arg ast.Expr, op secretOperand) bool {
	switch {
	case p.callsAny(fn, func(path, _ string) bool { return slowHashes[path] }):
		return true // the fast hash only feeds the slow one
	case mentions(fn, "hibp", "pwned", "pwnedpasswords", "breach", "breached", "leaked"):
		return true // k-anonymity
	case mentions(arg, "realm"), mentions(fn, "realm", "ha1", "scramble", "scram", "ntlm", "ssid", "gravatar"):
		return true // a protocol fixes the hash
	case p.comparesDigests(fn):
		return true
	}
	// "pwd" may be the working directory.
	if n := SplitName(op.name); len(n) == 1 && n[0] == "pwd" && p.callsAny(fn, func(path, name string) bool { return path == "os" && name == "Getwd" }) {
		return true
	}
	return false
}

// comparesDigests recognises the constant-time comparison of two digests that
// are both made on the spot, so that neither is stored.
func (p *pkg) comparesDigests(fn *ast.FuncDecl) bool {
	sums := 0
	compares := false
	ast.Inspect(fn, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		path, _, name := p.astCallee(c)
		if fastHashes[path] && strings.HasPrefix(name, "Sum") {
			sums++
		}
		if path == "crypto/subtle" && name == "ConstantTimeCompare" || path == "crypto/hmac" && name == "Equal" {
			compares = true
		}
		return true
	})
	return compares && sums >= 2
}

// workFactor judges calls of the slow hashes.
func (p *pkg) workFactor(c *call, e *ast.CallExpr) []Hit {
	at := func(i int) (ssa.Value, bool) {
		if i < len(c.args) {
			return c.args[i], true
		}
		return nil, false
	}
	var pw, salt int
	var why string
	class := rules.Class("")
	switch c.path + "." + c.name {
	case "golang.org/x/crypto/bcrypt.GenerateFromPassword":
		cost, ok := at(1)
		if !ok {
			return nil
		}
		costs, open := p.ints(cost)
		weak := int64(0)
		for _, n := range costs {
			// Below 4 the library takes its default of 10.
			if n.n >= 4 && n.n < 10 {
				weak = n.n
			}
		}
		if weak == 0 {
			return nil
		}
		h := p.hit("MKT601/work-factor", c.instr, 1, fmt.Sprintf("bcrypt cost %d is below 10", weak))
		if open || len(costs) > 1 {
			h.Class = rules.Review
		}
		return []Hit{h}
	case "golang.org/x/crypto/pbkdf2.Key":
		pw, salt = 0, 1
		why = p.pbkdf2Rounds(c, 2, 4)
	case "crypto/pbkdf2.Key":
		pw, salt = 1, 2
		why = p.pbkdf2Rounds(c, 3, 0)
	case "golang.org/x/crypto/argon2.IDKey", "golang.org/x/crypto/argon2.Key":
		pw, salt = 0, 1
		t, m := p.one(c, 2), p.one(c, 3)
		if t > 0 && m > 0 && !argonEnough(m, t) {
			why = fmt.Sprintf("Argon2 with %d KiB and %d passes is below 19456 KiB with 2 passes", m, t)
		}
	case "golang.org/x/crypto/scrypt.Key":
		pw, salt = 0, 1
		n, r, par := p.one(c, 2), p.one(c, 3), p.one(c, 4)
		if n > 0 && !scryptEnough(n, r, par) {
			why = fmt.Sprintf("scrypt with N=%d, r=%d, p=%d is below N=131072, r=8, p=1", n, r, par)
		}
	default:
		return nil
	}
	if pw >= len(e.Args) || salt >= len(e.Args) || salt >= len(c.args) {
		return nil
	}
	name := p.nameOf(e.Args[pw])
	n := SplitName(name)
	if fn := p.enclosing(e.Pos()); strings.Contains(p.types.Path(), "scram") || fn != nil && mentions(fn, "scram", "ssid", "wpa") {
		return nil
	}
	if !n.Password() {
		// The value may be a key already; the functions are made for passwords,
		// though, so a person should look.
		class = rules.Review
		if name == "" || n.Secret() || n.Has("seed", "secret", "key", "entropy", "master") {
			return nil
		}
	} else if serviceName(n) || n.Has("passphrase") {
		class = rules.Review
	}
	var hits []Hit
	if why != "" {
		h := p.hit("MKT601/work-factor", c.instr, -1, why)
		h.Class = class
		hits = append(hits, h)
	}
	if n.Password() && p.constantBytes(c.args[salt]) {
		h := p.hit("MKT601/static-salt", c.instr, salt, "the salt is a constant: equal passwords get equal hashes; read 16 random bytes for each")
		h.Class = class
		hits = append(hits, h)
	}
	return hits
}

// one returns the single constant an argument has, 0 when there is none or
// more than one.
func (p *pkg) one(c *call, i int) int64 {
	if i >= len(c.args) {
		return 0
	}
	ns, open := p.ints(c.args[i])
	if open || len(ns) != 1 {
		return 0
	}
	return ns[0].n
}

// pbkdf2Rounds judges the rounds of a PBKDF2 call.
func (p *pkg) pbkdf2Rounds(c *call, rounds, hash int) string {
	n := p.one(c, rounds)
	if n == 0 || hash >= len(c.args) {
		return ""
	}
	minimum, name := int64(210_000), "this hash"
	if fn, ok := unwrap(c.args[hash]).(*ssa.Function); ok && fn.Object() != nil && fn.Object().Pkg() != nil {
		switch fn.Object().Pkg().Path() {
		case "crypto/sha1":
			minimum, name = 1_300_000, "SHA-1"
		case "crypto/sha256":
			minimum, name = 600_000, "SHA-256"
		case "crypto/sha512":
			name = "SHA-512"
		}
	}
	if n >= minimum {
		return ""
	}
	return fmt.Sprintf("PBKDF2 with %d rounds of %s is below %d", n, name, minimum)
}

// argonEnough compares with OWASP's equal settings: memory in KiB and passes.
func argonEnough(m, t int64) bool {
	return m >= 47104 && t >= 1 || m >= 19456 && t >= 2 || m >= 12288 && t >= 3 || m >= 9216 && t >= 4 || m >= 7168 && t >= 5
}

// scryptEnough compares with OWASP's equal settings.
func scryptEnough(n, r, p int64) bool {
	if r == 0 || p == 0 {
		return n >= 1<<17 // r or p come from elsewhere
	}
	if r < 8 {
		return false
	}
	return n >= 1<<17 && p >= 1 || n >= 1<<16 && p >= 2 || n >= 1<<15 && p >= 3 || n >= 1<<14 && p >= 5 || n >= 1<<13 && p >= 10
}

// constantBytes reports whether a byte slice is written in the source.
func (p *pkg) constantBytes(v ssa.Value) bool {
	origins, more := p.origins(v)
	if more || len(origins) == 0 {
		return false
	}
	for _, o := range origins {
		if _, ok := o.v.(*ssa.Const); ok {
			continue
		}
		elems, ok := variadic(o.v)
		if !ok || len(elems) == 0 {
			return false
		}
		for _, e := range elems {
			if _, ok := e.(*ssa.Const); !ok {
				return false
			}
		}
	}
	return true
}

// argonParams judges argon2id.Params literals.
func (p *pkg) argonParams() []Hit {
	var hits []Hit
	p.literals(func(path, name string) bool { return name == "Params" && path == "github.com/alexedwards/argon2id" }, func(l *literal) {
		if l.passed || len(l.set["Memory"]) != 1 || len(l.set["Iterations"]) != 1 {
			return
		}
		ms, mo := p.ints(l.set["Memory"][0].Val)
		ts, to := p.ints(l.set["Iterations"][0].Val)
		if mo || to || len(ms) != 1 || len(ts) != 1 || argonEnough(ms[0].n, ts[0].n) {
			return
		}
		hits = append(hits, Hit{Rule: "MKT601/work-factor", Pos: l.set["Memory"][0].Pos(),
			Message: fmt.Sprintf("Argon2 with %d KiB and %d passes is below 19456 KiB with 2 passes", ms[0].n, ts[0].n)})
	})
	return hits
}

// sqlStore judges a statement that writes a password column.
func (p *pkg) sqlStore(c *call, e *ast.CallExpr) []Hit {
	switch c.name {
	case "Exec", "ExecContext", "MustExec", "QueryRow", "QueryRowContext", "Query", "QueryContext":
	default:
		return nil
	}
	writes := false
	for _, a := range e.Args {
		if s, ok := p.constString(a); ok {
			up := strings.ToUpper(s)
			if hashingSQL.MatchString(s) {
				return nil // the database hashes it
			}
			writes = (strings.Contains(up, "INSERT INTO") || strings.Contains(up, "UPDATE ")) && columnNamedPassword(s)
		}
	}
	if !writes {
		return nil
	}
	return p.plainArgs(e, e.Args)
}

// hashingSQL are the functions with which pgcrypto hashes passwords.
var hashingSQL = regexp.MustCompile(`(?i)\bcrypt\s*\([^()]*,\s*gen_salt\s*\(`)

// columnNamedPassword reports whether a statement names a column for plain
// passwords; "password_hash" is none.
func columnNamedPassword(sql string) bool {
	for w := range strings.FieldsFuncSeq(sql, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		if SplitName(w).Password() {
			return true
		}
	}
	return false
}

// plainArgs flags arguments that are passwords in the clear.
func (p *pkg) plainArgs(at ast.Node, args []ast.Expr) []Hit {
	fn := p.enclosing(at.Pos())
	if fn == nil || p.hashesNear(fn) {
		return nil
	}
	var hits []Hit
	for _, a := range args {
		op, ok := p.passwordIn(a)
		if !ok {
			continue
		}
		h := hitNode("MKT601/plain", a, op.name+" is stored in the clear; store an Argon2id or bcrypt hash")
		if !op.sure && !p.fromForm(fn, op.expr) {
			h.Class = rules.Review
		}
		hits = append(hits, h)
	}
	return hits
}

// fromForm reports whether a local variable is set from a request in the same
// function.
func (p *pkg) fromForm(fn *ast.FuncDecl, e ast.Expr) bool {
	v := p.objectOf(e)
	if v == nil || v.IsField() {
		return false
	}
	found := false
	ast.Inspect(fn, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok || len(a.Lhs) != len(a.Rhs) {
			return true
		}
		for i, l := range a.Lhs {
			if p.objectOf(l) == v {
				if op, ok := p.passwordIn(a.Rhs[i]); ok && op.sure {
					found = true
				}
			}
		}
		return true
	})
	return found
}

// plainModels flags password fields of database models, and bson documents,
// that take a password as it is.
func (p *pkg) plainModels() []Hit {
	var hits []Hit
	for cur := range p.insp.Root().Preorder((*ast.CompositeLit)(nil)) {
		lit := cur.Node().(*ast.CompositeLit)
		t := p.info.TypeOf(lit)
		if t == nil {
			continue
		}
		named := namedType(t)
		document := named != nil && named.Obj().Pkg() != nil && bsonPackage(p.pathOf(named.Obj().Pkg())) && (named.Obj().Name() == "M" || named.Obj().Name() == "D")
		st, isStruct := t.Underlying().(*types.Struct)
		if !document && !isStruct || p.support[p.fset.File(lit.Pos())] {
			continue
		}
		for _, el := range lit.Elts {
			kv, ok := el.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			if isStruct {
				id, ok := kv.Key.(*ast.Ident)
				if !ok || !storedField(st, id.Name) || p.hashedByHook(named) || !p.goesToStore(lit, named) {
					continue
				}
			} else if key, ok := p.constString(kv.Key); !ok || !SplitName(key).Password() {
				continue
			}
			hits = append(hits, p.plainArgs(lit, []ast.Expr{kv.Value})...)
		}
	}
	return hits
}

// bsonPackage reports whether a package declares the documents of a MongoDB
// driver: in the first major version bson.M is an alias of primitive.M.
func bsonPackage(path string) bool {
	return strings.HasSuffix(path, "/bson") || strings.HasSuffix(path, "/bson/primitive")
}

func storedField(st *types.Struct, name string) bool {
	for i := range st.NumFields() {
		f := st.Field(i)
		if f.Name() == name {
			b, ok := f.Type().(*types.Basic)
			return ok && b.Kind() == types.String && SplitName(name).Password() && hasTag(tagOf(st, i), storageTags)
		}
	}
	return false
}

// hashedByHook reports whether a model has a gorm hook, which may hash.
func (p *pkg) hashedByHook(n *types.Named) bool {
	if n == nil {
		return false
	}
	ms := types.NewMethodSet(types.NewPointer(n))
	for method := range ms.Methods() {
		switch method.Obj().Name() {
		case "BeforeSave", "BeforeCreate", "BeforeInsert", "BeforeUpdate", "BeforeAppendModel", "MarshalBSON":
			return true
		}
	}
	return false
}

// goesToStore reports whether the literal's function passes a value of that
// type to a database library.
func (p *pkg) goesToStore(lit *ast.CompositeLit, named *types.Named) bool {
	fn := p.enclosing(lit.Pos())
	if fn == nil || named == nil {
		return false
	}
	found := false
	ast.Inspect(fn, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok || found {
			return !found
		}
		path, _, name := p.astCallee(c)
		if !storePackages[path] {
			return true
		}
		switch name {
		case "Create", "Save", "Insert", "InsertOne", "NamedExec", "NamedExecContext", "Model", "FirstOrCreate", "Updates", "ReplaceOne":
			for _, a := range c.Args {
				if namedType(p.info.TypeOf(a)) == named {
					found = true
				}
			}
		}
		return !found
	})
	return found
}

// plainCompares flags a password compared with the password field of a
// database model.
func (p *pkg) plainCompares() []Hit {
	var hits []Hit
	judge := func(at ast.Node, x, y ast.Expr) {
		if p.storedPassword(y) {
			x, y = y, x
		}
		if !p.storedPassword(x) {
			return
		}
		op, ok := p.passwordIn(y)
		if !ok || p.storedPassword(y) || p.support[p.fset.File(at.Pos())] {
			return
		}
		fn := p.enclosing(at.Pos())
		if fn == nil || p.hashesNear(fn) || p.sameBase(x, y) {
			return
		}
		h := hitNode("MKT601/plain", at, op.name+" is compared with a stored password in the clear; store a hash and verify it")
		if !op.sure && !p.fromForm(fn, op.expr) {
			h.Class = rules.Review
		}
		hits = append(hits, h)
	}
	for cur := range p.insp.Root().Preorder((*ast.BinaryExpr)(nil), (*ast.CallExpr)(nil)) {
		switch x := cur.Node().(type) {
		case *ast.BinaryExpr:
			if x.Op == token.EQL || x.Op == token.NEQ {
				judge(x, x.X, x.Y)
			}
		case *ast.CallExpr:
			if len(x.Args) != 2 {
				continue
			}
			switch path, _, name := p.astCallee(x); path + "." + name {
			case "crypto/subtle.ConstantTimeCompare", "bytes.Equal", "strings.EqualFold", "crypto/hmac.Equal", "strings.Compare":
				judge(x, x.Args[0], x.Args[1])
			}
		}
	}
	return hits
}

// sameBase reports whether two selectors start from the same variable, as in a
// form's password and its confirmation.
func (p *pkg) sameBase(x, y ast.Expr) bool {
	a, ok1 := p.bare(x).(*ast.SelectorExpr)
	b, ok2 := p.bare(y).(*ast.SelectorExpr)
	return ok1 && ok2 && p.sameExpr(a.X, b.X)
}

// plainChecks flags functions made to check a password that compare two
// parameters in the clear: CheckPassword(stored, typed string).
func (p *pkg) plainChecks() []Hit {
	var hits []Hit
	for _, f := range p.sourceFiles() {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil || !SplitName(fn.Name.Name).Has("check", "compare", "verify", "validate", "match", "matches", "authenticate", "pass", "password") {
				continue
			}
			params := map[*types.Var]bool{}
			for _, field := range fn.Type.Params.List {
				for _, id := range field.Names {
					n := SplitName(id.Name)
					if v, ok := p.info.Defs[id].(*types.Var); ok && isText(v.Type()) && n.Password() && !serviceName(n) && !n.Has("confirm", "confirmation", "repeat", "again", "old", "new", "current") {
						params[v] = true
					}
				}
			}
			if len(params) < 2 || p.hashesNear(fn) {
				continue
			}
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				b, ok := n.(*ast.BinaryExpr)
				if !ok || b.Op != token.EQL && b.Op != token.NEQ {
					return true
				}
				x, y := p.objectOf(p.bare(b.X)), p.objectOf(p.bare(b.Y))
				if x != nil && y != nil && x != y && params[x] && params[y] {
					h := hitNode("MKT601/plain", b, "two passwords are compared in the clear; store a hash and verify it")
					h.Class = rules.Review
					hits = append(hits, h)
				}
				return true
			})
		}
	}
	return hits
}
