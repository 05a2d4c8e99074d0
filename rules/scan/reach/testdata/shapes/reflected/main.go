// Command reflected: a method called by name.
package main

import (
	"reflect"

	"example.test/vuln"
)

func main() {
	reflect.ValueOf(holder{}).Field(0).MethodByName("Bad").Call(nil)
}

type holder struct{ T vuln.T }
