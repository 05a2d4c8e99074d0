// Package mkt504 exercises rule MKT504.
package mkt504

import (
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"
	"github.com/labstack/echo/v4"
	"github.com/valyala/fasthttp"
)

func ginBad(c *gin.Context) {
	c.Redirect(http.StatusFound, c.Query("next"))                   // want `V MKT504: The query parameter next decides where the redirect leads`
	c.Redirect(http.StatusFound, "/"+c.Param("page"))               // want `V MKT504: `
	c.Redirect(http.StatusFound, "https://"+c.Query("h")+"/login")  // want `V MKT504: `
	c.Redirect(http.StatusFound, "https://partner.io"+c.Query("p")) // want `V MKT504: `
	c.Header("Location", c.Query("next"))                           // want `V MKT504: The query parameter next decides where the Location header leads`
	if next := c.Query("next"); strings.HasPrefix(next, "/") && !strings.HasPrefix(next, "//") {
		c.Redirect(http.StatusFound, next) // want `V MKT504: `
	}
	u, err := url.Parse(c.Query("next"))
	if err == nil && u.Scheme == "https" {
		c.Redirect(http.StatusFound, u.String()) // want `V MKT504: `
	}
	var in struct{ ReturnTo string }
	c.BindJSON(&in)
	c.Redirect(http.StatusFound, in.ReturnTo) // want `R MKT504: The request's body decides`
}

func echoBad(c echo.Context) error {
	c.Response().Header().Set("Location", c.QueryParam("next")) // want `V MKT504: `
	return c.Redirect(http.StatusFound, c.QueryParam("next"))   // want `V MKT504: `
}

func fiberBad(c *fiber.Ctx) error { return c.Redirect(c.Query("next")) } // want `V MKT504: `

func fiber3Bad(c fiber3.Ctx) error { return c.Redirect().To(c.Query("next")) } // want `V MKT504: `

func fastBad(ctx *fasthttp.RequestCtx) {
	ctx.Redirect(string(ctx.QueryArgs().Peek("next")), 302) // want `V MKT504: `
}

func stdBad(w http.ResponseWriter, r *http.Request) {
	http.RedirectHandler(chi.URLParam(r, "next"), http.StatusFound).ServeHTTP(w, r) // want `V MKT504: `
	w.Header().Set("Location", r.URL.Query().Get("next"))                           // want `V MKT504: `
}

var pages = map[string]string{"home": "/", "help": "/help"}

func ginSafe(c *gin.Context) {
	c.Redirect(http.StatusFound, "/items/"+c.Param("id"))
	c.Redirect(http.StatusFound, "/search?q="+c.Query("q"))
	c.Redirect(http.StatusFound, "https://partner.io/"+c.Query("p"))
	c.Redirect(http.StatusFound, pages[c.Query("page")])
	c.Redirect(http.StatusFound, c.Request.URL.Path+"/")
	c.Redirect(http.StatusFound, c.GetHeader("Referer"))
	c.Redirect(http.StatusFound, "/login?next="+url.QueryEscape(c.Query("next")))
	c.Redirect(http.StatusFound, "/files/"+path.Base(c.Query("f")))
}

func ginChecked(c *gin.Context) {
	u, err := url.Parse(c.Query("next"))
	if err != nil || u.IsAbs() || u.Hostname() != "" {
		c.Redirect(http.StatusFound, "/")
		return
	}
	c.Redirect(http.StatusFound, u.Path)
}

func isLocal(s string) bool { return pages[s] != "" }

func echoSafe(c echo.Context) error {
	next := c.QueryParam("next")
	if !isLocal(next) {
		next = "/"
	}
	return c.Redirect(http.StatusFound, next)
}

func echoSafe2(c echo.Context) error {
	next := c.QueryParam("next")
	if !strings.HasPrefix(next, "https://partner.io/") {
		return c.Redirect(http.StatusFound, "/")
	}
	return c.Redirect(http.StatusFound, next)
}

func echoSafe3(c echo.Context) error {
	next := c.QueryParam("next")
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.Contains(next, "\\") {
		next = "/"
	}
	return c.Redirect(http.StatusFound, next)
}

func fiberSafe(c *fiber.Ctx) error {
	switch next := c.Query("next"); next {
	case "/a", "/b":
		return c.Redirect(next)
	}
	return c.Redirect("/")
}

func hosts(c *gin.Context) {
	u, err := url.Parse(c.Query("next"))
	if err != nil {
		return
	}
	if u.Host == "partner.io" || strings.HasSuffix(u.Hostname(), ".partner.io") {
		c.Redirect(http.StatusFound, u.String())
	}
	c.Header("X-Next", c.Query("next"))
}
