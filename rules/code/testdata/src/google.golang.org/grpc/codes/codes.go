// Package codes is a stub for tests: only declarations, written by hand.
package codes

type Code uint32

const (
	OK              Code = 0
	Unknown         Code = 2
	InvalidArgument Code = 3
	NotFound        Code = 5
	Internal        Code = 13
	Unavailable     Code = 14
)
