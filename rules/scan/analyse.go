package scan

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/buildssa"
	"golang.org/x/tools/go/analysis/passes/ctrlflow"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/packages"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/code"
	"github.com/staylisted/staylisted/rules/evidence"
)

// A packageResult is everything that one package's code shows. It is a function
// of the cache key (cache.go) alone and survives JSON.
type packageResult struct {
	Files      []string          `json:"files"` // relative, in build order
	Lines      int               `json:"lines"`
	Hits       []hit             `json:"hits,omitempty"`
	Facts      code.Facts        `json:"facts"`
	Directives []directive       `json:"directives,omitempty"`
	Errors     []rules.Gap       `json:"errors,omitempty"` // why it could not be analysed
	Failed     map[string]string `json:"-"`                // rules that did not end, with the reason; such a result is not cached
}

// A hit is what a rule reported, placed.
type hit struct {
	Tool     string             `json:"tool"` // "gosec" or "staylisted"
	Rule     string             `json:"rule"`
	Message  string             `json:"message"`
	Class    rules.Class        `json:"class,omitempty"` // overrides the rule's
	Location rules.Location     `json:"location"`
	Tokens   string             `json:"tokens,omitempty"`
	Steps    []rules.Step       `json:"steps,omitempty"`
	Measure  *rules.Measurement `json:"measure,omitempty"`
	Service  *code.Service      `json:"service,omitempty"`
	Route    *code.Route        `json:"route,omitempty"`
	// Primitive is the package of cryptography that gosec's rules on weak
	// primitives speak of.
	Primitive string `json:"primitive,omitempty"`
}

// A suite is all rules over Go code, ready for concurrent use.
type suite struct {
	gosec *gosecSuite
	own   []*code.Rule
	// budget bounds each SSA analyzer and each own rule on one package.
	budget time.Duration
}

// defaultBudget is far above what any rule needs on the largest packages that
// were measured (seconds for a file of 80,000 lines, on a busy machine).
const defaultBudget = 5 * time.Minute

// newSuite returns every rule of gosec and the given ones of our own.
func newSuite(own []*code.Rule) *suite {
	return &suite{gosec: newGosecSuite(), own: own, budget: defaultBudget}
}

// codeOptions are what a policy file tells the rules; nil is a repository
// without one.
func codeOptions(f *evidence.File) code.Options {
	if f == nil {
		return code.Options{}
	}
	opts := code.Options{
		Teach: code.Teach{
			Auth: evidence.Texts(f.Teach.Auth), TenantScope: evidence.Texts(f.Teach.TenantScope), Redact: evidence.Texts(f.Teach.Redact),
			URLGuard: evidence.Texts(f.Teach.URLGuard), Audit: evidence.Texts(f.Teach.Audit),
		},
		SessionAbsolute: f.Limits.SessionAbsolute.Length, SessionIdle: f.Limits.SessionIdle.Length,
	}
	for _, d := range f.Data {
		if d.Class == "pii" || d.Class == "pii-high" {
			opts.Personal = append(opts.Personal, d.Name)
		}
	}
	for _, e := range f.Endpoints {
		for _, r := range e.Anonymous {
			opts.Anonymous = append(opts.Anonymous, strings.TrimSpace(r.Method+" "+r.Path))
		}
	}
	for _, m := range f.Marketplaces {
		if len(m.Scopes) > 0 {
			opts.Scopes = append(opts.Scopes, code.DeclaredScopes{Marketplace: m.ID, Scopes: m.Scopes})
		}
	}
	for _, service := range f.Services {
		if len(service.Scopes) > 0 {
			opts.Scopes = append(opts.Scopes, code.DeclaredScopes{Hosts: service.Hosts, Scopes: service.Scopes})
		}
	}
	return opts
}

// optionFields lists the options so that they can be part of a digest.
func optionFields(o code.Options) []string {
	fields := []string{o.SessionAbsolute.String(), o.SessionIdle.String()}
	for _, names := range [][]string{o.Teach.Auth, o.Teach.TenantScope, o.Teach.Redact, o.Teach.URLGuard, o.Teach.Audit, o.Anonymous, o.Personal} {
		fields = append(fields, strings.Join(slices.Sorted(slices.Values(names)), "\n"))
	}
	for _, d := range o.Scopes {
		fields = append(fields, d.Marketplace, strings.Join(d.Hosts, "\n"), strings.Join(d.Scopes, "\n"))
	}
	return fields
}

