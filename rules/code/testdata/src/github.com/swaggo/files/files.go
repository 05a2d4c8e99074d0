// Package swaggerFiles is a stub for tests: only declarations, written by hand.
package swaggerFiles

var Handler any
