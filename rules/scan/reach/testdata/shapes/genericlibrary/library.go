// Package genericlibrary exports a generic function that nobody instantiates.
package genericlibrary

import "example.test/vuln"

func Do[X any](x X) (X, error) { return x, vuln.Bad() }
