// Package mkt301realwrap has a wrapper of another package around all routes.
package mkt301realwrap

import (
	"database/sql"
	"net/http"

	"app.example.io/web"
)

type server struct{ db *sql.DB }

func (s *server) remove(w http.ResponseWriter, r *http.Request) {
	if _, err := s.db.Exec("DELETE FROM lists WHERE id = ?", r.PathValue("id")); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}

func main() {
	s := &server{}
	mux := http.NewServeMux()
	mux.Handle("POST /lists/{id}", web.Trace(http.HandlerFunc(s.remove))) // want `^R MKT301: 4 routes \(POST /lists/{id}, PUT /lists/{id}, DELETE /lists/{id}, …\) show no authentication: web.Trace is given the request and is not in sight`
	mux.Handle("PUT /lists/{id}", web.Trace(http.HandlerFunc(s.remove)))
	mux.Handle("DELETE /lists/{id}", web.Trace(http.HandlerFunc(s.remove)))
	mux.Handle("DELETE /items/{id}", web.Trace(http.HandlerFunc(s.remove)))
	_ = http.ListenAndServe(":8080", mux)
}
