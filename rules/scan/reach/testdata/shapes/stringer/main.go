// Command stringer: a String method that fmt finds by itself.
package main

import (
	"fmt"

	"example.test/vuln"
)

type name struct{}

func (name) String() string { return vuln.Bad().Error() }

func main() { fmt.Println(name{}) }
