package code

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// mkt303 flags tokens that are believed without being verified, or verified
// with a part of the check switched off.
func mkt303() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT303",
		Name:     "token-not-verified",
		Title:    "Token is used without full verification",
		Class:    rules.Violation,
		Controls: []string{"endpoint-auth", "delegated-access"},
		CWE:      []int{347},
		Vector:   v91,
		Flags: "Claims of a token parsed with `ParseUnverified` (or `jwt.ParseInsecure`, `UnsafeClaimsWithoutVerification`); a key function that returns a public key as `[]byte`, " +
			"or `UnsafeAllowNoneSignatureType`, without looking at the token's method while the parser names no valid methods; the `none` algorithm; `WithoutClaimsValidation` and `SkipClaimsValidation`; " +
			"go-oidc's `SkipClientIDCheck`, `SkipExpiryCheck`, `SkipIssuerCheck`, `InsecureSkipSignatureCheck`; jwx's `WithVerify(false)` and `WithValidate(false)`. " +
			"It is a violation where the token comes from a request; elsewhere unverified claims are a review finding. " +
			"A key function that looks at no method and returns a secret as `[]byte`, or a key whose type is not known, is a review finding: only the key's type refuses the other algorithms.",
		Safe: "A verified parse with the expected method, audience and expiry; a key function that returns an `*rsa.PublicKey`, `*ecdsa.PublicKey` or `ed25519.PublicKey`, which fit no other kind of signature. `ParseUnverified` is safe when only the header or the expiry is read, or when the same token is " +
			"verified as well; a skipped check is safe when the code does that check itself.",
		Remediation: "Parse with a key function and `jwt.WithValidMethods`, and let the library check expiry, audience and issuer. Use an unverified parse only to pick the key.",
		Wrong:       "token, _, err := parser.ParseUnverified(raw, claims)\nuser := claims[\"sub\"]",
		Right:       "token, err := jwt.ParseWithClaims(raw, claims, keyFunc, jwt.WithValidMethods([]string{\"RS256\"}), jwt.WithAudience(\"api\"))",
		Frameworks:  []string{"golang-jwt/jwt v3-v5", "dgrijalva/jwt-go", "form3tech-oss/jwt-go", "coreos/go-oidc", "lestrrat-go/jwx", "go-jose"},
	}, nil, tokenGate, runMKT303)
}

const (
	golangJWT = "github.com/golang-jwt/jwt"
	goOIDC    = "github.com/coreos/go-oidc"
	jwxJWT    = "github.com/lestrrat-go/jwx/jwt"
)

var (
	jwtPackages = paths(golangJWT, "github.com/dgrijalva/jwt-go", "github.com/form3tech-oss/jwt-go")
	josePackage = paths("github.com/go-jose/go-jose/jwt", "gopkg.in/square/go-jose/jwt", "gopkg.in/go-jose/go-jose/jwt", "github.com/square/go-jose/jwt")
	tokenGate   = func(path string) bool {
		return jwtPackages(path) || josePackage(path) || path == goOIDC || path == goOIDC+"/oidc" || path == jwxJWT
	}
)

func runMKT303(p *pkg) []Hit {
	var hits []Hit
	p.eachCall(tokenGate, func(c *call) {
		switch {
		case jwtPackages(c.path):
			switch c.name {
			case "ParseUnverified":
				hits = append(hits, p.unverified(c, 0)...)
			case "Parse", "ParseWithClaims", "ParseFromRequest":
				hits = append(hits, p.parseOptions(c)...)
			case "WithValidMethods":
				hits = append(hits, p.noneAllowed(c)...)
			case "WithoutClaimsValidation":
				if !p.validatesClaims(c.instr.Parent()) {
					h := p.hit("MKT303", c.instr, -1, "WithoutClaimsValidation accepts expired tokens; remove it")
					if p.readsTimes(c.instr.Parent()) {
						h.Class = rules.Review
					}
					hits = append(hits, h)
				}
			}
		case josePackage(c.path) && c.name == "UnsafeClaimsWithoutVerification" && c.on != nil:
			if !p.joseVerified(c) {
				hits = append(hits, p.claimsHit(c, c.on, "UnsafeClaimsWithoutVerification reads claims that anyone can write"))
			}
		case c.path == jwxJWT:
			hits = append(hits, p.jwx(c)...)
		}
	})
	if importsAny(p.types, jwtPackages) {
		hits = append(hits, p.noneAlgorithm()...)
	}
	p.literals(func(path, name string) bool {
		return name == "Config" && (path == goOIDC || path == goOIDC+"/oidc") || name == "Parser" && jwtPackages(path)
	}, func(l *literal) {
		if l.typ.Obj().Name() == "Parser" {
			for _, s := range l.set["SkipClaimsValidation"] {
				if yes, _ := p.isTrue(s.Val); yes && !p.validatesClaims(s.Parent()) {
					hits = append(hits, Hit{Rule: "MKT303", Pos: s.Pos(), Message: "SkipClaimsValidation accepts expired tokens; remove it"})
				}
			}
			return
		}
		hits = append(hits, p.oidcConfig(l)...)
	})
	return hits
}

