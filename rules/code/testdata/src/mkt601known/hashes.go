// Package mkt601known hashes passwords with the older packages of x/crypto.
package mkt601known

import (
	"golang.org/x/crypto/md4"
	"golang.org/x/crypto/scrypt"
	"golang.org/x/crypto/sha3"
)

func fast(password string) []byte {
	h := md4.New()
	h.Write([]byte(password))            // want `^V MKT601: `
	sum := sha3.Sum256([]byte(password)) // want `^V MKT601: `
	return append(h.Sum(nil), sum[:]...)
}

func slow(password string, salt []byte) ([]byte, error) {
	return scrypt.Key([]byte(password), salt, 1<<17, 8, 1, 32) // ok: slow and salted
}

func checksums(file []byte) []byte {
	h := md4.New()
	h.Write(file)            // ok: no password
	sum := sha3.Sum256(file) // ok: no password
	return append(h.Sum(nil), sum[:]...)
}
