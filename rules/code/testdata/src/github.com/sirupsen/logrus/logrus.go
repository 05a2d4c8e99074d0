// Package logrus is a stub for tests: only declarations, written by hand.
package logrus

type Entry struct{}

func Info(args ...any) {}

func Infof(format string, args ...any) {}

func WithField(key string, value any) *Entry { return nil }

func (e *Entry) Info(args ...any) {}

func (e *Entry) Errorf(format string, args ...any) {}

// Fields is a stub.
type Fields map[string]any

func WithFields(f Fields) *Entry { return nil }

func (e *Entry) Debugf(format string, args ...any) {}
