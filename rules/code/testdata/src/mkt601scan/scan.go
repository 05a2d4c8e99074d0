// Package mkt601scan compares passwords with what a query reads.
package mkt601scan

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/crypto/bcrypt"
)

type login struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

func read(r *http.Request) (in login) {
	json.NewDecoder(r.Body).Decode(&in)
	return in
}

func direct(ctx context.Context, db *pgxpool.Pool, r *http.Request) bool {
	in := read(r)
	var pw string
	if db.QueryRow(ctx, "SELECT password FROM users WHERE email = $1", in.Email).Scan(&pw) != nil {
		return false
	}
	return pw == in.Password // want `V MKT601/plain: `
}

func second(db *sql.DB, r *http.Request) bool {
	in := read(r)
	var id int
	var stored string
	row := db.QueryRow("SELECT u.id, u.password FROM users u WHERE u.email = $1", in.Email)
	if row.Scan(&id, &stored) != nil {
		return false
	}
	return in.Password == stored // want `V MKT601/plain: `
}

func hashed(db *sql.DB, r *http.Request) bool {
	in := read(r)
	var stored string
	if db.QueryRow("SELECT password FROM users WHERE email = $1", in.Email).Scan(&stored) != nil {
		return false
	}
	return bcrypt.CompareHashAndPassword([]byte(stored), []byte(in.Password)) == nil // ok: a hash is verified
}

func other(db *sql.DB, r *http.Request) bool {
	in := read(r)
	var email, password string
	if db.QueryRow("SELECT email, password FROM users WHERE email = $1", in.Email).Scan(&email, &password) != nil {
		return false
	}
	return email == in.Password // ok: another column
}
