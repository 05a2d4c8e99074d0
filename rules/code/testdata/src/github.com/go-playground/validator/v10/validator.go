// Package validator is a stub for tests: only declarations, written by hand.
package validator

type Validate struct{}

func New() *Validate { return nil }

func (v *Validate) Struct(s any) error { return nil }

type FieldError interface {
	Error() string
	Field() string
}

type ValidationErrors []FieldError

func (ve ValidationErrors) Error() string { return "" }
