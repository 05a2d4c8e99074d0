package mkt308rls

import (
	"database/sql"
	"net/http"
)

const insert = `INSERT INTO invoices (id, tenant_id) VALUES ($1, $2)`

func scope(tx *sql.Tx, tenant string) { tx.Exec("SELECT set_config('app.tenant', $1, true)", tenant) }

func read(tx *sql.Tx, r *http.Request) {
	tx.QueryRow("SELECT total FROM invoices WHERE id = $1", r.PathValue("id"))
}
