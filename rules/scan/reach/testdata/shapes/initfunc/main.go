// Command initfunc: an init function.
package main

import "example.test/vuln"

func init() { _ = vuln.Bad() }

func main() {}
