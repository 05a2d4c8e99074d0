// Package status is a stub for tests: only declarations, written by hand.
package status

import "google.golang.org/grpc/codes"

type Status struct{}

func (s *Status) Err() error { return nil }

func Error(c codes.Code, msg string) error { return nil }

func Errorf(c codes.Code, format string, a ...any) error { return nil }

func New(c codes.Code, msg string) *Status { return nil }

func Newf(c codes.Code, format string, a ...any) *Status { return nil }
