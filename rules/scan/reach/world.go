package reach

import (
	"go/constant"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"
)

// A world is the set of functions that could be called under the assumptions
// of rung d. It is a work list: a function found is visited once, and what its
// body mentions is either taken to be called at once or waits for a reason.
type world struct {
	analysis     *analysis
	order        []*ssa.Function // taken to be called, in the order they were found
	seen         map[*ssa.Function]bool
	types        typeutil.Map // types that values in interfaces, and reflection, can have
	instructions int          // of the functions in order

	// arguments are the types that outside generics are instantiated with:
	// what code outside can speak of although it may belong to the closure.
	arguments typeutil.Map
	stale     bool // arguments grew since releaseAll looked

	// Functions that are mentioned, whose signature names a type of the
	// closure: code outside cannot call them (it has no such type), so they
	// wait for a dynamic call with that signature in the closure, or for the
	// signature to get to reflection or to a generic outside.
	//
	// Keys are *types.Signature, values *waiting.
	signatures typeutil.Map
	mentions   map[*types.Signature]bool // what namesInside found

	// narrow says that methods of types wait for a call. Otherwise they are
	// taken to be called at once.
	narrow    bool
	outside   func(name string) bool     // whether code outside calls methods of this name
	methods   map[string][]*ssa.Function // waiting, by name
	invoked   map[string]*typeutil.Map   // signatures called through an interface, by method name
	anyInvoke map[string]bool            // method names called with a signature that is not known
}

// waiting is what is known of one signature.
type waiting struct {
	called    bool
	functions []*ssa.Function // not called so far
}

// openWorld computes the functions of rung d. Every method of a type in an
// interface is taken to be called.
func (a *analysis) openWorld(entries []*ssa.Function) *world {
	return a.fill(&world{}, entries)
}

// narrowWorld is openWorld less the methods that nobody calls by their name
// and signature: neither the closure through an interface, nor code outside,
// which for all names is assumed when names is nil. A signature with types of
// the closure is beyond what code outside can call.
func (a *analysis) narrowWorld(entries []*ssa.Function, names map[string]bool) *world {
	return a.fill(&world{
		narrow:    true,
		outside:   func(name string) bool { return names == nil || names[name] },
		methods:   make(map[string][]*ssa.Function),
		invoked:   make(map[string]*typeutil.Map),
		anyInvoke: make(map[string]bool),
	}, entries)
}

func (a *analysis) fill(w *world, entries []*ssa.Function) *world {
	w.analysis = a
	w.seen = make(map[*ssa.Function]bool)
	w.mentions = make(map[*types.Signature]bool)
	for _, f := range entries {
		w.add(f)
	}
	for _, pkg := range a.in.Closure {
		w.add(pkg.Func("init"))
	}
	for _, f := range a.links.roots {
		w.add(f)
	}
	for i := 0; ; i++ {
		if i == len(w.order) && !w.releaseAll() {
			return w
		}
		w.visit(w.order[i])
	}
}

// add takes f to be called.
func (w *world) add(f *ssa.Function) {
	if f == nil || w.seen[f] {
		return
	}
	w.seen[f] = true
	w.order = append(w.order, f)
}

func (w *world) visit(f *ssa.Function) {
	for _, bound := range w.analysis.links.bound[f] {
		w.add(bound)
	}
	if f.Blocks == nil {
		// An instance of an outside generic can call any method of its type
		// arguments and any function it is given, without a conversion that
		// would be visible here.
		if args := f.TypeArgs(); len(args) > 0 {
			for _, t := range args {
				w.addArgument(t)
			}
			w.addTuple(f.Signature.Params())
		}
		return
	}
	var space [16]*ssa.Value
	for _, b := range f.Blocks {
		for _, instr := range b.Instrs {
			w.instructions++
			operands := instr.Operands(space[:0])
			switch instr := instr.(type) {
			case *ssa.MakeInterface:
				w.addType(instr.X.Type())
			case ssa.CallInstruction:
				w.visitCall(instr.Common())
				operands = operands[1:] // the function or receiver comes first
			}
			for _, op := range operands {
				if g, ok := (*op).(*ssa.Function); ok {
					w.mention(g)
				}
			}
		}
	}
}

func (w *world) visitCall(call *ssa.CallCommon) {
	if call.IsInvoke() {
		w.invoke(call.Method)
		w.byName(call, call.Method)
		return
	}
	callee := call.StaticCallee()
	if callee != nil {
		w.add(callee)
		if m, ok := callee.Object().(*types.Func); ok {
			w.byName(call, m)
		}
		return
	}
	if _, builtin := call.Value.(*ssa.Builtin); !builtin {
		w.callSignature(call.Signature())
	}
}