// unverified judges a parse that checks no signature; arg is the token's index.
func (p *pkg) unverified(c *call, arg int) []Hit {
	if arg >= len(c.args) || p.verifiedElsewhere(c, c.args[arg], 0) {
		return nil
	}
	result, ok := c.instr.(*ssa.Call)
	if !ok {
		return nil
	}
	used := p.claimsUsed(result)
	if len(c.args) > arg+1 {
		used = append(used, p.usesOf(unwrap(c.args[arg+1]), c.instr, 0)...)
	}
	if !slices.ContainsFunc(used, func(name string) bool { return !harmlessClaims[name] }) {
		return nil
	}
	return []Hit{p.claimsHit(c, c.args[arg], c.name+" reads claims that anyone can write")}
}

// harmlessClaims are what a client may read of its own token: how long it
// lives. Trusting them decides nothing about who asks.
var harmlessClaims = map[string]bool{"exp": true, "ExpiresAt": true, "GetExpirationTime": true, "iat": true, "IssuedAt": true, "GetIssuedAt": true}

func (p *pkg) claimsHit(c *call, source ssa.Value, what string) Hit {
	h := p.hit("MKT303", c.instr, -1, what+"; verify the token's signature")
	if p.fromRequest(source) {
		h.Message = what + ", and the token comes from a request; verify its signature"
	} else {
		h.Class = rules.Review
	}
	return h
}

// verifiedElsewhere reports whether the same token also goes into a call that
// verifies it: in the same function, or in a caller the token came from.
func (p *pkg) verifiedElsewhere(c *call, tok ssa.Value, depth int) bool {
	fn := outermost(c.instr.Parent())
	if p.verifiesIn(fn, c.instr, tok) {
		return true
	}
	p.index()
	param, ok := unwrap(tok).(*ssa.Parameter)
	if !ok || depth > 2 {
		return false
	}
	i := slices.Index(param.Parent().Params, param)
	for _, caller := range p.callersOf(param.Parent()) {
		if i < len(caller.Common().Args) && p.verifiesIn(outermost(caller.Parent()), caller, caller.Common().Args[i]) {
			return true
		}
	}
	return false
}

// callersOf returns the calls of fn in this package.
func (p *pkg) callersOf(fn *ssa.Function) []ssa.CallInstruction {
	var out []ssa.CallInstruction
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		if ci, ok := instr.(ssa.CallInstruction); ok && ci.Common().StaticCallee() == fn {
			out = append(out, ci)
		}
	})
	return out
}

// verifiesIn reports whether fn passes tok to a call, other than except, whose
// name says that it parses, verifies or validates.
func (p *pkg) verifiesIn(fn *ssa.Function, except ssa.Instruction, tok ssa.Value) bool {
	found := false
	within(fn, func(instr ssa.Instruction) {
		ci, ok := instr.(ssa.CallInstruction)
		if !ok || instr == except || found {
			return
		}
		d := p.asCall(ci, nil)
		if d == nil || d.name == "ParseUnverified" || d.name == "ParseInsecure" {
			return
		}
		n := SplitName(d.name)
		if !n.Has("parse", "verify", "verifies", "validate", "authenticate", "introspect", "check") {
			return
		}
		if d.path == "strings" || d.path == "fmt" {
			return
		}
		for _, a := range d.args {
			if sameValue(a, tok) {
				found = true
			}
		}
	})
	return found
}

