// Package mkt105fiber exercises the defaults of fiber's helmet.
package mkt105fiber

import (
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/helmet"
)

func app() *fiber.App {
	a := fiber.New()
	a.Use(helmet.New()) // want `R MKT105: this middleware sends no HSTS header by default`
	return a
}
