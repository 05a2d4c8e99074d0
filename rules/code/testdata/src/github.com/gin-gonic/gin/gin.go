// Package gin is a stub for tests: only declarations, written by hand.
package gin

import "mime/multipart"

import "net/http"

type H map[string]any

type HandlerFunc func(*Context)

type Context struct {
	Request *http.Request
	Writer  ResponseWriter
}

func (c *Context) GetHeader(k string) string { return "" }

func (c *Context) Query(k string) string { return "" }

func (c *Context) PostForm(k string) string { return "" }

func (c *Context) Cookie(k string) (string, error) { return "", nil }

func (c *Context) SetCookie(name, value string, maxAge int, path, domain string, secure, httpOnly bool) {
}

func (c *Context) Set(k string, v any) {}

func (c *Context) JSON(code int, v any) {}

func (c *Context) HTML(code int, name string, v any) {}

func (c *Context) Redirect(code int, url string) {}

func (c *Context) ShouldBindJSON(v any) error { return nil }

func (c *Context) Get(k string) (any, bool) { return nil, false }

func (c *Context) GetString(k string) string { return "" }

func (c *Context) MustGet(k string) any { return nil }

func (c *Context) Param(k string) string { return "" }

func (c *Context) Next() {}

func (c *Context) Abort() {}

func (c *Context) AbortWithStatus(code int) {}

func (c *Context) Status(code int) {}

func (c *Context) Header(k, v string) {}

func (c *Context) SetSameSite(s http.SameSite) {}

func (c *Context) ShouldBind(v any) error { return nil }

type Accounts map[string]string

func BasicAuth(a Accounts) HandlerFunc { return nil }

func Logger() HandlerFunc { return nil }

func WrapH(h http.Handler) HandlerFunc { return nil }

type IRouter interface {
	GET(path string, h ...HandlerFunc)
	POST(path string, h ...HandlerFunc)
	Group(path string, h ...HandlerFunc) *RouterGroup
	Use(h ...HandlerFunc)
}

type RouterGroup struct{}

func (g *RouterGroup) PUT(path string, h ...HandlerFunc) {}

func (g *RouterGroup) PATCH(path string, h ...HandlerFunc) {}

func (g *RouterGroup) DELETE(path string, h ...HandlerFunc) {}

func (g *RouterGroup) Any(path string, h ...HandlerFunc) {}

func (g *RouterGroup) Handle(method, path string, h ...HandlerFunc) {}

func (g *RouterGroup) GET(path string, h ...HandlerFunc) {}

func (g *RouterGroup) POST(path string, h ...HandlerFunc) {}

func (g *RouterGroup) Group(path string, h ...HandlerFunc) *RouterGroup { return nil }

func (g *RouterGroup) Use(h ...HandlerFunc) {}

type Engine struct{ RouterGroup }

func (e *Engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

func New() *Engine { return nil }

func Default() *Engine { return nil }

func (e *Engine) Run(addr ...string) error { return nil }

func (c *Context) DefaultQuery(k, d string) string { return "" }

// ResponseWriter is a stub.
type ResponseWriter interface {
	http.ResponseWriter
	WriteString(s string) (int, error)
}

// RecoveryFunc is a stub.
type RecoveryFunc func(c *Context, err any)

// Error is a stub.
type Error struct {
	Err  error
	Meta any
}

func (e *Error) Error() string { return "" }

const DebugMode = "debug"

const ReleaseMode = "release"

const TestMode = "test"

func SetMode(value string) {}

func CustomRecovery(handle RecoveryFunc) HandlerFunc { return nil }

func Recovery() HandlerFunc { return nil }

func (c *Context) IndentedJSON(code int, v any) {}

func (c *Context) AbortWithStatusJSON(code int, v any) {}

func (c *Context) String(code int, format string, values ...any) {}

func (c *Context) Data(code int, contentType string, data []byte) {}

func (c *Context) AbortWithError(code int, err error) *Error { return nil }

func (c *Context) Error(err error) *Error { return nil }

func (c *Context) ShouldBindQuery(v any) error { return nil }

func (c *Context) BindJSON(v any) error { return nil }

func (e *Engine) RunTLS(addr, certFile, keyFile string) error { return nil }

func (e *Engine) RunUnix(file string) error { return nil }

func (c *Context) GetQuery(k string) (string, bool) { return "", false }

func (c *Context) GetRawData() ([]byte, error) { return nil, nil }

func (c *Context) ShouldBindUri(v any) error { return nil }

func (c *Context) FormFile(name string) (*multipart.FileHeader, error) { return nil, nil }

func (c *Context) SaveUploadedFile(f *multipart.FileHeader, dst string) error { return nil }

func (c *Context) File(path string) {}
