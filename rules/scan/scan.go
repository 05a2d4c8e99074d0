package scan

import (
	"cmp"
	"context"
	"fmt"
	goversion "go/version"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/go-github/v66/github"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/catalog"
	"github.com/staylisted/staylisted/rules/code"
	"github.com/staylisted/staylisted/rules/deps"
	"github.com/staylisted/staylisted/rules/deps/extract"
	"github.com/staylisted/staylisted/rules/evidence"
	"github.com/staylisted/staylisted/rules/evidence/reports"
	"github.com/staylisted/staylisted/rules/posture"
	"github.com/staylisted/staylisted/rules/probe"
	"github.com/staylisted/staylisted/rules/tree"
)

// Options say what to scan and with what.
type Options struct {
	// Dir is the directory to scan, usually a repository's root.
	Dir string
	// Policy is the path of a policy file to use instead of the repository's
	// own; empty looks for .github/staylisted.yml.
	Policy string
	// PolicyText, when not nil, is judged as if it stood in the repository's policy
	// file. Policy must be empty then.
	PolicyText []byte
	// Advisories is a path to OSV data (folder, zip or Go vulnerability
	// database). Empty downloads the published databases unless Offline is set.
	Advisories string
	// Offline forbids every network connection, the go command's included.
	Offline bool
	// CacheDir keeps results per package and downloaded advisories between
	// runs; empty disables the cache.
	CacheDir string
	// History looks for secrets in every commit as well, not in the files alone.
	History bool
	// Repository is the name on GitHub, "owner/name"; empty takes the origin's.
	Repository string
	// GitHub, when set, is asked for the repository's settings.
	GitHub *github.Client
	// Settings are recorded settings to judge instead of asking GitHub.
	Settings *posture.Settings
	// Probe looks at the endpoints the policy declares, from this machine.
	Probe bool
	// Prober, when set, looks at them instead.
	Prober *probe.Prober
	// ProbeRecord is a recorded probe to judge instead of looking again.
	ProbeRecord *probe.Record
	// Reports are files of other tools: SARIF, ZAP's JSON, Burp's XML.
	Reports []reports.Input
	// CI says that the scan runs in the repository's pipeline.
	CI bool
	// GitHubToken, when set, allows asking GitHub's advisories API for scores.
	GitHubToken string
	// Tags are extra build tags.
	Tags []string
	// Concurrency bounds parallel work; 0 means GOMAXPROCS.
	Concurrency int
	// Env is the environment of the go and git commands; nil means the process's.
	Env []string
	// Pack is what the catalogue knows of gosec's rules and of rules to come; nil
	// takes the embedded one.
	Pack *catalog.Pack
	// Progress, when not nil, is told what happens; it is called from one
	// goroutine at a time and must return quickly.
	Progress func(Progress)
}

// Progress tells how far a scan is.
type Progress struct {
	Stage string // "list", "load", "analyse", "audit"
	Done  int    // units finished in the stage
	Total int    // units in the stage; 0 when not known yet
	Note  string // what is being worked on, already safe for a terminal
}

// A Result is what a scan found out.
type Result struct {
	Evidence rules.Evidence
	// Rules lists every rule that ran or was to run, for documentation beside
	// the findings (SARIF lists them even when they found nothing).
	Rules []rules.Rule
	// RulePack is a digest of everything that decides what the rules find.
	RulePack string
	// Notes are things a person should know that change no verdict.
	Notes []string
	// Root is the scanned folder, absolute and without symbolic links.
	Root string
}

// gosecGoVersion is the variable from which gosec takes the module's Go version;
// without it gosec runs the go command in the process's working directory.
const gosecGoVersion = "GOSECGOVERSION"

// Run scans opts.Dir and returns the evidence as of now. An error means that
// nothing can be said at all (the directory cannot be read, the policy file is
// wrong, ctx was cancelled); everything less is a gap or a failed verifier in
// the evidence. Policy errors are of type evidence.ErrorList.
func Run(ctx context.Context, cat *rules.Catalogue, opts Options, now time.Time) (*Result, error) {
	return newRun(ctx, cat, opts, now, code.With).scan()
}

