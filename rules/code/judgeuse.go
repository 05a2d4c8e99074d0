package code

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// A secondLook weighs a finding of a rule of gosec by what the code around it
// does; nil leaves it as it is. gosec sees a literal or a call; the models here
// see what it is fed with, what it is for and what depends on it elsewhere in the
// package.
type secondLook func(p *pkg, message string, pos token.Pos) *Judgement

// secondLooks are the rules of gosec that are weighed so, each with half a
// sentence on what decided.
var secondLooks = map[string]secondLook{
	"G101": at((*pkg).judgeCredential, because{
		rules.Informational: "the text is a URL, a path, a name or a sentence",
	}),
	"G108": at((*pkg).judgeProfiles, because{
		rules.Review: "nothing is seen that serves the default mux to others",
	}),
	"G123": at((*pkg).judgeResumption, because{
		rules.Review: "nothing is seen that resumes sessions",
	}),
	"G124": at((*pkg).judgeCookie, because{
		rules.Informational: "nothing is missing that MKT505 asks for",
	}),
	"G401": around((*pkg).judgeHash, hashReasons),
	"G406": around((*pkg).judgeHash, hashReasons),
	"G402": (*pkg).judgeSkipVerify,
	"G405": around((*pkg).judgeCipher, because{
		rules.Violation:     "it encrypts, or its key is a secret",
		rules.Informational: "nobody uses it",
	}),
	"G407": around((*pkg).judgeNonce, because{
		rules.Review:        "something else writes to it, or not all of it is filled from crypto/rand, or it is left to a cipher that is made elsewhere",
		rules.Informational: "it is filled from crypto/rand, or the cipher draws it itself",
	}),
	"G501": at((*pkg).judgeImport, nil),
	"G502": at((*pkg).judgeImport, nil),
	"G503": at((*pkg).judgeImport, nil),
	"G505": at((*pkg).judgeImport, nil),
	"G506": at((*pkg).judgeImport, nil),
	"G507": at((*pkg).judgeImport, nil),
}

// because says what decided on a class.
type because map[rules.Class]string

var hashReasons = because{
	rules.Violation:     "a password, token or key is hashed",
	rules.Informational: "nobody gains by forging it",
}

// at makes a second look of what needs the place alone; "" leaves a finding as
// it is.
func at(judge func(*pkg, token.Pos) rules.Class, reasons because) secondLook {
	return func(p *pkg, _ string, pos token.Pos) *Judgement {
		class := judge(p, pos)
		if class == "" {
			return nil
		}
		return &Judgement{Class: class, Reason: reasons[class]}
	}
}

// around makes a second look of what needs the call at the place.
func around(judge func(*pkg, *ast.CallExpr) rules.Class, reasons because) secondLook {
	return at(func(p *pkg, pos token.Pos) rules.Class { return judge(p, p.callAround(pos)) }, reasons)
}

// judgeUse weighs a finding by secondLooks.
func (p *pkg) judgeUse(rule, message string, pos token.Pos) *Judgement {
	look, ok := secondLooks[rule]
	if !ok {
		return nil
	}
	return look(p, message, pos)
}

// enclosingNodes returns the nodes around a position, innermost first.
func (p *pkg) enclosingNodes(pos token.Pos) []ast.Node {
	cur, ok := p.insp.Root().FindByPos(pos, pos)
	if !ok {
		return nil
	}
	var nodes []ast.Node
	for c := range cur.Enclosing() {
		nodes = append(nodes, c.Node())
	}
	return nodes
}

// callAround returns the innermost call at a position.
func (p *pkg) callAround(pos token.Pos) *ast.CallExpr {
	for _, n := range p.enclosingNodes(pos) {
		if c, ok := n.(*ast.CallExpr); ok {
			return c
		}
	}
	return nil
}

// # Literals that look like credentials

