package code

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Where an error comes from
//
// The origin question follows an error back to the calls that made it, inside
// one package and along the calls the walk came through. Its answer is one of
// three, the gravest of all origins: internal (a database, the network, the
// operating system, another process, cryptography or a template made it, so its
// text tells of them), unknown (it comes from where this package cannot see),
// or told (its text was written for the reader: own messages, sentinels, typed
// errors, and what parsers say of the request).

// errorClass says how much an error's text gives away.
type errorClass int

const (
	errorTold errorClass = iota
	errorUnknown
	errorInternal
)

// An errorOrigin is the gravest origin of an error.
type errorOrigin struct {
	class errorClass
	from  string // what made it: "database/sql.DB.Query"
	kind  string // for errorInternal: "a database", "the network", …
	steps []Step // from its making to the place asked about
}

// internalPackages make errors that tell of the inside, by clean path prefix.
var internalPackages = []struct{ prefix, kind string }{
	{"database/sql", "a database"}, {"gorm.io", "a database"}, {"github.com/jinzhu/gorm", "a database"}, {"github.com/jmoiron/sqlx", "a database"},
	{"github.com/jackc/pgx", "a database"}, {"github.com/jackc/pgconn", "a database"}, {"github.com/lib/pq", "a database"},
	{"github.com/go-sql-driver/mysql", "a database"}, {"github.com/mattn/go-sqlite3", "a database"}, {"modernc.org/sqlite", "a database"},
	{"go.mongodb.org/mongo-driver", "a database"}, {"gopkg.in/mgo", "a database"}, {"github.com/globalsign/mgo", "a database"},
	{"github.com/redis/go-redis", "a database"}, {"github.com/go-redis/redis", "a database"}, {"github.com/gomodule/redigo", "a database"},
	{"github.com/uptrace/bun", "a database"}, {"github.com/go-pg/pg", "a database"}, {"xorm.io/xorm", "a database"}, {"github.com/go-xorm/xorm", "a database"},
	{"github.com/upper/db", "a database"}, {"github.com/Masterminds/squirrel", "a database"}, {"github.com/pocketbase/dbx", "a database"},
	{"go.etcd.io/bbolt", "a database"}, {"github.com/boltdb/bolt", "a database"}, {"github.com/dgraph-io/badger", "a database"},
	{"github.com/gocql/gocql", "a database"}, {"github.com/ClickHouse/clickhouse-go", "a database"}, {"github.com/elastic/go-elasticsearch", "a database"},
	{"github.com/olivere/elastic", "a database"}, {"github.com/bradfitz/gomemcache", "a database"}, {"cloud.google.com/go/firestore", "a database"},
	{"github.com/syndtr/goleveldb", "a database"}, {"github.com/cockroachdb/pebble", "a database"},

	{"net/smtp", "the network"}, {"net/rpc", "the network"}, {"net/textproto", "the network"}, {"github.com/aws/aws-sdk-go", "the network"}, {"github.com/aws/aws-sdk-go-v2", "the network"},
	{"cloud.google.com/go", "the network"}, {"google.golang.org/api", "the network"}, {"github.com/minio/minio-go", "the network"},
	{"github.com/Azure/azure-sdk-for-go", "the network"}, {"github.com/go-resty/resty", "the network"}, {"resty.dev", "the network"}, {"golang.org/x/crypto/ssh", "the network"},
	{"github.com/segmentio/kafka-go", "the network"}, {"github.com/IBM/sarama", "the network"}, {"github.com/rabbitmq/amqp091-go", "the network"}, {"github.com/nats-io/nats.go", "the network"},
	{"github.com/go-ldap/ldap", "the network"}, {"github.com/jlaffaye/ftp", "the network"}, {"github.com/pkg/sftp", "the network"}, {"github.com/docker/docker/client", "the network"},
	{"golang.org/x/oauth2", "the network"}, {"github.com/gorilla/websocket", "the network"}, {"gopkg.in/gomail", "the network"}, {"github.com/wneessen/go-mail", "the network"},
	{"github.com/hashicorp/go-retryablehttp", "the network"},

	{"os/exec", "another process"}, {"os", "the operating system"}, {"io/ioutil", "the operating system"}, {"path/filepath", "the operating system"}, {"syscall", "the operating system"},
	{"golang.org/x/sys", "the operating system"}, {"github.com/spf13/afero", "the operating system"},

	{"crypto", "cryptography"}, {"golang.org/x/crypto", "cryptography"}, {"filippo.io/age", "cryptography"},
	{"html/template", "a template"}, {"text/template", "a template"}, {"github.com/flosch/pongo2", "a template"},
}

