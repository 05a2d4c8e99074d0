package code

import (
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Bounds of the flow model. They are far above what hand-written configuration
// needs and far below what a generated table could cost.
const (
	maxDepth   = 24  // steps from a use back to where a value is written
	maxOrigins = 64  // values one place may have; more count as open
	maxVisits  = 600 // SSA values looked at for one question
	maxTexts   = 400 // values read for one text
)

// flow answers where a value comes from, inside one package. It knows no
// paths: a variable assigned twice has both values. Its index is built on the
// first question that needs it and lives as long as the package is analysed.
type flow struct {
	p       *pkg
	cleaned map[*types.Package]string

	allFuncs []*ssa.Function

	indexed   bool
	fieldSet  map[*types.Var][]*ssa.Store  // stores to a struct field, any value of the type
	globalSet map[*ssa.Global][]*ssa.Store // stores to a package variable
	leaks     map[*ssa.Global]bool         // address taken: may change elsewhere
	callers   map[*ssa.Function][]*ssa.CallCommon
	escaped   map[*ssa.Function]bool // used as a value: callers are not all known
	closures  map[*ssa.Function]*ssa.MakeClosure

	inputModel *inputs // see input.go

	// evaluating holds the operations and calls whose value is being computed
	// right now: one that is made from itself (a counter, a text that grows in a
	// loop) has no end. textsLeft bounds what one question about a text may cost.
	evaluating map[ssa.Value]bool
	textsLeft  int
}

// once computes what v gives with do, unless v is part of itself; then, or
// where do says so, there are other values.
func once[T any](f *flow, v ssa.Value, do func() ([]T, bool)) (all []T, open bool) {
	if f.evaluating[v] {
		return nil, true
	}
	f.evaluating[v] = true
	defer delete(f.evaluating, v)
	return do()
}

func newFlow(p *pkg) *flow {
	return &flow{p: p, cleaned: map[*types.Package]string{}, evaluating: map[ssa.Value]bool{}}
}

// index reads the package once.
func (f *flow) index() {
	if f.indexed {
		return
	}
	f.indexed = true
	defer f.p.building("values")()
	f.fieldSet = map[*types.Var][]*ssa.Store{}
	f.globalSet = map[*ssa.Global][]*ssa.Store{}
	f.leaks = map[*ssa.Global]bool{}
	f.callers = map[*ssa.Function][]*ssa.CallCommon{}
	f.escaped = map[*ssa.Function]bool{}
	f.closures = map[*ssa.Function]*ssa.MakeClosure{}
	var ops []*ssa.Value
	f.p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		var callee ssa.Value
		switch x := instr.(type) {
		case *ssa.Store:
			switch a := x.Addr.(type) {
			case *ssa.FieldAddr:
				if v := fieldVar(a); v != nil {
					f.fieldSet[v] = append(f.fieldSet[v], x)
				}
			case *ssa.Global:
				f.globalSet[a] = append(f.globalSet[a], x)
			}
		case ssa.CallInstruction:
			if fn := x.Common().StaticCallee(); fn != nil {
				if fn.Origin() != nil {
					fn = fn.Origin()
				}
				f.callers[fn] = append(f.callers[fn], x.Common())
				callee = x.Common().Value
			}
		case *ssa.MakeClosure:
			if fn, ok := x.Fn.(*ssa.Function); ok {
				f.closures[fn] = x
			}
		}
		ops = instr.Operands(ops[:0])
		for _, op := range ops {
			switch v := (*op).(type) {
			case *ssa.Function:
				if v != callee {
					f.escaped[v] = true
				}
			case *ssa.Global:
				if !plainUse(instr, v) {
					f.leaks[v] = true
				}
			}
		}
	})
}

// plainUse reports whether instr only loads or stores the variable.
func plainUse(instr ssa.Instruction, g *ssa.Global) bool {
	switch x := instr.(type) {
	case *ssa.UnOp:
		return x.Op == token.MUL
	case *ssa.Store:
		return x.Addr == g && x.Val != ssa.Value(g)
	case *ssa.FieldAddr, *ssa.IndexAddr:
		return true
	}
	return false
}

// fieldVar returns the struct field an address is of.
func fieldVar(a *ssa.FieldAddr) *types.Var {
	ptr, ok := a.X.Type().Underlying().(*types.Pointer)
	if !ok {
		return nil
	}
	return structField(ptr.Elem(), a.Field)
}

