// Package mkt508fw fetches what the request names with retryablehttp.
package mkt508fw

import (
	"net/http"
	"net/url"

	"github.com/hashicorp/go-retryablehttp"
	"github.com/labstack/echo/v5"
)

func fetch(w http.ResponseWriter, r *http.Request) {
	retryablehttp.Get(r.FormValue("url"))                                                    // want `^V MKT508`
	retryablehttp.Get("https://api.partner.io/items?q=" + url.QueryEscape(r.FormValue("q"))) // ok: its own host
}

func sent(w http.ResponseWriter, r *http.Request) {
	req, err := retryablehttp.NewRequest("GET", r.FormValue("url"), nil) // want `^V MKT508`
	if err == nil {
		retryablehttp.NewClient().Do(req)
	}
}

func five(c *echo.Context) error {
	_, err := retryablehttp.Get(c.QueryParam("url")) // want `^V MKT508`
	return err
}

var mirrors = map[string]string{"eu": "https://eu.partner.io", "us": "https://us.partner.io"}

func chosen(c *echo.Context) error {
	_, err := retryablehttp.Get(mirrors[c.QueryParam("region")]) // ok: chosen from a list
	return err
}
