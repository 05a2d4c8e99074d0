// Command genericmethod: a method of an instance of a generic type.
package main

import "example.test/vuln"

func main() {
	g := vuln.G[string]{X: "x"}
	_ = g.Bad()
}
