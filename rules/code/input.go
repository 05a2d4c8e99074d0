package code

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// The request-input model: what in a program others control.
//
// # Contract
//
//	p.inputs() ──► *inputs
//	inputs.source(v, need)        ──► what v is, if it is input by itself
//	inputs.fills(call, argument)  ──► what a call writes into its argument
//	inputs.find(v, at, need)      ──► taint.go: the way from an input to v
//
// An input has a medium (query, body, header, …) because not every attack can
// use every medium: nobody can make a victim's browser send a chosen header, so
// a header cannot cause a reflected redirect. It is certain, or doubtful where a
// stranger may well control it but the package does not prove that: messages of
// a queue, values read back from a store, values of a request's context. A rule
// of class violation reports doubtful inputs as review.
//
// # What it knows
//
// net/http (form, query, path values, headers, cookies, body, multipart), gin,
// echo, fiber v2 and v3, fasthttp, chi, gorilla mux, httprouter, WebSocket
// frames (gorilla, coder and nhooyr, x/net, gobwas), gRPC and connect requests,
// Lambda events, messages of Kafka, NATS, AMQP, SQS, Pub/Sub, Redis and asynq,
// rows of a database, and whatever is decoded from one of them: a decoder or
// binder makes input of the value it fills.
//
// # What it never does
//
// It takes nothing for input that it cannot name: configuration, the environment, answers of other services and
// results of unknown functions are not input, parameters of exported functions only as doubtful
// input where a rule asks for them. *http.Request is input only where
// it comes in; one that the package sends is not.
type inputs struct {
	p *pkg
	// possible is false when nothing the package imports hands out input.
	possible bool

	prepared  bool
	sends     []*ssa.Send
	sites     map[*ssa.Function][]ssa.CallInstruction // static calls of a function
	methods   map[string][]*ssa.Function              // concrete methods by name
	invoked   map[string][]ssa.CallInstruction        // interface calls by method name
	kept      map[string][]ssa.CallInstruction        // context setters, by constant key
	byPath    map[string][]*call                      // calls by the callee's clean path
	requests  map[ssa.Value]bool                      // *http.Request values: do they come in?
	messages  map[ssa.Value]bool                      // parameters that are RPC messages
	clientFor map[ssa.Value]bool                      // WebSocket connections that the package dialled
	sided     map[ssa.Value]bool                      // other sides of comparisons: are they input?
	keyed     []*ssa.MapUpdate                        // where maps get their keys, once keysKnown
	keysKnown bool
}

// A medium is the way an input takes into the program. Media are bits, so that
// a need can name several.
type medium uint32

const (
	fromQuery   medium = 1 << iota // query string and path parameters: part of the URL a victim follows
	fromForm                       // may be query or body
	fromBody                       // request body, its form fields included
	fromHeader                     // request headers
	fromCookie                     // cookies
	fromHost                       // the Host header
	fromURL                        // the request's own path and URL as a whole
	fromFile                       // the name a client gives to an upload
	fromSocket                     // WebSocket frames
	fromRPC                        // gRPC, connect and Lambda requests
	fromQueue                      // queue messages: doubtful
	fromStore                      // rows and files written before: doubtful
	fromPeer                       // what a server that the package called answers: doubtful
	fromContext                    // values that other code put into a context: doubtful
	fromHelper                     // what another package's helper took out of a request: doubtful
	fromArchive                    // names and link targets in an archive, only where a rule asks for them
	fromCaller                     // parameters of exported functions: doubtful, and only where a rule asks for them
	anyRequest  = fromQuery | fromForm | fromBody | fromHeader | fromCookie | fromHost | fromURL | fromFile | fromSocket | fromRPC
	anyForeign  = anyRequest | fromQueue
)

// A purpose is a class of sinks. Purposes are bits: a sanitizer clears several.
type purpose uint32

const (
	useSQL purpose = 1 << iota
	useNoSQL
	useCommand
	usePath
	useHost     // the host of an outbound request or connection
	useJump     // where a redirect leads
	useHTML     // text of a page
	useLog      // text of a log line
	useCode     // template or program text
	useBytes    // raw bytes for a decoder
	useMail     // envelope of a mail
	useGraph    // text of a document or request that JSON escaping keeps whole: GraphQL, a search, a script
	usePattern  // text of a regular expression
	useEndpoint // the path of an outbound request whose host is fixed
	useLink     // the target of a symbolic link, which no check of names makes harmless
	useOption   // an argument of a program that may read it as an option
	useAll      = 1<<iota - 1
)

// A need says what a rule looks for.
type need struct {
	use purpose
	// media are the ways that matter; others are not reported.
	media medium
	// doubtful media are reported as review; others of media as they are.
	doubtful medium
}

