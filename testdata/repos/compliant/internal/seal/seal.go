// Package seal encrypts what must not lie readable in the database or in a
// cookie, with AES-256-GCM.
//
// A sealed value is the id of the key, a dot, and the nonce with the ciphertext.
// The context is authenticated and not stored: a value moved to another tenant's
// row does not open.
package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
	"strings"
)

// errSealed says nothing about why, so that a caller cannot leak it.
var errSealed = errors.New("the sealed value cannot be opened")

// A Box seals and opens.
type Box struct {
	current string
	keys    map[string]cipher.AEAD
}

// New returns a box that seals with the key named current and opens with any.
func New(current string, keys map[string][]byte) (*Box, error) {
	b := &Box{current: current, keys: map[string]cipher.AEAD{}}
	for id, key := range keys {
		if id == "" || strings.Contains(id, ".") || len(key) != 32 {
			return nil, errors.New("a key for sealing must have an id without dots, and 32 bytes")
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, fmt.Errorf("making a cipher: %w", err)
		}
		if b.keys[id], err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return nil, fmt.Errorf("making a cipher: %w", err)
		}
	}
	if b.keys[current] == nil {
		return nil, errors.New("the current key for sealing is not among the keys")
	}
	return b, nil
}

// Seal encrypts a value for one context.
func (b *Box) Seal(plain []byte, context string) []byte {
	return b.keys[b.current].Seal([]byte(b.current+"."), nil, plain, []byte(context))
}

// Open decrypts a value that was sealed for the same context.
func (b *Box) Open(sealed []byte, context string) ([]byte, error) {
	id, rest, _ := bytes.Cut(sealed, []byte("."))
	aead := b.keys[string(id)]
	if aead == nil {
		return nil, errSealed
	}
	plain, err := aead.Open(nil, nil, rest, []byte(context))
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}