// judgeCredential takes a literal that gosec took for a secret for a note when
// all that bears a name like one cannot be one: URLs, paths, sentences, words.
func (p *pkg) judgeCredential(pos token.Pos) rules.Class {
	nodes := p.enclosingNodes(pos)
	if len(nodes) == 0 {
		return ""
	}
	// gosec points at an assignment, a declaration, a comparison or a literal;
	// the widest of these at the position is what it looked at.
	at := nodes[0]
	for _, n := range nodes {
		if n.Pos() != pos {
			break
		}
		switch n.(type) {
		case *ast.AssignStmt, *ast.ValueSpec, *ast.BinaryExpr, *ast.CompositeLit:
			at = n
		}
	}
	found, harmless := false, true
	_, whole := at.(*ast.CompositeLit)
	named := map[*ast.BasicLit]string{}
	ast.Inspect(at, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, r := range n.Rhs {
				if len(n.Lhs) == len(n.Rhs) {
					nameLiterals(named, r, p.nameOf(n.Lhs[i]))
				}
			}
		case *ast.ValueSpec:
			for i, r := range n.Values {
				if i < len(n.Names) {
					nameLiterals(named, r, n.Names[i].Name)
				}
			}
		case *ast.BinaryExpr:
			nameLiterals(named, n.X, p.nameOf(n.Y))
			nameLiterals(named, n.Y, p.nameOf(n.X))
		case *ast.KeyValueExpr:
			name := p.nameOf(n.Key)
			if s, ok := p.constString(n.Key); ok {
				name = s
			}
			nameLiterals(named, n.Value, name)
			// Of a struct, the fields whose name says so are meant.
			if id, ok := n.Key.(*ast.Ident); whole && ok && !suspectName.MatchString(id.Name) {
				return false
			}
		case *ast.BasicLit:
			if n.Kind != token.STRING {
				return true
			}
			s := constant.StringVal(constant.MakeFromLiteral(n.Value, token.STRING, 0))
			found = true
			harmless = harmless && noCredential(s) && (!wordsOnly(s) || namesItself(SplitName(named[n]), SplitName(s)))
			// What somebody signs in with is no name, whatever it looks like.
			harmless = harmless && (!servesAsCredential(s) || !p.usedAsSecret(s))
		}
		return true
	})
	if found && harmless {
		return rules.Informational
	}
	return ""
}

// nameLiterals records what the literals of a value are given to, unless
// something closer is known.
func nameLiterals(named map[*ast.BasicLit]string, value ast.Expr, name string) {
	if name == "" {
		return
	}
	ast.Inspect(value, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok {
			named[lit] = name
		}
		return true
	})
}

// namesItself reports whether a text made of words is a name, given what it is
// called: both say the same (refreshToken = "refresh_token"), or what it is
// called ends in a word for something that bears a name (tokenCookie).
func namesItself(called, said Name) bool {
	if len(called) == 0 {
		return false
	}
	// A signing key is a key; the key of a token in a map is the map's.
	last := called[len(called)-1]
	if labelWords[last] && (last != "key" || !called.Secret()) || labelPrefixes[called[0]] {
		return true
	}
	same := 0
	for _, w := range said {
		if slices.Contains(called, w) {
			same++
		}
	}
	// All words of the text, or all but one of three: a prefix of the service.
	return same == len(said) || same >= 2 && same >= len(said)-1
}

// labelWords say that what bears the name is the name of something else.
var labelWords = setOf(`key name names header cookie field param parameter params type types kind path route url uri label message msg event events scope scopes grant
	claim column table attr attribute attributes property prop prefix suffix id ids tag env var variable flag option opt arg setting action method procedure operation op
	mode state status code error err reason topic queue channel context ctx format pattern template tpl file filename title text hint help usage description desc placeholder
	schema annotation resource permission role bucket namespace subject provider strategy function func middleware service handler role page view hook command cmd command audit
	category group class section selector metric endpoint audience issuer purpose`)

// labelPrefixes say the same at the front of a name: headerAuthToken.
var labelPrefixes = setOf("err error msg message header cookie claim scope flag event grant type kind env route path field param label")

// suspectName are the names gosec takes for those of secrets.
var suspectName = regexp.MustCompile(`(?i)pass|pwd|secret|token|pw|apikey|api_key|bearer|cred`)

// noCredential reports whether a text cannot be a credential by its form.
func noCredential(s string) bool {
	t := strings.TrimSpace(s)
	if u, err := url.Parse(t); err == nil && u.Scheme != "" && u.Host != "" {
		return u.User == nil && u.RawQuery == "" && u.Fragment == ""
	}
	if strings.Count(t, " ") >= 2 {
		return !strings.ContainsFunc(t, unicode.IsDigit)
	}
	if !plausibleSecret(t) {
		return true
	}
	return wordsOnly(t)
}

// wordsOnly reports whether a text is made of words that could be a name
// themselves: "pbLoadAuthToken", "refresh_token". A password may look the same.
func wordsOnly(t string) bool {
	t = strings.TrimSpace(t)
	if !plausibleSecret(t) || strings.Count(t, " ") >= 2 || strings.ContainsFunc(t, func(r rune) bool {
		return !unicode.IsLetter(r) && r != '_' && r != '-' && r != '.' && r != ':' && r != ' ' && r != '%'
	}) {
		return false
	}
	n := SplitName(t)
	return len(n) > 1 && n.Has("token", "password", "passwd", "secret", "key", "credential", "credentials", "auth", "bearer", "cookie", "session", "login", "code")
}

// # Cookies

