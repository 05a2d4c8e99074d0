package main

import (
	"testing"

	"example.test/vuln"
)

func TestBad(t *testing.T) { _ = vuln.Bad() }
