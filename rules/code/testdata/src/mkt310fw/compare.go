// Package mkt310fw compares what echo hands out.
package mkt310fw

import (
	"crypto/subtle"

	"github.com/labstack/echo/v4"
	five "github.com/labstack/echo/v5"
)

type config struct{ apiKey string }

func (c *config) key(e echo.Context) bool {
	return e.Request().Header.Get("X-Api-Key") == c.apiKey // want `^R MKT310`
}

func (c *config) query(e echo.Context) bool {
	return e.QueryParam("api_key") == c.apiKey // want `^R MKT310`
}

func (c *config) five(e *five.Context) bool {
	return e.QueryParam("api_key") == c.apiKey // want `^R MKT310`
}

func (c *config) constant(e echo.Context) bool {
	return subtle.ConstantTimeCompare([]byte(e.QueryParam("api_key")), []byte(c.apiKey)) == 1 // ok: constant time
}

func (c *config) page(e echo.Context) bool {
	return e.QueryParam("page") == "1" // ok: no secret
}