// An inbound is an input on its way to a place.
type inbound struct {
	what   string // "the query parameter id": without article it reads badly
	medium medium
	// doubtful is set when something on the way is not certain.
	doubtful bool
	// resolved is set when the way passes a check that looks up a host name
	// before the use: the answer may differ at the use.
	resolved bool
	// naming is set when the input names entries of a document.
	naming bool
	steps  []Step // from the source on
	// below is set when something stands before the input: a constant, a base
	// directory.
	below bool
	// stages are the forms of the value in the function at hand.
	stages []ssa.Value
}

// certain reports whether the input supports a violation under the need.
func (in *inbound) certain(n need) bool {
	return !in.doubtful && in.medium&(n.doubtful|fromHelper) == 0
}

// inputs returns the model of the package.
func (p *pkg) inputs() *inputs {
	if p.flow.inputModel == nil {
		p.flow.inputModel = &inputs{p: p, possible: importsAny(p.types, inputPackages)}
	}
	return p.flow.inputModel
}

// clean import paths.
const (
	pathGin      = "github.com/gin-gonic/gin"
	pathEcho     = "github.com/labstack/echo"
	pathFiber    = "github.com/gofiber/fiber"
	pathFasthttp = "github.com/valyala/fasthttp"
	pathGorilla  = "github.com/gorilla/websocket"
)

// inputPackages hand out input, directly or through the types they declare.
var inputPackages = func(path string) bool {
	return inputRoots[path] || strings.HasPrefix(path, pathFiber+"/") || strings.HasPrefix(path, "google.golang.org/protobuf") ||
		strings.HasPrefix(path, "github.com/aws/aws-lambda-go") || strings.HasPrefix(path, "github.com/aws/aws-sdk-go") ||
		strings.HasPrefix(path, "github.com/go-chi/")
}

var inputRoots = setOf(`net/http mime/multipart net/textproto ` + pathGin + ` ` + pathEcho + ` ` + pathFiber + ` ` + pathFasthttp + ` ` + pathGorilla + `
	github.com/gorilla/mux github.com/julienschmidt/httprouter github.com/coder/websocket github.com/coder/websocket/wsjson
	nhooyr.io/websocket nhooyr.io/websocket/wsjson golang.org/x/net/websocket github.com/gobwas/ws/wsutil
	google.golang.org/grpc connectrpc.com/connect github.com/bufbuild/connect-go
	github.com/segmentio/kafka-go github.com/IBM/sarama github.com/Shopify/sarama github.com/confluentinc/confluent-kafka-go/kafka
	github.com/nats-io/nats.go github.com/nats-io/nats github.com/nats-io/nats.go/jetstream
	github.com/rabbitmq/amqp091-go github.com/streadway/amqp cloud.google.com/go/pubsub
	github.com/redis/go-redis github.com/go-redis/redis github.com/hibiken/asynq database/sql github.com/beego/beego/server/web/context
	github.com/astaxie/beego/context github.com/kataras/iris github.com/kataras/iris/context github.com/gogf/gf/net/ghttp`)

// An entry of a table of sources.
type sourceInfo struct {
	what   string
	medium medium
	result int // which result is input; the others are not
}

