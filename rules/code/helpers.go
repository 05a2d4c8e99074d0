package code

import "go/types"

// importsAny reports whether the package imports a path that satisfies gate.
func importsAny(p *types.Package, gate func(path string) bool) bool {
	for _, imp := range p.Imports() {
		if gate(cleanPath(imp.Path())) {
			return true
		}
	}
	return false
}

func cleanPath(p string) string { return p }
