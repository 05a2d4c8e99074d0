package code

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// Literals that are used as a credential: what makes a text a secret is not its
// form but that somebody signs in with it. "super-secret-password" looks like
// the name of a field until it is compared with the password of a request.
//
//	literal ──► constant, variable, field, "Bearer " + …, []byte(…)
//	        └─► SetBasicAuth, Authorization, ClientSecret, == password, hmac.New ──► a use
//
// A place that may also get something else (the environment, a flag, a file) is
// left to the rest of MKT408, which looks for defaults.

// usedSecret is the variant of MKT408 for literals that are a credential by
// what they are used for.
const usedSecret = "MKT408/used"

// A secretPlace is one use of a literal as a credential.
type secretPlace struct {
	text string // never shown
	hit  Hit
	with ssa.Value // what it is compared with, or nil
}

// usedSecrets returns the uses of literals as credentials, computed once.
func (p *pkg) usedSecrets() []secretPlace {
	if p.usedList != nil {
		return p.usedList
	}
	p.usedList = []secretPlace{}
	if testPath(p.types.Path()) && !p.importsPath(netHTTP) {
		return p.usedList
	}
	defer p.building("used secrets")()
	u := &usedModel{p: p, sample: samplePackage(p.types)}
	p.eachCall(nil, u.call)
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		switch x := instr.(type) {
		case *ssa.Store:
			u.store(x)
		case *ssa.MapUpdate:
			u.headerMap(x)
		case *ssa.BinOp:
			if x.Op == token.EQL || x.Op == token.NEQ {
				u.compared(x)
			}
		}
	})
	// A field that is compared with several texts may go through a list of
	// passwords that are too weak.
	texts := map[ssa.Value]map[string]bool{}
	for _, f := range u.found {
		if f.with != nil {
			if texts[f.with] == nil {
				texts[f.with] = map[string]bool{}
			}
			texts[f.with][f.text] = true
		}
	}
	for i, f := range u.found {
		if f.with != nil && len(texts[f.with]) > 1 {
			u.found[i].hit.Class = rules.Review
		}
	}
	p.usedList = append(p.usedList, u.found...)
	return p.usedList
}

// usedAsSecret reports whether a text is used as a credential in the package.
func (p *pkg) usedAsSecret(s string) bool {
	return slices.ContainsFunc(p.usedSecrets(), func(u secretPlace) bool { return u.text == s || credentialPart(s) == u.text })
}

// usedHits turns the uses into hits: one for each literal, the most certain.
func (p *pkg) usedHits() []Hit {
	var hits []Hit
	at := map[string]int{}
	for _, u := range p.usedSecrets() {
		i, seen := at[u.text]
		switch {
		case !seen:
			at[u.text] = len(hits)
			hits = append(hits, u.hit)
		case hits[i].Class == rules.Review && u.hit.Class == "":
			hits[i] = u.hit
		}
	}
	return hits
}

type usedModel struct {
	p      *pkg
	found  []secretPlace
	sample bool
	leaky  map[*types.Var]bool // fields whose address is handed out
}

// samplePackage reports whether a package is an example by its folder.
func samplePackage(t *types.Package) bool {
	for part := range strings.SplitSeq(t.Path(), "/") {
		switch strings.Trim(part, "_") {
		case "example", "examples", "sample", "samples", "demo", "demos":
			return t.Name() == "main"
		}
	}
	return false
}

