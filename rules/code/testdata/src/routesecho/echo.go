package routesecho

import (
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

func list(c echo.Context) error   { return nil }
func create(c echo.Context) error { return nil }

func auth(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error { return next(c) }
}

type app struct{ e *echo.Echo }

func (a *app) routes() {
	a.e.GET("/a", list)                // want `GET /a list \[middleware.Recover, middleware.Logger\]$`
	a.e.POST("/b", create, auth)       // want `POST /b create \[middleware.Recover, middleware.Logger, auth\]$`
	a.e.Add("PUT", "/c", auth(create)) // want `PUT /c create \[middleware.Recover, middleware.Logger, auth\]$`
	g := a.e.Group("/g", auth)
	g.Use(middleware.Recover())
	g.GET("/d", list) // want `GET /g/d list \[middleware.Recover, middleware.Logger, auth, middleware.Recover\]$`
}

func main() {
	a := &app{e: echo.New()}
	a.e.Pre(middleware.Recover())
	a.routes()
	a.e.Use(middleware.Logger()) // holds for all routes of the instance
	_ = a.e.Start(":1323")
}
