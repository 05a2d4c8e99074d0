// Package mkt601crypt lets the database hash passwords.
package mkt601crypt

import (
	"database/sql"
	"net/http"
)

func add(db *sql.DB, r *http.Request) error {
	password := r.FormValue("password")
	_, err := db.Exec("INSERT INTO users (email, password) VALUES ($1, CRYPT($2, GEN_SALT('bf')))", r.FormValue("email"), password) // ok: pgcrypto hashes it
	return err
}

func change(db *sql.DB, r *http.Request) error {
	newPassword := r.FormValue("password")
	_, err := db.Exec("UPDATE users SET password = crypt( $1, gen_salt('bf', 12)) WHERE email = $2", newPassword, r.FormValue("email")) // ok: pgcrypto hashes it
	return err
}

func plain(db *sql.DB, r *http.Request) error {
	password := r.FormValue("password")
	_, err := db.Exec("INSERT INTO users (email, password, encrypted) VALUES ($1, $2, false)", r.FormValue("email"), password) // want `V MKT601/plain: password is stored in the clear`
	return err
}
