package code

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"regexp"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// mkt403 flags credentials that travel in a URL. Addresses are written to the
// logs of every server on the way, kept in histories and sent as referrer.
func mkt403() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT403",
		Name:     "secret-in-url",
		Title:    "Secret is put into a URL",
		Class:    rules.Violation,
		Controls: []string{"no-secrets-in-urls", "no-secrets-in-referrer"},
		CWE:      []int{598},
		Vector:   v59c,
		Flags: "A credential in the query, path or user part of an HTTP or WebSocket address: `\"?api_key=\" + key` and `Sprintf` of the same, `url.Values` that end in a query, " +
			"`SetQueryParam` of an HTTP client, `https://user:password@host`; and a credential that a handler reads from the query (`r.URL.Query().Get(\"api_key\")`, gin, echo, fiber, `query:` tags). " +
			"Parameter names are compared by words. A parameter called just \"token\" that is only read, and values made for one click (reset, invite, confirm), are review findings.",
		Safe: "The credential goes into a header or the body; `url.Values` that become a form; OAuth's `code`, `state`, `client_id`; page tokens (`page_token`, `next_token`, `sync_token`); " +
			"CSRF tokens; signed addresses (presign); data source names of databases.",
		Remediation: "Send the credential in the Authorization header, or in the body of a POST. For a browser, set a cookie or trade a code that works once.",
		Wrong:       "resp, err := http.Get(base + \"/items?api_key=\" + apiKey)",
		Right:       "req.Header.Set(\"Authorization\", \"Bearer \"+apiKey)",
		Frameworks:  []string{"net/http", "net/url", "fmt", "gin", "echo", "fiber", "fasthttp", "go-resty/resty"},
	}, nil, nil, runMKT403)
}

func runMKT403(p *pkg) []Hit {
	r := &urlRule{p: p, done: map[ast.Node]bool{}}
	for cur := range p.insp.Root().Preorder((*ast.BinaryExpr)(nil), (*ast.CallExpr)(nil), (*ast.CompositeLit)(nil), (*ast.IndexExpr)(nil), (*ast.StructType)(nil)) {
		n := cur.Node()
		if p.support[p.fset.File(n.Pos())] {
			continue
		}
		switch x := n.(type) {
		case *ast.BinaryExpr:
			if x.Op == token.ADD && !r.done[x] {
				r.chain(x)
			}
		case *ast.CallExpr:
			r.call(x)
		case *ast.CompositeLit:
			r.literal(x)
		case *ast.IndexExpr:
			if key, ok := p.constString(x.Index); ok && r.isQuery(x.X) {
				r.read(x, key)
			}
		case *ast.StructType:
			r.tags(x)
		}
	}
	return r.hits
}

type urlRule struct {
	p    *pkg
	hits []Hit
	done map[ast.Node]bool // inner parts of chains that were judged
}

// A urlPiece is a part of a text that is put together: written or computed.
type urlPiece struct {
	text string
	expr ast.Expr // nil when text is written
}

// pieces splits a concatenation or a Sprintf into its parts.
func (r *urlRule) pieces(e ast.Expr) []urlPiece {
	e = ast.Unparen(e)
	if s, ok := r.p.constString(e); ok {
		return []urlPiece{{text: s}}
	}
	switch x := e.(type) {
	case *ast.BinaryExpr:
		if x.Op == token.ADD {
			r.done[x] = true
			return append(r.pieces(x.X), r.pieces(x.Y)...)
		}
	case *ast.CallExpr:
		if path, _, name := r.p.astCallee(x); path == "fmt" && name == "Sprintf" && len(x.Args) > 1 {
			if format, ok := r.p.constString(x.Args[0]); ok {
				return formatPieces(format, x.Args[1:])
			}
		} else if path == "net/url" && (name == "QueryEscape" || name == "PathEscape") && len(x.Args) == 1 {
			return r.pieces(x.Args[0])
		}
	}
	return []urlPiece{{expr: e}}
}

