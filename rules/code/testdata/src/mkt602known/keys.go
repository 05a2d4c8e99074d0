// Package mkt602known derives keys with the older pbkdf2 of x/crypto.
package mkt602known

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"

	"golang.org/x/crypto/pbkdf2"
)

func block(password, salt []byte) (cipher.BlockMode, error) {
	b, err := aes.NewCipher(pbkdf2.Key(password, salt, 600_000, 32, sha256.New))
	if err != nil {
		return nil, err
	}
	return cipher.NewCBCEncrypter(b, make([]byte, aes.BlockSize)), nil // want `^[VR] MKT602`
}

func sealed(password, salt []byte) (cipher.AEAD, error) {
	b, err := aes.NewCipher(pbkdf2.Key(password, salt, 600_000, 32, sha256.New)) // ok: 32 bytes
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(b) // ok: authenticated
}
