// Package vuln stands for a dependency with known vulnerable symbols: Bad,
// T.Bad, P.Bad, Of and G.Bad. Everything else in it is safe.
package vuln

import "errors"

// ErrBad tells callers apart from the compiler's dead code removal.
var ErrBad = errors.New("bad")

func Bad() error  { return ErrBad }
func Safe() error { return nil }

// Each calls f, as a library with callbacks does.
func Each(f func() error) error { return f() }

type T struct{}

func (T) Bad() error  { return ErrBad }
func (T) Safe() error { return nil }

type P struct{ n int }

func (p *P) Bad() error { p.n++; return ErrBad }

// Doer is implemented by T, P and G.
type Doer interface{ Bad() error }

func Of[X any](X) error { return ErrBad }

type G[X any] struct{ X X }

func (g *G[X]) Bad() error { return ErrBad }

// Plain is not vulnerable and calls what its type argument brings.
func Plain[D Doer](d D) error { return d.Bad() }