// newRun prepares a scan with the rules of our own that own returns: all, or
// what a test or benchmark makes of them.
func newRun(ctx context.Context, cat *rules.Catalogue, opts Options, now time.Time, own func(code.Options) []*code.Rule) *run {
	s := &run{ctx: ctx, catalogue: cat, opts: opts, now: now, suite: newSuite(own(code.Options{})), own: own, data: opts.Pack, cache: cache{opts.CacheDir}}
	if opts.CacheDir != "" {
		s.cache.dir = filepath.Join(opts.CacheDir, "packages")
	}
	return s
}

// scan does what [Run] says.
func (s *run) scan() (*Result, error) {
	defer tuneCollector()()
	ctx, opts := s.ctx, &s.opts
	var err error
	if s.data == nil {
		if s.data, err = catalog.LoadPack(); err != nil {
			return nil, fmt.Errorf("reading the embedded catalogue: %w", err)
		}
	}
	s.progress("list", 0, 0, "looking for Go modules")
	if s.tree, err = discover(ctx, opts.Dir); err != nil {
		return nil, err
	}
	if err := s.readPolicy(); err != nil {
		return nil, err
	}
	s.prepare()
	for _, u := range s.tree.units {
		if err := s.unit(u); err != nil {
			return nil, err
		}
	}
	s.audited.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.auditLockfiles()
	s.cache.trim(time.Now())
	return s.finish(), nil
}

// tuneCollector trades memory for time within what the machine has, unless the
// user has set limits, and returns what undoes it.
func tuneCollector() (restore func()) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	percent := debug.SetGCPercent(400)
	limit := debug.SetMemoryLimit(memoryLimit())
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}

// A run is the state of one Run. The goroutine that called Run owns all
// fields, but for what the two mutexes guard.
type run struct {
	ctx       context.Context
	catalogue *rules.Catalogue
	opts      Options
	now       time.Time
	suite     *suite
	own       func(code.Options) []*code.Rule
	data      *catalog.Pack
	cache     cache

	tree   *walk
	policy *evidence.File // nil without a policy file
	taught []*taughtName  // what its teach section names
	// unlisted is true when the packages of some unit are not known.
	unlisted bool
	git      *gitTree
	pack     string

	// What reads no Go code runs beside the analysis.
	gathering gathering
	repoTree  *tree.Tree
	root      *os.Root // the scanned folder, for reading; closed at the end

	// Lockfiles are read and advisories opened beside the first listing.
	audited   sync.WaitGroup
	inventory *extract.Inventory
	db        *deps.Database
	dbProblem string

	// Licences are read beside the analysis.
	licences  licences
	goModules []deps.Module
	// unlistedUnits are the Go modules whose dependencies are not known.
	unlistedUnits []rules.Gap

	report   sync.Mutex // held while Progress runs
	mu       sync.Mutex // held while add runs on analysing goroutines
	analysed map[*pkg]*packageResult
	results  []*packageResult
	failed   map[string]string // verifier -> reason, over all packages
	notes    []string
	gaps     []rules.Gap
	surface  string // why routes and API documents could not be compared

	through map[string]string // fact -> third-party package that may stand behind it

	modules  []rules.ModuleCoverage
	platform rules.Platform
	// cgoChosen is true when somebody said whether cgo is on.
	cgoChosen bool
	audit     rules.VerifierRun
	findings  []rules.Finding // of the audit
	advisory  []rules.Rule
	parts     []rules.Component
}

func (s *run) progress(stage string, done, total int, note string) {
	if s.opts.Progress == nil {
		return
	}
	s.report.Lock()
	defer s.report.Unlock()
	s.opts.Progress(Progress{stage, done, total, printable(note)})
}

// readPolicy finds and parses the policy file.
func (s *run) readPolicy() error {
	name, src := s.opts.Policy, []byte(nil)
	var err error
	switch {
	case s.opts.PolicyText != nil:
		name, src = evidence.PolicyPath, s.opts.PolicyText
	case name != "":
		// One byte more, so that the parser can tell that the file is too large.
		src, err = readRegular(name, evidence.MaxSize+1)
	default:
		var ok bool
		name, src, ok, err = evidence.Find(os.DirFS(s.tree.root))
		if err == nil && !ok {
			s.notePolicyLookalikes()
			return nil
		}
	}
	if err != nil {
		return evidence.ErrorList{{File: cmp.Or(name, evidence.PolicyPath), Pos: evidence.Pos{Line: 1, Column: 1},
			Message: "cannot be read", Advice: printable(err.Error())}}
	}
	var ids []string
	for _, r := range s.rules() {
		ids = append(ids, r.ID, rules.Family(r.ID))
	}
	for _, r := range s.data.Planned {
		ids = append(ids, r.ID) // a policy may be ahead of this version
	}
	slices.Sort(ids)
	file, errs := evidence.Parse(name, src, evidence.KnownFrom(s.catalogue, slices.Compact(ids), s.now))
	if err := errs.Err(); err != nil {
		return errs
	}
	s.policy = file
	s.taught = taughtNames(file)
	for _, note := range file.Notes {
		s.notes = append(s.notes, note.Error())
	}
	return nil
}

