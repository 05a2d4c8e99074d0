// Package mkt504fw redirects with the second generations of frameworks.
package mkt504fw

import (
	"strings"

	"github.com/gofiber/fiber/v3"
	"github.com/labstack/echo/v5"
)

func five(c *echo.Context) error {
	return c.Redirect(302, c.QueryParam("next")) // want `^V MKT504`
}

func fiveOr(c *echo.Context) error {
	return c.Redirect(302, c.QueryParamOr("next", "/")) // want `^V MKT504`
}

func fiveOwn(c *echo.Context) error {
	return c.Redirect(302, "/items/"+c.Param("id")) // ok: its own path
}

func three(c fiber.Ctx) error {
	return c.Redirect().To(c.Query("next")) // want `^V MKT504`
}

func threeOwn(c fiber.Ctx) error {
	next := c.Query("next")
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.Contains(next, `\`) {
		next = "/"
	}
	return c.Redirect().To(next) // ok: a path of this site
}
