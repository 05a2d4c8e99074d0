package scan

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const taughtTree = `
-- go.mod --
module example.com/x

go 1.26
-- .github/staylisted.yml --
version: 1
marketplaces: [druva]
teach:
  auth:
    - example.com/x/house.Require
    - example.com/x/house.(*Guard).Check
    - example.com/x/house.Guard.Check
    - example.com/x/house.Guard
    - example.com/x/house.Asker.Ask
    - net/http.Client.Do
    - example.com/x/house.Set.Add
  redact:
    - example.com/x/house.Requires
    - example.com/x/house.Variable
    - example.com/x/house.Plain
    - example.com/x/house.Other
    - example.com/x/house.OnlyTests
    - example.com/x/house.Outer.Check
    - house.Require
    - example.com/elsewhere/logx.Mask
-- house/house.go --
package house

import "net/http"

type Guard struct{}

func (g *Guard) Check(r *http.Request) bool { return r != nil }

type Outer struct{ Guard }

type Set[K comparable] struct{}

func (s *Set[K]) Add(K) {}

type Asker interface{ Ask() }

type Plain int

type Other = Guard

func Require(h http.Handler) http.Handler { return h }

var Variable = Require
-- house/house_test.go --
package house

func OnlyTests() {}
`

// Names that a policy teaches stand in the report, and those that name nothing
// are told with their line, whether the packages come from the cache or not.
func TestTaughtNames(t *testing.T) {
	root, cache := layOut(t, taughtTree), t.TempDir()
	want := `13: its package has no Requires
14: its package has Variable as a variable or constant, and only functions and methods can be taught
15: its package has no method of Plain itself
16: its package has Other as another name of a type; write the type's own
17: its package has no OnlyTests
18: its package has no Outer.Check
19: no package of that path is part of the build; did you mean example.com/x/house?
20: no package of that path is part of the build`
	for _, round := range []string{"fresh", "cached"} {
		r := scanTree(t, root, func(o *Options) { o.CacheDir = cache })
		var got []string
		for _, f := range r.Evidence.Findings {
			if f.Rule == uselessTeaching {
				_, why, _ := strings.Cut(f.Message, " without effect: ")
				got = append(got, fmt.Sprintf("%d: %s", f.Location.Line, why))
				if f.Location.Path != ".github/staylisted.yml" {
					t.Errorf("%s: stands in %s", round, f.Location.Path)
				}
			}
		}
		if text := strings.Join(got, "\n"); text != want {
			t.Errorf("%s: got:\n%s", round, text)
		}
		var found []int
		for _, n := range r.Evidence.Coverage.Taught {
			if n.Found {
				found = append(found, n.Line)
			}
		}
		if len(r.Evidence.Coverage.Taught) != 15 || !slices.Equal(found, []int{5, 6, 7, 8, 9, 10, 11}) {
			t.Errorf("%s: taught %v", round, r.Evidence.Coverage.Taught)
		}
	}
}

// Another file than the repository's own has no place in it: what is wrong with
// its names is told beside the report.
func TestTaughtNamesOfAnotherFile(t *testing.T) {
	root := layOut(t, taughtTree)
	name := filepath.Join(t.TempDir(), "other.yml")
	if err := os.WriteFile(name, []byte("version: 1\nmarketplaces: [druva]\nteach: {audit: [example.com/x/house.Nobody]}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	r := scanTree(t, root, func(o *Options) { o.Policy = name })
	want := "line 3 of the policy file: teach: audit lists example.com/x/house.Nobody without effect: its package has no Nobody"
	if !slices.Contains(r.Notes, want) {
		t.Errorf("notes %q", r.Notes)
	}
}

// Where the packages are not known, nobody can say that a name is wrong.
func TestTaughtNamesWithoutPackages(t *testing.T) {
	r := scanTree(t, layOut(t, strings.Replace(taughtTree, "go 1.26", "go 1.99", 1)))
	for _, f := range r.Evidence.Findings {
		if f.Rule == uselessTeaching {
			t.Errorf("%v", f.Message)
		}
	}
}
