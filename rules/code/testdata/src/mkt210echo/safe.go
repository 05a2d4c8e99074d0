package mkt210echo

import (
	"net/http"

	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
)

// fiber limits bodies itself.
func fibre(c *fiber.Ctx) error {
	var v struct{ Name string }
	return c.BodyParser(&v)
}

func create(c echo.Context) error {
	var v struct{ Name string }
	return c.Bind(&v)
}

func form(w http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	w.Write([]byte(r.PostFormValue("name")))
}

func routes() {
	e := echo.New()
	e.POST("/things", create)
	http.ListenAndServe(":1", http.MaxBytesHandler(e, 1<<20))
}
