package reach

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// targets knows which functions are vulnerable.
type targets struct {
	functions map[*ssa.Function][]hit // by declared (origin) function
	packages  map[*ssa.Package][]hit  // every function of the package
}

// A hit is one target that names a function.
type hit struct {
	target int // index in Input.Targets
	path   string
	symbol string
}

// resolve looks every symbol of every target up. A target none of whose
// packages is in the closure cannot be answered.
func (a *analysis) resolve(byPath map[string]*ssa.Package) *targets {
	t := &targets{functions: make(map[*ssa.Function][]hit), packages: make(map[*ssa.Package][]hit)}
	for i, target := range a.in.Targets {
		present := false
		for _, v := range target.Packages {
			pkg := byPath[v.Path]
			if pkg == nil {
				continue
			}
			present = true
			if len(v.Symbols) == 0 {
				t.packages[pkg] = append(t.packages[pkg], hit{target: i, path: v.Path})
			}
			for _, symbol := range v.Symbols {
				f := lookup(pkg, symbol)
				if f == nil {
					a.answers[i].Absent = append(a.answers[i].Absent, v.Path+"."+symbol)
					continue
				}
				h := hit{target: i, path: v.Path, symbol: symbol}
				if !slices.Contains(t.functions[f], h) {
					t.functions[f] = append(t.functions[f], h)
				}
			}
		}
		slices.Sort(a.answers[i].Absent)
		a.answers[i].Absent = slices.Compact(a.answers[i].Absent)
		if !present {
			a.answers[i].Reason = "none of its packages is in the loaded program"
		}
	}
	return t
}

// match lists the targets that f counts for. Wrappers the compiler would make
// count for nothing: what they wrap does.
func (t *targets) match(f *ssa.Function) []hit {
	f = origin(f)
	hits := t.functions[f]
	if len(t.packages) == 0 || isWrapper(f) {
		return hits
	}
	whole := t.packages[f.Package()]
	if len(whole) == 0 {
		return hits
	}
	hits = slices.Clone(hits)
	for _, h := range whole {
		h.symbol = functionName(f)
		hits = append(hits, h)
	}
	return hits
}

// lookup finds "Func" or "Type.Method" among the declarations of pkg. Methods
// of interfaces and promoted methods are not declarations.
func lookup(pkg *ssa.Package, symbol string) *ssa.Function {
	name, method, isMethod := strings.Cut(symbol, ".")
	if !isMethod {
		return pkg.Func(name)
	}
	member := pkg.Type(name)
	if member == nil {
		return nil
	}
	named, ok := types.Unalias(member.Type()).(*types.Named)
	if !ok {
		return nil
	}
	for m := range named.Methods() {
		if m.Name() == method {
			return pkg.Prog.FuncValue(m)
		}
	}
	return nil
}

// origin is the declared function of an instance, or f itself.
func origin(f *ssa.Function) *ssa.Function {
	if o := f.Origin(); o != nil {
		return o
	}
	return f
}

// isWrapper reports whether f stands for no function of the source: a method
// promoted from an embedded field, a method value, a method expression. (The
// body of a range-over-func loop is synthetic too, but has a parent.)
func isWrapper(f *ssa.Function) bool {
	return origin(f).Synthetic != "" && !isInitializer(f) && f.Parent() == nil
}

// isInitializer reports whether f is a package's implicit init, which sets its
// variables, calls the initialisers of its imports and its own init functions.
func isInitializer(f *ssa.Function) bool {
	return f.Synthetic == "package initializer"
}

// packagePath is the import path of the package that declares f; wrappers
// have none of their own, so theirs is that of the method they lead to.
func packagePath(f *ssa.Function) string {
	f = origin(f)
	if p := f.Package(); p != nil && p.Pkg != nil {
		return p.Pkg.Path()
	}
	if o := f.Object(); o != nil && o.Pkg() != nil {
		return o.Pkg().Path()
	}
	return ""
}

// functionName is the name vulnerability databases use: "Func" or
// "Type.Method" without pointers and type parameters; a function literal is
// named after the function around it, "Func$1".
func functionName(f *ssa.Function) string {
	f = origin(f)
	outer := f
	for outer.Parent() != nil {
		outer = outer.Parent()
	}
	name, _, _ := strings.Cut(f.Name(), "[")
	if recv := origin(outer).Signature.Recv(); recv != nil {
		return typeName(recv.Type()) + "." + name
	}
	return name
}

func typeName(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Pointer:
		return typeName(t.Elem())
	case *types.Named:
		return t.Obj().Name()
	}
	return types.TypeString(t, func(*types.Package) string { return "" })
}
