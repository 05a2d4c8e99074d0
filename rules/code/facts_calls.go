package code

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// PackageFacts returns what one package shows. It reads imports, declarations
// and calls once each; test support files do not count.
func PackageFacts(in Input) Facts {
	var p *pkg
	if in.Shared != nil {
		p = in.Shared.p
	} else {
		insp := in.Inspector
		if insp == nil {
			insp = inspector.New(in.Files)
		}
		p = makePkg(in.Fset, in.Files, in.Pkg, in.Info, in.SSA, insp)
	}
	g := &gather{
		pkg:   p,
		in:    in,
		worth: map[string]bool{},
		facts: Facts{Packages: 1, Seen: map[string][]rules.Item{}, Unresolved: map[string][]rules.Item{}},
	}
	g.imports()
	g.declarations()
	g.literals()
	g.eachCall(g.interesting, g.call)
	g.eachInstr(g.instruction)
	g.routeFacts()
	g.pkg.services(func(u serviceUse) {
		it := u.item(in.Locate)
		g.facts.Seen[FactHosts] = append(g.facts.Seen[FactHosts], it)
	})
	g.oauthClients(&g.facts, in.Locate)
	for _, m := range []map[string][]rules.Item{g.facts.Seen, g.facts.Unresolved} {
		for id := range m {
			m[id] = sortItems(m[id])
		}
	}
	return g.facts
}

// gather collects the facts of one package.
type gather struct {
	*pkg
	in    Input
	facts Facts
	worth map[string]bool // packages by whether their calls are read
}

func (g *gather) seen(id, name string, pos token.Pos, detail ...string) {
	g.facts.Seen[id] = append(g.facts.Seen[id], g.item(name, pos, detail))
}

func (g *gather) unresolved(id, name string, pos token.Pos, detail ...string) {
	g.facts.Unresolved[id] = append(g.facts.Unresolved[id], g.item(name, pos, detail))
}

func (g *gather) item(name string, pos token.Pos, detail []string) rules.Item {
	it := rules.Item{Name: name, Detail: strings.Join(detail, " ")}
	if pos.IsValid() {
		it.Location = g.in.Locate(pos)
	}
	return it
}

