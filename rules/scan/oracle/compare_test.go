package oracle_test

import (
	"archive/zip"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/staylisted/staylisted/rules/scan/oracle"
	"github.com/staylisted/staylisted/rules/scan/reach"
	"github.com/staylisted/staylisted/rules/scan/reach/reachtest"
)

// differs lists the call shapes on which the answers are not the same, and
// why that is right. Everything else must be equal.
var differs = map[string]struct{ ours, govulncheck, why string }{
	"deadtable":      {"possible", "imported", "the table could be read by reflection or by code that is not visible"},
	"linkname":       {"called", "imported", "govulncheck does not read go:linkname"},
	"outsidegeneric": {"possible", "imported", "the standard library gets a type whose method calls the symbol"},
	"reflected":      {"possible", "imported", "govulncheck does not follow reflection; the method really runs"},
	"stringer":       {"possible", "called", "fmt has no body in our program, and its parameter is any"},
}

// lessCareful lists the answers on real repositories where ours is below
// govulncheck's, by directory and advisory, and why that is right.
var lessCareful = map[string]string{
	"memos GO-2026-4976": "only echo's middleware.Proxy leads to it, which the program never mentions: rung d has no way to it; " +
		"govulncheck's two rounds of VTA keep a call of a function literal that only the unused middleware makes",
}

// TestShapes compares the levels of every call shape of reach's fixtures.
func TestShapes(t *testing.T) {
	const dir = "../reach/testdata/shapes"
	db, err := filepath.Abs("../reach/testdata/vulndb")
	if err != nil {
		t.Fatal(err)
	}
	program, err := reachtest.Load(dir, shapeTargets(t, db), "./...")
	if err != nil {
		t.Fatal(err)
	}
	shapes, err := filepath.Glob(filepath.Join(dir, "*", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range shapes {
		shapes[i] = filepath.Base(filepath.Dir(shapes[i]))
	}
	if shapes = slices.Compact(shapes); len(shapes) < 30 {
		t.Fatalf("only %d shapes found", len(shapes))
	}
	for _, shape := range shapes {
		t.Run(shape, func(t *testing.T) {
			theirs, err := oracle.Vulnerabilities(t.Context(), t.Output(), oracle.Scan{DB: "file://" + db, Dir: dir, Patterns: []string{"./" + shape}})
			if err != nil {
				t.Fatal(err)
			}
			ours := reach.Analyze(t.Context(), program.Input("example.test/shapes/"+shape))
			for i, a := range ours.Answers {
				got, want := a.Level.String(), "unknown"
				if j := slices.IndexFunc(theirs, func(o oracle.Advisory) bool { return o.ID == a.ID }); j >= 0 {
					// Whether the module is required is not reach's question.
					if theirs[j].Level != "required" {
						want = theirs[j].Level
					}
				}
				if d, ok := differs[shape]; ok && i == 0 {
					if got != d.ours || want != d.govulncheck {
						t.Errorf("%s: ours %s, govulncheck's %s; expected %s and %s, because %s", a.ID, got, want, d.ours, d.govulncheck, d.why)
					}
				} else if got != want {
					t.Errorf("%s: ours %s (%s), govulncheck's %s", a.ID, got, a.Reason, want)
				}
			}
		})
	}
}

// TestRepositories compares the levels on real repositories: the module
// directories in STAYLISTED_REPOS (a path list), with the database
// vulndb/vulndb-2026-08-21.zip of STAYLISTED_DATA. STAYLISTED_GOVERSION
// ("go1.22.0") pretends that the standard library is that old, which makes
// dozens of its advisories apply. STAYLISTED_SAVED names a directory in which
// govulncheck's answers are kept for the next run.
func TestRepositories(t *testing.T) {
	data, repos := os.Getenv("STAYLISTED_DATA"), filepath.SplitList(os.Getenv("STAYLISTED_REPOS"))
	if data == "" || len(repos) == 0 {
		t.Skip("STAYLISTED_DATA or STAYLISTED_REPOS is not set: give the test data and a list of module directories to compare on")
	}
	db := unzip(t, filepath.Join(data, "vulndb", "vulndb-2026-08-21.zip"))
	for _, dir := range repos {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			theirs := govulncheck(t, oracle.Scan{
				DB: "file://" + db, Dir: dir, GoVersion: os.Getenv("STAYLISTED_GOVERSION"), Patterns: []string{"./..."},
			})
			runtime.GC()
			compare(t, db, dir, theirs)
		})
	}
}

