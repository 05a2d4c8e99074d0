package fiber

func (c *Ctx) Type(extension string, charset ...string) *Ctx { return c }

func (c *Ctx) SendFile(file string, compress ...bool) error { return nil }

func (c *Ctx) QueryInt(key string, def ...int) int { return 0 }

func (c *Ctx) QueryParser(out any) error { return nil }
