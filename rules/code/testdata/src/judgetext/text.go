// Package judgetext says on each line what the second look at text that is put
// together must answer: "as is" leaves gosec's word.
package judgetext

import (
	"database/sql"
	"fmt"
	"html"
	"html/template"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
)

func constant(db *sql.DB, ids []int, open bool) {
	where := []string{"tenant = ?"}
	args := []any{1}
	if open {
		where = append(where, "status = 'open'")
	}
	marks := make([]string, 0, len(ids))
	for _, id := range ids {
		marks = append(marks, "?")
		args = append(args, id)
	}
	where = append(where, "id IN ("+strings.Join(marks, ",")+")")
	db.Query("SELECT * FROM t WHERE "+strings.Join(where, " AND "), args...) // want `G202 informational`
}

func numbers(db *sql.DB, limit int, page uint64) {
	query := fmt.Sprintf("SELECT * FROM t LIMIT %d", limit) + " OFFSET " + strconv.FormatUint(page, 10)
	db.Query(query) // want `G202 informational`
}

func steps(db *sql.DB, table string, limit int) {
	query := "SELECT * FROM " + table
	query += " LIMIT " + strconv.Itoa(limit)
	db.Query(query) // want `G202 as is`
}

// Column is called from other packages.
func Column(db *sql.DB, name string) {
	db.Query("SELECT " + name + " FROM t") // want `G202 as is`
}

func fixed(db *sql.DB) { column(db, "name") }

func column(db *sql.DB, name string) {
	db.Query("SELECT " + name + " FROM t") // want `G202 informational`
}

type store struct {
	db     *sql.DB
	prefix string
}

// Count names the table by a field that others may set.
func (s *store) Count() {
	s.db.Query("SELECT count(*) FROM " + s.prefix + "t") // want `G202 as is`
}

func stored(db *sql.DB) {
	var column string
	if err := db.QueryRow("SELECT name FROM columns").Scan(&column); err != nil { // want `G202 as is`
		return
	}
	db.Query("SELECT " + column + " FROM t") // want `G202 as is`
}

func environment(db *sql.DB) {
	db.Query("SELECT * FROM " + os.Getenv("TABLE")) // want `G202 as is`
}

func request(db *sql.DB, r *http.Request) {
	db.Query("SELECT * FROM " + r.FormValue("table")) // want `G202 as is`
}

func indirect(db *sql.DB, build func() string) {
	db.Query("SELECT * FROM t " + build()) // want `G202 as is`
}

func trusted(r *http.Request, text func() string) []any {
	return []any{
		template.HTML("<b>" + html.EscapeString(r.FormValue("q")) + "</b>"), // want `G203 informational`
		template.HTML("<b>" + strconv.Itoa(len(r.FormValue("q"))) + "</b>"), // want `G203 informational`
		template.HTML(r.FormValue("q")),                                     // want `G203 as is`
		template.JS(text()),                                                 // want `G203 as is`
	}
}

func page(w http.ResponseWriter, r *http.Request, data []byte) {
	w.Write([]byte("<b>" + r.FormValue("q")))                    // want `G705 as is`
	w.Write([]byte("<b>" + html.EscapeString(r.FormValue("q")))) // want `G705 informational`
	w.Write(data)                                                // want `G705 review`
}

func logs(r *http.Request, name func() string) {
	log.Printf("%s", r.FormValue("q")) // want `G706 as is`
	log.Printf("%q", r.FormValue("q")) // want `G706 informational`
	log.Printf("%s", name())           // want `G706 as is`
	log.Printf("%s", r.URL)            // want `G706 informational`
}
