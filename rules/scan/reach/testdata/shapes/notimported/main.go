// Command notimported: another package of the same module.
package main

import "example.test/vuln/plain"

func main() { _ = plain.Fine() }
