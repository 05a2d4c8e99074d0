// Package connect is a stub for tests: only declarations, written by hand.
package connect

type Code uint32

const (
	CodeInvalidArgument Code = 3
	CodeInternal        Code = 13
)

type Error struct{}

func (e *Error) Error() string { return "" }

func NewError(c Code, underlying error) *Error { return nil }