// formatPieces splits a format at its verbs.
func formatPieces(format string, args []ast.Expr) []urlPiece {
	var out []urlPiece
	rest, next := format, 0
	for {
		loc := verb.FindStringIndex(rest)
		if loc == nil {
			return append(out, urlPiece{text: rest})
		}
		v := rest[loc[0]:loc[1]]
		out = append(out, urlPiece{text: rest[:loc[0]]})
		rest = rest[loc[1]:]
		if v == "%%" {
			out = append(out, urlPiece{text: "%"})
			continue
		}
		if next < len(args) {
			out = append(out, urlPiece{expr: args[next]})
		}
		next++
	}
}

var (
	queryParam = regexp.MustCompile(`[?&]([A-Za-z0-9_.\-\[\]]+)=["']?$`)
	webScheme  = regexp.MustCompile(`^["'(\s]*(https?|wss?)://`)
	anyScheme  = regexp.MustCompile(`^[a-z][a-z0-9+.\-]*://`)
)

// chain judges a text that is put together.
func (r *urlRule) chain(e ast.Expr) {
	if t := r.p.info.TypeOf(e); t == nil || !isText(t) || r.p.info.Types[e].Value != nil {
		return
	}
	pieces := r.pieces(e)
	before := ""
	for i, pc := range pieces {
		if pc.expr == nil {
			before += pc.text
			continue
		}
		r.part(e, pieces, i, before)
		before += hole
	}
}

// part judges the i-th part of a text, which stands after before.
func (r *urlRule) part(whole ast.Expr, pieces []urlPiece, i int, before string) {
	e := pieces[i].expr
	if m := queryParam.FindStringSubmatch(before); m != nil {
		if r.queryText(pieces, before) {
			r.param(e, whole, m[1], e, before, "stands in a URL")
		}
		return
	}
	if !webScheme.MatchString(before) {
		return
	}
	after := ""
	if i+1 < len(pieces) {
		after = pieces[i+1].text
	}
	_, rest, _ := strings.Cut(before, "://")
	u := r.secret(e)
	if u == nil || u.doubt || strings.Contains(rest, "?") {
		return
	}
	switch path := strings.Contains(rest, "/"); {
	case !path && strings.HasPrefix(after, "@"):
		r.hit(e, u.name+" stands in the user part of a URL", u, false)
	case path && !u.words.oneTime() && (u.words.explicitCredential() || strings.HasSuffix(before, "/bot")):
		r.hit(e, u.name+" stands in the path of a URL", u, false)
	case path && !u.words.oneTime() && !r.context(whole, before).Has("acme", "challenge"):
		r.hit(e, u.name+" stands in the path of a URL", u, true)
	}
}

// queryText reports whether what stands before a parameter is a web address.
// A form's body looks alike but has no question mark.
func (r *urlRule) queryText(pieces []urlPiece, before string) bool {
	switch {
	case anyScheme.MatchString(before):
		return webScheme.MatchString(before) && strings.Contains(before, "?")
	case strings.Contains(before, "@tcp("), strings.Contains(before, "@unix("):
		return false
	case strings.HasPrefix(before, hole):
		n := r.exprWords(pieces)
		if n.Has("dsn", "conn", "database", "db", "mysql", "postgres", "redis", "sqlite", "body", "form", "payload", "data") {
			return false
		}
		return strings.Contains(before, "?") || n.Has("url", "uri", "link", "endpoint", "href", "target", "location", "redirect", "callback", "address", "addr")
	case strings.HasPrefix(before, "/"), strings.HasPrefix(before, "?"):
		return strings.Contains(before, "?")
	}
	return false
}

// exprWords returns the words of the first computed part.
func (r *urlRule) exprWords(pieces []urlPiece) Name {
	for _, pc := range pieces {
		if pc.expr == nil {
			if pc.text == "" {
				continue
			}
			return nil
		}
		e := r.p.bare(pc.expr)
		if c, ok := e.(*ast.CallExpr); ok {
			if sel, ok := c.Fun.(*ast.SelectorExpr); ok {
				if r.p.isType(r.p.info.TypeOf(sel.X), "net/url", "URL") {
					return Name{"url"}
				}
				return append(SplitName(r.p.nameOf(sel.X)), SplitName(sel.Sel.Name)...)
			}
			return SplitName(exprName(c.Fun))
		}
		return SplitName(r.p.nameOf(e))
	}
	return nil
}

