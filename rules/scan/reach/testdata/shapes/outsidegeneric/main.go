// Command outsidegeneric: a generic of the standard library that calls a method of its type argument.
package main

import (
	"errors"

	"example.test/vuln"
)

type name string

func (n name) Error() string { return vuln.Bad().Error() }

func main() {
	if err, ok := errors.AsType[name](vuln.Safe()); ok {
		println(err)
	}
}