// internalFuncs do the same in packages of which most is harmless.
var internalFuncs = map[string]string{
	"net Dial": "the network", "net DialTimeout": "the network", "net DialTCP": "the network", "net DialUDP": "the network", "net DialUnix": "the network", "net DialIP": "the network",
	"net Dialer.Dial": "the network", "net Dialer.DialContext": "the network", "net Listen": "the network", "net ListenTCP": "the network", "net ListenUDP": "the network",
	"net ListenPacket": "the network", "net ListenConfig.Listen": "the network", "net LookupHost": "the network", "net LookupIP": "the network", "net LookupAddr": "the network",
	"net LookupCNAME": "the network", "net LookupMX": "the network", "net LookupTXT": "the network", "net LookupNS": "the network", "net LookupSRV": "the network",
	"net Resolver.LookupHost": "the network", "net Resolver.LookupIP": "the network", "net Resolver.LookupIPAddr": "the network", "net Resolver.LookupTXT": "the network",
	"net Resolver.LookupNetIP": "the network", "net Resolver.LookupCNAME": "the network", "net Resolver.LookupMX": "the network", "net Interfaces": "the network",
	"net InterfaceAddrs": "the network", "net InterfaceByName": "the network", "net Conn.Read": "the network", "net Conn.Write": "the network", "net Conn.Close": "the network",
	"net ResolveTCPAddr": "the network", "net ResolveUDPAddr": "the network", "net ResolveIPAddr": "the network",
	"net/http Get": "the network", "net/http Post": "the network", "net/http PostForm": "the network", "net/http Head": "the network", "net/http Client.Do": "the network",
	"net/http Client.Get": "the network", "net/http Client.Post": "the network", "net/http Client.PostForm": "the network", "net/http Client.Head": "the network",
	"net/http RoundTripper.RoundTrip": "the network", "net/http Transport.RoundTrip": "the network",
	"net/http FileSystem.Open": "the operating system", "net/http Dir.Open": "the operating system",
	"io/fs ReadFile": "the operating system", "io/fs ReadDir": "the operating system", "io/fs Stat": "the operating system", "io/fs WalkDir": "the operating system", "io/fs FS.Open": "the operating system",
	"github.com/valyala/fasthttp Do": "the network", "github.com/valyala/fasthttp Get": "the network", "github.com/valyala/fasthttp Post": "the network",
	"github.com/valyala/fasthttp Client.Do": "the network", "github.com/valyala/fasthttp Client.Get": "the network", "github.com/valyala/fasthttp Client.Post": "the network",
	"github.com/valyala/fasthttp HostClient.Do": "the network", "github.com/valyala/fasthttp DoTimeout": "the network", "github.com/valyala/fasthttp Client.DoTimeout": "the network",
	"github.com/coreos/go-oidc/oidc NewProvider": "the network", "github.com/coreos/go-oidc/oidc Provider.UserInfo": "the network",
}

