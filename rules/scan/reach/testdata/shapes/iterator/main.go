// Command iterator: the body of a range-over-func loop.
package main

import "example.test/vuln"

func twice(yield func(int) bool) {
	_ = yield(1) && yield(2)
}

func main() {
	for range twice {
		_ = vuln.Bad()
	}
}