// importFacts are facts that an import alone shows, by clean path prefix.
var importFacts = []struct{ prefix, fact string }{
	{"crypto", FactCrypto}, {"hash", FactCrypto}, {"golang.org/x/crypto", FactCrypto}, {"filippo.io/age", FactCrypto}, {"github.com/tink-crypto/tink-go", FactCrypto},
	{"github.com/google/tink/go", FactCrypto}, {"filippo.io/edwards25519", FactCrypto}, {"github.com/cloudflare/circl", FactCrypto}, {"github.com/ProtonMail/go-crypto", FactCrypto},

	{"github.com/rhysd/go-github-selfupdate", FactSelfUpdate}, {"github.com/creativeprojects/go-selfupdate", FactSelfUpdate}, {"github.com/inconshreveable/go-update", FactSelfUpdate},
	{"github.com/minio/selfupdate", FactSelfUpdate}, {"github.com/sanbornm/go-selfupdate", FactSelfUpdate}, {"github.com/jpillora/overseer", FactSelfUpdate},

	{"github.com/hashicorp/vault/api", FactSecrets}, {"github.com/aws/aws-sdk-go-v2/service/secretsmanager", FactSecrets}, {"github.com/aws/aws-sdk-go/service/secretsmanager", FactSecrets},
	{"github.com/aws/aws-sdk-go-v2/service/ssm", FactSecrets}, {"cloud.google.com/go/secretmanager", FactSecrets}, {"github.com/Azure/azure-sdk-for-go/sdk/keyvault", FactSecrets},
	{"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault", FactSecrets}, {"golang.org/x/oauth2", FactSecrets}, {"github.com/zalando/go-keyring", FactSecrets},
	{"github.com/infisical/go-sdk", FactSecrets}, {"github.com/1Password/onepassword-sdk-go", FactSecrets},

	{"github.com/gorilla/sessions", FactSessions}, {"github.com/alexedwards/scs", FactSessions}, {"github.com/gin-contrib/sessions", FactSessions}, {"github.com/gofiber/fiber/middleware/session", FactSessions},
	{"github.com/labstack/echo-contrib/session", FactSessions}, {"github.com/gorilla/securecookie", FactSessions},

	{"github.com/a-h/templ", FactHTML}, {"maragu.dev/gomponents", FactHTML}, {"github.com/maragudk/gomponents", FactHTML}, {"github.com/flosch/pongo2", FactHTML}, {"github.com/valyala/quicktemplate", FactHTML},

	{"go.etcd.io/bbolt", FactStoresData}, {"github.com/boltdb/bolt", FactStoresData}, {"github.com/dgraph-io/badger", FactStoresData}, {"github.com/syndtr/goleveldb", FactStoresData},
	{"github.com/cockroachdb/pebble", FactStoresData}, {"github.com/aws/aws-sdk-go-v2/service/s3", FactStoresData}, {"github.com/aws/aws-sdk-go/service/s3", FactStoresData},
	{"cloud.google.com/go/storage", FactStoresData}, {"github.com/Azure/azure-sdk-for-go/sdk/storage", FactStoresData}, {"github.com/minio/minio-go", FactStoresData}, {"gocloud.dev/blob", FactStoresData},

	{"github.com/shurcooL/graphql", FactGraphQL}, {"github.com/machinebox/graphql", FactGraphQL}, {"github.com/hasura/go-graphql-client", FactGraphQL}, {"github.com/Khan/genqlient", FactGraphQL},
	{"github.com/shurcooL/githubv4", FactGraphQL},

	{"github.com/zeromicro/go-zero/rest", FactHTTPServer}, {"github.com/go-kratos/kratos/transport", FactHTTPServer}, {"github.com/cloudwego/hertz", FactHTTPServer},
	{"github.com/aws/aws-lambda-go/lambda", FactHTTPServer}, {"github.com/GoogleCloudPlatform/functions-framework-go", FactHTTPServer}, {"github.com/beego/beego", FactHTTPServer},
	{"github.com/astaxie/beego", FactHTTPServer}, {"github.com/revel/revel", FactHTTPServer}, {"github.com/gobuffalo/buffalo", FactHTTPServer},
}

// Packages whose calls show that data goes to a database, by clean prefix.
var (
	sqlPrefixes = []string{"database/sql", "github.com/jmoiron/sqlx", "github.com/jackc/pgx", "github.com/jackc/pgconn", "gorm.io/gorm", "github.com/jinzhu/gorm", "github.com/uptrace/bun",
		"github.com/go-pg/pg", "xorm.io/xorm", "github.com/go-xorm/xorm", "entgo.io/ent", "github.com/Masterminds/squirrel", "github.com/doug-martin/goqu", "github.com/upper/db", "zombiezen.com/go/sqlite",
		"crawshaw.io/sqlite", "github.com/volatiletech/sqlboiler", "github.com/ClickHouse/clickhouse-go"}
	noSQLPrefixes = []string{"go.mongodb.org/mongo-driver", "gopkg.in/mgo", "github.com/globalsign/mgo", "github.com/redis/go-redis", "github.com/go-redis/redis", "github.com/gomodule/redigo",
		"github.com/redis/rueidis", "github.com/elastic/go-elasticsearch", "github.com/olivere/elastic", "github.com/opensearch-project/opensearch-go", "github.com/aws/aws-sdk-go-v2/service/dynamodb",
		"github.com/aws/aws-sdk-go/service/dynamodb", "cloud.google.com/go/firestore", "cloud.google.com/go/datastore", "github.com/gocql/gocql", "github.com/couchbase/gocb", "github.com/neo4j/neo4j-go-driver",
		"github.com/bradfitz/gomemcache", "github.com/influxdata/influxdb-client-go", "github.com/hibiken/asynq"}
)

func under(path, prefix string) bool { return path == prefix || strings.HasPrefix(path, prefix+"/") }

func underAny(path string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return under(path, p) })
}

func (g *gather) imports() {
	for _, f := range g.sourceFiles() {
		for _, spec := range f.Imports {
			raw, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue
			}
			path := cleanPath(raw)
			for _, m := range importFacts {
				if under(path, m.prefix) {
					g.seen(m.fact, raw, spec.Pos())
				}
			}
			if sdkHost(path) != "" {
				g.seen(FactOutbound, raw, spec.Pos())
				g.seen(FactSecrets, raw, spec.Pos())
			}
		}
	}
}