// secretArgs says which argument of a call is a credential.
var secretArgs = symbols(map[string]int{
	"net/http Request.SetBasicAuth":                                         1,
	"net/url UserPassword":                                                  1,
	"net/smtp PlainAuth":                                                    2,
	"net/smtp CRAMMD5Auth":                                                  1,
	"crypto/hmac New":                                                       1,
	"golang.org/x/crypto/ssh Password":                                      0,
	"github.com/go-resty/resty Client.SetAuthToken":                         0,
	"github.com/go-resty/resty Client.SetBasicAuth":                         1,
	"github.com/go-resty/resty Request.SetAuthToken":                        0,
	"github.com/go-resty/resty Request.SetBasicAuth":                        1,
	"github.com/hashicorp/go-retryablehttp Request.SetBasicAuth":            1,
	"github.com/go-ldap/ldap Conn.Bind":                                     1,
	"github.com/go-ldap/ldap Client.Bind":                                   1,
	"github.com/aws/aws-sdk-go-v2/credentials NewStaticCredentialsProvider": 1,
	"github.com/aws/aws-sdk-go/aws/credentials NewStaticCredentials":        1,
	"github.com/minio/minio-go/pkg/credentials NewStaticV4":                 1,
	"github.com/minio/minio-go/pkg/credentials NewStaticV2":                 1,
	"github.com/wneessen/go-mail WithPassword":                              0,
	"github.com/go-mail/mail NewDialer":                                     3,
	"gopkg.in/gomail NewDialer":                                             3,
	"gopkg.in/mail NewDialer":                                               3,
	"github.com/slack-go/slack New":                                         0,
	"github.com/nats-io/nats.go UserInfo":                                   1,
	"github.com/nats-io/nats.go Token":                                      0,
	"github.com/gomodule/redigo/redis DialPassword":                         0,
	"github.com/jlaffaye/ftp ServerConn.Login":                              1,
	"github.com/sendgrid/sendgrid-go NewSendClient":                         0,
})

// secretFields are the fields of other packages' types that hold a credential.
var secretFields = setOf(`
	golang.org/x/oauth2.Config.ClientSecret
	golang.org/x/oauth2/clientcredentials.Config.ClientSecret
	github.com/redis/go-redis.Options.Password
	github.com/redis/go-redis.ClusterOptions.Password
	github.com/redis/go-redis.FailoverOptions.Password
	github.com/redis/go-redis.UniversalOptions.Password
	github.com/go-redis/redis.Options.Password
	github.com/go-redis/redis.ClusterOptions.Password
	github.com/go-redis/redis.UniversalOptions.Password
	github.com/hibiken/asynq.RedisClientOpt.Password
	github.com/go-sql-driver/mysql.Config.Passwd
	github.com/jackc/pgx.ConnConfig.Password
	github.com/jackc/pgx/pgconn.Config.Password
	github.com/jackc/pgconn.Config.Password
	github.com/go-pg/pg.Options.Password
	github.com/gocql/gocql.PasswordAuthenticator.Password
	github.com/rabbitmq/amqp091-go.PlainAuth.Password
	github.com/streadway/amqp.PlainAuth.Password
	github.com/segmentio/kafka-go/sasl/plain.Mechanism.Password
	go.mongodb.org/mongo-driver/mongo/options.Credential.Password
	github.com/elastic/go-elasticsearch.Config.Password
	github.com/elastic/go-elasticsearch.Config.APIKey
	github.com/ClickHouse/clickhouse-go.Auth.Password
	github.com/twilio/twilio-go.ClientParams.Password
	github.com/aws/aws-sdk-go-v2/aws.Credentials.SecretAccessKey
	gopkg.in/gomail.Dialer.Password
`)

// accountArgs says which argument of a middleware is the map of its accounts.
var accountArgs = symbols(map[string]int{
	"github.com/gin-gonic/gin BasicAuth":         0,
	"github.com/gin-gonic/gin BasicAuthForRealm": 0,
	"github.com/go-chi/chi/middleware BasicAuth": 1,
})

// accountFields are fields that hold a map of accounts.
var accountFields = setOf(`github.com/gofiber/fiber/middleware/basicauth.Config.Users`)

