// Package mkt208 exercises rule MKT208.
package mkt208

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/render"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"github.com/valyala/fasthttp"
)

func ginBad(c *gin.Context) {
	c.Data(http.StatusOK, "text/html; charset=utf-8", []byte("<p>"+c.Query("q")+"</p>")) // want `V MKT208: The query parameter q is written as HTML`
	c.Writer.WriteString("<p>" + c.Query("q"))                                           // want `V MKT208: `
	c.Writer.Write([]byte(fmt.Sprintf("<p>%s</p>", c.Query("q"))))                       // want `V MKT208: `
}

func ginTyped(c *gin.Context) {
	c.Header("Content-Type", "text/html")
	c.String(http.StatusOK, "fine")
	fmt.Fprintf(c.Writer, "Hello %s", c.Query("q")) // want `V MKT208: `
}

func echoBad(c echo.Context) error {
	var in struct{ Name string }
	if err := c.Bind(&in); err != nil {
		return err
	}
	c.Response().Write([]byte("<p>" + in.Name)) // want `V MKT208: `
	if in.Name == "" {
		return c.Blob(http.StatusOK, "text/html", []byte(c.QueryParam("q"))) // want `V MKT208: `
	}
	return c.HTML(http.StatusOK, "<h1>"+in.Name+"</h1>") // want `V MKT208: The request's form is written as HTML`
}

func fiberBad(c *fiber.Ctx) error {
	c.Set("Content-Type", "text/html")
	return c.SendString("<p>" + c.Query("q")) // want `V MKT208: `
}

func fiberBad2(c *fiber.Ctx) error {
	return c.Type("html").SendString(c.Params("q")) // want `V MKT208: `
}

func fastBad(ctx *fasthttp.RequestCtx) {
	ctx.SetContentType("text/html")
	ctx.WriteString("<p>" + string(ctx.QueryArgs().Peek("q"))) // want `V MKT208: `
}

func chiBad(w http.ResponseWriter, r *http.Request) {
	render.HTML(w, r, "<p>"+chi.URLParam(r, "q")) // want `V MKT208: The path parameter q is written as HTML`
}

func trusted(w http.ResponseWriter, r *http.Request) {
	show(template.HTML(r.FormValue("q")))          // want `V MKT208: The form field q is declared safe as template.HTML`
	show(template.URL(r.FormValue("q")))           // want `V MKT208: `
	show(template.JSStr(r.FormValue("q")))         // want `V MKT208: `
	show(template.Srcset("a " + r.FormValue("q"))) // want `V MKT208: `
	var in struct{ Bio string }
	json.NewDecoder(r.Body).Decode(&in)
	_ = map[string]any{"Bio": template.HTML(in.Bio)} // want `V MKT208: `
}

func show(any) {}

func stored(c echo.Context, db *sql.DB) error {
	var bio string
	if err := db.QueryRow("SELECT bio FROM users").Scan(&bio); err != nil {
		return err
	}
	return c.HTML(http.StatusOK, "<p>"+bio) // want `R MKT208: Stored data is written as HTML`
}
