// Package mkt105echo exercises the defaults of header middleware.
package mkt105echo

import (
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/unrolled/secure"
)

func server() *echo.Echo {
	e := echo.New()
	e.Use(middleware.Secure())                                                         // want `R MKT105: this middleware sends no HSTS header by default`
	e.Use(middleware.SecureWithConfig(middleware.SecureConfig{XFrameOptions: "DENY"})) // want `R MKT105: HSTSMaxAge is not set, so no HSTS header is sent`
	secure.New(secure.Options{FrameDeny: true})                                        // want `R MKT105: STSSeconds is not set`
	return e
}
