// Package extract reads what the lockfiles of a repository name.
//
// # Contract
//
// [Read] finds the lockfiles and manifests of npm, PyPI, Maven, crates.io,
// RubyGems, Packagist and NuGet in a [tree.Tree] and returns every package of
// others they name, as [deps.Audit] takes it: name, version, scope, whether the
// repository names it itself, the licence where the lockfile says it, and the
// line. Go modules are not its business: the go command lists them.
//
//	tree ─► which files ─► osv-scalibr's extractor ─► names, versions, lines ─┐
//	            │        └► what the extractor leaves out ─► scope, licence ──┴► Inventory
//	            └► manifest without its lockfile, kind that is not read ─► gap
//
// The lockfile formats themselves are osv-scalibr's to read. What it does not
// say (which packages only tests need, which belong to the repository, what a
// lockfile says about licences) is read beside it, and what it leaves out
// without a word is a gap here. Maven's pom.xml is read with the library that
// osv-scalibr's extractor uses: the extractor itself links a gRPC client to
// registries, fifteen megabytes that an offline reader has no use for.
//
// # Promises
//
//   - A package that could be in the product and is not listed leaves a gap that
//     names the file and says what to commit. A manifest without a lockfile is
//     such a gap.
//   - What may be part of the product counts as production: a scope is "test" or
//     "tool" only where the files say so.
//   - Hostile files cost bounded time and memory. A file that is too large, too
//     deep or makes a reader panic is a gap; the others are read all the same.
//   - Equal trees give equal inventories in equal order.
//
// # What it never does
//
// It runs no command, opens no connection, and reads nothing outside the tree.
// The server never links it.
package extract

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/google/osv-scalibr/extractor"
	"github.com/google/osv-scalibr/extractor/filesystem"
	"github.com/google/osv-scalibr/log"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/deps"
	"github.com/staylisted/staylisted/rules/tree"
)

// Bounds of what is read.
const (
	maxLockfile = 16 << 20 // bytes of one file
	maxLine     = 60_000   // bytes of a line: line readers give up silently at 64 KiB
	maxDepth    = 500      // nested brackets of a TOML file, whose reader recurses
	maxPackages = 50_000   // of a tree
	maxText     = 300      // bytes of a name or version
)

// Options say what of a tree to read.
type Options struct {
	// LeaveOut reports folders, by one element of their path, whose files do not
	// count: documentation and tests. Nil leaves out none.
	LeaveOut func(element string) bool
}

// An Inventory is what the lockfiles of a tree name.
type Inventory struct {
	// Modules are the packages, ordered by manifest, ecosystem, name and version.
	Modules []deps.Module
	// Gaps are what could not be read or is not locked, ordered.
	Gaps []rules.Gap
	// Files are the lockfiles and manifests that were found, sorted.
	Files []string
	// Silent lists the files among Files whose packages' licences the file's
	// format has no place for.
	Silent []string
}

