package code

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt605 flags private keys that are kept where others can read them, and keys
// of a KMS that anybody may use or that are never rotated, as far as Go code
// says so. Key files in the repository and infrastructure code are for the
// rules over files.
func mkt605() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT605",
		Name:     "key-material-handling",
		Title:    "Key material is kept or guarded badly",
		Class:    rules.Review,
		Controls: []string{"key-management"},
		CWE:      []int{320, 321},
		Vector:   v74,
		Flags: "A private key in the source (a PEM text, or a key file compiled in by `//go:embed`), a private key read from or written to a directory everybody can read (`/tmp`, `/var/tmp`, `/dev/shm`, a web root), " +
			"a private key written to a file that others can read, a KMS key whose policy names `*` as principal, and KMS keys whose rotation is switched off (aws-sdk-go-v2, Pulumi).",
		Safe:        "Keys of a KMS, HSM or vault, files with mode 0600, public keys and certificates, test certificates (test files, testdata), temporary directories made by `os.MkdirTemp`.",
		Remediation: "Keep private keys in a KMS, an HSM or a secret store and read them when the program starts. Where a file must be, give it mode 0600 in a directory of the service's own. Switch on yearly rotation and name the roles that may use a key.",
		Wrong:       "os.WriteFile(\"/tmp/server.key\", keyPEM, 0o644)",
		Right:       "os.WriteFile(filepath.Join(stateDir, \"server.key\"), keyPEM, 0o600)",
		Frameworks:  []string{"crypto/tls", "crypto/x509", "encoding/pem", "embed", "os", "net/http", "aws-sdk-go-v2", "pulumi-aws"},
	}, nil, nil, runMKT605)
}

var (
	pemPrivate = regexp.MustCompile(`-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?s:\s*(?:[\w\-]+:[^\n]*\n)*\s*)[A-Za-z0-9+/=]{40}`)
	keyFile    = regexp.MustCompile(`(?i)(^|[/_.\-*])(id_(rsa|dsa|ecdsa|ed25519)|.*key\.pem|.*\.key|privkey.*|.*private.*\.(pem|der)|.*\.(p12|pfx|jks))$`)
	openDirs   = []string{"/tmp/", "/var/tmp/", "/dev/shm/", "/usr/share/", "/var/www/", "/srv/www/", "/usr/local/share/", "./static/", "./public/", "static/", "public/", "www/", "assets/"}
	anyone     = regexp.MustCompile(`"(?:Principal|AWS)"\s*:\s*(?:\[\s*)?"\*"`)
	kmsAction  = regexp.MustCompile(`"kms:[A-Za-z*]+"`)
)

func runMKT605(p *pkg) []Hit {
	hits := p.embeddedKeys()
	hits = append(hits, p.literalKeys()...)
	hits = append(hits, p.keyFiles()...)
	return append(hits, p.kmsKeys()...)
}

// keyName reports whether a file's name says that it holds a private key.
func keyName(name string) bool {
	base := path.Base(name)
	return keyFile.MatchString(base) && !SplitName(base).Has("public", "pub", "test", "example", "sample", "csr", "crt")
}

// embeddedKeys finds //go:embed of key files.
func (p *pkg) embeddedKeys() []Hit {
	var hits []Hit
	for _, f := range p.sourceFiles() {
		if !importsPathOf(f, "embed") {
			continue
		}
		for _, g := range f.Comments {
			for _, c := range g.List {
				rest, ok := strings.CutPrefix(c.Text, "//go:embed ")
				if !ok {
					continue
				}
				for name := range strings.FieldsSeq(rest) {
					name = strings.Trim(name, "\"`")
					if keyName(name) && !strings.Contains(name, "testdata") {
						hits = append(hits, hitNode("MKT605", c, fmt.Sprintf("%s is compiled into the program; read it from a secret store when the program starts", path.Base(name)), Step{c.Pos(), "embedded here"}))
						break
					}
				}
			}
		}
	}
	return hits
}

func importsPathOf(f *ast.File, p string) bool {
	for _, s := range f.Imports {
		if s.Path.Value == `"`+p+`"` {
			return true
		}
	}
	return false
}

// literalKeys finds PEM texts of private keys in the source; the key itself is
// never shown.
func (p *pkg) literalKeys() []Hit {
	var hits []Hit
	for cur := range p.insp.Root().Preorder((*ast.BasicLit)(nil)) {
		lit := cur.Node().(*ast.BasicLit)
		if lit.Kind != token.STRING || len(lit.Value) < 90 || !strings.Contains(lit.Value, "PRIVATE KEY") {
			continue
		}
		s, ok := p.constString(lit)
		if !ok || !pemPrivate.MatchString(s) {
			continue
		}
		hits = append(hits, hitNode("MKT605", lit, "a private key stands in the source; replace it and read the new one from a secret store", Step{lit.Pos(), "the key is written here"}))
	}
	return hits
}

