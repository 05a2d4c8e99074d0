package sarif

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	gosarif "github.com/owenrumney/go-sarif/v2/sarif"
	"golang.org/x/mod/semver"

	"github.com/staylisted/staylisted/rules"
)

const (
	toolName       = "staylisted"
	informationURI = "https://github.com/staylisted/staylisted"
	// category begins automationDetails.id; GitHub keeps one set of alerts for
	// each text up to the last slash.
	category = "marketplace-compliance/"
)

// Input is everything one file is made of.
type Input struct {
	// Report gives findings, coverage, tool and commit, as rules.Assess left
	// them: it has decided which suppressions have effect.
	Report *rules.Report
	// Rules are the rules that ran, also those that found nothing: a reader must
	// see what was looked for. Advisories need not be among them.
	Rules []rules.Rule
	// Catalogue names the requirements of the marketplaces; nil writes none.
	Catalogue *rules.Catalogue
	// RepositoryURL is where the repository lives ("https://github.com/o/r").
	// Empty falls back on github.com when the report names owner and repository.
	RepositoryURL string
	// Source reads a file by its slash-separated path relative to the repository
	// root. It is never asked for a path that leads out of it. Nil, and errors,
	// leave columns and line hashes out.
	Source func(path string) ([]byte, error)
}

// Options choose findings beyond the active ones. The zero value writes what
// belongs on GitHub; with both set the file is evidence to keep.
type Options struct {
	Suppressed    bool // findings a suppression excuses, and suppressions[] on results
	Informational bool // findings of class informational, as notes
}

// Write writes the report as one indented SARIF file. It calls w once, with the
// whole file, and returns an error only when there is no report or w fails.
func Write(w io.Writer, in Input, opts Options) error {
	if in.Report == nil {
		return errors.New("writing SARIF: there is no report to write; run a scan first")
	}
	b := newBuilder(in, opts)
	log := &gosarif.Report{
		Version: string(gosarif.Version210),
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Runs:    b.runs(),
	}
	b.readSources()
	var out bytes.Buffer
	if err := log.PrettyWrite(&out); err != nil {
		return fmt.Errorf("writing SARIF: encoding the report: %w", err)
	}
	out.WriteByte('\n')
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("writing SARIF: %w", err)
	}
	return nil
}

// builder holds what the runs share.
type builder struct {
	report     *rules.Report
	source     func(string) ([]byte, error)
	suppressed bool     // write suppressions
	ran        []string // ids of the rules that ran, sorted
	rules      map[string]*ruleFacts
	taxonomies *taxonomies
	provenance []*gosarif.VersionControlDetails
	findings   []rules.Finding // those to write, in the order of their place
	pending    map[string][]pending
}

func newBuilder(in Input, opts Options) *builder {
	b := &builder{
		report:     in.Report,
		source:     in.Source,
		suppressed: opts.Suppressed,
		taxonomies: newTaxonomies(in.Catalogue),
		provenance: provenance(in),
		pending:    map[string][]pending{},
	}
	for _, f := range in.Report.Findings {
		switch {
		case !opts.Suppressed && !f.Active():
		case !opts.Informational && f.Class == rules.Informational:
		default:
			b.findings = append(b.findings, f)
		}
	}
	slices.SortStableFunc(b.findings, compareFindings)
	b.rules = ruleSet(in.Rules, b.findings, in.Catalogue)
	for _, r := range in.Rules {
		b.ran = append(b.ran, r.ID)
	}
	slices.Sort(b.ran)
	b.ran = slices.Compact(b.ran)
	return b
}

// A section is one run in the making: a module, or the root with all that lies
// in no module.
type section struct {
	dir      string
	module   *rules.ModuleCoverage
	findings []rules.Finding
	problems []problem
}

// A problem is a reason why a run does not count as successful, or, as a note,
// something its reader must know.
type problem struct {
	kind, text string
	rule       string
	location   rules.Location
}

const (
	problemGap      = "coverage-gap"
	problemVerifier = "verifier-failed"
	problemNoPlace  = "finding-without-place"
)