// Ecosystems lists the ecosystems of the packages, sorted.
func (inv *Inventory) Ecosystems() []string {
	var list []string
	for i := range inv.Modules {
		list = append(list, inv.Modules[i].Ecosystem)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// A kind is one format of lockfile.
type kind struct {
	ecosystem string // empty: each package says its own
	// named reports whether a file is of the kind.
	named func(name string) bool
	// read returns the packages of the file. What is odd about it is reported to
	// the reader; an error means that the file says nothing usable.
	read func(r *reader, f *file) ([]deps.Module, error)
	// licensed says that the format has a place for licences.
	licensed bool
}

// base is the usual way to know a file: by its name.
func base(names ...string) func(string) bool {
	return func(name string) bool { return slices.Contains(names, path.Base(name)) }
}

// kinds lists the formats that are read.
func kinds() []kind {
	return []kind{
		{deps.Npm, base("package-lock.json", "npm-shrinkwrap.json"), readPackageLock, true},
		{deps.Npm, base("pnpm-lock.yaml"), readPnpm, false},
		{deps.Npm, base("yarn.lock"), readYarn, false},
		{deps.PyPI, base("poetry.lock"), readPoetry, false},
		{deps.PyPI, base("uv.lock"), readUV, false},
		{deps.PyPI, base("Pipfile.lock"), readPipfile, false},
		{deps.PyPI, isRequirements, readRequirements, false},
		{deps.Maven, base("pom.xml"), readPOM, false},
		{deps.Maven, base("gradle.lockfile", "buildscript-gradle.lockfile"), readGradle, false},
		{deps.Crates, base("Cargo.lock"), readCargo, false},
		{deps.RubyGems, base("Gemfile.lock", "gems.locked"), readGemfile, false},
		{deps.Packagist, base("composer.lock"), readComposer, true},
		{deps.NuGet, base("packages.lock.json"), readNuGet, false},
		{deps.NuGet, base("packages.config"), readPackagesConfig, false},
		{"", isBOM, readBOM, true},
	}
}

// unread names lockfiles that are known and not read, and what to commit
// instead.
var unread = map[string]string{
	"bun.lock":            "commit a package-lock.json as well (`npm install --package-lock-only`)",
	"bun.lockb":           "commit a package-lock.json as well (`npm install --package-lock-only`)",
	"deno.lock":           "commit a package-lock.json as well",
	"pdm.lock":            "commit a requirements.txt as well (`pdm export --with-hashes`)",
	"pylock.toml":         "commit a requirements.txt with hashes as well",
	"conda-lock.yml":      "commit a requirements.txt with hashes as well",
	"paket.lock":          "commit a packages.lock.json as well",
	"project.assets.json": "commit a packages.lock.json instead",
	"mix.lock":            "state in an attestation how these packages are checked",
	"pubspec.lock":        "state in an attestation how these packages are checked",
	"Package.resolved":    "state in an attestation how these packages are checked",
	"Podfile.lock":        "state in an attestation how these packages are checked",
	"conan.lock":          "state in an attestation how these packages are checked",
	"Manifest.toml":       "state in an attestation how these packages are checked",
}

// silence keeps osv-scalibr from writing to standard error, where text of the
// repository would reach a terminal as it is.
var silence = sync.OnceFunc(func() { log.SetLogger(quiet{}) })

// Read reads the lockfiles and manifests of a tree. When ctx ends early the
// inventory says that it is not whole.
func Read(ctx context.Context, t *tree.Tree, opts Options) *Inventory {
	silence()
	r := &reader{ctx: ctx, tree: t, inv: &Inventory{}, has: map[string]bool{}}
	for _, name := range t.Names() {
		if opts.LeaveOut != nil && slices.ContainsFunc(strings.Split(path.Dir(name), "/"), opts.LeaveOut) {
			continue
		}
		r.names = append(r.names, name)
		r.has[name] = true
	}
	all := kinds()
	for _, name := range r.names {
		if ctx.Err() != nil {
			r.gap(name, 0, "reading lockfiles was interrupted")
			break
		}
		for i := range all {
			if all[i].named(name) {
				r.lockfile(&all[i], name)
			}
		}
		if advice, ok := unread[path.Base(name)]; ok && (path.Base(name) != "Manifest.toml" || r.has[path.Join(path.Dir(name), "Project.toml")]) {
			r.inv.Files = append(r.inv.Files, name)
			r.gap(name, 0, "is a lockfile of a kind that is not read, so its packages are not checked; "+advice)
		}
	}
	for _, name := range t.Missing() {
		if slices.ContainsFunc(all, func(k kind) bool { return k.named(name) }) &&
			(opts.LeaveOut == nil || !slices.ContainsFunc(strings.Split(path.Dir(name), "/"), opts.LeaveOut)) {
			r.gap(name, 0, "is in the commit and not in the folder")
		}
	}
	r.manifests()
	return r.finish()
}

// reader is the state of one Read.
type reader struct {
	ctx   context.Context
	tree  *tree.Tree
	names []string // sorted, those left out are not in it
	has   map[string]bool
	inv   *Inventory
	full  bool             // there are more than maxPackages
	built map[string]bool  // artifacts the repository's pom.xml files build
	boms  map[string]*sbom // by file; nil for one that could not be read
	nodes map[string]bool  // names of the package.json files of the repository
}

// A file is a lockfile that is being read.
type file struct {
	name, dir string
	data      []byte
}

// beside returns the name of a file in the same folder.
func (f *file) beside(name string) string { return path.Join(f.dir, name) }

func (r *reader) gap(name string, line int, reason string) {
	r.inv.Gaps = append(r.inv.Gaps, rules.Gap{Subject: printable(name), Reason: reason, Location: rules.Location{Path: printable(name), Line: line}})
}

// open returns a file's content, or nil with a gap.
func (r *reader) open(name string) []byte {
	data, err := r.tree.Read(name, maxLockfile)
	if errors.Is(err, tree.ErrTooLarge) {
		r.gap(name, 0, fmt.Sprintf("is larger than %d bytes, so its packages are not known", maxLockfile))
		return nil
	}
	if err != nil {
		r.gap(name, 0, "cannot be read: "+printable(err.Error()))
		return nil
	}
	return data
}

// lockfile reads one file and takes its packages in.
func (r *reader) lockfile(k *kind, name string) {
	r.inv.Files = append(r.inv.Files, name)
	data := r.open(name)
	if data == nil {
		return
	}
	f := &file{name: name, dir: path.Dir(name), data: data}
	var list []deps.Module
	err := contain(func() (err error) {
		list, err = k.read(r, f)
		return err
	})
	if err != nil {
		r.gap(name, 0, "cannot be read: "+printable(err.Error())+"; its packages are not known")
	}
	found := false
	for _, m := range list {
		if len(r.inv.Modules) >= maxPackages {
			if !r.full {
				r.gap(name, 0, fmt.Sprintf("more than %d packages are locked; the rest is not checked", maxPackages))
			}
			r.full = true
			break
		}
		m.Path, m.Version = printable(m.Path), printable(m.Version)
		if m.Path == "" {
			continue
		}
		m.Ecosystem, m.Manifest = cmp.Or(k.ecosystem, m.Ecosystem), name
		m.Location.Path = name
		m.Scope, m.Licence = cmp.Or(m.Scope, "production"), cmp.Or(m.Licence, deps.NoAssertion)
		r.inv.Modules = append(r.inv.Modules, m)
		found = true
	}
	if found && !k.licensed {
		r.inv.Silent = append(r.inv.Silent, name)
	}
}

// contain turns a panic of a library into an error.
func contain(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("its reader gave up (%.100s)", printable(fmt.Sprint(p)))
		}
	}()
	return do()
}

