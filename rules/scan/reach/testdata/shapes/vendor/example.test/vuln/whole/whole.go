// Package whole is vulnerable as a whole: its advisory names no symbols.
package whole

func Exported() error { return helper() }

func helper() error { return nil }
