package scan

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/mod/modfile"

	"github.com/staylisted/staylisted/rules"
)

// A walk is what a walk over the scanned directory found.
type walk struct {
	root    string // absolute, symbolic links resolved
	modules []*module
	units   []*unit
	goFiles []string // slash-separated, relative; vendored ones left out
	files   []string // every other regular file, likewise
	all     []string // every regular file
	skipped map[string][]string
	gaps    []rules.Gap
}

// A module is one go.mod below the root.
type module struct {
	dir       string // relative, "." for the root
	path      string
	goVersion string // go directive, "1.21" when missing as the go command assumes an old one
	toolchain string
	file      *modfile.File
	vendored  bool
}

// ignores reports whether the module's go.mod tells the go command to ignore the
// folder of a file (https://go.dev/ref/mod#go-mod-file-ignore).
func (m *module) ignores(rel string) bool {
	if m == nil || m.file == nil {
		return false
	}
	inside := rel
	if m.dir != "." {
		inside = strings.TrimPrefix(rel, m.dir+"/")
	}
	for _, ignore := range m.file.Ignore {
		folder, rooted := strings.CutPrefix(ignore.Path, "./")
		if strings.HasPrefix(inside, folder+"/") || !rooted && strings.Contains("/"+inside, "/"+folder+"/") {
			return true
		}
	}
	return false
}

// A unit is what one run of the go command lists: a workspace with the modules
// it uses, or one module of its own.
type unit struct {
	dir       string // relative
	workspace bool
	modules   []*module
}

