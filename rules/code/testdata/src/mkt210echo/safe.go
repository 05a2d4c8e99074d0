package mkt210echo

import (
	"net/http"

	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
)

// fiber limits bodies itself.
func fibre(c *fiber.Ctx) error {
	var v struct{ Name string }
	return c.BodyParser(&v) // ok: fiber limits bodies
}

func create(c echo.Context) error {
	var v struct{ Name string }
	return c.Bind(&v) // ok: MaxBytesHandler stands before it
}

func form(w http.ResponseWriter, r *http.Request) {
	r.ParseForm() // ok: net/http limits forms
	w.Write([]byte(r.PostFormValue("name")))
}

func routes() {
	e := echo.New()
	e.POST("/things", create)
	http.ListenAndServe(":1", http.MaxBytesHandler(e, 1<<20))
}
