package reach

import (
	"cmp"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// entryPoints lists the functions from which the main modules' code starts,
// in the order a search prefers them: main functions, then exported functions
// and methods of packages that are not main, then initialisers.
func entryPoints(main []*ssa.Package) []*ssa.Function {
	var entries []*ssa.Function
	for _, pkg := range main {
		isMain := pkg.Pkg.Name() == "main"
		for _, member := range pkg.Members {
			switch m := member.(type) {
			case *ssa.Function:
				if m.Name() == "main" && isMain || isInitializer(m) || strings.HasPrefix(m.Name(), "init#") ||
					!isMain && m.Object() != nil && m.Object().Exported() {
					entries = append(entries, m)
				}
			case *ssa.Type:
				if isMain {
					continue
				}
				entries = append(entries, exportedMethods(m)...)
			}
		}
	}
	slices.SortFunc(entries, func(a, b *ssa.Function) int {
		return cmp.Or(cmp.Compare(entryRank(a), entryRank(b)), compareFunctions(a, b))
	})
	return slices.Compact(entries)
}

// exportedMethods lists the methods declared for a type, exported or not: a
// value of an unexported type can leave its package as well.
func exportedMethods(t *ssa.Type) []*ssa.Function {
	named, ok := types.Unalias(t.Type()).(*types.Named)
	if !ok {
		return nil
	}
	var methods []*ssa.Function
	for m := range named.Methods() {
		// An alias can name a type of another package; that type's methods
		// are no entries here.
		if !m.Exported() || m.Pkg() != t.Package().Pkg {
			continue
		}
		if f := t.Package().Prog.FuncValue(m); f != nil {
			methods = append(methods, f)
		}
	}
	return methods
}

func entryRank(f *ssa.Function) int {
	switch {
	case f.Name() == "main" && f.Package().Pkg.Name() == "main":
		return 0
	case isInitializer(f), strings.HasPrefix(f.Name(), "init#"):
		return 2
	}
	return 1
}

// compareFunctions orders functions the same way on every run.
func compareFunctions(a, b *ssa.Function) int {
	if a == b {
		return 0
	}
	return cmp.Or(
		cmp.Compare(packagePath(a), packagePath(b)),
		cmp.Compare(a.String(), b.String()),
		comparePositions(a, b),
	)
}

// comparePositions tells functions of the same name apart, such as literals
// of instances. File names and offsets, not token.Pos: files are parsed in
// parallel, so their order in the file set differs between runs.
func comparePositions(a, b *ssa.Function) int {
	if a.Pos() == b.Pos() {
		return 0
	}
	pa, pb := a.Prog.Fset.Position(a.Pos()), b.Prog.Fset.Position(b.Pos())
	return cmp.Or(cmp.Compare(pa.Filename, pb.Filename), cmp.Compare(pa.Offset, pb.Offset))
}
