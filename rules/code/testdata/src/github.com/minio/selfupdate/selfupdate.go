// Package selfupdate is a stub for tests: only declarations, written by hand.
package selfupdate

import "io"

type Verifier struct{}

type Options struct {
	TargetPath string
	Checksum   []byte
	Verifier   *Verifier
}

func Apply(update io.Reader, opts Options) error { return nil }
