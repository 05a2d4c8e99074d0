package code

import (
	"encoding/json"
	"go/token"
	"reflect"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/buildssa"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/staylisted/staylisted/rules"
)

// factsAnalyzer shows facts as diagnostics: "fact: name" or "fact?: name" for
// what could not be resolved.
func factsAnalyzer() *analysis.Analyzer {
	return overFacts("facts", func(f Facts, tell func(at rules.Location, text string)) {
		for id, items := range f.Seen {
			for _, it := range items {
				tell(it.Location, id+": "+it.Name)
			}
		}
		for id, items := range f.Unresolved {
			for _, it := range items {
				tell(it.Location, id+"?: "+it.Name)
			}
		}
	})
}

// overFacts is an analyzer whose result are a package's facts, of which show
// tells what to report.
func overFacts(name string, show func(f Facts, tell func(at rules.Location, text string))) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: name, Doc: "facts of a package", Requires: []*analysis.Analyzer{inspect.Analyzer, buildssa.Analyzer}, ResultType: reflect.TypeFor[Facts](),
		Run: func(pass *analysis.Pass) (any, error) {
			places := map[rules.Location]token.Pos{}
			f := PackageFacts(Input{
				Fset: pass.Fset, Files: pass.Files, Pkg: pass.Pkg, Info: pass.TypesInfo,
				SSA:       pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA),
				Inspector: pass.ResultOf[inspect.Analyzer].(*inspector.Inspector),
				Locate: func(pos token.Pos) rules.Location {
					p := pass.Fset.Position(pos)
					l := rules.Location{Path: p.Filename, Line: p.Line, Column: p.Column}
					places[l] = pos
					return l
				},
			})
			show(f, func(at rules.Location, text string) { pass.Report(analysis.Diagnostic{Pos: places[at], Message: text}) })
			return f, nil
		},
	}
}

func TestPackageFacts(t *testing.T) {
	t.Parallel()
	for _, r := range expect(t, factsAnalyzer(), "factsweb", "factsgin", "factsclient", "factsdata", "factsnone") {
		f := r.result.(Facts)
		if r.pkg.Name == "factsnone" && (len(f.Seen) > 0 || len(f.Unresolved) > 0) {
			t.Errorf("an empty package shows %+v", f)
		}
		raw, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var back Facts
		if err := json.Unmarshal(raw, &back); err != nil {
			t.Fatal(err)
		}
		var merged, again Facts
		merged.Merge(f)
		again.Merge(back)
		if !reflect.DeepEqual(merged.Evidence(true), again.Evidence(true)) {
			t.Errorf("facts do not survive JSON:\n%+v\n%+v", f, back)
		}
	}
}

func TestFactsEvidence(t *testing.T) {
	at := func(line int) rules.Location { return rules.Location{Path: "a.go", Line: line} }
	f := Facts{}
	f.Merge(Facts{Packages: 2, Seen: map[string][]rules.Item{
		FactSQL:   {{Name: "database/sql", Location: at(7)}},
		FactHosts: {{Name: "api.apollo.io", Location: at(3)}},
	}})
	f.Merge(Facts{Packages: 1, Seen: map[string][]rules.Item{FactSQL: {{Name: "database/sql", Location: at(2)}, {Name: "database/sql", Location: at(2)}}},
		Unresolved: map[string][]rules.Item{FactRoutes: {{Name: "GET ?", Location: at(1)}}}})
	want := func(facts []rules.Fact, id string, state rules.Ternary, items int) {
		t.Helper()
		for _, fact := range facts {
			if fact.ID == id {
				if fact.State != state || len(fact.Items) != items || fact.Detail == "" {
					t.Errorf("%s: %q with %d items (%s), want %q with %d", id, fact.State, len(fact.Items), fact.Detail, state, items)
				}
				return
			}
		}
		t.Errorf("%s is not stated", id)
	}
	complete := f.Evidence(true)
	want(complete, FactSQL, rules.True, 2)
	want(complete, FactRoutes, rules.Undecided, 1)
	want(complete, FactHTTPServer, rules.False, 0)
	want(complete, FactAPIApollo, rules.True, 1)
	want(complete, FactAPIDruva, rules.False, 0)
	partial := f.Evidence(false)
	want(partial, FactSQL, rules.True, 2)
	want(partial, FactHTTPServer, rules.Undecided, 0)
	if len(complete) != len(FactIDs()) {
		t.Errorf("%d facts stated, want %d", len(complete), len(FactIDs()))
	}
	f.Merge(Facts{Unresolved: map[string][]rules.Item{FactHosts: {{Name: "net/http.Get", Location: at(9)}}}})
	want(f.Evidence(true), FactAPIDruva, rules.Undecided, 1)
	if len(f.Seen[FactAPIApollo]) != 0 {
		t.Error("stating facts changed them")
	}
}
