package scan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// A cache keeps results on disk between runs, one file a key. What a key names
// never changes, so entries are only ever added or, when nobody has asked for
// them in a month, removed. A cache that cannot be read or written costs time
// and nothing else.
type cache struct {
	dir string // empty: no cache
}

// get reads the entry into v and reports whether there was a sound one.
func (c *cache) get(key string, v any) bool {
	if c.dir == "" {
		return false
	}
	name := c.file(key)
	data, err := os.ReadFile(name)
	if err != nil {
		return false
	}
	// The first line is a digest of the rest: a torn or edited entry is no entry.
	sum, body, ok := bytes.Cut(data, []byte("\n"))
	if !ok || string(sum) != digestOf(body) || json.Unmarshal(body, v) != nil {
		return false
	}
	now := time.Now()
	os.Chtimes(name, now, now) // keeps it from being removed as unused
	return true
}

// put writes the entry aside and renames it into place.
func (c *cache) put(key string, v any) {
	if c.dir == "" {
		return
	}
	body, err := json.Marshal(v)
	if err != nil {
		return
	}
	name := c.file(key)
	if os.MkdirAll(filepath.Dir(name), 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return
	}
	_, err = fmt.Fprintf(f, "%s\n%s", digestOf(body), body)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
}

func (c *cache) file(key string) string { return filepath.Join(c.dir, key[:2], key) }

// trim removes what nobody has asked for in a month. It looks at most once a
// day.
func (c *cache) trim(now time.Time) {
	if c.dir == "" {
		return
	}
	stamp := filepath.Join(c.dir, "trimmed")
	if info, err := os.Stat(stamp); err == nil && now.Sub(info.ModTime()) < 24*time.Hour {
		return
	}
	if os.WriteFile(stamp, nil, 0o600) != nil {
		return
	}
	os.Chtimes(stamp, now, now)
	filepath.WalkDir(c.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == stamp {
			return nil
		}
		if info, err := d.Info(); err == nil && now.Sub(info.ModTime()) > 30*24*time.Hour {
			os.Remove(name)
		}
		return nil
	})
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// keys computes the cache keys of one unit's packages.
//
// A package's result depends on the engine and its rules, the platform, its own
// files, and the types of what it imports. Types of released modules are named
// by the versions of all of them together, because a module's declarations may
// mention another's. Types of everything that can change under the same name
// (the unit's own packages, local replacements, vendored code) are named by a
// digest of their declarations, so that editing a function body invalidates
// only the package it stands in.
type keys struct {
	base       string // engine, rules, platform
	l          *loader
	signatures map[*pkg]string
}

// enginePack names everything in this binary, and in the policy file, that
// decides what is found.
func enginePack(verifiers, options []string) string {
	h := sha256.New()
	version := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
	}
	field(h, "engine 1", gosecVersion, runtime.Version(), version)
	if version == "(devel)" || strings.Contains(version, "+dirty") {
		// Two builds from a working tree have the same name and other rules.
		if name, err := os.Executable(); err == nil {
			if info, err := os.Stat(name); err == nil {
				field(h, fmt.Sprint(info.Size()), info.ModTime().UTC().Format(time.RFC3339Nano))
			}
		}
	}
	field(h, verifiers...)
	field(h, options...)
	return hex.EncodeToString(h.Sum(nil))
}

func newKeys(l *loader, pack string, env goEnv, tags []string) *keys {
	h := sha256.New()
	field(h, pack, env.GOVERSION, env.GOOS, env.GOARCH, env.CGO_ENABLED, env.GOEXPERIMENT, os.Getenv(gosecGoVersion))
	field(h, tags...)
	released := map[string]bool{}
	for _, p := range l.order {
		if p.released() {
			released[p.moduleVersion()] = true
		}
	}
	field(h, slices.Sorted(maps.Keys(released))...)
	return &keys{base: hex.EncodeToString(h.Sum(nil)), l: l, signatures: map[*pkg]string{}}
}