// toldPackages make errors about what they were given to read. That is the
// request, or a fixed text.
var toldPackages = []string{
	"strconv", "encoding", "time", "net/url", "net/mail", "net/netip", "mime", "regexp", "unicode", "context", "errors", "html", "strings", "bytes", "path", "math/big",
	"net", "net/http", // what internalFuncs does not name
	"github.com/google/uuid", "github.com/gofrs/uuid", "github.com/satori/go.uuid", "github.com/rs/xid", "github.com/oklog/ulid", "github.com/segmentio/ksuid",
	"github.com/go-playground/validator", "gopkg.in/go-playground/validator", "github.com/go-ozzo/ozzo-validation", "github.com/asaskevich/govalidator",
	"github.com/gorilla/schema", "github.com/go-chi/render", "github.com/gorilla/mux", "github.com/mitchellh/mapstructure", "github.com/go-viper/mapstructure",
	"github.com/gin-gonic/gin", "github.com/labstack/echo", "github.com/gofiber/fiber", "github.com/valyala/fasthttp",
	"github.com/goccy/go-json", "github.com/json-iterator/go", "github.com/bytedance/sonic", "gopkg.in/yaml", "go.yaml.in/yaml", "github.com/goccy/go-yaml",
	"github.com/BurntSushi/toml", "github.com/pelletier/go-toml", "github.com/shopspring/decimal", "github.com/Masterminds/semver", "golang.org/x/mod",
	"google.golang.org/protobuf", "github.com/golang/protobuf", "github.com/gogo/protobuf", "buf.build/go/protovalidate", "github.com/bufbuild/protovalidate-go",
	"github.com/grpc-ecosystem/grpc-gateway", "google.golang.org/grpc/status", "connectrpc.com/connect", "github.com/getkin/kin-openapi", "github.com/xeipuu/gojsonschema", "github.com/santhosh-tekuri/jsonschema",
	"golang.org/x/text", "github.com/robfig/cron", "github.com/microcosm-cc/bluemonday", "github.com/google/cel-go",
	"go.mongodb.org/mongo-driver/bson", "github.com/jackc/pgx/pgtype", "golang.org/x/crypto/bcrypt GenerateFromPassword",
}

// wrappers give their first error another text around it.
var errorWrappers = setOf("Wrap Wrapf WithMessage WithMessagef WithStack Cause Unwrap Trace Annotate Annotatef Append Combine Join With WithDetail WithHint Mask")

var wrapperPackages = paths("errors", "github.com/pkg/errors", "github.com/cockroachdb/errors", "github.com/juju/errors", "github.com/go-errors/errors", "go.uber.org/multierr",
	"github.com/hashicorp/go-multierror", "golang.org/x/xerrors", "github.com/ztrue/tracerr", "gitlab.com/tozd/go/errors", "emperror.dev/errors", "github.com/rotisserie/eris",
	"github.com/samber/oops", "github.com/efficientgo/core/errors")

// makers of errors from a text, with the index of the text or format.
var errorMakers = map[string]bool{"New": true, "Errorf": true, "Newf": true, "NewWithDepth": true}

// An originWalk answers one origin question.
type originWalk struct {
	p    *pkg
	seen map[traced]bool
	best errorOrigin
}

// errorOrigin says where an error comes from that is used by at.
func (p *pkg) errorOrigin(l leak) errorOrigin {
	w := &originWalk{p: p, seen: map[traced]bool{}}
	w.walk(l.err, l.at, l.within, nil)
	return w.best
}

func (w *originWalk) found(o errorOrigin) {
	if o.class > w.best.class {
		w.best = o
	}
}

func (w *originWalk) unknown(from string, steps []Step) {
	w.found(errorOrigin{class: errorUnknown, from: from, steps: steps})
}

