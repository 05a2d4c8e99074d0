package code

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/buildssa"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"

	"github.com/staylisted/staylisted/rules"
)

// A Rule is one rule with its documentation and its analyzer. The embedded
// metadata describes the rule as a whole; Variants are rules of their own that
// the same analyzer reports under their own id because they carry another
// score or another text ("MKT601/work-factor").
type Rule struct {
	rules.Rule
	// Variants are complete: what they do not say themselves is the rule's.
	Variants []rules.Rule
	// Analyzer finds the hits of the rule and of all its variants; its result is
	// a *Result.
	Analyzer *analysis.Analyzer
}

// Metadata returns the rule and its variants, the rule first.
func (r *Rule) Metadata() []rules.Rule {
	return append([]rules.Rule{r.Rule}, r.Variants...)
}

// A Hit is a place where a rule sees its weakness.
type Hit struct {
	Rule     string    // id of the rule or variant
	Pos, End token.Pos // the region to show; both valid, End exclusive
	Message  string    // one sentence or two, no line break, no secret value
	Steps    []Step    // from where the value comes to Pos; may be empty
	// Class overrides the rule's class when it is not empty.
	Class rules.Class
	// Measure is the number the hit was judged on, when there is one.
	Measure *rules.Measurement
	// Service is set by MKT801 only: the hit is a use of a service, not a
	// finding.
	Service *Service
	// Route is set by MKT211 only: the hit is a route of the code, not a finding.
	Route *Route
}

// A Step is one stop of a value's way to a hit.
type Step struct {
	Pos     token.Pos // always valid
	Message string
}

// A Result is what an analyzer of this package returns for one package.
type Result struct {
	Hits []Hit
}

// All returns every rule of this package, by id, as With does without a policy.
func All() []*Rule { return With(Options{}) }

// With returns every rule of this package, by id, for a repository whose policy
// says opts. Each call builds new analyzers, so a driver calls it once.
func With(opts Options) []*Rule {
	return share([]*Rule{
		mkt101(), mkt102(), mkt103(), mkt104(), mkt105(), mkt106(),
		mkt201(), mkt202(), mkt203(), mkt206(), mkt207(), mkt208(), mkt209(), mkt210(), mkt211(),
		mkt301(), mkt302(), mkt303(), mkt304(), mkt305(), mkt306(), mkt307(), mkt308(),
		mkt309(), mkt310(),
		mkt401(), mkt402(), mkt403(), mkt404(), mkt406(), mkt408(),
		mkt501(), mkt502(), mkt503(), mkt504(), mkt505(), mkt508(),
		mkt601(), mkt602(), mkt603(), mkt605(),
		mkt701(), mkt702(), mkt703(), mkt704(), mkt705(), mkt706(), mkt707(),
		mkt801(), mkt802(), mkt804(), mkt806(),
	}, opts)
}

// newRule completes a rule: variants inherit what they leave empty, and the
// analyzer is built around run. gate looks at the package's imports; run is only
// called when one of them satisfies it (nil: always).
func newRule(meta rules.Rule, variants []rules.Rule, gate func(path string) bool, run func(*pkg) []Hit) *Rule {
	meta.Tool = "staylisted"
	for i := range variants {
		inherit(&variants[i], &meta)
	}
	return &Rule{Rule: meta, Variants: variants, Analyzer: &analysis.Analyzer{
		Name:       strings.ToLower(meta.ID),
		Doc:        meta.Title + "\n\n" + meta.Flags,
		Requires:   []*analysis.Analyzer{inspect.Analyzer, buildssa.Analyzer},
		ResultType: reflect.TypeFor[*Result](),
		Run: func(pass *analysis.Pass) (any, error) {
			if gate != nil && !importsAny(pass.Pkg, gate) {
				return &Result{}, nil
			}
			p, err := packageOf(pass)
			if err != nil {
				return nil, fmt.Errorf("rule %s: %w", meta.ID, err)
			}
			hits := p.keep(run(p))
			for _, h := range hits {
				d := analysis.Diagnostic{Pos: h.Pos, End: h.End, Category: h.Rule, Message: h.Message}
				for _, s := range h.Steps {
					d.Related = append(d.Related, analysis.RelatedInformation{Pos: s.Pos, Message: s.Message})
				}
				pass.Report(d)
			}
			return &Result{Hits: hits}, nil
		},
	}}
}

// inherit fills what a variant leaves empty from its rule. Title and Vector are
// the variant's own by nature; the rest is usually shared.
func inherit(v, from *rules.Rule) {
	v.Tool = from.Tool
	v.Name = cmp.Or(v.Name, from.Name)
	v.Title = cmp.Or(v.Title, from.Title)
	v.Class = cmp.Or(v.Class, from.Class)
	v.Vector = cmp.Or(v.Vector, from.Vector)
	v.Flags = cmp.Or(v.Flags, from.Flags)
	v.Safe = cmp.Or(v.Safe, from.Safe)
	v.Remediation = cmp.Or(v.Remediation, from.Remediation)
	v.Wrong = cmp.Or(v.Wrong, from.Wrong)
	v.Right = cmp.Or(v.Right, from.Right)
	if v.Controls == nil {
		v.Controls = from.Controls
	}
	if v.CWE == nil {
		v.CWE = from.CWE
	}
	if v.Frameworks == nil {
		v.Frameworks = from.Frameworks
	}
}

