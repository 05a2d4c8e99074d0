// Package mkt401known logs secrets through logr and spans of opentracing.
package mkt401known

import (
	"github.com/go-logr/logr"
	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"
)

func lines(l logr.Logger, span opentracing.Span, apiToken string) {
	l.Info("call", "token", apiToken)                  // want `^V MKT401: apiToken reaches`
	l.WithValues("token", apiToken).Info("call")       // want `^V MKT401: apiToken reaches`
	span.LogFields(log.String("token", apiToken))      // want `^V MKT401: apiToken reaches`
	span.LogKV("token", apiToken)                      // want `^V MKT401: apiToken reaches`
	span.SetTag("token", apiToken)                     // want `^V MKT401: apiToken reaches`
	l.Info("call", "set", apiToken != "")              // ok: whether there is one
	l.WithValues("token", mask(apiToken)).Info("call") // ok: masked
	span.LogFields(log.Int("token", len(apiToken)))    // ok: its length
	span.LogKV("event", "token refreshed")             // ok: a constant
	span.SetTag("token", mask(apiToken))               // ok: masked
}

func mask(s string) string { return s[:2] + "****" }
