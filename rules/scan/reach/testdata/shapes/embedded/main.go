// Command embedded: a method promoted from an embedded field.
package main

import "example.test/vuln"

type outer struct{ *vuln.P }

func main() {
	o := outer{new(vuln.P)}
	_ = o.Bad()
}
