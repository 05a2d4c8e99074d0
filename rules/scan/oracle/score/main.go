package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "score:", err)
		os.Exit(1)
	}
}

type options struct {
	bin, manifest, corpora, samples, work, advisories string
	table, misses, data, only, disputed               string
}

// wanted reports whether a group, or a folder of one, is to be measured.
func (o *options) wanted(name string) bool {
	return o.only == "" || strings.HasPrefix(filepath.ToSlash(name), o.only)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var o options
	fs := flag.NewFlagSet("score", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&o.bin, "staylisted", "staylisted", "the `program` to measure")
	fs.StringVar(&o.manifest, "manifest", filepath.Join(os.Getenv("STAYLISTED_DATA"), "corpora", "manifest.json"), "`file` with the annotated rows")
	fs.StringVar(&o.corpora, "corpora", "", "`folder` of the annotated files, as the rows name them")
	fs.StringVar(&o.samples, "samples", "", "`folder` of gosec's samples; empty is testutils of gosec's module")
	fs.StringVar(&o.work, "work", "", "`folder` for modules around single files; empty is a temporary one")
	fs.StringVar(&o.advisories, "advisories", "", "advisory `data` the scan may read, so that nothing is downloaded")
	fs.StringVar(&o.table, "table", "", "`file` for the tables; empty is standard output")
	fs.StringVar(&o.misses, "misses", "", "`file` for the list of missed and false rows")
	fs.StringVar(&o.disputed, "disputed", "disputed.json", "`file` with the annotations that were reviewed and found wrong; their rows count as before, and beside that as disputed")
	fs.StringVar(&o.data, "data", "", "`file` for the figures per rule and topic, as JSON")
	fs.StringVar(&o.only, "only", "", "measure only groups and folders whose name begins with `prefix` (semgrep, gosec, codeql/query-tests, apps)")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if o.corpora == "" {
		return fmt.Errorf("-corpora is missing: the folder with the annotated files")
	}
	if o.work == "" {
		dir, err := os.MkdirTemp("", "score-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.work = dir
	}
	return o.score(ctx, stdout, stderr)
}

// score measures and writes what was asked for.
func (o *options) score(ctx context.Context, stdout, stderr io.Writer) error {
	rows, todo, err := readRows(o.manifest)
	if err != nil {
		return err
	}
	disputes, err := readDisputes(o.disputed, rows)
	if err != nil {
		return err
	}
	if o.samples == "" {
		dir, err := gosecSource(ctx)
		if err != nil {
			return err
		}
		o.samples = filepath.Join(dir, "testutils")
	}
	sampleFiles, sampleRows, special, err := samples(o.samples)
	if err != nil {
		return err
	}
	singles, err := single(o.corpora, "semgrep")
	if err != nil {
		return err
	}
	all := &scanned{broken: map[string]string{}}
	merge := func(s *scanned) {
		all.findings = append(all.findings, s.findings...)
		for at, why := range s.broken {
			all.broken[at] = why
		}
		all.failed = append(all.failed, s.failed...)
	}
	for _, g := range []struct {
		folder string
		files  map[string][]byte
		name   func(string) string
	}{{"semgrep", singles, unsingle}, {"gosec", sampleFiles, func(s string) string { return s }}} {
		if !o.wanted(g.folder) {
			continue
		}
		dir := filepath.Join(o.work, g.folder)
		if err := module(ctx, dir, g.files); err != nil {
			return err
		}
		fmt.Fprintf(stderr, "scanning %d files of %s\n", len(g.files), g.folder)
		s, err := scan(ctx, o.bin, o.advisories, dir, g.name)
		if err != nil {
			return err
		}
		merge(s)
	}
	for _, group := range []string{"codeql", "apps"} {
		dirs, err := modules(filepath.Join(o.corpora, group))
		if err != nil {
			return err
		}
		for _, dir := range dirs {
			rel, err := filepath.Rel(o.corpora, dir)
			if err != nil {
				return err
			}
			if !o.wanted(rel) {
				continue
			}
			// A copy, because the annotated files stay as they are.
			copied := filepath.Join(o.work, rel)
			if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
				return err
			}
			if err := addMains(copied); err != nil {
				return err
			}
			fmt.Fprintf(stderr, "scanning %s\n", rel)
			s, err := scan(ctx, o.bin, o.advisories, copied, func(p string) string { return filepath.ToSlash(filepath.Join(rel, p)) })
			if err != nil {
				return err
			}
			merge(s)
		}
	}
	locate := func(file string) string {
		if strings.HasPrefix(file, "gosec/") {
			return filepath.Join(o.work, "gosec", filepath.FromSlash(file))
		}
		return filepath.Join(o.corpora, filepath.FromSlash(file))
	}
	known := map[string]func(int) (int, int){}
	statement := func(file string) func(int) (int, int) {
		if known[file] == nil {
			known[file] = spans(locate(file))
		}
		return known[file]
	}
	groups := func(rows []row) (analysed, not []*mark) {
		var in, out []row
		for _, r := range rows {
			if o.only != "" && !strings.HasPrefix(r.File, o.only) && !strings.HasPrefix(o.only, r.File) {
				continue
			}
			if all.broken[r.File] != "" || all.broken[parent(r.File)] != "" {
				out = append(out, r)
			} else {
				in = append(in, r)
			}
		}
		return match(in, all.findings, statement), match(out, fallback(out, locate), statement)
	}
	corpora, corporaNot := groups(rows)
	tests, testsNot := groups(sampleRows)

	var b strings.Builder
	fmt.Fprintf(&b, "# Annotated code\n\n%d rows, %d of them in files that were analysed; %d left out because their own source gets them wrong.\n\n", len(rows), len(corpora), todo)
	b.WriteString(topicTable(corpora))
	fmt.Fprintf(&b, "\n## Per rule\n\n%s", ruleTable(byRule(corpora, disputes)))
	fmt.Fprintf(&b, "\n## Files that could not be analysed\n\n%d rows; gosec's syntax rules over what can be parsed.\n\n%s\n", len(corporaNot), syntaxTable(corporaNot))
	writeReasons(&b, corporaNot, all.broken)
	fmt.Fprintf(&b, "\n# gosec's own samples\n\n%d samples, %d of them analysed; %d with settings or suppression comments left out. Found is in any class, counted as violation or for review.\n\n", len(sampleRows), len(tests), special)
	b.WriteString(sampleTable(tests))
	fmt.Fprintf(&b, "\n## Samples that could not be analysed\n\n%s\n", syntaxTable(testsNot))
	writeReasons(&b, testsNot, all.broken)
	if len(all.failed) > 0 {
		fmt.Fprintf(&b, "\nRules that did not end: %s\n", strings.Join(all.failed, "; "))
	}
	if err := output(o.table, stdout, b.String()); err != nil {
		return err
	}
	if o.misses != "" {
		text := "# analysed files, staylisted (violation or review)" + misses(corpora, func(m *mark) []string { return m.after }) +
			"\n# files that could not be analysed, syntax rules" + misses(corporaNot, func(m *mark) []string { return m.before }) +
			"\n# gosec's samples" + misses(slices.Concat(tests, testsNot), func(m *mark) []string { return m.before })
		if err := os.WriteFile(o.misses, []byte(text), 0o644); err != nil {
			return err
		}
	}
	if o.data == "" {
		return nil
	}
	data, err := json.MarshalIndent(measured{byTopic(corpora), byRule(corpora, disputes), disputes}, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(o.data, append(data, '\n'), 0o644)
}

// measured is what the program's own documentation shows.
type measured struct {
	Topics []topicScore `json:"topics"`
	Rules  []ruleScore  `json:"rules"`
	// Disputed are the annotations that were found wrong.
	Disputed []dispute `json:"disputed"`
}

// parent is the folder of a package that a row's file belongs to; a row about a
// folder is its own.
func parent(file string) string {
	if strings.HasSuffix(file, ".go") {
		return filepath.ToSlash(filepath.Dir(filepath.FromSlash(file)))
	}
	return file
}

func writeReasons(b *strings.Builder, marks []*mark, broken map[string]string) {
	seen := map[string]bool{}
	for _, m := range marks {
		at := m.File
		if broken[at] == "" {
			at = parent(m.File)
		}
		if !seen[at] {
			seen[at] = true
			fmt.Fprintf(b, "- %s: %s\n", at, broken[at])
		}
	}
}

func output(file string, stdout io.Writer, text string) error {
	if file == "" {
		_, err := io.WriteString(stdout, text)
		return err
	}
	return os.WriteFile(file, []byte(text), 0o644)
}
