// Package mkt504safe holds redirects that look as if a request chose where they
// lead.
package mkt504safe

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"
	"github.com/gorilla/mux"
	"github.com/labstack/echo/v4"
)

func ginItem(c *gin.Context) {
	c.Redirect(http.StatusSeeOther, "/items/"+c.Param("id")) // ok: host and path are fixed in front
}

func ginLogin(c *gin.Context) {
	c.Redirect(http.StatusFound, "/login?next="+url.QueryEscape(c.Request.URL.String())) // ok: escaped, in the query
}

func ginSlash(c *gin.Context) {
	c.Redirect(http.StatusMovedPermanently, c.Request.URL.Path+"/") // ok: the request's own path
}

var homes = map[string]string{"admin": "/admin", "user": "/me"}

func echoHome(c echo.Context) error {
	return c.Redirect(http.StatusFound, homes[c.QueryParam("role")]) // ok: chosen from a table
}

func echoParsed(c echo.Context) error {
	u, err := url.Parse(c.QueryParam("next"))
	if err != nil || u.Host != "shop.partner.io" {
		return c.NoContent(http.StatusBadRequest)
	}
	return c.Redirect(http.StatusFound, u.String()) // ok: the parsed host is compared
}

var partners = []string{"https://a.partner.io/done", "https://b.partner.io/done"}

func fiberListed(c *fiber.Ctx) error {
	next := c.Query("next")
	if !slices.Contains(partners, next) {
		return c.SendStatus(http.StatusBadRequest)
	}
	return c.Redirect(next) // ok: one of a list
}

func fiber3Page(c fiber3.Ctx) error {
	return c.Redirect().To("/orders?page=" + c.Query("page")) // ok: in the query of a fixed path
}

func chiPath(w http.ResponseWriter, r *http.Request) {
	http.RedirectHandler("/docs/"+chi.URLParam(r, "page"), http.StatusFound).ServeHTTP(w, r) // ok: host and path are fixed in front
}

func muxLocal(w http.ResponseWriter, r *http.Request) {
	next := mux.Vars(r)["next"]
	if strings.HasPrefix(next, "//") || strings.Contains(next, `\`) || !strings.HasPrefix(next, "/") {
		next = "/"
	}
	w.Header().Set("Location", next) // ok: neither two slashes nor a backslash in front
	w.WriteHeader(http.StatusFound)
}

func back(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Location", r.Referer()) // ok: nobody makes a victim's browser send a chosen header
	w.WriteHeader(http.StatusSeeOther)
}