// claimsUsed lists what is read of the claims of a parse's token: claim names,
// fields, methods; "*" when they go where they cannot be followed. The header
// does not count.
func (p *pkg) claimsUsed(parse *ssa.Call) []string {
	var used []string
	for _, r := range *parse.Referrers() {
		ex, ok := r.(*ssa.Extract)
		if !ok || ex.Index != 0 {
			continue
		}
		used = append(used, p.tokenUses(ex, 0)...)
	}
	return used
}

// tokenUses follows a *jwt.Token to its Claims.
func (p *pkg) tokenUses(tok ssa.Value, depth int) []string {
	if depth > 4 || tok.Referrers() == nil {
		return []string{"*"}
	}
	var used []string
	for _, r := range *tok.Referrers() {
		switch x := r.(type) {
		case *ssa.FieldAddr:
			if fieldName(x) != "Claims" {
				continue
			}
			for _, fr := range *x.Referrers() {
				if l, ok := fr.(*ssa.UnOp); ok {
					used = append(used, p.usesOf(l, nil, 0)...)
				}
			}
		case *ssa.Phi:
			used = append(used, p.tokenUses(x, depth+1)...)
		case *ssa.BinOp, *ssa.DebugRef:
		case *ssa.Store, *ssa.Return, *ssa.MakeInterface, ssa.CallInstruction:
			used = append(used, "*")
		}
	}
	return used
}

// usesOf lists what is read of a claims value.
func (p *pkg) usesOf(v ssa.Value, except ssa.Instruction, depth int) []string {
	if v == nil || v.Referrers() == nil {
		return nil
	}
	if depth > 6 {
		return []string{"*"}
	}
	var used []string
	for _, r := range *v.Referrers() {
		if r == except {
			continue
		}
		switch x := r.(type) {
		case *ssa.TypeAssert:
			used = append(used, p.usesOf(x, nil, depth+1)...)
		case *ssa.Extract:
			used = append(used, p.usesOf(x, nil, depth+1)...)
		case *ssa.Phi:
			used = append(used, p.usesOf(x, nil, depth+1)...)
		case *ssa.UnOp:
			used = append(used, p.usesOf(x, nil, depth+1)...)
		case *ssa.ChangeType, *ssa.ChangeInterface, *ssa.MakeInterface:
			used = append(used, p.usesOf(x.(ssa.Value), except, depth+1)...)
		case *ssa.FieldAddr:
			if name := fieldName(x); x.Referrers() != nil && len(*x.Referrers()) > 0 && !isStoreOnly(x) {
				if strings.HasSuffix(name, "Claims") {
					used = append(used, p.usesOf(x, nil, depth+1)...) // embedded
				} else {
					used = append(used, name)
				}
			}
		case *ssa.Lookup:
			if ts, open := p.texts(x.Index); !open && len(ts) == 1 {
				used = append(used, ts[0].s)
			} else {
				used = append(used, "*")
			}
		case *ssa.BinOp, *ssa.DebugRef, *ssa.MapUpdate:
		case *ssa.Store:
			if x.Addr != v {
				used = append(used, "*")
			}
		case ssa.CallInstruction:
			if d := p.asCall(x, nil); d != nil && d.on != nil && sameValue(d.on, v) {
				used = append(used, d.name)
			} else {
				used = append(used, "*")
			}
		default:
			used = append(used, "*")
		}
	}
	return used
}

func isStoreOnly(a *ssa.FieldAddr) bool {
	for _, r := range *a.Referrers() {
		if s, ok := r.(*ssa.Store); !ok || s.Addr != ssa.Value(a) {
			return false
		}
	}
	return true
}

