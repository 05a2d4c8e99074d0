// Command otherimpl: a call through an interface that only a safe type is given to.
package main

import "example.test/vuln"

type mine struct{}

func (mine) Bad() error { return vuln.Safe() }

func main() {
	var d vuln.Doer = mine{}
	_ = d.Bad()
}
