package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/evidence"
	"github.com/staylisted/staylisted/rules/scan"
	"github.com/staylisted/staylisted/sarif"
)

func scanCommand() command {
	return command{
		name:  "scan",
		args:  "[DIR]",
		short: "check a repository and say which requirements it meets",
		long: `Scans the repository in DIR (the current folder by default) and prints a verdict for each marketplace the policy file .github/staylisted.yml selects. Without a policy file all marketplaces are shown as a preview.

Standard output holds the report, standard error everything else. Nothing is written below DIR unless --report or --sarif name a file there.

Exit codes: 0 the scan was complete, and every MANDATORY requirement of the selected marketplaces is met or this is a preview; 1 some of them fail; 2 the command line or the policy file is wrong; 3 none fails, but some could not be verified, expired or lack evidence, or the scan was not complete: a coverage gap, no package, or a verifier that failed, such as a dependency audit without data.`,
		examples: [][2]string{
			{"staylisted scan", "the current folder, with the published advisories"},
			{"staylisted scan --offline --advisories testdata/advisories testdata/repos/broken", "no network, with a folder of OSV files"},
			{"staylisted scan --format markdown --sarif staylisted.sarif . >> \"$GITHUB_STEP_SUMMARY\"", "in a workflow: the job summary and a file for code scanning"},
			{"staylisted scan --marketplace druva --now 2026-12-24", "one marketplace, as of a day"},
		},
		setup: func(fs *flag.FlagSet) action {
			o := scanOptions{
				format: choiceFlag(fs, "format", "form of the report on standard output", "text", "json", "markdown"),
				color:  choiceFlag(fs, "color", "colours in the text; auto means on a terminal without NO_COLOR", "auto", "always", "never"),
			}
			fs.StringVar(&o.sarif, "sarif", "", "write SARIF for code scanning to `FILE`")
			fs.BoolVar(&o.sarifAll, "sarif-all", false, "keep suppressed findings and notes in the SARIF file: for evidence, not for upload")
			fs.StringVar(&o.report, "report", "", "write the JSON report to `FILE` as well")
			fs.StringVar(&o.policy, "policy", "", "use the policy `FILE` instead of the repository's own")
			o.marketplaces = marketplaceFlag(fs, "`ID[,ID]`: judge only these marketplaces; repeatable")
			fs.StringVar(&o.now, "now", "", "judge as of `DATE` (2026-11-21 or 2026-11-21T17:24:00Z) instead of the clock")
			fs.StringVar(&o.advisories, "advisories", "", "take advisories from `PATH`: a folder or zip of OSV files, or a Go vulnerability database")
			fs.BoolVar(&o.offline, "offline", false, "open no network connection; without --advisories the dependency audit stays unknown")
			fs.BoolVar(&o.strict, "strict", false, "let a preview fail as if the policy selected its marketplaces")
			o.sources.flags(fs)
			o.tags = listFlag(fs, "tags", "extra build `TAGS`, separated by commas", checkTag)
			fs.BoolVar(&o.noCache, "no-cache", false, "neither read nor write results of earlier runs")
			fs.StringVar(&o.cacheDir, "cache-dir", "", "keep results of packages and advisories in `DIR`; default $STAYLISTED_CACHE, or staylisted in the user's cache folder")
			fs.BoolVar(&o.verbose, "verbose", false, "list every place and step in the text, and every file left out")
			return func(ctx context.Context, p *process, operands []string) error {
				return o.run(ctx, p, operands)
			}
		},
	}
}

// scanOptions are the flags of the scan command.
type scanOptions struct {
	format, color      *choice
	marketplaces, tags *list
	sources            sources
	sarif, report      string
	policy, now        string
	advisories         string
	cacheDir           string
	sarifAll, offline  bool
	strict, noCache    bool
	verbose            bool
	reportTo, sarifTo  *target // what report and sarif name; nil without
}

// run scans, judges and prints. Everything is made in memory first, so that an
// error or an interrupt leaves no part of a result behind.
func (o *scanOptions) run(ctx context.Context, p *process, operands []string) error {
	dir, now, err := o.check(p, operands)
	if err != nil {
		return err
	}
	set, err := loadRuleset()
	if err != nil {
		return err
	}
	cat, err := o.narrow(set.catalogue)
	if err != nil {
		return err
	}
	result, err := o.scan(ctx, p, set.catalogue, dir, now)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	previews := o.choose(&result.Evidence.Policy)
	tool := rules.Tool{Name: "staylisted", Version: toolVersion(), Rules: result.RulePack}
	report := rules.Assess(cat, &result.Evidence, now).Report(&result.Evidence, tool, set.ref, now)
	for i, m := range report.Marketplaces {
		report.Marketplaces[i].Preview = m.Preview || slices.Contains(previews, m.ID)
	}
	if err := o.write(ctx, p, cat, dir, result, report); err != nil {
		return err
	}
	if code := verdictCode(report, o.strict); code != exitOK {
		return &verdictError{code}
	}
	return nil
}