// notePolicyLookalikes tells about files that were probably meant to be the
// policy file.
func (s *run) notePolicyLookalikes() {
	for _, rel := range s.tree.files {
		base := strings.ToLower(path.Base(rel))
		if (base == "staylisted.yml" || base == "staylisted.yaml") && (path.Dir(rel) == "." || path.Dir(rel) == ".github") {
			s.notes = append(s.notes, fmt.Sprintf("%s is not read: the policy file is %s", printable(rel), evidence.PolicyPath))
		}
	}
}

// rules lists the metadata of every rule.
func (s *run) rules() []rules.Rule {
	var all []rules.Rule
	for _, e := range s.data.Gosec.Entries {
		all = append(all, e.Rule)
	}
	for _, r := range s.suite.own {
		all = append(all, r.Metadata()...)
	}
	return slices.Concat(all, DirectiveRules(), GatheredRules())
}

// prepare starts what runs beside the listing.
func (s *run) prepare() {
	s.failed = map[string]string{}
	s.analysed = map[*pkg]*packageResult{}
	s.through = map[string]string{}
	opts := codeOptions(s.policy)
	s.suite.own = s.own(opts)
	s.pack = enginePack(s.suite.verifiers(), optionFields(opts))
	if os.Getenv(gosecGoVersion) == "" && len(s.tree.modules) > 0 {
		// gosec keeps one version for the whole process; the oldest of the
		// modules makes it look for most.
		oldest := s.tree.modules[0].goVersion
		for _, m := range s.tree.modules[1:] {
			if goversion.Compare("go"+m.goVersion, "go"+oldest) < 0 {
				oldest = m.goVersion
			}
		}
		os.Setenv(gosecGoVersion, "go"+oldest)
	}
	s.git = readGit(s.ctx, s.tree.root, s.opts.Env)
	s.gaps = append(s.gaps, s.git.absent()...)
	s.gather()
	s.audited.Go(s.readLockfiles)
}

// unit scans one module or workspace. Only the end of ctx is an error.
func (s *run) unit(u *unit) error {
	name := u.modules[0].path
	cmd, done, err := newGoCommand(s.tree.root, u, s.opts.Env, s.opts.Offline)
	if err != nil {
		return err
	}
	defer done()
	s.progress("list", 0, 0, "listing the packages of "+name)
	env, err := cmd.environment(s.ctx)
	if err == nil {
		var list []*listed
		if list, err = cmd.withoutIndex(env).list(s.ctx, u, env, s.opts.Tags); err == nil {
			return s.packages(u, cmd, env, list)
		}
	}
	if s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	s.unlisted = true
	s.gap(name, slashJoin(u.dir, "go.mod"), "its packages could not be listed: "+listAdvice(strings.ReplaceAll(err.Error(), s.tree.root+string(filepath.Separator), "")))
	s.cover(u, nil)
	s.auditGap("the packages of " + name + " could not be listed")
	s.unlistedUnits = append(s.unlistedUnits, rules.Gap{Subject: printable(name), Reason: "its packages could not be listed"})
	return nil
}

// listAdvice adds what to do to a go command's message.
func listAdvice(text string) string {
	text = strings.TrimPrefix(text, "go: ")
	if strings.Contains(text, "requires go >= ") {
		return firstLine(text) + "; install that Go version, or allow the go command to fetch it (GOTOOLCHAIN=auto)"
	}
	return cut(strings.Join(strings.Fields(text), " "), 600)
}

func (s *run) gap(subject, path, reason string) {
	s.gaps = append(s.gaps, rules.Gap{Subject: printable(subject), Reason: reason, Location: rules.Location{Path: printable(path)}})
}

