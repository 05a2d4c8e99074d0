package fasthttp

type Args struct{}

func (a *Args) Peek(key string) []byte { return nil }

func (ctx *RequestCtx) QueryArgs() *Args { return nil }

func (ctx *RequestCtx) PostBody() []byte { return nil }

func (ctx *RequestCtx) SetContentType(t string) {}

func (ctx *RequestCtx) WriteString(s string) (int, error) { return 0, nil }

func (ctx *RequestCtx) Redirect(uri string, code int) {}
