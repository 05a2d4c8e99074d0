// Package clause is a stub for tests: only declarations, written by hand.
package clause

type Column struct{ Name string }

type OrderByColumn struct {
	Column Column
	Desc   bool
}
