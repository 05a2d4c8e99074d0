package mkt104

import (
	"crypto/tls"
	"errors"
)

const floor = tls.VersionTLS12

var minimum uint16 = tls.VersionTLS12

var modern = map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}

func constants(strict bool) []*tls.Config {
	v := uint16(tls.VersionTLS12)
	if strict {
		v = tls.VersionTLS13
	}
	return []*tls.Config{
		{},
		{MinVersion: floor},
		{MinVersion: minimum}, // ok: a variable nobody sets again
		{MinVersion: v},       // ok: both values are 1.2 or more
		{MaxVersion: tls.VersionTLS13},
	}
}

func clamped(s settings) *tls.Config {
	return &tls.Config{MinVersion: max(s.MinVersion, tls.VersionTLS12)} // ok: never below 1.2
}

func clampedByHand(v uint16) *tls.Config {
	if v < tls.VersionTLS12 {
		v = tls.VersionTLS12
	}
	return &tls.Config{MinVersion: v}
}

func validated(s *settings) (*tls.Config, error) {
	if s.MinVersion < tls.VersionTLS12 {
		return nil, errors.New("too old")
	}
	return &tls.Config{MinVersion: s.MinVersion}, nil // ok: refused below 1.2
}

func table(name string) *tls.Config {
	v, ok := modern[name]
	if !ok {
		v = tls.VersionTLS12
	}
	return &tls.Config{MinVersion: v}
}

func helper() uint16 { return tls.VersionTLS13 }

func fromHelperOK() *tls.Config { return &tls.Config{MinVersion: helper()} } // ok: the function returns 1.3

// other types have the field too.
type dial struct{ MinVersion uint16 }

func other(s settings) dial { return dial{MinVersion: s.MinVersion} } // ok: not tls.Config

func read(c *tls.Config) bool { return c.MinVersion == tls.VersionTLS10 } // ok: only compared
