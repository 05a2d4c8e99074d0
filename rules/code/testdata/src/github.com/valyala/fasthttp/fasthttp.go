// Package fasthttp is a stub for tests: only declarations, written by hand.
package fasthttp

type Request struct{}

func (r *Request) SetRequestURI(u string) {}

func Get(dst []byte, url string) (int, []byte, error) { return 0, nil, nil }

type RequestCtx struct{ Response Response }

type RequestHandler func(ctx *RequestCtx)

func ListenAndServe(addr string, h RequestHandler) error { return nil }

// Response is a stub.
type Response struct{ Header ResponseHeader }

// ResponseHeader is a stub.
type ResponseHeader struct{}

func (h *ResponseHeader) Set(key, value string) {}

func (r *Response) SetBodyString(s string) {}

func (ctx *RequestCtx) Error(msg string, code int) {}

func (ctx *RequestCtx) SetStatusCode(code int) {}

func (ctx *RequestCtx) SetBodyString(s string) {}

func (ctx *RequestCtx) Write(p []byte) (int, error) { return 0, nil }

func (ctx *RequestCtx) WriteString(s string) (int, error) { return 0, nil }

// Server is a stub.
type Server struct {
	Handler RequestHandler
	Name    string
}

func (s *Server) ListenAndServe(addr string) error { return nil }

func (s *Server) ListenAndServeTLS(addr, certFile, keyFile string) error { return nil }

func ListenAndServeTLS(addr, certFile, keyFile string, h RequestHandler) error { return nil }

func ListenAndServeUNIX(addr string, mode uint32, h RequestHandler) error { return nil }

// Args is a stub.
type Args struct{}

func (a *Args) Peek(key string) []byte { return nil }

func (ctx *RequestCtx) QueryArgs() *Args { return nil }

func (ctx *RequestCtx) PostBody() []byte { return nil }

func (ctx *RequestCtx) SetContentType(t string) {}

func (ctx *RequestCtx) Redirect(uri string, code int) {}
