package gin

import "net/http"

type ResponseWriter interface {
	http.ResponseWriter
	WriteString(s string) (int, error)
}

type RecoveryFunc func(c *Context, err any)

type Error struct {
	Err  error
	Meta any
}

func (e *Error) Error() string { return "" }

const (
	DebugMode   = "debug"
	ReleaseMode = "release"
	TestMode    = "test"
)

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
