// Package mkt207near holds pairs for rule MKT207.
package mkt207near

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"strings"
	"text/template"

	htmpl "html/template"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
)

type robot struct{ Host string }

var (
	robots  = template.Must(template.New("robots.txt").Parse("User-agent: *\nSitemap: https://{{.Host}}/sitemap.xml\n"))
	profile = template.Must(template.New("profile").Parse("<h1>{{.}}</h1>"))
	escaped = htmpl.Must(htmpl.New("profile").Parse("<h1>{{.}}</h1>"))
	unit    = template.Must(template.New("unit").Parse("[Service]\nExecStart={{.}}\n"))
	page    = template.Must(template.New("page").ParseFiles("page.html"))
)

func text(w http.ResponseWriter, r *http.Request) {
	robots.Execute(w, robot{r.Host})                           // ok: a text without tags
	escaped.Execute(w, r.FormValue("name"))                    // ok: html/template escapes
	profile.Execute(w, "Ada")                                  // ok: constant data
	profile.Execute(w, len(r.FormValue("n")))                  // ok: a number
	profile.Execute(w, html.EscapeString(r.FormValue("name"))) // ok: escaped before
	profile.Execute(w, r.FormValue("name"))                    // want `V MKT207: `
}

func plain(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain")
	profile.Execute(w, r.FormValue("name")) // ok: sent as plain text
}

func saved(c *gin.Context) {
	c.Header("Content-Disposition", `attachment; filename="profile.html"`)
	profile.Execute(c.Writer, c.Query("name")) // ok: the browser saves it
}

func shown(c *gin.Context) {
	profile.Execute(c.Writer, c.Query("name")) // want `V MKT207: `
}

func file(c echo.Context) error {
	c.Response().Header().Set("Content-Type", "text/html")
	return page.ExecuteTemplate(c.Response(), "page.html", c.QueryParam("name")) // want `V MKT207: `
}

func config(command string) error {
	f, err := os.Create("/etc/systemd/system/app.service")
	if err != nil {
		return err
	}
	defer f.Close()
	return unit.Execute(f, command) // ok: a configuration file
}

func link(name string) string {
	var b strings.Builder
	profile.Execute(&b, name) // ok: no mail and no page in sight
	return b.String()
}

func jumps(w http.ResponseWriter, r *http.Request) {
	profile.Execute(w, url.QueryEscape(r.FormValue("name"))) // ok: escaped for a URL, which leaves no tag
	fmt.Fprintln(os.Stderr, "rendered")
}