// judgeCookie takes a cookie for a note that lacks nothing MKT505 asks for: its
// attributes come from the configuration, it is taken away, it says nothing
// about anybody, scripts have to read it, or it goes to another server. What is
// only no session by its name, as the nonce of a login, stays what gosec says.
func (p *pkg) judgeCookie(pos token.Pos) rules.Class {
	line := func(pos token.Pos) int { return p.fset.Position(pos).Line }
	file := p.fset.File(pos)
	for _, u := range p.cookieUses() {
		same := p.fset.File(u.pos) == file && line(u.pos) == line(pos)
		for _, s := range u.steps {
			same = same || p.fset.File(s.Pos) == file && line(s.Pos) == line(pos)
		}
		if !same {
			continue
		}
		if n := SplitName(u.name); !u.library && u.name != hole && (harmlessCookie(n) || guardName(n) && u.secure != off && u.secure != unset) {
			return rules.Informational
		}
		if u.deletes || len(u.lacks()) == 0 {
			return rules.Informational
		}
		return ""
	}
	for _, n := range p.enclosingNodes(pos) {
		switch n := n.(type) {
		case *ast.CallExpr:
			if path, _, name := p.astCallee(n); path == netHTTP && name == "AddCookie" {
				return rules.Informational
			}
		case *ast.CompositeLit:
			if p.copiesCookie(n) {
				return rules.Informational
			}
		}
	}
	return ""
}

// copiesCookie reports whether a cookie takes its attributes from another one.
func (p *pkg) copiesCookie(lit *ast.CompositeLit) bool {
	taken := 0
	for _, el := range lit.Elts {
		kv, ok := el.(*ast.KeyValueExpr)
		if !ok {
			return false
		}
		key, _ := kv.Key.(*ast.Ident)
		sel, _ := ast.Unparen(kv.Value).(*ast.SelectorExpr)
		if key == nil || sel == nil {
			continue
		}
		switch key.Name {
		case "Secure", "HttpOnly", "SameSite":
			if key.Name == sel.Sel.Name && p.isType(p.info.TypeOf(sel.X), netHTTP, "Cookie") {
				taken++
			}
		}
	}
	return taken == 3
}

// # Nonces

// judgeNonce takes a nonce for a note that is filled from crypto/rand before it
// is used, and for review one that something else writes to: it may count.
func (p *pkg) judgeNonce(call *ast.CallExpr) rules.Class {
	if call == nil {
		return ""
	}
	decl := p.enclosing(call.Pos())
	if decl == nil {
		return ""
	}
	if len(call.Args) < 2 {
		return ""
	}
	if p.info.Types[call.Args[1]].IsNil() {
		return p.judgeNoNonce(call)
	}
	nonce := p.regionOf(decl, call.Args[1], 0) // of Seal as of the constructors of modes
	if nonce.of == nil {
		return ""
	}
	filled, touched := token.NoPos, token.NoPos
	ast.Inspect(decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if n == call || n.Pos() > call.Pos() {
				return true
			}
			path, _, name := p.astCallee(n)
			for i, a := range n.Args {
				part := p.regionOf(decl, a, 0)
				if part.of != nonce.of || part.beside(nonce) {
					continue
				}
				switch {
				case path == "crypto/rand" && name == "Read",
					path == "io" && name == "ReadFull" && i == 1 && p.isRandReader(n.Args[0]):
					if part.covers(nonce) && p.alwaysBefore(n, call) {
						filled = max(filled, n.Pos())
					} else {
						touched = max(touched, n.Pos())
					}
				case path == "" && i > 0, n.Ellipsis.IsValid():
				default:
					if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "len" || id.Name == "cap") {
						continue
					}
					touched = max(touched, n.Pos())
				}
			}
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				if ix, ok := ast.Unparen(l).(*ast.IndexExpr); ok && n.Pos() < call.Pos() && p.regionOf(decl, ix.X, 0).of == nonce.of {
					touched = max(touched, n.Pos())
				}
			}
		}
		return true
	})
	switch {
	case filled.IsValid() && touched < filled:
		return rules.Informational
	case filled.IsValid(), touched.IsValid():
		return rules.Review
	}
	return ""
}

// judgeNoNonce judges an AEAD that is handed nil. One of NewGCMWithRandomNonce
// draws the nonce itself; the others of the standard library and of
// golang.org/x/crypto panic at once, so nobody's text is ever sealed with a fixed
// one. Of a cipher by somebody else, or made where this package does not see it,
// that is not known: AES-SIV takes nil for an empty nonce.
func (p *pkg) judgeNoNonce(call *ast.CallExpr) rules.Class {
	if _, _, name := p.astCallee(call); name != "Seal" && name != "Open" {
		return ""
	}
	made := false
	for cur := range p.insp.Root().Preorder((*ast.CallExpr)(nil)) {
		n := cur.Node().(*ast.CallExpr)
		path, _, name := p.astCallee(n)
		if !p.makesAEAD(n) {
			continue
		}
		if (path != "crypto/cipher" || !strings.HasPrefix(name, "NewGCM")) && path != "golang.org/x/crypto/chacha20poly1305" {
			return rules.Review
		}
		made = true
	}
	if !made {
		return rules.Review
	}
	return rules.Informational
}

