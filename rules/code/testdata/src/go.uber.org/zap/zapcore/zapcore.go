// Package zapcore is a stub for tests: only declarations, written by hand.
package zapcore

type EncoderConfig struct{ MessageKey, LevelKey, TimeKey string }

type Encoder interface{ Clone() Encoder }

func NewJSONEncoder(c EncoderConfig) Encoder { return nil }