// declarations reads types named after sessions, and struct fields: passwords
// and secrets that a decoder or a database fills.
func (g *gather) declarations() {
	for cur := range g.insp.Root().Preorder((*ast.TypeSpec)(nil)) {
		ts := cur.Node().(*ast.TypeSpec)
		if g.support[g.fset.File(ts.Pos())] {
			continue
		}
		if SplitName(ts.Name.Name).Has("session") {
			g.seen(FactSessions, ts.Name.Name, ts.Pos(), "type")
		}
		if st, name := g.typeStruct(ts); st != nil {
			g.storedFields(name, st)
		}
	}
	for cur := range g.insp.Root().Preorder((*ast.StructType)(nil)) {
		st := cur.Node().(*ast.StructType)
		if g.support[g.fset.File(st.Pos())] {
			continue
		}
		for _, f := range st.Fields.List {
			if len(f.Names) == 0 || !isText(g.info.TypeOf(f.Type)) {
				continue
			}
			raw := ""
			if f.Tag != nil {
				raw, _ = strconv.Unquote(f.Tag.Value)
			}
			tag := reflect.StructTag(raw)
			for _, id := range f.Names {
				n := SplitName(id.Name)
				if n.MentionsPassword() && !serviceName(n) && (hasTag(tag, requestTags) || hasTag(tag, storageTags)) {
					g.seen(FactPassword, id.Name, id.Pos(), "field")
				}
				if n.Secret() && hasTag(tag, []string{"env", "envconfig", "mapstructure", "yaml", "toml", "koanf", "json", "hcl", "ini"}) {
					g.seen(FactSecrets, id.Name, id.Pos(), "field")
				}
			}
		}
	}
}

// literals reads string literals that show HTML, GraphQL or a password column.
func (g *gather) literals() {
	for cur := range g.insp.Root().Preorder((*ast.BasicLit)(nil)) {
		lit := cur.Node().(*ast.BasicLit)
		if lit.Kind != token.STRING || len(lit.Value) < 8 || g.support[g.fset.File(lit.Pos())] {
			continue
		}
		s, err := strconv.Unquote(lit.Value)
		if err != nil {
			continue
		}
		if len(s) < 4096 {
			g.sqlColumns(s, lit.Pos())
		}
		switch {
		case strings.HasPrefix(s, "text/html"):
			g.seen(FactHTML, "text/html", lit.Pos(), "literal")
		case looksLikeGraphQL(s):
			g.seen(FactGraphQL, "GraphQL document", lit.Pos(), "literal")
		case len(s) < 4096 && looksLikeSQLPassword(s):
			g.seen(FactPassword, "password column", lit.Pos(), "SQL")
		}
	}
}

var graphQL = regexp.MustCompile(`^\s*(query|mutation|subscription)(\s+\w+)?\s*(\([^)]*\)\s*)?\{[^}]*[\w)]\s*[{}]`)

func looksLikeGraphQL(s string) bool { return graphQL.MatchString(s) }

func looksLikeSQLPassword(s string) bool {
	up := strings.ToUpper(s)
	if !strings.Contains(up, "PASS") && !strings.Contains(up, "PWD") {
		return false
	}
	if !strings.Contains(up, "INSERT INTO") && !strings.Contains(up, "UPDATE ") && !strings.Contains(up, "CREATE TABLE") && !strings.Contains(up, "SELECT ") && !strings.Contains(up, "ALTER TABLE") {
		return false
	}
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		if SplitName(w).MentionsPassword() {
			return true
		}
	}
	return false
}

// talking are packages whose calls the switches below read.
var talking = func() map[string]bool {
	set := setOf(`net net/url net/http html/template fmt io os syscall io/ioutil crypto/tls encoding/json encoding/xml encoding/gob database/sql
		github.com/gin-gonic/gin github.com/labstack/echo github.com/labstack/echo/middleware github.com/gofiber/fiber github.com/valyala/fasthttp github.com/gorilla/schema
		github.com/go-chi/render github.com/json-iterator/go github.com/bytedance/sonic gopkg.in/yaml github.com/gorilla/mux github.com/spf13/viper`)
	for _, more := range []map[string]bool{outboundPackages, addressPackages, packagesOf(serveCalls)} {
		for path := range more {
			set[path] = true
		}
	}
	return set
}()