// call looks at the arguments of one call.
func (u *usedModel) call(c *call) {
	if i, ok := secretArgs[c.symbol()]; ok && i < len(c.args) {
		u.argument(c, i)
		return
	}
	if i, ok := accountArgs[c.symbol()]; ok && i < len(c.args) {
		u.accounts(c.args[i], "the password of an account")
		return
	}
	switch {
	case c.path == "crypto/subtle" && c.name == "ConstantTimeCompare", c.path == "crypto/hmac" && c.name == "Equal", c.path == "bytes" && c.name == "Equal":
		if len(c.args) == 2 {
			var names [2]string
			if e := u.p.callAt(c.instr.Common().Pos()); e != nil && len(e.Args) == 2 {
				names = [2]string{u.p.nameOf(e.Args[0]), u.p.nameOf(e.Args[1])}
			}
			pos, end := u.p.region(c.instr, -1)
			u.compare(c.args[0], c.args[1], names, c.instr, pos, end, c.path != "bytes")
		}
	case setsHeader(c):
		if name, ok := constText(c.args[0]); ok && credentialHeader(name) {
			pos, end := u.p.region(c.instr, 1)
			u.note(c.args[1], pos, end, "the "+name+" header of a request", true, "")
		}
	}
}

// setsHeader reports whether a call sets a header of a request that is sent.
func setsHeader(c *call) bool {
	if len(c.args) != 2 || !isString(c.args[0]) {
		return false
	}
	switch c.path {
	case netHTTP:
		return c.recv == "Header" && (c.name == "Set" || c.name == "Add")
	case "github.com/go-resty/resty":
		return c.name == "SetHeader"
	case pathFasthttp:
		return c.recv == "RequestHeader" && (c.name == "Set" || c.name == "Add")
	}
	return false
}

// credentialHeader reports whether a header carries a credential.
func credentialHeader(name string) bool {
	switch strings.ToLower(name) {
	case "authorization", "proxy-authorization", "x-api-key", "api-key", "apikey", "x-apikey", "x-auth-token", "x-access-token", "private-token", "x-vault-token",
		"x-api-token", "x-admin-token", "x-auth-key", "x-secret-key", "x-api-secret", "x-token", "x-webhook-secret", "x-webhook-token", "x-gitlab-token", "x-shopify-access-token":
		return true
	}
	return false
}

// headerMap looks at a header that is put into a map: a header's own, or one
// that a client library is given.
func (u *usedModel) headerMap(x *ssa.MapUpdate) {
	name, ok := constText(x.Key)
	if !ok || !credentialHeader(name) || !x.Pos().IsValid() {
		return
	}
	class := rules.Review // it may describe a header
	if u.p.isType(x.Map.Type(), netHTTP, "Header") {
		class = ""
	}
	if isText(x.Value.Type()) {
		u.note(x.Value, x.Pos(), x.Pos()+1, "the "+name+" header of a request", true, class)
	} else if list, ok := variadic(x.Value); ok {
		for _, v := range list {
			u.note(v, x.Pos(), x.Pos()+1, "the "+name+" header of a request", true, class)
		}
	}
}

func (u *usedModel) argument(c *call, i int) {
	what, class := "what "+c.name+" signs in with", rules.Class("")
	switch {
	case c.name == "SetBasicAuth", c.is("net/url", "UserPassword"):
		// Some services take the key as the user and a fixed word beside it.
		if _, open := u.p.texts(c.args[0]); open {
			if n := SplitName(u.argName(c, 0)); n.Secret() || n.Token() || n.Has("key") {
				return
			}
			class = rules.Review
		}
		what = "the password of a request"
	case c.path == "crypto/hmac":
		// Some protocols fix the key: then it is a label.
		if !secretName(u.argName(c, i)) {
			class = rules.Review
		}
		what = "the key of a signature"
	}
	pos, end := u.p.region(c.instr, i)
	u.note(c.args[i], pos, end, what, false, class)
}

// argName returns the name an argument has in the source, or "".
func (u *usedModel) argName(c *call, i int) string {
	if e := u.p.callAt(c.instr.Common().Pos()); e != nil && i < len(e.Args) {
		return u.p.nameOf(e.Args[i])
	}
	return ""
}

