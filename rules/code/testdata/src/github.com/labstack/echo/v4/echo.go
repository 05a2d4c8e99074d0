// Package echo is a stub for tests: only declarations, written by hand.
package echo

import "net/http"

type (
	HandlerFunc    func(c Context) error
	MiddlewareFunc func(next HandlerFunc) HandlerFunc
	Map            map[string]any
)

type Context interface {
	Request() *http.Request
	Get(key string) any
	Set(key string, v any)
	Param(name string) string
	QueryParam(name string) string
	FormValue(name string) string
	Cookie(name string) (*http.Cookie, error)
	SetCookie(c *http.Cookie)
	Bind(v any) error
	JSON(code int, v any) error
	String(code int, s string) error
	NoContent(code int) error
	Redirect(code int, url string) error
	HTML(code int, html string) error
	Blob(code int, contentType string, b []byte) error
	File(file string) error
	Response() *Response
	Logger() Logger

	JSONPretty(code int, i any, indent string) error

	Render(code int, name string, data any) error
	Validate(v any) error
}

type Response struct{ Writer http.ResponseWriter }

func (r *Response) Header() http.Header { return nil }

func (r *Response) Write(b []byte) (int, error) { return 0, nil }

func (r *Response) WriteHeader(code int) {}

type Logger interface {
	Infof(format string, args ...any)

	Error(i ...any)
	Errorf(format string, args ...any)
}

type Route struct{}

type Echo struct {
	Debug            bool
	HTTPErrorHandler func(err error, c Context)
}

func New() *Echo { return nil }

func (e *Echo) Use(m ...MiddlewareFunc)                                            {}
func (e *Echo) Pre(m ...MiddlewareFunc)                                            {}
func (e *Echo) GET(path string, h HandlerFunc, m ...MiddlewareFunc) *Route         { return nil }
func (e *Echo) POST(path string, h HandlerFunc, m ...MiddlewareFunc) *Route        { return nil }
func (e *Echo) PUT(path string, h HandlerFunc, m ...MiddlewareFunc) *Route         { return nil }
func (e *Echo) DELETE(path string, h HandlerFunc, m ...MiddlewareFunc) *Route      { return nil }
func (e *Echo) Add(method, path string, h HandlerFunc, m ...MiddlewareFunc) *Route { return nil }
func (e *Echo) Group(prefix string, m ...MiddlewareFunc) *Group                    { return nil }
func (e *Echo) Start(addr string) error                                            { return nil }
func (e *Echo) ServeHTTP(w http.ResponseWriter, r *http.Request)                   {}

type Group struct{}

func (g *Group) Use(m ...MiddlewareFunc)                                       {}
func (g *Group) GET(path string, h HandlerFunc, m ...MiddlewareFunc) *Route    { return nil }
func (g *Group) POST(path string, h HandlerFunc, m ...MiddlewareFunc) *Route   { return nil }
func (g *Group) PUT(path string, h HandlerFunc, m ...MiddlewareFunc) *Route    { return nil }
func (g *Group) DELETE(path string, h HandlerFunc, m ...MiddlewareFunc) *Route { return nil }
func (g *Group) Group(prefix string, m ...MiddlewareFunc) *Group               { return nil }

type HTTPError struct {
	Code     int
	Message  any
	Internal error
}

func (e *HTTPError) Error() string { return "" }

func NewHTTPError(code int, msg ...any) *HTTPError { return nil }

func WrapHandler(h http.Handler) HandlerFunc { return nil }

var ErrUnauthorized = NewHTTPError(401)

func (e *Echo) StartTLS(addr string, certFile, keyFile any) error { return nil }

func (e *Echo) StartAutoTLS(addr string) error { return nil }

func (e *Echo) StartServer(s *http.Server) error { return nil }

const HeaderStrictTransportSecurity = "Strict-Transport-Security"

const HeaderXFrameOptions = "X-Frame-Options"

const HeaderContentSecurityPolicy = "Content-Security-Policy"

const HeaderReferrerPolicy = "Referrer-Policy"

func (e *HTTPError) SetInternal(err error) *HTTPError { return e }