// parseOptions judges a verified parse whose key function never looks at the
// method.
func (p *pkg) parseOptions(c *call) []Hit {
	var key ssa.Value
	var opts []ssa.Value
	known := true
	for i, a := range c.args {
		if p.isType(a.Type(), c.path, "Keyfunc") {
			key = a
			continue
		}
		if key != nil && i == len(c.args)-1 {
			opts, known = variadic(a)
		}
	}
	if key == nil || !known {
		return nil
	}
	for _, o := range opts {
		if d := p.optionCall(o); d == nil || d.name == "WithValidMethods" {
			return nil
		}
	}
	if c.on != nil && !p.parserOpen(c.on) {
		return nil
	}
	fn := p.funcOf(key)
	if fn == nil || p.looksAtMethod(fn, 0) {
		return nil
	}
	checked := false
	within(outermost(c.instr.Parent()), func(instr ssa.Instruction) {
		checked = checked || p.readsMethod(instr)
	})
	if checked {
		return nil
	}
	certain, steps := p.keysOf(fn)
	if steps == nil {
		return nil
	}
	h := p.hit("MKT303", c.instr, -1, "the key function gives its key to any algorithm the token names; check token.Method or pass jwt.WithValidMethods", steps...)
	if !certain {
		h.Class = rules.Review
		h.Message = "the key function does not look at the token's algorithm: nothing but the type of the key keeps others out; check token.Method or pass jwt.WithValidMethods"
	}
	return []Hit{h}
}

// optionCall returns the call that built an option, or nil.
func (p *pkg) optionCall(v ssa.Value) *call {
	c, ok := unwrap(v).(*ssa.Call)
	if !ok {
		return nil
	}
	return p.asCall(c, nil)
}

