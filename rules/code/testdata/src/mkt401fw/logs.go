// Package mkt401fw logs secrets with other libraries.
package mkt401fw

import (
	"github.com/getsentry/sentry-go"
	"github.com/gofiber/fiber/v2/log"
	"github.com/golang/glog"
	"github.com/hashicorp/go-hclog"
	"github.com/labstack/echo/v4"
)

func lines(c echo.Context, h hclog.Logger, apiToken string) {
	glog.Infof("token %s", apiToken)               // want `^V MKT401: apiToken reaches`
	h.Info("call", "token", apiToken)              // want `^V MKT401: apiToken reaches`
	c.Logger().Infof("token %s", apiToken)         // want `^V MKT401: apiToken reaches`
	log.Infof("token %s", apiToken)                // want `^V MKT401: apiToken reaches`
	sentry.CaptureMessage("token " + apiToken)     // want `^V MKT401: apiToken reaches`
	glog.Infof("token of %d bytes", len(apiToken)) // ok: its length
	h.Info("call", "token", mask(apiToken))        // ok: masked
	c.Logger().Infof("tokenizer %v", true)         // ok: no token
	log.Infof("token set: %v", apiToken != "")     // ok: whether there is one
}

func mask(s string) string { return s[:2] + "****" }
