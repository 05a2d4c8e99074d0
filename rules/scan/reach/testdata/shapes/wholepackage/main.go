// Command wholepackage: an advisory without symbols.
package main

import "example.test/vuln/whole"

func main() { _ = whole.Exported() }
