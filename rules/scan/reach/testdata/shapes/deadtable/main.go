// Command deadtable: a table of functions that nobody calls.
package main

import "example.test/vuln"

var table = map[string]func() error{"bad": vuln.Bad}

func main() { println(len(table)) }
