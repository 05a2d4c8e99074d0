// Command sortmethod: a value whose methods the standard library calls through an interface.
package main

import (
	"sort"

	"example.test/vuln"
)

type byName []string

func (s byName) Len() int           { return len(s) }
func (s byName) Less(i, j int) bool { return vuln.Bad() == nil }
func (s byName) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }

func main() { sort.Sort(byName{"b", "a"}) }
