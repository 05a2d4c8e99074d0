// Command methodvalue: a method value that travels through a variable.
package main

import (
	"os"

	"example.test/vuln"
)

func main() {
	var p vuln.P
	var run func() error
	if len(os.Args) > 0 {
		run = p.Bad
	}
	_ = run()
}
