// Package mkt508guards looks at parts of addresses before it calls them.
package mkt508guards

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/go-resty/resty/v2"
	"github.com/labstack/echo/v4"
)

var hosts = map[string]bool{"api.partner.io": true, "hooks.partner.io": true}

func ginFetch(c *gin.Context) {
	raw := c.Query("u")
	u, err := url.Parse(raw)
	if err != nil {
		return
	}
	if u.Port() != "443" || u.Scheme != "https" {
		return
	}
	resty.New().R().Get(raw) // want `V MKT508: `
	if !hosts[u.Hostname()] {
		return
	}
	resty.New().R().Get(raw) // ok: the host is in a list
}

func echoFetch(c echo.Context) error {
	link := c.QueryParam("link")
	scheme, _, ok := strings.Cut(link, "://")
	if !ok || scheme != "https" {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	resty.New().R().Get(link) // want `V MKT508: `
	if strings.HasPrefix(link, "https://api.partner.io/") {
		resty.New().R().Get(link) // ok: the prefix fixes the host
	}
	return nil
}

func echoHeader(c echo.Context) error {
	target := c.QueryParam("target")
	if target != c.Request().Header.Get("X-Target") {
		return nil
	}
	resty.New().R().Get(target) // want `V MKT508: `
	if !slices.Contains([]string{"https://api.partner.io/v1", "https://api.partner.io/v2"}, target) {
		return nil
	}
	resty.New().R().Get(target) // ok: one of two
	return nil
}

func ginHost(c *gin.Context) {
	u, err := url.Parse(c.Query("u"))
	if err != nil {
		return
	}
	host := strings.ToLower(u.Hostname())
	if slices.ContainsFunc([]string{".partner.io", ".partner.dev"}, func(d string) bool { return host == d[1:] }) {
		resty.New().R().Get(u.String()) // ok: the host is one of a list
	}
}

// Their names promise more than they do.
func validURL(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && u.Scheme == "https"
}

func checkURL(raw string) error {
	if len(raw) > 2000 || strings.Contains(raw, " ") {
		return errors.New("no URL")
	}
	return nil
}

func allowedHost(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (u.Hostname() == "api.partner.io" || strings.HasSuffix(u.Hostname(), ".partner.io"))
}

func ginNamed(c *gin.Context) {
	u := c.Query("u")
	if validURL(u) {
		resty.New().R().Get(u) // want `R MKT508: `
	}
	if err := checkURL(u); err == nil {
		resty.New().R().Get(u) // want `R MKT508: `
	}
	if allowedHost(u) {
		resty.New().R().Get(u) // ok: the function compares the host
	}
}

func echoSometimes(c echo.Context) error {
	u := c.QueryParam("u")
	var err error
	if c.QueryParam("trusted") == "" {
		err = exactly(u)
	}
	if err != nil {
		return err
	}
	resty.New().R().Get(u) // want `R MKT508: `
	if err = exactly(u); err != nil {
		return err
	}
	resty.New().R().Get(u) // ok: one of two
	return nil
}

func exactly(u string) error {
	if u != "https://api.partner.io/v1" && u != "https://api.partner.io/v2" {
		return errors.New("another server")
	}
	return nil
}
