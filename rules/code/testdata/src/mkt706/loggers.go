package mkt706

import (
	"io"
	"log"
	"log/slog"
	"os"

	"github.com/rs/zerolog"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap/zapcore"
)

func standard() {
	log.SetFlags(0)                                // want `^R MKT706: these flags leave the time out`
	log.SetFlags(log.Lshortfile | log.Lmsgprefix)  // want `^R MKT706`
	log.New(os.Stderr, "app ", 0).Print("started") // want `^R MKT706`
}

func zap(preset *zapcore.EncoderConfig) {
	preset.TimeKey = ""                                                             // want `^R MKT706: an empty TimeKey`
	zapcore.NewJSONEncoder(zapcore.EncoderConfig{MessageKey: "msg", LevelKey: "l"}) // want `^R MKT706: this encoder has no TimeKey`
	zapcore.NewJSONEncoder(zapcore.EncoderConfig{MessageKey: "msg", TimeKey: ""})   // want `^R MKT706: an empty TimeKey`
}

func zero() zerolog.Logger {
	return zerolog.New(os.Stdout) // want `^R MKT706: this logger writes no time`
}

func slogs() slog.Handler {
	return slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr { // want `^R MKT706: ReplaceAttr drops the time`
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})
}

func rus() {
	logrus.SetFormatter(&logrus.TextFormatter{DisableTimestamp: true}) // want `^R MKT706: DisableTimestamp`
}

// Near misses.
func good(flags int) {
	log.SetFlags(log.LstdFlags | log.LUTC)                                                   // ok: date and time
	log.SetFlags(log.Ltime)                                                                  // ok: the time
	log.SetFlags(flags)                                                                      // ok: not known
	log.New(io.Discard, "", 0).Print("nowhere")                                              // ok: written nowhere
	zapcore.NewJSONEncoder(zapcore.EncoderConfig{MessageKey: "msg", TimeKey: "ts"})          // ok: the time has a name
	logrus.SetFormatter(&logrus.TextFormatter{FullTimestamp: true, DisableTimestamp: false}) // ok: it stays on
	slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			a.Key = "ts"
		}
		return a
	}})
	slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if a.Key == "password" {
			return slog.Attr{}
		}
		return a
	}})
}

type adapter struct{ to *slog.Logger }

func (a adapter) Write(b []byte) (int, error) {
	a.to.Error(string(b))
	return len(b), nil
}

// The other logger adds the time.
func adapted(to *slog.Logger) *log.Logger { return log.New(adapter{to}, "", 0) } // ok: the other logger adds the time
