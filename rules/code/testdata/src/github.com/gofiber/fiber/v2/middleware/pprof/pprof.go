// Package pprof is a stub for tests: only declarations, written by hand.
package pprof

import "github.com/gofiber/fiber/v2"

func New() fiber.Handler { return nil }