// fieldName returns the name of the struct field an address is of, or "".
func fieldName(a *ssa.FieldAddr) string {
	if v := fieldVar(a); v != nil {
		return v.Name()
	}
	return ""
}

func structField(t types.Type, i int) *types.Var {
	s, ok := t.Underlying().(*types.Struct)
	if !ok || i >= s.NumFields() {
		return nil
	}
	return s.Field(i).Origin()
}

// An origin is a value that cannot be followed further back: a constant, a
// call of another package, a parameter of an exported function, ….
type origin struct {
	v     ssa.Value
	steps []Step // from v to the place that was asked about
}

// origins returns where v comes from. more is true when the bounds were hit
// and there may be others.
func (f *flow) origins(v ssa.Value) (all []origin, more bool) {
	w := &walk{f: f, seen: map[ssa.Value]bool{}}
	w.value(v, nil, 0)
	return w.out, w.more
}

// originsUntil is origins, but goes no further back than a value that stop
// accepts.
func (f *flow) originsUntil(v ssa.Value, stop func(ssa.Value) bool) (all []origin, more bool) {
	w := &walk{f: f, seen: map[ssa.Value]bool{}, stop: stop}
	w.value(v, nil, 0)
	return w.out, w.more
}

type walk struct {
	f    *flow
	stop func(ssa.Value) bool // nil: only where nothing is known
	seen map[ssa.Value]bool
	out  []origin
	more bool
}

func (w *walk) leaf(v ssa.Value, steps []Step) {
	if len(w.out) >= maxOrigins {
		w.more = true
		return
	}
	w.out = append(w.out, origin{v, steps})
}

func (w *walk) value(v ssa.Value, steps []Step, depth int) {
	if c, ok := v.(*ssa.Const); ok {
		w.leaf(c, steps)
		return
	}
	if w.seen[v] {
		return
	}
	w.seen[v] = true
	if depth > maxDepth || len(w.seen) > maxVisits {
		w.more = true
		return
	}
	if w.stop != nil && w.stop(v) {
		w.leaf(v, steps)
		return
	}
	next := func(v ssa.Value, more ...Step) {
		w.value(v, append(more, steps...), depth+1)
	}
	if from := converted(v); from != nil {
		next(from)
		return
	}
	switch x := v.(type) {
	case *ssa.Phi:
		for _, e := range x.Edges {
			next(e)
		}
	case *ssa.UnOp:
		if x.Op == token.MUL {
			w.load(x, steps, depth)
			return
		}
		w.leaf(v, steps)
	case *ssa.Field:
		w.field(x.X, x.Field, x, steps, depth)
	case *ssa.Extract:
		if c, ok := x.Tuple.(*ssa.Call); ok {
			w.result(c, x.Index, x, steps, depth)
			return
		}
		w.leaf(v, steps)
	case *ssa.Call:
		w.result(x, 0, x, steps, depth)
	case *ssa.Parameter:
		w.param(x, steps, depth)
	case *ssa.FreeVar:
		w.f.index()
		mc := w.f.closures[x.Parent()]
		i := slices.Index(x.Parent().FreeVars, x)
		if mc == nil || i < 0 || i >= len(mc.Bindings) {
			w.leaf(v, steps)
			return
		}
		next(mc.Bindings[i])
	default:
		w.leaf(v, steps)
	}
}

// load follows a read through an address.
func (w *walk) load(x *ssa.UnOp, steps []Step, depth int) {
	switch a := x.X.(type) {
	case *ssa.FreeVar:
		// A captured variable: every store to it counts, wherever it is.
		w.f.index()
		mc := w.f.closures[a.Parent()]
		i := slices.Index(a.Parent().FreeVars, a)
		if mc == nil || i < 0 || i >= len(mc.Bindings) {
			w.leaf(x, steps)
			return
		}
		if al, ok := mc.Bindings[i].(*ssa.Alloc); ok {
			w.alloc(al, x, steps, depth)
			return
		}
		w.leaf(x, steps)
	case *ssa.Alloc:
		w.alloc(a, x, steps, depth)
	case *ssa.Global:
		w.f.index()
		stores := w.f.globalSet[a]
		if len(stores) == 0 || a.Pkg != w.f.p.ssa.Pkg {
			w.leaf(x, steps)
			return
		}
		for _, s := range stores {
			w.value(s.Val, append([]Step{{a.Pos(), "kept in " + a.Name()}}, steps...), depth+1)
		}
		if w.f.leaks[a] {
			w.leaf(x, steps)
		}
	case *ssa.FieldAddr:
		w.fieldLoad(a, x, steps, depth)
	default:
		w.leaf(x, steps)
	}
}

