// Package auth signs people in.
package auth

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
)

const (
	iterations = 600_000
	saltBytes  = 16
	keyBytes   = 32
)

// HashPassword turns a password into what is stored.
func HashPassword(password string) (salt, hash []byte, err error) {
	salt = make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return nil, nil, err
	}
	hash, err = pbkdf2.Key(sha256.New, password, salt, iterations, keyBytes)
	return salt, hash, err
}

// CheckPassword compares a password with the stored hash.
func CheckPassword(password string, salt, stored []byte) bool {
	got, err := pbkdf2.Key(sha256.New, password, salt, iterations, keyBytes)
	return err == nil && subtle.ConstantTimeCompare(got, stored) == 1
}
