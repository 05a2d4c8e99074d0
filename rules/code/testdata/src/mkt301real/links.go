// Package mkt301real serves links of mails and hands routes to a wrapper.
package mkt301real

import (
	"database/sql"
	"net/http"
)

type server struct{ db *sql.DB }

func (s *server) leave(w http.ResponseWriter, r *http.Request) {
	if _, err := s.db.Exec("DELETE FROM subscriptions WHERE token = ?", r.PathValue("token")); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}

func (s *server) remove(w http.ResponseWriter, r *http.Request) {
	if _, err := s.db.Exec("DELETE FROM lists WHERE id = ?", r.PathValue("id")); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}

func main() {
	s := &server{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /lists/leave/{token}", s.leave)    // want `^R MKT301: POST /lists/leave/{token} is open to whoever knows`
	mux.HandleFunc("POST /lists/{subUUID}/wipe", s.leave)   // want `^R MKT301: POST /lists/{subUUID}/wipe is open to whoever knows`
	mux.HandleFunc("DELETE /users/{uuid}", s.remove)        // want `^V MKT301: DELETE /users/{uuid} is served without`
	mux.HandleFunc("DELETE /lists/{id}", s.remove)          // want `^V MKT301: DELETE /lists/{id} is served without`
	mux.HandleFunc("DELETE /lists/{listToken}", s.remove)   // want `^R MKT301: DELETE /lists/{listToken} is open to whoever knows`
	mux.HandleFunc("POST /lists/unsubscribe/{id}", s.leave) // ok: unsubscribing is open by nature
	_ = http.ListenAndServe(":8080", mux)
}
