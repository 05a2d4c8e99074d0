package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/evidence"
	"github.com/staylisted/staylisted/rules/evidence/draft"
	"github.com/staylisted/staylisted/rules/scan"
)

func initCommand() command {
	return command{
		name:  "init",
		args:  "[DIR]",
		short: "write a first policy file, document skeletons and a workflow",
		long: `Looks at the repository in DIR (the current folder by default) and writes what a first honest report needs: .github/staylisted.yml with the services, secrets and data names found in the code, a skeleton for each document that the chosen marketplaces ask for, and a workflow that scans on every push and once a day. What only people know is written as a comment, ready to be filled in; a skeleton counts as missing until somebody has written it.

A file that is there is never touched. On a terminal a few questions are asked, each with an answer found in the code; in a pipe nothing is asked.

Exit codes: 0 the files are there; 2 the command line is wrong or the existing policy file has errors; 3 a file could not be written.`,
		examples: [][2]string{
			{"staylisted init", "the current folder, with questions on a terminal"},
			{"staylisted init --marketplace druva,apollo --endpoint https://app.example.com/ </dev/null", "no questions"},
			{"staylisted init --dry-run", "show what would be written"},
		},
		setup: func(fs *flag.FlagSet) action {
			var o initOptions
			o.marketplaces = marketplaceFlag(fs, "`ID[,ID]`: the marketplaces the product is listed on; repeatable")
			fs.StringVar(&o.endpoint, "endpoint", "", "public `URL` of the product, https")
			fs.StringVar(&o.contact, "security-contact", "", "`EMAIL` for security reports")
			fs.BoolVar(&o.dryRun, "dry-run", false, "print the files instead of writing them")
			return func(ctx context.Context, p *process, operands []string) error { return o.run(ctx, p, operands) }
		},
	}
}

// initOptions are the flags of the init command.
type initOptions struct {
	marketplaces      *list
	endpoint, contact string
	dryRun            bool
}

// run looks, asks, and writes what is not there yet.
func (o *initOptions) run(ctx context.Context, p *process, operands []string) error {
	scanned := scanOptions{marketplaces: o.marketplaces, tags: &list{}, offline: true, sources: sources{imports: &list{}, probe: &choice{}}}
	dir, now, err := scanned.check(p, operands)
	if err != nil {
		return err
	}
	set, err := loadRuleset()
	if err != nil {
		return err
	}
	if _, err := scanned.narrow(set.catalogue); err != nil {
		return err
	}
	first, err := scanned.scan(ctx, p, set.catalogue, dir, now)
	if err != nil {
		return err
	}
	in := draft.Input{Catalogue: set.catalogue, Facts: first.Evidence.Facts, Name: subject(&rules.Report{Repository: first.Evidence.Repository, Coverage: first.Evidence.Coverage}, dir),
		Marketplaces: o.marketplaces.values, Endpoint: o.endpoint, SecurityContact: o.contact}
	existing := first.Evidence.Policy.Present
	if existing && (len(o.marketplaces.values) > 0 || o.endpoint != "" || o.contact != "") {
		return &usageError{text: "there is a policy file already, which init never touches; edit it instead of giving --marketplace, --endpoint or --security-contact"}
	}
	if len(in.Marketplaces) == 0 {
		in.Marketplaces = draft.Marketplaces(in)
	}
	if problem := problemOf(in); problem != "" {
		return &usageError{text: problem}
	}
	if !existing {
		if err := o.ask(ctx, p, &in); err != nil {
			return err
		}
	}
	var files []draft.File
	if existing {
		missing := lackOf(rules.Assess(set.catalogue, &first.Evidence, now))
		files = append(draft.Documents(in, missing), draft.File{Path: first.Evidence.Policy.Path, Why: "the policy file"})
	} else {
		policy := draft.Policy(in)
		missing, err := o.missing(ctx, p, set.catalogue, dir, policy, now)
		if err != nil {
			return err
		}
		documents := draft.Documents(in, missing)
		files = append([]draft.File{draft.Complete(policy, missing, documents)}, documents...)
	}
	return o.write(p, dir, append(files, draft.Workflow()), first)
}

// problemOf says what is wrong with an answer, in the words of the policy file's
// parser, or "".
func problemOf(in draft.Input) string {
	policy := draft.Policy(in)
	_, errs := evidence.Parse(policy.Path, policy.Content, evidence.KnownFrom(in.Catalogue, nil, time.Time{}))
	if len(errs) == 0 {
		return ""
	}
	return errs[0].Message + "; " + errs[0].Advice
}

// missing scans again as if the policy stood there, and returns what it lacks.
func (o *initOptions) missing(ctx context.Context, p *process, cat *rules.Catalogue, dir string, policy draft.File, now time.Time) ([]rules.Shortfall, error) {
	opts := scan.Options{Dir: dir, Offline: true, Env: p.env, PolicyText: policy.Content, CacheDir: (&scanOptions{}).cache(p)}
	result, err := scan.Run(ctx, cat, opts, now)
	if list, ok := errors.AsType[evidence.ErrorList](err); ok {
		return nil, fmt.Errorf("the policy that was drafted has an error, which is a defect of staylisted; please report it: %w", list)
	}
	if err != nil {
		return nil, err
	}
	return lackOf(rules.Assess(cat, &result.Evidence, now)), nil
}

