// Package kms is a stub for tests: only declarations, written by hand.
package kms

type KeyArgs struct {
	EnableKeyRotation any
	Policy            any
}