// byName notices a method that reflection looks up by a constant name. Names
// computed at run time are not followed: see the package comment.
func (w *world) byName(call *ssa.CallCommon, m *types.Func) {
	if m.Name() != "MethodByName" || m.Pkg() == nil || m.Pkg().Path() != "reflect" || len(call.Args) == 0 {
		return
	}
	if name, ok := call.Args[len(call.Args)-1].(*ssa.Const); ok && name.Value != nil && name.Value.Kind() == constant.String {
		w.invokeAny(constant.StringVal(name.Value))
	}
}

// invoke notes a call through an interface.
func (w *world) invoke(m *types.Func) {
	if !w.narrow {
		return
	}
	sig := m.Signature()
	if isParameterized(sig) {
		w.invokeAny(m.Name())
		return
	}
	known := w.invoked[m.Name()]
	if known == nil {
		known = new(typeutil.Map)
		w.invoked[m.Name()] = known
	}
	if known.Set(sig, true) == nil {
		w.release(m.Name())
	}
}

// invokeAny notes a call of whatever method has this name.
func (w *world) invokeAny(name string) {
	if w.narrow && !w.anyInvoke[name] {
		w.anyInvoke[name] = true
		w.release(name)
	}
}

// release adds the waiting methods of a name that are called by now.
func (w *world) release(name string) {
	waiting := w.methods[name]
	delete(w.methods, name)
	for _, f := range waiting {
		w.method(f)
	}
}

// method takes f, a method of a type in an interface, to be called if it is.
func (w *world) method(f *ssa.Function) {
	name, sig := f.Name(), f.Signature
	called := !w.narrow || w.anyInvoke[name] ||
		w.invoked[name] != nil && w.invoked[name].At(sig) != nil ||
		w.outside(name) && !w.namesInside(sig)
	if called {
		w.add(f)
	} else {
		w.methods[name] = append(w.methods[name], f)
	}
}

// addArgument notes a type that an outside generic is instantiated with: more
// signatures can be called from outside from now on.
func (w *world) addArgument(t types.Type) {
	w.addType(t)
	if w.arguments.Set(t, true) == nil && w.mentionsInside(t) {
		w.stale = true
	}
}

// releaseAll looks again at everything that waits, if there are new arguments
// since, and reports whether that added a function.
func (w *world) releaseAll() bool {
	if !w.stale {
		return false
	}
	w.stale = false
	clear(w.mentions)
	before := len(w.order)
	for _, name := range slices.Sorted(maps.Keys(w.methods)) {
		w.release(name)
	}
	w.signatures.Iterate(func(sig types.Type, value any) {
		s := value.(*waiting)
		if len(s.functions) > 0 && !w.namesInside(sig.(*types.Signature)) {
			for _, f := range s.functions {
				w.add(f)
			}
			s.functions = nil
		}
	})
	return len(w.order) > before
}

// mention notes that the value of f is taken.
func (w *world) mention(f *ssa.Function) {
	if w.seen[f] {
		return
	}
	if !w.namesInside(f.Signature) {
		w.add(f)
		return
	}
	s := w.signature(f.Signature)
	if s.called {
		w.add(f)
		return
	}
	s.functions = append(s.functions, f)
}

// callSignature takes every function value of signature sig to be called.
func (w *world) callSignature(sig *types.Signature) {
	s := w.signature(sig)
	s.called = true
	for _, f := range s.functions {
		w.add(f)
	}
	s.functions = nil
}

func (w *world) signature(sig *types.Signature) *waiting {
	if s, ok := w.signatures.At(sig).(*waiting); ok {
		return s
	}
	s := new(waiting)
	w.signatures.Set(sig, s)
	return s
}