// lackOf lists the proof that is missing, each once, the MANDATORY requirements'
// first.
func lackOf(r *rules.Result) []rules.Shortfall {
	var all []rules.Shortfall
	for _, category := range []rules.Category{rules.Mandatory, rules.Recommended} {
		for _, a := range r.Assessments {
			if a.Category != category {
				continue
			}
			for _, s := range a.Missing {
				if !slices.ContainsFunc(all, func(o rules.Shortfall) bool { return o.Snippet == s.Snippet && o.Text == s.Text }) {
					all = append(all, s)
				}
			}
		}
	}
	return all
}

// write writes the files that are not there, and says what it did.
func (o *initOptions) write(p *process, dir string, files []draft.File, first *scan.Result) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("opening %s to write into: %w", dir, err)
	}
	defer root.Close()
	var out strings.Builder
	if o.dryRun {
		for _, f := range files {
			fmt.Fprintf(&out, "==> %s (%s)\n%s\n", clean(f.Path), f.Why, cleanLines(string(f.Content)))
		}
		return p.print(out.String())
	}
	for _, f := range files {
		word, err := writeNew(root, f)
		if err != nil {
			return errors.Join(p.print(out.String()), err)
		}
		fmt.Fprintf(&out, "%s %s  %s\n", pad(word, 6), pad(clean(f.Path), 40), f.Why)
	}
	switch gaps := first.Evidence.Coverage.Gaps; {
	case len(first.Evidence.Coverage.Modules) == 0:
		out.WriteString("\nOnly Go is read for services, routes and secrets, and there is no Go module here: add what the code calls yourself.\n")
	case len(gaps) > 0:
		fmt.Fprintf(&out, "\nNot all code could be read (%s), so what was found may be incomplete.\n", clean(cmp.Or(gaps[0].Subject, gaps[0].Reason)))
	}
	out.WriteString("\nNext: fill in what is commented out, write the documents, then run `staylisted scan`.\n")
	return p.print(out.String())
}

// writeNew creates a file and the folders above it. One that is there is kept.
func writeNew(root *os.Root, f draft.File) (string, error) {
	name := filepath.FromSlash(f.Path)
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return "", fmt.Errorf("creating the folder of %s: %w", f.Path, err)
	}
	w, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return "kept", nil
	}
	if err != nil {
		return "", fmt.Errorf("creating %s: %w", f.Path, err)
	}
	_, err = w.Write(f.Content)
	if err = errors.Join(err, w.Close()); err != nil {
		root.Remove(name) // half a file would be kept by the next run
		return "", fmt.Errorf("writing %s: %w", f.Path, err)
	}
	return "wrote", nil
}

// readLine reads one answer and gives up when ctx ends, which a blocked read does
// not notice by itself. The end of the input takes what was found.
func readLine(ctx context.Context, reader *bufio.Reader) (string, error) {
	type answer struct {
		line string
		err  error
	}
	got := make(chan answer, 1)
	go func() {
		line, err := reader.ReadString('\n')
		got <- answer{line, err}
	}()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case a := <-got:
		if a.err != nil && !errors.Is(a.err, io.EOF) {
			return "", fmt.Errorf("reading the answer: %w", a.err)
		}
		return strings.TrimSpace(a.line), nil
	}
}

// ask puts the questions on a terminal. An empty answer takes what was found.
func (o *initOptions) ask(ctx context.Context, p *process, in *draft.Input) error {
	stdin, ok := p.stdin.(*os.File)
	if _, shown := p.terminal(p.stderr); !ok || !shown || !term.IsTerminal(int(stdin.Fd())) {
		return nil
	}
	reader := bufio.NewReader(stdin)
	question := func(text, found string, check func(string) string) (string, error) {
		for {
			fmt.Fprintf(p.stderr, "%s [%s]: ", text, clean(cmp.Or(found, "none")))
			line, err := readLine(ctx, reader)
			if err != nil {
				return "", err
			}
			answer := cmp.Or(line, found)
			if answer == "" {
				return "", nil
			}
			if problem := check(answer); problem != "" {
				fmt.Fprintln(p.stderr, "  "+problem)
				continue
			}
			return answer, nil
		}
	}
	known := draft.Known(in.Catalogue)
	if len(o.marketplaces.values) == 0 {
		answer, err := question("Marketplaces, separated by commas", strings.Join(in.Marketplaces, ", "), func(s string) string {
			for id := range strings.SplitSeq(s, ",") {
				if !slices.Contains(known, strings.TrimSpace(id)) {
					return "there are " + strings.Join(known, ", ")
				}
			}
			return ""
		})
		if err != nil {
			return err
		}
		if answer != "" {
			in.Marketplaces = nil
			for id := range strings.SplitSeq(answer, ",") {
				in.Marketplaces = append(in.Marketplaces, strings.TrimSpace(id))
			}
		}
	}
	var err error
	if o.endpoint == "" {
		if in.Endpoint, err = question("Public address of the product", in.Endpoint, func(s string) string {
			asked := *in
			asked.Endpoint = s
			return problemOf(asked)
		}); err != nil {
			return err
		}
	}
	if o.contact == "" {
		in.SecurityContact, err = question("E-mail address for security reports", in.SecurityContact, func(s string) string {
			asked := *in
			asked.SecurityContact = s
			return problemOf(asked)
		})
	}
	return err
}