// verifiers lists the ids of every rule in the suite, sorted.
func (s *suite) verifiers() []string {
	ids := s.gosec.ids()
	for _, r := range s.own {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	return ids
}

// analyse runs every rule over one type-checked package. It never fails: a
// package that cannot be analysed says so in Errors, a rule that does not end
// in Failed.
func (s *suite) analyse(l *loader, p *pkg) *packageResult {
	r := &packageResult{Lines: p.lines, Failed: map[string]string{}, Errors: p.errs}
	for _, f := range p.files {
		r.Files = append(r.Files, p.location(position(p.fset, f.FileStart)).Path)
	}
	if len(r.Errors) > 0 {
		return r
	}
	pl := newPlacer(p)
	r.Directives = pl.directives()
	in := &packages.Package{
		ID: p.ImportPath, Name: p.Name, PkgPath: p.ImportPath, Fset: p.fset, Syntax: p.files,
		Types: p.types, TypesInfo: p.info, TypesSizes: l.sizes,
	}
	type checked struct {
		issues []gosecIssue
		failed map[string]string
	}
	syntax, err := within(s.budget, func() (checked, error) {
		issues, failed := s.gosec.checkRules(in)
		return checked{issues, failed}, nil
	})
	if err != nil {
		// The walk that was given up on still reads the syntax, so nothing may
		// change it or look at the package any more.
		r.Errors = append(r.Errors, rules.Gap{Subject: p.ImportPath, Reason: "the rules over its syntax " + err.Error()})
		return r
	}
	found := syntax.issues
	maps.Copy(r.Failed, syntax.failed)
	if hidden := hideC(p); len(hidden) > 0 {
		r.Errors = append(r.Errors, rules.Gap{Subject: p.ImportPath, Reason: fmt.Sprintf(
			"%d functions call C (%s), which only the rules over syntax can look at; move C into a module of its own, or build without cgo",
			len(hidden), cut(strings.Join(hidden, ", "), 120))})
	}
	inspected, ssa, err := buildSSA(in, s.budget)
	if err != nil {
		r.Errors = append(r.Errors, rules.Gap{Subject: p.ImportPath, Reason: fmt.Sprintf("its intermediate form could not be built: %v", err)})
		return r
	}
	found = append(found, s.gosec.checkAnalyzers(in, ssa, s.budget, r.Failed)...)
	places := map[int]token.Pos{} // of gosec's hits, by their index
	for _, f := range found {
		pos := pl.find(f.file, f.line, f.column)
		if !pos.IsValid() {
			r.Failed[f.rule] = fmt.Sprintf("reported a place that does not exist in %s", p.ImportPath)
			continue
		}
		at := pl.at(pos, pos)
		h := hit{Tool: "gosec", Rule: f.rule, Message: printable(f.message), Location: at.location, Tokens: at.tokens, Primitive: pl.primitive(f.rule, pos)}
		places[len(r.Hits)] = pos
		r.Hits = append(r.Hits, h)
	}
	type ruled struct {
		result *code.Result
		shared *code.Package
	}
	var shared *code.Package // among the rules; a rule that does not end keeps the one it had
	for _, rule := range s.own {
		known := shared
		got, err := within(s.budget, func() (ruled, error) {
			pass := newPass(rule.Analyzer, in)
			pass.ResultOf[inspect.Analyzer] = inspected
			pass.ResultOf[buildssa.Analyzer] = ssa
			for _, a := range rule.Analyzer.Requires {
				if pass.ResultOf[a] != nil {
					continue
				}
				if known == nil {
					model := newPass(a, in)
					model.ResultOf = pass.ResultOf
					made, err := a.Run(model)
					if err != nil {
						return ruled{}, err
					}
					known = made.(*code.Package)
				}
				pass.ResultOf[a] = known
			}
			result, err := rule.Analyzer.Run(pass)
			if err != nil {
				return ruled{}, err
			}
			return ruled{result.(*code.Result), known}, nil
		})
		shared = got.shared
		if err != nil {
			r.Failed[rule.ID] = err.Error()
			continue
		}
		for _, h := range got.result.Hits {
			r.Hits = append(r.Hits, pl.own(h))
		}
	}
	if shared != nil {
		of, hits := shared, slices.Clone(r.Hits)
		judged, err := within(s.budget, func() (map[int]*code.Judgement, error) { return judge(of, hits, places), nil })
		if err != nil {
			// gosec's word stands as it is. The model may still be in use.
			shared, r.Failed[secondLookVerifier] = nil, err.Error()
		}
		for i, j := range judged {
			if j.Class != "" {
				r.Hits[i].Class = j.Class
			}
			r.Hits[i].Steps = pl.steps(j.Steps)
			if j.Reason != "" {
				r.Hits[i].Message += " (" + printable(j.Reason) + ")"
			}
		}
	}
	facts, err := within(s.budget, func() (code.Facts, error) {
		return code.PackageFacts(code.Input{Fset: p.fset, Files: p.files, Pkg: p.types, Info: p.info, SSA: ssa, Shared: shared,
			Locate: func(pos token.Pos) rules.Location { return pl.at(pos, pos).location }}), nil
	})
	if err != nil {
		r.Failed[factsVerifier] = err.Error()
	}
	r.Facts = facts
	slices.SortStableFunc(r.Hits, func(a, b hit) int {
		return cmp.Or(
			cmp.Compare(a.Location.Path, b.Location.Path), cmp.Compare(a.Location.Line, b.Location.Line),
			cmp.Compare(a.Location.Column, b.Location.Column), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
	// gosec reports some places more than once.
	r.Hits = slices.CompactFunc(r.Hits, func(a, b hit) bool {
		return a.Tool == "gosec" && b.Tool == "gosec" && a.Rule == b.Rule && a.Message == b.Message && a.Location == b.Location
	})
	return r
}

// judge asks our own models about gosec's hits, which are those with a place.
// gosec sees a literal or a call where the models see what it is fed with and
// what it is for; [code.Judgement] has the conditions. No hit is dropped: a note
// still says what gosec saw and why it does not count.
func judge(shared *code.Package, hits []hit, places map[int]token.Pos) map[int]*code.Judgement {
	judged := map[int]*code.Judgement{}
	for i, pos := range places {
		if j := shared.Judge(hits[i].Rule, hits[i].Message, pos); j != nil {
			judged[i] = j
		}
	}
	return judged
}

// hideC takes the bodies of functions that use C out of the syntax and names
// the functions: without running cgo, which would run compilers with the
// repository's flags, what they call has no type and no intermediate form.
func hideC(p *pkg) []string {
	if len(p.CgoFiles) == 0 {
		return nil
	}
	var hidden []string
	for _, f := range p.files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			usesC := false
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok {
					if x, ok := sel.X.(*ast.Ident); ok && x.Name == "C" {
						usesC = true
					}
				}
				return !usesC
			})
			if usesC {
				hidden = append(hidden, fn.Name.Name)
				fn.Body = &ast.BlockStmt{Lbrace: fn.Body.Lbrace, Rbrace: fn.Body.Rbrace}
			}
		}
	}
	return hidden
}