// secret asks for a credential in an expression, or nil.
func (r *urlRule) secret(e ast.Expr) *secretUse {
	q := r.p.secretModel().ask()
	q.noDumps = true
	return q.in(e)
}

// plainParams are parameters that a credential's value never makes secret:
// OAuth's protocol, signatures, cursors.
var plainParams = setOf("code state signature sig hmac nonce challenge verifier scope hint csrf xsrf oauth request cursor page amz goog expires hash digest")

// context returns the words around an address: its text, and the name of the
// function that builds it.
func (r *urlRule) context(at ast.Node, text string) Name {
	n := SplitName(text)
	if d := r.p.enclosing(at.Pos()); d != nil {
		n = append(n, SplitName(d.Name.Name)...)
	}
	return append(n, r.linkWords(at)...)
}

// linkWords returns the words by which the parts of an address, or the variable
// it is stored in, say that it is a link of a mail: unsubscribeURL, inviteLink.
func (r *urlRule) linkWords(at ast.Node) Name {
	var words Name
	add := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				name := SplitName(id.Name)
				if len(name) > 0 && name[len(name)-1] == "link" {
					words = append(words, "link")
				}
				if len(name) > 1 && linkNouns[name[len(name)-1]] && name.oneTime() && !name.Has("callback", "download", "preview", "share", "shared", "sharing") {
					words = append(words, name...)
				}
			}
			return true
		})
	}
	add(at)
	if cur, ok := r.p.insp.Root().FindNode(at); ok {
		switch parent := cur.Parent().Node().(type) {
		case *ast.AssignStmt:
			for _, l := range parent.Lhs {
				add(l)
			}
		case *ast.ValueSpec:
			for _, name := range parent.Names {
				add(name)
			}
		case *ast.KeyValueExpr:
			add(parent.Key)
		}
	}
	return words
}

// linkNouns end the names of addresses.
var linkNouns = setOf("url link uri href address")

// param judges a value that is sent as a parameter of a query.
func (r *urlRule) param(at ast.Expr, whole ast.Node, param string, value ast.Expr, text, what string) {
	tv := r.p.info.Types[value]
	if tv.Value != nil || tv.IsNil() {
		return
	}
	n := SplitName(param)
	for _, w := range n {
		if plainParams[w] {
			return
		}
	}
	around := r.context(whole, text)
	if around.Has("presign", "presigned", "presigner", "signed", "webauthn", "acme") {
		return
	}
	s := r.p.secretModel()
	q := s.ask()
	if q.masks(value) {
		return
	}
	level := secretByName(n)
	u := r.secret(value)
	if level < maybeSecret && (u == nil || u.doubt || u.words.oneTime()) {
		return
	}
	if s.lexical && len(n) == 1 && n[0] == "token" && u == nil {
		return
	}
	if d := r.p.declAt(at.Pos()); d != nil && len(n) == 1 && n[0] == "authorization" && mentions(d, "hmac", "signature") {
		return // a signature made for this address
	}
	name := "parameter " + param
	once := n.oneTime() || around.oneTime() || around.Has("link") && !n.explicitCredential() && (u == nil || !u.words.explicitCredential()) || u != nil && u.words.oneTime()
	certain := n.explicitCredential() || u != nil && !u.doubt
	h := hitNode("MKT403", at, fmt.Sprintf("%s %s; send it in a header or in the body", cmpName(u, name), what))
	if u != nil {
		h.Steps = append(u.steps, Step{at.Pos(), "sent as " + name})
	} else {
		h.Steps = []Step{{at.Pos(), "sent as " + name}}
	}
	if once || !certain || level == maybeSecret {
		h.Class = rules.Review
	}
	r.hits = append(r.hits, h)
}

func cmpName(u *secretUse, name string) string {
	if u != nil {
		return u.name
	}
	return name
}