// interesting reports whether calls into a package may show a fact.
func (g *gather) interesting(path string) bool {
	known, ok := g.worth[path]
	if !ok {
		known = talking[path] || jwtPackages(path) || underAny(path, sqlPrefixes) || underAny(path, noSQLPrefixes) ||
			strings.HasSuffix(path, "/sessions") || strings.HasSuffix(path, "/scs") || strings.HasSuffix(path, "/session")
		g.worth[path] = known
	}
	return known
}

// call reads one call of a named function.
func (g *gather) call(c *call) {
	pos := c.instr.Common().Pos()
	if !pos.IsValid() {
		pos = c.instr.Pos()
	}
	if c.path == "fmt" && !strings.HasPrefix(c.name, "Fprint") || c.path == "os" && c.recv == "" && c.name != "Getenv" && c.name != "LookupEnv" && c.name != "WriteFile" {
		return
	}
	name := c.path + "." + c.callee()
	if strings.Contains(c.path, ".") || c.path == "database/sql" {
		if underAny(c.path, sqlPrefixes) {
			g.seen(FactSQL, c.path, pos)
			g.seen(FactStoresData, c.path, pos)
		}
		if underAny(c.path, noSQLPrefixes) {
			g.seen(FactNoSQL, c.path, pos)
			g.seen(FactStoresData, c.path, pos)
		}
	}
	g.server(c, name, pos)
	g.requestUse(c, name, pos)
	g.outbound(c, name, pos)
	g.secret(c, name, pos)
	g.files(c, name, pos)
}

var serveCalls = symbols(map[string]bool{
	"net/http ListenAndServe": true, "net/http ListenAndServeTLS": true, "net/http Serve": true, "net/http ServeTLS": true,
	"net/http Server.ListenAndServe": true, "net/http Server.ListenAndServeTLS": true, "net/http Server.Serve": true, "net/http Server.ServeTLS": true,
	"net/http/fcgi Serve": true, "net/http/cgi Serve": true, "net/rpc Server.Accept": true, "net/rpc Accept": true,
	"github.com/gin-gonic/gin Engine.Run": true, "github.com/gin-gonic/gin Engine.RunTLS": true, "github.com/gin-gonic/gin Engine.RunUnix": true, "github.com/gin-gonic/gin Engine.RunListener": true,
	"github.com/labstack/echo Echo.Start": true, "github.com/labstack/echo Echo.StartTLS": true, "github.com/labstack/echo Echo.StartAutoTLS": true, "github.com/labstack/echo Echo.StartServer": true,
	"github.com/gofiber/fiber App.Listen": true, "github.com/gofiber/fiber App.ListenTLS": true, "github.com/gofiber/fiber App.Listener": true,
	"github.com/valyala/fasthttp ListenAndServe": true, "github.com/valyala/fasthttp ListenAndServeTLS": true, "github.com/valyala/fasthttp Serve": true,
	"github.com/valyala/fasthttp Server.ListenAndServe": true, "github.com/valyala/fasthttp Server.ListenAndServeTLS": true, "github.com/valyala/fasthttp Server.Serve": true,
	"google.golang.org/grpc Server.Serve": true, "github.com/kataras/iris Application.Listen": true, "github.com/kataras/iris Application.Run": true,
	"github.com/urfave/negroni Negroni.Run": true, "github.com/gogf/gf/frame/g Server": true,
})

func (g *gather) server(c *call, name string, pos token.Pos) {
	switch {
	case serveCalls[c.symbol()]:
		g.seen(FactHTTPServer, name, pos)
	case c.path == "net" && (c.name == "Listen" || c.name == "ListenTCP" || c.callee() == "ListenConfig.Listen"), c.path == "crypto/tls" && (c.name == "Listen" || c.name == "NewListener"):
		g.unresolved(FactHTTPServer, name, pos, "listens; what it speaks is not known")
	}
}

