// Command unreachable: a function that nobody mentions.
package main

import "example.test/vuln"

func main() { _ = vuln.Safe() }

func unused() { _ = vuln.Bad() }

type unusedToo struct{}

func (unusedToo) Run() { unused() }
