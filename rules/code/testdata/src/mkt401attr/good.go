// Package mkt401attr masks attributes in its handler.
package mkt401attr

import (
	"log/slog"
	"os"
)

func logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if a.Key == "token" {
			return slog.String("token", "***")
		}
		return a
	}}))
}

func use(token string) {
	logger().Info("x", "token", token)              // ok: ReplaceAttr masks it
	logger().Info("x", slog.String("token", token)) // ok: ReplaceAttr masks it
}