// requestUse reads what handlers do with requests and responses.
func (g *gather) requestUse(c *call, name string, pos token.Pos) {
	switch c.path {
	case "net/http":
		switch c.callee() {
		case "Request.Cookie", "Request.Cookies", "Request.CookiesNamed":
			g.seen(FactCookieRead, name, pos)
		case "Request.BasicAuth":
			g.seen(FactCookieRead, name, pos)
			g.seen(FactPassword, name, pos)
		case "SetCookie":
			g.cookieSet(name, pos)
		case "Redirect":
			g.redirect(c, 2, name, pos)
		case "RedirectHandler":
			g.redirect(c, 0, name, pos)
		case "Header.Set", "Header.Add", "Header.Get":
			g.header(c, name, pos)
		case "FileServer", "FileServerFS", "ServeFile", "ServeFileFS", "ServeContent":
			g.seen(FactHTML, name, pos, "static files")
		case "Request.FormValue", "Request.PostFormValue":
			g.formValue(c, 0, name, pos)
		case "ResponseWriter.Write":
			g.write(c, pos)
		}
	case "net/url":
		if c.callee() == "Values.Get" {
			g.formValue(c, 0, name, pos)
		}
	case "html/template":
		if strings.HasPrefix(c.name, "Execute") {
			g.seen(FactHTML, name, pos)
		}
	case "fmt", "io":
		if c.name == "Fprint" || c.name == "Fprintf" || c.name == "Fprintln" || c.name == "WriteString" {
			if len(c.args) > 1 && isResponseWriter(unwrap(c.args[0]).Type()) {
				g.writeText(c.args[1], pos)
			}
		}
	case "github.com/gin-gonic/gin":
		switch c.callee() {
		case "Context.Cookie":
			g.seen(FactCookieRead, name, pos)
		case "BasicAuth", "BasicAuthForRealm":
			g.seen(FactCookieRead, name, pos)
			g.seen(FactPassword, name, pos)
		case "Context.SetCookie", "Context.SetCookieData":
			g.cookieSet(name, pos)
		case "Context.HTML":
			g.seen(FactHTML, name, pos)
		case "Context.Redirect":
			g.redirect(c, 1, name, pos)
		case "Context.Header", "Context.GetHeader":
			g.header(c, name, pos)
		case "Context.PostForm", "Context.Query", "Context.DefaultPostForm":
			g.formValue(c, 0, name, pos)
		}
		if c.recv == "Context" && (strings.HasPrefix(c.name, "Bind") || strings.HasPrefix(c.name, "ShouldBind") || strings.HasPrefix(c.name, "MustBind")) && len(c.args) > 0 {
			g.binding(c.args[0], name, pos)
		}
	case "github.com/labstack/echo", "github.com/labstack/echo/middleware":
		switch c.callee() {
		case "Context.Cookie", "Context.Cookies":
			g.seen(FactCookieRead, name, pos)
		case "BasicAuth", "BasicAuthWithConfig":
			g.seen(FactCookieRead, name, pos)
			g.seen(FactPassword, name, pos)
		case "Context.SetCookie":
			g.cookieSet(name, pos)
		case "Context.HTML", "Context.HTMLBlob", "Context.Render":
			g.seen(FactHTML, name, pos)
		case "Context.Redirect":
			g.redirect(c, 1, name, pos)
		case "Context.FormValue", "Context.QueryParam":
			g.formValue(c, 0, name, pos)
		case "Context.Bind":
			g.binding(c.args[0], name, pos)
		case "Echo.Static", "Group.Static", "Echo.File":
			g.seen(FactHTML, name, pos, "static files")
		}
	case "github.com/gofiber/fiber":
		switch c.callee() {
		case "Ctx.Cookies":
			g.seen(FactCookieRead, name, pos)
		case "Ctx.Cookie", "Ctx.ClearCookie":
			g.cookieSet(name, pos)
		case "Ctx.Render":
			g.seen(FactHTML, name, pos)
		case "Ctx.Redirect":
			g.redirect(c, 0, name, pos)
		case "Ctx.FormValue", "Ctx.Query":
			g.formValue(c, 0, name, pos)
		case "Ctx.BodyParser", "Ctx.QueryParser", "Ctx.CookieParser", "Ctx.ParamsParser":
			g.binding(c.args[0], name, pos)
		case "App.Static":
			g.seen(FactHTML, name, pos, "static files")
		}
	case "github.com/valyala/fasthttp":
		switch c.callee() {
		case "RequestHeader.Cookie", "RequestHeader.CookieBytes", "RequestHeader.VisitAllCookie":
			g.seen(FactCookieRead, name, pos)
		case "ResponseHeader.SetCookie":
			g.cookieSet(name, pos)
		case "RequestCtx.Redirect", "RequestCtx.RedirectBytes":
			g.redirect(c, 0, name, pos)
		}
	case "encoding/json", "encoding/xml", "github.com/gorilla/schema", "github.com/go-chi/render", "github.com/json-iterator/go", "github.com/bytedance/sonic", "encoding/gob", "gopkg.in/yaml":
		g.decode(c, name, pos)
	}
	if jwtPackages(c.path) && (c.name == "SignedString" || strings.HasPrefix(c.name, "NewWithClaims")) {
		g.seen(FactSessions, name, pos, "issues tokens")
	}
	if strings.HasSuffix(c.path, "/sessions") || strings.HasSuffix(c.path, "/scs") || strings.HasSuffix(c.path, "/session") {
		if strings.HasPrefix(c.name, "Get") || c.name == "Default" || c.name == "Load" || c.name == "LoadAndSave" {
			g.seen(FactCookieRead, name, pos, "session")
		}
		if c.name == "Save" || c.name == "LoadAndSave" || c.name == "Sessions" {
			g.seen(FactCookieSet, name, pos, "session")
		}
	}
}

