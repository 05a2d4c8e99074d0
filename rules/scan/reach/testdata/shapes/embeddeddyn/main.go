// Command embeddeddyn: a promoted method behind an interface.
package main

import "example.test/vuln"

type outer struct{ inner }

type inner struct{ vuln.T }

func main() {
	var d vuln.Doer = &outer{}
	_ = d.Bad()
}
