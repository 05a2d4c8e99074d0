// Command wholeimport: an advisory without symbols, the package only imported.
package main

import _ "example.test/vuln/whole"

func main() {}
