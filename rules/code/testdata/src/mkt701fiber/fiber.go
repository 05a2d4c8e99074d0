// Package mkt701fiber exercises rule MKT701 with fiber and fasthttp.
package mkt701fiber

import (
	"database/sql"
	"errors"
	"fmt"
	"log"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

var db *sql.DB

func handlers(app *fiber.App) {
	app.Get("/a", func(c *fiber.Ctx) error {
		if _, err := db.Exec("x"); err != nil {
			return c.Status(500).JSON(fiber.Map{"error": err.Error()}) // want `V MKT701: .*sql.DB.Exec`
		}
		if err := db.Ping(); err != nil {
			return fiber.NewError(fiber.StatusInternalServerError, err.Error()) // want `V MKT701: .*sql.DB.Ping`
		}
		if err := db.Ping(); err != nil {
			return c.Status(500).SendString(fmt.Sprintf("db: %v", err)) // want `V MKT701: .*sql.DB.Ping`
		}
		return nil
	})
	app.Get("/b", func(c *fiber.Ctx) error {
		var in struct{ Name string }
		if err := c.BodyParser(&in); err != nil {
			return c.Status(400).JSON(fiber.Map{"error": err.Error()}) // ok: what a parser says of the request
		}
		if err := c.QueryParser(&in); err != nil {
			return fiber.NewError(400, err.Error()) // ok: what a parser says of the request
		}
		if err := db.Ping(); err != nil {
			log.Printf("ping: %v", err)
			return fiber.NewError(503, "store is away") // ok: a fixed message
		}
		return c.SendString("ok")
	})
}

func config() fiber.Config {
	return fiber.Config{ErrorHandler: func(c *fiber.Ctx, err error) error {
		code := 500
		msg := "internal error"
		var fe *fiber.Error
		if errors.As(err, &fe) {
			code = fe.Code
			msg = fe.Error()
		}
		return c.Status(code).JSON(fiber.Map{"error": msg}) // ok: worded for the client
	}}
}

func careless() fiber.Config {
	return fiber.Config{ErrorHandler: func(c *fiber.Ctx, err error) error {
		return c.Status(500).SendString(err.Error()) // want `R MKT701: .*parameter err`
	}}
}

func fast(ctx *fasthttp.RequestCtx) {
	if err := db.Ping(); err != nil {
		ctx.Error(err.Error(), 500)             // want `V MKT701: .*sql.DB.Ping`
		ctx.SetBodyString("db " + err.Error())  // want `V MKT701: .*sql.DB.Ping`
		fmt.Fprintf(ctx, "%v", err)             // want `V MKT701: .*sql.DB.Ping`
		ctx.Response.SetBodyString(err.Error()) // want `V MKT701: .*sql.DB.Ping`
		ctx.Error("store is away", 503)         // ok: a fixed message
		log.Print(err)
	}
}
