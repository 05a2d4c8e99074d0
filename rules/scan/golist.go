package scan

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/modfile"
)

// goCommand runs the go command for one unit with the repository's own settings.
type goCommand struct {
	dir string // absolute
	env []string
}

// newGoCommand prepares the environment: what the caller has, without cgo's
// compilers being started (nothing is compiled) and, offline, without a proxy
// or toolchain download.
//
// In a workspace the go command keeps go.work.sum up to date, so it is given a
// copy of go.work in a folder of its own; done removes that.
func newGoCommand(root string, u *unit, base []string, offline bool) (g goCommand, done func(), err error) {
	if base == nil {
		base = os.Environ()
	}
	env := slices.Clone(base)
	if offline {
		env = append(env, "GOPROXY=off", "GOSUMDB=off", "GOVCS=*:off")
		if !slices.ContainsFunc(base, func(s string) bool { return strings.HasPrefix(s, "GOTOOLCHAIN=") && strings.HasSuffix(s, "path") }) {
			env = append(env, "GOTOOLCHAIN=local")
		}
	}
	dir := filepath.Join(root, filepath.FromSlash(u.dir))
	work, done := "off", func() {}
	if u.workspace {
		if work, done, err = copyWorkspace(dir); err != nil {
			return goCommand{}, nil, err
		}
	}
	env = append(env, "GOWORK="+work, "PWD="+dir)
	return goCommand{dir: dir, env: env}, done, nil
}

// copyWorkspace writes the go.work of dir, with absolute paths, and its
// checksums into a temporary folder.
func copyWorkspace(dir string) (name string, done func(), err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("copying go.work, so that the scan does not change its checksums: %w", err)
		}
	}()
	src, err := os.ReadFile(filepath.Join(dir, "go.work"))
	if err != nil {
		return "", nil, err
	}
	work, err := modfile.ParseWork("go.work", src, nil)
	if err != nil {
		return "", nil, err
	}
	absolute := func(path string) string {
		if filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(dir, filepath.FromSlash(path))
	}
	var uses []string
	for _, use := range work.Use {
		uses = append(uses, use.Path)
	}
	for _, path := range uses {
		if err := work.DropUse(path); err != nil {
			return "", nil, err
		}
		work.AddNewUse(absolute(path), "")
	}
	for _, r := range slices.Clone(work.Replace) {
		if modfile.IsDirectoryPath(r.New.Path) {
			if err := work.AddReplace(r.Old.Path, r.Old.Version, absolute(r.New.Path), ""); err != nil {
				return "", nil, err
			}
		}
	}
	work.Cleanup()
	tmp, err := os.MkdirTemp("", "staylisted-work-")
	if err != nil {
		return "", nil, err
	}
	done = func() { os.RemoveAll(tmp) }
	name = filepath.Join(tmp, "go.work")
	if err = os.WriteFile(name, modfile.Format(work.Syntax), 0o600); err == nil {
		var sums []byte
		if sums, err = os.ReadFile(filepath.Join(dir, "go.work.sum")); err == nil {
			err = os.WriteFile(filepath.Join(tmp, "go.work.sum"), sums, 0o600)
		} else if errors.Is(err, os.ErrNotExist) {
			err = nil
		}
	}
	if err != nil {
		done()
		return "", nil, err
	}
	return name, done, nil
}

// run starts the go command and hands its standard output to read while it
// runs. The error of a failed command is what it wrote on standard error.
func (g goCommand) run(ctx context.Context, read func(io.Reader) error, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = g.dir, g.env
	cmd.WaitDelay = 5 * time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return errors.New("the go command is not installed or not in PATH; install Go, the scan needs it to list packages")
		}
		return fmt.Errorf("starting the go command: %w", err)
	}
	readErr := read(out)
	if readErr != nil {
		io.Copy(io.Discard, out) // let the command end
	}
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		text := strings.TrimSpace(stderr.String())
		if text == "" {
			text = err.Error()
		}
		return errors.New(printable(text))
	case readErr != nil:
		return fmt.Errorf("reading what the go command printed: %w", readErr)
	}
	return nil
}

// goEnv is the part of `go env` that decides which packages and files there are.
type goEnv struct {
	GOVERSION, GOROOT, GOOS, GOARCH, CGO_ENABLED, GOFLAGS, GOEXPERIMENT, GOCACHE, GOMODCACHE string
}

