package oracle

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"golang.org/x/vuln/scan"
)

// frame is the part of govulncheck's JSON frame that is read here.
type frame struct {
	Module   string `json:"module"`
	Version  string `json:"version"`
	Package  string `json:"package"`
	Function string `json:"function"`
	Receiver string `json:"receiver"`
	Position *struct {
		Filename string `json:"filename"`
		Line     int    `json:"line"`
	} `json:"position"`
}

// message is the part of govulncheck's JSON stream that is read here.
type message struct {
	Finding *struct {
		OSV   string  `json:"osv"`
		Trace []frame `json:"trace"`
	} `json:"finding"`
}

// An Advisory is what govulncheck says of one vulnerability.
type Advisory struct {
	ID string `json:"id"`
	// Level is the strongest one found: "called", "imported" or "required".
	Level    string   `json:"level"`
	Module   string   `json:"module"`
	Version  string   `json:"version,omitempty"`
	Packages []string `json:"packages,omitempty"` // imported vulnerable packages
	Symbols  []string `json:"symbols,omitempty"`  // reached, as path.Func or path.Type.Method
	Trace    []string `json:"trace,omitempty"`    // one call stack, entry first
}

// A Scan is one run of govulncheck.
type Scan struct {
	DB        string // URL of a vulnerability database, file:// or https://
	Dir       string // module directory
	Tags      string // comma separated build tags
	GoVersion string // pretended version of the standard library, "go1.24.1"; empty for the real one
	Patterns  []string
}

// Vulnerabilities runs govulncheck in this process and returns one advisory an
// id, sorted. What govulncheck has to say to people goes to stderr.
func Vulnerabilities(ctx context.Context, stderr io.Writer, s Scan) ([]Advisory, error) {
	args := []string{"-C", s.Dir, "-db", s.DB, "-format", "json"}
	if s.Tags != "" {
		args = append(args, "-tags", s.Tags)
	}
	var out bytes.Buffer
	cmd := scan.Command(ctx, append(args, s.Patterns...)...)
	if s.GoVersion != "" {
		cmd.Env = append(os.Environ(), "GOVERSION="+s.GoVersion)
	}
	cmd.Stdout, cmd.Stderr = &out, stderr
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting govulncheck: %w", err)
	}
	// With -format json findings do not set an exit code, so any error means
	// that the scan did not finish.
	if err := cmd.Wait(); err != nil {
		return nil, fmt.Errorf("govulncheck: %w", err)
	}
	advisories, err := fold(&out)
	if err != nil {
		return nil, fmt.Errorf("reading govulncheck's JSON: %w", err)
	}
	return advisories, nil
}

// fold reads a govulncheck JSON stream and returns one Advisory an id, sorted.
func fold(r io.Reader) ([]Advisory, error) {
	byID := make(map[string]*Advisory)
	dec := json.NewDecoder(r)
	for {
		var m message
		if err := dec.Decode(&m); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		f := m.Finding
		if f == nil || len(f.Trace) == 0 {
			continue
		}
		sink := f.Trace[0]
		a := byID[f.OSV]
		if a == nil {
			a = &Advisory{ID: f.OSV, Level: "required", Module: sink.Module, Version: sink.Version}
			byID[f.OSV] = a
		}
		if sink.Package != "" {
			a.Packages = append(a.Packages, sink.Package)
			if a.Level == "required" {
				a.Level = "imported"
			}
		}
		if sink.Function != "" {
			a.Level = "called"
			a.Symbols = append(a.Symbols, sink.Package+"."+symbol(sink))
			trace := render(f.Trace)
			// One stack is enough, and which one must not depend on the
			// order of the stream.
			if a.Trace == nil || len(trace) < len(a.Trace) || len(trace) == len(a.Trace) && slices.Compare(trace, a.Trace) < 0 {
				a.Trace = trace
			}
		}
	}
	var all []Advisory
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		a := byID[id]
		a.Packages = sortedSet(a.Packages)
		a.Symbols = sortedSet(a.Symbols)
		all = append(all, *a)
	}
	return all, nil
}

// symbol is the name vulnerability databases use: Func or Type.Method, without
// pointers and type arguments.
func symbol(f frame) string {
	function, _, _ := strings.Cut(f.Function, "[")
	if f.Receiver == "" {
		return function
	}
	receiver, _, _ := strings.Cut(strings.TrimPrefix(f.Receiver, "*"), "[")
	return receiver + "." + function
}

// render writes a stack entry first, each frame with the place of its call.
func render(trace []frame) []string {
	lines := make([]string, 0, len(trace))
	for _, f := range slices.Backward(trace) {
		line := f.Package + "." + symbol(f)
		if f.Position != nil && f.Position.Line > 0 {
			line += fmt.Sprintf(" %s:%d", f.Position.Filename, f.Position.Line)
		}
		lines = append(lines, line)
	}
	return lines
}

func sortedSet(s []string) []string {
	slices.Sort(s)
	return slices.Compact(s)
}
