// Command variadic: a callback among variadic arguments to code without a body.
package main

import (
	"slices"
	"sync"

	"example.test/vuln"
)

func seed() error { return vuln.Bad() }

func main() {
	pool := sync.Pool{New: func() any { return nil }}
	pool.Put(slices.Concat([]func() error{vuln.Safe}))
	for _, f := range slices.Insert([]func() error{vuln.Safe}, 0, seed) {
		_ = f()
	}
}