// alloc follows the stores to a local variable.
func (w *walk) alloc(a *ssa.Alloc, at ssa.Value, steps []Step, depth int) {
	found, open := false, false
	for _, r := range *a.Referrers() {
		switch s := r.(type) {
		case *ssa.Store:
			if s.Addr == ssa.Value(a) {
				found = true
				w.value(s.Val, steps, depth+1)
			}
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.MakeClosure:
			w.f.index()
			if i := slices.Index(s.Bindings, ssa.Value(a)); i >= 0 {
				fn := s.Fn.(*ssa.Function)
				for _, fr := range *fn.FreeVars[i].Referrers() {
					if st, ok := fr.(*ssa.Store); ok && st.Addr == ssa.Value(fn.FreeVars[i]) {
						found = true
						w.value(st.Val, steps, depth+1)
					}
				}
			}
		default:
			open = true // its address goes elsewhere: flag.StringVar(&v, …), Decode(&v)
		}
	}
	if !found || open {
		w.leaf(at, steps)
	}
}

// fieldLoad follows a read of a struct field: first within the value at hand,
// else through every store to that field in the package.
func (w *walk) fieldLoad(a *ssa.FieldAddr, at ssa.Value, steps []Step, depth int) {
	if al, ok := a.X.(*ssa.Alloc); ok {
		stores, whole, open := allocField(al, a.Field)
		if whole != nil {
			if from := copied(whole.Val); from != nil && from != al {
				more, outer, reached := allocField(from, a.Field)
				stores, whole, open = append(stores, more...), outer, open || reached
			}
		}
		if len(stores) > 0 && !open {
			for _, s := range stores {
				w.value(s.Val, append([]Step{{s.Pos(), "set here"}}, steps...), depth+1)
			}
			return
		}
		if len(stores) == 0 && whole == nil && !open {
			w.leaf(at, steps) // zero value
			return
		}
	}
	w.anyField(fieldVar(a), at, steps, depth)
}

// anyField follows every store to a field in the package.
func (w *walk) anyField(v *types.Var, at ssa.Value, steps []Step, depth int) {
	w.f.index()
	if v == nil || v.Pkg() != w.f.p.types {
		// A field of another package's type is set by that package as well.
		w.leaf(at, steps)
		return
	}
	stores := w.f.fieldSet[v]
	for _, s := range stores {
		w.value(s.Val, append([]Step{{s.Pos(), "set in field " + v.Name()}}, steps...), depth+1)
	}
	if len(stores) == 0 {
		w.leaf(at, steps)
	}
}

// field follows a field of a struct value.
func (w *walk) field(x ssa.Value, i int, at ssa.Value, steps []Step, depth int) {
	if u, ok := x.(*ssa.UnOp); ok && u.Op == token.MUL {
		if al, ok := u.X.(*ssa.Alloc); ok {
			if stores, whole, open := allocField(al, i); len(stores) > 0 && whole == nil && !open {
				for _, s := range stores {
					w.value(s.Val, append([]Step{{s.Pos(), "set here"}}, steps...), depth+1)
				}
				return
			}
		}
	}
	w.anyField(structField(x.Type(), i), at, steps, depth)
}

// allocField returns the stores to one field of a local struct, the last store
// of the whole struct, and whether its address goes where it may be changed.
func allocField(al *ssa.Alloc, field int) (stores []*ssa.Store, whole *ssa.Store, open bool) {
	for _, r := range *al.Referrers() {
		switch x := r.(type) {
		case *ssa.FieldAddr:
			if x.Field != field {
				continue
			}
			for _, fr := range *x.Referrers() {
				switch s := fr.(type) {
				case *ssa.Store:
					if s.Addr == ssa.Value(x) {
						stores = append(stores, s)
					}
				case *ssa.UnOp, *ssa.DebugRef:
				default:
					open = true
				}
			}
		case *ssa.Store:
			if x.Addr == ssa.Value(al) {
				whole = x
			}
		}
	}
	return stores, whole, open
}

// passThrough are functions whose first argument is, or begins, their result.
var passThrough = map[string]bool{
	"strings.TrimSuffix": true, "strings.TrimRight": true, "strings.TrimSpace": true, "strings.Trim": true,
	"strings.TrimPrefix": true, "strings.ToLower": true, "strings.Clone": true, "strings.Replace": true, "strings.ReplaceAll": true,
	"os.ExpandEnv": true,
}

