// Package judgesteps holds calls that gosec reports, with the way that leads to
// each.
package judgesteps

import (
	"database/sql"
	"fmt"
	"html/template"
	"log"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
)

func search(w http.ResponseWriter, r *http.Request, db *sql.DB) {
	name := r.FormValue("name")
	rows, err := db.Query("SELECT id FROM users WHERE name = '" + name + "'") // want `G202: input: the form field name > becomes part of the query`
	fmt.Fprintln(w, rows, err)
	fmt.Fprintln(w, db.QueryRow("SELECT id FROM users WHERE name = $1"+" LIMIT 1", name)) // ok: constant
}

func fetch(w http.ResponseWriter, r *http.Request) {
	target := address(r)
	res, err := http.Get(target) // want `G107: input: the query string > returned by address > reaches Get`
	fmt.Fprintln(w, res, err)
	req, _ := http.NewRequest("GET", target, nil)
	http.DefaultClient.Do(req)            // want `G107: input: the query string > returned by address > reaches Do`
	http.Get("https://feed.example.com/") // ok: constant
}

func address(r *http.Request) string { return r.URL.Query().Get("url") }

func open(w http.ResponseWriter, r *http.Request) {
	f, err := os.Open(filepath.Join("/srv", r.PathValue("name"))) // want `G703: input: the path parameter name > reaches Open`
	fmt.Fprintln(w, f, err)
	os.Open(os.Getenv("CONFIG")) // ok: no request decides it, so there is no way to show
}

func run(w http.ResponseWriter, r *http.Request) {
	exec.Command("convert", r.FormValue("size")).Run() // want `G204: input: the form field size > reaches Command`
}

func page(w http.ResponseWriter, r *http.Request) template.HTML {
	log.Println(r.FormValue("who"))          // want `G706: input: the form field who > written to the log by Println`
	return template.HTML(r.FormValue("bio")) // want `G203: input: the form field bio > declared safe as template.HTML`
}