// cookieSet counts a cookie. Whether it carries a session is not known.
func (g *gather) cookieSet(name string, pos token.Pos) {
	g.seen(FactCookieSet, name, pos)
	g.unresolved(FactSessions, name, pos, "the cookie may carry a session")
}

// header reads Set/Add/Get of a header with a constant name.
func (g *gather) header(c *call, name string, pos token.Pos) {
	if len(c.args) == 0 {
		return
	}
	keys, _ := g.texts(c.args[0])
	for _, k := range keys {
		switch strings.ToLower(k.s) {
		case "cookie":
			if c.name == "Get" || c.name == "GetHeader" {
				g.seen(FactCookieRead, name, pos, "Cookie header")
			}
		case "set-cookie":
			if c.name != "Get" {
				g.cookieSet(name, pos)
			}
		case "location":
			if c.name != "Get" && len(c.args) > 1 {
				g.redirect(c, 1, name, pos)
			}
		case "authorization", "x-api-key", "proxy-authorization":
			g.seen(FactSecrets, name, pos, k.s+" header")
		}
	}
}

func (g *gather) formValue(c *call, arg int, name string, pos token.Pos) {
	if arg >= len(c.args) {
		return
	}
	keys, _ := g.texts(c.args[arg])
	for _, k := range keys {
		if SplitName(k.s).MentionsPassword() {
			g.seen(FactPassword, k.s, pos, name)
		}
	}
}

// redirect counts redirects whose target is not a constant.
func (g *gather) redirect(c *call, arg int, name string, pos token.Pos) {
	if arg >= len(c.args) {
		return
	}
	texts, open := g.texts(c.args[arg])
	if open || len(texts) == 0 || slices.ContainsFunc(texts, func(t text) bool { return strings.Contains(t.s, hole) }) {
		g.seen(FactRedirect, name, pos)
	}
}

// decode recognises a request's body that is decoded into a type.
func (g *gather) decode(c *call, name string, pos token.Pos) {
	switch c.name {
	case "Decode", "DecodeJSON", "Bind", "Unmarshal", "UnmarshalFromString":
	default:
		return
	}
	var source, target ssa.Value
	switch {
	case c.name == "Bind" && len(c.args) == 2:
		source, target = c.args[0], c.args[1]
	case c.name == "Decode" && c.on != nil && len(c.args) == 1:
		source, target = c.on, c.args[0]
	case c.name == "Decode" && c.on != nil && len(c.args) == 2:
		source, target = c.args[1], c.args[0] // gorilla/schema: Decode(dst, src)
	case len(c.args) >= 2:
		source, target = c.args[0], c.args[1]
	default:
		return
	}
	if g.fromRequest(source) {
		g.binding(target, name, pos)
		return
	}
	g.decoded(target, pos)
	// A reader or bytes handed in from outside may be a request's.
	if g.derives(source, func(v ssa.Value) bool {
		p, ok := v.(*ssa.Parameter)
		return ok && p.Parent().Object() != nil && p.Parent().Object().Exported() && len(g.callers[p.Parent()]) == 0
	}) {
		g.unresolved(FactRequestBinding, typeLabel(target), pos, name)
	}
}

