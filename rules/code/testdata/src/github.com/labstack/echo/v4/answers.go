package echo

import "net/http"

type Response struct {
	Writer http.ResponseWriter
}

func (r *Response) Header() http.Header { return nil }

func (r *Response) WriteHeader(code int) {}

func (r *Response) Write(b []byte) (int, error) { return 0, nil }

type Logger interface {
	Error(i ...any)
	Errorf(format string, args ...any)
}

func (e *Echo) StartTLS(addr string, certFile, keyFile any) error { return nil }

func (e *Echo) StartAutoTLS(addr string) error { return nil }

func (e *Echo) StartServer(s *http.Server) error { return nil }

const (
	HeaderStrictTransportSecurity = "Strict-Transport-Security"
	HeaderXFrameOptions           = "X-Frame-Options"
	HeaderContentSecurityPolicy   = "Content-Security-Policy"
	HeaderReferrerPolicy          = "Referrer-Policy"
)

func (e *HTTPError) SetInternal(err error) *HTTPError { return e }