// check finds mistakes in the command line before anything is scanned.
func (o *scanOptions) check(p *process, operands []string) (dir string, now time.Time, err error) {
	dir = "."
	switch len(operands) {
	case 0:
	case 1:
		dir = operands[0]
	default:
		return "", now, &usageError{text: fmt.Sprintf("scan takes one folder, not %d: %s", len(operands), clean(strings.Join(operands, " ")))}
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "", now, &usageError{text: fmt.Sprintf("there is no folder %s", clean(dir))}
	case err != nil:
		return "", now, fmt.Errorf("looking at %s: %w", dir, err)
	case !info.IsDir():
		return "", now, &usageError{text: fmt.Sprintf("%s is not a folder", clean(dir))}
	}
	now = time.Now()
	if o.now != "" {
		if now, err = parseInstant(o.now); err != nil {
			return "", now, &usageError{text: "--now: " + err.Error()}
		}
	}
	for _, in := range [][2]string{{"--policy", o.policy}, {"--advisories", o.advisories}} {
		if in[1] == "" {
			continue
		}
		_, err := os.Stat(in[1])
		switch {
		case errors.Is(err, os.ErrNotExist):
			return "", now, &usageError{text: fmt.Sprintf("%s: there is no %s", in[0], clean(in[1]))}
		case err != nil:
			return "", now, &usageError{text: fmt.Sprintf("%s: %v", in[0], err)}
		}
	}
	if err := o.targets(p); err != nil {
		return "", now, &usageError{text: err.Error()}
	}
	if o.sarifAll && o.sarif == "" {
		return "", now, &usageError{text: "--sarif-all says what --sarif FILE holds; name the file as well"}
	}
	return dir, now.UTC().Truncate(time.Second), nil
}

// targets finds the files to write and refuses those that would overwrite each
// other or the report on standard output.
func (o *scanOptions) targets(p *process) (err error) {
	for _, file := range []struct {
		flag, name string
		to         **target
	}{{"--report", o.report, &o.reportTo}, {"--sarif", o.sarif, &o.sarifTo}} {
		if file.name == "" {
			continue
		}
		if *file.to, err = findTarget(file.name); err != nil {
			return err
		}
		if out, ok := p.stdout.(*os.File); ok && (*file.to).regular() {
			if info, err := out.Stat(); err == nil && (*file.to).same(&target{info: info}) {
				return fmt.Errorf("%s and standard output are the same file; name another file", file.flag)
			}
		}
	}
	if o.reportTo != nil && o.sarifTo != nil && o.reportTo.same(o.sarifTo) {
		return errors.New("--report and --sarif are the same file; name two files")
	}
	return nil
}

// narrow cuts a catalogue down to the marketplaces of the command line.
func (o *scanOptions) narrow(cat *rules.Catalogue) (*rules.Catalogue, error) {
	if len(o.marketplaces.values) == 0 {
		return cat, nil
	}
	var ids []string
	for _, m := range cat.Marketplaces {
		ids = append(ids, m.ID)
	}
	for _, id := range o.marketplaces.values {
		if !slices.Contains(ids, id) {
			return nil, &usageError{text: fmt.Sprintf("there is no marketplace %q%s (there are %s)", id, didYouMean(id, ids), strings.Join(ids, ", "))}
		}
	}
	narrowed := *cat
	narrowed.Marketplaces = slices.DeleteFunc(slices.Clone(cat.Marketplaces), func(m rules.Marketplace) bool {
		return !slices.Contains(o.marketplaces.values, m.ID)
	})
	return &narrowed, nil
}

// choose makes the policy select the marketplaces of the command line and
// returns those that it does not select itself: they are shown as a preview.
func (o *scanOptions) choose(policy *rules.Policy) (previews []string) {
	if !policy.Present {
		return nil
	}
	for _, id := range o.marketplaces.values {
		if !slices.ContainsFunc(policy.Marketplaces, func(s rules.Selection) bool { return s.Marketplace == id }) {
			policy.Marketplaces = append(policy.Marketplaces, rules.Selection{Marketplace: id})
			previews = append(previews, id)
		}
	}
	return previews
}