// sourceCalls are calls whose result is input, by clean path and callee.
var sourceCalls = table(map[string]string{
	"net/http": `Request.FormValue:form Request.PostFormValue:body Request.PathValue:query Request.Cookie:cookie Request.Cookies:cookie Request.CookiesNamed:cookie
		Request.Referer:header Request.UserAgent:header Request.BasicAuth:header Request.FormFile:file Request.MultipartReader:body Request.GetBody:body`,
	pathGin: `Context.Param:query Context.Query:query Context.DefaultQuery:query Context.GetQuery:query Context.QueryArray:query Context.GetQueryArray:query
		Context.QueryMap:query Context.GetQueryMap:query Context.PostForm:body Context.DefaultPostForm:body Context.GetPostForm:body Context.PostFormArray:body
		Context.GetPostFormArray:body Context.PostFormMap:body Context.GetPostFormMap:body Context.GetHeader:header Context.Cookie:cookie Context.FormFile:file
		Context.MultipartForm:body Context.GetRawData:body`,
	pathEcho: `Context.Param:query Context.QueryParam:query Context.QueryParams:query Context.QueryString:query Context.ParamValues:query Context.FormValue:form
		Context.FormParams:form Context.FormFile:file Context.MultipartForm:body Context.Cookie:cookie Context.Cookies:cookie
		Context.QueryParamOr:query Context.ParamOr:query Context.FormValueOr:form`,
	pathFiber: `Ctx.Params:query Ctx.AllParams:query Ctx.Query:query Ctx.Queries:query Ctx.FormValue:form Ctx.Body:body Ctx.BodyRaw:body Ctx.Get:header Ctx.GetReqHeaders:header
		Ctx.GetHeaders:header Ctx.Cookies:cookie Ctx.FormFile:file Ctx.MultipartForm:body Ctx.OriginalURL:url Ctx.Path:url Ctx.Hostname:host Ctx.Host:host Ctx.BaseURL:host`,
	pathFasthttp: `RequestCtx.PostBody:body RequestCtx.QueryArgs:query RequestCtx.PostArgs:body RequestCtx.FormValue:form RequestCtx.Path:url RequestCtx.RequestURI:url
		RequestCtx.URI:url RequestCtx.Host:host RequestCtx.UserAgent:header RequestCtx.Referer:header RequestCtx.UserValue:query RequestCtx.FormFile:file
		RequestCtx.MultipartForm:body RequestCtx.RequestBodyStream:body`,
	"github.com/go-chi/chi":                `URLParam:query URLParamFromCtx:query Context.URLParam:query`,
	"github.com/gorilla/mux":               `Vars:query`,
	"github.com/julienschmidt/httprouter":  `Params.ByName:query ParamsFromContext:query`,
	pathGorilla:                            `Conn.ReadMessage:socket:1 Conn.NextReader:socket:1`,
	"github.com/coder/websocket":           `Conn.Read:socket:1 Conn.Reader:socket:1`,
	"nhooyr.io/websocket":                  `Conn.Read:socket:1 Conn.Reader:socket:1`,
	"github.com/gobwas/ws/wsutil":          `ReadClientData:socket ReadClientText:socket ReadClientBinary:socket`,
	"github.com/nats-io/nats.go/jetstream": `Msg.Data:queue`,
	"github.com/hibiken/asynq":             `Task.Payload:queue`,
	"os":                                   `ReadDir:store`,
	"io/ioutil":                            `ReadDir:store`,
	"path/filepath":                        `Glob:store`,
	"github.com/beego/beego/server/web/context": `BeegoInput.Query:form BeegoInput.Param:query BeegoInput.Header:header BeegoInput.Cookie:cookie BeegoInput.URI:url
		BeegoInput.URL:url BeegoInput.Refer:header BeegoInput.UserAgent:header`,
	"github.com/astaxie/beego/context": `BeegoInput.Query:form BeegoInput.Param:query BeegoInput.Header:header BeegoInput.Cookie:cookie BeegoInput.URI:url
		BeegoInput.URL:url BeegoInput.Refer:header BeegoInput.UserAgent:header`,
	"github.com/kataras/iris/context": `Context.URLParam:query Context.FormValue:form Context.PostValue:body Context.GetHeader:header Context.GetCookie:cookie Context.GetBody:body
		Context.URLParamDefault:query Context.FormFile:file`,
	"github.com/gogf/gf/net/ghttp": `Request.Get:form Request.GetQuery:query Request.GetForm:body Request.GetBody:body Request.GetBodyString:body Request.GetHeader:header`,
})

// sourceFields are struct fields that are input, by clean path and "Type.Field".
var sourceFields = table(map[string]string{
	"net/http": `Request.URL:url Request.Header:header Request.Trailer:header Request.Body:body Request.Form:form Request.PostForm:body Request.MultipartForm:body
		Request.Host:host Request.RequestURI:url`,
	pathGin:                         `Context.Params:query`,
	"github.com/segmentio/kafka-go": `Message.Value:queue Message.Key:queue Message.Headers:queue`,
	"github.com/IBM/sarama":         `ConsumerMessage.Value:queue ConsumerMessage.Key:queue`,
	"github.com/Shopify/sarama":     `ConsumerMessage.Value:queue ConsumerMessage.Key:queue`,
	"github.com/confluentinc/confluent-kafka-go/kafka": `Message.Value:queue Message.Key:queue`,
	"github.com/nats-io/nats.go":                       `Msg.Data:queue Msg.Header:queue`,
	"github.com/nats-io/nats":                          `Msg.Data:queue Msg.Header:queue`,
	"github.com/rabbitmq/amqp091-go":                   `Delivery.Body:queue Delivery.Headers:queue`,
	"github.com/streadway/amqp":                        `Delivery.Body:queue Delivery.Headers:queue`,
	"github.com/aws/aws-sdk-go-v2/service/sqs/types":   `Message.Body:queue`,
	"github.com/aws/aws-sdk-go/service/sqs":            `Message.Body:queue`,
	"cloud.google.com/go/pubsub":                       `Message.Data:queue Message.Attributes:queue`,
	"github.com/redis/go-redis":                        `Message.Payload:queue`,
	"github.com/go-redis/redis":                        `Message.Payload:queue`,
	"github.com/aws/aws-lambda-go/events": `APIGatewayProxyRequest.Body:rpc APIGatewayProxyRequest.QueryStringParameters:rpc APIGatewayProxyRequest.PathParameters:rpc
		APIGatewayProxyRequest.Headers:rpc APIGatewayProxyRequest.MultiValueQueryStringParameters:rpc APIGatewayProxyRequest.MultiValueHeaders:rpc
		APIGatewayV2HTTPRequest.Body:rpc APIGatewayV2HTTPRequest.QueryStringParameters:rpc APIGatewayV2HTTPRequest.PathParameters:rpc APIGatewayV2HTTPRequest.Headers:rpc
		APIGatewayV2HTTPRequest.RawQueryString:rpc LambdaFunctionURLRequest.Body:rpc LambdaFunctionURLRequest.QueryStringParameters:rpc LambdaFunctionURLRequest.Headers:rpc
		LambdaFunctionURLRequest.RawQueryString:rpc SQSMessage.Body:queue`,
	"connectrpc.com/connect":         `Request.Msg:rpc`,
	"github.com/bufbuild/connect-go": `Request.Msg:rpc`,
})

