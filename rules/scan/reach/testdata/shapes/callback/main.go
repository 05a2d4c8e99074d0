// Command callback: a callback of the vulnerable module itself.
package main

import "example.test/vuln"

func main() { _ = vuln.Each(vuln.Bad) }