func (g *gather) binding(target ssa.Value, name string, pos token.Pos) {
	g.decoded(target, pos)
	g.seen(FactRequestBinding, typeLabel(target), pos, name)
}

// typeLabel names the type behind a decoding target.
func typeLabel(v ssa.Value) string {
	t := unwrap(v).Type()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}

func isResponseWriter(t types.Type) bool {
	n := namedType(t)
	return n != nil && n.Obj().Name() == "ResponseWriter"
}

// write judges w.Write(data).
func (g *gather) write(c *call, pos token.Pos) {
	if len(c.args) == 1 {
		g.writeText(c.args[0], pos)
	}
}

// writeText sees HTML in text that begins with a tag, and leaves open what
// cannot be read unless the function sets another content type.
func (g *gather) writeText(v ssa.Value, pos token.Pos) {
	texts, open := g.texts(v)
	for _, t := range texts {
		if strings.HasPrefix(strings.TrimSpace(t.s), "<") {
			g.seen(FactHTML, "response text", pos)
			return
		}
		open = open || strings.HasPrefix(t.s, hole)
	}
	if !open {
		return
	}
	if fn := g.enclosing(pos); fn == nil || !mentions(fn, "json", "xml", "plain", "octet", "csv", "event", "protobuf", "metrics") {
		g.unresolved(FactHTML, "response of unknown type", pos)
	}
}

// outbound reads calls to other hosts.
func (g *gather) outbound(c *call, name string, pos token.Pos) {
	arg := requestURL(c)
	if arg < 0 {
		if i, ok := addressSinks[c.symbol()]; ok && i < len(c.args) {
			arg = i
		}
	}
	if arg >= 0 {
		g.seen(FactOutbound, name, pos)
		g.dynamic(c.args[arg], name, pos)
		return
	}
	switch c.path + " " + c.callee() {
	case "net/http Client.Do", "net/http RoundTripper.RoundTrip", "net/http Transport.RoundTrip":
		g.seen(FactOutbound, name, pos)
		// The request is judged where it is built; one that comes from elsewhere
		// is open.
		if len(c.args) == 1 && !g.builtHere(c.args[0]) {
			g.unresolved(FactOutboundDynamic, name, pos, "the request is built elsewhere")
			g.unresolved(FactHosts, name, pos, "the request is built elsewhere")
		}
	}
}

func (g *gather) builtHere(req ssa.Value) bool {
	return g.derives(req, func(v ssa.Value) bool {
		c, ok := v.(*ssa.Call)
		if !ok {
			return false
		}
		d := g.asCall(c, paths("net/http", "github.com/hashicorp/go-retryablehttp"))
		return d != nil && strings.HasPrefix(d.name, "NewRequest")
	})
}

// dynamic judges whether a request's host is a constant, configured, or
// neither.
func (g *gather) dynamic(v ssa.Value, name string, pos token.Pos) {
	var texts []text
	var open bool
	if isURL(v.Type()) {
		texts, open = g.urlTexts(v, 0)
	} else {
		texts, open = g.texts(v)
	}
	known := !open && len(texts) > 0
	for _, t := range texts {
		s, whole := t.prefix()
		if strings.Contains(s, "://") {
			_, host, complete := urlHost(t)
			known = known && complete && host != ""
			continue
		}
		host, hadPort := hostOnly(s)
		known = known && (whole || hadPort && host != "")
	}
	if known {
		return
	}
	g.unresolved(FactHosts, name, pos, "the host is only known at run time")
	if !g.fromRequest(v) && g.derives(v, g.isConfiguration) {
		return
	}
	g.seen(FactOutboundDynamic, name, pos)
}

