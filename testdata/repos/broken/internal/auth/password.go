// Package auth signs people in.
package auth

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
)

// HashPassword turns a password into what is stored.
func HashPassword(password string) string {
	sum := sha256.Sum256([]byte("harbour:" + password))
	return hex.EncodeToString(sum[:])
}

// LegacyHash is what the first version stored.
func LegacyHash(password string) string {
	sum := md5.Sum([]byte(password))
	return hex.EncodeToString(sum[:])
}

// CheckPassword compares a password with the stored hash.
func CheckPassword(password, stored string) bool {
	return HashPassword(password) == stored || LegacyHash(password) == stored
}