// makesAEAD reports whether a call returns a cipher.AEAD.
func (p *pkg) makesAEAD(call *ast.CallExpr) bool {
	t := p.info.TypeOf(call)
	if results, ok := t.(*types.Tuple); ok && results.Len() > 0 {
		t = results.At(0).Type()
	}
	return t != nil && p.isType(t, "crypto/cipher", "AEAD")
}

// A region is a part of what a variable holds: the bytes from low to high. A
// bound is a number or the text of an expression; "" is an unknown one.
type region struct {
	of        *types.Var
	low, high string
}

// regionEnd is the bound of a slice without one.
const regionEnd = "end"

// covers reports whether a region holds all of another of the same variable.
func (r region) covers(other region) bool {
	low, lowOK := atMost(r.low, other.low)
	high, highOK := atMost(other.high, r.high)
	return lowOK && highOK && low && high
}

// beside reports whether two regions of a variable share nothing.
func (r region) beside(other region) bool {
	after, ok := atMost(other.high, r.low)
	before, known := atMost(r.high, other.low)
	return ok && after || known && before
}

// atMost compares two bounds.
func atMost(a, b string) (less, known bool) {
	if a == "" || b == "" {
		return false, false
	}
	if a == b || a == "0" || b == regionEnd {
		return true, true
	}
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	return x <= y, errX == nil && errY == nil
}

// regionOf returns what part of which variable an expression is. A variable that
// is set once to a part of another stands for that part.
func (p *pkg) regionOf(decl *ast.FuncDecl, e ast.Expr, depth int) region {
	e = ast.Unparen(e)
	if s, ok := e.(*ast.SliceExpr); ok {
		r := p.regionOf(decl, s.X, depth)
		low, high := p.boundOf(s.Low, "0"), p.boundOf(s.High, regionEnd)
		switch {
		case r.low == "0":
			if high == regionEnd {
				high = r.high
			}
			r.low, r.high = low, high
		case low == "0" && high == regionEnd:
		default:
			r.low, r.high = "", "" // a part of a part
		}
		return r
	}
	v := p.objectOf(e)
	r := region{of: v, low: "0", high: regionEnd}
	if v == nil || v.IsField() || depth > 3 {
		return r
	}
	var from ast.Expr
	times := 0
	ast.Inspect(decl, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok {
			for i, l := range a.Lhs {
				if id, ok := ast.Unparen(l).(*ast.Ident); ok && p.objectOf(id) == v {
					times++
					if len(a.Lhs) == len(a.Rhs) {
						from = a.Rhs[i]
					}
				}
			}
		}
		return true
	})
	if times != 1 || from == nil {
		return r
	}
	from = ast.Unparen(from)
	switch from.(type) {
	case *ast.SliceExpr, *ast.Ident:
		if part := p.regionOf(decl, from, depth+1); part.of != nil {
			return part
		}
	}
	return r
}

// boundOf is the bound that an index is, absent when there is none.
func (p *pkg) boundOf(e ast.Expr, absent string) string {
	if e == nil {
		return absent
	}
	if v := p.info.Types[e].Value; v != nil {
		return v.ExactString()
	}
	return types.ExprString(e)
}

// alwaysBefore reports whether a call stands in no branch, loop or function that
// another one does not stand in too.
func (p *pkg) alwaysBefore(first, then *ast.CallExpr) bool {
	for _, n := range p.enclosingNodes(first.Pos()) {
		switch n.(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause, *ast.FuncLit:
			if then.Pos() < n.Pos() || then.Pos() >= n.End() {
				return false
			}
		}
	}
	return true
}

// isRandReader reports whether an expression is crypto/rand's Reader.
func (p *pkg) isRandReader(e ast.Expr) bool {
	v := p.objectOf(e)
	return v != nil && v.Pkg() != nil && v.Pkg().Path() == "crypto/rand" && v.Name() == "Reader"
}

// # Broken hashes and ciphers

// benignWords are what a hash is for when nobody gains by a collision, or when
// a protocol prescribes it.
var benignWords = setOf("checksum etag etags cache cached gravatar libravatar avatar dedup dedupe deduplicate md5sum sha1sum crc shard sharding partition uuid guid git commit asset assets color colour websocket thumbprint revision")

