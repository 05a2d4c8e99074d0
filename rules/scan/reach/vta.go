package reach

import (
	"cmp"
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/callgraph"
	"golang.org/x/tools/go/callgraph/vta"
	"golang.org/x/tools/go/ssa"
)

// BytesPerFunction is what a function of rung d costs rung e, before the
// garbage collector has its way; programs measured allocated 10 to 15 kB for
// each of 7,000 to 57,000 functions.
const BytesPerFunction = 16 << 10

// variableTypes computes rung e and returns its edges: static ones, hand-overs
// and those of VTA, each function's in a fixed order. It fails when the
// estimate is above the limit, and when VTA panics.
func (a *analysis) variableTypes(w *world) (callees func(*ssa.Function, func(*ssa.Function) bool) []edge, err error) {
	a.stats.Estimate = int64(len(w.order)) * BytesPerFunction
	if a.in.Memory > 0 && a.stats.Estimate > a.in.Memory {
		return nil, fmt.Errorf("%w: about %d MB needed, %d MB allowed", errMemory, a.stats.Estimate>>20, a.in.Memory>>20)
	}
	defer func() {
		if r := recover(); r != nil {
			callees, err = nil, fmt.Errorf("the call graph could not be computed: %v", r)
		}
	}()
	functions := make(map[*ssa.Function]bool, len(w.order))
	for _, f := range w.order {
		// Bodies with type parameters have no types to propagate; their
		// instances are in the set themselves.
		if f.Blocks != nil && !isGeneric(f) {
			functions[f] = true
		}
	}
	a.stats.VTA = true
	graph := vta.CallGraph(functions, nil)
	return func(f *ssa.Function, seen func(*ssa.Function) bool) []edge {
		edges := a.staticCallees(f, seen)
		edges = append(edges, a.handOvers(f)...)
		return append(edges, dynamicCallees(graph.Nodes[f], seen)...)
	}, nil
}

// isGeneric reports whether f's body mentions type parameters of its own or
// of a function around it.
func isGeneric(f *ssa.Function) bool {
	for ; f != nil; f = f.Parent() {
		if f.TypeParams().Len() > 0 && len(f.TypeArgs()) == 0 {
			return true
		}
	}
	return false
}

// dynamicCallees lists where VTA resolves the dynamic calls of a function to,
// other than to what is seen.
func dynamicCallees(n *callgraph.Node, seen func(*ssa.Function) bool) []edge {
	if n == nil {
		return nil
	}
	var edges []edge
	for _, out := range n.Out {
		if out.Site != nil && out.Site.Common().StaticCallee() == nil && !seen(out.Callee.Func) {
			edges = append(edges, edge{to: out.Callee.Func, pos: out.Pos(), how: "dynamic"})
		}
	}
	// VTA's own order is that of its maps.
	slices.SortFunc(edges, func(a, b edge) int {
		return cmp.Or(cmp.Compare(a.pos, b.pos), compareFunctions(a.to, b.to))
	})
	return edges
}

// handOvers lists the functions that f gives to code without a body here: as
// an argument of a call, or by storing them where outside code looks.
func (a *analysis) handOvers(f *ssa.Function) []edge {
	var edges []edge
	give := func(v ssa.Value, at ssa.Instruction) {
		for _, g := range a.offered(v) {
			edges = append(edges, edge{to: g, pos: at.Pos(), how: "handed over"})
		}
	}
	for _, b := range f.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case ssa.CallInstruction:
				if a.callsOutside(instr.Common()) {
					for _, arg := range instr.Common().Args {
						give(arg, instr)
						for _, v := range variadic(arg) {
							give(v, instr)
						}
					}
				}
			case *ssa.Store:
				if a.heldOutside(instr.Addr) {
					give(instr.Val, instr)
				}
			}
		}
	}
	return edges
}

// callsOutside reports whether a call can end in code outside the closure: it
// names a function without a body, or a method of an interface declared there.
func (a *analysis) callsOutside(call *ssa.CallCommon) bool {
	if call.IsInvoke() {
		return !a.inside[a.in.Prog.Package(call.Method.Pkg())]
	}
	callee := call.StaticCallee()
	return callee != nil && callee.Blocks == nil
}

// heldOutside reports whether an address is a variable or a field of a type
// that is declared outside the closure.
func (a *analysis) heldOutside(addr ssa.Value) bool {
	switch addr := addr.(type) {
	case *ssa.Global:
		return !a.inside[addr.Pkg]
	case *ssa.FieldAddr:
		pointer, ok := addr.X.Type().Underlying().(*types.Pointer)
		if !ok {
			return false
		}
		named, ok := types.Unalias(pointer.Elem()).(*types.Named)
		return ok && named.Obj().Pkg() != nil && !a.inside[a.in.Prog.Package(named.Obj().Pkg())]
	}
	return false
}

// offered lists the functions a value lets its holder call: itself, or, when
// it was converted to an interface with methods, those methods.
func (a *analysis) offered(v ssa.Value) []*ssa.Function {
	switch v := v.(type) {
	case *ssa.Function:
		return []*ssa.Function{v}
	case *ssa.MakeClosure:
		return []*ssa.Function{v.Fn.(*ssa.Function)}
	case *ssa.ChangeType:
		return a.offered(v.X)
	case *ssa.ChangeInterface:
		return a.offered(v.X)
	case *ssa.MakeInterface:
		iface, ok := v.Type().Underlying().(*types.Interface)
		if !ok || iface.NumMethods() == 0 {
			return nil
		}
		set := a.in.Prog.MethodSets.MethodSet(v.X.Type())
		var methods []*ssa.Function
		for m := range iface.Methods() {
			if sel := set.Lookup(m.Pkg(), m.Name()); sel != nil {
				if f := a.in.Prog.MethodValue(sel); f != nil {
					methods = append(methods, f)
				}
			}
		}
		return methods
	}
	return nil
}

// variadic lists the elements of a slice made for the "..." of one call.
func variadic(arg ssa.Value) []ssa.Value {
	slice, ok := arg.(*ssa.Slice)
	if !ok {
		return nil
	}
	array, ok := slice.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var elements []ssa.Value
	for _, use := range *array.Referrers() {
		at, ok := use.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		for _, use := range *at.Referrers() {
			if store, ok := use.(*ssa.Store); ok && store.Addr == at {
				elements = append(elements, store.Val)
			}
		}
	}
	return elements
}