// fillCalls write input into an argument that is a pointer. The receiver or
// another argument is the request.
var fillCalls = table(map[string]string{
	pathGin: `Context.Bind:form Context.BindJSON:body Context.BindXML:body Context.BindYAML:body Context.BindTOML:body Context.BindQuery:query Context.BindUri:query
		Context.BindHeader:header Context.BindWith:form Context.MustBindWith:form Context.ShouldBind:form Context.ShouldBindJSON:body Context.ShouldBindXML:body
		Context.ShouldBindYAML:body Context.ShouldBindTOML:body Context.ShouldBindQuery:query Context.ShouldBindUri:query Context.ShouldBindHeader:header
		Context.ShouldBindWith:form Context.ShouldBindBodyWith:body Context.ShouldBindBodyWithJSON:body Context.ShouldBindBodyWithXML:body`,
	pathEcho: `Context.Bind:form DefaultBinder.Bind:form DefaultBinder.BindBody:body DefaultBinder.BindPathParams:query DefaultBinder.BindQueryParams:query
		DefaultBinder.BindHeaders:header Binder.Bind:form BindBody:body BindPathValues:query BindQueryParams:query BindHeaders:header ValueBinder.String:form ValueBinder.Strings:form`,
	pathFiber: `Ctx.BodyParser:body Ctx.QueryParser:query Ctx.ParamsParser:query Ctx.ReqHeaderParser:header Ctx.CookieParser:cookie
		Bind.Body:body Bind.JSON:body Bind.XML:body Bind.Form:body Bind.Query:query Bind.URI:query Bind.Header:header Bind.Cookie:cookie Bind.All:form Bind.CBOR:body`,
	pathGorilla:                               `Conn.ReadJSON:socket ReadJSON:socket`,
	"github.com/coder/websocket/wsjson":       `Read:socket`,
	"nhooyr.io/websocket/wsjson":              `Read:socket`,
	"golang.org/x/net/websocket":              `Conn.Read:socket Codec.Receive:socket`,
	"github.com/go-chi/render":                `DecodeJSON:body DecodeForm:body DecodeXML:body Decode:body Bind:body`,
	"github.com/kataras/iris/context":         `Context.ReadJSON:body Context.ReadForm:form Context.ReadQuery:query Context.ReadBody:body`,
	"github.com/gogf/gf/net/ghttp":            `Request.Parse:form`,
	"github.com/zeromicro/go-zero/rest/httpx": `Parse:form ParseForm:form ParseJsonBody:body`,
	"database/sql":                            `Rows.Scan:store Row.Scan:store`,
	"github.com/jackc/pgx":                    `Rows.Scan:store Row.Scan:store`,
	"github.com/jmoiron/sqlx":                 `DB.Get:store DB.Select:store Tx.Get:store Tx.Select:store DB.GetContext:store DB.SelectContext:store Rows.StructScan:store Row.StructScan:store Get:store Select:store`,
	"gorm.io/gorm":                            `DB.First:store DB.Find:store DB.Take:store DB.Last:store DB.Scan:store DB.Pluck:store`,
	"go.mongodb.org/mongo-driver/mongo":       `SingleResult.Decode:store Cursor.Decode:store Cursor.All:store`,
})

var mediumNames = map[string]medium{
	"query": fromQuery, "form": fromForm, "body": fromBody, "header": fromHeader, "cookie": fromCookie, "host": fromHost, "url": fromURL,
	"file": fromFile, "socket": fromSocket, "rpc": fromRPC, "queue": fromQueue, "store": fromStore, "context": fromContext,
}

