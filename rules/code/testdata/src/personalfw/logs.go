// Package personalfw logs personal data through libraries.
package personalfw

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/getsentry/sentry-go"
	"github.com/go-logr/logr"
	"github.com/golang/glog"
	"github.com/rs/zerolog"
	"github.com/sirupsen/logrus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/zap"
	"k8s.io/klog/v2"
)

type contact struct{ ID, Email string }

func leaks(ctx context.Context, c contact, z *zap.Logger, e zerolog.Logger, l logr.Logger) {
	slog.Info("invited", "email", c.Email)                                       // want `^R MKT402`
	z.Info("invited", zap.String("email", c.Email))                              // want `^R MKT402`
	z.Sugar().Infow("invited", "email", c.Email)                                 // want `^R MKT402`
	e.Info().Str("email", c.Email).Msg("invited")                                // want `^R MKT402`
	logrus.WithField("email", c.Email).Info("invited")                           // want `^R MKT402`
	klog.InfoS("invited", "email", c.Email)                                      // want `^R MKT402`
	glog.Infof("invited %s", c.Email)                                            // want `^R MKT402`
	l.Info("invited", "email", c.Email)                                          // want `^R MKT402`
	trace.SpanFromContext(ctx).SetAttributes(attribute.String("email", c.Email)) // want `^R MKT402`
	sentry.CaptureMessage(fmt.Sprintf("invited %s", c.Email))                    // want `^R MKT402`
	slog.Info("invited", "contact", c.ID)                                        // ok: an id
	z.Info("invited", zap.Bool("email", c.Email != ""))                          // ok: whether there is one
	e.Info().Int("email", len(c.Email)).Msg("invited")                           // ok: its length
	logrus.WithField("email", maskEmail(c.Email)).Info("invited")                // ok: masked
	klog.InfoS("invited", "contact", c.ID)                                       // ok: an id
	glog.Infof("emails sent: %d", 3)                                             // ok: a count
	l.Info("invited", "email", redact(c.Email))                                  // ok: redacted
	trace.SpanFromContext(ctx).SetAttributes(attribute.String("contact", c.ID))  // ok: an id
	sentry.CaptureMessage("an e-mail could not be sent")                         // ok: a constant
}

func maskEmail(s string) string { return s[:1] + "***" }

func redact(string) string { return "***" }
