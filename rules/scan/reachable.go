package scan

import (
	"context"
	"fmt"
	"go/token"
	"maps"
	"os"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/deps"
	"github.com/staylisted/staylisted/rules/scan/reach"
)

// A closure is the part of the program in which a vulnerable function can be
// called by name: every package that imports a vulnerable package, directly or
// not, and the vulnerable packages themselves.
type closure struct {
	paths   map[string]bool
	targets []reach.Target // one a hit, its ID the hit's key
}

// vulnerableClosure is empty when no vulnerable package is imported, which is
// the end of the question for most repositories.
func vulnerableClosure(list []*listed, hits []deps.Hit) closure {
	c := closure{paths: map[string]bool{}}
	for _, h := range hits {
		if !h.Imported() {
			continue
		}
		t := reach.Target{ID: h.Key}
		for _, p := range h.Packages {
			if p.Imported {
				t.Packages = append(t.Packages, reach.Vulnerable{Path: p.Path, Symbols: p.Symbols})
				c.paths[p.Path] = true
			}
		}
		c.targets = append(c.targets, t)
	}
	if len(c.targets) == 0 {
		return c
	}
	// go list names dependencies before dependents, so one pass is enough.
	for _, p := range list {
		if !c.paths[p.ImportPath] && slices.ContainsFunc(p.Imports, func(path string) bool { return c.paths[path] }) {
			c.paths[p.ImportPath] = true
		}
	}
	return c
}

// questions names the targets for a cache key.
func (c closure) questions() []string {
	var out []string
	for _, t := range c.targets {
		for _, p := range t.Packages {
			out = append(out, t.ID+" "+p.Path+" "+strings.Join(p.Symbols, " "))
		}
	}
	slices.Sort(out)
	return out
}

// reachability answers how deep the program reaches into each target. The
// loader must have checked the closure and the main packages in full.
func reachability(ctx context.Context, l *loader, c closure, memory int64) (calls map[string]deps.Call, notes []string) {
	in := reach.Input{Targets: c.targets, Memory: memory}
	in.Prog = ssa.NewProgram(l.fset, ssa.InstantiateGenerics)
	var created []*pkg
	for _, p := range l.order {
		if p.needs == nil || p.types == nil || p.ImportPath == "unsafe" {
			continue
		}
		if !p.full || len(p.errs) > 0 || p.info == nil {
			in.Prog.CreatePackage(p.types, nil, nil, true)
			if c.paths[p.ImportPath] {
				in.Gaps = append(in.Gaps, p.ImportPath)
			}
			continue
		}
		created = append(created, p)
		in.Prog.CreatePackage(p.types, p.files, p.info, true)
	}
	failed := make([]error, len(created))
	var building errgroup.Group
	building.SetLimit(l.workers)
	for i, p := range created {
		building.Go(func() error {
			failed[i] = buildBodies(in.Prog.Package(p.types))
			return nil
		})
	}
	building.Wait()
	for i, p := range created {
		if err := failed[i]; err != nil {
			in.Gaps = append(in.Gaps, p.ImportPath)
			notes = append(notes, fmt.Sprintf("reachability: %s could not be built: %v", p.ImportPath, err))
			continue
		}
		built := in.Prog.Package(p.types)
		in.Closure = append(in.Closure, built)
		if p.main {
			in.Main = append(in.Main, built)
		}
		if len(p.CgoFiles) > 0 && !p.Standard {
			in.Gaps = append(in.Gaps, p.ImportPath+" (what its C code calls)")
		}
		in.Facts.Add(sourceFacts(p))
	}
	if ctx.Err() != nil {
		return nil, nil
	}
	in.OutsideNames = func() (*reach.Names, error) { return outsideNames(ctx, l) }
	calls = map[string]deps.Call{}
	result := reach.Analyze(ctx, in)
	if in.Memory > 0 && result.Stats.Estimate > in.Memory {
		notes = append(notes, fmt.Sprintf("reachability: %d MB would be needed to decide every call and %d MB are allowed; what stays undecided counts as possible",
			result.Stats.Estimate>>20, in.Memory>>20))
	}
	for _, a := range result.Answers {
		var call deps.Call
		switch a.Level {
		case reach.Called:
			call.Reach = deps.Called
			for _, found := range a.Calls {
				call.Symbols = append(call.Symbols, found.Package+"."+found.Symbol)
			}
			call.Steps = l.steps(a.Calls[0].Path)
		case reach.Imported:
			call.Reach = deps.Imported
		default:
			// What could not be said may be called.
			call.Reach = deps.Possible
			call.Symbols = a.Reached
		}
		calls[a.ID] = call
	}
	return calls, notes
}