// table reads "Recv.Name:medium[:result] …" by path.
func table(text map[string]string) map[string]map[string]sourceInfo {
	out := map[string]map[string]sourceInfo{}
	for path, entries := range text {
		m := map[string]sourceInfo{}
		for e := range strings.FieldsSeq(entries) {
			parts := strings.Split(e, ":")
			info := sourceInfo{medium: mediumNames[parts[1]]}
			if len(parts) > 2 {
				info.result = int(parts[2][0] - '0')
			}
			m[parts[0]] = info
		}
		out[path] = m
	}
	return out
}

// mediumWords say where an input comes from.
func (m medium) words() string {
	switch m {
	case fromQuery:
		return "the request's query or path"
	case fromForm:
		return "the request's form"
	case fromBody:
		return "the request's body"
	case fromHeader:
		return "a request header"
	case fromCookie:
		return "a cookie"
	case fromHost:
		return "the request's Host header"
	case fromURL:
		return "the request's URL"
	case fromFile:
		return "an upload"
	case fromSocket:
		return "a WebSocket frame"
	case fromRPC:
		return "the request message"
	case fromQueue:
		return "a queue message"
	case fromStore:
		return "stored data"
	case fromPeer:
		return "another server's answer"
	case fromHelper:
		return "a value of the request"
	case fromCaller:
		return "a caller's text"
	case fromArchive:
		return "a name in an archive"
	case fromContext:
		return "a value of the request's context"
	}
	return "input"
}

// prepare reads the package's calls once.
func (m *inputs) prepare() {
	if m.prepared {
		return
	}
	m.prepared = true
	defer m.p.building("inputs")()
	m.p.index()
	m.sites = map[*ssa.Function][]ssa.CallInstruction{}
	m.methods = map[string][]*ssa.Function{}
	m.invoked = map[string][]ssa.CallInstruction{}
	m.kept = map[string][]ssa.CallInstruction{}
	m.byPath = map[string][]*call{}
	m.requests = map[ssa.Value]bool{}
	m.messages = map[ssa.Value]bool{}
	m.clientFor = map[ssa.Value]bool{}
	for _, fn := range m.p.funcs() {
		if fn.Signature.Recv() != nil && fn.Parent() == nil {
			m.methods[fn.Name()] = append(m.methods[fn.Name()], fn)
		}
	}
	m.p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		if s, ok := instr.(*ssa.Send); ok {
			m.sends = append(m.sends, s)
			return
		}
		ci, ok := instr.(ssa.CallInstruction)
		if !ok {
			return
		}
		common := ci.Common()
		if fn := common.StaticCallee(); fn != nil {
			if fn.Origin() != nil {
				fn = fn.Origin() // the body of a generic function is built once
			}
			if fn.Pkg == m.p.ssa.Pkg || fn.Parent() != nil {
				m.sites[fn] = append(m.sites[fn], ci)
				return
			}
		} else if common.IsInvoke() && common.Method.Pkg() == m.p.types {
			m.invoked[common.Method.Name()] = append(m.invoked[common.Method.Name()], ci)
		}
		c := m.p.asCall(ci, nil)
		if c == nil {
			return
		}
		m.byPath[c.path] = append(m.byPath[c.path], c)
		if key, _, ok := m.setter(c); ok {
			m.kept[key] = append(m.kept[key], ci)
		}
	})
}

// calls returns the calls whose callee lives in one of the clean paths.
func (m *inputs) calls(paths ...string) []*call {
	m.prepare()
	if len(paths) == 1 {
		return m.byPath[paths[0]]
	}
	var out []*call
	for _, path := range paths {
		out = append(out, m.byPath[path]...)
	}
	return out
}

// callees returns the functions of this package that a call may run: the one it
// names, or the methods that implement the interface method it names.
func (m *inputs) callees(ci ssa.CallInstruction) []*ssa.Function {
	common := ci.Common()
	if fn := common.StaticCallee(); fn != nil {
		if fn.Origin() != nil {
			fn = fn.Origin()
		}
		if len(fn.Blocks) > 0 && (fn.Pkg == m.p.ssa.Pkg || fn.Parent() != nil) {
			return []*ssa.Function{fn}
		}
		return nil
	}
	if common.IsInvoke() {
		m.prepare()
		iface, ok := common.Value.Type().Underlying().(*types.Interface)
		if !ok || common.Method.Pkg() != m.p.types {
			return nil
		}
		var out []*ssa.Function
		for _, fn := range m.methods[common.Method.Name()] {
			if len(out) < 4 && types.Implements(fn.Signature.Recv().Type(), iface) {
				out = append(out, fn)
			}
		}
		return out
	}
	// A local function value.
	if fn := m.p.funcOf(common.Value); fn != nil {
		return []*ssa.Function{fn}
	}
	return nil
}