// openDir returns the directory everybody can read that a path lies in, "" when
// it lies elsewhere.
func openDir(name string) string {
	for _, d := range openDirs {
		if strings.HasPrefix(name, d) {
			return d
		}
	}
	return ""
}

// keyReads are the functions that read a private key, with the argument that
// is its path.
var keyReads = map[string]int{
	"crypto/tls LoadX509KeyPair": 1, "net/http ListenAndServeTLS": 2, "net/http Server.ListenAndServeTLS": 1, "net/http ServeTLS": 3, "net/http Server.ServeTLS": 2,
	"os ReadFile": 0, "io/ioutil ReadFile": 0, "os Open": 0, "os WriteFile": 0, "io/ioutil WriteFile": 0, "os OpenFile": 0, "os Create": 0,
	"google.golang.org/grpc/credentials NewServerTLSFromFile": 1, "github.com/gin-gonic/gin Engine.RunTLS": 2, "github.com/labstack/echo Echo.StartTLS": 2, "github.com/gofiber/fiber App.ListenTLS": 2,
}

// keyFiles finds private keys that are read from or written to places others
// can read.
func (p *pkg) keyFiles() []Hit {
	if !p.importsPath("os", "io/ioutil", "crypto/tls", "net/http", "google.golang.org/grpc/credentials", "github.com/gin-gonic/gin", "github.com/labstack/echo", "github.com/gofiber/fiber") {
		return nil
	}
	var hits []Hit
	p.eachCall(func(path string) bool { return keyReadPaths[path] }, func(c *call) {
		i, ok := keyReads[c.path+" "+c.callee()]
		if !ok || i >= len(c.args) {
			return
		}
		certain := c.path != "os" && c.path != "io/ioutil" // the argument is a key's path
		texts, _ := p.texts(c.args[i])
		for _, t := range texts {
			name := strings.ReplaceAll(t.s, hole, "x")
			if d := openDir(name); d != "" && (certain || keyName(name)) && !strings.Contains(t.s, "testdata") {
				hits = append(hits, p.hit("MKT605", c.instr, i, fmt.Sprintf("the private key lies in %s, which everybody on the machine can read", strings.TrimSuffix(d, "/")), t.steps...))
				return
			}
		}
		if h, ok := p.readableKey(c, texts); ok {
			hits = append(hits, h)
		}
	})
	return hits
}

var keyReadPaths = setOf("crypto/tls net/http os io/ioutil google.golang.org/grpc/credentials github.com/gin-gonic/gin github.com/labstack/echo github.com/gofiber/fiber")

// readableKey finds a private key that is written with a mode others can read.
func (p *pkg) readableKey(c *call, names []text) (Hit, bool) {
	mode := -1
	switch c.name {
	case "WriteFile":
		mode = 2
	case "OpenFile":
		mode = 2
		flags, open := p.ints(c.args[1])
		if open || len(flags) != 1 || flags[0].n&p.createFlag() == 0 {
			return Hit{}, false
		}
	default:
		return Hit{}, false
	}
	if mode >= len(c.args) {
		return Hit{}, false
	}
	perm, ok := c.args[mode].(*ssa.Const)
	if !ok || perm.Value == nil {
		return Hit{}, false
	}
	bits, exact := constant.Int64Val(constant.ToInt(perm.Value))
	if !exact || bits&0o077 == 0 {
		return Hit{}, false
	}
	key := false
	for _, n := range names {
		key = key || keyName(strings.ReplaceAll(n.s, hole, "x"))
	}
	e := p.callAt(c.instr.Common().Pos())
	if e != nil && len(e.Args) == 3 && c.name == "WriteFile" && !key {
		key = p.privateKeyBytes(e.Args[1])
	}
	if e != nil && !key {
		n := SplitName(p.nameOf(e.Args[0]))
		key = n.HasPair("key", "path") || n.HasPair("key", "file") || n.endsIn("private", "key")
		key = key && !n.Has("public", "pub") && !(n.Has("host", "known") && n.Has("hosts"))
	}
	if !key {
		return Hit{}, false
	}
	return p.hit("MKT605", c.instr, mode, fmt.Sprintf("a private key is written with mode %#o, so others can read it; use 0600", bits), Step{c.instr.Pos(), "the key is written here"}), true
}

// createFlag returns the value of os.O_CREATE where the package is built for.
func (p *pkg) createFlag() int64 {
	for _, imp := range p.types.Imports() {
		if c, ok := imp.Scope().Lookup("O_CREATE").(*types.Const); ok && imp.Path() == "os" {
			if n, exact := constant.Int64Val(c.Val()); exact {
				return n
			}
		}
	}
	return 0
}