// gainWords are those of values that somebody gains by forging: next to one of
// them a word of benignWords proves nothing. A sum over what is downloaded and
// run is of that kind too.
var gainWords = setOf("sign signs signed signer signing signature signatures verify verifies verified verifier verification token tokens " +
	"login logins auth authn authz authenticate authenticated authentication authenticator authorize authorized authorization " +
	"key keys pin pins password passwords passwd passphrase pwd secret secrets salt salts salted pepper session sessions sid " +
	"credential credentials nonce otp totp hmac mac license licence coupon voucher invite invitation reset webhook ticket cookie csrf xsrf jwt " +
	"permission permissions integrity tamper trust trusted " +
	"update updates updater upgrade binary binaries bin download downloads downloaded installer release releases plugin plugins firmware artifact artifacts executable")

// openKeyWords are what a key is for that nobody keeps secret: cacheKey, shardKey.
var openKeyWords = setOf("cache cached shard sharding partition dedup dedupe deduplicate etag etags websocket")

// harmlessUse reports whether the words around a hash say that nobody gains by
// forging it, and neither they nor the names of what it is fed with say else.
func (p *pkg) harmlessUse(call *ast.CallExpr, fed []ast.Expr) bool {
	words := p.purpose(call)
	switch {
	case slices.ContainsFunc(words, func(w string) bool { return benignWords[w] }),
		words.HasPair("e", "tag"), words.HasPair("content", "md"), words.HasPair("object", "id"), words.HasPair("file", "hash"), words.HasPair("hash", "file"),
		words.HasPair("file", "md"), words.HasPair("file", "sha"):
	default:
		return false
	}
	for _, e := range fed {
		ast.Inspect(e, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				words = append(words, SplitName(id.Name)...)
			}
			return true
		})
	}
	open := slices.ContainsFunc(words, func(w string) bool { return openKeyWords[w] })
	return !slices.ContainsFunc(words, func(w string) bool {
		return gainWords[w] && !(open && (w == "key" || w == "keys"))
	})
}

// judgeHash weighs a use of MD5, SHA-1, MD4 or RIPEMD-160 by what it is fed
// with and what its sum is for.
func (p *pkg) judgeHash(call *ast.CallExpr) rules.Class {
	if call == nil {
		return ""
	}
	fed, known := p.fedInto(call)
	q := p.secretModel().ask()
	constants := len(fed) > 0
	for _, e := range fed {
		if p.info.Types[e].Value == nil && !p.writtenDown(e) {
			constants = false
		}
		if op, ok := p.passwordIn(e); ok {
			if fn := p.enclosing(call.Pos()); fn != nil && p.excused(fn, e, op) {
				return rules.Review // a protocol or a list of leaked passwords fixes the hash
			}
			return rules.Violation
		}
		if u := q.in(e); u != nil && !u.doubt {
			if u.words.Password() && (serviceName(u.words) || p.configured(u.expr)) || p.purpose(call).Has("cache", "cached", "gravatar", "libravatar") {
				return rules.Review // a service's password, or nothing that is stored
			}
			if fn := p.enclosing(call.Pos()); fn != nil && p.excused(fn, e, secretOperand{expr: u.expr, name: u.name}) {
				return rules.Review
			}
			return rules.Violation
		}
	}
	if known && constants || p.harmlessUse(call, fed) {
		return rules.Informational
	}
	return rules.Review
}

// writtenDown reports whether an expression is text that is written down in
// the source: []byte("hello"), or a variable that only ever holds that.
func (p *pkg) writtenDown(e ast.Expr) bool {
	e = p.bare(e)
	if p.info.Types[e].Value != nil {
		return true
	}
	if lit, ok := e.(*ast.CompositeLit); ok {
		return !slices.ContainsFunc(lit.Elts, func(el ast.Expr) bool { return p.info.Types[el].Value == nil })
	}
	v := p.objectOf(e)
	if v == nil || v.IsField() || v.Parent() == nil {
		return false
	}
	defs := p.secretModel().defs[v.Origin()]
	if len(defs) == 0 || isParam(defs) {
		return false
	}
	return !slices.ContainsFunc(defs, func(d secretDef) bool {
		return d.ranged || d.call != nil || d.base != nil || p.info.Types[p.bare(d.expr)].Value == nil
	})
}

// fedInto lists what goes into a hash: the arguments of Sum, or what is written
// to the value that New returned. known says that this is all of it.
func (p *pkg) fedInto(call *ast.CallExpr) (fed []ast.Expr, known bool) {
	if len(call.Args) > 0 {
		return call.Args[:1], true
	}
	v := p.assignedTo(call)
	decl := p.enclosing(call.Pos())
	if v == nil || decl == nil {
		return nil, false
	}
	known = true
	is := func(e ast.Expr) bool { return p.objectOf(e) == v }
	ast.Inspect(decl, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && is(sel.X) {
			if sel.Sel.Name == "Write" || sel.Sel.Name == "WriteString" {
				fed = append(fed, c.Args...)
			}
			return true
		}
		i := slices.IndexFunc(c.Args, is)
		if i < 0 {
			return true
		}
		switch path, _, name := p.astCallee(c); {
		case path == "io" && (name == "WriteString" || name == "Copy" || name == "CopyN" || name == "CopyBuffer") && i == 0, path == "fmt" && strings.HasPrefix(name, "Fprint") && i == 0:
			fed = append(fed, c.Args[1:]...)
		default:
			known = false
		}
		return true
	})
	return fed, known
}

