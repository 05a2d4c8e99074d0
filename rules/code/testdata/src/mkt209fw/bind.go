// Package mkt209fw stores what chi/render and echo v5 decode.
package mkt209fw

import (
	"net/http"

	"github.com/go-chi/render"
	"github.com/labstack/echo/v5"
	"gorm.io/gorm"
)

type user struct {
	ID    uint
	Name  string
	Admin bool
}

type input struct{ Name string }

type app struct{ db *gorm.DB }

func (a *app) create(w http.ResponseWriter, r *http.Request) {
	var u user
	if render.DecodeJSON(r.Body, &u) == nil {
		a.db.Create(&u) // want `^V MKT209`
	}
}

func (a *app) five(c *echo.Context) error {
	var u user
	if err := c.Bind(&u); err != nil {
		return err
	}
	return a.db.Create(&u).Error // want `^V MKT209`
}

func (a *app) copied(w http.ResponseWriter, r *http.Request) {
	var in input
	if render.DecodeJSON(r.Body, &in) == nil {
		a.db.Create(&user{Name: in.Name}) // ok: copied field by field
	}
}

func (a *app) selected(c *echo.Context) error {
	var u user
	if err := c.Bind(&u); err != nil {
		return err
	}
	return a.db.Select("Name").Create(&u).Error // ok: one column
}
