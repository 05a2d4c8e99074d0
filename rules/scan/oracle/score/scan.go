package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A found is one finding, its file named as in the rows.
type found struct {
	file          string
	line, endLine int
	end           int   // line of the last step, when it lies in the same file
	path          []int // lines of all steps in the same file
	rules         []string
	class         string
	suppressed    bool
}

// A scanned is what one run of the program saw.
type scanned struct {
	findings []found
	broken   map[string]string // folder of a package that was not analysed -> reason
	failed   []string          // rules that did not end
}

// report is the part of a report that is read here.
type report struct {
	Findings []struct {
		Rule, Class string
		Also        []string
		Location    place
		Steps       []struct{ Location place }
		Suppressed  *json.RawMessage
	}
	Coverage struct {
		Gaps []struct {
			Subject, Reason string
			Location        place
		}
		Verifiers []struct{ Verifier, State, Reason string }
	}
}

type place struct {
	Path    string
	Line    int
	EndLine int `json:"end_line"`
}

// scan runs the program over one module folder. name turns a path below it into
// the name rows use.
func scan(ctx context.Context, bin, advisories, dir string, name func(string) string) (*scanned, error) {
	out, err := os.CreateTemp("", "score-*.json")
	if err != nil {
		return nil, err
	}
	out.Close()
	defer os.Remove(out.Name())
	args := []string{"scan", "--offline", "--no-cache", "--report", out.Name()}
	if advisories != "" {
		args = append(args, "--advisories", advisories)
	}
	cmd := exec.CommandContext(ctx, bin, append(args, dir)...)
	if _, err := os.Stat(filepath.Join(dir, "vendor", "modules.txt")); err == nil {
		// Before Go 1.14 a vendor folder had to be asked for.
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=vendor")
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1 && exit.ExitCode() != 3) {
		return nil, fmt.Errorf("scanning %s: %w: %s", dir, err, bytes.TrimSpace(stderr.Bytes()))
	}
	data, err := os.ReadFile(out.Name())
	if err != nil {
		return nil, err
	}
	var r report
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("reading the report on %s: %w", dir, err)
	}
	return r.read(name), nil
}

func (r *report) read(name func(string) string) *scanned {
	s := &scanned{broken: map[string]string{}}
	for _, f := range r.Findings {
		if f.Location.Path == "" || !strings.HasSuffix(f.Location.Path, ".go") {
			continue
		}
		x := found{file: name(f.Location.Path), line: f.Location.Line, endLine: max(f.Location.Line, f.Location.EndLine),
			rules: []string{f.Rule}, class: f.Class, suppressed: f.Suppressed != nil}
		for _, rule := range f.Also {
			// The path is the finding's own; another rule saw the place alone. Where
			// an import stands is not told.
			y := x
			y.rules = []string{rule}
			if imports(rule) {
				y.line, y.endLine = elsewhere, elsewhere
			}
			s.findings = append(s.findings, y)
		}
		if n := len(f.Steps); n > 0 && f.Steps[n-1].Location.Path == f.Location.Path {
			x.end = f.Steps[n-1].Location.Line
		}
		for _, step := range f.Steps {
			if step.Location.Path == f.Location.Path {
				x.path = append(x.path, step.Location.Line)
			}
		}
		s.findings = append(s.findings, x)
	}
	for _, g := range r.Coverage.Gaps {
		if strings.Contains(g.Reason, "functions call C") {
			continue // the rest of the package was analysed
		}
		at := "."
		if g.Location.Path != "" {
			at = path.Dir(g.Location.Path)
		} else if _, below, ok := strings.Cut(g.Subject, generated+"/"); ok {
			at = below
		}
		at = name(at)
		if s.broken[at] == "" {
			s.broken[at] = g.Reason
		}
	}
	for _, v := range r.Coverage.Verifiers {
		if v.State != "complete" && !strings.Contains(v.Verifier, "audit") && !strings.HasPrefix(v.Verifier, "run:") {
			s.failed = append(s.failed, v.Verifier+": "+v.Reason)
		}
	}
	return s
}

// elsewhere is the line of what stands somewhere in its package.
const elsewhere = -1

// imports reports whether a rule of gosec flags the import of a weak primitive,
// which staylisted tells with its use.
func imports(rule string) bool {
	switch rule {
	case "G501", "G502", "G503", "G505", "G506", "G507":
		return true
	}
	return false
}

// modules lists the folders below dir that hold a go.mod, outermost first,
// leaving vendor folders out.
func modules(dir string) ([]string, error) {
	var dirs []string
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "vendor":
			return filepath.SkipDir
		case d.Name() == "go.mod":
			dirs = append(dirs, filepath.Dir(p))
		}
		return nil
	})
	slices.Sort(dirs)
	return dirs, err
}
