// Command sortcallback: a callback handed to code without a body.
package main

import (
	"sort"

	"example.test/vuln"
)

func main() {
	names := []string{"b", "a"}
	sort.Slice(names, func(i, j int) bool { return vuln.Bad() == nil })
}