// callSites returns the calls of fn in this package.
func (m *inputs) callSites(fn *ssa.Function) []ssa.CallInstruction {
	m.prepare()
	sites := m.sites[fn]
	if recv := fn.Signature.Recv(); recv != nil && fn.Parent() == nil {
		for _, ci := range m.invoked[fn.Name()] {
			if iface, ok := ci.Common().Value.Type().Underlying().(*types.Interface); ok && types.Implements(recv.Type(), iface) {
				sites = append(slices.Clip(sites), ci)
			}
		}
	}
	return sites
}

// source says what a value is when it is input by itself.
func (m *inputs) source(v ssa.Value) (sourceInfo, token.Pos, bool) {
	switch x := v.(type) {
	case *ssa.Extract:
		if c, ok := x.Tuple.(*ssa.Call); ok {
			return m.callSource(c, x.Index)
		}
	case *ssa.Call:
		return m.callSource(x, 0)
	case *ssa.UnOp:
		if fa, ok := x.X.(*ssa.FieldAddr); ok && x.Op == token.MUL {
			return m.fieldSource(fieldVar(fa), fa.X, fa.X.Type(), x.Pos())
		}
	case *ssa.Field:
		return m.fieldSource(structField(x.X.Type(), x.Field), x.X, x.X.Type(), x.Pos())
	case *ssa.Parameter:
		if m.isMessage(x) {
			return sourceInfo{what: "the request message", medium: fromRPC}, x.Pos(), true
		}
		if m.walked(x) {
			return sourceInfo{what: "a file's name", medium: fromStore}, x.Pos(), true
		}
	}
	return sourceInfo{}, token.NoPos, false
}

func (m *inputs) callSource(c *ssa.Call, result int) (sourceInfo, token.Pos, bool) {
	d := m.p.asCall(c, nil)
	if d == nil {
		return sourceInfo{}, token.NoPos, false
	}
	if d.path == "net/url" && d.callee() == "URL.Query" && m.requestURL(d.on) {
		return sourceInfo{what: "the query string", medium: fromQuery}, c.Pos(), true
	}
	info, ok := sourceCalls[d.path][d.callee()]
	if !ok && d.path == pathFiber && d.recv == "" {
		return sourceInfo{}, token.NoPos, false
	}
	if !ok {
		if result == 0 && isText(c.Type()) && m.helper(d) {
			return sourceInfo{what: fromHelper.words(), medium: fromHelper}, c.Pos(), true
		}
		if d.name == "Recv" && m.isMessageType(c.Type()) && strings.HasSuffix(typeName(d.onType()), "Server") {
			return sourceInfo{what: "the request stream", medium: fromRPC}, c.Pos(), result == 0
		}
		return sourceInfo{}, token.NoPos, false
	}
	if info.result != result && !(result == 1 && d.name == "BasicAuth") && !(d.name == "FormFile" && result < 2) {
		return sourceInfo{}, token.NoPos, false
	}
	switch d.path {
	case "net/http":
		if d.on != nil && !m.incoming(d.on) {
			return sourceInfo{}, token.NoPos, false
		}
	case pathGorilla, "github.com/coder/websocket", "nhooyr.io/websocket":
		if d.on != nil && m.dialled(d.on) {
			info.medium = fromPeer
		}
	}
	info.what = info.medium.words()
	for _, a := range d.args[:min(len(d.args), 2)] {
		if key, ok := constText(a); ok && key != "" && len(key) < 40 {
			info.what = d.medium(info) + " " + printableKey(key)
			break
		}
	}
	return info, c.Pos(), true
}

// helper reports whether a function of another package hands out a named part
// of the request it gets, going by its name.
func (m *inputs) helper(d *call) bool {
	if d.fn.Pkg() == m.p.types || keepers[d.path] || !SplitName(d.name).Has("query", "param", "params", "form", "header", "cookie", "body", "input", "path", "route", "uri") {
		return false
	}
	for _, a := range d.args {
		if isNamed(a.Type(), "net/http", "Request") && m.incoming(a) {
			return true
		}
	}
	return false
}

// medium names one value of a source.
func (c *call) medium(info sourceInfo) string {
	switch {
	case info.medium == fromHeader:
		return "the request header"
	case info.medium == fromCookie:
		return "the cookie"
	case strings.Contains(c.name, "Query"):
		return "the query parameter"
	case strings.Contains(c.name, "Param"), c.name == "PathValue":
		return "the path parameter"
	case info.medium == fromForm || info.medium == fromBody:
		return "the form field"
	}
	return info.medium.words() + ","
}

// printableKey keeps what a key may show in a message.
func printableKey(key string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, key)
}