// result follows the i-th result of a call.
func (w *walk) result(c *ssa.Call, i int, at ssa.Value, steps []Step, depth int) {
	fn := c.Call.StaticCallee()
	if fn == nil {
		w.leaf(at, steps)
		return
	}
	if fn.Pkg == w.f.p.ssa.Pkg && len(fn.Blocks) > 0 {
		found := false
		for _, b := range fn.Blocks {
			if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && i < len(ret.Results) {
				found = true
				w.value(ret.Results[i], append([]Step{{ret.Pos(), "returned by " + fn.Name()}}, steps...), depth+1)
			}
		}
		if !found {
			w.leaf(at, steps)
		}
		return
	}
	if fn.Object() != nil && fn.Object().Pkg() != nil && i == 0 {
		name := fn.Object().Pkg().Path() + "." + fn.Object().Name()
		if passThrough[name] && len(c.Call.Args) > 0 {
			w.value(c.Call.Args[0], steps, depth+1)
			return
		}
	}
	// cmp.Or(a, b, …) is any of its arguments.
	if args, ok := w.f.orArgs(c); ok {
		for _, a := range args {
			w.value(a, steps, depth+1)
		}
		return
	}
	w.leaf(at, steps)
}

// orArgs returns the arguments of a call of cmp.Or.
func (f *flow) orArgs(c *ssa.Call) ([]ssa.Value, bool) {
	fn := c.Call.StaticCallee()
	if fn == nil {
		return nil, false
	}
	if fn.Origin() != nil {
		fn = fn.Origin()
	}
	if fn.Object() == nil || fn.Object().Pkg() == nil || fn.Object().Pkg().Path() != "cmp" || fn.Object().Name() != "Or" || len(c.Call.Args) != 1 {
		return nil, false
	}
	return variadic(c.Call.Args[0])
}

// variadic returns the elements of the slice that carries a variadic call's
// rest. It works for slices built for the call, not for "xs...".
func variadic(v ssa.Value) ([]ssa.Value, bool) {
	if c, ok := v.(*ssa.Const); ok && c.Value == nil {
		return nil, true
	}
	s, ok := v.(*ssa.Slice)
	if !ok {
		return nil, false
	}
	al, ok := s.X.(*ssa.Alloc)
	if !ok {
		return nil, false
	}
	arr, ok := al.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array)
	if !ok || arr.Len() > 256 {
		return nil, false
	}
	out := make([]ssa.Value, arr.Len())
	for _, r := range *al.Referrers() {
		ia, ok := r.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		k, ok := ia.Index.(*ssa.Const)
		if !ok || k.Int64() < 0 || k.Int64() >= arr.Len() {
			continue
		}
		for _, ir := range *ia.Referrers() {
			if st, ok := ir.(*ssa.Store); ok {
				out[k.Int64()] = st.Val
			}
		}
	}
	return out, !slices.Contains(out, nil)
}

// param follows a parameter to the calls of its function, when all of them are
// in this package.
func (w *walk) param(x *ssa.Parameter, steps []Step, depth int) {
	w.f.index()
	fn := x.Parent()
	i := slices.Index(fn.Params, x)
	calls := w.f.callers[fn]
	for _, c := range calls {
		if i < len(c.Args) {
			w.value(c.Args[i], append([]Step{{c.Pos(), "passed to " + fn.Name()}}, steps...), depth+1)
		}
	}
	obj := fn.Object()
	if len(calls) == 0 || w.f.escaped[fn] || obj != nil && obj.Exported() || fn.Signature.Recv() != nil && obj != nil && obj.Exported() {
		w.leaf(x, steps)
	}
}

// hole stands for a part of a text that is not known.
const hole = "\x00"

// A text is a value a string may have. Parts that are only known at run time
// are holes.
type text struct {
	s     string
	steps []Step
}

// prefix returns the text up to its first hole, and whether that is all of it.
func (t text) prefix() (s string, whole bool) {
	s, _, cut := strings.Cut(t.s, hole)
	return s, !cut
}

// texts returns the strings v may hold as far as they are written in this
// package. open is true when there are others.
func (f *flow) texts(v ssa.Value) (all []text, open bool) {
	return f.textsAt(v, 0)
}