// store looks at what is put into the field of another package's type.
func (u *usedModel) store(s *ssa.Store) {
	fa, ok := s.Addr.(*ssa.FieldAddr)
	if !ok {
		return
	}
	v := fieldVar(fa)
	if v == nil || v.Pkg() == nil || v.Pkg() == u.p.types {
		return
	}
	n := namedType(fa.X.Type())
	if n == nil || n.Obj().Pkg() == nil {
		return
	}
	key := u.p.pathOf(n.Obj().Pkg()) + "." + n.Obj().Name() + "." + v.Name()
	switch {
	case accountFields[key]:
		u.accounts(s.Val, "the password of an account")
	case secretFields[key]:
		class, skip := u.beside(fa, s)
		if skip {
			return
		}
		if key == "golang.org/x/oauth2.Config.ClientSecret" && u.p.importsPath(installedPrograms...) {
			class = rules.Review
		}
		pos, end := u.p.valueRegion(s)
		if nodes := u.p.enclosingNodes(s.Pos()); len(nodes) > 0 {
			for _, node := range nodes[:min(2, len(nodes))] {
				switch x := node.(type) {
				case *ast.KeyValueExpr:
					pos, end = x.Pos(), x.End()
				case *ast.AssignStmt:
					pos, end = x.Pos(), x.End()
				}
			}
		}
		u.note(s.Val, pos, end, "the "+v.Name()+" of "+n.Obj().Pkg().Name()+"."+n.Obj().Name(), false, class)
	}
}

// installedPrograms are packages of programs that run at their user's, where
// the secret of an OAuth client cannot be kept and is not meant to be.
var installedPrograms = []string{"github.com/spf13/cobra", "github.com/urfave/cli", "github.com/alecthomas/kong", "github.com/pkg/browser", "github.com/skratchdot/open-golang", "github.com/int128/oauth2cli"}

// beside looks at the other values of a configuration: one whose secret is set
// again afterwards is not used as it is, and one for this machine, or of a
// program that people install, whose client secret is no secret, needs a look.
func (u *usedModel) beside(fa *ssa.FieldAddr, s *ssa.Store) (class rules.Class, skip bool) {
	refs := fa.X.Referrers()
	if refs == nil {
		return "", false
	}
	for _, r := range *refs {
		other, ok := r.(*ssa.FieldAddr)
		if !ok || other.Referrers() == nil {
			continue
		}
		for _, fr := range *other.Referrers() {
			st, ok := fr.(*ssa.Store)
			if !ok || st == s || st.Addr != ssa.Value(other) {
				continue
			}
			if other.Field == fa.Field {
				if _, open := u.p.texts(st.Val); open {
					if st.Block() == s.Block() && slices.Index(s.Block().Instrs, ssa.Instruction(st)) > slices.Index(s.Block().Instrs, ssa.Instruction(s)) {
						return "", true
					}
					class = rules.Review
				}
				continue
			}
			if !isText(st.Val.Type()) {
				continue
			}
			ts, _ := u.p.texts(st.Val)
			for _, t := range ts {
				if strings.Contains(t.s, "localhost") || strings.Contains(t.s, "127.0.0.1") || strings.HasPrefix(t.s, "urn:ietf:wg:oauth") {
					class = rules.Review
				}
			}
		}
	}
	return class, false
}

// accounts looks at a map from users to passwords.
func (u *usedModel) accounts(v ssa.Value, what string) {
	origins, _ := u.p.origins(v)
	for _, o := range origins {
		m, ok := o.v.(*ssa.MakeMap)
		if !ok {
			continue
		}
		refs := slices.Clone(*m.Referrers())
		for _, r := range refs {
			if ct, ok := r.(*ssa.ChangeType); ok && ct.Referrers() != nil {
				refs = append(refs, *ct.Referrers()...)
			}
		}
		for _, r := range refs {
			if up, ok := r.(*ssa.MapUpdate); ok {
				pos := up.Pos()
				if !pos.IsValid() {
					continue
				}
				u.note(up.Value, pos, pos+1, what, false, "")
			}
		}
	}
}