// assignedTo returns the variable that the value of a call is given to.
func (p *pkg) assignedTo(call *ast.CallExpr) *types.Var {
	for _, n := range p.enclosingNodes(call.Pos()) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, r := range n.Rhs {
				if ast.Unparen(r) == ast.Expr(call) && i < len(n.Lhs) {
					return p.objectOf(n.Lhs[i])
				}
			}
		case *ast.ValueSpec:
			for i, r := range n.Values {
				if ast.Unparen(r) == ast.Expr(call) && i < len(n.Names) {
					return p.objectOf(n.Names[i])
				}
			}
		case *ast.KeyValueExpr:
			if id, ok := n.Key.(*ast.Ident); ok && ast.Unparen(n.Value) == ast.Expr(call) {
				return p.objectOf(id)
			}
		}
	}
	return nil
}

// purpose gathers the words that say what a hash is for: of the function it
// stands in, of what its sum is given to, and of the texts beside it
// (Header().Set("ETag", …)). The sum's variable is followed to where it is used.
func (p *pkg) purpose(call *ast.CallExpr) Name {
	var words Name
	decl := p.enclosing(call.Pos())
	if decl != nil {
		words = append(words, SplitName(decl.Name.Name)...)
		if decl.Recv != nil && len(decl.Recv.List) == 1 {
			words = append(words, SplitName(typeName(p.info.TypeOf(decl.Recv.List[0].Type)))...)
		}
	}
	seen := map[*types.Var]bool{}
	var use func(pos token.Pos, depth int)
	follow := func(e ast.Expr, depth int) {
		v := p.objectOf(e)
		if v == nil || seen[v] {
			return
		}
		seen[v] = true
		words = append(words, SplitName(v.Name())...)
		if decl == nil || depth > 3 || v.IsField() {
			return
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && p.info.Uses[id] == types.Object(v) {
				use(id.Pos(), depth+1)
			}
			return true
		})
	}
	use = func(pos token.Pos, depth int) {
		for _, n := range p.enclosingNodes(pos) {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if id, ok := n.Key.(*ast.Ident); ok {
					words = append(words, SplitName(id.Name)...)
				} else if s, ok := p.constString(n.Key); ok {
					words = append(words, SplitName(s)...)
				}
			case *ast.CallExpr:
				for _, a := range n.Args {
					if s, ok := p.constString(a); ok && len(s) < 40 {
						words = append(words, SplitName(s)...)
					}
				}
			case *ast.AssignStmt:
				for _, l := range n.Lhs {
					if ix, ok := l.(*ast.IndexExpr); ok {
						if s, ok := p.constString(ix.Index); ok {
							words = append(words, SplitName(s)...)
						}
					}
					follow(l, depth)
				}
			case *ast.ValueSpec:
				for _, id := range n.Names {
					follow(id, depth)
				}
			}
			if _, ok := n.(ast.Stmt); ok {
				break
			}
		}
	}
	use(call.Pos(), 0)
	return words
}

// judgeCipher weighs a use of DES or RC4. It is a violation where it encrypts
// or its key is a secret, nothing where nobody uses it.
func (p *pkg) judgeCipher(call *ast.CallExpr) rules.Class {
	if call == nil {
		return ""
	}
	q := p.secretModel().ask()
	for _, a := range call.Args {
		if u := q.in(a); u != nil && !u.doubt {
			return rules.Violation
		}
		if _, ok := p.passwordIn(a); ok {
			return rules.Violation
		}
	}
	nodes := p.enclosingNodes(call.Pos())
	for _, n := range nodes {
		if s, ok := n.(*ast.ExprStmt); ok && s.X == ast.Expr(call) {
			return rules.Informational // its result is dropped: nothing is encrypted
		}
	}
	decl := p.enclosing(call.Pos())
	v := p.assignedTo(call)
	if decl == nil || v == nil || len(call.Args) == 0 || p.writtenDown(call.Args[0]) {
		return rules.Review
	}
	class := rules.Review
	ast.Inspect(decl, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		path, _, name := p.astCallee(c)
		switch {
		case path == "crypto/cipher" && (name == "NewCBCEncrypter" || name == "NewCFBEncrypter") && len(c.Args) > 0 && p.objectOf(c.Args[0]) == v:
			class = rules.Violation
		case name == "Encrypt":
			if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && p.objectOf(sel.X) == v && len(c.Args) == 2 && p.info.Types[c.Args[1]].Value == nil && !p.writtenDown(c.Args[1]) {
				class = rules.Violation
			}
		}
		return true
	})
	return class
}

