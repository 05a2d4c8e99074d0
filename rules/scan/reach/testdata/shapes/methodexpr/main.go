// Command methodexpr: a method expression.
package main

import "example.test/vuln"

func main() {
	run := (*vuln.P).Bad
	_ = run(new(vuln.P))
}
