// Package mkt208near holds pairs for rule MKT208.
package mkt208near

import (
	"html"
	"html/template"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/render"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"github.com/microcosm-cc/bluemonday"
)

var view = template.Must(template.New("view").Parse("<p>{{.}}</p>"))

func rendered(w http.ResponseWriter, r *http.Request) {
	bio := template.HTML(r.FormValue("bio"))
	view.Execute(w, bio)                // want `V MKT208: The form field bio is declared safe as template.HTML`
	view.Execute(w, r.FormValue("bio")) // ok: a string is escaped
	clean := template.HTML(bluemonday.StrictPolicy().Sanitize(r.FormValue("bio")))
	view.Execute(w, clean) // ok: sanitized before it is declared safe
	bold := template.HTML("<b>" + template.HTMLEscapeString(r.FormValue("bio")) + "</b>")
	view.Execute(w, bold) // ok: the part from outside is escaped
	count := template.HTML("<b>" + strconv.Itoa(len(r.FormValue("bio"))) + "</b>")
	view.Execute(w, count)                    // ok: a number
	kept := template.HTML(r.FormValue("bio")) // ok: nothing is done with it
	_ = kept
}

type model struct {
	Title string
	Body  template.HTML
}

func inStruct(w http.ResponseWriter, r *http.Request) {
	view.ExecuteTemplate(w, "view", model{Title: r.FormValue("t"), Body: template.HTML(r.FormValue("b"))}) // want `V MKT208: The form field b is declared safe`
}

func inMap(c *gin.Context) {
	c.HTML(http.StatusOK, "view", gin.H{"body": template.HTML(c.PostForm("b"))}) // want `V MKT208: `
	c.HTML(http.StatusOK, "view", gin.H{"body": c.PostForm("b")})                // ok: the engine escapes strings
}

func written(c echo.Context) error {
	if c.QueryParam("raw") != "" {
		return c.HTML(http.StatusOK, "<p>"+c.QueryParam("q")) // want `V MKT208: `
	}
	if c.QueryParam("json") != "" {
		return c.JSON(http.StatusOK, map[string]string{"q": c.QueryParam("q")}) // ok: JSON
	}
	return c.HTML(http.StatusOK, "<p>"+html.EscapeString(c.QueryParam("q"))) // ok: escaped
}

func sent(c *fiber.Ctx) error {
	if c.Query("x") != "" {
		return c.SendString("<p>" + c.Query("q")) // ok: fiber sends plain text by default
	}
	return c.JSON(fiber.Map{"q": c.Query("q")}) // ok: JSON
}

func sentHTML(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTML)
	return c.SendString("<p>" + c.Query("q")) // want `V MKT208: `
}

func chiRoutes(w http.ResponseWriter, r *http.Request) {
	render.PlainText(w, r, chi.URLParam(r, "q"))                             // ok: plain text
	render.HTML(w, r, "<p>"+template.HTMLEscapeString(chi.URLParam(r, "q"))) // ok: escaped
	render.HTML(w, r, "<p>"+chi.URLParam(r, "q"))                            // want `V MKT208: `
}

func listing(c echo.Context) error {
	entries, err := os.ReadDir("uploads")
	if err != nil {
		return err
	}
	page := ""
	for _, e := range entries {
		page += "<li>" + html.EscapeString(e.Name()) + "</li>"
	}
	return c.HTML(http.StatusOK, page) // ok: names are escaped
}

func listingRaw(c echo.Context) error {
	page := ""
	err := filepath.WalkDir("uploads", func(path string, _ os.DirEntry, err error) error {
		c.HTML(http.StatusOK, "<li>"+path+"</li>") // want `R MKT208: A file's name is written as HTML`
		return err
	})
	if err != nil {
		return err
	}
	return c.HTML(http.StatusOK, page) // ok: constant
}
