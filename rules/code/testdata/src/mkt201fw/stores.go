// Package mkt201fw runs SQL through the less common libraries.
package mkt201fw

import (
	"context"
	"net/http"

	"github.com/doug-martin/goqu/v9"
	"github.com/go-pg/pg/v10"
	"github.com/gocql/gocql"
	"github.com/gocraft/dbr/v2"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v5"
	"xorm.io/xorm"
)

type app struct {
	pg     *pg.DB
	xorm   *xorm.Engine
	cql    *gocql.Session
	dbr    *dbr.Session
	pool   *pgxpool.Pool
	sqlx   *sqlx.DB
	sorted map[string]string
}

type note struct{ ID, Title string }

func (a *app) goPG(w http.ResponseWriter, r *http.Request) {
	var notes []note
	a.pg.Query(&notes, "SELECT * FROM notes WHERE title = '"+r.FormValue("t")+"'") // want `^V MKT201`
	a.pg.Model(&notes).OrderExpr(r.FormValue("sort")).Select()                     // want `^V MKT201`
	a.pg.Query(&notes, "SELECT * FROM notes WHERE title = ?", r.FormValue("t"))    // ok: bound
	a.pg.Model(&notes).Where("title = ?", r.FormValue("t")).Select()               // ok: bound
}

func (a *app) xormed(w http.ResponseWriter, r *http.Request) {
	var notes []note
	a.xorm.Where("title = '" + r.FormValue("t") + "'").Find(&notes)  // want `^V MKT201`
	a.xorm.Query("SELECT * FROM notes ORDER BY " + r.FormValue("s")) // want `^V MKT201`
	a.xorm.Where("title = ?", r.FormValue("t")).Find(&notes)         // ok: bound
	a.xorm.OrderBy(a.sorted[r.FormValue("s")]).Find(&notes)          // ok: chosen from a list
}

func (a *app) cassandra(w http.ResponseWriter, r *http.Request) {
	a.cql.Query("SELECT * FROM notes WHERE id = '" + r.PathValue("id") + "'").Exec() // want `^V MKT201`
	a.cql.Query("SELECT * FROM notes WHERE id = ?", r.PathValue("id")).Exec()        // ok: bound
}

func (a *app) built(w http.ResponseWriter, r *http.Request) {
	goqu.From("notes").Where(goqu.L("title = '" + r.FormValue("t") + "'")).ToSQL() // want `^V MKT201`
	goqu.From("notes").Where(goqu.C("title").Eq(r.FormValue("t"))).ToSQL()         // ok: a value
	goqu.From("notes").Where(goqu.L("title = ?", r.FormValue("t"))).ToSQL()        // ok: bound
}

func (a *app) records(w http.ResponseWriter, r *http.Request) {
	var notes []note
	a.dbr.SelectBySql("SELECT * FROM notes WHERE title = '" + r.FormValue("t") + "'").Load(&notes) // want `^V MKT201`
	a.dbr.SelectBySql("SELECT * FROM notes WHERE title = ?", r.FormValue("t")).Load(&notes)        // ok: bound
	a.dbr.Select("*").From("notes").Where("title = '" + r.FormValue("t") + "'").Load(&notes)       // want `^V MKT201`
	a.dbr.Select("*").From("notes").Where(dbr.Eq("title", r.FormValue("t"))).Load(&notes)          // ok: a value
}

func (a *app) five(c *echo.Context) error {
	var n note
	a.sqlx.Get(&n, "SELECT * FROM notes WHERE id = '"+c.Param("id")+"'")                          // want `^V MKT201`
	a.sqlx.Get(&n, "SELECT * FROM notes ORDER BY "+c.QueryParamOr("sort", "id"))                  // want `^V MKT201`
	a.pool.QueryRow(context.Background(), "SELECT 1 FROM notes WHERE id = $1", c.Param("id"))     // ok: bound
	return a.sqlx.Get(&n, a.sqlx.Rebind("SELECT * FROM notes WHERE title = ?"), c.FormValue("t")) // ok: bound
}