// outsideNames reads the identifiers of everything that was loaded without
// bodies or not at all: what such code does not name it cannot call by name.
func outsideNames(ctx context.Context, l *loader) (*reach.Names, error) {
	names := new(reach.Names)
	for _, p := range l.order {
		if p.full && p.info != nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, base := range p.sources() {
			src, err := os.ReadFile(p.path(base))
			if err != nil {
				return nil, fmt.Errorf("reading %s of package %s: %w", base, p.ImportPath, err)
			}
			names.Read(src)
		}
	}
	return names, nil
}

// buildBodies builds the function bodies of one package.
func buildBodies(p *ssa.Package) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panicked: %v", r)
		}
	}()
	p.Build()
	return nil
}

// sourceFacts reads what SSA does not carry from a package's sources.
func sourceFacts(p *pkg) reach.Facts {
	var facts reach.Facts
	for _, base := range p.sources() {
		if src, err := os.ReadFile(p.path(base)); err == nil {
			facts.Add(reach.Directives(p.ImportPath, src))
		}
	}
	for _, base := range p.SFiles {
		if src, err := os.ReadFile(p.path(base)); err == nil {
			facts.Add(reach.Assembly(p.ImportPath, src))
		}
	}
	return facts
}

// steps turns a call path into a finding's steps.
func (l *loader) steps(path []reach.Step) []rules.Step {
	var steps []rules.Step
	for i, s := range path {
		step := rules.Step{Message: s.Package + "." + s.Function}
		switch {
		case i == len(path)-1:
			step.Message += " is vulnerable"
		case s.How != "":
			step.Message += " leads to (" + s.How + ") " + path[i+1].Package + "." + path[i+1].Function
		default:
			step.Message += " calls " + path[i+1].Package + "." + path[i+1].Function
		}
		if s.Position != (token.Position{}) {
			if p := l.pkgs[s.Package]; p != nil {
				step.Location = p.location(s.Position)
			}
		}
		if step.Location.Path == "" {
			step.Location.Path = s.Package
		}
		step.Location.Symbol = s.Function
		steps = append(steps, step)
	}
	return steps
}

// members returns the loader's packages with the given paths, and all main
// packages: what reachability needs in full.
func (l *loader) members(c closure) []*pkg {
	var out []*pkg
	for _, p := range l.order {
		if p.main || c.paths[p.ImportPath] {
			out = append(out, p)
		}
	}
	return out
}

// memoryLimit returns how many bytes this process should stay below: 60 % of
// what the machine or the container has.
func memoryLimit() int64 {
	for _, name := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		var n int64
		if data, err := os.ReadFile(name); err == nil {
			if _, err := fmt.Sscan(string(data), &n); err == nil && n > 0 && n < 1<<50 {
				return n / 10 * 6
			}
		}
	}
	if data, err := os.ReadFile("/proc/meminfo"); err == nil {
		var kb int64
		if _, err := fmt.Sscanf(string(data), "MemTotal: %d kB", &kb); err == nil && kb > 0 {
			return kb << 10 / 10 * 6
		}
	}
	return 4 << 30 // a guess that fits the smallest hosted runners
}

// sortedKeys returns a map's keys in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
