package mkt502frameworks

import (
	"strings"

	"app.example.io/store"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	fibercsrf "github.com/gofiber/fiber/v2/middleware/csrf"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

var db store.Store

func echoSkips() echo.MiddlewareFunc {
	return middleware.CSRFWithConfig(middleware.CSRFConfig{
		Skipper: func(c echo.Context) bool { // want `^V MKT502: the skipper lets requests pass by their content type`
			return strings.HasPrefix(c.Request().Header.Get("Content-Type"), "application/json")
		},
	})
}

func echoSkipsAll() echo.MiddlewareFunc {
	return middleware.CSRFWithConfig(middleware.CSRFConfig{Skipper: func(c echo.Context) bool { return true }}) // want `^V MKT502: the skipper takes every request out`
}

func echoBuilt(e *echo.Echo) {
	_ = middleware.CSRF() // want `^V MKT502: the middleware is built here and never put before a handler`
	e.Use(middleware.Logger())
}

func fiberContinues() fiber.Handler {
	return fibercsrf.New(fibercsrf.Config{
		ErrorHandler: func(c *fiber.Ctx, err error) error { return c.Next() }, // want `^V MKT502: the failure handler goes on`
	})
}

func fiberSkips() fiber.Handler {
	return fibercsrf.New(fibercsrf.Config{Next: func(c *fiber.Ctx) bool { return c.Get("Content-Type") == "application/json" }}) // want `^V MKT502: the skipper lets requests pass`
}

func ginDelete(c *gin.Context) {
	if _, err := c.Cookie("session"); err != nil {
		return
	}
	db.Delete(c.Request.Context(), c.Param("id"))
}

func ginServer() {
	r := gin.New()
	r.GET("/remove/:id", ginDelete) // want `^V MKT502: GET /remove/:id changes state \(delete\) on GET`
	r.DELETE("/items/:id", ginDelete)
	r.Run()
}

// From here on nothing is wrong.

func echoWired(e *echo.Echo) {
	e.Use(middleware.CSRFWithConfig(middleware.CSRFConfig{Skipper: func(c echo.Context) bool { return c.Request().URL.Path == "/webhook" }}))
}

func echoDenies() echo.MiddlewareFunc {
	return middleware.CSRFWithConfig(middleware.CSRFConfig{ErrorHandler: func(err error, c echo.Context) error { return c.NoContent(403) }})
}

func fiberWired(app *fiber.App) {
	app.Use(fibercsrf.New(fibercsrf.Config{ErrorHandler: func(c *fiber.Ctx, err error) error { return c.SendStatus(403) }}))
}

func fiberBearer() fiber.Handler {
	return fibercsrf.New(fibercsrf.Config{Next: func(c *fiber.Ctx) bool { return strings.HasPrefix(c.Get("Authorization"), "Bearer ") }})
}