// secondLookVerifier is the name under which the second look at gosec's findings
// reports whether it was taken. Where it was not gosec's word stands, so nothing
// is missed; but the analysis as a whole did not run to its end.
const secondLookVerifier = "run:second-look"

// factsVerifier is the name under which the applicability facts report whether
// they were computed.
const factsVerifier = "run:facts"

// own places a hit of our own rules.
func (pl *placer) own(h code.Hit) hit {
	at := pl.at(h.Pos, h.End)
	out := hit{Tool: "staylisted", Rule: h.Rule, Message: printable(h.Message), Class: h.Class,
		Location: at.location, Tokens: at.tokens, Measure: h.Measure, Service: h.Service, Route: h.Route}
	out.Steps = pl.steps(h.Steps)
	return out
}

func (pl *placer) steps(steps []code.Step) (out []rules.Step) {
	for _, s := range steps {
		out = append(out, rules.Step{Location: pl.at(s.Pos, s.Pos).location, Message: printable(s.Message)})
	}
	return out
}

// buildSSA builds the intermediate form that gosec's analyzers and ours share.
func buildSSA(p *packages.Package, budget time.Duration) (*inspector.Inspector, *buildssa.SSA, error) {
	type both struct {
		insp *inspector.Inspector
		ssa  *buildssa.SSA
	}
	b, err := within(budget, func() (both, error) {
		results := map[*analysis.Analyzer]any{}
		for _, a := range []*analysis.Analyzer{inspect.Analyzer, ctrlflow.Analyzer, buildssa.Analyzer} {
			pass := newPass(a, p)
			maps.Copy(pass.ResultOf, results)
			result, err := a.Run(pass)
			if err != nil {
				return both{}, fmt.Errorf("%s: %w", a.Name, err)
			}
			results[a] = result
		}
		return both{results[inspect.Analyzer].(*inspector.Inspector), results[buildssa.Analyzer].(*buildssa.SSA)}, nil
	})
	return b.insp, b.ssa, err
}
