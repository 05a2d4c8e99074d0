package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"

	"github.com/staylisted/staylisted/rules/evidence/reports"
	"github.com/staylisted/staylisted/rules/posture"
	"github.com/staylisted/staylisted/rules/scan"
)

// sources are what a scan looks at beside the files of the repository: its
// settings on GitHub, the deployed app, reports of other tools, the history.
type sources struct {
	repository   string
	settings     string
	probe        *choice
	imports      *list
	importCommit string
	history      bool
}

// flags declares the flags of the sources.
func (s *sources) flags(fs *flag.FlagSet) {
	fs.StringVar(&s.repository, "repository", "", "the repository's `OWNER/NAME` on GitHub; default the remote origin's")
	fs.StringVar(&s.settings, "settings", "", "judge the settings recorded in `FILE` by the settings command instead of asking GitHub")
	s.probe = choiceFlag(fs, "probe", "look at the endpoints the policy declares: auto unless --offline", "auto", "never")
	s.imports = listFlag(fs, "import", "take in the report of another tool from `FILE`: SARIF, ZAP's JSON or XML, Burp's XML; repeatable", func(string) error { return nil })
	fs.StringVar(&s.importCommit, "import-commit", "", "the `COMMIT` that imported reports were made from, when they do not say so themselves")
	fs.BoolVar(&s.history, "history", false, "look for secrets in every commit, not in the files of this one alone")
}

var (
	repositoryShape = regexp.MustCompile(`^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$`)
	commitShape     = regexp.MustCompile(`^[0-9a-f]{40}$`)
)

// fill opens the sources for a scan of dir. Mistakes are usage errors.
func (s *sources) fill(p *process, opts *scan.Options) error {
	if s.repository != "" && !repositoryShape.MatchString(s.repository) {
		return &usageError{text: "--repository: write it as OWNER/NAME"}
	}
	if s.importCommit != "" && !commitShape.MatchString(s.importCommit) {
		return &usageError{text: "--import-commit: write the 40 hexadecimal digits of a commit"}
	}
	if s.importCommit != "" && len(s.imports.values) == 0 {
		return &usageError{text: "--import-commit says where imported reports come from; name them with --import as well"}
	}
	opts.Repository, opts.History, opts.CI = s.repository, s.history, p.getenv("CI") == "true"
	if s.settings != "" {
		data, err := readFile("--settings", s.settings, posture.MaxSize)
		if err != nil {
			return err
		}
		if opts.Settings, err = posture.Decode(data); err != nil {
			return &usageError{text: fmt.Sprintf("--settings: %s: %v", clean(s.settings), err)}
		}
	}
	for _, name := range s.imports.values {
		data, err := readFile("--import", name, reports.MaxSize)
		if err != nil {
			return err
		}
		opts.Reports = append(opts.Reports, reports.Input{Name: name, Data: data, Commit: s.importCommit, Path: inside(opts.Dir, name)})
	}
	if opts.Offline {
		return nil
	}
	if opts.Settings == nil {
		var err error
		if opts.GitHub, err = githubClient(p); err != nil {
			return err
		}
	}
	opts.Probe = s.probe.value != "never"
	return nil
}

// readFile reads a regular file, one byte more than most at the most: whoever
// reads the content tells that it is too large.
func readFile(flagName, name string, most int64) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, &usageError{text: fmt.Sprintf("%s: there is no %s", flagName, clean(name))}
	case err != nil:
		return nil, &usageError{text: fmt.Sprintf("%s: %v", flagName, err)}
	case !info.Mode().IsRegular():
		return nil, &usageError{text: fmt.Sprintf("%s: %s is not a regular file", flagName, clean(name))}
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, &usageError{text: fmt.Sprintf("%s: %v", flagName, err)}
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return data, nil
}

// inside returns where a file lies below dir, slash-separated, or "".
func inside(dir, name string) string {
	real := func(path string) string {
		abs, err := filepath.Abs(path)
		if err != nil {
			return ""
		}
		resolved, _ := filepath.EvalSymlinks(abs)
		return cmp.Or(resolved, abs)
	}
	rel, err := filepath.Rel(real(dir), real(name))
	if err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	return filepath.ToSlash(rel)
}
