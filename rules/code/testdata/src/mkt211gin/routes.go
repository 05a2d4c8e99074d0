// Package mkt211gin lists routes of gin, echo and fiber for rule MKT211.
package mkt211gin

import (
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
)

func serveGin(list, add gin.HandlerFunc) {
	r := gin.New()
	v1 := r.Group("/v1")
	v1.GET("/orders/:id", list) // want `^R MKT211: the code serves GET /v1/orders/:id$`
	v1.Any("/files/*path", add) // want `^R MKT211: the code serves /v1/files/\*path$`
	r.Run(":8080")
}

func serveEcho(list echo.HandlerFunc) {
	e := echo.New()
	e.POST("/orders", list) // want `^R MKT211: the code serves POST /orders$`
	e.Start(":8080")
}

func serveFiber(list fiber.Handler) {
	app := fiber.New()
	app.Get("/orders/:id?", list) // want `^R MKT211: the code serves GET /orders/:id\?$`
	app.Listen(":8080")
}