func (r *urlRule) hit(at ast.Expr, message string, u *secretUse, doubt bool) {
	h := hitNode("MKT403", at, message+"; send it in a header or in the body", append(u.steps, Step{at.Pos(), "put into the URL"})...)
	if doubt {
		h.Class = rules.Review
	}
	r.hits = append(r.hits, h)
}

// call judges calls: texts made by Sprintf, parameters that are set or read.
func (r *urlRule) call(x *ast.CallExpr) {
	fn := r.p.callee(x)
	if fn == nil || fn.Pkg() == nil {
		return
	}
	path, name, recv := r.p.pathOf(fn.Pkg()), fn.Name(), receiverName(fn)
	switch path {
	case "fmt":
		if name == "Sprintf" {
			r.chain(x)
		}
	case "net/url":
		if recv != "Values" || len(x.Args) == 0 {
			return
		}
		key, ok := r.p.constString(x.Args[0])
		sel, isSel := x.Fun.(*ast.SelectorExpr)
		if !ok || !isSel {
			return
		}
		switch {
		case name == "Get" && r.isQuery(sel.X):
			r.read(x, key)
		case (name == "Set" || name == "Add") && len(x.Args) == 2 && r.maySecret(key, x.Args[1]):
			if v := r.p.objectOf(sel.X); v != nil && r.inQuery(v, x, 0) {
				r.param(x, x, key, x.Args[1], "", "is sent in the query of a URL")
			}
		}
	case "github.com/gin-gonic/gin", "github.com/labstack/echo", "github.com/gofiber/fiber":
		switch name {
		case "Query", "DefaultQuery", "GetQuery", "QueryParam", "QueryArray":
			if recv == "Context" || recv == "Ctx" || recv == "" {
				if key, ok := r.argKey(x); ok {
					r.read(x, key)
				}
			}
		}
	case "github.com/go-resty/resty", "resty.dev", "github.com/imroc/req":
		switch name {
		case "SetQueryParam", "AddQueryParam":
			if key, ok := r.argKey(x); ok && len(x.Args) == 2 {
				r.param(x, x, key, x.Args[1], "", "is sent in the query of a URL")
			}
		case "SetQueryParams":
			if lit, ok := ast.Unparen(x.Args[0]).(*ast.CompositeLit); ok {
				r.entries(lit)
			}
		}
	}
}

func (r *urlRule) argKey(x *ast.CallExpr) (string, bool) {
	if len(x.Args) == 0 {
		return "", false
	}
	return r.p.constString(x.Args[0])
}

// maySecret is the cheap question before the search for where values go.
func (r *urlRule) maySecret(key string, value ast.Expr) bool {
	if r.p.info.Types[value].Value != nil {
		return false
	}
	if secretByName(SplitName(key)) >= maybeSecret {
		return true
	}
	u := r.secret(value)
	return u != nil && !u.doubt
}

// entries judges the entries of a map of parameters.
func (r *urlRule) entries(lit *ast.CompositeLit) {
	for _, el := range lit.Elts {
		kv, ok := el.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, ok := r.p.constString(kv.Key)
		if !ok {
			continue
		}
		value := kv.Value
		if l, ok := value.(*ast.CompositeLit); ok && len(l.Elts) == 1 {
			value = l.Elts[0]
		}
		r.param(kv.Value, lit, key, value, "", "is sent in the query of a URL")
	}
}