// field writes strings so that no two lists of them look the same.
func field(h hash.Hash, parts ...string) {
	fmt.Fprintf(h, "%d\n", len(parts))
	for _, p := range parts {
		fmt.Fprintf(h, "%d %s\n", len(p), p)
	}
}

// of returns the key of a main package; "" when a file cannot be read, and then
// nothing is cached.
func (k *keys) of(p *pkg) string {
	h := sha256.New()
	field(h, k.base, p.ImportPath, p.Name)
	if p.Module != nil {
		field(h, p.Module.GoVersion)
	}
	for _, base := range p.sources() {
		src, err := os.ReadFile(p.path(base))
		if err != nil {
			return ""
		}
		field(h, p.relative(base), digestOf(src))
	}
	k.imports(h, p)
	return hex.EncodeToString(h.Sum(nil))
}

// imports adds the signature of every import.
func (k *keys) imports(h hash.Hash, p *pkg) {
	for _, path := range slices.Sorted(slices.Values(p.Imports)) {
		q := k.l.pkgs[path]
		switch {
		case q == nil:
			field(h, path, "not found")
		case q.Standard:
			field(h, path) // the Go version is in the base
		default:
			field(h, path, k.signature(q))
		}
	}
}

// signature names a package's declarations.
func (k *keys) signature(p *pkg) string {
	if known, ok := k.signatures[p]; ok {
		return known
	}
	// Packages that import each other do not compile; they only must not keep
	// this from ending.
	k.signatures[p] = "import cycle"
	h := sha256.New()
	if p.listed.Error != nil {
		field(h, p.listed.Error.Err)
	}
	field(h, p.ImportPath, p.Name)
	if !p.released() {
		for _, base := range p.sources() {
			src, err := os.ReadFile(p.path(base))
			if err != nil {
				field(h, base, err.Error())
				continue
			}
			field(h, base, digestOf(cutBodies(src)))
		}
		k.imports(h, p)
	}
	sum := hex.EncodeToString(h.Sum(nil))
	k.signatures[p] = sum
	return sum
}

// released reports whether the package's files come from the module cache,
// where they cannot change under their module's version. Vendored and replaced
// code below the scanned folder can.
func (p *pkg) released() bool {
	if p.Standard || p.Module == nil || p.Module.Main || p.moduleVersion() == "" {
		return false
	}
	rel, err := filepath.Rel(p.root, p.Dir)
	return err != nil || !filepath.IsLocal(rel)
}

// moduleVersion returns "path@version" of what is built, "" without a version.
func (p *pkg) moduleVersion() string {
	m := p.Module
	if m.Replace != nil {
		m = m.Replace
	}
	if m.Version == "" {
		return ""
	}
	return m.Path + "@" + m.Version
}

// closureKey names the content of a set of packages and the questions asked of
// them.
func (k *keys) closureKey(pkgs []*pkg, questions []string) string {
	h := sha256.New()
	field(h, k.base, "reach 1")
	field(h, questions...)
	byPath := map[string]*pkg{}
	for _, p := range pkgs {
		byPath[p.ImportPath] = p
	}
	for _, path := range slices.Sorted(maps.Keys(byPath)) {
		p := byPath[path]
		if p.Standard {
			field(h, path)
			continue
		}
		if p.released() {
			field(h, path)
			continue
		}
		field(h, path)
		for _, base := range p.sources() {
			src, err := os.ReadFile(p.path(base))
			if err != nil {
				return ""
			}
			field(h, base, digestOf(src))
		}
		k.imports(h, p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// path returns the absolute name of one of the package's files.
func (p *pkg) path(base string) string {
	if filepath.IsAbs(base) {
		return base
	}
	return filepath.Join(p.Dir, base)
}

// relative returns the file's name below the scanned folder: it is part of what
// a result says.
func (p *pkg) relative(base string) string {
	rel, err := filepath.Rel(p.root, p.path(base))
	if err != nil {
		return base
	}
	return strings.ReplaceAll(rel, "\\", "/")
}
