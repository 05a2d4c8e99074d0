// Command closure: a function literal called where it is made.
package main

import "example.test/vuln"

func main() {
	run := func() error { return vuln.Bad() }
	_ = run()
}
