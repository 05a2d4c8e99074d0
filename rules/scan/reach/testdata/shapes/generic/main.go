// Command generic: an instance of a vulnerable generic function.
package main

import "example.test/vuln"

func main() { _ = vuln.Of(1) }
