// Package mkt201guards puts input into statements of ORMs after partial checks.
package mkt201guards

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
	"gorm.io/gorm"
)

type job struct{ ID int }

var (
	db   *gorm.DB
	safe = regexp.MustCompile(`\A[a-z_]+(?: (?:asc|desc))?\z`)
	has  = regexp.MustCompile(`^[a-z_]+`)
)

func ginSort(c *gin.Context) {
	var jobs []job
	field, dir, _ := strings.Cut(c.Query("sort"), " ")
	if field != "name" && field != "id" {
		c.Status(http.StatusBadRequest)
		return
	}
	db.Order(field + " " + dir).Find(&jobs) // want `V MKT201: `
	db.Order(field + " desc").Find(&jobs)   // ok: one of two columns
}

func echoSort(c echo.Context) error {
	var jobs []job
	sort := c.QueryParam("sort")
	if has.MatchString(sort) {
		db.Order(sort).Find(&jobs) // want `V MKT201: `
	}
	if safe.MatchString(sort) {
		db.Order(sort).Find(&jobs) // ok: a column and a direction
	}
	if sort == c.QueryParam("last") {
		db.Order(sort).Find(&jobs) // want `V MKT201: `
	}
	switch sort {
	case "name", "created_at":
		db.Order(sort).Find(&jobs) // ok: one of two columns
	}
	return nil
}
