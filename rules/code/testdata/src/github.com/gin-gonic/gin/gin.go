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

type RouterGroup struct{}

func (g *RouterGroup) GET(path string, h ...HandlerFunc) {}

func (g *RouterGroup) POST(path string, h ...HandlerFunc) {}

func (g *RouterGroup) Group(path string, h ...HandlerFunc) *RouterGroup { return nil }

func (g *RouterGroup) Use(h ...HandlerFunc) {}

type Engine struct{ RouterGroup }

func New() *Engine { return nil }

func Default() *Engine { return nil }

func (e *Engine) Run(addr ...string) error { return nil }

func (c *Context) DefaultQuery(k, d string) string { return "" }
