package scan

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// gitRepo makes a repository and returns what runs git in it at a day.
func gitRepo(t *testing.T, dir string) func(day string, args ...string) string {
	t.Helper()
	return func(day string, args ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=T", "-c", "user.email=t@harbour.dev", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"}, args...)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_AUTHOR_DATE="+day+"T10:00:00Z", "GIT_COMMITTER_DATE="+day+"T11:00:00Z", "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %q: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// told returns which commit each line is told to come from: its index in
// commits, or "-".
func told(t *testing.T, dir, name string, lines int, commits ...string) string {
	t.Helper()
	ask := readGit(t.Context(), dir, nil).blame(t.Context())
	var b strings.Builder
	for line := 1; line <= lines; line++ {
		commit, at, ok := ask(name, line)
		mark := "-"
		for i, c := range commits {
			if ok && c == commit {
				mark = string(rune('1' + i))
				if want := time.Date(2026, 11, i+1, 10, 0, 0, 0, time.UTC); !at.Equal(want) {
					t.Errorf("line %d is from %s, want %s", line, at, want)
				}
			}
		}
		b.WriteString(mark)
	}
	return b.String()
}

func TestBlame(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	git := gitRepo(t, dir)
	git("2026-11-01", "init", "-q")
	const name = ".github/a policy.yml"
	put(t, dir, name, "one\ntwo\nthree\n\n")
	git("2026-11-01", "add", ".")
	git("2026-11-01", "commit", "-qm", "1")
	first := git("2026-11-01", "rev-parse", "HEAD")
	put(t, dir, name, "one\nTWO\nthree\n\n")
	git("2026-11-02", "commit", "-qam", "2")
	second := git("2026-11-02", "rev-parse", "HEAD")
	put(t, dir, name, "one\nTWO\nthree\n\nfour\n")
	git("2026-11-03", "commit", "-qam", "3")
	third := git("2026-11-03", "rev-parse", "HEAD")
	commits := []string{first, second, third}

	if got := told(t, dir, name, 7, commits...); got != "12113--" {
		t.Errorf("committed: %s", got)
	}
	put(t, dir, name, "one\r\nTWO\r\nthree\r\n\r\nfour\r\n")
	if got := told(t, dir, name, 5, commits...); got != "12113" {
		t.Errorf("other line ends: %s", got)
	}
	put(t, dir, name, "one\nTWO\nnew\nthree\n\nfour\n")
	if got := told(t, dir, name, 6, commits...); got != "12-113" {
		t.Errorf("a line is not committed: %s", got)
	}
	put(t, dir, name, "one\nTWO\nthree\nfour\n")
	if got := told(t, dir, name, 4, commits...); got != "1213" {
		t.Errorf("a line is removed: %s", got)
	}
	put(t, dir, name, "")
	if got := told(t, dir, name, 1, commits...); got != "-" {
		t.Errorf("empty: %s", got)
	}
	for _, other := range []string{"none.yml", "../x", ":(top)"} {
		if got := told(t, dir, other, 1, commits...); got != "-" {
			t.Errorf("%s: %s", other, got)
		}
	}
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
	if got := told(t, dir, name, 1, commits...); got != "-" {
		t.Errorf("a link: %s", got)
	}

	// A shallow clone does not know who wrote what came before it.
	shallow, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	gitRepo(t, shallow)("2026-11-03", "clone", "-q", "--depth", "2", "file://"+dir, ".")
	if got := told(t, shallow, name, 5, commits...); got != "----3" {
		t.Errorf("shallow: %s", got)
	}
	if got := told(t, t.TempDir(), name, 1); got != "-" {
		t.Errorf("outside git: %s", got)
	}
}

// TestBlameRunsNothing: filters and text conversions that the repository's
// configuration names are not run, and a replaced commit is not believed.
func TestBlameRunsNothing(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	git := gitRepo(t, dir)
	git("2026-11-01", "init", "-q")
	put(t, dir, "p.yml", "one\n")
	put(t, dir, ".gitattributes", "*.yml filter=bad diff=bad\n")
	git("2026-11-01", "add", ".")
	git("2026-11-01", "commit", "-qm", "1")
	first := git("2026-11-01", "rev-parse", "HEAD")
	mark := filepath.Join(dir, "ran")
	for _, key := range []string{"filter.bad.clean", "filter.bad.smudge", "diff.bad.textconv"} {
		git("2026-11-01", "config", key, "touch "+mark+"; cat")
	}
	git("2026-11-01", "config", "filter.bad.clean", "cat") // for the commit below
	put(t, dir, "p.yml", "One\n")
	git("2026-11-02", "commit", "-qam", "2")
	second := git("2026-11-02", "rev-parse", "HEAD")
	git("2026-11-01", "config", "filter.bad.clean", "touch "+mark+"; cat")
	os.Remove(mark) // what git itself may have run by now
	put(t, dir, "ignored", second+"\n")
	git("2026-11-01", "config", "blame.ignoreRevsFile", filepath.Join(dir, "ignored"))
	put(t, dir, "p.yml", "One\ntwo\n")
	if got := told(t, dir, "p.yml", 2, first, second); got != "2-" {
		t.Errorf("lines: %s", got)
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("a program of the repository's configuration was run")
	}
}

func FuzzParseBlame(f *testing.F) {
	sha := strings.Repeat("a", 40)
	f.Add(sha + " 1 1 2\nauthor T\nauthor-time 1790000000\nboundary\nfilename x\n\tone\n" + sha + " 2 2\n\ttwo")
	f.Add(sha + " 1 2\n\tone")
	f.Add("\t\n\t")
	f.Add(sha + " 1 1\nauthor-time 99999999999999999999\n\tx")
	f.Fuzz(func(t *testing.T, out string) {
		lines := parseBlame(out)
		for _, l := range lines {
			if len(l.commit) != 40 && len(l.commit) != 64 || l.at.IsZero() || strings.Contains(l.text, "\n") {
				t.Fatalf("%+v", l)
			}
		}
		texts := strings.Split(out, "\n")
		for i, l := range align(texts, lines) {
			if l.commit != "" && strings.TrimSuffix(texts[i], "\r") != strings.TrimSuffix(l.text, "\r") {
				t.Fatalf("line %d is %q, told of %q", i, texts[i], l.text)
			}
		}
	})
}