// compared looks at x == y.
func (u *usedModel) compared(x *ssa.BinOp) {
	if !isString(x.X) {
		return
	}
	if !mayBeLiteral(x.X) && !mayBeLiteral(x.Y) {
		return
	}
	var names [2]string
	pos, end := x.Pos(), x.Pos()+1
	for _, n := range u.p.enclosingNodes(x.Pos()) {
		if b, ok := n.(*ast.BinaryExpr); ok && b.OpPos == x.Pos() {
			names = [2]string{u.p.nameOf(b.X), u.p.nameOf(b.Y)}
			pos, end = b.Pos(), b.End()
			break
		}
	}
	u.compare(x.X, x.Y, names, x, pos, end, false)
}

// mayBeLiteral is the cheap half of the question whether a value is written
// down: an empty text and what a call returns are the common cases that are not.
func mayBeLiteral(v ssa.Value) bool {
	switch x := v.(type) {
	case *ssa.Const:
		s, ok := constText(x)
		return ok && len(s) > 2
	case *ssa.UnOp, *ssa.Phi, *ssa.BinOp, *ssa.Parameter, *ssa.Field, *ssa.Convert:
		return true
	}
	return false
}

// compare looks at a comparison of two texts. It is a use where one side is
// what somebody signs in with.
func (u *usedModel) compare(x, y ssa.Value, names [2]string, at ssa.Instruction, pos, end token.Pos, steady bool) {
	sides := [2]ssa.Value{u.undigested(x), u.undigested(y)}
	for i, v := range sides {
		other := sides[1-i]
		if c := u.credential(other, true); c == nil {
			continue
		}
		what, scheme, class := u.presented(v, names[i], at)
		if what == "" {
			continue
		}
		if class == rules.Review && steady {
			class = ""
		}
		before := len(u.found)
		u.note(other, pos, end, "compared with "+what, scheme, class)
		if len(u.found) > before && strings.HasPrefix(what, "the field ") && !steady {
			u.found[before].with = unwrap(v)
		}
		return
	}
}

// undigested returns what a digest is made of: Sum256([]byte(x)) compares like x.
func (u *usedModel) undigested(v ssa.Value) ssa.Value {
	w := unwrap(v)
	if s, ok := w.(*ssa.Slice); ok {
		al, ok := s.X.(*ssa.Alloc)
		if !ok {
			return v
		}
		for _, r := range *al.Referrers() {
			if st, ok := r.(*ssa.Store); ok && st.Addr == ssa.Value(al) {
				w = st.Val
			}
		}
	}
	if c, ok := w.(*ssa.Call); ok {
		if d := u.p.asCall(c, nil); d != nil && len(d.args) == 1 && strings.HasPrefix(d.path, "crypto/") && strings.HasPrefix(d.name, "Sum") {
			return d.args[0]
		}
	}
	return v
}

// presented says what of a request a value is when somebody signs in with it.
// The class is review where the value is known by its name alone.
func (u *usedModel) presented(v ssa.Value, name string, at ssa.Instruction) (what string, scheme bool, class rules.Class) {
	if _, ok := v.(*ssa.Const); ok {
		return "", false, ""
	}
	origins, _ := u.p.origins(v)
	for _, o := range origins {
		if whole := u.partOf(o.v); whole != nil {
			inner, _ := u.p.origins(whole)
			for _, i := range inner {
				if c, ok := i.v.(*ssa.Call); ok {
					if what, _ := u.presentedBy(c, 0); what != "" {
						return what, false, ""
					}
				}
			}
		}
		switch x := o.v.(type) {
		case *ssa.Extract:
			if c, ok := x.Tuple.(*ssa.Call); ok {
				if what, scheme := u.presentedBy(c, x.Index); what != "" {
					return what, scheme, ""
				}
			}
		case *ssa.Call:
			if what, scheme := u.presentedBy(x, 0); what != "" {
				return what, scheme, ""
			}
		case *ssa.Parameter:
			if what := u.validated(x); what != "" {
				return what, false, ""
			}
		}
	}
	if name == "" {
		name = valueName(v)
	}
	n := SplitName(name)
	if !n.Secret() {
		return "", false, ""
	}
	in := u.p.inputs().find(v, at, need{use: useCode, media: anyRequest})
	if in == nil || in.doubtful {
		return "", false, ""
	}
	return "the " + name + " of a request", n.Has("auth", "authorization"), rules.Review
}

