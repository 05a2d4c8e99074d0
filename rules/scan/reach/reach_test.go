package reach_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules/scan/reach"
	"github.com/staylisted/staylisted/rules/scan/reach/reachtest"
)

// shapeTargets are the advisories of testdata/vulndb.
func shapeTargets() []reach.Target {
	return []reach.Target{
		{ID: "GO-2026-0001", Packages: []reach.Vulnerable{{
			Path:    "example.test/vuln",
			Symbols: []string{"Bad", "G.Bad", "Gone", "Of", "P.Bad", "T.Bad"},
		}}},
		{ID: "GO-2026-0002", Packages: []reach.Vulnerable{{Path: "example.test/vuln/whole"}}},
	}
}

// TestShapes asserts level, rung and the path of one call shape a directory of
// testdata/shapes. want lists the answers that are not unknown as
// "level rung: path", a path step as "Function" or, where the way on is not a
// static call, "Function(how)".
func TestShapes(t *testing.T) {
	tests := []struct{ shape, want string }{
		{"callback", "called vta: main > Each(dynamic) > Bad"},
		{"closure", "called static: main > main$1 > Bad"},
		{"deadlibrary", "imported open-world"},
		{"deadtable", "possible vta: example.test/vuln.Bad"},
		{"deferred", "called static: main > main$1 > Bad"},
		{"embedded", "called static: main > P.Bad"},
		{"embeddeddyn", "called vta: main(dynamic) > T.Bad"},
		{"field", "called vta: main(handed over) > main$1 > Bad"},
		{"generic", "called static: main > Of"},
		{"genericlibrary", "called static: Do > Bad"},
		{"genericmethod", "called static: main > G.Bad"},
		{"initfunc", "called static: init#1 > Bad"},
		{"initvar", "called static: init > Bad"},
		{"interface", "called vta: main(dynamic) > T.Bad"},
		{"iterator", "called vta: main > twice(dynamic) > main$1 > Bad"},
		{"library", "called static: client.Do > Bad"},
		{"linkname", "called static: main > bound(linkname) > Bad"},
		{"methodexpr", "called static: main > P.Bad"},
		{"methodvalue", "called vta: main(dynamic) > P.Bad"},
		{"notimported", ""},
		{"otherimpl", "imported open-world"},
		{"outsidegeneric", "possible vta: example.test/vuln.Bad"},
		{"reflected", "possible vta: example.test/vuln.T.Bad"},
		{"sortcallback", "called vta: main(handed over) > main$1 > Bad"},
		{"sortmethod", "called vta: main(handed over) > byName.Less > Bad"},
		{"static", "called static: main > step > Bad"},
		{"stringer", "possible vta: example.test/vuln.Bad"},
		{"table", "called vta: main(dynamic) > Bad"},
		{"testonly", "imported open-world"},
		{"typearg", "called static: main > Plain > T.Bad"},
		{"unreachable", "imported open-world"},
		{"variadic", "called vta: main(handed over) > seed > Bad"},
		{"wholeimport", "called static: init > init"},
		{"wholepackage", "called static: main > Exported"},
	}
	program, err := reachtest.Load("testdata/shapes", shapeTargets(), "./...")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tt := range tests {
		names = append(names, tt.shape)
		t.Run(tt.shape, func(t *testing.T) {
			in := program.Input("example.test/shapes/" + tt.shape)
			if got := render(reach.Analyze(t.Context(), in)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
	dirs, err := filepath.Glob("testdata/shapes/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		if name := filepath.Base(filepath.Dir(d)); !slices.Contains(names, name) {
			t.Errorf("testdata/shapes/%s has no expectation", name)
		}
	}
}

func render(r reach.Result) string {
	var lines []string
	for _, a := range r.Answers {
		if a.Level == reach.Unknown {
			continue
		}
		line := a.Level.String() + " " + a.Rung
		if len(a.Calls) > 0 {
			line += ": " + renderPath(a.Calls[0].Path)
		}
		if len(a.Reached) > 0 {
			line += ": " + strings.Join(a.Reached, " ")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

func renderPath(path []reach.Step) string {
	var steps []string
	for _, s := range path {
		step := s.Function
		if s.How != "" {
			step += "(" + s.How + ")"
		}
		steps = append(steps, step)
	}
	return strings.Join(steps, " > ")
}
