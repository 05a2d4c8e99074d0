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
)

// goCommand runs the go command for one unit with the repository's own settings.
type goCommand struct {
	dir       string // absolute
	env       []string
	workspace bool
}

// newGoCommand prepares the environment: what the caller has, without cgo's
// compilers being started (nothing is compiled) and, offline, without a proxy
// or toolchain download.
func newGoCommand(root string, u *unit, base []string, offline bool) goCommand {
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
	if !u.workspace {
		env = append(env, "GOWORK=off")
	}
	dir := filepath.Join(root, filepath.FromSlash(u.dir))
	return goCommand{dir: dir, env: append(env, "PWD="+dir), workspace: u.workspace}
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
	GOVERSION, GOROOT, GOOS, GOARCH, CGO_ENABLED, GOFLAGS, GOEXPERIMENT, GOCACHE string
}

func (g goCommand) environment(ctx context.Context) (goEnv, error) {
	var env goEnv
	err := g.run(ctx, func(r io.Reader) error { return json.NewDecoder(r).Decode(&env) },
		"env", "-json", "GOVERSION", "GOROOT", "GOOS", "GOARCH", "CGO_ENABLED", "GOFLAGS", "GOEXPERIMENT", "GOCACHE")
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
		"-json=ImportPath,Name,Dir,Standard,DepOnly,Incomplete,GoFiles,CgoFiles,IgnoredGoFiles,InvalidGoFiles,TestGoFiles,XTestGoFiles,SFiles,Imports,ImportMap,Module,Error"}
	if strings.Contains(env.GOFLAGS, "-mod=mod") {
		args = append(args, "-mod=readonly") // a scan must not rewrite go.mod
	}
	if len(tags) > 0 {
		args = append(args, "-tags="+strings.Join(tags, ","))
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
