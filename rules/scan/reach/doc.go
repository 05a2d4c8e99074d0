// Package reach answers one question about a built program: can it get to a
// vulnerable function, and how?
//
// # Contract
//
// The caller loads and builds; this package only walks. [Input] is an SSA
// program of which the closure (every package that transitively imports a
// vulnerable package, and the vulnerable packages) has function bodies, while
// everything else, "outside", has declarations only. That is enough, because
// no package outside can name a function of the closure: it can only call
// what the closure hands to it, as a function value, as a method of a value
// turned into an interface, or through the linker.
//
//	entries ──static calls──────────────► called           (rung c: a proof)
//	entries ──open world────X───────────► imported         (rung d: a proof)
//	what is left: VTA call graph ───────► called, else possible   (rung e)
//
// The ladder is climbed only as far as it has to be. Rungs a (is the module's
// version affected?) and b (is a vulnerable package imported at all?) are the
// caller's: without an imported vulnerable package there is nothing to ask.
//
// # Rung c: static calls
//
// A breadth-first search from the entry points over calls whose callee is
// known from syntax: functions, methods of concrete types, closures called
// where they are made, go and defer statements, package initialisers, generic
// instances, functions bound by go:linkname. The path found is a shortest one
// and the same one on every run.
//
// Entry points are main and the initialisers of main packages; of every other
// package of the main modules its initialisers and its exported functions and
// methods. Generic exported functions count, which govulncheck leaves out.
//
// # Rung d: open world
//
// A reachable-function analysis that errs on one side only. Starting from the
// entry points, every package initialiser of the closure, functions exported
// to C, functions that assembly names and functions pushed to other packages
// by go:linkname, a function is reachable
//
//   - when a reachable function calls it statically;
//   - when a reachable function takes its value, and some reachable function
//     calls a value of that signature, or code outside could: it can unless
//     the signature speaks of types it does not know;
//   - when it is a method of a type that a reachable function converts to an
//     interface or instantiates an outside generic with, or of any type that
//     reflection can get to from there: pointers, elements, fields, parameters
//     and results of methods.
//
// What is not reachable after that is not called. If that does not settle
// every target, a second and narrower world has methods wait until one of that
// name and signature is called through an interface, in a reachable function
// or outside ([Names]). That proof has a caveat: a method may still be called
// by a name that is computed at run time. Constant names are followed.
//
// The limits are those of Go's own linker and then some: functions conjured up
// from integers (package unsafe), loaded from plugins or called by C through a
// pointer that no //export announces. [Directives] and [Assembly] read the
// source facts that SSA does not carry; a caller that does not pass them on
// gives up the corresponding part of the proof.
//
// # Rung e: variable type analysis
//
// For what is neither proved nor refuted, vta.CallGraph runs once over the
// functions of rung d. A path over its edges, over static edges and over
// hand-overs (a function value, or a value with the methods an interface asks
// for, given directly to an outside function or stored in an outside type or
// variable) makes the advisory called. VTA never refutes here: it cannot see
// through bodies that are not there. What it does not reach stays possible,
// with the reason.
//
// VTA needs about [BytesPerFunction] for each function it is given. When that
// is above [Input.Memory] the rung is not climbed and the answer is possible.
//
// # What it never does
//
// It loads nothing, reads no file, starts no process and keeps no state
// between calls. It never answers imported when a part of the closure is
// missing ([Input.Gaps]): that is possible, or unknown if nothing at all can
// be said. A zero [Level] is unknown.
package reach
