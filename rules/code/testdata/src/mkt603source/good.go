// Package mkt603source feeds math/rand from crypto/rand.
package mkt603source

import (
	crand "crypto/rand"
	"encoding/binary"
	"math/rand"
)

type source struct{}

func (source) Int63() int64 { return int64(source{}.Uint64() >> 1) }

func (source) Uint64() uint64 {
	var b [8]byte
	crand.Read(b[:])
	return binary.LittleEndian.Uint64(b[:])
}

func (source) Seed(int64) {}

const alphabet = "abcdef"

func token(n int) string {
	r := rand.New(source{}) // ok: its source is crypto/rand
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.Intn(len(alphabet))]
	}
	return string(b)
}
