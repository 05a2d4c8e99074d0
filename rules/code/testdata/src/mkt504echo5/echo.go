// Package mkt504echo5 exercises rule MKT504 on the fifth version of echo.
package mkt504echo5

import (
	"net/http"

	"github.com/labstack/echo/v5"
)

func back(c *echo.Context) error {
	return c.Redirect(http.StatusFound, c.QueryParam("next")) // want `V MKT504: The query parameter next decides where the redirect leads`
}

func backOr(c *echo.Context) error {
	return c.Redirect(http.StatusFound, c.QueryParamOr("next", "/")) // want `V MKT504: `
}

func posted(c *echo.Context) error {
	var in struct{ Next string }
	if err := echo.BindQueryParams(c, &in); err != nil {
		return err
	}
	return c.Redirect(http.StatusFound, in.Next) // want `[VR] MKT504: `
}

func item(c *echo.Context) error {
	return c.Redirect(http.StatusFound, "/items/"+c.ParamOr("id", "1")) // ok: the path is anchored at a folder
}

func page(c *echo.Context) error {
	n, err := echo.QueryParam[int](c, "page")
	if err != nil {
		return err
	}
	if n > 9 {
		return c.Redirect(http.StatusFound, "/last") // ok: a constant
	}
	return c.NoContent(http.StatusNoContent)
}
