package oracle_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules/scan/oracle"
)

// TestScan holds whole scans of the repositories in STAYLISTED_REPOS against
// both oracles: the set of (gosec rule, file, line) must be the same, whether a
// finding is gosec's own or one that stands for gosec's as well, and the
// Go vulnerability ids too; levels may differ only where ours says "possible".
func TestScan(t *testing.T) {
	repos := filepath.SplitList(os.Getenv("STAYLISTED_REPOS"))
	data := os.Getenv("STAYLISTED_DATA")
	if len(repos) == 0 || data == "" {
		t.Skip("STAYLISTED_REPOS lists no checked out repositories, or STAYLISTED_DATA is not set; see README.md")
	}
	bin := t.TempDir()
	build(t, "../../..", filepath.Join(bin, "staylisted"), "./cmd/staylisted")
	build(t, ".", filepath.Join(bin, "gosecoracle"), "./gosecoracle")
	build(t, ".", filepath.Join(bin, "govulnoracle"), "./govulnoracle")
	archive := filepath.Join(data, "vulndb", "vulndb-2026-08-21.zip")
	db := unzip(t, archive)
	for _, repo := range repos {
		repo, err := filepath.Abs(repo)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(repo), func(t *testing.T) {
			findings, levels := ours(t, filepath.Join(bin, "staylisted"), archive, repo)
			want := map[string]bool{}
			lines(t, exec.Command(filepath.Join(bin, "gosecoracle"), "-C", repo), func(line []byte) {
				var f struct{ Rule, File, Line string }
				if err := json.Unmarshal(line, &f); err != nil {
					t.Fatalf("%v: %s", err, line)
				}
				first, _, _ := strings.Cut(f.Line, "-")
				want[gosecKey(f.Rule, f.File, first)] = true
			})
			differ(t, "gosec", findings, want)
			called := map[string]string{}
			lines(t, exec.Command(filepath.Join(bin, "govulnoracle"), "-C", repo, "-db", "file://"+db), func(line []byte) {
				var a struct{ ID, Level string }
				if err := json.Unmarshal(line, &a); err != nil {
					t.Fatalf("%v: %s", err, line)
				}
				called[a.ID] = a.Level
			})
			equal := 0
			for id, level := range called {
				switch got := levels[id]; {
				case got == level:
					equal++
				case got == "possible" && level != "required":
					t.Logf("%s: ours possible, govulncheck's %s", id, level)
				default:
					t.Errorf("%s: ours %q, govulncheck's %q", id, got, level)
				}
			}
			for id, level := range levels {
				if called[id] == "" {
					t.Errorf("%s: ours %s, govulncheck does not have it", id, level)
				}
			}
			t.Logf("%d gosec findings, %d advisories of which %d at the same level", len(want), len(called), equal)
		})
	}
}

// ours scans a repository and returns gosec's findings as "RULE file:line" and
// the level of each Go vulnerability id.
func ours(t *testing.T, bin, archive, repo string) (findings map[string]bool, levels map[string]string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.json")
	cmd := exec.Command(bin, "scan", "--offline", "--no-cache", "--advisories", archive, "--now", "2026-08-22", "--report", file, repo)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != 1 && cmd.ProcessState.ExitCode() != 3 {
		t.Fatalf("scan: %v\n%s", err, stderr.Bytes())
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Findings []struct {
			Rule, Class string
			Also        []string // the same weakness, by other rules
			Location    struct {
				Path string
				Line int
			}
			Advisory *struct {
				IDs   []string
				Reach string
			}
			CVSS *struct{ Score float64 }
		}
		Coverage struct {
			Gaps []struct{ Subject, Reason string }
		}
	}
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	for _, g := range report.Coverage.Gaps {
		t.Logf("gap: %s: %s", g.Subject, g.Reason)
	}
	findings, levels = map[string]bool{}, map[string]string{}
	for _, f := range report.Findings {
		for _, rule := range append([]string{f.Rule}, f.Also...) {
			family, _, _ := strings.Cut(rule, "/")
			if n, err := strconv.Atoi(strings.TrimPrefix(family, "G")); err == nil && n > 0 {
				findings[gosecKey(family, f.Location.Path, strconv.Itoa(f.Location.Line))] = true
			}
		}
		// Modules that only tests or tools need are listed without effect.
		if f.Advisory != nil && f.Class != "informational" {
			if f.CVSS == nil || f.CVSS.Score <= 0 {
				t.Errorf("%v has no score", f.Advisory.IDs)
			}
			for _, id := range f.Advisory.IDs {
				if strings.HasPrefix(id, "GO-") {
					levels[id] = f.Advisory.Reach
				}
			}
		}
	}
	return findings, levels
}

// gosecKey is what a finding of gosec must have in common with ours. The import
// of a weak primitive is told with its use, which may stand in another file of
// the package.
func gosecKey(rule, file, line string) string {
	switch rule {
	case "G501", "G502", "G503", "G505", "G506", "G507":
		return rule + " " + path.Dir(file)
	}
	return rule + " " + file + ":" + line
}

// lines runs a command and hands each line of its output to use.
func lines(t *testing.T, cmd *exec.Cmd, use func([]byte)) {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", cmd.Path, err, stderr.Bytes())
	}
	s := bufio.NewScanner(bytes.NewReader(out))
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		if len(bytes.TrimSpace(s.Bytes())) > 0 {
			use(s.Bytes())
		}
	}
}

// differ reports what only one of two sets holds.
func differ(t *testing.T, what string, got, want map[string]bool) {
	t.Helper()
	var only []string
	for x := range got {
		if !want[x] {
			only = append(only, "only ours:  "+x)
		}
	}
	for x := range want {
		if !got[x] {
			only = append(only, "only "+what+": "+x)
		}
	}
	slices.Sort(only)
	for _, x := range only {
		t.Error(x)
	}
}

// TestModuleFixture holds a whole scan of reach's fixture module against
// govulncheck, with the same database: the same ids, each of ours with a score.
// Levels are TestShapes' business.
func TestModuleFixture(t *testing.T) {
	const dir, db = "../reach/testdata/shapes", "../reach/testdata/vulndb"
	bin := filepath.Join(t.TempDir(), "staylisted")
	build(t, "../../..", bin, "./cmd/staylisted")
	_, levels := ours(t, bin, db, dir)
	place, err := filepath.Abs(db)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := oracle.Vulnerabilities(t.Context(), t.Output(), oracle.Scan{DB: "file://" + place, Dir: dir, Patterns: []string{"./..."}})
	if err != nil {
		t.Fatal(err)
	}
	if len(theirs) == 0 {
		t.Fatal("govulncheck has nothing to compare with")
	}
	for _, a := range theirs {
		if levels[a.ID] == "" {
			t.Errorf("%s: govulncheck alone has it, as %s", a.ID, a.Level)
		}
		delete(levels, a.ID)
	}
	for id, level := range levels {
		t.Errorf("%s: ours %s, govulncheck does not have it", id, level)
	}
}