// judgeImport weighs the import of a broken primitive by its uses in the file:
// where all are calls that are in order, so is the import. A function of it
// that is handed on as a value (hmac.New(sha1.New, …)) keeps the import's class.
func (p *pkg) judgeImport(pos token.Pos) rules.Class {
	var spec *ast.ImportSpec
	var file *ast.File
	for _, n := range p.enclosingNodes(pos) {
		switch n := n.(type) {
		case *ast.ImportSpec:
			spec = n
		case *ast.File:
			file = n
		}
	}
	if spec == nil || file == nil {
		return ""
	}
	name := p.info.PkgNameOf(spec)
	if name == nil {
		return ""
	}
	uses, harmless := 0, 0
	ast.Inspect(file, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && p.info.Uses[x] == types.Object(name) {
			class := p.judgeHash(c)
			if path := name.Imported().Path(); path == "crypto/des" || path == "crypto/rc4" {
				class = p.judgeCipher(c)
			}
			if class == rules.Informational {
				harmless++
			}
		}
		return true
	})
	for id, obj := range p.info.Uses {
		if obj != types.Object(name) {
			continue
		}
		// Constants (md5.Size) hash nothing.
		if sel := p.selectorOf(id); sel == nil || p.info.Types[sel].Value == nil {
			uses++
		}
	}
	if uses > 0 && uses == harmless {
		return rules.Informational
	}
	return ""
}

// selectorOf returns the selector whose left side an identifier is.
func (p *pkg) selectorOf(id *ast.Ident) *ast.SelectorExpr {
	for _, n := range p.enclosingNodes(id.Pos()) {
		if sel, ok := n.(*ast.SelectorExpr); ok && sel.X == ast.Expr(id) {
			return sel
		}
	}
	return nil
}

// # TLS certificates that are not checked

// judgeSkipVerify weighs a switched-off check of certificates.
//
//	a test; a check of the package's own in its place, all of it seen       note
//	behind a switch, in something that says it is insecure or helps tests,
//	or with a check of its own that is not enough or not seen               review
//	else                                                                    violation
func (p *pkg) judgeSkipVerify(message string, pos token.Pos) *Judgement {
	if !strings.Contains(message, "InsecureSkipVerify") {
		return nil
	}
	if p.support[p.fset.File(pos)] {
		return &Judgement{Class: rules.Informational, Reason: "it is a test"}
	}
	nodes := p.enclosingNodes(pos)
	switch p.ownPeerCheck(nodes) {
	case fullPeerCheck:
		return &Judgement{Class: rules.Informational, Reason: "the code checks the certificate itself"}
	case unclearPeerCheck:
		return &Judgement{Class: rules.Review, Reason: "the code has a check of its own, which is not all seen or may let certificates pass"}
	}
	if p.doubtful(pos) {
		return &Judgement{Class: rules.Review, Reason: "it may only help tests"}
	}
	if !strings.Contains(message, "set to true") {
		return nil
	}
	asked := p.namedInsecure(nodes)
	if !asked {
		store := p.skipStore(pos, nodes)
		asked = store != nil && p.switched(store)
	}
	if asked {
		return &Judgement{Class: rules.Review, Reason: "somebody has to ask for it"}
	}
	return nil
}

// switched reports whether an instruction, or the making of the function
// literal it is in, is only reached where somebody asked for it.
func (p *pkg) switched(at ssa.Instruction) bool {
	asked := func(b *ssa.BasicBlock) bool {
		return p.onlyIf(b, func(cond ssa.Value, outcome bool) bool { return p.insecureSwitch(cond, outcome, 0) })
	}
	if asked(at.Block()) {
		return true
	}
	for fn := at.Parent(); fn.Parent() != nil; fn = fn.Parent() {
		var made *ssa.BasicBlock
		var ops []*ssa.Value
		for _, b := range fn.Parent().Blocks {
			for _, instr := range b.Instrs {
				ops = instr.Operands(ops[:0])
				for _, op := range ops {
					if *op == ssa.Value(fn) {
						made = b
					}
				}
			}
		}
		if made != nil && asked(made) {
			return true
		}
	}
	return false
}

// skipStore finds the instruction that switches the check off.
func (p *pkg) skipStore(pos token.Pos, nodes []ast.Node) ssa.Instruction {
	from, to := pos, pos
	for _, n := range nodes {
		switch n.(type) {
		case *ast.KeyValueExpr, *ast.AssignStmt, *ast.CompositeLit:
			from, to = min(from, n.Pos()), max(to, n.End())
		}
		if to > pos {
			break
		}
	}
	var found ssa.Instruction
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		s, ok := instr.(*ssa.Store)
		if !ok || found != nil {
			return
		}
		if fa, ok := s.Addr.(*ssa.FieldAddr); ok && fieldName(fa) == "InsecureSkipVerify" && s.Pos() >= from && s.Pos() <= to {
			found = s
		}
	})
	return found
}

