package code

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt408 flags secrets that a program makes up when nobody configures them.
// Whoever reads the source then knows the key of every installation that forgot
// to set one. The literal itself is never shown.
func mkt408() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT408",
		Name:     "secret-default",
		Title:    "Secret falls back to a literal in the source",
		Class:    rules.Violation,
		Controls: []string{"secret-store", "no-secrets-in-repo"},
		CWE:      []int{1188},
		Vector:   v81b,
		Flags: "A variable named like a secret (password, secret, API token, signing or private key) that takes a literal when it is not configured: " +
			"`getenv(\"X\", \"literal\")` helpers, `cmp.Or(os.Getenv(\"X\"), \"literal\")`, `if secret == \"\" { secret = \"literal\" }`, `viper.SetDefault`, " +
			"`envDefault`/`default` struct tags, and flag defaults. Placeholders such as `changeme` count: they work.",
		Safe: "An empty default, a program that stops when the secret is missing, a generated random value; values that are no secrets: a path, a URL, a duration, " +
			"the name of a variable or file. Test code is left out.",
		Remediation: "Read the secret without a default and stop with a clear message when it is missing. Put development values into an untracked `.env` file or a build-tagged file.",
		Wrong:       "key := getenv(\"JWT_SECRET\", \"changeme\")",
		Right:       "key, ok := os.LookupEnv(\"JWT_SECRET\")\nif !ok {\n\tlog.Fatal(\"JWT_SECRET is not set\")\n}",
		Frameworks:  []string{"os", "flag", "spf13/pflag", "spf13/viper", "urfave/cli", "caarlos0/env", "kelseyhightower/envconfig", "ilyakaznacheev/cleanenv", "sethvargo/go-envconfig", "alecthomas/kong"},
	}, []rules.Rule{{
		ID: writtenSecret, Name: "secret-written-down", Title: "Password or key is written in the source", Class: rules.Review,
		Controls: []string{"no-secrets-in-repo", "secret-store"}, CWE: []int{798}, Vector: v65g,
		Flags: "A variable, constant or field named like a password, secret, API token or key that is given a literal with letters and digits, however short; " +
			"literals of high entropy or of a known format are found by gosec's G101 and by MKT405 as well.",
		Safe:        "Words, names, URLs, paths, references such as `${VAR}`, placeholders without digits, and names that say test, example or public. Test code is left out.",
		Remediation: "Rotate the secret, then read it from a vault or the environment. Removing the line leaves it in the history.",
		Wrong:       "const smtpPassword = \"w1nter-mail\"",
		Right:       "smtpPassword := os.Getenv(\"SMTP_PASSWORD\")",
		Frameworks:  []string{"every"},
	}, {
		ID: usedSecret, Name: "secret-used", Title: "Literal in the source is used as a credential", Class: rules.Violation,
		Controls: []string{"no-secrets-in-repo", "secret-store"}, CWE: []int{798}, Vector: v91,
		Flags: "A literal, by way of constants, variables, fields or a prefix such as `Bearer `, that somebody signs in with: a password of `SetBasicAuth`, the value of `Authorization` or an API key header, " +
			"the accounts of a basic-auth middleware, an OAuth client secret, the password of a mail server, directory, cache or database, a key of `hmac.New`, and what the password, token or key of a request is compared with. " +
			"For review: exported variables and fields that may be set elsewhere, a configuration for this machine or of an installed program, examples, placeholders, and keys whose name does not say that they are secret.",
		Safe:        "A value that also comes from the environment, a flag or a file (its default is MKT408); empty texts, hashes, references such as `${VAR}`, names of schemes such as `Bearer`. Test code is left out.",
		Remediation: "Rotate the secret, then read it from a vault or the environment. Removing the line leaves it in the history.",
		Wrong:       "const adminPassword = \"let-me-in\"\n\nif _, p, _ := r.BasicAuth(); p != adminPassword {",
		Right:       "want := os.Getenv(\"ADMIN_PASSWORD\")\nif _, p, _ := r.BasicAuth(); want == \"\" || subtle.ConstantTimeCompare([]byte(p), []byte(want)) != 1 {",
		Frameworks:  []string{"net/http", "gin", "echo", "chi", "fiber", "resty", "golang.org/x/oauth2", "go-redis", "go-sql-driver/mysql", "pgx", "net/smtp", "go-ldap", "aws-sdk-go-v2"},
	}}, nil, runMKT408)
}