// runs returns one run a section, the root first, then by directory.
func (b *builder) runs() []*gosarif.Run {
	sections := b.sections()
	var out []*gosarif.Run
	for _, s := range sections {
		out = append(out, b.run(s))
	}
	return out
}

// sections deals findings and problems out to the modules they lie in.
func (b *builder) sections() []*section {
	root := &section{dir: "."}
	all := []*section{root}
	for i := range b.report.Coverage.Modules {
		m := &b.report.Coverage.Modules[i]
		dir, ok := repositoryPath(m.Dir)
		if !ok {
			dir = "."
		}
		j := slices.IndexFunc(all, func(s *section) bool { return s.dir == dir })
		if j < 0 {
			all = append(all, &section{dir: dir, module: m})
		} else if all[j].module == nil {
			all[j].module = m
		}
	}
	slices.SortFunc(all, func(x, y *section) int { return cmp.Compare(x.dir, y.dir) })
	slices.SortStableFunc(all, func(x, y *section) int { return cmp.Compare(rank(x), rank(y)) })

	unplaced := 0
	for _, f := range b.findings {
		if p, ok := repositoryPath(f.Location.Path); ok {
			s := holder(all, p)
			s.findings = append(s.findings, f)
		} else {
			unplaced++
		}
	}
	if unplaced > 0 {
		root.problems = append(root.problems, problem{kind: problemNoPlace,
			text: fmt.Sprintf("%d finding(s) without a place in the repository are in the report only.", unplaced)})
	}
	b.dealProblems(all)
	return all
}

func rank(s *section) int {
	if s.dir == "." {
		return 0
	}
	return 1
}

// holder returns the section of the innermost directory that holds p.
func holder(all []*section, p string) *section {
	best := all[0] // the root holds everything
	for _, s := range all {
		if within(p, s.dir) && len(s.dir) > len(best.dir) {
			best = s
		}
	}
	return best
}

// dealProblems gives every gap to the module it belongs to. What cannot be
// placed, and a verifier that broke, casts doubt on all runs.
func (b *builder) dealProblems(all []*section) {
	everywhere := func(p problem) {
		for _, s := range all {
			s.problems = append(s.problems, p)
		}
	}
	for _, g := range b.report.Coverage.Gaps {
		p := problem{kind: problemGap, text: g.Subject + ": " + firstOf(g.Reason, "not analysed"), location: g.Location}
		if s := gapHolder(all, g); s != nil {
			s.problems = append(s.problems, p)
		} else {
			everywhere(p)
		}
	}
	for _, s := range all {
		if m := s.module; m != nil && (m.Packages.Analysed < m.Packages.Expected || m.Files.Analysed < m.Files.Expected) {
			s.problems = append(s.problems, problem{kind: problemGap, text: fmt.Sprintf(
				"module %s: %d of %d packages and %d of %d files were analysed.", m.Path,
				m.Packages.Analysed, m.Packages.Expected, m.Files.Analysed, m.Files.Expected)})
		}
	}
	for _, run := range b.report.Coverage.Runs {
		if run.State == rules.Broken {
			everywhere(problem{kind: problemVerifier, rule: run.Verifier,
				text: run.Verifier + ": " + firstOf(run.Reason, "did not run to the end")})
		}
	}
}

// gapHolder returns the section a gap belongs to: by its place, else by its
// subject, a package path or a file. nil means that it cannot be told.
func gapHolder(all []*section, g rules.Gap) *section {
	if p, ok := repositoryPath(g.Location.Path); ok {
		return holder(all, p)
	}
	var best *section
	for _, s := range all {
		if s.module == nil || s.module.Path == "" || !within(g.Subject, s.module.Path) {
			continue
		}
		if best == nil || len(s.module.Path) > len(best.module.Path) {
			best = s
		}
	}
	if best != nil {
		return best
	}
	if s := holder(all, g.Subject); s.dir != "." {
		return s
	}
	return nil
}

// automationID names the run; unique in the file, the same in every scan. A
// module in a directory called "root" must not share the root's category.
func automationID(dir string) string {
	switch dir {
	case ".":
		dir = "root"
	case "root":
		dir = "./root"
	}
	return category + percentEncode(dir) + "/"
}

