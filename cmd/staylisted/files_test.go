package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// write finds a target and writes to it, as a scan does.
func write(t *testing.T, name, text string) error {
	t.Helper()
	to, err := findTarget(name)
	if err != nil {
		t.Fatalf("findTarget(%s): %v", name, err)
	}
	return to.write(t.Context(), []byte(text))
}

// holds fails the test unless a file has exactly a text.
func holds(t *testing.T, name, want string) {
	t.Helper()
	got, err := os.ReadFile(name)
	if err != nil || string(got) != want {
		t.Errorf("%s holds %q (%v), want %q", name, got, err, want)
	}
}

func TestWriteTarget(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.json")
	for _, text := range []string{"first", "second, longer"} {
		if err := write(t, path, text); err != nil {
			t.Fatal(err)
		}
		holds(t, path, text)
	}
	// A file keeps its permissions.
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := write(t, path, "third"); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("after writing: %v, %v", info.Mode(), err)
	}
	// A target that became a folder during the scan leaves nothing behind.
	late := filepath.Join(dir, "late")
	to, err := findTarget(late)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(late, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := to.write(t.Context(), []byte("x")); err == nil || !strings.HasPrefix(err.Error(), "writing "+late+": ") {
		t.Errorf("a folder was replaced by a file: %v", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, []string{"late", "out.json"}) {
		t.Errorf("left behind: %q", names)
	}
}

// links fills a folder with symbolic links of all kinds:
//
//	real/file  file ─► real/file  far ─► near ─► file  deep ─► real
//	new ─► real/new (absent)  lost ─► absent/new  loop ─► loop
func links(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "real"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "real", "file"), []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{
		"file": "real/file", "near": "file", "far": "near", "deep": "real", "new": "real/new", "lost": "absent/new", "loop": "loop",
		"real/up": "../real/new",
	} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	return dir
}

func TestWriteThroughLinks(t *testing.T) {
	dir := links(t)
	for _, test := range []struct{ name, into string }{
		{"far", "real/file"}, {"file", "real/file"}, {"deep/file", "real/file"}, {"new", "real/new"}, {"deep/up", "real/new"}, {"deep/other", "real/other"},
	} {
		before, _ := os.Readlink(filepath.Join(dir, test.name))
		if err := write(t, filepath.Join(dir, test.name), test.name); err != nil {
			t.Error(err)
			continue
		}
		holds(t, filepath.Join(dir, test.into), test.name)
		if after, _ := os.Readlink(filepath.Join(dir, test.name)); after != before {
			t.Errorf("%s: the link to %q leads to %q now", test.name, before, after)
		}
	}
	for _, test := range []struct{ name, why string }{
		{"deep", "it is a folder"}, {"real", "it is a folder"}, {"lost", "there is no folder"}, {"absent/x", "there is no folder"},
		{"loop", ""}, {"real/file/x", ""}, {"absent/", "there is no such folder"},
	} {
		if to, err := findTarget(dir + "/" + test.name); err == nil || !strings.Contains(err.Error(), "cannot be written: "+test.why) {
			t.Errorf("%s: %+v, %v", test.name, to, err)
		}
	}
}

func TestSameTarget(t *testing.T) {
	dir := links(t)
	if err := os.Link(filepath.Join(dir, "real", "file"), filepath.Join(dir, "hard")); err != nil {
		t.Skipf("no links here: %v", err)
	}
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{"real/file", "far", true}, {"deep/file", "file", true}, {"hard", "file", true},
		{"real/new", "new", true}, {"deep/x", "real/x", true}, {"x", "./y/../x", true},
		{"real/file", "real/new", false}, {"x", "z", false}, {"real/x", "x", false},
	} {
		if err := os.MkdirAll(filepath.Join(dir, "y"), 0o755); err != nil {
			t.Fatal(err)
		}
		a, errA := findTarget(dir + "/" + test.a)
		b, errB := findTarget(dir + "/" + test.b)
		if err := errors.Join(errA, errB); err != nil {
			t.Error(err)
			continue
		}
		if a.same(b) != test.same || b.same(a) != test.same {
			t.Errorf("%s and %s: same is %v, want %v", test.a, test.b, a.same(b), test.same)
		}
	}
}

// TestWriteDevice writes to what must never be replaced by a file.
func TestWriteDevice(t *testing.T) {
	if err := write(t, os.DevNull, "x"); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode()&fs.ModeDevice == 0 {
		t.Errorf("%s is no device any more", os.DevNull)
	}
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	if err := write(t, "/dev/full", "x"); err == nil || !strings.HasPrefix(err.Error(), "writing /dev/full: ") {
		t.Errorf("a full device took a report: %v", err)
	}
}
