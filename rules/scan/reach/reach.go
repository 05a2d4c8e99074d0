package reach

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A Level says how deep the program reaches into an advisory's packages.
type Level int

const (
	Unknown  Level = iota // nothing can be said; Answer.Reason says why
	Imported              // a vulnerable package is in the program and no vulnerable symbol can be called
	Possible              // not proved either way
	Called                // there is a call path from an entry point
)

// String is the word reports use: "unknown", "imported", "possible", "called".
func (l Level) String() string {
	switch l {
	case Imported:
		return "imported"
	case Possible:
		return "possible"
	case Called:
		return "called"
	}
	return "unknown"
}

// An Input is one program and the questions to ask of it.
type Input struct {
	// Prog must have been built with ssa.InstantiateGenerics.
	Prog *ssa.Program
	// Closure lists the packages whose functions have bodies, already built.
	// It must hold every package that transitively imports a target package,
	// and the target packages. More packages do no harm and sharpen rung e:
	// give all packages of the main modules.
	Closure []*ssa.Package
	// Main lists the packages of the main modules among Closure: the ones
	// whose main functions, initialisers and exported functions are entries.
	Main []*ssa.Package
	// Targets are the advisories, in the order of the answers.
	Targets []Target
	// Facts are what Directives and Assembly found in the closure's sources.
	Facts Facts
	// OutsideNames returns the names read from the Go files of every package
	// outside the closure, package runtime included. It is called at most
	// once, and only when an answer depends on it. When it is nil or fails,
	// any method may be called from outside.
	OutsideNames func() (*Names, error)
	// Gaps names closure packages that could not be loaded or built. With a
	// gap nothing is ever refuted.
	Gaps []string
	// Memory is the number of bytes rung e may use; 0 means no limit.
	Memory int64
}

// A Target is one advisory.
type Target struct {
	ID       string
	Packages []Vulnerable
}

// Vulnerable names the vulnerable symbols of one package.
type Vulnerable struct {
	Path string // import path
	// Symbols are "Func" or "Type.Method" as the Go vulnerability database
	// writes them: no pointer, no type parameters. Empty means that the
	// advisory names no symbol, so every function of the package counts, its
	// initialiser included, as in govulncheck.
	Symbols []string
}

// A Result has one answer a target, in the order of Input.Targets.
type Result struct {
	Answers []Answer
	Stats   Stats
}

// An Answer is what is known about one target.
type Answer struct {
	ID    string
	Level Level
	// Reason says why the level is Unknown or Possible; empty otherwise.
	Reason string
	// Caveat, when Level is Imported, says under which circumstance the proof
	// does not hold; empty when there is none but package unsafe and plugins.
	Caveat string
	// Rung is the step of the ladder that decided: "static", "open-world",
	// "vta"; empty when Level is Unknown.
	Rung string
	// Calls lists the vulnerable symbols with a path, shortest path first.
	// They come from the rung that decided: symbols that only a dynamic call
	// reaches are not searched for once a static path to another symbol of
	// the same target is known. Empty unless Level is Called.
	Calls []Call
	// Reached lists, when Level is Possible, the symbols that could not be
	// ruled out, as "path.Symbol", sorted.
	Reached []string
	// Absent lists symbols this build does not have, as "path.Symbol": the
	// advisory names them for other versions or platforms. Sorted.
	Absent []string
}

// A Call is a vulnerable symbol and one way to get to it.
type Call struct {
	Package string // import path of the vulnerable package
	Symbol  string // "Func" or "Type.Method"
	// Path starts at an entry point and ends at the symbol.
	Path []Step
}

// A Step is one function on a path.
type Step struct {
	Package  string // import path
	Function string // "Func", "Type.Method", "Func$1" for a function literal, "init"
	// Position is where this function calls (or hands over) the next one; at
	// the last step, where the symbol is declared. It is zero where source
	// has no such place: a package initialiser calling the next one.
	Position token.Position
	// How is "" for a static call, "dynamic" for a call through an interface
	// or function value, "handed over" for a function that outside code is
	// given and assumed to call, "linkname" for one the linker binds. It
	// describes the way to the next step.
	How string
}

// Stats counts the work done, for benchmarks and for the memory estimate.
type Stats struct {
	Entries      int   // entry functions
	Static       int   // functions reached by static calls
	Open         int   // functions reached in the open world; 0 if not needed
	Instructions int   // SSA instructions among those functions
	VTA          bool  // whether rung e ran
	Estimate     int64 // bytes rung e was expected to need
}

// Analyze answers every target of in. It fails only by saying Unknown or
// Possible with a reason: a cancelled context, a package that is not in the
// program, a closure with gaps, no entry point.
func Analyze(ctx context.Context, in Input) Result {
	a := &analysis{in: in, ctx: ctx}
	a.answers = make([]Answer, len(in.Targets))
	for i, t := range in.Targets {
		a.answers[i].ID = t.ID
	}
	a.run()
	return Result{Answers: a.answers, Stats: a.stats}
}

// analysis is the state of one Analyze call; one goroutine owns it.
type analysis struct {
	in      Input
	ctx     context.Context
	answers []Answer
	stats   Stats

	inside  map[*ssa.Package]bool // the closure
	targets *targets
	links   *links
}