// partOf returns the text that a value is a later part of, after a scheme was
// cut off: parts[1] of a split, text[7:], the rest of a Cut; or nil.
func (u *usedModel) partOf(v ssa.Value) ssa.Value {
	cut := func(t ssa.Value, names ...string) ssa.Value {
		x, ok := t.(*ssa.Call)
		if !ok {
			return nil
		}
		if c := u.p.asCall(x, paths("strings")); c != nil && len(c.args) > 0 && slices.Contains(names, c.name) {
			return c.args[0]
		}
		return nil
	}
	switch x := v.(type) {
	case *ssa.Slice:
		if x.Low != nil && isString(x.X) {
			return x.X
		}
	case *ssa.UnOp:
		ia, ok := x.X.(*ssa.IndexAddr)
		if !ok {
			return nil
		}
		if k, ok := ia.Index.(*ssa.Const); ok && k.Int64() > 0 {
			return cut(ia.X, "Split", "SplitN", "Fields")
		}
	case *ssa.Extract:
		switch x.Index {
		case 0:
			return cut(x.Tuple, "CutPrefix")
		case 1:
			return cut(x.Tuple, "Cut")
		}
	}
	return nil
}

// presentedBy says what a call reads from a request, if it is a credential.
func (u *usedModel) presentedBy(x *ssa.Call, result int) (what string, scheme bool) {
	c := u.p.asCall(x, nil)
	if c == nil {
		return "", false
	}
	if c.is(netHTTP, "Request.BasicAuth") || c.name == "BasicAuth" && c.path == pathGin {
		if result == 1 {
			return "the password of a request", false
		}
		return "", false
	}
	switch {
	case c.is(netHTTP, "Header.Get"), c.is(pathGin, "Context.GetHeader"), c.is(pathFiber, "Ctx.Get"), c.is(pathFiber, "Ctx.GetReqHeader"):
		if len(c.args) > 0 {
			if name, ok := constText(c.args[0]); ok && credentialHeader(name) && !u.answered(c) {
				return "the " + name + " header of a request", true
			}
		}
		return "", false
	case c.is(netHTTP, "Request.FormValue"), c.is(netHTTP, "Request.PostFormValue"),
		c.is(pathGin, "Context.PostForm"), c.is(pathGin, "Context.Query"), c.is(pathGin, "Context.DefaultPostForm"),
		c.is(pathEcho, "Context.FormValue"), c.is(pathEcho, "Context.QueryParam"),
		c.is(pathFiber, "Ctx.FormValue"), c.is(pathFiber, "Ctx.Query"):
	case c.is("net/url", "Values.Get"):
	default:
		return "", false
	}
	if len(c.args) > 0 {
		if name, ok := constText(c.args[0]); ok && SplitName(name).Secret() {
			return "the field " + name + " of a request", false
		}
	}
	return "", false
}

// answered reports whether a header is of an answer, not of a request.
func (u *usedModel) answered(c *call) bool {
	ld, ok := c.on.(*ssa.UnOp)
	if !ok {
		return false
	}
	fa, ok := ld.X.(*ssa.FieldAddr)
	return ok && u.p.isType(fa.X.Type(), netHTTP, "Response")
}

