// Command testonly: a call that only a test makes.
package main

import "example.test/vuln"

func main() { _ = vuln.Safe() }