func (w *originWalk) walk(v ssa.Value, at ssa.Instruction, fr *replyFrame, steps []Step) {
	if v == nil || w.seen[traced{v, fr}] || w.best.class == errorInternal {
		return
	}
	w.seen[traced{v, fr}] = true
	if len(w.seen) > maxTraced {
		w.unknown("", steps)
		return
	}
	if at != nil && w.p.recognised(at.Block(), v) {
		return
	}
	if c, ok := v.(*ssa.Const); ok && c.Value == nil {
		return
	}
	if n := namedType(v.Type()); n != nil && n.Obj().Pkg() != nil {
		if _, ok := n.Underlying().(*types.Interface); !ok {
			w.typed(v, at, fr, steps)
			return
		}
		if told(w.p.pathOf(n.Obj().Pkg()), n.Obj().Name()) {
			return // an interface that a validator or parser reports with
		}
	}
	next := func(v ssa.Value) { w.walk(v, at, fr, steps) }
	switch x := v.(type) {
	case *ssa.Phi:
		for i, e := range x.Edges {
			// The value that arrives over an edge was tested where the edge begins.
			w.walk(e, last(x.Block().Preds[i]), fr, steps)
		}
	case *ssa.ChangeInterface:
		next(x.X)
	case *ssa.MakeInterface:
		w.typed(x.X, at, fr, steps)
	case *ssa.TypeAssert:
		w.asserted(x, at, fr, steps)
	case *ssa.Extract:
		switch tuple := x.Tuple.(type) {
		case *ssa.Call:
			w.call(tuple, x.Index, fr, steps)
		case *ssa.TypeAssert:
			w.asserted(tuple, at, fr, steps)
		default:
			w.unknown("", steps)
		}
	case *ssa.Call:
		w.call(x, 0, fr, steps)
	case *ssa.Alloc:
		w.typed(x, at, fr, steps)
	case *ssa.UnOp:
		if x.Op != token.MUL {
			w.unknown("", steps)
			return
		}
		w.load(x, at, fr, steps)
	case *ssa.Parameter:
		w.param(x, fr, steps)
	case *ssa.FreeVar:
		if b := w.p.binding(x); b != nil {
			next(b)
			return
		}
		w.unknown("", steps)
	default:
		w.unknown("", steps)
	}
}

// last returns a block's last instruction.
func last(b *ssa.BasicBlock) ssa.Instruction { return b.Instrs[len(b.Instrs)-1] }

// typed judges an error by its concrete type: errors of internal packages tell
// of the inside, others are types made for a reader.
func (w *originWalk) typed(v ssa.Value, at ssa.Instruction, fr *replyFrame, steps []Step) {
	if _, ok := v.Type().Underlying().(*types.Interface); ok {
		w.walk(v, at, fr, steps)
		return
	}
	n := namedType(v.Type())
	if n == nil || n.Obj().Pkg() == nil {
		return
	}
	path := w.p.pathOf(n.Obj().Pkg())
	name := n.Obj().Name()
	switch path + " " + name {
	case "net OpError", "net DNSError", "net/url Error", "io/fs PathError":
		w.found(errorOrigin{class: errorInternal, from: path + "." + name, kind: "the network", steps: steps})
		return
	case "github.com/gin-gonic/gin Error", "github.com/gin-gonic/gin errorMsgs":
		w.unknown(path+"."+name, steps)
		return
	}
	if kind := internalKind(path, "", name); kind != "" {
		w.found(errorOrigin{class: errorInternal, from: path + "." + name, kind: kind, steps: steps})
	}
}

// asserted judges x.(T): a concrete type speaks for itself, an interface leads
// on.
func (w *originWalk) asserted(x *ssa.TypeAssert, at ssa.Instruction, fr *replyFrame, steps []Step) {
	if _, ok := x.AssertedType.Underlying().(*types.Interface); !ok {
		n := namedType(x.AssertedType)
		if n != nil && n.Obj().Pkg() != nil {
			path := w.p.pathOf(n.Obj().Pkg())
			if kind := internalKind(path, "", n.Obj().Name()); kind != "" {
				w.found(errorOrigin{class: errorInternal, from: path + "." + n.Obj().Name(), kind: kind, steps: steps})
			}
		}
		return
	}
	if recovered(x.X) {
		w.found(errorOrigin{class: errorInternal, from: "recover", kind: "panic", steps: steps})
		return
	}
	if isErrorType(x.X.Type()) {
		w.walk(x.X, at, fr, steps)
		return
	}
	w.unknown("", steps)
}

