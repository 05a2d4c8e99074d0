// Package mkt508half holds checks that stand on one of two ways.
package mkt508half

import (
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"github.com/valyala/fasthttp"
)

func trimmed(c *gin.Context) {
	u := c.Query("u")
	target := u
	if u != "https://api.partner.io/" {
		target = strings.TrimSpace(u)
	}
	fasthttp.Get(nil, target) // want `V MKT508: The query parameter u chooses the host`
}

func both(c echo.Context) error {
	u := c.QueryParam("u")
	if u != "https://a.partner.io/" && u != "https://b.partner.io/" {
		u = "https://partner.io/"
	}
	_, _, err := fasthttp.Get(nil, u) // ok: one of three texts
	return err
}

// The check is made of a copy, and the other copy is used on the second way.
func copies(c *fiber.Ctx) error {
	next := c.Query("u")
	if strings.HasPrefix(next, "https://api.partner.io/") {
		if _, _, err := fasthttp.Get(nil, next); err != nil { // ok: checked on the way here
			return err
		}
	}
	_, _, err := fasthttp.Get(nil, next) // want `V MKT508: `
	return err
}