func (a *analysis) run() {
	a.inside = make(map[*ssa.Package]bool, len(a.in.Closure))
	byPath := make(map[string]*ssa.Package, len(a.in.Closure))
	for _, p := range a.in.Closure {
		a.inside[p] = true
		byPath[p.Pkg.Path()] = p
	}
	a.targets = a.resolve(byPath)
	a.links = newLinks(a.in.Facts, byPath)
	open := func(i int) bool { return a.answers[i].Level == Unknown && a.answers[i].Reason == "" }

	// Rung c.
	entries := entryPoints(a.in.Main)
	a.stats.Entries = len(entries)
	if len(entries) == 0 {
		for i := range a.answers {
			if open(i) {
				a.answers[i].Reason = "there is no entry point: no package of the main modules was given"
			}
		}
		return
	}
	static := a.search(entries, a.staticCallees)
	a.stats.Static = len(static.order)
	a.settle(static, "static", open)
	if !slices.ContainsFunc(indices(a.answers), open) {
		return
	}
	if a.cancelled(open) {
		return
	}

	// Rung d.
	w := a.openWorld(entries)
	a.refute(w, open, "")
	if !slices.ContainsFunc(indices(a.answers), open) || a.cancelled(open) {
		return
	}
	w = a.narrowWorld(entries, a.outsideNames())
	reached := a.refute(w, open, "unless a method is called by a name computed at run time, as text/template and net/rpc do")
	if !slices.ContainsFunc(indices(a.answers), open) || a.cancelled(open) {
		return
	}

	// Rung e.
	reason, rung := "only an over-approximation reaches it: a function value or interface method that no visible code is seen to call", "vta"
	graph, err := a.variableTypes(w)
	if err != nil {
		reason, rung = err.Error(), "open-world"
	} else {
		a.settle(a.search(entries, graph), "vta", open)
	}
	for i := range a.answers {
		if open(i) {
			a.answers[i].Level, a.answers[i].Rung, a.answers[i].Reason = Possible, rung, reason
			a.answers[i].Reached = reached[i]
		}
	}
}

// outsideNames is nil when the names are not known.
func (a *analysis) outsideNames() map[string]bool {
	if a.in.OutsideNames == nil {
		return nil
	}
	names, err := a.in.OutsideNames()
	if err != nil {
		return nil
	}
	return names.all()
}

// refute answers the open targets that a world does not reach, and returns
// the symbols it does reach.
func (a *analysis) refute(w *world, open func(int) bool, caveat string) [][]string {
	a.stats.Open, a.stats.Instructions = len(w.order), w.instructions
	reached := a.hits(w.order)
	for i := range a.answers {
		if !open(i) || len(reached[i]) > 0 {
			continue
		}
		a.answers[i].Rung = "open-world"
		if len(a.in.Gaps) > 0 {
			a.answers[i].Level = Possible
			a.answers[i].Reason = "not every package that could call it was loaded: " + shortList(a.in.Gaps)
			continue
		}
		a.answers[i].Level, a.answers[i].Caveat = Imported, caveat
	}
	return reached
}

// cancelled marks what is still open unknown when the context is done.
func (a *analysis) cancelled(open func(int) bool) bool {
	err := a.ctx.Err()
	if err == nil {
		return false
	}
	for i := range a.answers {
		if open(i) {
			a.answers[i].Reason = fmt.Sprintf("the reachability analysis was stopped: %v", err)
		}
	}
	return true
}

// settle marks the open targets that a search reached as called.
func (a *analysis) settle(s *search, rung string, open func(int) bool) {
	calls := make([][]Call, len(a.answers))
	for _, f := range s.order {
		for _, h := range a.targets.match(f) {
			if open(h.target) {
				calls[h.target] = append(calls[h.target], Call{Package: h.path, Symbol: h.symbol, Path: s.path(f)})
			}
		}
	}
	for i, c := range calls {
		if len(c) == 0 {
			continue
		}
		a.answers[i].Level, a.answers[i].Rung, a.answers[i].Calls = Called, rung, tidy(c)
	}
}

// tidy drops second paths to a symbol (instances of one generic function, for
// example) and, when a target counts a whole package, the initialiser and
// function literals if anything better is reached. The order of a search is
// by path length, and stays.
func tidy(calls []Call) []Call {
	seen := make(map[[2]string]bool)
	calls = slices.DeleteFunc(calls, func(c Call) bool {
		key := [2]string{c.Package, c.Symbol}
		dup := seen[key]
		seen[key] = true
		return dup
	})
	dull := func(c Call) bool { return c.Symbol == "init" || strings.ContainsAny(c.Symbol, "$#") }
	if slices.ContainsFunc(calls, func(c Call) bool { return !dull(c) }) {
		calls = slices.DeleteFunc(calls, dull)
	}
	return calls
}

// hits lists the symbols of each target among functions, sorted.
func (a *analysis) hits(functions []*ssa.Function) [][]string {
	found := make([][]string, len(a.answers))
	for _, f := range functions {
		for _, h := range a.targets.match(f) {
			found[h.target] = append(found[h.target], h.path+"."+h.symbol)
		}
	}
	for i := range found {
		slices.Sort(found[i])
		found[i] = slices.Compact(found[i])
	}
	return found
}

// errMemory is wrapped by the answer of rung e when it would not fit.
var errMemory = errors.New("the call graph would not fit in memory")

func indices[T any](s []T) []int {
	all := make([]int, len(s))
	for i := range all {
		all[i] = i
	}
	return all
}

// shortList joins at most three names and counts the rest.
func shortList(names []string) string {
	if len(names) <= 3 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:3], ", "), len(names)-3)
}