// literal judges url.Values and url.URL literals.
func (r *urlRule) literal(x *ast.CompositeLit) {
	t := r.p.info.TypeOf(x)
	switch {
	case r.p.isType(t, "net/url", "Values") && len(x.Elts) > 0:
		cur, ok := r.p.insp.Root().FindNode(x)
		if !ok {
			return
		}
		switch par := cur.Parent().Node().(type) {
		case *ast.AssignStmt:
			for i, rhs := range par.Rhs {
				if ast.Unparen(rhs) == ast.Expr(x) && i < len(par.Lhs) {
					if v := r.p.objectOf(par.Lhs[i]); v != nil && r.inQuery(v, x, 0) {
						r.entries(x)
					}
				}
			}
		case *ast.SelectorExpr:
			if c, ok := cur.Parent().Parent().Node().(*ast.CallExpr); ok && par.Sel.Name == "Encode" && r.encodedInQuery(c, 0) {
				r.entries(x)
			}
		}
	case r.p.isType(t, "net/url", "URL"):
		scheme, user := "", ast.Expr(nil)
		for _, el := range x.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				switch id, _ := kv.Key.(*ast.Ident); {
				case id == nil:
				case id.Name == "Scheme":
					scheme, _ = r.p.constString(kv.Value)
				case id.Name == "User":
					user = kv.Value
				}
			}
		}
		if c, ok := user.(*ast.CallExpr); ok && webScheme.MatchString(scheme+"://") && r.p.info.Types[user].Value == nil {
			if path, _, name := r.p.astCallee(c); path == "net/url" && name == "UserPassword" && len(c.Args) == 2 {
				if u := r.secret(c.Args[1]); u != nil && !u.doubt {
					r.hit(c.Args[1], u.name+" stands in the user part of a URL", u, false)
				}
			}
		}
	}
}

// inQuery reports whether url.Values kept in v are encoded into a query.
func (r *urlRule) inQuery(v *types.Var, at ast.Node, depth int) bool {
	d := r.p.declAt(at.Pos())
	if d == nil || depth > 2 {
		return false
	}
	found := false
	ast.Inspect(d, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok || found {
			return !found
		}
		if sel, ok := c.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Encode" && r.p.objectOf(sel.X) == v {
			found = r.encodedInQuery(c, depth)
		}
		return !found
	})
	return found
}

// encodedInQuery reports whether an encoded text becomes the query of a URL:
// u.RawQuery = e, base + "?" + e, Sprintf("%s?%s", base, e).
func (r *urlRule) encodedInQuery(e ast.Expr, depth int) bool {
	cur, ok := r.p.insp.Root().FindNode(e)
	if !ok {
		return false
	}
	top := e
	for par := cur.Parent(); ; par = par.Parent() {
		switch x := par.Node().(type) {
		case *ast.ParenExpr:
			top = x
			continue
		case *ast.BinaryExpr:
			if x.Op != token.ADD {
				return false
			}
			top = x
			continue
		case *ast.CallExpr:
			if path, _, name := r.p.astCallee(x); path == "fmt" && name == "Sprintf" {
				return r.afterMark(x, e)
			}
			return r.afterMark(top, e)
		case *ast.AssignStmt:
			if r.afterMark(top, e) {
				return true
			}
			for i, rhs := range x.Rhs {
				if ast.Unparen(rhs) != ast.Unparen(top) || i >= len(x.Lhs) {
					continue
				}
				if r.p.nameOf(x.Lhs[i]) == "RawQuery" {
					return true
				}
				if v := r.p.objectOf(x.Lhs[i]); v != nil && !v.IsField() && depth < 2 {
					return r.textInQuery(v, x, depth+1)
				}
			}
			return false
		case *ast.KeyValueExpr:
			id, ok := x.Key.(*ast.Ident)
			return ok && id.Name == "RawQuery" || r.afterMark(top, e)
		default:
			return r.afterMark(top, e)
		}
	}
}

// textInQuery reports whether a variable that holds an encoded query becomes
// part of a URL.
func (r *urlRule) textInQuery(v *types.Var, at ast.Node, depth int) bool {
	d := r.p.declAt(at.Pos())
	found := false
	ast.Inspect(d, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && !found && r.p.info.Uses[id] == types.Object(v) {
			found = r.encodedInQuery(id, depth)
		}
		return !found
	})
	return found
}

// afterMark reports whether e stands right after a question mark in a text.
func (r *urlRule) afterMark(whole, e ast.Expr) bool {
	before := ""
	for _, pc := range r.pieces(whole) {
		if pc.expr == nil {
			before += pc.text
			continue
		}
		if ast.Unparen(pc.expr) == ast.Unparen(e) {
			return strings.HasSuffix(before, "?") || strings.HasSuffix(before, "&") && strings.Contains(before, "?")
		}
		before += hole
	}
	return false
}

