// Package fiber is a stub for tests: only declarations, written by hand.
package fiber

type Ctx interface {
	Query(key string, def ...string) string
	Params(key string, def ...string) string
	Bind() *Bind
	Redirect() *Redirect
	SendString(s string) error
}

type Bind struct{}

func (b *Bind) Body(out any) error { return nil }

func (b *Bind) Query(out any) error { return nil }

type Redirect struct{}

func (r *Redirect) To(location string) error { return nil }
