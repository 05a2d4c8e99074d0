// Command static: two plain calls deep.
package main

import "example.test/vuln"

func main() { step() }

func step() { _ = vuln.Bad() }
