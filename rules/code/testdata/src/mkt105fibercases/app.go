// Package mkt105fibercases configures fiber's helmet and forgets the age.
package mkt105fibercases

import (
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/helmet"
)

func newApp() *fiber.App {
	app := fiber.New()
	app.Use(helmet.New(helmet.Config{XFrameOptions: "DENY"})) // want `^R MKT105: `
	return app
}
