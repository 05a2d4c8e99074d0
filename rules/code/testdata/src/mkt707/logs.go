// Package mkt707 exercises rule MKT707.
package mkt707

import (
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
	"github.com/rs/zerolog"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
)

func bad(c *gin.Context, z *zap.Logger, l *zerolog.Logger) {
	logrus.Infof("login of %s", c.Query("user"))           // want `R MKT707: The query parameter user becomes part of a log line`
	logrus.Info("login of ", c.Query("user"))              // want `R MKT707: `
	logrus.WithField("a", 1).Errorf("no %v", c.Query("a")) // want `R MKT707: `
	z.Info("login of " + c.Query("user"))                  // want `R MKT707: `
	z.Sugar().Infof("login of %s", c.Query("user"))        // want `R MKT707: `
	z.Sugar().Infow("login of "+c.Query("user"), "a", 1)   // want `R MKT707: `
	l.Info().Msg("login of " + c.Query("user"))            // want `R MKT707: `
	l.Info().Msgf("login of %s", c.Query("user"))          // want `R MKT707: `
}

func badEcho(c echo.Context) error {
	c.Logger().Infof("login of %s", c.QueryParam("user")) // want `R MKT707: `
	return nil
}

func fine(c *gin.Context, z *zap.Logger, l *zerolog.Logger) {
	logrus.WithField("user", c.Query("user")).Info("login")
	logrus.Infof("login of %q", c.Query("user"))
	logrus.Infof("%d bytes", len(c.Query("user")))
	logrus.Info("login of ", strings.ReplaceAll(c.Query("user"), "\n", " "))
	z.Info("login", zap.String("user", c.Query("user")))
	z.Sugar().Infow("login", "user", c.Query("user"))
	l.Info().Str("user", c.Query("user")).Msg("login")
	l.Info().Msgf("login %d", len(c.Query("user")))
}