// tags returns the build tags that GOFLAGS sets.
func (e goEnv) tags() []string {
	tags := []string{}
	for flag := range strings.FieldsSeq(e.GOFLAGS) {
		if list, ok := strings.CutPrefix(strings.TrimPrefix(flag, "-"), "-tags="); ok {
			tags = strings.Split(list, ",")
		} else if list, ok := strings.CutPrefix(flag, "-tags="); ok {
			tags = strings.Split(list, ",")
		}
	}
	return tags
}

func (g goCommand) environment(ctx context.Context) (goEnv, error) {
	var env goEnv
	err := g.run(ctx, func(r io.Reader) error { return json.NewDecoder(r).Decode(&env) },
		"env", "-json", "GOVERSION", "GOROOT", "GOOS", "GOARCH", "CGO_ENABLED", "GOFLAGS", "GOEXPERIMENT", "GOCACHE", "GOMODCACHE")
	return env, err
}

// withoutIndex keeps the go command from indexing every module folder first if
// its build cache is empty, as on a fresh runner: for one listing the index
// costs several times what it saves (measured; the setting is not documented,
// and a go command that does not know it ignores it).
func (g goCommand) withoutIndex(env goEnv) goCommand {
	if env.GOCACHE == "" || env.GOCACHE == "off" {
		return g
	}
	if entries, err := os.ReadDir(filepath.Join(env.GOCACHE, "00")); err == nil && len(entries) > 0 {
		return g
	}
	debug := "goindex=0"
	for _, v := range g.env {
		if old, ok := strings.CutPrefix(v, "GODEBUG="); ok && old != "" {
			debug = old + ",goindex=0"
		}
	}
	g.env = append(slices.Clone(g.env), "GODEBUG="+debug)
	return g
}

// A listed package is what `go list` says of it.
type listed struct {
	ImportPath     string
	Name           string
	Dir            string
	Standard       bool
	DepOnly        bool
	Incomplete     bool
	GoFiles        []string
	CgoFiles       []string
	IgnoredGoFiles []string
	InvalidGoFiles []string
	TestGoFiles    []string
	XTestGoFiles   []string
	SFiles         []string
	EmbedFiles     []string // asked for so that a missing one is an error
	Imports        []string
	ImportMap      map[string]string
	Module         *listedModule
	Error          *listedError
}

type listedModule struct {
	Path      string
	Version   string
	Main      bool
	Dir       string
	GoVersion string
	Replace   *listedModule
	Error     *struct{ Err string }
}

type listedError struct {
	ImportStack []string
	Pos         string
	Err         string
}

// list asks once for every package of the unit's modules and everything they
// import. Nothing is compiled and no export data is asked for.
func (g goCommand) list(ctx context.Context, u *unit, env goEnv, tags []string) ([]*listed, error) {
	args := []string{"list", "-e", "-deps", "-pgo=off", "-buildvcs=false",
		"-json=ImportPath,Name,Dir,Standard,DepOnly,Incomplete,GoFiles,CgoFiles,IgnoredGoFiles,InvalidGoFiles,TestGoFiles,XTestGoFiles,SFiles,EmbedFiles,Imports,ImportMap,Module,Error"}
	if strings.Contains(env.GOFLAGS, "-mod=mod") {
		args = append(args, "-mod=readonly") // a scan must not rewrite go.mod
	}
	if len(tags) > 0 {
		args = append(args, "-tags="+strings.Join(append(env.tags(), tags...), ","))
	}
	args = append(args, "--")
	for _, m := range u.modules {
		rel, err := filepath.Rel(filepath.FromSlash(u.dir), filepath.FromSlash(m.dir))
		if err != nil {
			return nil, err
		}
		if rel == "." {
			args = append(args, "./...")
		} else {
			args = append(args, "./"+filepath.ToSlash(rel)+"/...")
		}
	}
	var pkgs []*listed
	err := g.run(ctx, func(r io.Reader) error {
		for dec := json.NewDecoder(r); ; {
			p := new(listed)
			if err := dec.Decode(p); err == io.EOF {
				return nil
			} else if err != nil {
				return err
			}
			pkgs = append(pkgs, p)
		}
	}, args...)
	return pkgs, err
}
