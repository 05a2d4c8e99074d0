// Command linkname: a function bound by the linker.
package main

import (
	_ "unsafe"

	_ "example.test/vuln"
)

//go:linkname bound example.test/vuln.Bad
func bound() error

func main() { _ = bound() }