// recovered reports whether a value is what recover returned.
func recovered(v ssa.Value) bool {
	c, ok := unwrap(v).(*ssa.Call)
	if !ok {
		return false
	}
	b, ok := c.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "recover"
}

func (w *originWalk) load(x *ssa.UnOp, at ssa.Instruction, fr *replyFrame, steps []Step) {
	switch a := x.X.(type) {
	case *ssa.Alloc:
		w.alloc(a, at, fr, steps)
	case *ssa.FreeVar:
		if al, ok := w.p.binding(a).(*ssa.Alloc); ok {
			w.alloc(al, at, fr, steps)
			return
		}
		w.unknown("", steps)
	case *ssa.Global:
		// A sentinel: its text is fixed.
	case *ssa.FieldAddr:
		v := fieldVar(a)
		if v == nil || v.Pkg() == nil {
			w.unknown("", steps)
			return
		}
		owner := namedType(a.X.Type())
		if v.Pkg() != w.p.types {
			path := w.p.pathOf(v.Pkg())
			name := v.Name()
			if owner != nil {
				name = owner.Obj().Name() + "." + name
			}
			if kind := internalKind(path, typeName(a.X.Type()), v.Name()); kind != "" {
				w.found(errorOrigin{class: errorInternal, from: path + "." + name, kind: kind, steps: append([]Step{{x.Pos(), "error of " + path + "." + name}}, steps...)})
				return
			}
			w.unknown(path+"."+name, steps)
			return
		}
		w.p.index()
		stores := w.p.fieldSet[v]
		if al, ok := a.X.(*ssa.Alloc); ok {
			if own, whole, _ := allocField(al, a.Field); len(own) > 0 && whole == nil {
				stores = own
			}
		}
		if len(stores) == 0 {
			w.unknown("field "+v.Name(), steps)
		}
		for _, s := range stores {
			w.walk(s.Val, s, nil, append([]Step{{s.Pos(), "set in field " + v.Name()}}, steps...))
		}
	default:
		w.unknown("", steps)
	}
}

// alloc follows the values of a variable. Where its address is handed on, its
// type decides: errors.As fills a variable of the type it looks for.
func (w *originWalk) alloc(al *ssa.Alloc, at ssa.Instruction, fr *replyFrame, steps []Step) {
	elem := al.Type().Underlying().(*types.Pointer).Elem()
	if _, ok := elem.Underlying().(*types.Interface); !ok {
		w.typed(&typedValue{al, elem}, at, fr, steps)
		return
	}
	found := false
	stored := func(s *ssa.Store) {
		found = true
		w.walk(s.Val, s, fr, steps)
	}
	for _, r := range *al.Referrers() {
		switch x := r.(type) {
		case *ssa.Store:
			if x.Addr == ssa.Value(al) {
				stored(x)
			}
		case *ssa.MakeClosure:
			for i, b := range x.Bindings {
				if b != ssa.Value(al) {
					continue
				}
				fv := x.Fn.(*ssa.Function).FreeVars[i]
				for _, fvr := range *fv.Referrers() {
					if s, ok := fvr.(*ssa.Store); ok && s.Addr == ssa.Value(fv) {
						stored(s)
					}
				}
			}
		}
	}
	if !found {
		w.unknown("", steps)
	}
}

// typedValue is a value seen as another type.
type typedValue struct {
	ssa.Value
	typ types.Type
}

func (t *typedValue) Type() types.Type { return t.typ }

func (w *originWalk) param(x *ssa.Parameter, fr *replyFrame, steps []Step) {
	complete := w.p.up(x, fr, func(arg ssa.Value, from ssa.Instruction, fr *replyFrame, step Step) {
		w.walk(arg, from, fr, append([]Step{step}, steps...))
	})
	if complete {
		return
	}
	if kind := w.p.callbackError(x.Parent()); kind != "" {
		w.found(errorOrigin{class: errorInternal, from: kind, kind: "the network", steps: append([]Step{{x.Parent().Pos(), "called by " + kind}}, steps...)})
		return
	}
	w.unknown("parameter "+x.Name(), append([]Step{{x.Pos(), "parameter " + x.Name()}}, steps...))
}