// validated says what a parameter is that a framework calls a check of
// credentials with: echo's BasicAuthValidator and KeyAuthValidator, fiber's
// Authorizer.
func (u *usedModel) validated(v *ssa.Parameter) string {
	fn := v.Parent()
	sig := fn.Signature
	i := slices.Index(fn.Params, v)
	if i < 0 || !isString(v) || sig.Results().Len() == 0 || sig.Recv() != nil {
		return ""
	}
	texts, last, echo := 0, -1, false
	for j := range sig.Params().Len() {
		t := sig.Params().At(j).Type()
		if b, ok := t.Underlying().(*types.Basic); ok && b.Kind() == types.String {
			texts++
			last = j
			continue
		}
		echo = echo || u.p.isType(t, pathEcho, "Context")
	}
	if last != i || texts > 2 {
		return ""
	}
	if echo && sig.Results().Len() == 2 {
		if b, ok := sig.Results().At(0).Type().Underlying().(*types.Basic); ok && b.Kind() == types.Bool {
			return "the credential of a request"
		}
	}
	for _, r := range u.functionUses(fn) {
		if st, ok := r.(*ssa.Store); ok {
			if fa, ok := st.Addr.(*ssa.FieldAddr); ok && texts == 2 && fieldName(fa) == "Authorizer" && u.p.isType(fa.X.Type(), pathFiber+"/middleware/basicauth", "Config") {
				return "the password of a request"
			}
		}
	}
	return ""
}

// functionUses returns the instructions of the package that use a function as
// a value by storing it.
func (u *usedModel) functionUses(fn *ssa.Function) []ssa.Instruction {
	var out []ssa.Instruction
	u.p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		if st, ok := instr.(*ssa.Store); ok {
			v := unwrap(st.Val)
			if mc, ok := v.(*ssa.MakeClosure); ok {
				v = mc.Fn
			}
			if v == ssa.Value(fn) {
				out = append(out, st)
			}
		}
	})
	return out
}

// note records a use when the value is always a literal that can serve as a
// credential.
func (u *usedModel) note(v ssa.Value, pos, end token.Pos, what string, scheme bool, class rules.Class) {
	c := u.credential(v, scheme)
	if c == nil || !pos.IsValid() {
		return
	}
	if c.doubt || u.sample {
		class = rules.Review
	}
	u.found = append(u.found, secretPlace{text: c.text, hit: Hit{
		Rule: usedSecret, Pos: pos, End: end, Class: class, Steps: c.steps,
		Message: "a literal in the source is " + what + "; rotate it and read it from a vault or the environment",
	}})
}

// A writtenText is a credential that stands in the source.
type writtenText struct {
	text  string
	steps []Step
	doubt bool // it may be something else, or be no credential
}

// credential returns the literal a value always is, or nil. With scheme, what
// stands before the credential in an Authorization header is cut off.
func (u *usedModel) credential(v ssa.Value, scheme bool) *writtenText {
	ts, open := u.p.texts(v)
	if inner := u.encoded(v); inner != nil {
		ts, open = u.p.texts(inner)
	}
	if open || len(ts) == 0 || len(ts) > 4 {
		return nil
	}
	var out *writtenText
	empty := false
	for _, t := range ts {
		s := t.s
		if strings.Contains(s, hole) {
			return nil
		}
		if scheme {
			s = credentialPart(s)
		}
		if strings.TrimSpace(s) == "" {
			empty = true
			continue
		}
		if !servesAsCredential(s) {
			return nil
		}
		out = &writtenText{text: s, steps: t.steps}
	}
	if out == nil {
		return nil
	}
	out.doubt = empty || u.settable(v) || invented(out.text)
	return out
}

