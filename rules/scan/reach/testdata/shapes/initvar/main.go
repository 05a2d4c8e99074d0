// Command initvar: a package variable that is set by the vulnerable function.
package main

import "example.test/vuln"

var err = vuln.Bad()

func main() { println(err != nil) }
