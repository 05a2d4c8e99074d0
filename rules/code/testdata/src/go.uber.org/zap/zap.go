// Package zap is a stub for tests: only declarations, written by hand.
package zap

type Logger struct{}

type SugaredLogger struct{}

type Field struct{}

func String(key, value string) Field { return Field{} }

func (l *Logger) Info(msg string, fields ...Field) {}

func (l *Logger) Sugar() *SugaredLogger { return nil }

func (s *SugaredLogger) Infof(template string, args ...any) {}

func (s *SugaredLogger) Infow(msg string, keysAndValues ...any) {}

func NewExample() *Logger { return nil }

func L() *Logger { return nil }

func Any(key string, value any) Field { return Field{} }

func Int(key string, val int) Field { return Field{} }

func Error(err error) Field { return Field{} }

func (l *Logger) Error(msg string, fields ...Field) {}

func (l *Logger) With(fields ...Field) *Logger { return l }

func (s *SugaredLogger) Info(args ...any) {}

func (s *SugaredLogger) With(args ...any) *SugaredLogger { return s }