// privateKeyBytes reports whether an expression is a marshalled private key.
func (p *pkg) privateKeyBytes(e ast.Expr) bool {
	e = p.bare(e)
	if id, ok := e.(*ast.Ident); ok {
		n := SplitName(id.Name)
		if n.HasPair("private", "key") || n.HasPair("priv", "key") || n.HasPair("key", "pem") && !n.Has("public", "pub") {
			return true
		}
		if v := p.objectOf(id); v != nil {
			defs := p.secretModel().defs[v]
			if len(defs) == 1 {
				e = ast.Unparen(defs[0].expr)
			}
		}
	}
	c, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	pathOf, _, name := p.astCallee(c)
	switch {
	case pathOf == "crypto/x509" && strings.HasPrefix(name, "Marshal") && strings.Contains(name, "PrivateKey"):
		return true
	case pathOf == "encoding/pem" && name == "EncodeToMemory":
		private := false
		ast.Inspect(c, func(n ast.Node) bool {
			if x, ok := n.(ast.Expr); ok {
				if s, ok := p.constString(x); ok && strings.HasSuffix(s, "PRIVATE KEY") {
					private = true
				}
			}
			return !private
		})
		return private
	}
	return false
}

// kmsKeys finds KMS keys that anybody may use or that are not rotated.
func (p *pkg) kmsKeys() []Hit {
	if !importsAny(p.types, func(path string) bool {
		return strings.HasPrefix(path, "github.com/aws/") || strings.HasPrefix(path, "github.com/pulumi/pulumi-aws")
	}) {
		return nil
	}
	var hits []Hit
	p.eachCall(func(path string) bool { return strings.HasSuffix(path, "/service/kms") }, func(c *call) {
		if c.name == "DisableKeyRotation" || c.name == "DisableKeyRotationWithContext" {
			hits = append(hits, p.hit("MKT605", c.instr, -1, "the rotation of a KMS key is switched off", Step{c.instr.Pos(), "switched off here"}))
		}
	})
	for cur := range p.insp.Root().Preorder((*ast.KeyValueExpr)(nil)) {
		kv := cur.Node().(*ast.KeyValueExpr)
		id, ok := kv.Key.(*ast.Ident)
		if !ok {
			continue
		}
		switch id.Name {
		case "EnableKeyRotation":
			lit, ok := cur.Parent().Node().(*ast.CompositeLit)
			if ok && strings.HasPrefix(typeName(p.info.TypeOf(lit)), "Key") && saysFalse(p, kv.Value) {
				hits = append(hits, hitNode("MKT605", kv, "the rotation of a KMS key is switched off", Step{kv.Pos(), "switched off here"}))
			}
		case "Policy", "PolicyDocument":
			lit, ok := cur.Parent().Node().(*ast.CompositeLit)
			if !ok || !strings.Contains(p.litPath(lit), "kms") {
				continue
			}
			if p.mentionsPolicy(kv.Value) {
				hits = append(hits, hitNode("MKT605", kv.Value, "the policy of a KMS key lets any principal use it; name the roles that may", Step{kv.Pos(), "the key's policy is set here"}))
			}
		}
	}
	return hits
}

// litPath returns the import path of a literal's type.
func (p *pkg) litPath(lit *ast.CompositeLit) string {
	n := namedType(p.info.TypeOf(lit))
	if n == nil || n.Obj().Pkg() == nil {
		return ""
	}
	return p.pathOf(n.Obj().Pkg())
}

// mentionsPolicy reports whether an expression holds a policy text for
// everybody.
func (p *pkg) mentionsPolicy(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		x, ok := n.(ast.Expr)
		if !ok || found {
			return !found
		}
		s, ok := p.constString(x)
		if !ok {
			if id, isID := x.(*ast.Ident); isID {
				if v := p.objectOf(id); v != nil {
					if defs := p.secretModel().defs[v]; len(defs) == 1 {
						s, ok = p.constString(defs[0].expr)
					}
				}
			}
		}
		found = ok && anyone.MatchString(s) && kmsAction.MatchString(s) && !strings.Contains(s, `"Condition"`)
		return !found
	})
	return found
}

// saysFalse reports whether an expression is false, or a helper's pointer to
// it: jsii.Bool(false), pulumi.Bool(false).
func saysFalse(p *pkg, e ast.Expr) bool {
	if c, ok := ast.Unparen(e).(*ast.CallExpr); ok && len(c.Args) == 1 {
		e = c.Args[0]
	}
	tv := p.info.Types[e]
	return tv.Value != nil && tv.Value.Kind() == constant.Bool && !constant.BoolVal(tv.Value)
}
