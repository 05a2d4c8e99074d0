package fasthttp

type Response struct{ Header ResponseHeader }

type ResponseHeader struct{}

func (h *ResponseHeader) Set(key, value string) {}

func (r *Response) SetBodyString(s string) {}

func (ctx *RequestCtx) Error(msg string, code int) {}

func (ctx *RequestCtx) SetStatusCode(code int) {}

func (ctx *RequestCtx) SetBodyString(s string) {}

func (ctx *RequestCtx) Write(p []byte) (int, error) { return 0, nil }

func (ctx *RequestCtx) WriteString(s string) (int, error) { return 0, nil }

type Server struct {
	Handler RequestHandler
	Name    string
}

func (s *Server) ListenAndServe(addr string) error { return nil }

func (s *Server) ListenAndServeTLS(addr, certFile, keyFile string) error { return nil }

func ListenAndServeTLS(addr, certFile, keyFile string, h RequestHandler) error { return nil }

func ListenAndServeUNIX(addr string, mode uint32, h RequestHandler) error { return nil }
