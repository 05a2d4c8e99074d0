package evidence

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func TestFind(t *testing.T) {
	const src = "version: 1\n"
	file := &fstest.MapFile{Data: []byte(src)}
	for _, c := range []struct {
		name string
		fsys fstest.MapFS
		path string
		err  string
	}{
		{"empty", fstest.MapFS{}, "", ""},
		{"no policy", fstest.MapFS{".github/workflows/ci.yml": file}, "", ""},
		{".github is a file", fstest.MapFS{".github": file}, "", ""},
		{"yml", fstest.MapFS{PolicyPath: file}, PolicyPath, ""},
		{"yaml", fstest.MapFS{PolicyPathAlt: file}, PolicyPathAlt, ""},
		{"both", fstest.MapFS{PolicyPath: file, PolicyPathAlt: file}, "", "both .github/staylisted.yml and .github/staylisted.yaml exist; keep one of them"},
		{"folder", fstest.MapFS{PolicyPath + "/x": file}, "", "the policy .github/staylisted.yml is not a regular file"},
		{"link", fstest.MapFS{PolicyPath: {Data: []byte("../x"), Mode: fs.ModeSymlink}}, "", "links are not followed"},
		{"link beside a file", fstest.MapFS{PolicyPathAlt: {Data: []byte("../x"), Mode: fs.ModeSymlink}, PolicyPath: file}, "", "links are not followed"},
		{"linked folder", fstest.MapFS{".github": {Data: []byte("x"), Mode: fs.ModeSymlink}, "x/staylisted.yml": file}, "", ".github is a symbolic link"},
	} {
		name, got, ok, err := Find(c.fsys)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) || ok {
				t.Errorf("%s: error %v, want %q", c.name, err, c.err)
			}
			continue
		}
		if err != nil || name != c.path || ok != (c.path != "") || ok && string(got) != src {
			t.Errorf("%s: %q %q %v %v", c.name, name, got, ok, err)
		}
	}
}

// failing is a tree that answers one path with an error.
type failing struct {
	fstest.MapFS
	path   string
	lstat  error
	open   error
	broken bool // reading fails half-way
}

func (f failing) Lstat(name string) (fs.FileInfo, error) {
	if name == f.path && f.lstat != nil {
		return nil, f.lstat
	}
	return f.MapFS.Lstat(name)
}

func (f failing) ReadLink(name string) (string, error) { return f.MapFS.ReadLink(name) }

func (f failing) Open(name string) (fs.File, error) {
	if name == f.path && f.open != nil {
		return nil, f.open
	}
	file, err := f.MapFS.Open(name)
	if f.broken {
		return brokenFile{file}, err
	}
	return file, err
}

type brokenFile struct{ fs.File }

func (brokenFile) Read([]byte) (int, error) { return 0, errors.New("disk gone") }

// A policy that cannot be read must never pass for one that is not there.
func TestFindUnreadable(t *testing.T) {
	tree := fstest.MapFS{PolicyPath: &fstest.MapFile{Data: []byte("version: 1\n")}}
	for _, c := range []struct {
		name string
		fsys fs.FS
	}{
		{"folder", failing{MapFS: tree, path: ".github", lstat: fs.ErrPermission}},
		{"file", failing{MapFS: tree, path: PolicyPath, lstat: fs.ErrPermission}},
		{"other name", failing{MapFS: tree, path: PolicyPathAlt, lstat: fs.ErrPermission}},
		{"open", failing{MapFS: tree, path: PolicyPath, open: fs.ErrPermission}},
		{"open, gone", failing{MapFS: tree, path: PolicyPath, open: fs.ErrNotExist}},
		{"read", failing{MapFS: tree, broken: true}},
	} {
		if name, src, ok, err := Find(c.fsys); err == nil || ok || name != "" || src != nil {
			t.Errorf("%s: %q %q %v %v", c.name, name, src, ok, err)
		}
	}
}

func TestFindOnDisk(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(dir+"/.github", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/outside.yml", []byte("version: 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../outside.yml", dir+"/"+PolicyPath); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if _, _, ok, err := Find(os.DirFS(dir)); err == nil || ok {
		t.Errorf("a linked policy was followed: %v %v", ok, err)
	}
	if err := os.Remove(dir + "/" + PolicyPath); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/"+PolicyPath, make([]byte, 2*MaxSize), 0o644); err != nil {
		t.Fatal(err)
	}
	_, src, ok, err := Find(os.DirFS(dir))
	if err != nil || !ok || len(src) != MaxSize+1 {
		t.Errorf("%d bytes, %v, %v", len(src), ok, err)
	}
}
