// Package mkt707near holds pairs for rule MKT707: loggers of libraries and of
// the product itself.
package mkt707near

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
	"k8s.io/klog/v2"
)

// Logger is what the product's packages ask for.
type Logger interface {
	Infof(format string, args ...any)
	Info(args ...any)
	Warn(message string, fields ...any)
}

// Store keeps orders; its Info is not a logger's.
type Store interface {
	Info(name string) string
}

func own(w http.ResponseWriter, r *http.Request, l Logger, s Store) {
	l.Infof("order of %s", r.FormValue("user"))  // want `R MKT707: The form field user becomes part of a log line`
	l.Infof("order of %q", r.FormValue("user"))  // ok: quoted
	l.Info("order of ", r.FormValue("user"))     // want `R MKT707: `
	l.Warn("order", "user", r.FormValue("user")) // ok: a field
	l.Warn("order of " + r.FormValue("user"))    // want `R MKT707: `
	s.Info(r.FormValue("user"))                  // ok: not a logger
}

func entries(c *gin.Context, e *logrus.Entry) {
	e.Logf(logrus.InfoLevel, "order of %s", c.Query("user"))   // want `R MKT707: `
	e.Logf(logrus.InfoLevel, "order of %q", c.Query("user"))   // ok: quoted
	e.Infof("order", c.Query("user"))                          // want `R MKT707: `
	e.WithField("user", c.Query("user")).Info("order")         // ok: a field
	e.WithError(http.ErrNoCookie).Warnln("user", c.Query("u")) // want `R MKT707: `
}

func levels(c *fiber.Ctx, z *zap.SugaredLogger) error {
	klog.Infof("order of %s", c.Query("user"))            // want `R MKT707: `
	klog.V(2).Info("order of ", c.Query("user"))          // want `R MKT707: `
	klog.InfoS("order", "user", c.Query("user"))          // ok: a field
	z.Errorw("order", "user", c.Query("user"))            // ok: a field
	z.Named("orders").Errorf("order of %v", c.Query("u")) // want `R MKT707: `
	return nil
}

func echoed(c echo.Context) error {
	c.Logger().Warn(c.FormValue("user"))                          // want `R MKT707: `
	c.Logger().Infof("agent %s", c.Request().Header.Get("Agent")) // ok: a header's value cannot break a line
	return nil
}