// parserOpen reports whether a parser certainly restricts no method.
func (p *pkg) parserOpen(parser ssa.Value) bool {
	origins, more := p.origins(parser)
	if more {
		return false
	}
	for _, o := range origins {
		switch x := o.v.(type) {
		case *ssa.Call:
			d := p.asCall(x, jwtPackages)
			if d == nil || d.name != "NewParser" || len(d.args) != 1 {
				return false
			}
			opts, ok := variadic(d.args[0])
			if !ok {
				return false
			}
			for _, v := range opts {
				if oc := p.optionCall(v); oc == nil || oc.name == "WithValidMethods" {
					return false
				}
			}
		case *ssa.Alloc:
			n := namedType(x.Type())
			if n == nil || n.Obj().Name() != "Parser" {
				return false
			}
			if l := p.literal(x, n); l.passed || len(l.set["ValidMethods"]) > 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// looksAtMethod reports whether a key function, or one it calls in this
// package, reads the token's method or its alg header.
func (p *pkg) looksAtMethod(fn *ssa.Function, depth int) bool {
	found := false
	within(fn, func(instr ssa.Instruction) {
		if found {
			return
		}
		if p.readsMethod(instr) {
			found = true
			return
		}
		if ci, ok := instr.(ssa.CallInstruction); ok && depth < 3 {
			if callee := ci.Common().StaticCallee(); callee != nil && callee.Pkg == p.ssa.Pkg && callee != fn && p.looksAtMethod(callee, depth+1) {
				found = true
			}
		}
	})
	return found
}

func (p *pkg) readsMethod(instr ssa.Instruction) bool {
	switch x := instr.(type) {
	case *ssa.FieldAddr:
		n := namedType(x.X.Type())
		return n != nil && n.Obj().Name() == "Token" && n.Obj().Pkg() != nil && jwtPackages(p.pathOf(n.Obj().Pkg())) && fieldName(x) == "Method"
	case *ssa.Lookup:
		c, ok := x.Index.(*ssa.Const)
		return ok && c.Value != nil && c.Value.ExactString() == `"alg"`
	}
	return false
}

// keysOf reports what a key function that looks at no method returns. The
// library asks for []byte to verify an HMAC, for the type of a public key to
// verify the others, and for a constant of its own to accept none: a secret in a
// []byte serves no other algorithm, and what is left is a habit to review. certain
// is for the keys with which anyone can make a token: that constant, and a public
// key as []byte. No steps mean that the types fit no HMAC.
func (p *pkg) keysOf(fn *ssa.Function) (certain bool, steps []Step) {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) < 1 {
			continue
		}
		origins, _ := p.originsUntil(ret.Results[0], func(v ssa.Value) bool {
			_, ok := v.(*ssa.MakeInterface)
			return ok
		})
		for _, o := range origins {
			if c, ok := o.v.(*ssa.Const); ok && c.Value == nil {
				continue
			}
			step := Step{ret.Pos(), "the key is returned here"}
			made, ok := o.v.(*ssa.MakeInterface)
			if !ok {
				steps = append(steps, step) // known at run time only
				continue
			}
			switch t := made.X.Type(); {
			case isByteSlice(t):
				if from, ok := p.publicKeyBytes(made.X); ok {
					return true, append(steps, from, step)
				}
				steps = append(steps, step)
			case isNoneKey(t):
				return true, append(steps, step)
			case types.Identical(t, types.Typ[types.String]):
				steps = append(steps, step)
			}
		}
	}
	return false, steps
}

// isByteSlice reports whether a value of type t is a []byte after a type
// assertion: ed25519.PublicKey, for one, is not.
func isByteSlice(t types.Type) bool {
	s, ok := types.Unalias(t).(*types.Slice)
	return ok && types.Identical(s.Elem(), types.Typ[types.Byte])
}

// isNoneKey reports whether t is the type of jwt.UnsafeAllowNoneSignatureType.
func isNoneKey(t types.Type) bool {
	n := namedType(t)
	return n != nil && n.Obj().Name() == "unsafeNoneMagicConstant"
}

// publicKeyBytes reports whether bytes are those of a public key: marshalled
// from one, a PEM text, or a file that is named after one.
func (p *pkg) publicKeyBytes(v ssa.Value) (Step, bool) {
	const what = "the bytes of a public key, which is no secret"
	origins, _ := p.originsUntil(v, func(v ssa.Value) bool { return isPublicKey(v.Type()) })
	for _, o := range origins {
		if isPublicKey(o.v.Type()) {
			return Step{o.v.Pos(), what}, true
		}
		if c, ok := o.v.(*ssa.Const); ok {
			if c.Value != nil && c.Value.Kind() == constant.String && publicPEM.MatchString(constant.StringVal(c.Value)) {
				return Step{v.Pos(), what}, true
			}
			continue
		}
		made := o.v
		if ex, ok := made.(*ssa.Extract); ok && ex.Index == 0 {
			made = ex.Tuple
		}
		x, ok := made.(*ssa.Call)
		if !ok {
			continue
		}
		c := p.asCall(x, paths("crypto/x509", "encoding/pem", "os", "io/ioutil"))
		if c == nil {
			continue
		}
		switch c.path + " " + c.callee() {
		case "crypto/x509 MarshalPKIXPublicKey", "crypto/x509 MarshalPKCS1PublicKey":
			return Step{x.Pos(), what}, true
		case "encoding/pem EncodeToMemory":
			if p.derives(c.args[0], p.isPublicMarshal) || p.publicBlock(c.args[0]) {
				return Step{x.Pos(), what}, true
			}
		case "os ReadFile", "io/ioutil ReadFile":
			names, open := p.texts(c.args[0])
			if !open && len(names) == 1 && publicFile(names[0].s) {
				return Step{x.Pos(), what}, true
			}
		}
	}
	return Step{}, false
}

var publicPEM = regexp.MustCompile(`-----BEGIN (?:[A-Z0-9]+ )*(?:PUBLIC KEY|CERTIFICATE)-----`)

// isPublicKey reports whether t is a public key that converts to bytes.
func isPublicKey(t types.Type) bool {
	n := namedType(t)
	return n != nil && n.Obj().Name() == "PublicKey" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "crypto/ed25519"
}

// isPublicMarshal reports whether v is the DER form of a public key.
func (p *pkg) isPublicMarshal(v ssa.Value) bool {
	x, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	c := p.asCall(x, paths("crypto/x509"))
	return c != nil && strings.HasPrefix(c.name, "Marshal") && strings.HasSuffix(c.name, "PublicKey")
}

// publicBlock reports whether a *pem.Block is built with a public key's type.
func (p *pkg) publicBlock(v ssa.Value) bool {
	al, ok := unwrap(v).(*ssa.Alloc)
	if !ok {
		return false
	}
	n := namedType(al.Type())
	if n == nil {
		return false
	}
	for _, s := range p.literal(al, n).set["Type"] {
		ts, open := p.texts(s.Val)
		if !open && len(ts) == 1 && (strings.HasSuffix(ts[0].s, "PUBLIC KEY") || ts[0].s == "CERTIFICATE") {
			return true
		}
	}
	return false
}

// publicFile reports whether a file of that name holds a public key.
func publicFile(name string) bool {
	if strings.Contains(name, hole) {
		return false
	}
	base := path.Base(filepath.ToSlash(name))
	n := SplitName(base)
	return strings.HasSuffix(base, ".pub") || n.Has("public", "pub") && !n.Has("private", "priv", "secret")
}

// noneAllowed flags WithValidMethods([]string{…, "none"}).
func (p *pkg) noneAllowed(c *call) []Hit {
	if len(c.args) != 1 {
		return nil
	}
	methods, _ := variadic(c.args[0])
	for _, m := range methods {
		ts, _ := p.texts(m)
		for _, t := range ts {
			if strings.EqualFold(t.s, "none") {
				return []Hit{p.hit("MKT303", c.instr, 0, "the none algorithm is allowed: tokens need no signature")}
			}
		}
	}
	return nil
}

// noneAlgorithm flags the none algorithm's magic key and signing with it.
// Comparing a token's method with it, to refuse it, is fine.
func (p *pkg) noneAlgorithm() []Hit {
	var hits []Hit
	for cur := range p.insp.Root().Preorder((*ast.Ident)(nil)) {
		id := cur.Node().(*ast.Ident)
		if id.Name != "UnsafeAllowNoneSignatureType" && id.Name != "SigningMethodNone" {
			continue
		}
		obj := p.info.Uses[id]
		if obj == nil || obj.Pkg() == nil || !jwtPackages(p.pathOf(obj.Pkg())) {
			continue
		}
		parent := cur.Parent()
		var expr ast.Expr = id
		if sel, ok := parent.Node().(*ast.SelectorExpr); ok {
			expr, parent = sel, parent.Parent()
		}
		switch x := parent.Node().(type) {
		case *ast.BinaryExpr, *ast.CaseClause:
			continue
		case *ast.CallExpr:
			path, _, name := p.astCallee(x)
			if id.Name == "SigningMethodNone" && !(jwtPackages(path) && strings.HasPrefix(name, "New")) {
				continue
			}
		case *ast.ReturnStmt:
			if id.Name == "SigningMethodNone" {
				continue
			}
		default:
			if id.Name == "SigningMethodNone" {
				continue
			}
		}
		msg := "the none algorithm's key is used: a token without signature is accepted or issued"
		if id.Name == "SigningMethodNone" {
			msg = "the token is issued with the none algorithm: it carries no signature"
		}
		hits = append(hits, hitNode("MKT303", expr, msg))
	}
	return hits
}

// validatesClaims reports whether the function checks the claims itself.
func (p *pkg) validatesClaims(fn *ssa.Function) bool {
	found := false
	within(outermost(fn), func(instr ssa.Instruction) {
		ci, ok := instr.(ssa.CallInstruction)
		if !ok {
			return
		}
		if d := p.asCall(ci, nil); d != nil {
			switch d.name {
			case "Valid", "Validate", "VerifyExpiresAt", "ValidateWithLeeway", "GetExpirationTime":
				found = true
			}
		}
	})
	return found
}

// readsTimes reports whether the function looks at the times of a token's claims
// itself. Of proofs that are signed for one request (DPoP) the age counts, which
// no library checks.
func (p *pkg) readsTimes(fn *ssa.Function) bool {
	found := false
	within(outermost(fn), func(instr ssa.Instruction) {
		fa, ok := instr.(*ssa.FieldAddr)
		if !ok {
			return
		}
		switch fieldName(fa) {
		case "ExpiresAt", "IssuedAt", "Expiry":
			found = found || slices.ContainsFunc(*fa.Referrers(), func(r ssa.Instruction) bool {
				u, ok := r.(*ssa.UnOp)
				return ok && u.Op == token.MUL && len(*u.Referrers()) > 0
			})
		}
	})
	return found
}

// oidcChecks maps each switch of go-oidc's Config to what reading the same
// thing by hand looks like.
var oidcChecks = []struct{ field, own, what string }{
	{"SkipClientIDCheck", "Audience", "ID tokens issued for other clients are accepted"},
	{"SkipExpiryCheck", "Expiry", "expired ID tokens are accepted"},
	{"SkipIssuerCheck", "Issuer", "ID tokens of other issuers are accepted"},
	{"InsecureSkipSignatureCheck", "", "ID tokens without a valid signature are accepted"},
}

func (p *pkg) oidcConfig(l *literal) []Hit {
	var hits []Hit
	for _, check := range oidcChecks {
		for _, s := range l.set[check.field] {
			yes, maybe := p.isTrue(s.Val)
			if !maybe {
				continue
			}
			h := Hit{Rule: "MKT303", Pos: s.Pos(), Message: check.field + ": " + check.what + "; remove it"}
			if !yes || check.own != "" && p.checksItself(check.own) {
				h.Class = rules.Review
			}
			if check.own != "" && p.readsIDToken(check.own) {
				continue
			}
			hits = append(hits, h)
		}
	}
	return hits
}

// readsIDToken reports whether the package reads that field of an ID token.
func (p *pkg) readsIDToken(field string) bool {
	found := false
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		if fa, ok := instr.(*ssa.FieldAddr); ok && !found && fieldName(fa) == field {
			n := namedType(fa.X.Type())
			found = n != nil && n.Obj().Name() == "IDToken"
		}
	})
	return found
}