// run writes one section.
func (b *builder) run(s *section) *gosarif.Run {
	ids := slices.Clone(b.ran)
	for _, f := range s.findings {
		ids = append(ids, f.Rule)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	index := make(map[string]int, len(ids))
	driver := b.driver()
	for i, id := range ids {
		index[id] = i
		driver.Rules = append(driver.Rules, b.rules[id].descriptor())
	}
	run := gosarif.NewRun(*gosarif.NewTool(driver)).
		WithAutomationDetails(gosarif.NewRunAutomationDetails().WithID(automationID(s.dir))).
		WithColumnKind("utf16CodeUnits").
		WithTaxonomies(b.taxonomies.components).
		WithVersionControlProvenances(b.provenance).
		WithInvocations([]*gosarif.Invocation{b.invocation(s, index)})
	for _, f := range s.findings {
		where, _ := repositoryPath(f.Location.Path)
		run.Results = append(run.Results, b.result(f, where, index[f.Rule]))
	}
	return run
}

// driver names the program.
func (b *builder) driver() *gosarif.ToolComponent {
	driver := gosarif.NewDriver(toolName).WithInformationURI(informationURI).
		WithSupportedTaxonomies(b.taxonomies.references)
	version := oneLine(b.report.Tool.Version)
	if version == "" {
		return driver
	}
	if v, ok := semanticVersion(version); ok {
		return driver.WithVersion(v).WithSemanticVersion(v)
	}
	return driver.WithVersion(version)
}

// semanticVersion returns the version as SemVer 2.0 spells it, without the "v".
func semanticVersion(version string) (string, bool) {
	bare := strings.TrimPrefix(version, "v")
	core, _, _ := strings.Cut(bare, "+")
	core, _, _ = strings.Cut(core, "-")
	return bare, semver.IsValid("v"+bare) && strings.Count(core, ".") == 2
}

// invocation says whether the run saw all it should have seen.
func (b *builder) invocation(s *section, index map[string]int) *gosarif.Invocation {
	inv := gosarif.NewInvocation()
	success := true
	for _, p := range s.problems {
		n := gosarif.NewNotification().WithLevel("note").
			WithMessage(gosarif.NewTextMessage(plain(p.text, maxMessage))).
			WithDescriptor(gosarif.NewReportingDescriptorReference().WithId(p.kind))
		if p.kind != problemNoPlace {
			success = false
			n.WithLevel("error")
		}
		if i, ok := index[p.rule]; ok {
			n.WithAssociatedRule(gosarif.NewReportingDescriptorReference().WithId(p.rule).WithIndex(i))
		}
		if where, ok := repositoryPath(p.location.Path); ok {
			p.location.Path = where
			n.AddLocation(b.location(p.location, nil))
		}
		inv.AddTToolExecutionNotification(n)
	}
	slices.SortStableFunc(inv.ToolExecutionNotifications, func(x, y *gosarif.Notification) int {
		return cmp.Or(cmp.Compare(*x.Descriptor.Id, *y.Descriptor.Id), cmp.Compare(*x.Message.Text, *y.Message.Text))
	})
	return inv.WithExecutionSuccess(success)
}

// provenance names repository and commit when both are well formed. Credentials
// in the URL are left out.
func provenance(in Input) []*gosarif.VersionControlDetails {
	address := in.RepositoryURL
	if address == "" && strings.Count(in.Report.Repository, "/") == 1 {
		address = "https://github.com/" + in.Report.Repository
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil
	}
	clean := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	details := gosarif.NewVersionControlDetails().WithRepositoryURI(clean.String()).
		WithMappedTo(gosarif.NewArtifactLocation().WithUriBaseId(sourceRoot))
	if commit := in.Report.Commit; isHex(commit) && (len(commit) == 40 || len(commit) == 64) {
		details.WithRevisionID(commit)
	}
	return []*gosarif.VersionControlDetails{details}
}

func isHex(s string) bool {
	return strings.Trim(s, "0123456789abcdef") == ""
}
