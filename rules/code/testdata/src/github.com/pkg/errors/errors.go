// Package errors is a stub for tests: only declarations, written by hand.
package errors

func New(message string) error { return nil }

func Errorf(format string, args ...any) error { return nil }

func Wrap(err error, message string) error { return nil }

func Wrapf(err error, format string, args ...any) error { return nil }

func WithStack(err error) error { return nil }

func Cause(err error) error { return nil }
