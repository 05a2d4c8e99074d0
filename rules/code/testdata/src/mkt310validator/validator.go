// Package mkt310validator compares keys that a middleware has read.
package mkt310validator

import (
	"crypto/subtle"
	"os"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/keyauth"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

func echoKeys() []echo.MiddlewareFunc {
	return []echo.MiddlewareFunc{
		middleware.KeyAuth(func(key string, c echo.Context) (bool, error) {
			return key == os.Getenv("API_KEY"), nil // want `^R MKT310: a secret from the request is compared`
		}),
		middleware.KeyAuthWithConfig(middleware.KeyAuthConfig{Validator: func(key string, c echo.Context) (bool, error) {
			return subtle.ConstantTimeCompare([]byte(key), []byte(os.Getenv("API_KEY"))) == 1, nil // ok: in constant time
		}}),
	}
}

func known(c *fiber.Ctx, key string) (bool, error) {
	if key == os.Getenv("API_KEY") { // want `^R MKT310: a secret from the request is compared`
		return true, nil
	}
	return false, keyauth.ErrMissingOrMalformedAPIKey
}

func fiberKeys() fiber.Handler { return keyauth.New(keyauth.Config{Validator: known}) }

func sent(c *fiber.Ctx, key string) (bool, error) {
	return key != "", nil // ok: only whether there is one
}
