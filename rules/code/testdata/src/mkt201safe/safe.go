// Package mkt201safe holds code that looks like what MKT201 flags and is fine.
package mkt201safe

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/Masterminds/squirrel"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"
	"github.com/uptrace/bun"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

type item struct {
	ID   int
	Name string
}

var columns = map[string]string{"name": "name", "date": "created_at"}

func gormSafe(db *gorm.DB, c *gin.Context) {
	var items []item
	db.Where("name = ?", c.Query("n")).Find(&items)
	db.Where(&item{Name: c.Query("n")}).Find(&items)
	db.Where(map[string]any{"name": c.Query("n")}).Find(&items)
	db.Raw("SELECT * FROM t WHERE name = ?", c.Query("n")).Scan(&items)
	db.First(&items, "id = ?", c.Param("id"))
	db.Order(clause.OrderByColumn{Column: clause.Column{Name: c.Query("sort")}, Desc: true}).Find(&items)
	if column, ok := columns[c.Query("sort")]; ok {
		db.Order(column + " DESC").Find(&items)
	}
	id, err := strconv.Atoi(c.Param("id"))
	if err != nil {
		return
	}
	db.First(&items, id)
	db.Where(fmt.Sprintf("id > %d", id)).Find(&items)
}

func gormChosen(db *gorm.DB, c *gin.Context) {
	var items []item
	sort := c.Query("sort")
	if !slices.Contains([]string{"name", "date"}, sort) {
		sort = "name"
	}
	db.Order(sort).Find(&items)
	dir := "asc"
	if strings.EqualFold(c.Query("dir"), "desc") {
		dir = "desc"
	}
	db.Order("name " + dir).Find(&items)
}

func scopes(db *gorm.DB, c *gin.Context) {
	q := "1 = 1"
	var args []any
	if n := c.Query("name"); n != "" {
		q += " AND name = ?"
		args = append(args, n)
	}
	db.Where(q, args...)
}

func sqlxSafe(db *sqlx.DB, c echo.Context) error {
	var items []item
	column := "id"
	switch c.QueryParam("sort") {
	case "name":
		column = "name"
	case "date":
		column = "created_at"
	}
	if err := db.Select(&items, "SELECT * FROM t ORDER BY "+column); err != nil {
		return err
	}
	_, err := db.NamedExec("INSERT INTO t (name) VALUES (:name)", map[string]any{"name": c.FormValue("name")})
	return err
}

func pgxSafe(ctx context.Context, conn *pgx.Conn, r *http.Request) {
	conn.Query(ctx, "SELECT * FROM t WHERE name = $1", r.FormValue("n"))
	conn.Query(ctx, "SELECT * FROM t ORDER BY "+pgx.Identifier{r.FormValue("sort")}.Sanitize())
	marks := make([]string, len(r.Form["id"]))
	for i := range marks {
		marks[i] = "$" + strconv.Itoa(i+1)
	}
	conn.Query(ctx, "SELECT * FROM t WHERE id IN ("+strings.Join(marks, ",")+")")
}

func builders(db *bun.DB, c *fiber.Ctx) error {
	db.NewSelect().Where("name = ?", c.Query("n"))
	db.NewSelect().Where("? = 1", bun.Ident(c.Query("col")))
	db.NewSelect().Order(c.Query("sort"))
	squirrel.Select("*").From("t").Where(squirrel.Eq{"name": c.Query("n")})
	squirrel.Select("*").From("t").Where("name = ?", c.Query("n"))
	db.NewSelect().Where(fmt.Sprintf("n = %d", c.QueryInt("n")))
	return nil
}

// Exec passes whole texts on; what they are made of is its callers' matter.
func Exec(db *gorm.DB, query string) { db.Exec(query) }
