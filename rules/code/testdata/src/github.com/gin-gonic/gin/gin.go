// Package gin is a stub for tests: only declarations, written by hand.
package gin

import "net/http"

type H map[string]any

type HandlerFunc func(*Context)

type Context struct {
	Request *http.Request
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