// encoded returns what "Basic " + base64 of a literal encodes, or nil.
func (u *usedModel) encoded(v ssa.Value) ssa.Value {
	origins, more := u.p.origins(v)
	if more || len(origins) != 1 {
		return nil
	}
	b, ok := origins[0].v.(*ssa.BinOp)
	if !ok || b.Op != token.ADD {
		return nil
	}
	if s, ok := constText(b.X); !ok || !strings.EqualFold(strings.TrimSpace(s), "basic") {
		return nil
	}
	inner, more := u.p.origins(b.Y)
	if more || len(inner) != 1 {
		return nil
	}
	if x, ok := inner[0].v.(*ssa.Call); ok {
		if c := u.p.asCall(x, paths("encoding/base64")); c != nil && c.name == "EncodeToString" && len(c.args) == 1 {
			return c.args[0]
		}
	}
	return nil
}

// settable reports whether something that is not seen may set the value: an
// exported variable, by the linker too, or a field that is exported or filled
// through its address.
func (u *usedModel) settable(v ssa.Value) bool {
	doubt := false
	u.p.originsUntil(v, func(x ssa.Value) bool {
		switch y := x.(type) {
		case *ssa.UnOp:
			switch a := y.X.(type) {
			case *ssa.Global:
				doubt = doubt || a.Object() != nil && a.Object().Exported() && u.p.types.Name() != "main"
			case *ssa.FieldAddr:
				if _, local := a.X.(*ssa.Alloc); !local {
					doubt = doubt || u.open(fieldVar(a))
				}
			}
		case *ssa.Field:
			doubt = doubt || u.open(structField(y.X.Type(), y.Field))
		case *ssa.BinOp:
			if y.Op == token.ADD {
				doubt = doubt || u.settable(y.X) || u.settable(y.Y)
			}
		}
		return false
	})
	return doubt
}

// open reports whether a field may be set where this package does not see it.
func (u *usedModel) open(v *types.Var) bool {
	if v == nil || v.Exported() || v.Pkg() != u.p.types {
		return true
	}
	if u.leaky == nil {
		u.leaky = map[*types.Var]bool{}
		u.p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
			fa, ok := instr.(*ssa.FieldAddr)
			if !ok || fa.Referrers() == nil {
				return
			}
			for _, r := range *fa.Referrers() {
				switch x := r.(type) {
				case *ssa.Store:
					if x.Addr == ssa.Value(fa) {
						continue
					}
				case *ssa.UnOp, *ssa.DebugRef, *ssa.FieldAddr, *ssa.IndexAddr:
					continue
				}
				if f := fieldVar(fa); f != nil {
					u.leaky[f] = true
				}
			}
		})
	}
	return u.leaky[v]
}

var (
	authScheme = regexp.MustCompile(`^(?i)[a-z][a-z0-9_-]{1,20}[ =]+`)
	// hashForm are hashes of passwords and references: neither can be typed in.
	hashForm  = regexp.MustCompile(`^\$(2[abxy]|argon2|scrypt|pbkdf2|5|6|1)[$a-z0-9-]*\$|^\{[A-Z0-9]+\}`)
	reference = regexp.MustCompile(`\$\{|\{\{|<[^<>]+>|%[sv]|^\$[A-Z]|^%[A-Z_]+%$`)
)

// credentialPart cuts the scheme off the value of an Authorization header.
func credentialPart(s string) string {
	s = strings.TrimLeft(s, " ")
	if loc := authScheme.FindStringIndex(s); loc != nil {
		return strings.Trim(s[loc[1]:], `" `)
	}
	return s
}

// servesAsCredential reports whether somebody can sign in with a text: not a
// reference, a hash, a word that says there is none, or too short to be one.
func servesAsCredential(s string) bool {
	return len(s) > 2 && plausibleSecret(s) && !hashForm.MatchString(s) && !reference.MatchString(s)
}

// invented reports whether a text says that something else belongs in its place.
func invented(s string) bool {
	n := SplitName(s)
	return n.Has("your", "replace", "insert", "todo", "dummy", "fake", "example", "placeholder", "xxx", "xxxx", "fixme", "test", "testing")
}