// isConfiguration reports whether a value is an environment variable, a flag
// or a field of something called a configuration.
func (g *gather) isConfiguration(v ssa.Value) bool {
	switch x := v.(type) {
	case *ssa.Call:
		d := g.asCall(x, paths("os", "syscall", "flag", "github.com/spf13/pflag", "github.com/spf13/viper"))
		return d != nil && (d.path != "os" || d.name == "Getenv" || d.name == "LookupEnv")
	case *ssa.FieldAddr:
		return SplitName(typeName(x.X.Type())).Has(configWords...)
	case *ssa.Field:
		return SplitName(typeName(x.X.Type())).Has(configWords...)
	}
	return false
}

// mayHoldSecret reports whether a setting of that name often holds a credential
// though the name does not say so: a key of some service, a personal access
// token, the address of a store with the password in it. The net is wide, as it
// keeps the fact from being false and does nothing else.
func mayHoldSecret(name string) bool {
	words := SplitName(name)
	return words.Has("key", "keys", "pat", "dsn") ||
		words.Has("url", "uri", "conn", "connection") && words.Has("database", "db", "postgres", "postgresql", "mysql", "mongo", "mongodb", "redis", "amqp", "rabbitmq", "broker", "nats", "kafka", "smtp", "elastic", "webhook")
}

// secret reads environment variables and settings named like secrets.
func (g *gather) secret(c *call, name string, pos token.Pos) {
	env := (c.path == "os" || c.path == "syscall") && (c.name == "Getenv" || c.name == "LookupEnv")
	setting := c.path == "github.com/spf13/viper" && strings.HasPrefix(c.name, "Get")
	if !env && !setting || len(c.args) != 1 {
		return
	}
	keys, open := g.texts(c.args[0])
	for _, k := range keys {
		switch {
		case SplitName(k.s).Secret():
			g.seen(FactSecrets, k.s, pos, name)
		case mayHoldSecret(k.s):
			g.unresolved(FactSecrets, k.s, pos, "a setting of that name often holds a credential")
		}
	}
	if open {
		g.unresolved(FactSecrets, name, pos, "the name is only known at run time")
	}
}

// files counts writes of request or response data to files.
func (g *gather) files(c *call, name string, pos token.Pos) {
	var data ssa.Value
	switch c.path + " " + c.callee() {
	case "os WriteFile", "io/ioutil WriteFile":
		if len(c.args) > 1 {
			data = c.args[1]
		}
	case "io Copy", "io CopyN", "io CopyBuffer":
		if len(c.args) > 1 && isOSFile(unwrap(c.args[0]).Type()) {
			data = c.args[1]
		}
	case "os File.Write", "os File.WriteString", "os File.ReadFrom":
		if len(c.args) > 0 {
			data = c.args[0]
		}
	case "github.com/gin-gonic/gin Context.SaveUploadedFile", "github.com/gofiber/fiber Ctx.SaveFile":
		g.seen(FactStoresData, name, pos)
		return
	}
	if data == nil {
		return
	}
	if g.derives(data, func(v ssa.Value) bool {
		n := namedType(v.Type())
		if n == nil || n.Obj().Pkg() == nil {
			return false
		}
		path := g.pathOf(n.Obj().Pkg())
		return requestTypes[path+" "+n.Obj().Name()] || path == "net/http" && n.Obj().Name() == "Response" || path == "mime/multipart"
	}) {
		g.seen(FactStoresData, name, pos, "file")
	}
}

func isOSFile(t types.Type) bool {
	n := namedType(t)
	return n != nil && n.Obj().Name() == "File" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "os"
}

// instruction reads what is no call: the client certificate of a connection.
func (g *gather) instruction(_ *ssa.Function, instr ssa.Instruction) {
	fa, ok := instr.(*ssa.FieldAddr)
	if !ok {
		return
	}
	v := fieldVar(fa)
	if v != nil && (v.Name() == "PeerCertificates" || v.Name() == "VerifiedChains") && g.isType(fa.X.Type(), "crypto/tls", "ConnectionState") {
		g.seen(FactCookieRead, "client certificate", fa.Pos())
	}
}
