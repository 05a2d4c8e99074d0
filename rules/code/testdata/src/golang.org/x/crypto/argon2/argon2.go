// Package argon2 is a stub for tests: only declarations, written by hand.
package argon2

func IDKey(password, salt []byte, time, memory uint32, threads uint8, keyLen uint32) []byte {
	return nil
}