// callbackError names the caller of a function that is handed to a library
// which calls it with network errors: ReverseProxy.ErrorHandler.
func (p *pkg) callbackError(fn *ssa.Function) string {
	uses := []ssa.Value{fn}
	p.index()
	if mc := p.closures[fn]; mc != nil {
		uses = append(uses, mc)
	}
	for _, u := range uses {
		if u.Referrers() == nil {
			continue
		}
		for _, r := range *u.Referrers() {
			s, ok := r.(*ssa.Store)
			if !ok {
				continue
			}
			if fa, ok := s.Addr.(*ssa.FieldAddr); ok && p.isType(fa.X.Type(), "net/http/httputil", "ReverseProxy") && fieldVar(fa).Name() == "ErrorHandler" {
				return "httputil.ReverseProxy"
			}
		}
	}
	// Function literals without captures are no instruction's referrer: look at
	// the stores.
	for v, stores := range p.fieldSet {
		if v.Name() != "ErrorHandler" || v.Pkg() == nil || v.Pkg().Path() != "net/http/httputil" {
			continue
		}
		for _, s := range stores {
			if s.Val == ssa.Value(fn) {
				return "httputil.ReverseProxy"
			}
		}
	}
	return ""
}

// call judges the i-th result of a call.
func (w *originWalk) call(x *ssa.Call, i int, fr *replyFrame, steps []Step) {
	if b, ok := x.Call.Value.(*ssa.Builtin); ok {
		if b.Name() == "recover" {
			w.found(errorOrigin{class: errorInternal, from: "recover", kind: "panic", steps: steps})
		}
		return
	}
	c := w.p.asCall(x, nil)
	if c == nil {
		w.unknown("a function value", append([]Step{{x.Pos(), "called here"}}, steps...))
		return
	}
	name := strings.TrimPrefix(c.path+".", ".") + c.callee()
	switch {
	case c.path == "fmt" && c.name == "Errorf", wrapperPackages(c.path) && c.recv == "" && errorMakers[c.name]:
		w.inside(x, c.args, fr, append([]Step{{x.Pos(), "wrapped here"}}, steps...))
		return
	case wrapperPackages(c.path) && errorWrappers[c.name]:
		w.inside(x, c.args, fr, append([]Step{{x.Pos(), "wrapped here"}}, steps...))
		return
	case c.on != nil && c.name == "Unwrap":
		w.walk(c.on, x, fr, steps)
		return
	}
	fn := x.Call.StaticCallee()
	if fn != nil && fn.Pkg == w.p.ssa.Pkg && len(fn.Blocks) > 0 {
		if fr.depth() > 5 {
			w.unknown(name, steps)
			return
		}
		inner := &replyFrame{call: x, fn: fn, parent: fr}
		for _, b := range fn.Blocks {
			if ret, ok := last(b).(*ssa.Return); ok && i < len(ret.Results) {
				w.walk(ret.Results[i], ret, inner, append([]Step{{ret.Pos(), "returned by " + fn.Name()}}, steps...))
			}
		}
		return
	}
	at := append([]Step{{x.Common().Pos(), "error of " + name}}, steps...)
	if c.path == "io" || c.path == "bufio" {
		if slices.ContainsFunc(x.Call.Args, w.p.fromRequest) {
			return // the client's own body could not be read
		}
		w.unknown(name, at)
		return
	}
	kind := internalKind(c.path, c.recv, c.name)
	if kind == "" {
		if !told(c.path, c.name) && !readsText(x, c) {
			w.unknown(name, at)
		}
		return
	}
	if c.path == "crypto/rand" {
		return // which never fails, and whose text says nothing
	}
	if kind == "a template" || kind == "cryptography" {
		if slices.ContainsFunc(c.args, w.p.fromRequest) && parsing(c.name) {
			return // about what the client sent
		}
	}
	w.found(errorOrigin{class: errorInternal, from: name, kind: kind, steps: at})
}

