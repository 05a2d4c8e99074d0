// Package mkt201near holds pairs for rule MKT201: what must be found, and beside
// it what looks the same and is fine.
package mkt201near

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/gorilla/mux"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

type article struct {
	ID    uint
	Slug  string
	Title string
}

// one takes any condition, as gorm does: what is put in decides.
func one(db *gorm.DB, condition any) (article, error) {
	var a article
	err := db.Where(condition).First(&a).Error // ok: this caller gives a struct, whose fields are bound
	return a, err
}

func show(c *gin.Context, db *gorm.DB) {
	a, err := one(db, &article{Slug: c.Param("slug")})
	if err == nil {
		c.JSON(http.StatusOK, a)
	}
}

func raw(db *gorm.DB, condition any) (article, error) {
	var a article
	err := db.Where(condition).First(&a).Error // want `V MKT201: The query parameter q becomes SQL text`
	return a, err
}

func find(c *gin.Context, db *gorm.DB) {
	a, err := raw(db, "title LIKE '%"+c.Query("q")+"%'")
	if err == nil {
		c.JSON(http.StatusOK, a)
	}
}

func titles(c *gin.Context, db *gorm.DB) {
	var list []article
	db.Where("title LIKE ?", "%"+c.Query("q")+"%").Find(&list)                                                              // ok: the pattern is bound
	db.Where("slug IN ?", c.QueryArray("slug")).Find(&list)                                                                 // ok: a list is bound too
	db.Where(&article{Title: c.Query("q")}).Or(map[string]any{"slug": c.Query("q")}).Find(&list)                            // ok: struct and map conditions are bound
	db.Clauses(clause.OrderBy{Columns: []clause.OrderByColumn{{Column: clause.Column{Name: c.Query("sort")}}}}).Find(&list) // ok: a clause.Column is quoted
	db.Where("title LIKE '" + c.Query("q") + "%'").Find(&list)                                                              // want `V MKT201: `
	db.Order(c.DefaultQuery("sort", "title")).Find(&list)                                                                   // want `V MKT201: `
}

var sortable = map[string]string{"title": "title", "newest": "created_at DESC"}

func sorted(c *gin.Context, db *gorm.DB) {
	var list []article
	db.Order(sortable[c.Query("sort")]).Find(&list) // ok: looked up in a map of texts
	order := "title"
	switch c.Query("sort") {
	case "newest":
		order = "created_at DESC"
	}
	db.Order(order).Find(&list) // ok: chosen by a switch
}

func byID(w http.ResponseWriter, r *http.Request, db *sqlx.DB) {
	id, err := uuid.Parse(chi.URLParam(r, "id"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	var a article
	if err := db.Get(&a, "SELECT * FROM articles WHERE id = '"+id.String()+"'"); err != nil { // ok: a UUID holds no quote
		return
	}
	if err := db.Get(&a, "SELECT * FROM articles WHERE slug = '"+chi.URLParam(r, "slug")+"'"); err != nil { // want `V MKT201: The path parameter slug becomes SQL text`
		return
	}
	query, args, err := sqlx.In("SELECT * FROM articles WHERE slug IN (?)", r.Form["slug"])
	if err != nil {
		return
	}
	db.MustExec(db.Rebind(query), args...) // ok: sqlx.In only adds marks
}

func since(w http.ResponseWriter, r *http.Request, pool *pgxpool.Pool) {
	day, err := time.Parse(time.DateOnly, r.FormValue("day"))
	if err != nil {
		return
	}
	pool.Query(r.Context(), fmt.Sprintf("SELECT * FROM articles WHERE created_at > '%s'", day.Format(time.DateOnly)))             // ok: a date is printed by its own format
	pool.Query(r.Context(), "SELECT * FROM articles WHERE slug = @slug", pgx.NamedArgs{"slug": mux.Vars(r)["slug"]})              // ok: a named argument is bound
	pool.Query(r.Context(), "SELECT * FROM "+pgx.Identifier{"tenant", mux.Vars(r)["tenant"]}.Sanitize())                          // ok: Sanitize quotes each part
	pool.Query(r.Context(), "SELECT * FROM tenant_"+mux.Vars(r)["tenant"])                                                        // want `V MKT201: `
	pool.Exec(r.Context(), fmt.Sprintf("UPDATE articles SET title = '%s' WHERE id = $1", r.PostFormValue("title")), r.Form["id"]) // want `V MKT201: `
}

var column = regexp.MustCompile(`^[a-z_]+$`)

func export(c echo.Context, conn *sql.Conn) error {
	name := c.QueryParam("column")
	if !column.MatchString(name) {
		return echo.ErrBadRequest
	}
	_, err := conn.QueryContext(c.Request().Context(), "SELECT "+name+" FROM articles") // ok: the pattern leaves letters only
	return err
}

func exportAny(c echo.Context, conn *sql.Conn) error {
	_, err := conn.QueryContext(c.Request().Context(), "SELECT "+c.QueryParam("column")+" FROM articles") // want `V MKT201: `
	return err
}

func batch(ctx context.Context, c *fiber.Ctx, conn *pgx.Conn) error {
	b := &pgx.Batch{}
	for _, slug := range strings.Split(c.Query("slugs"), ",") {
		b.Queue("DELETE FROM articles WHERE slug = $1", slug) // ok: bound, one by one
	}
	b.Queue("DELETE FROM articles WHERE slug IN ('" + strings.ReplaceAll(c.Query("slugs"), ",", "','") + "')") // want `V MKT201: `
	return conn.SendBatch(ctx, b).Close()
}
