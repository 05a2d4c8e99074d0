// Package fiber is a stub for tests: only declarations, written by hand.
package fiber

type Map map[string]any

type Handler = func(*Ctx) error

type Ctx struct{}

func (c *Ctx) Query(key string, defaultValue ...string) string { return "" }

func (c *Ctx) Get(key string, defaultValue ...string) string { return "" }

func (c *Ctx) JSON(data any) error { return nil }

func (c *Ctx) QueryParser(out any) error { return nil }

func (c *Ctx) BodyParser(out any) error { return nil }