// checksItself reports whether some function or field of the package is named
// after the check, so that it may be done on decoded claims.
func (p *pkg) checksItself(what string) bool {
	words := []string{strings.ToLower(what)}
	switch what {
	case "Audience":
		words = append(words, "aud", "azp")
	case "Expiry":
		words = append(words, "exp", "expires", "expired")
	case "Issuer":
		words = append(words, "iss")
	}
	for _, f := range p.sourceFiles() {
		for _, d := range f.Decls {
			switch x := d.(type) {
			case *ast.FuncDecl:
				if SplitName(x.Name.Name).Has(words...) {
					return true
				}
			case *ast.GenDecl:
				if x.Tok != token.TYPE {
					continue
				}
				found := false
				ast.Inspect(x, func(n ast.Node) bool {
					if fl, ok := n.(*ast.Field); ok {
						for _, id := range fl.Names {
							found = found || SplitName(id.Name).Has(words...)
						}
					}
					return !found
				})
				if found {
					return true
				}
			}
		}
	}
	return false
}

// joseVerified reports whether the same go-jose token also gives its claims
// against a key.
func (p *pkg) joseVerified(c *call) bool {
	found := false
	within(outermost(c.instr.Parent()), func(instr ssa.Instruction) {
		if ci, ok := instr.(ssa.CallInstruction); ok {
			if d := p.asCall(ci, josePackage); d != nil && d.name == "Claims" && d.on != nil && sameValue(d.on, c.on) {
				found = true
			}
		}
	})
	return found
}

