package scan

import (
	"cmp"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules/files"
)

// A historyRepo is a git repository in the making.
type historyRepo struct {
	t   *testing.T
	dir string
}

func newHistoryRepo(t *testing.T) historyRepo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("git is not installed")
		}
		t.Skip("git is not installed")
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := historyRepo{t, dir}
	r.git("init", "-q", "-b", "main")
	return r
}

func (r historyRepo) git(args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull, "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com", "GIT_AUTHOR_DATE=2026-01-02T00:00:00Z", "GIT_COMMITTER_DATE=2026-01-02T00:00:00Z")
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// commit writes files (no content removes one), commits, and returns the hash.
func (r historyRepo) commit(content map[string]string) string {
	r.t.Helper()
	for name, text := range content {
		full := filepath.Join(r.dir, filepath.FromSlash(name))
		if text == "" {
			if err := os.Remove(full); err != nil {
				r.t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			r.t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			r.t.Fatal(err)
		}
	}
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", "change")
	return r.git("rev-parse", "HEAD")
}

// blobs walks the history of the folder.
func blobsOf(ctx context.Context, t *testing.T, dir string) ([]files.Blob, error) {
	t.Helper()
	var got []files.Blob
	err := readGit(ctx, dir, nil).blobs(ctx, func(b files.Blob) error {
		got = append(got, b)
		return nil
	})
	return got, err
}

// TestBlobs holds what the walk hands over against what was committed: every
// text once, with its oldest commit, and nothing that is still there.
func TestBlobs(t *testing.T) {
	r := newHistoryRepo(t)
	first := r.commit(map[string]string{"a.txt": "one\n", "dir/b c.txt": "two\n", "stays.txt": "same\n", "bin": "x\x00y", "utf16": "\xff\xfea\x00b\x00"})
	second := r.commit(map[string]string{"a.txt": "three\n", "bin": "", "utf16": ""})
	r.git("checkout", "-q", "-b", "side")
	side := r.commit(map[string]string{"side ü.txt": "four\n"})
	r.git("checkout", "-q", "main")
	third := r.commit(map[string]string{"a.txt": "", "dir/b c.txt": "", "moved.txt": "two\n", "again.txt": "one\n"})
	r.commit(map[string]string{"again.txt": "", "moved.txt": "five\n"})
	r.git("tag", "-a", "v1", "-m", "tagged")
	_ = third

	got, err := blobsOf(t.Context(), t, r.dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []files.Blob{
		{Commit: first, Path: "a.txt", Data: []byte("one\n")},
		{Commit: first, Path: "dir/b c.txt", Data: []byte("two\n")},
		{Commit: first, Path: "utf16", Data: []byte("\xff\xfea\x00b\x00")},
		{Commit: second, Path: "a.txt", Data: []byte("three\n")},
		{Commit: side, Path: "side ü.txt", Data: []byte("four\n")},
	}
	order := func(a, b files.Blob) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(string(a.Data), string(b.Data)))
	}
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	if !slices.EqualFunc(got, want, func(a, b files.Blob) bool {
		return a.Commit == b.Commit && a.Path == b.Path && string(a.Data) == string(b.Data)
	}) {
		t.Errorf("got %q\nwant %q", got, want)
	}

	// What is edited and not committed hides nothing of the commit.
	if err := os.WriteFile(filepath.Join(r.dir, "stays.txt"), []byte("edited\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err = blobsOf(t.Context(), t, r.dir)
	if err != nil || !slices.ContainsFunc(got, func(b files.Blob) bool { return string(b.Data) == "same\n" && b.Commit == first }) {
		t.Errorf("the committed version of an edited file is missing: %q, %v", got, err)
	}
}

// TestBlobsHostile sets up what would start programs or hide content, and finds
// the content all the same.
func TestBlobsHostile(t *testing.T) {
	r := newHistoryRepo(t)
	mark := filepath.Join(t.TempDir(), "ran")
	r.commit(map[string]string{"a.txt": "one\n", ".gitattributes": "* filter=evil diff=evil\n"})
	r.commit(map[string]string{"a.txt": "two\n"})
	old := r.git("rev-parse", "HEAD~1:a.txt")
	r.git("replace", old, r.git("rev-parse", "HEAD:a.txt"))
	for _, key := range []string{"filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv", "diff.external", "core.fsmonitor", "core.pager"} {
		r.git("config", key, "touch "+mark+";cat")
	}
	got, err := blobsOf(t.Context(), t, r.dir)
	if err != nil || !slices.ContainsFunc(got, func(b files.Blob) bool { return string(b.Data) == "one\n" }) {
		t.Errorf("got %q, %v, want the replaced version", got, err)
	}
	if _, err := os.Stat(mark); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a program of the repository's configuration ran: %v", err)
	}
}

// TestBlobsMissing names what is missing instead of staying silent.
func TestBlobsMissing(t *testing.T) {
	r := newHistoryRepo(t)
	r.commit(map[string]string{"a.txt": "one\n"})
	r.commit(map[string]string{"a.txt": "two\n"})

	shallow := filepath.Join(t.TempDir(), "shallow")
	r.git("clone", "-q", "--depth", "1", "file://"+r.dir, shallow)
	shallow, err := filepath.EvalSymlinks(shallow)
	if err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), "broken")
	r.git("clone", "-q", "--no-hardlinks", "file://"+r.dir, broken)
	if broken, err = filepath.EvalSymlinks(broken); err != nil {
		t.Fatal(err)
	}
	in := historyRepo{t, broken}
	in.commit(map[string]string{"a.txt": "three\n"})
	blob := in.git("rev-parse", "HEAD~2:a.txt")
	packs, err := filepath.Glob(filepath.Join(broken, ".git/objects/pack/*.pack"))
	if err != nil {
		t.Fatal(err)
	}
	for _, pack := range packs {
		moved := filepath.Join(t.TempDir(), "moved.pack")
		if err := os.Rename(pack, moved); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(moved)
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("git", "unpack-objects", "-q")
		cmd.Dir, cmd.Stdin = broken, f
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		f.Close()
	}
	if err := os.Remove(filepath.Join(broken, ".git/objects", blob[:2], blob[2:])); err != nil {
		t.Fatal(err)
	}
	empty := newHistoryRepo(t)
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for _, tt := range []struct {
		name, dir, want string
		ctx             context.Context
	}{
		{"shallow", shallow, "fetch-depth: 0", t.Context()},
		{"object lost", broken, "complete", t.Context()},
		{"no commit", empty.dir, "scan a clone", t.Context()},
		{"no git", t.TempDir(), "scan a clone", t.Context()},
		{"stopped", r.dir, "", stopped},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := readGit(t.Context(), tt.dir, nil)
			err := g.blobs(tt.ctx, func(files.Blob) error { return nil })
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error that says %q", err, tt.want)
			}
		})
	}
	// What is there is looked at all the same.
	if got, err := blobsOf(t.Context(), t, broken); err == nil || len(got) != 1 || string(got[0].Data) != "two\n" {
		t.Errorf("of the incomplete clone got %q, %v", got, err)
	}
	stopWith := errors.New("enough")
	if err := readGit(t.Context(), r.dir, nil).blobs(t.Context(), func(files.Blob) error { return stopWith }); !errors.Is(err, stopWith) {
		t.Errorf("got %v, want the callback's own error", err)
	}
}
