package code

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// maxGuardDepth bounds how many functions deep a check is followed.
const maxGuardDepth = 2

// body reports whether a function of this package, going by its body, is a
// check of the value: whenever it returns outcome, or no error, the value has
// passed one. What its name says is another matter (predicate, validator).
func (g *guard) body(c *ssa.Call, outcome bool) bool {
	fn := c.Call.StaticCallee()
	if g.deep >= maxGuardDepth || fn == nil || len(fn.Blocks) == 0 || fn.Pkg != g.t.m.p.ssa.Pkg && fn.Parent() == nil {
		return false
	}
	for i, param := range fn.Params {
		if arg := argument(c, fn, i); arg != nil {
			is := g.relation(arg)
			if (is == itself || is == itsHost && g.t.need.use&(useHost|useJump) != 0) && g.provenFor(fn, param, arg, is == itsHost, outcome) {
				return true
			}
		}
	}
	return false
}

// misses reports whether a function of this package, all of whose body is
// understood, checks nothing of its argument that matters for the use, whatever
// its name says. A body that asks other functions, a table or a list is not
// understood.
func (g *guard) misses(c *ssa.Call, outcome bool) bool {
	fn := c.Call.StaticCallee()
	if g.deep >= maxGuardDepth || fn == nil || len(fn.Blocks) == 0 || fn.Pkg != g.t.m.p.ssa.Pkg {
		return false
	}
	understood := true
	within(fn, func(instr ssa.Instruction) {
		switch x := instr.(type) {
		case ssa.CallInstruction:
			if _, ok := x.Common().Value.(*ssa.Builtin); ok {
				return
			}
			d := g.t.m.p.asCall(x, nil)
			understood = understood && d != nil && keepers[d.path] && d.path != "regexp" && d.path != "net" && d.path != "net/netip" && d.path != "net/http" && d.path != "context" && d.path != "slices"
		case *ssa.Range, *ssa.MakeClosure:
			understood = false
		case *ssa.Lookup:
			understood = understood && isText(x.X.Type())
		case *ssa.UnOp:
			if _, ok := x.X.(*ssa.Global); ok && x.Type().String() != "error" {
				understood = false
			}
		}
	})
	if !understood {
		return false
	}
	for i, param := range fn.Params {
		arg := argument(c, fn, i)
		if arg == nil {
			continue
		}
		is := g.relation(arg)
		if is < onePiece {
			continue
		}
		inner := &guard{t: g.t, v: param, seen: map[*ssa.BasicBlock]bool{}, deep: g.deep + 1, below: g.below, up: g, arg: arg, host: is == itsHost}
		for _, b := range fn.Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if !ok || len(ret.Results) == 0 {
				continue
			}
			v := ret.Results[len(ret.Results)-1]
			d := verdict{half: inner.partly(b)}
			if v.Type().String() == "error" {
				d.add(inner.nilness(v, true, 0))
			} else {
				d.add(inner.test(v, outcome, 0))
			}
			if d.ok || d.half || d.bits != 0 || inner.bits(b) != 0 {
				return false
			}
		}
	}
	return true
}

// provenFor reports whether every return of fn that may mean outcome is behind a
// check of the parameter or captured variable, for which arg is given, or is the
// result of one. isHost says that arg is the host of the value.
func (g *guard) provenFor(fn *ssa.Function, param, arg ssa.Value, isHost, outcome bool) bool {
	some := false
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		inner := &guard{t: g.t, v: param, seen: map[*ssa.BasicBlock]bool{}, deep: g.deep + 1, below: g.below, up: g, arg: arg, host: isHost}
		v := ret.Results[len(ret.Results)-1]
		isError := v.Type().String() == "error"
		if !isError && len(ret.Results) > 1 {
			return false
		}
		switch c, isConst := v.(*ssa.Const); {
		case isConst && !isError && c.Value != nil && c.Value.Kind() == constant.Bool && constant.BoolVal(c.Value) != outcome, isError && isFailure(v, b):
			continue
		case !isConst && !isError && inner.test(v, outcome, 0).ok:
		case !isConst && isError && inner.nilness(v, true, 0).ok:
		default:
			inner.seen = map[*ssa.BasicBlock]bool{}
			if !inner.block(b, 0) && (g.t.need.use != useJump || !inner.stays(inner.bits(b))) {
				return false
			}
		}
		some = true
	}
	return some
}

// isFailure reports whether an error that a block returns is certainly none of
// the nil ones: it is made there, a variable of a package, or tested before.
func isFailure(v ssa.Value, b *ssa.BasicBlock) bool {
	switch x := v.(type) {
	case *ssa.MakeInterface:
		return true
	case *ssa.Call:
		if fn := x.Call.StaticCallee(); fn != nil && fn.Object() != nil && fn.Object().Pkg() != nil {
			switch fn.Object().Pkg().Path() + "." + fn.Name() {
			case "errors.New", "fmt.Errorf":
				return true
			}
		}
	case *ssa.UnOp:
		if _, ok := x.X.(*ssa.Global); ok && x.Op == token.MUL {
			return true
		}
	}
	if len(b.Preds) != 1 {
		return false
	}
	branch, ok := b.Preds[0].Instrs[len(b.Preds[0].Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	cmp, ok := branch.Cond.(*ssa.BinOp)
	if !ok || cmp.X != v {
		return false
	}
	c, ok := cmp.Y.(*ssa.Const)
	return ok && c.Value == nil && (cmp.Op == token.NEQ && b.Preds[0].Succs[0] == b || cmp.Op == token.EQL && b.Preds[0].Succs[1] == b)
}
