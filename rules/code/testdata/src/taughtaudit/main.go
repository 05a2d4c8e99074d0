// Package taughtaudit writes records with the policy's audit function.
package taughtaudit

import (
	"database/sql"
	"net/http"

	"app.example.io/house"
)

var (
	db    *sql.DB
	clerk *house.Clerk
)

func remove(w http.ResponseWriter, r *http.Request) {
	db.ExecContext(r.Context(), "DELETE FROM items WHERE id = $1", r.PathValue("id"))
}

func removeNoted(w http.ResponseWriter, r *http.Request) {
	db.ExecContext(r.Context(), "DELETE FROM items WHERE id = $1", r.PathValue("id"))
	clerk.Put("deleted an item")
}

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("DELETE /items/{id}", remove) // want `^R MKT705: .*DELETE /items/\{id\}$`
	mux.HandleFunc("DELETE /orders/{id}", removeNoted)
	return mux
}
