// Package pbkdf2 is a stub for tests: only declarations, written by hand.
package pbkdf2

import "hash"

func Key(password, salt []byte, iter, keyLen int, h func() hash.Hash) []byte { return nil }
