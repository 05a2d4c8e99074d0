// Package mkt701real answers with errors that tell nothing.
package mkt701real

import (
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/http"
)

func state() ([]byte, error) {
	b := make([]byte, 20)
	if _, err := rand.Read(b); err != nil {
		return nil, err
	}
	return b, nil
}

func login(w http.ResponseWriter, r *http.Request) {
	if _, err := state(); err != nil {
		http.Error(w, fmt.Sprintf("no state: %v", err), http.StatusInternalServerError) // ok: rand.Read does not fail
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func users(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := db.PingContext(r.Context()); err != nil {
			http.Error(w, fmt.Sprintf("no state: %v", err), http.StatusInternalServerError) // want `V MKT701`
		}
	}
}
