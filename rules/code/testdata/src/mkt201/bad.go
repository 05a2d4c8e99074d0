// Package mkt201 exercises rule MKT201.
package mkt201

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/Masterminds/squirrel"
	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"
	"github.com/uptrace/bun"
	"gorm.io/gorm"
)

type item struct{ ID int }

type filter struct{ Name, Sort string }

func conn(c *sql.Conn, r *http.Request) {
	c.QueryContext(r.Context(), "SELECT * FROM t WHERE name = '"+r.FormValue("n")+"'") // want `V MKT201: The form field n becomes SQL text`
}

func gormBad(db *gorm.DB, c *gin.Context) {
	var items []item
	db.Raw("SELECT * FROM t WHERE name = '" + c.Query("n") + "'").Scan(&items) // want `V MKT201: The query parameter n becomes SQL text`
	db.Exec(fmt.Sprintf("DELETE FROM t WHERE id = %s", c.Param("id")))         // want `V MKT201: `
	db.Where("name = '" + c.Query("n") + "'").Find(&items)                     // want `V MKT201: `
	db.Where(fmt.Sprintf("name = '%s'", c.Query("n"))).Find(&items)            // want `V MKT201: `
	db.Order(c.Query("sort")).Find(&items)                                     // want `V MKT201: `
	db.Order("name " + c.DefaultQuery("dir", "asc")).Find(&items)              // want `V MKT201: `
	db.Group(c.Query("by")).Find(&items)                                       // want `V MKT201: `
	db.Select(c.Query("fields")).Find(&items)                                  // want `V MKT201: `
	db.Select(strings.Split(c.Query("fields"), ",")).Find(&items)              // want `V MKT201: `
	db.Joins("JOIN u ON u.id = " + c.Query("u")).Find(&items)                  // want `V MKT201: `
	db.Table(c.Query("table")).Find(&items)                                    // want `V MKT201: `
	db.First(&items, c.Param("id"))                                            // want `V MKT201: The path parameter id becomes SQL text`
	db.Delete(&items, "id = "+c.Param("id"))                                   // want `V MKT201: `
}

func sqlxBad(db *sqlx.DB, c echo.Context) error {
	var f filter
	if err := c.Bind(&f); err != nil {
		return err
	}
	var items []item
	if err := db.Select(&items, "SELECT * FROM t WHERE name = '"+f.Name+"'"); err != nil { // want `V MKT201: The request's form becomes SQL text`
		return err
	}
	return db.Get(&items, "SELECT * FROM t ORDER BY "+f.Sort) // want `V MKT201: `
}

func pgxBad(ctx context.Context, conn *pgx.Conn, pool *pgxpool.Pool, r *http.Request) {
	var f filter
	json.NewDecoder(r.Body).Decode(&f)
	conn.Query(ctx, "SELECT * FROM t WHERE name = '"+f.Name+"'") // want `V MKT201: The request's body becomes SQL text`
	pool.Query(ctx, "SELECT * FROM t ORDER BY "+f.Sort)          // want `V MKT201: `
	b := &pgx.Batch{}
	b.Queue("DELETE FROM t WHERE name = '" + f.Name + "'") // want `V MKT201: `
}

func builders(db *bun.DB, c *fiber.Ctx) error {
	db.NewSelect().Where("name = '" + c.Query("n") + "'")       // want `V MKT201: `
	db.NewSelect().OrderExpr(c.Query("sort"))                   // want `V MKT201: `
	squirrel.Select("*").From("t").OrderBy(c.Query("s"))        // want `V MKT201: `
	squirrel.Select("*").From("t").Where("a = " + c.Query("a")) // want `V MKT201: `
	return nil
}

// store is what the package knows of its database.
type store interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func own(ctx context.Context, s store, r *http.Request) {
	s.ExecContext(ctx, "DELETE FROM t WHERE name = '"+r.FormValue("n")+"'") // want `V MKT201: The form field n becomes SQL text`
}

// ByName is called from other packages.
func ByName(db *gorm.DB, name string) {
	db.Where("name = '" + name + "'") // want `R MKT201: The parameter name becomes SQL text`
}
