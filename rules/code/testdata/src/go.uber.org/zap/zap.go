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