func (f *flow) textsAt(v ssa.Value, depth int) (all []text, open bool) {
	if len(f.evaluating) == 0 {
		f.textsLeft = maxTexts // a new question
	}
	if f.textsLeft--; depth > 12 || f.textsLeft < 0 {
		return nil, true
	}
	origins, open := f.origins(v)
	for _, o := range origins {
		var ts []text
		more := true
		switch x := o.v.(type) {
		case *ssa.Const:
			if x.Value != nil && x.Value.Kind() == constant.String {
				ts, more = []text{{constant.StringVal(x.Value), nil}}, false
			} else if x.Value == nil {
				more = false
			}
		case *ssa.BinOp:
			if x.Op == token.ADD {
				ts, more = once(f, x, func() ([]text, bool) { return join(f.part(x.X, depth), f.part(x.Y, depth)), false })
			}
		case *ssa.Call:
			ts, more = once(f, x, func() ([]text, bool) { return f.callTexts(x, depth) })
		case *ssa.Extract:
			if c, ok := x.Tuple.(*ssa.Call); ok && x.Index == 0 {
				ts, more = once(f, c, func() ([]text, bool) { return f.callTexts(c, depth) })
			}
		}
		open = open || more
		for _, t := range ts {
			all = append(all, text{t.s, append(slices.Clone(t.steps), o.steps...)})
		}
		if len(all) > maxOrigins {
			return all[:maxOrigins], true
		}
	}
	return all, open
}

// part returns the texts of an operand; what is not known is a hole.
func (f *flow) part(v ssa.Value, depth int) []text {
	ts, open := f.textsAt(v, depth+1)
	if open || len(ts) == 0 {
		ts = append(ts, text{s: hole})
	}
	return ts
}

// join concatenates every left with every right text. Beyond a few
// alternatives the right side becomes a hole.
func join(left, right []text) []text {
	if len(left)*len(right) > 16 {
		right = []text{{s: hole}}
	}
	var out []text
	for _, l := range left {
		for _, r := range right {
			out = append(out, text{l.s + r.s, append(slices.Clone(l.steps), r.steps...)})
		}
	}
	return out
}

var verb = regexp.MustCompile(`%[-+# 0]*[0-9]*(\.[0-9]+)?[a-zA-Z%]`)

// callTexts returns what a function of the standard library that builds
// strings gives.
func (f *flow) callTexts(x *ssa.Call, depth int) (all []text, open bool) {
	c := f.p.asCall(x, paths("fmt", "net/url", "net"))
	if c == nil {
		return nil, true
	}
	switch c.path + " " + c.callee() {
	case "net/url URL.String":
		return f.urlTexts(c.on, depth+1)
	case "net/url JoinPath":
		return join(f.part(c.args[0], depth), []text{{s: "/" + hole}}), false
	case "net JoinHostPort":
		return join(join(f.part(c.args[0], depth), []text{{s: ":"}}), f.part(c.args[1], depth)), false
	case "fmt Sprint":
		args, ok := variadic(c.args[0])
		if !ok || len(args) == 0 {
			return nil, true
		}
		return join(f.part(args[0], depth), []text{{s: hole}}), false
	case "fmt Sprintf":
		formats, open := f.textsAt(c.args[0], depth+1)
		args, _ := variadic(c.args[1])
		for _, format := range formats {
			if strings.Contains(format.s, hole) {
				open = true
				continue
			}
			for _, t := range f.format(format.s, args, depth) {
				all = append(all, text{t.s, append(slices.Clone(format.steps), t.steps...)})
			}
		}
		return all, open
	}
	return nil, true
}

// format fills a format's verbs as far as the arguments are known.
func (f *flow) format(format string, args []ssa.Value, depth int) []text {
	out := []text{{}}
	next := 0
	for {
		loc := verb.FindStringIndex(format)
		if loc == nil {
			return join(out, []text{{s: format}})
		}
		out = join(out, []text{{s: format[:loc[0]]}})
		v := format[loc[0]:loc[1]]
		format = format[loc[1]:]
		if v == "%%" {
			out = join(out, []text{{s: "%"}})
			continue
		}
		fill := []text{{s: hole}}
		if next < len(args) && args[next] != nil {
			switch v {
			case "%s", "%v":
				fill = f.part(args[next], depth)
			case "%d":
				if nums, open := f.ints(args[next]); !open && len(nums) == 1 {
					fill = []text{{s: constant.MakeInt64(nums[0].n).String()}}
				}
			}
		}
		next++
		out = join(out, fill)
	}
}

// A number is an integer a value may have.
type number struct {
	n     int64
	steps []Step
}

