package code

import (
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// effects are what a function, with what it calls three calls deep in this
// package, does that rules about routes ask for.
//
// The net for proofs is wide on purpose: reading a credential for anything but
// a log line counts as checking it, and a function of another package counts by its name. What a
// route lacks must be certain; whether a check is right is other rules' work.
type effects uint32

const (
	proofBearer    effects = 1 << iota // reads an Authorization header, parses a token
	proofKey                           // reads an API key or another credential from header or query
	proofCookie                        // reads a cookie or session
	proofBasic                         // reads a user name and password of basic authentication
	proofCert                          // looks at the client's certificate
	proofSignature                     // compares a MAC or checks a signature
	proofPassword                      // checks a password: this is a login
	proofContext                       // reads the user that an earlier layer has put into the request
	proofTaught                        // calls a function of teach: auth
	proofNamed                         // calls a function named like a check whose body is not seen
	guardCSRF                          // refuses cross-site requests
	readsBody                          // reads the request's body or form
	changesData                        // writes to a database or a file
	startsLogin                        // sends the client to an identity provider, or takes its answer
	handsOn                            // gives the request to code that is not seen
	askedElsewhere                     // has another package tell who asks, and refuses nobody itself
	touchesData                        // calls something beyond writing a constant answer

	proofs = proofBearer | proofKey | proofCookie | proofBasic | proofCert | proofSignature | proofPassword | proofContext | proofTaught | proofNamed
	// ambient are the credentials that browsers add to requests of other sites.
	ambient = proofCookie | proofBasic | proofCert
)

const effectDepth = 3

// effectsOf returns what a function does. Cycles end by depth.
func (t *routeTable) effectsOf(fn *ssa.Function, depth int) effects {
	if fn == nil {
		return 0
	}
	if known, ok := t.effects[fn][depth]; ok {
		return known
	}
	if t.effects[fn] == nil {
		t.effects[fn] = map[int]effects{}
	}
	t.effects[fn][depth] = 0 // while it is computed
	var out effects
	var ops []*ssa.Value
	within(fn, func(instr ssa.Instruction) {
		switch x := instr.(type) {
		case *ssa.FieldAddr:
			out |= t.fieldEffects(x)
		case *ssa.Field:
			if v := structField(x.X.Type(), x.Field); v != nil {
				out |= certField(v)
			}
		case *ssa.Lookup:
			if k, ok := constText(x.Index); ok && (t.p.isType(x.X.Type(), netHTTP, "Header") || t.p.isType(x.X.Type(), grpcPath+"/metadata", "MD")) {
				out |= headerProof(k)
			}
		}
		ci, isCall := instr.(ssa.CallInstruction)
		if isCall {
			out |= t.callEffects(ci, depth)
		}
		// A function that is only mentioned may be called by who is given it.
		ops = instr.Operands(ops[:0])
		for _, op := range ops {
			v := *op
			if v == nil || isCall && v == ci.Common().Value {
				continue
			}
			switch v.(type) {
			case *ssa.Function, *ssa.MakeClosure:
				if tg, ok := t.targetOf(v); ok && tg.fn != nil && outermost(tg.fn) != outermost(fn) && depth > 0 {
					out |= t.effectsOf(tg.fn, depth-1)
				}
			}
		}
	})
	t.effects[fn][depth] = out
	return out
}

// of returns what a target does.
func (t *routeTable) of(tg target) effects {
	var out effects
	switch {
	case tg.fn != nil:
		if t.p.taught(taughtAuth, funcObject(tg.fn)) {
			out |= proofTaught
		}
		out |= t.effectsOf(tg.fn, effectDepth)
		if tg.fn.Parent() == nil && guardName(SplitName(tg.fn.Name())) {
			out |= guardCSRF
		}
		if out&(handsOn|proofs) == handsOn && proofName(SplitName(tg.fn.Name())) {
			out |= proofNamed
		}
	case tg.obj != nil:
		out |= t.outside(tg.obj)
	}
	return out
}

// layers returns what a list of layers does. A layer of another package that
// is neither known nor named like a check hands the request on.
func (t *routeTable) layersDo(layers []layer) effects {
	var out effects
	for _, l := range layers {
		if l.open {
			out |= handsOn
			continue
		}
		out |= t.of(l.target)
	}
	return out
}

// outside judges a middleware or handler of another package by its name.
func (t *routeTable) outside(obj *types.Func) effects {
	path := t.p.pathOf(obj.Pkg())
	if t.p.taught(taughtAuth, obj) {
		return proofTaught
	}
	full := path + " " + strings.TrimPrefix(receiverName(obj)+"."+obj.Name(), ".")
	if e, ok := libraryEffects[full]; ok {
		return e
	}
	if e, ok := packageEffects[path]; ok {
		return e
	}
	name := SplitName(obj.Name())
	if guardName(name) || guardName(SplitName(lastElement(path))) {
		return guardCSRF
	}
	if !letsPass(name) && (proofName(name) || proofPackage(path) || proofName(SplitName(receiverName(obj)))) {
		return proofNamed
	}
	if plainPackage(path) {
		return 0
	}
	return handsOn
}

func lastElement(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

func funcObject(fn *ssa.Function) *types.Func {
	obj, _ := fn.Object().(*types.Func)
	return obj
}

// callEffects judges one call.
func (t *routeTable) callEffects(ci ssa.CallInstruction, depth int) effects {
	c := t.p.asCall(ci, nil)
	if c == nil {
		// A function value: what it is given decides.
		if _, ok := ci.Common().Value.(*ssa.Builtin); ok {
			return 0
		}
		if givenRequest(ci.Common().Args) && !isNext(ci.Common().Value) {
			return handsOn
		}
		return 0
	}
	if t.p.taught(taughtAuth, c.fn) {
		return proofTaught
	}
	if fn := ci.Common().StaticCallee(); fn != nil {
		if tg, ok := t.targetOf(fn); ok && tg.fn != nil {
			fn = tg.fn
			name := SplitName(c.name)
			var out effects
			if guardName(name) {
				out |= guardCSRF
			}
			if depth == 0 {
				if proofName(name) {
					return out | proofNamed
				}
				if givenRequest(c.args) {
					out |= handsOn
				}
				return out
			}
			out |= t.effectsOf(fn, depth-1)
			if out&(handsOn|proofs) == handsOn && proofName(name) {
				out |= proofNamed
			}
			return out | touchesData
		}
	}
	return t.foreignCall(c)
}

// foreignCall judges a call of another package or of an interface.
func (t *routeTable) foreignCall(c *call) effects {
	full := c.path + " " + c.callee()
	if e, ok := libraryEffects[full]; ok {
		return e
	}
	switch full {
	case "net/http Header.Get", "net/http Header.Values", "net/textproto MIMEHeader.Get", ginPath + " Context.GetHeader", fiberPath + " Ctx.Get", fiberPath + " Ctx.GetReqHeaders":
		return t.keyed(c, 0, headerProof, proofKey)
	case grpcPath + "/metadata MD.Get":
		return t.keyed(c, 0, headerProof, proofKey)
	case grpcPath + "/metadata ValueFromIncomingContext":
		return t.keyed(c, 1, headerProof, proofKey)
	case "net/url Values.Get", "net/http Request.FormValue", "net/http Request.PostFormValue", ginPath + " Context.Query", ginPath + " Context.PostForm", ginPath + " Context.DefaultQuery",
		echoPath + " Context.QueryParam", echoPath + " Context.FormValue", fiberPath + " Ctx.Query", fiberPath + " Ctx.FormValue":
		body := effects(0)
		if strings.Contains(c.name, "Form") {
			body = readsBody
		}
		return body | t.keyed(c, 0, fieldProof, 0)
	case "net/http Request.Cookie", ginPath + " Context.Cookie", echoPath + " Context.Cookie", fiberPath + " Ctx.Cookies":
		return t.keyed(c, 0, cookieProof, proofCookie)
	case "net/http Request.CookiesNamed", "net/http Request.Cookies", echoPath + " Context.Cookies":
		return proofCookie
	case ginPath + " Context.Get", ginPath + " Context.MustGet", ginPath + " Context.GetString", ginPath + " Context.GetInt", ginPath + " Context.GetInt64", ginPath + " Context.GetUint",
		ginPath + " Context.Value", echoPath + " Context.Get", fiberPath + " Ctx.Locals", "context Context.Value":
		if plainValue(c) {
			return 0
		}
		return t.keyed(c, 0, contextProof, proofContext)
	case "net/http Client.Do", "net/http Get", "net/http Client.Get":
		return touchesData
	}
	if e, ok := packageEffects[c.path]; ok {
		return e
	}
	if c.path == "database/sql" || databasePath(c.path) {
		return touchesData | t.writes(c)
	}
	switch c.path {
	case "os":
		switch c.name {
		case "Remove", "RemoveAll", "WriteFile", "Create", "Rename", "OpenFile", "Mkdir", "MkdirAll":
			return changesData | touchesData
		}
	case netHTTP, ginPath, echoPath, fiberPath:
		switch c.name {
		case "ParseForm", "ParseMultipartForm", "PostFormValue", "FormFile", "MultipartReader", "ShouldBind", "ShouldBindJSON", "Bind", "BindJSON", "BodyParser", "Body", "MultipartForm", "PostFormArray", "GetRawData", "ShouldBindWith", "MustBindWith", "FormParams":
			return readsBody
		}
	}
	name := SplitName(c.name)
	if guardName(name) {
		return guardCSRF
	}
	if plainPackage(c.path) {
		return 0
	}
	if proofName(name) || proofPackage(c.path) && (givenRequest(c.args) || strings.Contains(strings.ToLower(c.name), "context")) {
		if t.onlyAsks(c) {
			return askedElsewhere | touchesData
		}
		return proofNamed | touchesData
	}
	if givenRequest(c.args) || c.on != nil && isRequest(c.on.Type()) {
		return handsOn | touchesData
	}
	return touchesData | t.writes(c)
}

// keyed judges a read by its key; open is what an unknown key counts as.
func (t *routeTable) keyed(c *call, i int, judge func(string) effects, open effects) effects {
	if x, ok := c.instr.(*ssa.Call); ok && onlyNoted(t.p, x, 0) {
		// Who looks at nothing but a log line, or at nothing, checks nobody.
		all := judge
		judge = func(key string) effects { return all(key) &^ (proofs | guardCSRF) }
		open &^= proofs
	}
	if i >= len(c.args) {
		return open
	}
	arg := unwrap(c.args[i])
	if k, ok := constText(arg); ok {
		return judge(k)
	}
	if n := namedType(arg.Type()); n != nil && n.Obj().Pkg() != nil { // ctx.Value(userKey{})
		if e := judge(n.Obj().Name()); e != 0 {
			return e
		}
	}
	texts, more := t.p.texts(arg)
	var out effects
	for _, x := range texts {
		out |= judge(x.s)
	}
	if more || len(texts) == 0 {
		out |= open
	}
	return out
}

func constText(v ssa.Value) (string, bool) {
	c, ok := unwrap(v).(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(c.Value), true
}

// headerProof judges reading a request header.
func headerProof(key string) effects {
	key = strings.ToLower(key)
	switch key {
	case "authorization", "proxy-authorization", "x-forwarded-access-token":
		return proofBearer
	case "cookie":
		return proofCookie
	case "origin", "referer", "sec-fetch-site", "x-requested-with":
		return guardCSRF
	case "x-ssl-client-cert", "x-forwarded-client-cert", "x-ssl-client-verify", "x-client-cert":
		return proofCert
	case "content-type", "accept", "user-agent", "x-forwarded-for", "x-real-ip", "x-request-id", "if-none-match", "accept-language", "range", "idempotency-key", "x-idempotency-key", "sec-websocket-key":
		return 0
	}
	n := SplitName(key)
	switch {
	case guardName(n):
		return guardCSRF
	case n.Has("signature", "hmac", "digest"):
		return proofSignature
	case n.Has("token", "key", "secret", "auth", "jwt", "apikey", "session", "user", "password", "credential", "access", "identity", "principal", "email", "tenant", "account"):
		return proofKey
	}
	return 0
}

// fieldProof judges reading a query or form field.
func fieldProof(key string) effects {
	n := SplitName(key)
	switch {
	case guardName(n), n.Has("authenticity"):
		return guardCSRF
	case n.Has("signature", "sig", "hmac"):
		return proofSignature
	case n.Secret(), n.Has("token", "apikey", "nonce", "otp", "ticket"):
		return proofKey
	case len(n) == 1 && (n[0] == "code" || n[0] == "state"):
		return startsLogin
	}
	return 0
}

// cookieProof judges reading a cookie.
func cookieProof(name string) effects {
	n := SplitName(name)
	switch {
	case guardName(n):
		return guardCSRF
	case n.Has("state", "nonce", "verifier", "pkce"):
		return startsLogin
	case harmlessCookie(n):
		return 0
	}
	return proofCookie
}

// harmlessCookie reports whether a cookie of that name says nothing about who
// asks.
func harmlessCookie(n Name) bool {
	return n.Has("theme", "lang", "language", "locale", "consent", "flash", "timezone", "tz", "banner", "gdpr", "ga", "utm", "color", "sidebar", "redirect", "return")
}

// contextProof judges reading a value that a middleware has set.
func contextProof(key string) effects {
	if SplitName(key).Has("user", "uid", "claims", "claim", "auth", "authn", "authz", "account", "session", "principal", "identity", "role", "subject", "sub", "token", "jwt",
		"tenant", "member", "admin", "actor", "viewer", "login", "email", "username", "org", "organization", "workspace", "client", "me", "permission", "scope", "current", "owner", "customer", "merchant", "subscriber", "caller") {
		return proofContext
	}
	return 0
}

// plainValue reports whether a value of a context is known to be something else
// than who asks: its key's type is named after a correlation id, a trace, a
// logger or the like, and what it is taken for has neither a telling name nor a
// field with one.
func plainValue(c *call) bool {
	x, ok := c.instr.(*ssa.Call)
	if !ok || len(c.args) == 0 || x.Referrers() == nil {
		return false
	}
	key := namedType(unwrap(c.args[0]).Type())
	if key == nil || !SplitName(key.Obj().Name()).Has("request", "req", "requestid", "correlation", "trace", "span", "log", "logger", "nonce", "locale", "lang", "language", "metrics", "start", "started", "timer") {
		return false
	}
	taken := false
	for _, r := range *x.Referrers() {
		a, ok := r.(*ssa.TypeAssert)
		if !ok {
			if _, ok := r.(*ssa.DebugRef); ok {
				continue
			}
			return false
		}
		taken = true
		n := namedType(a.AssertedType)
		if n == nil {
			continue // a plain text or number
		}
		if contextProof(n.Obj().Name()) != 0 {
			return false
		}
		switch u := n.Underlying().(type) {
		case *types.Struct:
			for f := range u.Fields() {
				if contextProof(f.Name()) != 0 {
					return false
				}
			}
		case *types.Interface:
			for m := range u.Methods() {
				if contextProof(m.Name()) != 0 {
					return false
				}
			}
		}
	}
	return taken && contextProof(key.Obj().Name()) == 0
}

func (t *routeTable) fieldEffects(x *ssa.FieldAddr) effects {
	v := fieldVar(x)
	if v == nil || v.Pkg() == nil {
		return 0
	}
	switch t.p.pathOf(v.Pkg()) + " " + v.Name() {
	case "net/http Body", "net/http Form", "net/http PostForm", "net/http MultipartForm":
		if t.p.isType(x.X.Type(), netHTTP, "Request") {
			return readsBody
		}
	}
	return certField(v)
}

func certField(v *types.Var) effects {
	if v.Pkg() != nil && v.Pkg().Path() == "crypto/tls" && (v.Name() == "PeerCertificates" || v.Name() == "VerifiedChains") {
		return proofCert
	}
	return 0
}

// isRequest reports whether a type is how a framework hands a request over.
func isRequest(typ types.Type) bool {
	n := namedType(typ)
	if n == nil || n.Obj().Pkg() == nil {
		return false
	}
	return requestTypes[cleanPath(n.Obj().Pkg().Path())+" "+n.Obj().Name()] && n.Obj().Name() != "Cookie"
}

func givenRequest(args []ssa.Value) bool {
	for _, a := range args {
		if isRequest(a.Type()) {
			return true
		}
		if elems, ok := variadic(a); ok {
			for _, el := range elems {
				if el != nil && isRequest(unwrap(el).Type()) {
					return true
				}
			}
		}
	}
	return false
}

// isNext reports whether a function value is the next handler a middleware was
// given.
func isNext(v ssa.Value) bool {
	switch x := v.(type) {
	case *ssa.FreeVar, *ssa.Parameter:
		return true
	case *ssa.UnOp:
		return isNext(x.X)
	case *ssa.Phi:
		return true
	}
	return false
}

// writes judges calls on databases and stores by their verb and SQL text.
func (t *routeTable) writes(c *call) effects {
	switch c.name {
	case "Exec", "ExecContext", "MustExec", "NamedExec", "NamedExecContext", "MustExecContext":
		return changesData
	case "Create", "Save", "Delete", "Update", "Updates", "UpdateColumn", "Unscoped", "InsertOne", "InsertMany", "UpdateOne", "UpdateMany", "DeleteOne", "DeleteMany", "ReplaceOne", "FindOneAndUpdate", "FindOneAndDelete":
		return changesData
	}
	if n := SplitName(c.name); len(n) > 0 {
		switch n[0] {
		case "create", "delete", "remove", "update", "insert", "save", "store", "add", "set", "transfer", "cancel", "reset", "revoke", "approve", "purge", "destroy", "drop":
			if c.path != "" && !plainPackage(c.path) {
				return changesData
			}
		}
	}
	return 0
}

func databasePath(path string) bool {
	switch path {
	case "gorm.io/gorm", "github.com/jinzhu/gorm", "github.com/jmoiron/sqlx", "github.com/jackc/pgx", "github.com/jackc/pgx/pgxpool", "go.mongodb.org/mongo-driver/mongo", "github.com/uptrace/bun", "xorm.io/xorm":
		return true
	}
	return false
}

// guardName reports whether a name speaks of a defence against cross-site
// requests.
func guardName(n Name) bool {
	return n.Has("csrf", "xsrf", "nosurf", "antiforgery") || n.HasPair("cross", "origin") || n.HasPair("anti", "forgery") || n.HasPair("same", "origin") || n.HasPair("check", "origin") || n.HasPair("verify", "origin")
}

// proofName reports whether a function of that name proves who asks or what
// they may do.
func proofName(n Name) bool {
	if letsPass(n) {
		return false
	}
	if n.Has("auth", "authn", "authz", "oauth", "authenticate", "authenticated", "authenticates", "authenticator", "authentication", "authorize", "authorized", "authorizes", "authorization", "authorizer", "authed",
		"authorise", "authorised", "jwt", "oidc", "saml", "sso", "bearer", "apikey", "verify", "verifier", "verified", "guard", "guarded", "protect", "protected", "permission", "permissions", "permit", "acl", "rbac", "abac", "casbin", "policy",
		"hmac", "signature", "signed", "principal", "identity", "restricted", "restrict", "secured", "keycloak", "clerk", "introspect", "logged", "admin", "session", "whoami", "private", "loggedin", "signin", "token", "tokens", "credential", "credentials") {
		return true
	}
	for _, pair := range [...][2]string{
		{"require", "user"}, {"requires", "user"}, {"require", "login"}, {"login", "required"}, {"require", "role"}, {"require", "scope"}, {"require", "account"}, {"has", "role"}, {"check", "user"},
		{"current", "user"}, {"get", "user"}, {"user", "from"}, {"load", "user"}, {"with", "user"}, {"ensure", "user"}, {"api", "key"}, {"check", "access"}, {"can", "access"}, {"access", "control"}, {"basic", "auth"},
		{"user", "id"}, {"check", "key"}, {"validate", "key"}, {"from", "context"}, {"must", "user"}, {"only", "user"}, {"user", "only"}, {"client", "cert"}, {"mutual", "tls"},
	} {
		if n.HasPair(pair[0], pair[1]) {
			return true
		}
	}
	return false
}

// letsPass reports whether a function's name says that it asks who calls, and
// lets those pass who say nothing: OptionalAuth.
func letsPass(n Name) bool { return n.Has("optional", "optionally", "maybe") }

// proofPackage reports whether a package is there to check who asks, by the
// last element of its path or the one before.
func proofPackage(path string) bool {
	for part := range strings.SplitSeq(path, "/") {
		if SplitName(part).Has("auth", "authn", "authz", "oauth", "jwt", "jwtauth", "oidc", "saml", "sso", "session", "sessions", "keyauth", "basicauth", "casbin", "paseto", "authboss", "goth", "echojwt", "jwtware", "authentication", "authorization", "identity", "security", "permissions", "acl", "rbac", "login") {
			return true
		}
	}
	return false
}

// plainPackage reports whether a package of general use checks nobody.
func plainPackage(path string) bool {
	if !strings.Contains(path, ".") { // the standard library
		return true
	}
	for _, prefix := range plainPackages {
		if path == prefix || strings.HasPrefix(path, prefix+"/") {
			return true
		}
	}
	return false
}

var plainPackages = []string{
	chiPath, gorillaMux, ginPath, echoPath, fiberPath, httprouter, "github.com/go-chi/render", "github.com/go-chi/cors", "github.com/go-chi/httprate", "github.com/go-chi/httplog", "github.com/go-chi/docgen",
	"github.com/gorilla/handlers", "github.com/gorilla/schema", "github.com/gorilla/websocket", "github.com/gorilla/feeds", "github.com/rs/cors", "github.com/rs/zerolog", "github.com/justinas/alice",
	"github.com/gin-contrib/cors", "github.com/gin-contrib/gzip", "github.com/gin-contrib/zap", "github.com/gin-contrib/requestid", "github.com/gin-contrib/static", "github.com/gin-contrib/pprof", "github.com/gin-contrib/secure",
	"github.com/gin-contrib/size", "github.com/gin-contrib/timeout", "github.com/gin-contrib/cache", "github.com/gin-contrib/expvar", "github.com/gin-contrib/location", "github.com/gin-contrib/logger", "github.com/gin-contrib/i18n",
	"github.com/unrolled/secure", "github.com/unrolled/render", "go.opentelemetry.io", "github.com/prometheus", "github.com/NYTimes/gziphandler", "github.com/klauspost/compress", "github.com/sirupsen/logrus", "go.uber.org/zap",
	"github.com/google/uuid", "github.com/didip/tollbooth", "github.com/ulule/limiter", "golang.org/x/time", "golang.org/x/net", "golang.org/x/text", "github.com/getsentry", "github.com/go-playground", "github.com/a-h/templ",
	"github.com/felixge/httpsnoop", "github.com/newrelic", "gopkg.in/DataDog", "github.com/DataDog", "github.com/swaggo", "google.golang.org/protobuf", "github.com/json-iterator", "github.com/goccy/go-json", "github.com/pkg/errors", "gorm.io", "github.com/jmoiron/sqlx",
}

// packageEffects are packages that do one thing.
var packageEffects = map[string]effects{
	"github.com/golang-jwt/jwt": proofBearer, "github.com/golang-jwt/jwt/request": proofBearer, "github.com/dgrijalva/jwt-go": proofBearer, "github.com/form3tech-oss/jwt-go": proofBearer,
	"github.com/lestrrat-go/jwx/jwt": proofBearer, "github.com/lestrrat-go/jwx/jws": proofBearer, "github.com/go-jose/go-jose/jwt": proofBearer, "github.com/coreos/go-oidc/oidc": proofBearer, "github.com/coreos/go-oidc": proofBearer,
	"github.com/go-chi/jwtauth": proofBearer, "github.com/auth0/go-jwt-middleware": proofBearer, "github.com/appleboy/gin-jwt": proofBearer, "github.com/labstack/echo-jwt": proofBearer, "github.com/gofiber/contrib/jwt": proofBearer,
	"github.com/gofiber/jwt": proofBearer, "aidanwoods.dev/go-paseto": proofBearer, "github.com/o1egl/paseto": proofBearer,
	"github.com/gofiber/fiber/middleware/basicauth": proofBasic, "github.com/gofiber/fiber/middleware/keyauth": proofKey, "github.com/gofiber/keyauth": proofKey,
	"github.com/gofiber/fiber/middleware/csrf": guardCSRF, "github.com/gorilla/csrf": guardCSRF, "github.com/justinas/nosurf": guardCSRF, "filippo.io/csrf": guardCSRF, "filippo.io/csrf/gorilla": guardCSRF, "github.com/utrack/gin-csrf": guardCSRF,
	"github.com/gorilla/securecookie": proofCookie, "golang.org/x/crypto/bcrypt": proofPassword, xoauth2: touchesData, "github.com/markbates/goth/gothic": startsLogin,
	"github.com/stripe/stripe-go/webhook": proofSignature, "github.com/casbin/casbin": proofNamed, "github.com/aws/aws-lambda-go/events": 0,
}

// libraryEffects are single functions, by clean path and callee.
var libraryEffects = map[string]effects{
	// What else x/oauth2 does, a client that refreshes its token, says nothing
	// about who calls.
	xoauth2 + " Config.AuthCodeURL":                         startsLogin,
	xoauth2 + " Config.Exchange":                            startsLogin,
	xoauth2 + " Config.DeviceAuth":                          startsLogin,
	xoauth2 + " Config.DeviceAccessToken":                   startsLogin,
	"net/http Request.BasicAuth":                            proofBasic,
	"net/http CrossOriginProtection.Handler":                guardCSRF,
	"net/http CrossOriginProtection.Check":                  guardCSRF,
	"crypto/hmac Equal":                                     proofSignature,
	"crypto/subtle ConstantTimeCompare":                     proofSignature,
	"crypto/ed25519 Verify":                                 proofSignature,
	"crypto/rsa VerifyPKCS1v15":                             proofSignature,
	"crypto/rsa VerifyPSS":                                  proofSignature,
	"crypto/ecdsa VerifyASN1":                               proofSignature,
	"crypto/ecdsa Verify":                                   proofSignature,
	"crypto/x509 Certificate.Verify":                        proofCert,
	"io ReadAll":                                            0,
	"github.com/go-chi/chi/middleware BasicAuth":            proofBasic,
	ginPath + " BasicAuth":                                  proofBasic,
	ginPath + " BasicAuthForRealm":                          proofBasic,
	echoPath + "/middleware BasicAuth":                      proofBasic,
	echoPath + "/middleware BasicAuthWithConfig":            proofBasic,
	echoPath + "/middleware JWT":                            proofBearer,
	echoPath + "/middleware JWTWithConfig":                  proofBearer,
	echoPath + "/middleware KeyAuth":                        proofKey,
	echoPath + "/middleware KeyAuthWithConfig":              proofKey,
	echoPath + "/middleware CSRF":                           guardCSRF,
	echoPath + "/middleware CSRFWithConfig":                 guardCSRF,
	"github.com/gorilla/sessions GetRegistry":               proofCookie,
	"github.com/gorilla/sessions Store.Get":                 proofCookie,
	"github.com/gorilla/sessions CookieStore.Get":           proofCookie,
	"github.com/gorilla/sessions FilesystemStore.Get":       proofCookie,
	"github.com/gin-contrib/sessions Default":               proofCookie,
	"github.com/gin-contrib/sessions DefaultMany":           proofCookie,
	"github.com/gin-contrib/sessions Sessions":              0, // loads; checks nothing
	"github.com/gin-contrib/sessions SessionsMany":          0,
	"github.com/labstack/echo-contrib/session Get":          proofCookie,
	"github.com/labstack/echo-contrib/session Middleware":   0,
	"github.com/gofiber/fiber/middleware/session Store.Get": proofCookie,
	"github.com/alexedwards/scs SessionManager.LoadAndSave": 0,
	"github.com/alexedwards/scs SessionManager.Get":         proofCookie,
	"github.com/alexedwards/scs SessionManager.GetString":   proofCookie,
	"github.com/alexedwards/scs SessionManager.GetInt":      proofCookie,
	"github.com/alexedwards/scs SessionManager.GetInt64":    proofCookie,
	"github.com/alexedwards/scs SessionManager.GetBool":     proofCookie,
	"github.com/alexedwards/scs SessionManager.Exists":      proofCookie,
	"github.com/alexedwards/scs SessionManager.Pop":         proofCookie,
	"github.com/alexedwards/scs SessionManager.PopString":   proofCookie,
	"github.com/google/go-github/github ValidatePayload":    proofSignature,
	"github.com/google/go-github/github ValidateSignature":  proofSignature,
	"github.com/slack-go/slack NewSecretsVerifier":          proofSignature,
}
