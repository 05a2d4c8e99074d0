// Package fasthttp is a stub for tests: only declarations, written by hand.
package fasthttp

type Request struct{}

func (r *Request) SetRequestURI(u string) {}

func Get(dst []byte, url string) (int, []byte, error) { return 0, nil, nil }

type RequestCtx struct{ Response Response }

type RequestHandler func(ctx *RequestCtx)

func ListenAndServe(addr string, h RequestHandler) error { return nil }