// writtenSecret is the variant of MKT408 for secrets that have no other source.
const writtenSecret = "MKT408/literal"

func runMKT408(p *pkg) []Hit {
	hits := p.defaultTags()
	fallbacks := p.fallbackAssignments()
	hits = append(hits, fallbacks...)
	done := map[ast.Node]bool{} // functions with a hit by syntax
	for _, h := range fallbacks {
		done[p.declAt(h.Pos)] = true
	}
	hits = append(hits, p.defaultCalls()...)
	for _, h := range p.envFallbacks() {
		if !done[p.declAt(h.Pos)] {
			hits = append(hits, h)
		}
	}
	used := p.usedHits()
	return append(append(hits, p.writtenSecrets(hits)...), used...)
}

// writtenSecrets finds literals that secrets are given for good. What is a
// default already is left out.
func (p *pkg) writtenSecrets(defaults []Hit) []Hit {
	if lexicalPackage(p.types) {
		return nil
	}
	var hits []Hit
	give := func(at ast.Node, name string, value ast.Expr) {
		if !secretName(name) || !p.literalSecret(value) || p.support[p.fset.File(at.Pos())] {
			return
		}
		s, _ := p.constString(p.bare(value))
		if noCredential(s) || !mixed(s) || spells(s, name) || SplitName(name).Has("info") || len(s) < 4 || p.usedAsSecret(s) ||
			slices.ContainsFunc(defaults, func(h Hit) bool { return h.Pos <= at.Pos() && at.Pos() < h.End }) {
			return
		}
		hits = append(hits, hitNode(writtenSecret, at, name+" is given a literal that may be a real secret; rotate it and read it from a vault or the environment"))
	}
	for cur := range p.insp.Root().Preorder((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil), (*ast.KeyValueExpr)(nil)) {
		switch x := cur.Node().(type) {
		case *ast.AssignStmt:
			for i, l := range x.Lhs {
				if len(x.Lhs) == len(x.Rhs) && x.Tok != token.ADD_ASSIGN {
					give(x, p.nameOf(l), x.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			for i, id := range x.Names {
				if i < len(x.Values) {
					give(x, id.Name, x.Values[i])
				}
			}
		case *ast.KeyValueExpr:
			if id, ok := x.Key.(*ast.Ident); ok {
				if v, ok := p.info.ObjectOf(id).(*types.Var); ok && v.IsField() {
					give(x, id.Name, x.Value)
				}
			}
		}
	}
	return hits
}

// spells reports whether a text is its variable's name written another way, as
// keys of a configuration are: FilesS3AccessKey = "files.s3.accesskey".
func spells(s, name string) bool {
	bare := func(s string) string {
		return strings.ToLower(strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return r
			}
			return -1
		}, s))
	}
	return bare(s) == bare(name)
}

// mixed reports whether a text has letters and digits, and no blank: what
// somebody types as a password, and few labels are.
func mixed(s string) bool {
	return strings.ContainsFunc(s, unicode.IsDigit) && strings.ContainsFunc(s, unicode.IsLetter) && !strings.ContainsFunc(s, unicode.IsSpace)
}

// declAt returns the top-level declaration around a position.
func (p *pkg) declAt(pos token.Pos) ast.Node {
	for _, f := range p.files {
		if f.FileStart > pos || pos > f.FileEnd {
			continue
		}
		for _, d := range f.Decls {
			if d.Pos() <= pos && pos < d.End() {
				return d
			}
		}
	}
	return nil
}

func secretMessage(name string) string {
	return fmt.Sprintf("%s falls back to a literal in the source when it is not configured; fail instead", name)
}

// secretName reports whether a variable, key or field of that name holds a
// secret for production.
func secretName(name string) bool {
	n := SplitName(name)
	// The key of a session in a context is no secret, but one that is configured
	// signs or encrypts sessions.
	secret := n.Secret() || n.HasPair("session", "key")
	return secret && !n.Has("test", "example", "sample", "dummy", "fake", "mock", "public")
}