// insecureWords say that somebody asked for it.
var insecureWords = []string{"insecure", "insecurely", "unsafe", "unverified", "untrusted", "skipverify", "noverify", "selfsigned"}

// saysInsecure reports whether a name says that certificates are not checked.
func saysInsecure(n Name) bool {
	switch {
	case n.Has(insecureWords...):
		return true
	case n.Has("skip", "disable", "disabled", "no", "ignore", "without", "bypass") && n.Has("verify", "verification", "validate", "validation", "tls", "ssl", "cert", "certs", "certificate", "certificates", "check", "security"):
		return true
	case n.Has("self") && n.Has("signed", "sign", "cert", "certs", "certificate"):
		return true
	case n.Has("trust", "accept", "allow") && n.Has("cert", "certs", "certificate", "certificates", "all", "any", "invalid", "server"):
		return true
	}
	return false
}

// saysSecure reports whether a name says that certificates are checked.
func saysSecure(n Name) bool {
	return n.Has("verify", "verification", "validate", "validates", "validation", "secure", "strict", "trusted", "check")
}

// insecureSwitch reports whether a condition that has this outcome says that
// somebody switched the check off, or is debugging.
func (p *pkg) insecureSwitch(cond ssa.Value, outcome bool, depth int) bool {
	if depth > 4 {
		return false
	}
	named := func(v ssa.Value) (insecure, secure bool) {
		n := SplitName(valueName(v))
		insecure = saysInsecure(n)
		if c, ok := unwrap(v).(*ssa.Call); ok && !insecure {
			// ptr.Deref(opts.SkipVerify, false), boolOr(cfg.Insecure)
			insecure = slices.ContainsFunc(c.Call.Args, func(a ssa.Value) bool { return saysInsecure(SplitName(valueName(a))) })
		}
		return insecure, !insecure && saysSecure(n)
	}
	switch x := cond.(type) {
	case *ssa.UnOp:
		if x.Op == token.NOT {
			return p.insecureSwitch(x.X, !outcome, depth+1)
		}
	case *ssa.TypeAssert:
		return p.insecureSwitch(x.X, outcome, depth+1)
	case *ssa.BinOp:
		if x.Op != token.EQL && x.Op != token.NEQ {
			return false
		}
		equal := (x.Op == token.EQL) == outcome
		for _, pair := range [][2]ssa.Value{{x.X, x.Y}, {x.Y, x.X}} {
			c, ok := pair[1].(*ssa.Const)
			if !ok {
				continue
			}
			insecure, secure := named(pair[0])
			if c.Value == nil {
				// An optional switch that is there: opts.SkipVerify != nil.
				return !equal && insecure
			}
			text := strings.Trim(c.Value.ExactString(), `"`)
			switch text {
			case "", "0", "false":
				return !equal && insecure || equal && secure
			case "true", "1":
				return equal && insecure || !equal && secure
			}
			said := SplitName(text)
			if equal && saysInsecure(said) || !equal && saysSecure(said) || equal && insecure {
				return true
			}
		}
	}
	insecure, secure := named(cond)
	return outcome && insecure || !outcome && secure || p.debugSwitch(cond, outcome, depth)
}

// namedInsecure reports whether the function around a place, or what the
// configuration is given to, says by its name that it is insecure.
func (p *pkg) namedInsecure(nodes []ast.Node) bool {
	for _, n := range nodes {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return saysInsecure(SplitName(n.Name.Name))
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				if id, ok := ast.Unparen(l).(*ast.Ident); ok && saysInsecure(SplitName(id.Name)) {
					return true
				}
				if sel, ok := ast.Unparen(l).(*ast.SelectorExpr); ok && sel.Sel.Name != "InsecureSkipVerify" && saysInsecure(SplitName(sel.Sel.Name)) {
					return true
				}
				if sel, ok := ast.Unparen(l).(*ast.SelectorExpr); ok {
					if id, ok := ast.Unparen(sel.X).(*ast.Ident); ok && saysInsecure(SplitName(id.Name)) {
						return true
					}
				}
			}
		case *ast.ValueSpec:
			for _, id := range n.Names {
				if saysInsecure(SplitName(id.Name)) {
					return true
				}
			}
		case *ast.CaseClause:
			for _, e := range n.List {
				if s, ok := p.constString(e); ok && saysInsecure(SplitName(s)) {
					return true
				}
			}
		}
	}
	return false
}
