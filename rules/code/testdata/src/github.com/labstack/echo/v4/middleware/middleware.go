// Package middleware is a stub for tests: only declarations, written by hand.
package middleware

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

type Skipper func(c echo.Context) bool

type CSRFConfig struct {
	Skipper        Skipper
	TokenLookup    string
	CookieName     string
	CookieSameSite http.SameSite
	CookieSecure   bool
	ErrorHandler   func(err error, c echo.Context) error
}

type CORSConfig struct {
	Skipper                                  Skipper
	AllowOrigins                             []string
	AllowOriginFunc                          func(origin string) (bool, error)
	AllowMethods                             []string
	AllowCredentials                         bool
	UnsafeWildcardOriginWithAllowCredentials bool
}

func Logger() echo.MiddlewareFunc                     { return nil }
func Recover() echo.MiddlewareFunc                    { return nil }
func CSRF() echo.MiddlewareFunc                       { return nil }
func CSRFWithConfig(c CSRFConfig) echo.MiddlewareFunc { return nil }
func CORS() echo.MiddlewareFunc                       { return nil }
func CORSWithConfig(c CORSConfig) echo.MiddlewareFunc { return nil }
func BasicAuth(fn func(user, pass string, c echo.Context) (bool, error)) echo.MiddlewareFunc {
	return nil
}
func KeyAuth(fn func(key string, c echo.Context) (bool, error)) echo.MiddlewareFunc { return nil }