// readsText reports whether a call of another package does nothing but look at
// texts it is given, as its name and parameters say, so that its error speaks
// of them. What is a method may ask a database whether a text is valid.
func readsText(x *ssa.Call, c *call) bool {
	n := SplitName(c.name)
	switch {
	case len(n) == 0, n.Has("file", "files", "fs", "glob", "dir", "directory", "path", "conn", "connection", "remote", "fetch"):
		return false
	case slices.Contains([]string{"parse", "sanitize", "sanitise", "normalize", "normalise"}, n[0]):
	case c.recv == "" && n[0] == "validate":
	default:
		return false
	}
	params := x.Call.Signature().Params()
	for v := range params.Variables() {
		if _, basic := v.Type().Underlying().(*types.Basic); !basic && !isText(v.Type()) {
			return false
		}
	}
	return params.Len() > 0
}

// inside follows the errors and texts an error is made of.
func (w *originWalk) inside(at ssa.Instruction, args []ssa.Value, fr *replyFrame, steps []Step) {
	t := &tracer{p: w.p, seen: map[traced]bool{}}
	for _, a := range args {
		t.walk(a, at, fr, false, nil)
	}
	for _, l := range t.out {
		switch l.kind {
		case leakError:
			w.walk(l.err, l.at, l.within, append(slices.Clone(l.steps), steps...))
		case leakStack, leakRecovered:
			w.found(errorOrigin{class: errorInternal, from: "recover", kind: "panic", steps: steps})
		}
	}
}

// parsing reports whether a function reads what it is given.
func parsing(name string) bool {
	return SplitName(name).Has("parse", "decode", "unmarshal", "read", "verify", "open", "decrypt", "compare")
}

// internalKind says which part of the inside a function's or type's errors tell
// of; "" for none.
func internalKind(path, recv, name string) string {
	callee := name
	if recv != "" {
		callee = recv + "." + name
	}
	if kind := internalFuncs[path+" "+callee]; kind != "" {
		return kind
	}
	if slices.Contains(toldPackages, path+" "+name) {
		return ""
	}
	best, kind := 0, ""
	for _, in := range internalPackages {
		if len(in.prefix) > best && under(path, in.prefix) {
			best, kind = len(in.prefix), in.kind
		}
	}
	for _, prefix := range toldPackages {
		if len(prefix) > best && under(path, prefix) {
			return ""
		}
	}
	return kind
}

// told reports whether a function's errors are about what it was given.
func told(path, name string) bool {
	return slices.Contains(toldPackages, path+" "+name) || slices.ContainsFunc(toldPackages, func(prefix string) bool {
		return prefix == path || strings.Contains(prefix, ".") && under(path, prefix) || (prefix == "encoding" || prefix == "mime" || prefix == "unicode" || prefix == "regexp") && under(path, prefix)
	})
}

// recognised reports whether a block is only reached when the error has been
// recognised: compared with a sentinel, found to be of a type, or asked by a
// function what it is.
func (p *pkg) recognised(b *ssa.BasicBlock, err ssa.Value) bool {
	return p.onlyIf(b, func(cond ssa.Value, outcome bool) bool { return p.recognises(cond, err, outcome, 0) })
}

// onlyIf reports whether a block is only reached over branches that want
// accepts: without them there is no way to it from where the function begins.
func (p *pkg) onlyIf(b *ssa.BasicBlock, want func(cond ssa.Value, outcome bool) bool) bool {
	if b == nil {
		return false
	}
	reached := make([]bool, len(b.Parent().Blocks))
	var work []*ssa.BasicBlock
	visit := func(b *ssa.BasicBlock) {
		if !reached[b.Index] {
			reached[b.Index] = true
			work = append(work, b)
		}
	}
	for _, start := range b.Parent().Blocks {
		if len(start.Preds) == 0 {
			visit(start)
		}
	}
	for len(work) > 0 && !reached[b.Index] {
		from := work[len(work)-1]
		work = work[:len(work)-1]
		branch, ok := last(from).(*ssa.If)
		for i, to := range from.Succs {
			if ok && from.Succs[0] != from.Succs[1] && want(branch.Cond, i == 0) {
				continue
			}
			visit(to)
		}
	}
	return !reached[b.Index]
}