// onType is the static type of a call's receiver.
func (c *call) onType() types.Type {
	if c.on == nil {
		return types.Typ[types.Invalid]
	}
	return c.on.Type()
}

// requestURL reports whether v is the URL of an incoming request.
func (m *inputs) requestURL(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	return ok && isNamed(fa.X.Type(), "net/http", "Request") && fieldVar(fa).Name() == "URL" && m.incoming(fa.X)
}

func (m *inputs) fieldSource(field *types.Var, base ssa.Value, t types.Type, pos token.Pos) (sourceInfo, token.Pos, bool) {
	n := namedType(t)
	if field == nil || n == nil || n.Obj().Pkg() == nil {
		return sourceInfo{}, token.NoPos, false
	}
	if (field.Name() == "RawQuery" || field.Name() == "Fragment") && m.requestURL(base) {
		return sourceInfo{what: "the query string", medium: fromQuery}, pos, true
	}
	path := m.p.pathOf(n.Obj().Pkg())
	info, ok := sourceFields[path][n.Obj().Name()+"."+field.Name()]
	if !ok || path == "net/http" && !m.incoming(base) || info.medium == fromQueue && !m.received(base) {
		return sourceInfo{}, token.NoPos, false
	}
	info.what = info.medium.words()
	if !pos.IsValid() {
		pos = base.Pos()
	}
	return info, pos, true
}

// received reports whether a message came in, rather than being built here.
func (m *inputs) received(base ssa.Value) bool {
	if al, ok := base.(*ssa.Alloc); ok {
		stores := 0
		for _, r := range *al.Referrers() {
			if s, ok := r.(*ssa.Store); ok && s.Addr == ssa.Value(al) {
				stores++
			}
		}
		return stores > 0
	}
	return true
}

// outgoingWords name functions whose request parameter is one they send.
var outgoingWords = []string{"roundtrip", "round", "transport", "sign", "signer", "send", "retry", "do", "client", "roundtripper"}

// incoming reports whether an *http.Request comes in: it is a parameter of a
// function that is not there to send it, or a framework's.
func (m *inputs) incoming(v ssa.Value) bool {
	m.prepare()
	if known, ok := m.requests[v]; ok {
		return known
	}
	m.requests[v] = false // while it is looked at
	in := m.comesIn(v, 0)
	m.requests[v] = in
	return in
}

func (m *inputs) comesIn(v ssa.Value, depth int) bool {
	if depth > 6 {
		return false
	}
	origins, _ := m.p.origins(v)
	for _, o := range origins {
		switch x := o.v.(type) {
		case *ssa.Parameter:
			fn := outermost(x.Parent())
			if x.Parent() != fn && hasResponseWriter(x.Parent()) {
				return true
			}
			words := SplitName(fn.Name())
			if hasResponseWriter(fn) {
				return true
			}
			if recv := fn.Signature.Recv(); recv != nil {
				words = append(words, SplitName(typeName(recv.Type()))...)
			}
			if !words.Has(outgoingWords...) && !strings.Contains(fn.Signature.String(), "http.Response,") {
				return true
			}
		case *ssa.FreeVar:
			return hasResponseWriter(x.Parent())
		case *ssa.UnOp:
			fa, ok := x.X.(*ssa.FieldAddr)
			if !ok {
				continue
			}
			switch n := typeName(fa.X.Type()); {
			case n == "Response": // the request an answer belongs to
			case !SplitName(n).Has(outgoingWords...):
				return true
			}
		case *ssa.Call:
			d := m.p.asCall(x, nil)
			switch {
			case d == nil:
			case d.path == "net/http" && (d.name == "WithContext" || d.name == "Clone"):
				if m.comesIn(d.on, depth+1) {
					return true
				}
			case d.name == "Request" && d.on != nil, d.callee() == "ReadRequest", d.callee() == "SetURLVars":
				return true
			}
		}
	}
	return false
}

// hasResponseWriter reports whether a function is given a writer beside the
// request.
func hasResponseWriter(fn *ssa.Function) bool {
	for v := range fn.Signature.Params().Variables() {
		if isNamed(v.Type(), "net/http", "ResponseWriter") {
			return true
		}
	}
	return false
}

// isNamed reports whether t, behind pointers, is path.name, for paths that never
// carry a version.
func isNamed(t types.Type, path, name string) bool {
	n := namedType(t)
	return n != nil && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path
}

// dialled reports whether a WebSocket connection was opened by this package, so
// that the other side is a server.
func (m *inputs) dialled(conn ssa.Value) bool {
	m.prepare()
	if known, ok := m.clientFor[conn]; ok {
		return known
	}
	found := false
	origins, _ := m.p.origins(conn)
	for _, o := range origins {
		v := o.v
		if ex, ok := v.(*ssa.Extract); ok {
			v = ex.Tuple
		}
		if c, ok := v.(*ssa.Call); ok {
			if d := m.p.asCall(c, nil); d != nil && strings.HasPrefix(d.name, "Dial") {
				found = true
			}
		}
	}
	m.clientFor[conn] = found
	return found
}