var (
	envName     = regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$`)
	placeholder = regexp.MustCompile(`^(<.*>|\(.*\)|\[.*\]|\{\{.*\}\}|\$\{?\w+\}?|%\w+%|[*xX•.\-_]+)$`)
	headerForm  = regexp.MustCompile(`^(?:X-)?[A-Z][a-z]+(?:-[A-Z][a-z]+)+$`) // Remote-User, X-Api-Key
	fileName    = regexp.MustCompile(`\.(pem|key|crt|cer|pub|json|ya?ml|toml|txt|env|p12|pfx|jks|conf|db|sock)$`)
	notSecrets  = setOf("true false yes no on off none null nil undefined unset unknown missing redacted auto generated generate random disabled enabled anonymous env file keyring keychain vault header cookie query bearer basic plain jwt n/a 0 1 x x-oauth-basic x-access-token")
)

// plausibleSecret reports whether a literal can serve as a secret: not a path,
// URL, duration, reference or word that says there is none.
func plausibleSecret(s string) bool {
	s = strings.TrimSpace(s)
	switch {
	case s == "", notSecrets[strings.ToLower(s)], placeholder.MatchString(s), envName.MatchString(s), headerForm.MatchString(s), fileName.MatchString(s):
		return false
	case strings.HasPrefix(s, "/"), strings.HasPrefix(s, "./"), strings.HasPrefix(s, "../"), strings.HasPrefix(s, "~/"):
		return false
	case strings.Contains(s, "://"), strings.HasPrefix(s, "arn:"), strings.HasPrefix(s, "vault:"), strings.HasPrefix(s, "projects/"), strings.HasPrefix(s, "file:"), strings.HasPrefix(s, "env:"):
		return false
	case strings.Count(s, " ") > 3:
		return false // a sentence
	}
	if _, err := time.ParseDuration(s); err == nil {
		return false
	}
	return true
}

// literalSecret reports whether an expression is a constant that can serve as
// a secret.
func (p *pkg) literalSecret(e ast.Expr) bool {
	for {
		c, ok := ast.Unparen(e).(*ast.CallExpr)
		if !ok || len(c.Args) != 1 {
			break
		}
		if tv, ok := p.info.Types[c.Fun]; !ok || !tv.IsType() {
			break
		}
		e = c.Args[0]
	}
	s, ok := p.constString(e)
	return ok && plausibleSecret(s)
}

// fallbackAssignments finds "if secret == "" { secret = "literal" }".
func (p *pkg) fallbackAssignments() []Hit {
	var hits []Hit
	for cur := range p.insp.Root().Preorder((*ast.IfStmt)(nil)) {
		stmt := cur.Node().(*ast.IfStmt)
		tested := p.emptyTest(stmt.Cond)
		if tested == nil {
			continue
		}
		name := p.nameOf(tested)
		for _, s := range stmt.Body.List {
			a, ok := s.(*ast.AssignStmt)
			if !ok || a.Tok != token.ASSIGN || len(a.Lhs) != 1 || len(a.Rhs) != 1 {
				continue
			}
			if !p.sameExpr(a.Lhs[0], tested) || !p.literalSecret(a.Rhs[0]) || !isText(p.info.TypeOf(a.Lhs[0])) {
				continue
			}
			if secretName(name) {
				h := hitNode("MKT408", a, secretMessage(name))
				if n := SplitName(name); len(n) == 1 && n[0] == "token" {
					h.Class = rules.Review // it may be a parser's
				}
				hits = append(hits, h)
			}
		}
	}
	return hits
}

// emptyTest returns the expression a condition tests for being empty.
func (p *pkg) emptyTest(cond ast.Expr) ast.Expr {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return nil
	}
	if b.Op == token.LOR || b.Op == token.LAND {
		if e := p.emptyTest(b.X); e != nil {
			return e
		}
		return p.emptyTest(b.Y)
	}
	if b.Op != token.EQL && b.Op != token.LSS && b.Op != token.LEQ {
		return nil
	}
	x, y := b.X, b.Y
	if tv := p.info.Types[x]; tv.Value != nil {
		x, y = y, x
	}
	tv := p.info.Types[y]
	if tv.Value == nil && !tv.IsNil() {
		return nil
	}
	if c, ok := ast.Unparen(x).(*ast.CallExpr); ok && len(c.Args) == 1 {
		if id, ok := c.Fun.(*ast.Ident); ok && id.Name == "len" {
			return c.Args[0]
		}
		if _, _, name := p.astCallee(c); name == "TrimSpace" {
			return c.Args[0]
		}
	}
	if tv.Value != nil && (tv.Value.Kind() != constant.String || constant.StringVal(tv.Value) != "") {
		return nil
	}
	return x
}

// sameExpr reports whether two expressions name the same variable or field.
func (p *pkg) sameExpr(a, b ast.Expr) bool {
	a, b = ast.Unparen(a), ast.Unparen(b)
	switch x := a.(type) {
	case *ast.Ident:
		y, ok := b.(*ast.Ident)
		return ok && p.info.ObjectOf(x) != nil && p.info.ObjectOf(x) == p.info.ObjectOf(y)
	case *ast.SelectorExpr:
		y, ok := b.(*ast.SelectorExpr)
		return ok && p.info.ObjectOf(x.Sel) == p.info.ObjectOf(y.Sel) && p.sameExpr(x.X, y.X)
	case *ast.StarExpr:
		y, ok := b.(*ast.StarExpr)
		return ok && p.sameExpr(x.X, y.X)
	case *ast.IndexExpr:
		y, ok := b.(*ast.IndexExpr)
		if !ok || !p.sameExpr(x.X, y.X) {
			return false
		}
		s, ok1 := p.constString(x.Index)
		t, ok2 := p.constString(y.Index)
		return ok1 && ok2 && s == t
	}
	return false
}

// flagDefaults says where name and default value stand in calls that define a
// flag or a configuration default.
var flagDefaults = map[string]struct{ name, value int }{
	"String": {0, 1}, "StringVar": {1, 2}, "StringP": {0, 2}, "StringVarP": {1, 3},
}

// defaultCalls finds literals given as default to calls: environment helpers,
// cmp.Or, viper, flags.
func (p *pkg) defaultCalls() []Hit {
	var hits []Hit
	flag := func(c *call, name, value ssa.Value, arg int) {
		names, open := p.texts(name)
		if open || len(names) != 1 || !secretName(path.Base(strings.ReplaceAll(names[0].s, ".", "/"))) && !secretName(names[0].s) {
			return
		}
		vals, _ := p.texts(value)
		for _, v := range vals {
			if plausibleSecret(v.s) && !strings.Contains(v.s, hole) {
				hits = append(hits, p.hit("MKT408", c.instr, arg, secretMessage(names[0].s), v.steps...))
				return
			}
		}
	}
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		ci, ok := instr.(ssa.CallInstruction)
		if !ok || !mayDefault(ci.Common()) {
			return
		}
		c := p.asCall(ci, nil)
		if c == nil {
			return
		}
		switch {
		case c.path == "flag" || c.path == "github.com/spf13/pflag":
			if d, ok := flagDefaults[c.name]; ok && d.value < len(c.args) && (c.recv == "" || c.recv == "FlagSet") {
				flag(c, c.args[d.name], c.args[d.value], d.value)
			}
		case c.path == "github.com/spf13/viper" && c.name == "SetDefault" && len(c.args) == 2:
			flag(c, c.args[0], c.args[1], 1)
		case c.path == "cmp" && c.name == "Or":
			p.orDefault(c, flag)
		case len(c.args) >= 2 && len(c.args) <= 3 && c.recv == "" && isString(c.args[0]) && isString(c.args[1]) && p.readsEnv(c):
			flag(c, c.args[0], c.args[1], 1)
		}
	})
	p.literals(func(path, name string) bool {
		return name == "StringFlag" && path == "github.com/urfave/cli"
	}, func(l *literal) {
		if len(l.set["Name"]) != 1 || len(l.set["Value"]) != 1 {
			return
		}
		names, _ := p.texts(l.set["Name"][0].Val)
		vals, _ := p.texts(l.set["Value"][0].Val)
		if len(names) == 1 && len(vals) == 1 && secretName(names[0].s) && plausibleSecret(vals[0].s) {
			hits = append(hits, Hit{Rule: "MKT408", Pos: l.set["Value"][0].Pos(), Message: secretMessage(names[0].s)})
		}
	})
	return hits
}

// mayDefault is the cheap half of the question whether a call gives a default:
// it takes two strings, or is cmp.Or or a viper setting.
func mayDefault(c *ssa.CallCommon) bool {
	if c.IsInvoke() || len(c.Args) == 0 || len(c.Args) > 5 {
		return false
	}
	fn := c.StaticCallee()
	if fn == nil {
		return false
	}
	switch fn.Name() {
	case "String", "StringVar", "StringP", "StringVarP", "SetDefault":
		return len(c.Args) >= 2
	}
	if fn.Origin() != nil {
		return fn.Origin().Name() == "Or" && len(c.Args) == 1
	}
	return (len(c.Args) == 2 || len(c.Args) == 3) && isString(c.Args[0]) && isString(c.Args[1])
}

func isString(v ssa.Value) bool {
	b, ok := v.Type().Underlying().(*types.Basic)
	return ok && b.Kind() == types.String
}

// orDefault reads cmp.Or(os.Getenv("X"), …, "literal").
func (p *pkg) orDefault(c *call, flag func(c *call, name, value ssa.Value, arg int)) {
	args, ok := variadic(c.args[0])
	if !ok || len(args) < 2 {
		return
	}
	for _, a := range args[:len(args)-1] {
		if env := p.envRead(a); env != nil {
			flag(c, env, args[len(args)-1], len(args)-1)
			return
		}
	}
}

// envRead returns the name argument when v is the value of an environment
// variable, nil otherwise.
func (p *pkg) envRead(v ssa.Value) ssa.Value {
	if ex, ok := v.(*ssa.Extract); ok && ex.Index == 0 {
		v = ex.Tuple
	}
	c, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	if d := p.asCall(c, paths("os", "syscall")); d != nil && (d.name == "Getenv" || d.name == "LookupEnv") && len(d.args) == 1 {
		return d.args[0]
	}
	return nil
}

// readsEnv reports whether a call of (name, default) reads the environment: a
// function of this package whose body does, or one elsewhere whose name says so.
func (p *pkg) readsEnv(c *call) bool {
	fn := c.instr.Common().StaticCallee()
	if fn == nil {
		return false
	}
	if fn.Pkg == p.ssa.Pkg && len(fn.Params) >= 2 {
		return p.envHelper(fn)
	}
	if len(fn.Blocks) > 0 || fn.Signature.Results().Len() == 0 || !types.Identical(fn.Signature.Results().At(0).Type(), types.Typ[types.String]) {
		return false
	}
	n := SplitName(c.name)
	return c.path != "os" && (n.Has("env", "getenv") || SplitName(c.fn.Pkg().Name()).Has("env", "envy"))
}

// envHelper reports whether fn reads the variable its first parameter names and
// may return its second parameter.
func (p *pkg) envHelper(fn *ssa.Function) bool {
	reads, returns := false, false
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch x := instr.(type) {
			case *ssa.Call:
				if name := p.envRead(x); name != nil && (name == ssa.Value(fn.Params[0]) || p.derives(name, func(v ssa.Value) bool { return v == ssa.Value(fn.Params[0]) })) {
					reads = true
				}
			case *ssa.Return:
				for _, r := range x.Results {
					if r == ssa.Value(fn.Params[1]) {
						returns = true
					}
					if phi, ok := r.(*ssa.Phi); ok {
						for _, e := range phi.Edges {
							returns = returns || e == ssa.Value(fn.Params[1])
						}
					}
					if or, ok := r.(*ssa.Call); ok {
						if args, ok := p.orArgs(or); ok {
							for _, a := range args {
								returns = returns || a == ssa.Value(fn.Params[1])
							}
						}
					}
				}
			}
		}
	}
	return reads && returns
}

// envFallbacks finds the other shapes of a fallback around os.Getenv of a
// secret: a variable that is set before and overwritten, a second return.
func (p *pkg) envFallbacks() []Hit {
	if !importsAny(p.types, paths("os", "syscall")) {
		return nil
	}
	var hits []Hit
	p.eachCall(paths("os", "syscall"), func(c *call) {
		if c.name != "Getenv" && c.name != "LookupEnv" || len(c.args) != 1 {
			return
		}
		names, open := p.texts(c.args[0])
		if open || len(names) != 1 || !secretName(names[0].s) {
			return
		}
		v, ok := c.instr.(*ssa.Call)
		if !ok {
			return
		}
		if p.mixesWithLiteral(v, 0) {
			hits = append(hits, p.hit("MKT408", c.instr, -1, secretMessage(names[0].s)))
		}
	})
	return hits
}

// mixesWithLiteral reports whether a value meets a literal that can serve as a
// secret: in a phi, a place both are stored to, or another return.
func (p *pkg) mixesWithLiteral(v ssa.Value, depth int) bool {
	if depth > 4 || v.Referrers() == nil {
		return false
	}
	for _, r := range *v.Referrers() {
		switch x := r.(type) {
		case *ssa.Extract:
			if x.Index == 0 && p.mixesWithLiteral(x, depth+1) {
				return true
			}
		case *ssa.Convert:
			if p.mixesWithLiteral(x, depth+1) {
				return true
			}
		case *ssa.Phi:
			if slices.ContainsFunc(x.Edges, isSecretConst) {
				return true
			}
			if p.mixesWithLiteral(x, depth+1) {
				return true
			}
		case *ssa.Store:
			if x.Val != v {
				continue
			}
			for _, b := range x.Parent().Blocks {
				for _, instr := range b.Instrs {
					if s, ok := instr.(*ssa.Store); ok && s != x && sameAddress(s.Addr, x.Addr) && isSecretConst(s.Val) {
						return true
					}
				}
			}
		case *ssa.Return:
			i := 0
			for i < len(x.Results) && x.Results[i] != v {
				i++
			}
			for _, b := range x.Parent().Blocks {
				if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && ret != x && i < len(ret.Results) && isSecretConst(ret.Results[i]) {
					return true
				}
			}
		}
	}
	return false
}

func isSecretConst(v ssa.Value) bool {
	v = unwrap(v)
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.String && plausibleSecret(constant.StringVal(c.Value))
}

// defaultTags finds struct tags that give a secret field a default.
func (p *pkg) defaultTags() []Hit {
	var hits []Hit
	for cur := range p.insp.Root().Preorder((*ast.StructType)(nil)) {
		for _, f := range cur.Node().(*ast.StructType).Fields.List {
			if f.Tag == nil || !strings.Contains(f.Tag.Value, "efault") || len(f.Names) == 0 || !isText(p.info.TypeOf(f.Type)) {
				continue
			}
			raw, err := strconv.Unquote(f.Tag.Value)
			if err != nil {
				continue
			}
			tag := reflect.StructTag(raw)
			env, value := envTag(tag)
			if !plausibleSecret(value) {
				continue
			}
			name := f.Names[0].Name
			if env != "" {
				name = env
			}
			if secretName(name) {
				hits = append(hits, hitNode("MKT408", f.Tag, secretMessage(name)))
			}
		}
	}
	return hits
}

// envTag returns the variable a field is read from and its default. Tags of
// API documentation, which only describe a request, give no default.
func envTag(tag reflect.StructTag) (env, value string) {
	env, rest, _ := strings.Cut(tag.Get("env"), ",")
	if env == "" {
		env = tag.Get("envconfig")
	}
	for part := range strings.SplitSeq(rest, ",") {
		if v, ok := strings.CutPrefix(strings.TrimSpace(part), "default="); ok {
			return env, v
		}
	}
	for _, key := range []string{"envDefault", "env-default"} {
		if v := tag.Get(key); v != "" {
			return env, v
		}
	}
	v := tag.Get("default")
	if v == "" {
		return env, ""
	}
	for _, key := range []string{"env", "envconfig", "split_words", "mapstructure", "yaml", "toml", "koanf", "hcl", "ini", "help", "arg", "cmd", "required"} {
		if _, ok := tag.Lookup(key); ok {
			return env, v
		}
	}
	return env, ""
}
