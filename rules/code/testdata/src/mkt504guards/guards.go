// Package mkt504guards redirects after checks that do not fix where to.
package mkt504guards

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
)

var (
	site  = os.Getenv("SITE")
	local = regexp.MustCompile(`^/[a-z0-9][a-z0-9/_-]*$`)
	ours  = regexp.MustCompile(`^https://([a-z0-9-]+\.)?partner\.io(/.*)?$`)
	loose = regexp.MustCompile(`partner\.io`)
	pages = map[string]string{"home": "/home", "bills": "/billing"}
)

func ginParts(c *gin.Context) {
	raw := c.Query("next")
	u, err := url.Parse(raw)
	if err != nil {
		return
	}
	if u.Path == "/home" {
		c.Redirect(http.StatusFound, u.String()) // want `V MKT504: `
	}
	if strings.HasPrefix(u.Path, "/app/") {
		c.Redirect(http.StatusFound, raw) // want `V MKT504: `
	}
	if u.Scheme == "https" {
		c.Redirect(http.StatusFound, raw) // want `V MKT504: `
	}
	if u.Host == "app.partner.io" {
		c.Redirect(http.StatusFound, u.String()) // ok: the host is compared
	}
	if u.Host == c.Request.Host {
		c.Redirect(http.StatusFound, u.String()) // ok: the host that was asked
	}
	if u.Host == c.Query("host") {
		c.Redirect(http.StatusFound, u.String()) // want `V MKT504: `
	}
	if raw == "/home" || raw == "/bills" {
		c.Redirect(http.StatusFound, raw) // ok: one of two
	}
	if to, ok := pages[raw]; ok {
		c.Redirect(http.StatusFound, to) // ok: from a table
	}
}

func echoTexts(c echo.Context) error {
	next := c.QueryParam("next")
	if strings.HasPrefix(next, "/") && !strings.HasPrefix(next, "//") && !strings.HasPrefix(next, `/\`) {
		return c.Redirect(http.StatusFound, next) // ok: a path of this site
	}
	if !strings.HasPrefix(next, "//") && !strings.HasPrefix(next, `/\`) {
		return c.Redirect(http.StatusFound, next) // want `V MKT504: `
	}
	if strings.HasPrefix(next, site) {
		return c.Redirect(http.StatusFound, next) // want `R MKT504: `
	}
	if strings.HasPrefix(next, "https://app.partner.io/") {
		return c.Redirect(http.StatusFound, next) // ok: host and slash are fixed
	}
	if strings.HasPrefix(next, "https://app.partner.io") {
		return c.Redirect(http.StatusFound, next) // want `V MKT504: `
	}
	return nil
}

func ginPatterns(c *gin.Context) {
	next := c.Query("next")
	if local.MatchString(next) {
		c.Redirect(http.StatusFound, next) // ok: a path of this site
	}
	if ours.MatchString(next) {
		c.Redirect(http.StatusFound, next) // ok: the pattern ends the host
	}
	if loose.MatchString(next) {
		c.Redirect(http.StatusFound, next) // want `V MKT504: `
	}
}

func echoDecoded(c echo.Context) error {
	raw := c.QueryParam("next")
	if len(raw) < 2 || raw[0] != '/' || raw[1] == '/' || raw[1] == '\\' {
		return nil
	}
	next, _ := url.QueryUnescape(raw)
	c.Redirect(http.StatusFound, next)       // want `V MKT504: `
	return c.Redirect(http.StatusFound, raw) // ok: checked as it is used
}