// govulncheck runs a scan, or reads what an earlier run of the same scan left
// in the directory STAYLISTED_SAVED.
func govulncheck(t *testing.T, s oracle.Scan) []oracle.Advisory {
	t.Helper()
	var saved string
	if dir := os.Getenv("STAYLISTED_SAVED"); dir != "" {
		saved = filepath.Join(dir, filepath.Base(s.Dir)+"."+s.GoVersion+".json")
		if data, err := os.ReadFile(saved); err == nil {
			var advisories []oracle.Advisory
			if err := json.Unmarshal(data, &advisories); err != nil {
				t.Fatalf("%s: %v", saved, err)
			}
			return advisories
		}
	}
	start := time.Now()
	advisories, err := oracle.Vulnerabilities(t.Context(), t.Output(), s)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("govulncheck: %d advisories, %v", len(advisories), time.Since(start).Round(time.Millisecond))
	if saved != "" {
		data, err := json.Marshal(advisories)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(saved, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return advisories
}

func compare(t *testing.T, db, dir string, theirs []oracle.Advisory) {
	want := make(map[string]oracle.Advisory)
	var targets []reach.Target
	for _, a := range theirs {
		if a.Level != "required" {
			want[a.ID] = a
			targets = append(targets, target(t, db, a.ID, a.Packages))
		}
	}
	start := time.Now()
	program, err := reachtest.Load(dir, targets, "./...")
	if err != nil {
		t.Fatal(err)
	}
	in := program.Input()
	heap := watchHeap()
	loaded := time.Now()
	result := reach.Analyze(t.Context(), in)
	analyzed := time.Since(loaded)
	grown, allocated := heap()
	t.Logf("ours: %d targets, load %v, analyze %v, heap +%d MB (%d MB allocated), closure %d packages, %+v", len(targets),
		loaded.Sub(start).Round(time.Millisecond), analyzed.Round(time.Millisecond), grown>>20, allocated>>20, len(in.Closure), result.Stats)
	for _, a := range result.Answers {
		w := want[a.ID]
		mark := "=="
		switch {
		case a.Level.String() == w.Level:
		case a.Level == reach.Possible && w.Level == "imported", a.Level == reach.Called && w.Level == "imported":
			mark = ">>" // more careful
		case a.Level == reach.Possible && w.Level == "called":
			mark = "?>"
		default:
			mark = "<<"
			if why := lessCareful[filepath.Base(dir)+" "+a.ID]; why != "" {
				t.Logf("%s is explained: %s", a.ID, why)
			} else {
				t.Errorf("%s: ours %s, govulncheck's %s %v", a.ID, a.Level, w.Level, w.Symbols)
			}
		}
		t.Logf("%s %s %-8s %-10s govulncheck %-8s %s%s", mark, a.ID, a.Level, a.Rung, w.Level, strings.Join(a.Reached, " "), a.Caveat)
		if mark != "==" {
			for _, c := range a.Calls {
				t.Logf("   %s.%s", c.Package, c.Symbol)
				for _, s := range c.Path {
					t.Logf("      %s.%s %s:%d %s", s.Package, s.Function, filepath.Base(s.Position.Filename), s.Position.Line, s.How)
				}
			}
			for _, line := range w.Trace {
				t.Logf("   | %s", line)
			}
		}
	}
}

// watchHeap samples the heap until the function it returns is called, which
// tells by how many bytes it grew at most and how many were allocated.
func watchHeap() func() (grown, allocated uint64) {
	runtime.GC()
	var base, now runtime.MemStats
	runtime.ReadMemStats(&base)
	stop, peak := make(chan struct{}), make(chan uint64)
	go func() {
		top := base.HeapInuse
		for tick := time.NewTicker(20 * time.Millisecond); ; {
			select {
			case <-stop:
				peak <- top - base.HeapInuse
				return
			case <-tick.C:
				runtime.ReadMemStats(&now)
				top = max(top, now.HeapInuse)
			}
		}
	}()
	return func() (grown, allocated uint64) {
		close(stop)
		grown = <-peak
		runtime.ReadMemStats(&now)
		return grown, now.TotalAlloc - base.TotalAlloc
	}
}

// entry is the part of an OSV entry that names symbols.
type entry struct {
	Affected []struct {
		EcosystemSpecific struct {
			Imports []struct {
				Path    string   `json:"path"`
				Symbols []string `json:"symbols"`
			} `json:"imports"`
		} `json:"ecosystem_specific"`
	} `json:"affected"`
}

// target reads the symbols of an advisory for the packages that are imported.
func target(t *testing.T, db, id string, packages []string) reach.Target {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(db, "ID", id+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var e entry
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatal(err)
	}
	result := reach.Target{ID: id}
	// An entry without packages means every package of the module.
	for _, a := range e.Affected {
		if len(a.EcosystemSpecific.Imports) == 0 {
			for _, p := range packages {
				result.Packages = append(result.Packages, reach.Vulnerable{Path: p})
			}
		}
		for _, i := range a.EcosystemSpecific.Imports {
			// In source mode govulncheck disregards goos and goarch.
			if slices.Contains(packages, i.Path) {
				result.Packages = append(result.Packages, reach.Vulnerable{Path: i.Path, Symbols: i.Symbols})
			}
		}
	}
	return result
}

func shapeTargets(t *testing.T, db string) []reach.Target {
	return []reach.Target{
		target(t, db, "GO-2026-0001", []string{"example.test/vuln"}),
		target(t, db, "GO-2026-0002", []string{"example.test/vuln/whole"}),
	}
}

func unzip(t *testing.T, file string) (dir string) {
	t.Helper()
	r, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	dir = t.TempDir()
	if err := os.CopyFS(dir, r); err != nil {
		t.Fatal(err)
	}
	return dir
}
