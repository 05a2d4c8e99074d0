// Package mkt701echo exercises rule MKT701 with echo.
package mkt701echo

import (
	"database/sql"
	"errors"
	"net/http"
	"os"

	"github.com/labstack/echo/v4"
)

type handler struct{ db *sql.DB }

var errQuota = errors.New("quota is used up")

func (h *handler) list(c echo.Context) error {
	rows, err := h.db.Query("SELECT 1")
	if err != nil {
		return c.JSON(http.StatusInternalServerError, map[string]string{"details": err.Error()}) // want `V MKT701: .*sql.DB.Query`
	}
	defer rows.Close()
	return c.JSON(200, "ok")
}

func (h *handler) one(c echo.Context) error {
	err := h.db.Ping()
	if err != nil {
		return echo.NewHTTPError(http.StatusInternalServerError, err.Error()) // want `V MKT701: .*sql.DB.Ping`
	}
	_, err = os.ReadFile("/srv/x")
	if err != nil {
		return &echo.HTTPError{Code: 500, Message: "read: " + err.Error()} // want `V MKT701: .*os.ReadFile`
	}
	_, err = os.Open("/srv/x")
	if err != nil {
		return echo.NewHTTPError(500, err) // want `V MKT701: .*os.Open`
	}
	return c.String(200, "read")
}

func (h *handler) good(c echo.Context) error {
	var in struct{ Name string }
	if err := c.Bind(&in); err != nil {
		return echo.NewHTTPError(http.StatusBadRequest, err.Error()) // ok: what a binder says of the request
	}
	if err := c.Validate(&in); err != nil {
		return c.JSON(http.StatusBadRequest, map[string]string{"error": err.Error()}) // ok: what a validator says of the request
	}
	if err := h.db.Ping(); err != nil {
		c.Logger().Error(err.Error())
		return echo.NewHTTPError(http.StatusInternalServerError, "cannot reach the store").SetInternal(err) // ok: the cause stays inside
	}
	if err := h.db.Ping(); err != nil {
		return &echo.HTTPError{Code: 500, Message: "internal", Internal: err} // ok: the cause stays inside
	}
	if err := h.db.Ping(); err != nil {
		return err // ok: echo answers with a fixed message
	}
	if in.Name == "" {
		return echo.NewHTTPError(http.StatusTooManyRequests, errQuota.Error()) // ok: a sentinel
	}
	return nil
}
