// Package blake2b is a stub for tests: only declarations, written by hand.
package blake2b

import "hash"

func Sum256(data []byte) [32]byte { return [32]byte{} }

func New256(key []byte) (hash.Hash, error) { return nil, nil }
