package code

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// derives reports whether v is computed from a value that satisfies is: through
// any operation, through the arguments of calls, and through parameters to the
// callers in this package. It is the wide question ("could this be from the
// request?") beside the narrow one origins answers.
func (f *flow) derives(v ssa.Value, is func(ssa.Value) bool) bool {
	return f.derivesUntil(v, is, func(ssa.Value) bool { return false })
}

// derivesUntil is derives that does not look behind values for which stop holds.
func (f *flow) derivesUntil(v ssa.Value, is, stop func(ssa.Value) bool) bool {
	f.index()
	seen := map[ssa.Value]bool{}
	var ops []*ssa.Value
	work := []ssa.Value{v}
	for len(work) > 0 && len(seen) < maxVisits {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		if v == nil || seen[v] {
			continue
		}
		seen[v] = true
		if stop(v) {
			continue
		}
		if is(v) {
			return true
		}
		switch x := v.(type) {
		case *ssa.Parameter:
			for i, q := range x.Parent().Params {
				if q != x {
					continue
				}
				for _, c := range f.callers[x.Parent()] {
					if i < len(c.Args) {
						work = append(work, c.Args[i])
					}
				}
			}
		case *ssa.FreeVar:
			if mc := f.closures[x.Parent()]; mc != nil {
				for i, fv := range x.Parent().FreeVars {
					if fv == x && i < len(mc.Bindings) {
						work = append(work, mc.Bindings[i])
					}
				}
			}
		case *ssa.Alloc:
			for _, r := range *x.Referrers() {
				if s, ok := r.(*ssa.Store); ok && s.Addr == ssa.Value(x) {
					work = append(work, s.Val)
				}
			}
		case ssa.Instruction:
			ops = x.Operands(ops[:0])
			for _, op := range ops {
				switch (*op).(type) {
				case *ssa.Const, *ssa.Function, *ssa.Builtin, *ssa.Global:
				default:
					work = append(work, *op)
				}
			}
		}
	}
	return false
}

// fromRequest reports whether v is computed from an incoming request. What a
// response to a request of our own says is not.
func (p *pkg) fromRequest(v ssa.Value) bool {
	return p.derivesUntil(v, func(v ssa.Value) bool {
		n := namedType(v.Type())
		return n != nil && n.Obj().Pkg() != nil && requestTypes[p.pathOf(n.Obj().Pkg())+" "+n.Obj().Name()]
	}, func(v ssa.Value) bool {
		if ex, ok := v.(*ssa.Extract); ok {
			v = ex.Tuple
		}
		if c, ok := v.(*ssa.Call); ok {
			if d := p.asCall(c, paths("net/http")); d != nil {
				return strings.HasPrefix(d.name, "NewRequest") || d.recv == "Client" || d.name == "RoundTrip"
			}
		}
		return p.isType(v.Type(), "net/http", "Response")
	})
}

// requestTypes are the types through which frameworks hand a request to a
// handler.
var requestTypes = map[string]bool{
	"net/http Request": true, "net/http Header": true, "net/http Cookie": true, "github.com/gin-gonic/gin Context": true, "github.com/labstack/echo Context": true,
	"github.com/gofiber/fiber Ctx": true, "github.com/valyala/fasthttp RequestCtx": true, "google.golang.org/grpc/metadata MD": true,
}

// sameValue reports whether two values are the same after conversions, or two
// reads of the same place.
func sameValue(a, b ssa.Value) bool {
	a, b = unwrap(a), unwrap(b)
	if a == b {
		return true
	}
	la, ok := a.(*ssa.UnOp)
	lb, ok2 := b.(*ssa.UnOp)
	return ok && ok2 && sameAddress(la, lb)
}

// unwrap strips conversions.
func unwrap(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.ChangeType:
			v = x.X
		case *ssa.Convert:
			v = x.X
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		default:
			return v
		}
	}
}

// converted returns the value that v is a conversion of, with or without a
// check of its type, or nil.
func converted(v ssa.Value) ssa.Value {
	switch x := v.(type) {
	case *ssa.ChangeType:
		return x.X
	case *ssa.Convert:
		return x.X
	case *ssa.MultiConvert:
		return x.X
	case *ssa.MakeInterface:
		return x.X
	case *ssa.ChangeInterface:
		return x.X
	case *ssa.SliceToArrayPointer:
		return x.X
	case *ssa.TypeAssert:
		return x.X
	case *ssa.Extract:
		if ta, ok := x.Tuple.(*ssa.TypeAssert); ok && x.Index == 0 {
			return ta.X
		}
	}
	return nil
}

// outermost returns the declared function a closure belongs to.
func outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// within visits the instructions of a function and its closures.
func within(fn *ssa.Function, do func(ssa.Instruction)) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			do(instr)
		}
	}
	for _, a := range fn.AnonFuncs {
		within(a, do)
	}
}

// funcOf returns the function of this package a function value stands for: a
// declared function, a literal or a closure.
func (p *pkg) funcOf(v ssa.Value) *ssa.Function {
	origins, more := p.origins(v)
	if more || len(origins) != 1 {
		return nil
	}
	v = origins[0].v
	if mc, ok := v.(*ssa.MakeClosure); ok {
		v = mc.Fn
	}
	fn, _ := v.(*ssa.Function)
	if fn == nil || len(fn.Blocks) == 0 {
		return nil
	}
	return fn
}

// isTrue says whether a boolean value is always true (yes), may be true
// (maybe), or is false or not known to be either (neither).
func (p *pkg) isTrue(v ssa.Value) (yes, maybe bool) {
	if b, ok := v.Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsBoolean == 0 {
		return false, false
	}
	origins, more := p.origins(v)
	yes = !more
	for _, o := range origins {
		c, ok := o.v.(*ssa.Const)
		if ok && c.Value != nil && c.Value.String() == "true" {
			maybe = true
			continue
		}
		yes = false
		if !ok {
			maybe = true
		}
	}
	return yes && maybe, maybe || more
}
