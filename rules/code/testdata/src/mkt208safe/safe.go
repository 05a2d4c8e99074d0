// Package mkt208safe holds code that looks like what MKT208 flags and is fine.
package mkt208safe

import (
	"encoding/json"
	"html"
	"html/template"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/render"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"github.com/microcosm-cc/bluemonday"
	"github.com/valyala/fasthttp"
)

func ginSafe(c *gin.Context) {
	c.String(http.StatusOK, "Hello %s", c.Query("q"))
	c.Data(http.StatusOK, "application/json", []byte(c.Query("q")))
	c.Data(http.StatusOK, "text/html", []byte("<p>"+html.EscapeString(c.Query("q"))))
	c.Data(http.StatusOK, "text/html", []byte("<p>"+strconv.Itoa(len(c.Query("q")))))
	c.JSON(http.StatusOK, gin.H{"q": c.Query("q")})
	c.HTML(http.StatusOK, "page.html", gin.H{"q": c.Query("q")})
}

func ginText(c *gin.Context) {
	c.Header("Content-Type", "text/csv")
	c.Writer.WriteString(c.Query("q"))
}

func ginFile(c *gin.Context) {
	c.Header("Content-Disposition", "attachment; filename=a.html")
	c.Writer.WriteString("<p>" + c.Query("q"))
}

func ginGuessed(c *gin.Context) {
	c.Writer.WriteString("Hello " + c.Query("q"))
}

func echoSafe(c echo.Context) error {
	if c.QueryParam("q") == "x" {
		return c.HTML(http.StatusOK, "<p>"+template.HTMLEscapeString(c.QueryParam("q")))
	}
	policy := bluemonday.UGCPolicy()
	if len(c.QueryParam("q")) > 9 {
		return c.HTML(http.StatusOK, policy.Sanitize(c.QueryParam("q")))
	}
	if kind := c.QueryParam("kind"); kind == "a" || kind == "b" {
		return c.HTML(http.StatusOK, "<p class="+kind+">")
	}
	return c.String(http.StatusOK, "<p>"+c.QueryParam("q"))
}

func fiberSafe(c *fiber.Ctx) error {
	return c.SendString("Hello " + c.Query("q"))
}

func fiberSafe2(c *fiber.Ctx) error {
	c.Type("html")
	return c.SendString("<p>" + html.EscapeString(c.Query("q")))
}

func fastSafe(ctx *fasthttp.RequestCtx) {
	ctx.WriteString(string(ctx.QueryArgs().Peek("q")))
}

func chiSafe(w http.ResponseWriter, r *http.Request) {
	render.PlainText(w, r, r.FormValue("q"))
	render.HTML(w, r, "<p>constant")
}

func trusted(w http.ResponseWriter, r *http.Request) {
	_ = template.HTML(html.EscapeString(r.FormValue("q")))
	_ = template.HTML("<p>constant</p>")
	out, _ := json.Marshal(r.FormValue("q"))
	_ = template.JS(out)
	_ = template.HTML(bluemonday.UGCPolicy().Sanitize(r.FormValue("q")))
}
