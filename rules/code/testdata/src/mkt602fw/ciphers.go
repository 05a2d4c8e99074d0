// Package mkt602fw uses the old ciphers of x/crypto.
package mkt602fw

import (
	"crypto/pbkdf2"
	"crypto/sha256"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/cast5"
	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/crypto/tea"
	"golang.org/x/crypto/xtea"
)

func old(key []byte) {
	cast5.NewCipher(key) // want `^[VR] MKT602`
	tea.NewCipher(key)   // want `^[VR] MKT602`
	xtea.NewCipher(key)  // want `^[VR] MKT602`
}

func new(key []byte, password string, salt []byte) {
	chacha20poly1305.New(key)                               // ok: authenticated
	pbkdf2.Key(sha256.New, password, salt, 600_000, 32)     // ok: 32 bytes
	argon2.IDKey([]byte(password), salt, 2, 19*1024, 1, 32) // ok: 32 bytes
}