// A pkg is one package as rules see it.
type pkg struct {
	fset  *token.FileSet
	files []*ast.File
	types *types.Package
	info  *types.Info
	ssa   *buildssa.SSA
	insp  *inspector.Inspector
	*flow
	opts        Options
	taughtNames map[string]taughtKind
	// routes is the route table, nil until a rule asks for it.
	routes  *routeTable
	cookies *[]*cookieUse
	// secrets is the secret model, nil until a rule asks for it.
	secrets *secretFlow
	// What follows is computed on first use.
	replyList   []reply
	listenList  []listening
	usedList    []secretPlace
	headerList  []headerUse
	pageList    []pageWrite
	targetList  []Hit
	commandList []Hit
	sites       map[*ssa.Function][]ssa.CallInstruction // calls of a function
	givenTo     map[*ssa.Function][]ssa.CallInstruction // calls that get a function as an argument
	// support are the files of tests; helping those that import a package for
	// tests although their name does not say so, which proves nothing: a
	// recorder of net/http/httptest is a buffer too.
	support, helping map[*token.File]bool
	// servesMux and resumes are what servesDefaultMux and resumesSessions said.
	servesMux, resumes *bool
	// named are all calls whose callee is known, in order; namedPaths the paths
	// they go to.
	named      []namedCall
	namedPaths []string
	described  map[ssa.CallInstruction]*call // of the same; nil where the callee is not known
	meter      func(model string) func()     // see [Package.Measure]
}

func newPkg(pass *analysis.Pass) (*pkg, error) {
	s, ok := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	if !ok {
		return nil, fmt.Errorf("package %s comes without its SSA form", pass.Pkg.Path())
	}
	insp, ok := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	if !ok {
		return nil, fmt.Errorf("package %s comes without its inspector", pass.Pkg.Path())
	}
	return makePkg(pass.Fset, pass.Files, pass.Pkg, pass.TypesInfo, s, insp), nil
}

func makePkg(fset *token.FileSet, files []*ast.File, tp *types.Package, info *types.Info, s *buildssa.SSA, insp *inspector.Inspector) *pkg {
	p := &pkg{fset: fset, files: files, types: tp, info: info, ssa: s, insp: insp, support: map[*token.File]bool{}, helping: map[*token.File]bool{}}
	p.flow = newFlow(p)
	for _, f := range files {
		tf := fset.File(f.FileStart)
		switch {
		case tf == nil:
		case strings.HasSuffix(filepath.Base(tf.Name()), "_test.go"):
			p.support[tf] = true
		case importsTesting(f):
			p.helping[tf] = true
		}
	}
	return p
}

func importsTesting(f *ast.File) bool {
	return slices.ContainsFunc(f.Imports, func(s *ast.ImportSpec) bool {
		return s.Path.Value == `"testing"` || s.Path.Value == `"net/http/httptest"`
	})
}

// testPath reports whether a package is there to test others, by a word of its
// path. Its hits need a look before they count, because nothing proves that the
// product never runs it.
func testPath(path string) bool {
	for part := range strings.SplitSeq(path, "/") {
		switch part {
		case "test", "tests", "testing", "testutil", "testutils", "testhelper", "testhelpers", "testsupport", "e2e", "mock", "mocks", "fake", "fakes", "fixtures":
			return true
		}
	}
	return false
}

// doubtful reports whether a place may only serve tests, by its package's path or
// the imports of its file.
func (p *pkg) doubtful(pos token.Pos) bool {
	return p.helping[p.fset.File(pos)] || testPath(p.types.Path())
}

// keep drops hits in tests, orders the rest and removes repetitions: one
// place is one finding of one rule.
func (p *pkg) keep(hits []Hit) []Hit {
	hits = slices.DeleteFunc(hits, func(h Hit) bool {
		return !h.Pos.IsValid() || p.support[p.fset.File(h.Pos)]
	})
	for i := range hits {
		h := &hits[i]
		if (h.Class == "" || h.Class == rules.Violation) && p.doubtful(h.Pos) {
			h.Class = rules.Review
		}
		if h.End <= h.Pos {
			h.End = h.Pos + 1
		}
		h.Steps = slices.DeleteFunc(h.Steps, func(s Step) bool { return !s.Pos.IsValid() })
	}
	slices.SortStableFunc(hits, func(a, b Hit) int {
		// The certain hit (no class of its own) stands before the doubtful one.
		return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Class, b.Class), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(hits, func(a, b Hit) bool {
		return a.Pos == b.Pos && a.Rule == b.Rule && (a.Service == nil || *a.Service == *b.Service) &&
			(a.Route == nil || *a.Route == *b.Route)
	})
}
