// Package zerolog is a stub for tests: only declarations, written by hand.
package zerolog

type Event struct{}

type Logger struct{}

func (l *Logger) Info() *Event { return nil }

func (e *Event) Str(key, val string) *Event { return e }

func (e *Event) Msg(msg string) {}

func (e *Event) Msgf(format string, v ...any) {}