// jwx judges calls of lestrrat-go/jwx/jwt.
func (p *pkg) jwx(c *call) []Hit {
	switch c.name {
	case "ParseInsecure":
		if len(c.args) > 0 && !p.verifiedElsewhere(c, c.args[0], 0) {
			return []Hit{p.claimsHit(c, c.args[0], "ParseInsecure reads claims that anyone can write")}
		}
	case "Parse", "ParseString", "ParseReader", "ParseRequest", "ParseHeader", "ParseForm":
		if len(c.args) < 2 {
			return nil
		}
		opts, _ := variadic(c.args[len(c.args)-1])
		var hits []Hit
		for _, o := range opts {
			d := p.optionCall(o)
			if d == nil || len(d.args) != 1 {
				continue
			}
			off, ok := d.args[0].(*ssa.Const)
			if !ok || off.Value == nil || off.Value.String() != "false" {
				continue
			}
			switch d.name {
			case "WithVerify":
				if !p.verifiedElsewhere(c, c.args[0], 0) {
					hits = append(hits, p.hit("MKT303", c.instr, -1, "WithVerify(false) accepts any signature; pass the key instead"))
				}
			case "WithValidate":
				if !p.validatesClaims(c.instr.Parent()) {
					hits = append(hits, p.hit("MKT303", c.instr, -1, "WithValidate(false) accepts expired tokens; remove it"))
				}
			}
		}
		return hits
	}
	return nil
}
