// Package scrypt is a stub for tests: only declarations, written by hand.
package scrypt

func Key(password, salt []byte, N, r, p, keyLen int) ([]byte, error) { return nil, nil }