// ints returns the integers v may hold as far as they are written in this
// package. open is true when there are others.
func (f *flow) ints(v ssa.Value) (all []number, open bool) {
	origins, open := f.origins(v)
	for _, o := range origins {
		switch x := o.v.(type) {
		case *ssa.Const:
			if x.Value == nil {
				all = append(all, number{0, o.steps})
				continue
			}
			k := constant.ToInt(x.Value)
			if n, exact := constant.Int64Val(k); k.Kind() == constant.Int && exact {
				all = append(all, number{n, o.steps})
			} else {
				open = true
			}
		case *ssa.BinOp:
			ns, more := once(f, x, func() ([]number, bool) {
				n, ok := f.arith(x)
				return []number{{n, o.steps}}, !ok
			})
			if more {
				open = true
				continue
			}
			all = append(all, ns...)
		default:
			open = true
		}
	}
	return all, open
}

// arith evaluates an operation on two known numbers.
func (f *flow) arith(x *ssa.BinOp) (int64, bool) {
	one := func(v ssa.Value) (int64, bool) {
		ns, open := f.ints(v)
		if open || len(ns) != 1 {
			return 0, false
		}
		return ns[0].n, true
	}
	if _, ok := x.X.(*ssa.BinOp); ok {
		return 0, false
	}
	a, ok := one(x.X)
	if !ok {
		return 0, false
	}
	if _, ok := x.Y.(*ssa.BinOp); ok {
		return 0, false
	}
	b, ok := one(x.Y)
	if !ok {
		return 0, false
	}
	switch x.Op {
	case token.ADD:
		return a + b, true
	case token.SUB:
		return a - b, true
	case token.MUL:
		return a * b, true
	case token.SHL:
		if b >= 0 && b < 62 {
			return a << uint(b), true
		}
	}
	return 0, false
}

// A literal is a struct value built in one function, with what is stored in
// its fields.
type literal struct {
	alloc *ssa.Alloc
	typ   *types.Named
	set   map[string][]*ssa.Store
	// passed is true when the whole value is copied from a place that is not a
	// literal itself, so that fields may be set that are not seen.
	passed bool
}

// literals visits the struct values of types that want accepts.
func (p *pkg) literals(want func(path, name string) bool, do func(*literal)) {
	p.eachInstr(func(_ *ssa.Function, instr ssa.Instruction) {
		al, ok := instr.(*ssa.Alloc)
		if !ok {
			return
		}
		named, ok := types.Unalias(al.Type().Underlying().(*types.Pointer).Elem()).(*types.Named)
		if !ok || named.Obj().Pkg() == nil || !want(p.pathOf(named.Obj().Pkg()), named.Obj().Name()) {
			return
		}
		do(p.literal(al, named))
	})
}

func (p *pkg) literal(al *ssa.Alloc, named *types.Named) *literal {
	return p.literalOf(al, named, nil)
}

// literalOf is literal for a value that the ones in seen were copied from.
func (p *pkg) literalOf(al *ssa.Alloc, named *types.Named, seen []*ssa.Alloc) *literal {
	seen = append(slices.Clip(seen), al)
	lit := &literal{alloc: al, typ: named, set: map[string][]*ssa.Store{}}
	for _, r := range *al.Referrers() {
		switch x := r.(type) {
		case *ssa.FieldAddr:
			v := fieldVar(x)
			if v == nil {
				continue
			}
			for _, fr := range *x.Referrers() {
				if s, ok := fr.(*ssa.Store); ok && s.Addr == ssa.Value(x) {
					lit.set[v.Name()] = append(lit.set[v.Name()], s)
				}
			}
		case *ssa.Store:
			if x.Addr != ssa.Value(al) {
				continue
			}
			// A literal built beside the variable and copied into it counts; any
			// other copy brings fields that are not known.
			if from := copied(x.Val); from == al {
				continue
			} else if from != nil && slices.Contains(seen, from) {
				continue // copied back and forth: what is set there is counted
			} else if from != nil {
				inner := p.literalOf(from, named, seen)
				for name, stores := range inner.set {
					lit.set[name] = append(lit.set[name], stores...)
				}
				lit.passed = lit.passed || inner.passed
			} else {
				lit.passed = true
			}
		}
	}
	return lit
}

// copied returns the local struct a value was read from, or nil.
func copied(v ssa.Value) *ssa.Alloc {
	if u, ok := v.(*ssa.UnOp); ok && u.Op == token.MUL {
		al, _ := u.X.(*ssa.Alloc)
		return al
	}
	return nil
}
