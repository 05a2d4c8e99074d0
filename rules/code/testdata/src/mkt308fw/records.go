// Package mkt308fw finds records through sqlx and pgx.
package mkt308fw

import (
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
)

const schema = `CREATE TABLE invoices (id uuid PRIMARY KEY, account_id uuid NOT NULL, total int)`

type app struct {
	db   *sqlx.DB
	pool *pgxpool.Pool
}

type invoice struct{ Total int }

func (a *app) get(w http.ResponseWriter, r *http.Request) {
	var i invoice
	a.db.GetContext(r.Context(), &i, "SELECT total FROM invoices WHERE id = $1", r.PathValue("id")) // want `^R MKT308: a record of invoices`
}

func (a *app) row(w http.ResponseWriter, r *http.Request) {
	a.pool.QueryRow(r.Context(), "SELECT total FROM invoices WHERE id = $1", r.PathValue("id")) // want `^R MKT308: a record of invoices`
}

func (a *app) scoped(w http.ResponseWriter, r *http.Request, account string) {
	var i invoice
	a.db.GetContext(r.Context(), &i, "SELECT total FROM invoices WHERE id = $1 AND account_id = $2", r.PathValue("id"), account) // ok: the owner is asked for
	a.pool.QueryRow(r.Context(), "SELECT total FROM invoices WHERE id = $1 AND account_id = $2", r.PathValue("id"), account)     // ok: the owner is asked for
	a.db.GetContext(r.Context(), &i, "SELECT rate FROM currencies WHERE id = $1", r.PathValue("id"))                             // ok: nobody's record
}