// finish orders what was found.
func (r *reader) finish() *Inventory {
	inv := r.inv
	r.fillLicences()
	slices.SortFunc(inv.Modules, func(a, b deps.Module) int {
		return cmp.Or(cmp.Compare(a.Manifest, b.Manifest), cmp.Compare(a.Ecosystem, b.Ecosystem), cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Version, b.Version), cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Location.Line, b.Location.Line))
	})
	// One package a manifest; what ships once ships.
	inv.Modules = slices.CompactFunc(inv.Modules, func(a, b deps.Module) bool {
		return a.Manifest == b.Manifest && a.Path == b.Path && a.Version == b.Version
	})
	slices.SortFunc(inv.Gaps, func(a, b rules.Gap) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Location.Line, b.Location.Line), cmp.Compare(a.Reason, b.Reason))
	})
	inv.Gaps = slices.Compact(inv.Gaps)
	slices.Sort(inv.Files)
	inv.Files = slices.Compact(inv.Files)
	slices.Sort(inv.Silent)
	return inv
}

// A found package is what an extractor says of it.
type found struct {
	name, version string
	line          int
	pkg           *extractor.Package
}

// run hands a file to one of osv-scalibr's extractors.
func (r *reader) run(e filesystem.Extractor, name string, data []byte) ([]found, error) {
	ctx, stop := context.WithTimeout(r.ctx, 30*time.Second)
	defer stop()
	out, err := e.Extract(ctx, &filesystem.ScanInput{
		FS: treeFS{r.tree}, Path: name, Reader: bytes.NewReader(data), Info: info{path.Base(name), int64(len(data))},
	})
	list := make([]found, 0, len(out.Packages))
	for _, p := range out.Packages {
		f := found{name: p.Name, version: p.Version, pkg: p}
		if d := p.Location.Descriptor; d != nil && d.File != nil {
			f.line = d.File.LineNumber
		}
		list = append(list, f)
	}
	return list, err
}

// lines refuses a file with a line that line readers would stop at without a
// word.
func lines(data []byte) error {
	for line := range bytes.Lines(data) {
		if len(line) > maxLine {
			return fmt.Errorf("it has a line of more than %d bytes", maxLine)
		}
	}
	return nil
}

// shallow refuses a file whose brackets are nested deeper than any honest one's:
// the reader of TOML recurses, and a stack that overflows cannot be recovered.
// Brackets in strings count as well.
func shallow(data []byte) error {
	depth := 0
	for _, c := range data {
		switch c {
		case '[', '{':
			if depth++; depth > maxDepth {
				return fmt.Errorf("it is nested deeper than %d levels", maxDepth)
			}
		case ']', '}':
			depth = max(0, depth-1)
		}
	}
	return nil
}

// printable makes text of the repository fit for a message or a report: no
// control, format or bidirectional characters and a bounded length.
func printable(s string) string {
	s = strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) || unicode.Is(unicode.Cf, c) || c == unicode.ReplacementChar {
			return -1
		}
		return c
	}, s)
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "") + "…"
	}
	return s
}

// treeFS is a tree as osv-scalibr reads one.
type treeFS struct{ tree *tree.Tree }

func (t treeFS) Open(name string) (fs.File, error) {
	data, err := t.tree.Read(name, maxLockfile)
	if err != nil {
		return nil, err
	}
	return &memory{bytes.NewReader(data), info{path.Base(name), int64(len(data))}}, nil
}

func (t treeFS) Stat(name string) (fs.FileInfo, error) {
	f, err := t.Open(name)
	if err != nil {
		return nil, err
	}
	return f.Stat()
}

func (t treeFS) ReadDir(name string) ([]fs.DirEntry, error) {
	return nil, &fs.PathError{Op: "readdir", Path: name, Err: errors.ErrUnsupported}
}

type memory struct {
	*bytes.Reader
	info info
}

func (m *memory) Stat() (fs.FileInfo, error) { return m.info, nil }
func (m *memory) Close() error               { return nil }

type info struct {
	name string
	size int64
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return 0o444 }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return false }
func (i info) Sys() any           { return nil }

// quiet is a logger that says nothing.
type quiet struct{}

func (quiet) Errorf(string, ...any) {}
func (quiet) Error(...any)          {}
func (quiet) Warnf(string, ...any)  {}
func (quiet) Warn(...any)           {}
func (quiet) Infof(string, ...any)  {}
func (quiet) Info(...any)           {}
func (quiet) Debugf(string, ...any) {}
func (quiet) Debug(...any)          {}
