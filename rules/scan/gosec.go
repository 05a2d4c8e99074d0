package scan

import (
	"cmp"
	"fmt"
	"go/ast"
	"io"
	"log"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/securego/gosec/v2"
	"github.com/securego/gosec/v2/analyzers"
	"github.com/securego/gosec/v2/issue"
	gosecrules "github.com/securego/gosec/v2/rules"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/buildssa"
	"golang.org/x/tools/go/packages"
)

// gosecVersion is part of the cache key: another gosec finds other things. A
// test holds it against go.mod.
const gosecVersion = "v2.30.0"

// A gosecSuite is every rule and analyzer of gosec, ready to run on one package
// at a time. It holds definitions only; nothing in it changes while packages
// are analysed.
type gosecSuite struct {
	rules     map[string]gosec.RuleBuilder
	analyzers []analyzers.AnalyzerDefinition
	config    gosec.Config
	logger    *log.Logger
}

// newGosecSuite takes all of gosec with its own suppression parser off: which
// comment excuses what is decided in one place for all rules (directives.go).
func newGosecSuite() *gosecSuite {
	config := gosec.NewConfig()
	config.SetGlobal(gosec.Nosec, "true")
	builders, _ := gosecrules.Generate(false).RulesInfo()
	defs, _ := analyzers.Generate(false).AnalyzersInfo()
	s := &gosecSuite{rules: builders, config: config, logger: log.New(io.Discard, "", 0)}
	for _, id := range slices.Sorted(maps.Keys(defs)) {
		s.analyzers = append(s.analyzers, defs[id])
	}
	return s
}

// ids lists every rule and analyzer id, sorted.
func (s *gosecSuite) ids() []string {
	ids := slices.Collect(maps.Keys(s.rules))
	for _, a := range s.analyzers {
		ids = append(ids, a.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// A gosecIssue is what gosec reports, without the code excerpt, which may hold
// a secret.
type gosecIssue struct {
	rule, message, file string
	line, column        int
}

// checkRules runs the syntax rules over a package. A rule that panics is left
// out for the rest of the package and named in failed. Everything it writes is
// its own, because it may be given up on while it runs.
func (s *gosecSuite) checkRules(p *packages.Package) (issues []gosecIssue, failed map[string]string) {
	failed = map[string]string{}
	builders := make(map[string]gosec.RuleBuilder, len(s.rules))
	for id, build := range s.rules {
		builders[id] = func(id string, c gosec.Config) (gosec.Rule, []ast.Node) {
			rule, nodes := build(id, c)
			return &contained{Rule: rule, id: id, failed: failed}, nodes
		}
	}
	// One analyzer a package: it is not safe for concurrent use, and making it
	// is cheap.
	a := gosec.NewAnalyzer(s.config, false, false, false, 1, s.logger)
	a.LoadRules(builders, nil)
	a.CheckRules(p)
	found, _, _ := a.Report()
	return s.issues(found), failed
}

// contained keeps a rule's panic from ending the walk that all rules share.
type contained struct {
	gosec.Rule
	id     string
	failed map[string]string
}

// Match asks the rule, unless it has failed before.
func (c *contained) Match(n ast.Node, ctx *gosec.Context) (found *issue.Issue, err error) {
	if c.failed[c.id] != "" {
		return nil, nil
	}
	defer func() {
		if r := recover(); r != nil {
			c.failed[c.id] = fmt.Sprintf("panicked: %v", r)
			found, err = nil, nil
		}
	}()
	return c.Rule.Match(n, ctx)
}

// checkAnalyzers runs the SSA analyzers over a package, each contained and
// within its own budget. Those that fail are named in failed.
//
// gosec hands its analyzers a value of an internal type that also holds the
// call graph they share. Registering a single analyzer that only takes this
// value is the public way to get it; the real ones are then run here, where a
// panic or a long run of one costs nothing but that one.
func (s *gosecSuite) checkAnalyzers(p *packages.Package, ssa *buildssa.SSA, budget time.Duration, failed map[string]string) []gosecIssue {
	var shared *analyzers.SSAAnalyzerResult
	taker := analyzers.AnalyzerDefinition{ID: "taker", Create: func(string, string) *analysis.Analyzer {
		return &analysis.Analyzer{Name: "taker", Doc: "takes the shared analysis result", Run: func(pass *analysis.Pass) (any, error) {
			shared, _ = pass.ResultOf[buildssa.Analyzer].(*analyzers.SSAAnalyzerResult)
			return nil, nil
		}}
	}}
	a := gosec.NewAnalyzer(s.config, false, false, false, 1, s.logger)
	a.LoadAnalyzers(map[string]analyzers.AnalyzerDefinition{taker.ID: taker}, nil)
	a.CheckAnalyzersWithSSA(p, ssa)
	var all []gosecIssue
	for _, def := range s.analyzers {
		if shared == nil {
			failed[def.ID] = "gosec did not hand out its shared analysis; please report this"
			continue
		}
		found, err := within(budget, func() ([]*issue.Issue, error) {
			pass := newPass(def.Create(def.ID, def.Description), p)
			pass.ResultOf[buildssa.Analyzer] = shared
			result, err := pass.Analyzer.Run(pass)
			if err != nil {
				return nil, err
			}
			found, _ := result.([]*issue.Issue)
			return found, nil
		})
		if err != nil {
			failed[def.ID] = err.Error()
			continue
		}
		all = append(all, s.issues(found)...)
	}
	return all
}

func (s *gosecSuite) issues(found []*issue.Issue) []gosecIssue {
	out := make([]gosecIssue, 0, len(found))
	for _, f := range found {
		if f == nil || f.RuleID == "" {
			continue
		}
		// A range of lines ("12-15") is shown at its first.
		first, _, _ := strings.Cut(f.Line, "-")
		line, _ := strconv.Atoi(first)
		column, _ := strconv.Atoi(f.Col)
		out = append(out, gosecIssue{f.RuleID, f.What, f.File, line, column})
	}
	slices.SortFunc(out, func(a, b gosecIssue) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column), cmp.Compare(a.rule, b.rule), cmp.Compare(a.message, b.message))
	})
	return out
}
