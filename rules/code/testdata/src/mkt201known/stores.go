// Package mkt201known builds statements with ent's expressions and for
// ClickHouse.
package mkt201known

import (
	"net/http"
	"strconv"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

func expressions(s *entsql.Selector, r *http.Request) {
	s.Where(entsql.ExprP("name = '" + r.FormValue("name") + "'")) // want `^V MKT201`
	s.OrderExpr(entsql.Raw(r.FormValue("sort") + " DESC"))        // want `^V MKT201`
	s.OrderExpr(entsql.Expr("length(" + r.FormValue("by") + ")")) // want `^V MKT201`
	s.Where(entsql.ExprP("name = ?", r.FormValue("name")))        // ok: an argument
	s.Where(entsql.EQ("name", r.FormValue("name")))               // ok: ent binds values
	s.OrderExpr(entsql.Raw("created_at DESC"))                    // ok: a constant
}

func events(w http.ResponseWriter, r *http.Request) error {
	conn, err := clickhouse.Open(&clickhouse.Options{Addr: []string{"127.0.0.1:9000"}})
	if err != nil {
		return err
	}
	rows, err := conn.Query(r.Context(), "SELECT * FROM events WHERE name = '"+r.FormValue("name")+"'") // want `^V MKT201`
	if err != nil {
		return err
	}
	defer rows.Close()
	n, err := strconv.Atoi(r.FormValue("limit"))
	if err != nil {
		return err
	}
	var list []struct{ Name string }
	return conn.Select(r.Context(), &list, "SELECT name FROM events LIMIT "+strconv.Itoa(n)) // ok: a number
}

func counted(conn driver.Conn, w http.ResponseWriter, r *http.Request) {
	conn.Exec(r.Context(), "ALTER TABLE events DELETE WHERE id = "+r.PathValue("id"))                   // want `^V MKT201`
	conn.QueryRow(r.Context(), "SELECT count() FROM events WHERE name = ?", r.FormValue("name"))        // ok: an argument
	conn.Select(r.Context(), &[]string{}, "SELECT name FROM events WHERE day = $1", r.PathValue("day")) // ok: an argument
}
