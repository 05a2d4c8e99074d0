// Command typearg: a generic that calls a method of its type argument.
package main

import "example.test/vuln"

func main() { _ = vuln.Plain(vuln.T{}) }