// addType takes the methods of t to be callable, those of every type
// reflection can get to from a value of type t, and every function value that
// is such a type.
//
// Named types declared outside the closure are not taken apart: their methods
// have no bodies here, and they cannot mention a type of the closure other
// than as a type argument.
func (w *world) addType(t types.Type) {
	if w.types.At(t) != nil {
		return
	}
	w.types.Set(t, true)
	switch t := t.(type) {
	case *types.Alias:
		w.addType(types.Unalias(t))
	case *types.Named:
		if !w.declaredInside(t) {
			for arg := range t.TypeArgs().Types() {
				w.addArgument(arg)
			}
			return
		}
		for arg := range t.TypeArgs().Types() {
			w.addType(arg)
		}
		if !types.IsInterface(t) {
			w.addType(types.NewPointer(t))
		}
		w.addMethods(t)
		w.addType(t.Underlying())
	case *types.Pointer:
		w.addMethods(t)
		w.addType(t.Elem())
	case *types.Slice:
		w.addType(t.Elem())
	case *types.Array:
		w.addType(t.Elem())
	case *types.Chan:
		w.addType(t.Elem())
	case *types.Map:
		w.addType(t.Key())
		w.addType(t.Elem())
	case *types.Struct:
		w.addMethods(t) // promoted ones
		for field := range t.Fields() {
			// Reflection refuses to call a function in an unexported field.
			if _, isFunc := field.Type().Underlying().(*types.Signature); isFunc && !field.Exported() {
				continue
			}
			w.addType(field.Type())
		}
	case *types.Signature:
		w.callSignature(t)
		w.addTuple(t.Params())
		w.addTuple(t.Results())
	case *types.Interface:
		for m := range t.Methods() {
			w.addTuple(m.Signature().Params())
			w.addTuple(m.Signature().Results())
		}
	case *types.Tuple:
		w.addTuple(t)
	case *types.Basic, *types.TypeParam, *types.Union:
	}
}

func (w *world) addTuple(t *types.Tuple) {
	for v := range t.Variables() {
		w.addType(v.Type())
	}
}

// addMethods takes the method set of t to be callable and the types of their
// signatures to be within reflection's reach.
func (w *world) addMethods(t types.Type) {
	prog := w.analysis.in.Prog
	for sel := range prog.MethodSets.MethodSet(t).Methods() {
		sig := sel.Type().(*types.Signature)
		w.addTuple(sig.Params())
		w.addTuple(sig.Results())
		if f := prog.MethodValue(sel); f != nil { // nil: of an interface, or generic
			w.method(f)
		}
	}
}

// declaredInside reports whether a named type belongs to the closure.
func (w *world) declaredInside(t *types.Named) bool {
	pkg := t.Obj().Pkg()
	return pkg != nil && w.analysis.inside[w.analysis.in.Prog.Package(pkg)]
}

// namesInside reports whether a signature cannot be written down outside the
// closure: a type in it is declared inside, and is no type argument of an
// outside generic either.
func (w *world) namesInside(sig *types.Signature) bool {
	if known, ok := w.mentions[sig]; ok {
		return known
	}
	w.mentions[sig] = w.mentionsInside(sig.Params()) || w.mentionsInside(sig.Results())
	return w.mentions[sig]
}

// mentionsInside reports whether t is written with a type declared inside
// other than in a type argument of an outside generic.
func (w *world) mentionsInside(t types.Type) bool {
	found := false
	inspect(t, func(part types.Type) bool {
		if part != t && w.arguments.At(part) != nil {
			return false
		}
		named, ok := part.(*types.Named)
		found = found || ok && w.declaredInside(named)
		return !found
	})
	return found
}

// isParameterized reports whether a signature mentions a type parameter.
func isParameterized(sig *types.Signature) bool {
	found := false
	look := func(t types.Type) bool {
		_, ok := t.(*types.TypeParam)
		found = found || ok
		return !found
	}
	inspect(sig.Params(), look)
	inspect(sig.Results(), look)
	return found
}

// inspect calls visit for every type that t is written with, t included, not
// for what named types stand for. It goes into the parts of a type when visit
// returns true.
func inspect(t types.Type, visit func(types.Type) bool) {
	seen := make(map[types.Type]bool)
	var look func(t types.Type)
	look = func(t types.Type) {
		t = types.Unalias(t)
		if seen[t] {
			return
		}
		seen[t] = true
		if _, isTuple := t.(*types.Tuple); !isTuple && !visit(t) {
			return
		}
		switch t := t.(type) {
		case *types.Named:
			for arg := range t.TypeArgs().Types() {
				look(arg)
			}
		case *types.Pointer:
			look(t.Elem())
		case *types.Slice:
			look(t.Elem())
		case *types.Array:
			look(t.Elem())
		case *types.Chan:
			look(t.Elem())
		case *types.Map:
			look(t.Key())
			look(t.Elem())
		case *types.Struct:
			for field := range t.Fields() {
				look(field.Type())
			}
		case *types.Signature:
			look(t.Params())
			look(t.Results())
		case *types.Interface:
			for m := range t.ExplicitMethods() {
				look(m.Signature())
			}
		case *types.Tuple:
			for v := range t.Variables() {
				look(v.Type())
			}
		case *types.Basic, *types.TypeParam, *types.Union:
		}
	}
	look(t)
}
