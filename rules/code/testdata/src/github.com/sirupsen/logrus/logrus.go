// Package logrus is a stub for tests: only declarations, written by hand.
package logrus

type Fields map[string]any

type Entry struct{}

func WithField(key string, value any) *Entry { return nil }

func WithFields(f Fields) *Entry { return nil }

func Infof(format string, args ...any) {}

func Info(args ...any) {}

func (e *Entry) Info(args ...any) {}

func (e *Entry) Debugf(format string, args ...any) {}
