package reach

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// An edge is one way for a function to get another one called.
type edge struct {
	to  *ssa.Function
	pos token.Pos // of the call or of the hand-over, in the calling function
	how string    // as in Step.How
}

// A search is a breadth-first walk and the tree it leaves.
type search struct {
	order []*ssa.Function // reached, nearest to an entry point first
	from  map[*ssa.Function]parent
}

type parent struct {
	function *ssa.Function // nil at an entry point
	edge     edge
}

// search walks from entries over callees, which may leave out functions that
// are seen. The order of entries and of the edges that callees returns decides
// between paths of equal length.
func (a *analysis) search(entries []*ssa.Function, callees func(f *ssa.Function, seen func(*ssa.Function) bool) []edge) *search {
	s := &search{from: make(map[*ssa.Function]parent)}
	for _, e := range entries {
		if _, seen := s.from[e]; !seen {
			s.from[e] = parent{}
			s.order = append(s.order, e)
		}
	}
	seen := func(f *ssa.Function) bool { _, ok := s.from[f]; return ok }
	for i := 0; i < len(s.order); i++ {
		f := s.order[i]
		for _, e := range callees(f, seen) {
			if !seen(e.to) {
				s.from[e.to] = parent{f, e}
				s.order = append(s.order, e.to)
			}
		}
	}
	return s
}

// path is the way from an entry point to f, wrappers left out.
func (s *search) path(f *ssa.Function) []Step {
	fset := f.Prog.Fset
	steps := []Step{{
		Package: packagePath(f), Function: functionName(f), Position: fset.Position(origin(f).Pos()),
	}}
	for p := s.from[f]; p.function != nil; p = s.from[p.function] {
		if isWrapper(p.function) {
			continue
		}
		// Through a wrapper the caller's own edge is the one with a place,
		// and the walk gets to it next.
		steps = append(steps, Step{
			Package: packagePath(p.function), Function: functionName(p.function),
			Position: fset.Position(p.edge.pos), How: p.edge.how,
		})
	}
	slices.Reverse(steps)
	return steps
}

// staticCallees lists what f calls for certain, in source order of its blocks.
func (a *analysis) staticCallees(f *ssa.Function, seen func(*ssa.Function) bool) []edge {
	var edges []edge
	for _, b := range f.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if callee := call.Common().StaticCallee(); callee != nil && !seen(callee) {
				edges = append(edges, edge{to: callee, pos: call.Pos()})
			}
		}
	}
	for _, callee := range a.links.bound[f] {
		edges = append(edges, edge{to: callee, how: "linkname"})
	}
	return edges
}
