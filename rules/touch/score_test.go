package touch

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A labelled change is a row of prs/changes.jsonl of the test data.
type labelled struct {
	ID            int
	Repo, Commit  string
	Subject       string
	Label, Reason string
	Borderline    bool
}

// TestLabelledChanges measures Compute on real changes that a person labelled:
//
//	STAYLISTED_DATA=… STAYLISTED_SNAPSHOTS=… go test -v -run LabelledChanges ./rules/touch
//
// STAYLISTED_DATA holds prs/changes.jsonl, STAYLISTED_SNAPSHOTS a git directory per
// repository as OWNER+NAME/repo or OWNER+NAME. Both ways to call Compute must reach
// the bounds: with the whole files, and with the patches alone. The log lists every
// miss and false alarm with the signals that decided.
func TestLabelledChanges(t *testing.T) {
	data, snapshots := os.Getenv("STAYLISTED_DATA"), os.Getenv("STAYLISTED_SNAPSHOTS")
	if snapshots == "" {
		t.Skip("STAYLISTED_SNAPSHOTS is not set: it names the folder of the repositories' git directories")
	}
	if data == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("STAYLISTED_DATA is not set")
		}
		t.Skip("STAYLISTED_DATA is not set: it names the folder of the test data")
	}
	rows := readLabelled(t, filepath.Join(data, "prs", "changes.jsonl"))
	for _, way := range []struct {
		name  string
		files func(t *testing.T, dir, commit string) ([]File, error)
	}{{"whole", wholeFiles}, {"patches", patchFiles}} {
		t.Run(way.name, func(t *testing.T) {
			var sure, border table
			for _, r := range rows {
				dir := snapshot(snapshots, r.Repo)
				if dir == "" {
					t.Fatalf("no snapshot of %s in %s", r.Repo, snapshots)
				}
				files, err := way.files(t, dir, r.Commit)
				if err != nil {
					t.Fatalf("row %d: %v", r.ID, err)
				}
				got := Compute(files, Options{})
				to := &sure
				if r.Borderline {
					to = &border
				}
				to.count(got.Comment(), r.Label == "yes")
				if got.Comment() != (r.Label == "yes") || os.Getenv("STAYLISTED_ALL") != "" {
					kind := map[bool]string{true: "false alarm", false: "miss"}[got.Comment()]
					if got.Comment() == (r.Label == "yes") {
						kind = "right"
					}
					if r.Borderline {
						kind = "borderline " + kind
					}
					t.Logf("%s: row %d %s: %s (%s)\n%s", kind, r.ID, r.Repo, r.Subject, r.Reason, describe(&got))
				}
			}
			t.Logf("%s: %v", way.name, &sure)
			t.Logf("%s, borderline rows: %v", way.name, &border)
			if p, r := sure.precision(), sure.recall(); p < 0.85 || r < 0.85 {
				t.Errorf("precision %.3f and recall %.3f, want at least 0.85 both", p, r)
			}
		})
	}
}

// A table counts answers against labels.
type table struct{ tp, fp, fn, tn int }

func (c *table) count(got, want bool) {
	switch {
	case got && want:
		c.tp++
	case got:
		c.fp++
	case want:
		c.fn++
	default:
		c.tn++
	}
}

func (c *table) precision() float64 { return float64(c.tp) / float64(max(c.tp+c.fp, 1)) }
func (c *table) recall() float64    { return float64(c.tp) / float64(max(c.tp+c.fn, 1)) }
func (c *table) String() string {
	return fmt.Sprintf("precision %.3f recall %.3f (%d right alarms, %d false alarms, %d misses, %d right silences)", c.precision(), c.recall(), c.tp, c.fp, c.fn, c.tn)
}

func describe(r *Result) string {
	var b strings.Builder
	for i, s := range r.Signals {
		if i == 12 {
			fmt.Fprintf(&b, "\t… %d more\n", len(r.Signals)-i)
			break
		}
		fmt.Fprintf(&b, "\t%s %s %s:%d/%d %s: %s\n", s.ID, s.Level, s.Path, s.Line, s.OldLine, s.Symbol, s.What)
	}
	for _, l := range r.Truncated {
		fmt.Fprintf(&b, "\ttruncated %s: %s\n", l.Path, l.Reason)
	}
	return b.String()
}

func readLabelled(t *testing.T, name string) []labelled {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var rows []labelled
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
		var r labelled
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		t.Fatalf("%s has no rows", name)
	}
	slices.SortFunc(rows, func(a, b labelled) int { return cmp.Compare(a.ID, b.ID) })
	return rows
}

func snapshot(root, repo string) string {
	base := filepath.Join(root, strings.ReplaceAll(repo, "/", "+"))
	for _, dir := range []string{filepath.Join(base, "repo"), base} {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
	}
	return ""
}

func git(t *testing.T, dir string, args ...string) ([]byte, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git %s: %w: %s", args[0], err, stderr.String())
	}
	return out, nil
}

// wholeFiles reads both sides of every file of a commit.
func wholeFiles(t *testing.T, dir, commit string) ([]File, error) {
	out, err := git(t, dir, "diff-tree", "-r", "-M", "-z", "--raw", commit+"^", commit)
	if err != nil {
		return nil, err
	}
	fields := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	var files []File
	for i := 0; i+1 < len(fields); {
		meta := strings.Fields(strings.TrimPrefix(fields[i], ":"))
		if len(meta) != 5 {
			return nil, fmt.Errorf("line %q of git diff-tree", fields[i])
		}
		f := File{OldPath: fields[i+1], NewPath: fields[i+1]}
		i += 2
		if meta[4][0] == 'R' || meta[4][0] == 'C' {
			f.NewPath = fields[i]
			i++
		}
		blob := func(id, mode string) ([]byte, error) {
			if strings.Trim(id, "0") == "" || mode == "160000" {
				return nil, nil
			}
			return git(t, dir, "cat-file", "blob", id)
		}
		if f.Before, err = blob(meta[2], meta[0]); err != nil {
			return nil, err
		}
		if f.After, err = blob(meta[3], meta[1]); err != nil {
			return nil, err
		}
		switch meta[4][0] {
		case 'A':
			f.OldPath = ""
		case 'D':
			f.NewPath = ""
		}
		files = append(files, f)
	}
	return files, nil
}

// patchFiles has the patches of a commit and nothing else.
func patchFiles(t *testing.T, dir, commit string) ([]File, error) {
	out, err := git(t, dir, "show", "--format=", "--unified=3", "-M", commit)
	if err != nil {
		return nil, err
	}
	return FromDiff(out), nil
}