// auditGap records why the dependency audit is not complete; the first reason
// stays.
func (s *run) auditGap(reason string) {
	if s.audit.State != rules.Broken {
		s.audit = rules.VerifierRun{Verifier: deps.Verifier, State: rules.Broken, Reason: reason}
	}
}

// packages analyses the listed packages of a unit and audits what they are
// built from.
func (s *run) packages(u *unit, cmd goCommand, env goEnv, list []*listed) error {
	s.platform = rules.Platform{GOOS: env.GOOS, GOARCH: env.GOARCH, Cgo: env.CGO_ENABLED == "1",
		Tags: append(env.tags(), s.opts.Tags...), GoVersion: env.GOVERSION}
	s.cgoChosen = s.platform.Cgo || slices.ContainsFunc(cmd.env, func(v string) bool { return strings.HasPrefix(v, "CGO_ENABLED=") })
	if have := runtime.Version(); goversion.Compare(goversion.Lang(env.GOVERSION), goversion.Lang(have)) > 0 {
		s.gap(u.modules[0].path, slashJoin(u.dir, "go.mod"), fmt.Sprintf(
			"it builds with %s, but this program was built with %s and cannot read that version's code; use a release of staylisted built with %s or later",
			env.GOVERSION, have, goversion.Lang(env.GOVERSION)))
		s.unlisted = true
		for _, p := range list {
			p.GoFiles, p.CgoFiles = nil, nil
		}
	}
	lookUp(s.taught, list)
	s.lookThrough(u, list)
	s.replacedFolders(u, list)
	audit := s.auditUnit(u, env, list)
	vulnerable := vulnerableClosure(list, audit.Hits)

	// Keys and cached results first: they decide how much must be loaded.
	l := newLoader(s.tree.root, u, list, env, workers(s.opts.Concurrency), func(*listed) bool { return false })
	k := newKeys(l, s.pack, env, s.opts.Tags)
	missing := map[*pkg]string{}
	var mains []*pkg
	for _, p := range l.order {
		if !p.main {
			continue
		}
		mains = append(mains, p)
		if len(p.sources()) == 0 && p.listed.Error == nil {
			continue
		}
		key := k.of(p)
		cached := new(packageResult)
		if key != "" && s.cache.get(key, cached) && slices.Equal(cached.Files, p.relativeSources()) {
			s.add(p, cached)
			continue
		}
		missing[p] = key
	}
	calls := map[string]deps.Call{}
	reachKey := ""
	reachOpen := len(vulnerable.targets) > 0
	if reachOpen {
		reachKey = k.closureKey(l.members(vulnerable), vulnerable.questions())
		reachOpen = reachKey == "" || !s.cache.get(reachKey, &calls)
	}
	for _, p := range l.order {
		_, miss := missing[p]
		p.full = miss || reachOpen && (p.main || vulnerable.paths[p.ImportPath])
	}
	s.progress("load", 0, len(missing), "reading packages")
	if err := l.parse(s.ctx); err != nil {
		return err
	}
	done := 0
	err := l.check(s.ctx, func(p *pkg) {
		if key, miss := missing[p]; miss {
			r := s.suite.analyse(l, p)
			if key != "" && len(r.Failed) == 0 && len(r.Errors) == 0 {
				s.cache.put(key, r)
			}
			s.mu.Lock()
			s.add(p, r)
			done++
			n := done
			s.mu.Unlock()
			s.progress("analyse", n, len(missing), p.ImportPath)
		}
		p.text = nil
		if !reachOpen {
			p.files, p.info = nil, nil
		}
	})
	if err != nil {
		return err
	}
	// A package that was never reached for checking (an import cycle) has no
	// result yet.
	for p := range missing {
		if p.waiting > 0 || p.needs == nil {
			s.add(p, &packageResult{Errors: p.errs})
		}
	}
	if reachOpen {
		s.progress("audit", 0, len(vulnerable.targets), "following calls to vulnerable functions")
		answers, notes := reachability(s.ctx, l, vulnerable, memoryLimit())
		if err := s.ctx.Err(); err != nil {
			return err
		}
		calls = answers
		s.notes = append(s.notes, notes...)
		if reachKey != "" && len(notes) == 0 {
			s.cache.put(reachKey, calls)
		}
	}
	s.findings = append(s.findings, audit.Findings(calls)...)
	s.cover(u, mains)
	clear(s.analysed) // or it keeps this unit's types in memory
	return nil
}

