// Package mkt601fw hashes and stores passwords with other libraries.
package mkt601fw

import (
	"context"
	"crypto/sha3"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/crypto/blake2s"
	"golang.org/x/crypto/ripemd160"
)

func fast(password string) []byte {
	sum := sha3.Sum256([]byte(password)) // want `^V MKT601: `
	_ = sum
	other := blake2s.Sum256([]byte(password)) // want `^V MKT601: `
	_ = other
	h := ripemd160.New()
	h.Write([]byte(password)) // want `^V MKT601: `
	return h.Sum(nil)
}

func stored(db *sqlx.DB, pool *pgxpool.Pool, password string) {
	db.MustExec("UPDATE users SET password = $1", password)                               // want `^[VR] MKT601/plain`
	pool.Exec(context.Background(), "INSERT INTO users (password) VALUES ($1)", password) // want `^[VR] MKT601/plain`
}

func hashed(db *sqlx.DB, pool *pgxpool.Pool, password string) {
	hash, err := bcrypt.GenerateFromPassword([]byte(password), 12)
	if err == nil {
		db.MustExec("UPDATE users SET password = $1", hash)                                       // ok: hashed
		pool.Exec(context.Background(), "INSERT INTO users (password) VALUES ($1)", string(hash)) // ok: hashed
	}
}

func checksum(file []byte) [32]byte {
	return sha3.Sum256(file) // ok: no password
}