// recognises reports whether a condition that has this outcome says what the
// error is.
func (p *pkg) recognises(cond, err ssa.Value, outcome bool, depth int) bool {
	if depth > 4 {
		return false
	}
	switch x := cond.(type) {
	case *ssa.UnOp:
		if x.Op == token.NOT {
			return p.recognises(x.X, err, !outcome, depth+1)
		}
	case *ssa.BinOp:
		if x.Op != token.EQL && x.Op != token.NEQ || (x.Op == token.EQL) != outcome {
			return false
		}
		for _, pair := range [][2]ssa.Value{{x.X, x.Y}, {x.Y, x.X}} {
			if !sameError(pair[0], err) {
				continue
			}
			if load, ok := pair[1].(*ssa.UnOp); ok {
				g, ok := load.X.(*ssa.Global)
				return ok && !osSentinel(p, g)
			}
		}
	case *ssa.Extract:
		// _, ok := err.(*T)
		ta, ok := x.Tuple.(*ssa.TypeAssert)
		return ok && outcome && x.Index == 1 && sameError(ta.X, err) && p.readerType(ta.AssertedType)
	case *ssa.Call:
		if !outcome {
			return false
		}
		c := p.asCall(x, nil)
		if c == nil {
			return false
		}
		takes := slices.ContainsFunc(c.args, func(a ssa.Value) bool { return sameError(a, err) }) || c.on != nil && sameError(c.on, err)
		if !takes {
			return false
		}
		switch {
		case c.name == "Is" && len(c.args) == 2:
			if load, ok := c.args[1].(*ssa.UnOp); ok {
				if g, ok := load.X.(*ssa.Global); ok {
					return !osSentinel(p, g)
				}
			}
			return true
		case (c.name == "As" || c.name == "AsType") && len(c.args) == 2:
			if ptr, ok := unwrap(c.args[1]).Type().Underlying().(*types.Pointer); ok {
				return p.readerType(ptr.Elem())
			}
			return true
		case c.path == "os":
			return false // os.IsNotExist: the text still holds a path
		case c.name == "AsType":
			return true
		}
		// IsNotFound(err), isUserError(err), …
		b, ok := x.Type().Underlying().(*types.Basic)
		return ok && b.Kind() == types.Bool
	}
	return false
}

// readerType reports whether an error type is made for a reader, and not one of
// a database, the network or the like.
func (p *pkg) readerType(t types.Type) bool {
	n := namedType(t)
	if n == nil || n.Obj().Pkg() == nil {
		return true
	}
	path := p.pathOf(n.Obj().Pkg())
	switch path + " " + n.Obj().Name() {
	case "net OpError", "net DNSError", "net Error", "net/url Error", "io/fs PathError":
		return false
	}
	return internalKind(path, "", n.Obj().Name()) == ""
}

// osSentinel reports whether a variable is a sentinel of the operating system,
// whose wrapped text names files.
func osSentinel(p *pkg, g *ssa.Global) bool {
	if g.Pkg == nil {
		return false
	}
	switch path := p.pathOf(g.Pkg.Pkg); path {
	case "os", "io/fs", "syscall", "os/exec":
		return true
	}
	return false
}

// sameError reports whether two values are the same error.
func sameError(a, b ssa.Value) bool {
	if sameValue(a, b) {
		return true
	}
	// A variable that a phi or an assertion passed on.
	if ta, ok := a.(*ssa.TypeAssert); ok {
		return sameError(ta.X, b)
	}
	return false
}
