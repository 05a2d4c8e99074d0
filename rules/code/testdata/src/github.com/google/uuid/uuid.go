// Package uuid is a stub for tests: only declarations, written by hand.
package uuid

type UUID [16]byte

func (u UUID) String() string { return "" }

func New() UUID { return UUID{} }

func NewString() string { return "" }

func NewUUID() (UUID, error) { return UUID{}, nil }

func NewRandom() (UUID, error) { return UUID{}, nil }

func Must(u UUID, err error) UUID { return u }
