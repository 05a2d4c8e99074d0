// Command interface: a call through an interface that two types satisfy.
package main

import "example.test/vuln"

type mine struct{}

func (mine) Bad() error { return nil }

func main() {
	doers := []vuln.Doer{mine{}, vuln.T{}}
	for _, d := range doers {
		_ = d.Bad()
	}
}
