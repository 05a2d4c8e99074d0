package fiber

func (c *Ctx) Send(body []byte) error { return nil }

func (c *Ctx) Write(p []byte) (int, error) { return 0, nil }

func (c *Ctx) WriteString(s string) (int, error) { return 0, nil }

func (c *Ctx) Writef(format string, a ...any) (int, error) { return 0, nil }

func (c *Ctx) QueryParser(out any) error { return nil }

func (a *App) ListenTLS(addr, certFile, keyFile string) error { return nil }

const (
	HeaderStrictTransportSecurity = "Strict-Transport-Security"
	HeaderXFrameOptions           = "X-Frame-Options"
	HeaderContentSecurityPolicy   = "Content-Security-Policy"
	HeaderReferrerPolicy          = "Referrer-Policy"
)

const StatusInternalServerError = 500
