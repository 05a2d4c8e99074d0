// Command gosecoracle prints what gosec v2.30.0 finds in one module.
//
//	gosecoracle [-C dir] [-tags list] [pattern ...]
//
// It is gosec's own command without its reports: the directories of the
// patterns (default ./...) as gosec.PackagePaths lists them with the command's
// default exclusions, then one Analyzer.Process over them. The differences
// from running `gosec` are deliberate: "#nosec" comments are ignored
// (suppression is the scanner's reader's business, not the scanner's), and
// nothing is filtered by severity.
//
// Standard output has one JSON object a finding, sorted, duplicates kept:
//
//	{"rule","file","line","column","severity","confidence","details"}
//
// line is what gosec reports, a number or a range such as "10-12". Load and
// type errors go to standard error, one JSON object each, and leave exit code
// 0; a program that could not run at all exits 1.
package main

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/securego/gosec/v2"
	"github.com/securego/gosec/v2/analyzers"
	"github.com/securego/gosec/v2/issue"
	"github.com/securego/gosec/v2/rules"
)

// finding is one line of output.
type finding struct {
	Rule       string `json:"rule"`
	File       string `json:"file"`
	Line       string `json:"line"`
	Column     string `json:"column"`
	Severity   string `json:"severity"`
	Confidence string `json:"confidence"`
	Details    string `json:"details"`
}

// loadError is one line of standard error.
type loadError struct {
	Error string `json:"error"`
	File  string `json:"file"`
	Line  int    `json:"line,omitempty"`
}

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "gosecoracle:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout, stderr io.Writer) error {
	fs := flag.NewFlagSet("gosecoracle", flag.ContinueOnError)
	fs.SetOutput(stderr)
	dir := fs.String("C", ".", "module `dir`ectory to scan")
	tags := fs.String("tags", "", "comma separated build tags")
	if err := fs.Parse(args); err != nil {
		return err
	}
	// gosec asks `go list -m` for the module's Go version in the process's
	// working directory, so the scan has to start there.
	if err := os.Chdir(*dir); err != nil {
		return fmt.Errorf("entering the module: %w", err)
	}
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	patterns := fs.Args()
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	excluded := gosec.ExcludedDirsRegExp([]string{"vendor", `\.git/`})
	var dirs []string
	for _, p := range patterns {
		found, err := gosec.PackagePaths(p, excluded)
		if err != nil {
			return fmt.Errorf("listing the directories of %s: %w", p, err)
		}
		dirs = append(dirs, found...)
	}
	if len(dirs) == 0 {
		return fmt.Errorf("no Go files below %s", root)
	}

	config := gosec.NewConfig()
	config.SetGlobal(gosec.Nosec, "true")
	analyzer := gosec.NewAnalyzer(config, false, false, false, runtime.NumCPU(), log.New(io.Discard, "", 0))
	analyzer.LoadRules(rules.Generate(false).RulesInfo())
	analyzer.LoadAnalyzers(analyzers.Generate(false).AnalyzersInfo())
	var buildTags []string
	if *tags != "" {
		buildTags = strings.Split(*tags, ",")
	}
	if err := analyzer.Process(buildTags, dirs...); err != nil {
		return fmt.Errorf("gosec: %w", err)
	}
	issues, _, errs := analyzer.Report()
	if err := printErrors(stderr, root, errs); err != nil {
		return err
	}
	return printFindings(stdout, root, issues)
}

func printFindings(w io.Writer, root string, issues []*issue.Issue) error {
	lines := make([]finding, 0, len(issues))
	for _, i := range issues {
		lines = append(lines, finding{
			Rule: i.RuleID, File: relative(root, i.File), Line: i.Line, Column: i.Col,
			Severity: i.Severity.String(), Confidence: i.Confidence.String(), Details: i.What,
		})
	}
	slices.SortFunc(lines, func(a, b finding) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File), compareNumber(a.Line, b.Line), compareNumber(a.Column, b.Column),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Details, b.Details),
		)
	})
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, l := range lines {
		if err := enc.Encode(l); err != nil {
			return err
		}
	}
	return nil
}

func printErrors(w io.Writer, root string, errs map[string][]gosec.Error) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, file := range slices.Sorted(maps.Keys(errs)) {
		for _, e := range errs[file] {
			if err := enc.Encode(loadError{Error: e.Err, File: relative(root, file), Line: e.Line}); err != nil {
				return err
			}
		}
	}
	return nil
}

// compareNumber orders "9" before "10" and "10-12" after "10".
func compareNumber(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

func relative(root, file string) string {
	if rel, err := filepath.Rel(root, file); err == nil {
		file = rel
	}
	return filepath.ToSlash(file)
}
