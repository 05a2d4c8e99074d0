// Package mkt301section has a section of pages that are open to anyone.
package mkt301section

import (
	"database/sql"
	"fmt"
	"net/http"
)

type site struct{ db *sql.DB }

func (s *site) page(w http.ResponseWriter, r *http.Request) {
	var text string
	if err := s.db.QueryRow("SELECT text FROM pages WHERE name = $1", r.PathValue("name")).Scan(&text); err != nil {
		http.NotFound(w, r)
		return
	}
	fmt.Fprintln(w, text)
}

func (s *site) archive(mux *http.ServeMux) {
	mux.HandleFunc("GET /archive", s.page)        // want `^R MKT301: 4 routes \(GET /archive, GET /archive/{name}, GET /topics, …\) are open to anyone; list them as anonymous in the policy file if that is meant$`
	mux.HandleFunc("GET /archive/{name}", s.page) // ok: told with the first
	mux.HandleFunc("GET /topics", s.page)         // ok: told with the first
	mux.HandleFunc("GET /topics/{name}", s.page)  // ok: told with the first
	mux.HandleFunc("GET /mail/{token}", s.page)   // want `^R MKT301: GET /mail/{token} is open to whoever knows what stands in its path`
}

func (s *site) news(mux *http.ServeMux) {
	mux.HandleFunc("GET /news", s.page)        // want `^R MKT301: GET /news is open to anyone`
	mux.HandleFunc("GET /news/{name}", s.page) // want `^R MKT301: GET /news/{name} is open to anyone`
}

func main() {
	s, mux := &site{}, http.NewServeMux()
	s.archive(mux)
	s.news(mux)
	_ = http.ListenAndServe(":8080", mux)
}