// scan runs the engine, with progress where a person watches.
func (o *scanOptions) scan(ctx context.Context, p *process, cat *rules.Catalogue, dir string, now time.Time) (*scan.Result, error) {
	opts := scan.Options{
		Dir: dir, Policy: o.policy, Advisories: o.advisories, Offline: o.offline,
		Tags: o.tags.values, Env: p.env,
	}
	if err := o.sources.fill(p, &opts); err != nil {
		return nil, err
	}
	if !o.noCache {
		opts.CacheDir = o.cache(p)
	}
	if !o.offline {
		// A token of another server must not be shown to github.com.
		if api := p.getenv("GITHUB_API_URL"); api == "" || api == "https://api.github.com" {
			opts.GitHubToken = p.getenv("GITHUB_TOKEN")
		}
	}
	if width, ok := p.terminal(p.stderr); ok {
		line := &progressLine{w: p.stderr, width: width}
		opts.Progress = line.show
		defer line.wipe()
	}
	result, err := scan.Run(ctx, cat, opts, now)
	var list evidence.ErrorList
	if errors.As(err, &list) {
		return nil, &policyError{list}
	}
	return result, err
}

// cache returns where results are kept between runs, or "" when there is no
// such place.
func (o *scanOptions) cache(p *process) string {
	if o.cacheDir != "" {
		return o.cacheDir
	}
	if dir := p.getenv("STAYLISTED_CACHE"); dir != "" {
		return dir
	}
	if dir := p.getenv("XDG_CACHE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "staylisted")
	}
	if home := p.getenv("HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, ".cache", "staylisted")
	}
	return ""
}

// write writes the files and standard output.
func (o *scanOptions) write(ctx context.Context, p *process, cat *rules.Catalogue, dir string, result *scan.Result, report *rules.Report) error {
	data, err := marshalJSON(report)
	if err != nil {
		return err
	}
	var sarifData bytes.Buffer
	if o.sarif != "" {
		in := sarif.Input{Report: report, Rules: result.Rules, Catalogue: cat, Source: sourceOf(dir)}
		opts := sarif.Options{Suppressed: o.sarifAll, Informational: o.sarifAll}
		if err := sarif.Write(&sarifData, in, opts); err != nil {
			return err
		}
		if err := o.sarifTo.write(ctx, sarifData.Bytes()); err != nil {
			return err
		}
		n, err := sarifRuns(sarifData.Bytes())
		if err != nil {
			return err
		}
		if n > maxSARIFRuns {
			p.warn(fmt.Sprintf("%s has %d runs, one a module; GitHub refuses files with more than %d runs, so scan and upload folders with fewer modules one by one", o.sarif, n, maxSARIFRuns))
		}
	}
	if o.report != "" {
		if err := o.reportTo.write(ctx, data); err != nil {
			return err
		}
	}
	if o.format.value == "json" {
		return p.print(string(data))
	}
	ruleset := map[string]rules.Rule{}
	for _, r := range result.Rules {
		ruleset[r.ID] = r
	}
	d := newDigest(report, cat, ruleset)
	if result.Evidence.Policy.Present {
		d.policy = cmp.Or(result.Evidence.Policy.Path, evidence.PolicyPath)
	}
	if o.format.value == "markdown" {
		return p.print(renderMarkdown(markdownView{digest: d, subject: subject(report, dir), notes: result.Notes, verbose: o.verbose}))
	}
	width, _ := p.terminal(p.stdout)
	out := newPrinter(width, p.colored(o.color.value, p.stdout))
	return p.print(renderText(textView{digest: d, out: out, subject: subject(report, dir), notes: result.Notes, verbose: o.verbose}))
}

// maxSARIFRuns is how many runs a file may have that GitHub takes (GitHub
// documentation, "SARIF support for code scanning").
const maxSARIFRuns = 20

// sarifRuns counts the runs of a SARIF file.
func sarifRuns(data []byte) (int, error) {
	var log struct {
		Runs []json.RawMessage `json:"runs"`
	}
	if err := json.Unmarshal(data, &log); err != nil {
		return 0, fmt.Errorf("reading the SARIF that was written: %w", err)
	}
	return len(log.Runs), nil
}

// subject names what was scanned: the repository, else the main module, else
// the folder.
func subject(report *rules.Report, dir string) string {
	if report.Repository != "" {
		return report.Repository
	}
	for _, m := range report.Coverage.Modules {
		if m.Dir == "." && m.Path != "" {
			return m.Path
		}
	}
	if abs, err := filepath.Abs(dir); err == nil {
		return filepath.Base(abs)
	}
	return dir
}

// sourceOf returns a reader of the repository's files that never leaves it.
func sourceOf(dir string) func(string) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil
	}
	return func(path string) ([]byte, error) { return root.ReadFile(filepath.FromSlash(path)) }
}