// isMessage reports whether a parameter is the request of an RPC handler: the
// message parameter of a method whose receiver embeds a generated server, or of
// one with the shape of a generated handler whose message type is generated.
func (m *inputs) isMessage(x *ssa.Parameter) bool {
	m.prepare()
	if known, ok := m.messages[x]; ok {
		return known
	}
	m.messages[x] = false
	fn := x.Parent()
	recv := fn.Signature.Recv()
	if recv == nil || fn.Parent() != nil || len(fn.Params) < 2 || fn.Params[0] == x || !m.isMessageType(x.Type()) {
		return false
	}
	params := fn.Signature.Params()
	unary := params.Len() == 2 && isNamed(params.At(0).Type(), "context", "Context") && fn.Signature.Results().Len() == 2 && x == fn.Params[2]
	if unary && m.isMessageType(fn.Signature.Results().At(0).Type()) || !unary && embedsServer(recv.Type()) {
		m.messages[x] = !returnsClient(recv.Type())
	}
	return m.messages[x]
}

func returnsClient(t types.Type) bool { return SplitName(typeName(t)).Has("client") }

// isMessageType reports whether t is a generated protobuf message.
func (m *inputs) isMessageType(t types.Type) bool {
	if tup, ok := t.(*types.Tuple); ok {
		if tup.Len() == 0 {
			return false
		}
		t = tup.At(0).Type()
	}
	if _, ok := t.Underlying().(*types.Pointer); !ok {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "ProtoReflect")
	if obj == nil {
		obj, _, _ = types.LookupFieldOrMethod(t, true, nil, "ProtoMessage")
	}
	_, ok := obj.(*types.Func)
	return ok
}

// embedsServer reports whether a struct embeds a generated "Unimplemented…Server".
func embedsServer(t types.Type) bool {
	n := namedType(t)
	if n == nil {
		return false
	}
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		if name := typeName(f.Type()); f.Embedded() && strings.HasSuffix(name, "Server") && (strings.HasPrefix(name, "Unimplemented") || strings.HasPrefix(name, "Unsafe")) {
			return true
		}
	}
	return false
}

// setter reports the constant key and the value of a call that keeps a value in
// a request's context.
func (m *inputs) setter(c *call) (key string, value ssa.Value, ok bool) {
	switch {
	case c.path == pathGin && c.callee() == "Context.Set", c.path == pathEcho && c.callee() == "Context.Set":
		if len(c.args) == 2 {
			key, ok = keyText(c.args[0])
			return key, c.args[1], ok
		}
	case c.path == pathFiber && c.callee() == "Ctx.Locals" && len(c.args) == 2:
		rest, known := variadic(c.args[1])
		if known && len(rest) == 1 {
			key, ok = keyText(c.args[0])
			return key, rest[0], ok
		}
	case c.path == "context" && c.name == "WithValue" && len(c.args) == 3:
		key, ok = keyText(c.args[1])
		return key, c.args[2], ok
	}
	return "", nil, false
}

// getter reports the constant key of a call that reads a context value.
func (m *inputs) getter(c *call) (key string, ok bool) {
	switch {
	case c.path == pathGin && c.recv == "Context" && (c.name == "Get" || c.name == "MustGet" || c.name == "GetString"),
		c.path == pathEcho && c.callee() == "Context.Get",
		c.path == "context" && c.callee() == "Context.Value":
		if len(c.args) == 1 {
			return keyText(c.args[0])
		}
	case c.path == pathFiber && c.callee() == "Ctx.Locals" && len(c.args) == 2:
		if rest, known := variadic(c.args[1]); known && len(rest) == 0 {
			return keyText(c.args[0])
		}
	}
	return "", false
}

// keyText names a context key: a constant, a variable of the package, or a value
// of a key type.
func keyText(v ssa.Value) (string, bool) {
	v = unwrapInterface(v)
	switch x := v.(type) {
	case *ssa.Const:
		if x.Value != nil {
			return x.Type().String() + " " + x.Value.ExactString(), true
		}
		return x.Type().String(), true
	case *ssa.UnOp:
		if g, ok := x.X.(*ssa.Global); ok {
			return "var " + g.Name(), true
		}
		if _, ok := x.X.(*ssa.Alloc); ok && typeName(x.Type()) != "" {
			return x.Type().String(), true
		}
	case *ssa.Global:
		return "var " + x.Name(), true
	}
	return "", false
}

func unwrapInterface(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		default:
			return v
		}
	}
}
