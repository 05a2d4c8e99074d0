// Command table: a table of functions.
package main

import (
	"os"

	"example.test/vuln"
)

var table = map[string]func() error{"bad": vuln.Bad, "safe": vuln.Safe}

func main() { _ = table[os.Args[0]]() }
