// Package fiber is a stub for tests: only declarations, written by hand.
package fiber

import "time"

type Handler = func(*Ctx) error

type Map map[string]any

type Ctx struct{}

func (c *Ctx) Next() error                                   { return nil }
func (c *Ctx) Get(key string, def ...string) string          { return "" }
func (c *Ctx) Query(key string, def ...string) string        { return "" }
func (c *Ctx) Params(key string, def ...string) string       { return "" }
func (c *Ctx) FormValue(key string, def ...string) string    { return "" }
func (c *Ctx) Cookies(key string, def ...string) string      { return "" }
func (c *Ctx) Cookie(k *Cookie)                              {}
func (c *Ctx) ClearCookie(key ...string)                     {}
func (c *Ctx) Set(key, val string)                           {}
func (c *Ctx) Locals(key any, value ...any) any              { return nil }
func (c *Ctx) Body() []byte                                  { return nil }
func (c *Ctx) BodyParser(out any) error                      { return nil }
func (c *Ctx) JSON(v any) error                              { return nil }
func (c *Ctx) SendStatus(status int) error                   { return nil }
func (c *Ctx) SendString(s string) error                     { return nil }
func (c *Ctx) Status(status int) *Ctx                        { return c }
func (c *Ctx) Redirect(location string, status ...int) error { return nil }

type Cookie struct {
	Name, Value, Path, Domain string
	MaxAge                    int
	Expires                   time.Time
	Secure, HTTPOnly          bool
	SameSite                  string
	SessionOnly               bool
}

type Router interface {
	Use(args ...any) Router
	Get(path string, h ...Handler) Router
	Post(path string, h ...Handler) Router
	Put(path string, h ...Handler) Router
	Delete(path string, h ...Handler) Router
	All(path string, h ...Handler) Router
	Add(method, path string, h ...Handler) Router
	Group(prefix string, h ...Handler) Router
	Route(prefix string, fn func(router Router), name ...string) Router
}

type App struct{}

type Config struct {
	ErrorHandler func(c *Ctx, err error) error
}

func New(config ...Config) *App { return nil }

func (a *App) Use(args ...any) Router                                             { return nil }
func (a *App) Get(path string, h ...Handler) Router                               { return nil }
func (a *App) Post(path string, h ...Handler) Router                              { return nil }
func (a *App) Put(path string, h ...Handler) Router                               { return nil }
func (a *App) Delete(path string, h ...Handler) Router                            { return nil }
func (a *App) All(path string, h ...Handler) Router                               { return nil }
func (a *App) Add(method, path string, h ...Handler) Router                       { return nil }
func (a *App) Group(prefix string, h ...Handler) Router                           { return nil }
func (a *App) Route(prefix string, fn func(router Router), name ...string) Router { return nil }
func (a *App) Mount(prefix string, sub *App) Router                               { return nil }
func (a *App) Listen(addr string) error                                           { return nil }

var ErrUnauthorized error

func NewError(code int, msg ...string) error { return nil }

func (c *Ctx) QueryParser(out any) error { return nil }

// Error is a stub.
type Error struct {
	Code    int
	Message string
}

func (e *Error) Error() string { return e.Message }

func (c *Ctx) Send(body []byte) error { return nil }

func (c *Ctx) Write(p []byte) (int, error) { return 0, nil }

func (c *Ctx) WriteString(s string) (int, error) { return 0, nil }

func (c *Ctx) Writef(format string, a ...any) (int, error) { return 0, nil }

func (a *App) ListenTLS(addr, certFile, keyFile string) error { return nil }

const HeaderStrictTransportSecurity = "Strict-Transport-Security"

const HeaderXFrameOptions = "X-Frame-Options"

const HeaderContentSecurityPolicy = "Content-Security-Policy"

const HeaderReferrerPolicy = "Referrer-Policy"

const StatusInternalServerError = 500

func (c *Ctx) Type(extension string, charset ...string) *Ctx { return c }

func (c *Ctx) SendFile(file string, compress ...bool) error { return nil }

func (c *Ctx) QueryInt(key string, def ...int) int { return 0 }