// discover walks root without following symbolic links. A folder or file that
// cannot be read is a gap, never an error; err is set only when the root itself
// cannot be read or ctx ends.
func discover(ctx context.Context, root string) (*walk, error) {
	abs, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("finding the absolute path of %s: %w", root, err)
	}
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return nil, fmt.Errorf("opening the folder to scan: %w", err)
	}
	info, err := os.Stat(abs)
	if err != nil {
		return nil, fmt.Errorf("opening the folder to scan: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is not a folder; name the folder that holds the repository", root)
	}
	t := &walk{root: abs, skipped: map[string][]string{}}
	var works []string
	err = filepath.WalkDir(abs, func(name string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		rel, relErr := filepath.Rel(abs, name)
		if relErr != nil {
			return relErr
		}
		rel = filepath.ToSlash(rel)
		if err != nil {
			if rel == "." {
				return err
			}
			t.gap(rel, fmt.Sprintf("cannot be read: %v; give the scan read access or remove it", errors.Unwrap(err)))
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		base := d.Name()
		if d.Type().IsRegular() {
			t.all = append(t.all, rel)
		}
		switch {
		case d.IsDir():
			if rel != "." && leftOut(name) {
				if base == "vendor" || base == "node_modules" {
					t.skip("vendored code, looked at as a dependency", rel+"/")
				}
				return fs.SkipDir
			}
		case d.Type()&fs.ModeSymlink != 0:
			switch {
			case strings.HasSuffix(base, ".go"):
				t.symlink(rel)
			case base == "go.mod":
				t.module(rel)
			case base == "go.work":
				works = append(works, rel)
			default:
				t.skip("symbolic link, not followed", rel)
			}
		case !d.Type().IsRegular():
			t.skip("not a regular file", rel)
		case base == "go.mod":
			t.module(rel)
		case base == "go.work":
			works = append(works, rel)
		case strings.HasSuffix(base, ".go"):
			t.goFile(rel)
		default:
			t.files = append(t.files, rel)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", root, err)
	}
	t.plan(works)
	return t, nil
}

// leftOut reports whether a folder never holds code that is shipped from this
// repository: version control, package managers' folders, and the vendor folder
// of a module. Any other folder may be called vendor.
func leftOut(name string) bool {
	switch filepath.Base(name) {
	case ".git", ".hg", ".svn", "node_modules":
		return true
	case "vendor":
		_, list := os.Lstat(filepath.Join(name, "modules.txt"))
		_, module := os.Lstat(filepath.Join(filepath.Dir(name), "go.mod"))
		_, work := os.Lstat(filepath.Join(filepath.Dir(name), "go.work"))
		return list == nil && (module == nil || work == nil)
	}
	return false
}

// ignoredByGo reports whether the go command leaves a path out of "./..." for a
// folder's name.
func ignoredByGo(rel string) bool {
	for elem := range strings.SplitSeq(path.Dir(rel), "/") {
		if elem == "testdata" || elem == "vendor" || elem != "." && (strings.HasPrefix(elem, ".") || strings.HasPrefix(elem, "_")) {
			return true
		}
	}
	return false
}

// fixture reports whether a path is below a testdata folder: modules there are
// input of tests, not code that is shipped.
func fixture(rel string) bool {
	return slices.Contains(strings.Split(path.Dir(rel), "/"), "testdata")
}

func (t *walk) gap(subject, reason string) {
	t.gaps = append(t.gaps, rules.Gap{Subject: printable(subject), Reason: reason, Location: rules.Location{Path: printable(subject)}})
}

func (t *walk) skip(reason, rel string) {
	t.skipped[reason] = append(t.skipped[reason], printable(rel))
}

func (t *walk) goFile(rel string) {
	switch {
	case strings.HasPrefix(path.Base(rel), "_") || strings.HasPrefix(path.Base(rel), "."):
		t.skip("a name that the go command ignores", rel)
	case !utf8.ValidString(rel):
		t.gap(rel, "the name is not valid UTF-8, which the go command does not build; rename the file")
	default:
		t.goFiles = append(t.goFiles, rel)
	}
}

// symlink takes a Go file that is a link: the go command builds it when it
// leads to a regular file.
func (t *walk) symlink(rel string) {
	info, err := os.Stat(filepath.Join(t.root, filepath.FromSlash(rel)))
	switch {
	case err != nil:
		t.gap(rel, "a symbolic link that leads nowhere; remove it")
	case info.Mode().IsRegular():
		t.goFile(rel)
	default:
		t.skip("symbolic link, not followed", rel)
	}
}

func (t *walk) module(rel string) {
	if fixture(rel) {
		t.skip("a module below testdata, input of tests", rel)
		return
	}
	dir := path.Dir(rel)
	src, err := os.ReadFile(filepath.Join(t.root, filepath.FromSlash(rel)))
	if err != nil {
		t.gap(rel, fmt.Sprintf("cannot be read: %v", errors.Unwrap(err)))
		return
	}
	m := &module{dir: dir, goVersion: "1.16"}
	m.file, err = modfile.ParseLax(rel, src, nil)
	if err != nil || m.file.Module == nil {
		reason := "it names no module"
		if err != nil {
			reason = err.Error()
		}
		t.gap(rel, "not a valid go.mod: "+printable(reason))
		return
	}
	// ParseLax leaves out directives that only main modules have.
	if f, err := modfile.Parse(rel, src, nil); err == nil {
		m.file = f
	}
	m.path = m.file.Module.Mod.Path
	if m.file.Go != nil {
		m.goVersion = m.file.Go.Version
	}
	if m.file.Toolchain != nil {
		m.toolchain = m.file.Toolchain.Name
	}
	info, err := os.Stat(filepath.Join(t.root, filepath.FromSlash(dir), "vendor", "modules.txt"))
	m.vendored = err == nil && info.Mode().IsRegular()
	t.modules = append(t.modules, m)
}

// plan groups the modules into units. A module that a workspace uses belongs to
// it; of nested workspaces the outermost wins, as it does for a person who
// builds at the top.
func (t *walk) plan(works []string) {
	slices.SortFunc(t.modules, func(a, b *module) int { return strings.Compare(a.dir, b.dir) })
	slices.Sort(works)
	taken := map[*module]bool{}
	for _, rel := range works {
		if fixture(rel) {
			continue
		}
		src, err := os.ReadFile(filepath.Join(t.root, filepath.FromSlash(rel)))
		var work *modfile.WorkFile
		if err == nil {
			work, err = modfile.ParseWork(rel, src, nil)
		}
		if err != nil {
			t.gap(rel, "not a valid go.work: "+printable(err.Error()))
			continue
		}
		u := &unit{dir: path.Dir(rel), workspace: true}
		for _, use := range work.Use {
			dir := path.Join(u.dir, filepath.ToSlash(use.Path))
			i := slices.IndexFunc(t.modules, func(m *module) bool { return m.dir == dir })
			switch {
			case i < 0:
				t.gap(rel, fmt.Sprintf("uses %s, where no readable go.mod is; correct the use directive", printable(use.Path)))
			case !taken[t.modules[i]]:
				taken[t.modules[i]] = true
				u.modules = append(u.modules, t.modules[i])
			}
		}
		if len(u.modules) > 0 {
			t.units = append(t.units, u)
		}
	}
	for _, m := range t.modules {
		if !taken[m] {
			t.units = append(t.units, &unit{dir: m.dir, modules: []*module{m}})
		}
	}
	slices.SortFunc(t.units, func(a, b *unit) int { return strings.Compare(a.dir, b.dir) })
	// What the go command ignores depends on the module a file is in: a module
	// of its own may live in a folder with any name.
	t.goFiles = slices.DeleteFunc(t.goFiles, func(rel string) bool {
		inside := rel
		if m := t.owner(rel); m != nil && m.dir != "." {
			inside = strings.TrimPrefix(rel, m.dir+"/")
		}
		if fixture(rel) || ignoredByGo(inside) {
			t.skip("in a folder that the go command ignores (testdata, vendor, or a name that begins with . or _)", rel)
			return true
		}
		return false
	})
	slices.Sort(t.goFiles)
	slices.Sort(t.files)
}

// owner returns the innermost module whose folder holds rel, nil when none does.
func (t *walk) owner(rel string) *module {
	var best *module
	for _, m := range t.modules {
		if (m.dir == "." || rel == m.dir || strings.HasPrefix(rel, m.dir+"/")) && (best == nil || len(m.dir) > len(best.dir) || best.dir == ".") {
			best = m
		}
	}
	return best
}

// printable makes a path or message from the repository safe to keep as text:
// valid UTF-8 without control characters.
func printable(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, control) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if control(r) {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// control reports characters that could drive a terminal or reorder text.
func control(r rune) bool {
	return r < 0x20 && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 ||
		r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f
}
