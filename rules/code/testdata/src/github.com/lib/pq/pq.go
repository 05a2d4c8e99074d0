// Package pq is a stub for tests: only declarations, written by hand.
package pq
