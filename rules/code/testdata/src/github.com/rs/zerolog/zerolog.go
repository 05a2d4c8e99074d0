// Package zerolog is a stub for tests: only declarations, written by hand.
package zerolog

type Logger struct{}

type Event struct{}

type Context struct{}

func (l *Logger) Info() *Event { return nil }

func (l Logger) With() Context { return Context{} }

func (c Context) Str(key, val string) Context { return c }

func (c Context) Logger() Logger { return Logger{} }

func (e *Event) Str(key, val string) *Event { return e }

func (e *Event) Int(key string, i int) *Event { return e }

func (e *Event) Err(err error) *Event { return e }

func (e *Event) Interface(key string, i any) *Event { return e }

func (e *Event) Msg(msg string) {}

func (e *Event) Msgf(format string, v ...any) {}