// replacedFolders finds code that is built from a folder which is no module of
// this scan: outside the scanned folder, or where modules are not looked for.
func (s *run) replacedFolders(u *unit, list []*listed) {
	seen := map[string]bool{}
	for _, p := range list {
		if p.Standard || p.Module == nil || p.Module.Main || p.Module.Replace == nil || p.Module.Replace.Version != "" || seen[p.Module.Path] {
			continue
		}
		seen[p.Module.Path] = true
		if r := replacement(s.tree, p.Module.Replace); !r.Scanned {
			s.gap(p.Module.Path, slashJoin(u.modules[0].dir, "go.mod"), fmt.Sprintf(
				"it is built from the folder %s, which this scan does not analyse; scan a folder that holds it too, or require a released version", printable(r.Path)))
		}
	}
}

// behind says which facts a package could make true by reaching into the
// standard library on the program's behalf.
var behind = map[string][]string{
	"database/sql": {code.FactSQL, code.FactStoresData},
	"net":          {code.FactOutbound, code.FactNoSQL, code.FactStoresData},
	"net/http":     {code.FactHTTPServer, code.FactOutbound, code.FactGraphQL},
}

// lookThrough finds third-party packages that main packages import and that
// reach, through packages of any module, what decides a fact. Our lists of
// servers, drivers and clients name the common ones; what they do not name must
// not make a fact false.
func (s *run) lookThrough(u *unit, list []*listed) {
	reaches := map[string]map[string]bool{} // package -> standard packages it reaches
	byPath := map[string]*listed{}
	for _, p := range list { // dependencies first
		byPath[p.ImportPath] = p
		if p.Standard {
			continue
		}
		set := map[string]bool{}
		for _, path := range p.Imports {
			if _, decides := behind[path]; decides {
				set[path] = true
			}
			for std := range reaches[path] {
				set[std] = true
			}
		}
		reaches[p.ImportPath] = set
	}
	for _, p := range list {
		if !isMain(u, p) {
			continue
		}
		for _, path := range p.Imports {
			if q := byPath[path]; q == nil || q.Standard || isMain(u, q) {
				continue
			}
			for std := range reaches[path] {
				for _, fact := range behind[std] {
					if old, ok := s.through[fact]; !ok || path < old {
						s.through[fact] = path
					}
				}
			}
		}
	}
}

// auditUnit holds a unit's modules against the advisories.
func (s *run) auditUnit(u *unit, env goEnv, list []*listed) *deps.Result {
	s.audited.Wait()
	q := query(s.tree, u, list, env)
	s.readLicences(u, env, list, q.Modules)
	r := deps.Audit(s.db, q, s.now)
	s.take(r)
	for _, p := range list {
		if p.DepOnly && !p.Standard && p.Module == nil && p.Error != nil {
			s.auditGap(fmt.Sprintf("the import %s could not be resolved, so its module is not known", printable(p.ImportPath)))
		}
	}
	return r
}

// take takes in the result of an audit.
func (s *run) take(r *deps.Result) {
	if s.db == nil && s.dbProblem != "" {
		r.Gaps = []rules.Gap{{Subject: "advisory data", Reason: s.dbProblem}}
	}
	adopt(s.ctx, s.git, r)
	if problem := enrich(s.ctx, &s.opts, r, s.now); problem != "" {
		s.notes = append(s.notes, problem)
	}
	s.notes = append(s.notes, r.Notes...)
	for _, w := range r.Withdrawn {
		s.notes = append(s.notes, "withdrawn advisory left out: "+w)
	}
	if run := r.Run(); run.State != rules.Complete {
		s.auditGap(run.Reason)
	} else if s.audit.State == "" {
		s.audit = run
	}
	s.parts = append(s.parts, r.Components...)
	s.advisory = append(s.advisory, r.Rules()...)
}

// add takes one package's result in. The caller keeps others out.
func (s *run) add(p *pkg, r *packageResult) {
	s.results = append(s.results, r)
	s.analysed[p] = r
	for id, reason := range r.Failed {
		reason = fmt.Sprintf("%s on package %s", reason, p.ImportPath)
		if old, ok := s.failed[id]; !ok || reason < old {
			s.failed[id] = reason
		}
	}
	s.gaps = append(s.gaps, r.Errors...)
}