// isQuery reports whether an expression is the query of an incoming request.
func (r *urlRule) isQuery(e ast.Expr) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		path, recv, name := r.p.astCallee(x)
		if path != "net/url" || recv != "URL" || name != "Query" {
			return false
		}
		sel, ok := x.Fun.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		u, ok := ast.Unparen(sel.X).(*ast.SelectorExpr)
		return ok && r.p.isType(r.p.info.TypeOf(u.X), "net/http", "Request") && r.incoming(u.X)
	case *ast.Ident:
		v := r.p.objectOf(x)
		if v == nil || !r.p.isType(v.Type(), "net/url", "Values") {
			return false
		}
		for _, d := range r.p.secretModel().defs[v] {
			if c, ok := ast.Unparen(d.expr).(*ast.CallExpr); ok && r.isQuery(c) {
				return true
			}
		}
	}
	return false
}

// incoming reports whether a request is one that a handler got: a parameter
// beside a ResponseWriter, or the field of a framework's context.
func (r *urlRule) incoming(e ast.Expr) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name == "Request"
	case *ast.CallExpr:
		return true // c.Request()
	case *ast.Ident:
		v := r.p.objectOf(x)
		if v == nil {
			return false
		}
		for _, d := range r.p.secretModel().defs[v] {
			if c, ok := ast.Unparen(d.expr).(*ast.CallExpr); ok && d.call == nil {
				if path, _, name := r.p.astCallee(c); path == "net/http" && strings.HasPrefix(name, "NewRequest") {
					return false
				}
			}
		}
		return true
	}
	return false
}

// read judges a parameter that is read from the query of a request.
func (r *urlRule) read(at ast.Expr, param string) {
	n := SplitName(param)
	for _, w := range n {
		if plainParams[w] {
			return
		}
	}
	level := secretByName(n)
	if level < maybeSecret {
		return
	}
	around := r.context(at, "")
	if around.Has("presign", "presigned", "signed", "acme", "webauthn") || !r.assigns(at) {
		return
	}
	h := hitNode("MKT403", at, fmt.Sprintf("parameter %s is read from the query of the URL; take it from a header or the body", param))
	h.Steps = []Step{{at.Pos(), param + " arrives in the URL"}}
	if level == maybeSecret || !n.explicitCredential() || around.oneTime() {
		h.Class = rules.Review
	}
	r.hits = append(r.hits, h)
}

// assigns reports whether a read value is used, rather than compared with the
// empty text to refuse it.
func (r *urlRule) assigns(at ast.Expr) bool {
	cur, ok := r.p.insp.Root().FindNode(at)
	if !ok {
		return true
	}
	if b, ok := cur.Parent().Node().(*ast.BinaryExpr); ok && (b.Op == token.EQL || b.Op == token.NEQ) {
		other := b.X
		if other == at {
			other = b.Y
		}
		if s, ok := r.p.constString(other); ok && s == "" {
			return false
		}
	}
	return true
}

// tags judges struct fields that a framework fills from the query.
func (r *urlRule) tags(x *ast.StructType) {
	for _, f := range x.Fields.List {
		if f.Tag == nil || !strings.Contains(f.Tag.Value, "query:") || !isText(r.p.info.TypeOf(f.Type)) {
			continue
		}
		key, _, _ := strings.Cut(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("query"), ",")
		n := SplitName(key)
		if key == "" || key == "-" || n.Has("csrf", "xsrf") || secretByName(n) != sureSecret {
			continue
		}
		h := hitNode("MKT403", f.Tag, fmt.Sprintf("parameter %s is read from the query of the URL; take it from a header or the body", key))
		h.Steps = []Step{{f.Tag.Pos(), key + " arrives in the URL"}}
		// Whether anything reads the tag is only seen beside its framework; most
		// of those that do not know it read the body.
		if !n.explicitCredential() || !importsAny(r.p.types, queryTags) {
			h.Class = rules.Review
		}
		r.hits = append(r.hits, h)
	}
}

// queryTags are the frameworks that fill fields from the query by this tag.
var queryTags = paths(pathEcho, pathFiber, "github.com/go-playground/form", "github.com/ggicci/httpin", "github.com/danielgtaylor/huma")
