package deps

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/semver"

	"github.com/staylisted/staylisted/rules"
)

// Verifier is the name under which an audit reports whether it ran to the end.
const Verifier = "dependencies:audit"

// MaxAge is the age from which an audit no longer relies on advisory data
// (catalogue §2.7).
const MaxAge = 7 * 24 * time.Hour

// A Module is one module of a build list, or [Stdlib] or [Toolchain] with a Go
// version, or one package that a lockfile of another ecosystem names. Main
// modules and packages of the repository itself are not listed: they are the
// product.
type Module struct {
	// Ecosystem is its OSV name; empty means [Go].
	Ecosystem string
	Path      string // name in the ecosystem; for Maven "group:artifact"
	Version   string // as required, "v1.2.3"; for Stdlib and Toolchain "go1.26.8"
	// Replace is what is built instead; nil when the module is not replaced.
	Replace *Replacement
	Scope   string // "production" (also when empty), "test" or "tool"
	Direct  bool   // named by the main module itself
	// Manifest is the go.mod or lockfile that brings it in, relative to the
	// repository.
	Manifest string
	// Location is the line that sets the version; see [Manifest].
	Location rules.Location
	// Adopted is when this version entered the repository; zero when not known.
	Adopted time.Time
	// Licence is an SPDX licence expression or [NoAssertion]; empty when nobody
	// has looked.
	Licence string
}

// spelling says how the module's versions are written.
func (m *Module) spelling() spelling {
	path, _ := m.built()
	return spelling{m.ecosystem(), path}
}

func (m *Module) ecosystem() string { return cmp.Or(m.Ecosystem, Go) }

// A Replacement is the target of a replace directive.
type Replacement struct {
	Path    string // module path, or a folder
	Version string // empty when Path is a folder
	// Scanned marks a folder whose module belongs to the repository and is
	// analysed as its own code. Such a module needs no advisory.
	Scanned bool
}

// identity is the module's part of a finding's identity. A Go module's is its
// path alone; other ecosystems' names may be the same as each other's.
func (m *Module) identity() string {
	path, _ := m.built()
	if m.ecosystem() == Go {
		return path
	}
	return m.Ecosystem + ":" + NormalName(m.Ecosystem, path)
}

// shipped reports whether the module is part of the product.
func (m *Module) shipped() bool { return m.Scope == "" || m.Scope == "production" }

// goItself reports whether the module stands for Go's own standard library or
// toolchain.
func (m *Module) goItself() bool {
	return m.ecosystem() == Go && (m.Path == Stdlib || m.Path == Toolchain)
}

// built returns the path and version of what is really compiled.
func (m *Module) built() (path, version string) {
	if m.Replace != nil {
		return m.Replace.Path, m.Replace.Version
	}
	return m.Path, m.Version
}

// Component returns the module as the report lists it.
func (m *Module) Component() rules.Component {
	c := rules.Component{Ecosystem: m.ecosystem(), Name: m.Path, Version: m.Version, Scope: cmp.Or(m.Scope, "production"),
		Direct: m.Direct, Manifest: m.Manifest, Licence: m.Licence}
	if m.Replace != nil {
		c.Replaces = m.Path + "@" + m.Version
		c.Version = m.Replace.Version
		// A folder is no name another tool could look up.
		if m.Replace.Version != "" {
			c.Name = m.Replace.Path
		}
	}
	return c
}

// A Query says what to audit.
type Query struct {
	Modules []Module
	// Imported maps the import path of every package in the import graph of the
	// shipped main packages to the path of its module (before replacement;
	// Stdlib for standard packages). Nil: not known.
	Imported map[string]string
	// GOOS and GOARCH are the platform the packages were selected for; empty
	// matches every one.
	GOOS, GOARCH string
}

// ecosystems lists the ecosystems of the modules, sorted.
func (q *Query) ecosystems() []string {
	var list []string
	for i := range q.Modules {
		list = append(list, q.Modules[i].ecosystem())
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// A Result is what an audit found out.
type Result struct {
	// Hits are the advisories that affect a module, ordered by module, then id.
	Hits []Hit
	// Gaps are what could not be judged. Any gap makes the audit incomplete.
	Gaps []rules.Gap
	// Notes are things worth knowing that change no verdict.
	Notes []string
	// Withdrawn names advisories that would hit a module had they not been
	// withdrawn ("GO-2024-2567@github.com/jackc/pgx/v5"), sorted.
	Withdrawn  []string
	Components []rules.Component
	Source     rules.AdvisorySource
}

// A Hit is one vulnerability of one module.
type Hit struct {
	Key    string   // fingerprint, see rules.AdvisoryKey
	Rule   string   // the id the vulnerability is shown under
	IDs    []string // the whole alias set, sorted
	Module Module
	// Affected are the records that name the module and cover its version.
	Affected []*Advisory
	// Known are all records of the alias set that are in force, whatever
	// package they name: scores and weaknesses are read from them.
	Known []*Advisory
	// Fixed is the lowest version above the one in use that no record covers,
	// as users spell it ("v0.3.7", "go1.21.5"); empty when there is none.
	Fixed string
	// Packages are the vulnerable packages of the module. It is empty when the
	// records name none and the imported packages are not known.
	Packages []VulnerablePackage
	// Scores from elsewhere, added by [Result.Enrich].
	answer Answer
}

// A VulnerablePackage is where an engine looks for calls.
type VulnerablePackage struct {
	Path string // as the program imports it
	// Symbols are "Func" or "Type.Method"; empty means that the whole package
	// is vulnerable.
	Symbols  []string
	Imported bool // it is in Query.Imported
}

// Imported reports whether the program imports a vulnerable package. If not,
// there is nothing to search a call path to.
func (h *Hit) Imported() bool {
	return slices.ContainsFunc(h.Packages, func(p VulnerablePackage) bool { return p.Imported })
}

// Audit holds modules against advisory data. It is a function of its arguments
// and the files behind db, and orders its results by itself. A nil db is
// missing data: the result has no hit and a gap.
func Audit(db *Database, q Query, now time.Time) *Result {
	r := &Result{}
	for i := range q.Modules {
		r.Components = append(r.Components, q.Modules[i].Component())
	}
	slices.SortFunc(r.Components, func(a, b rules.Component) int {
		return cmp.Or(cmp.Compare(a.Ecosystem, b.Ecosystem), cmp.Compare(a.Name, b.Name), semver.Compare(a.Version, b.Version), cmp.Compare(a.Version, b.Version),
			cmp.Compare(a.Manifest, b.Manifest), cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Replaces, b.Replaces))
	})
	r.Components = slices.Compact(r.Components)
	if db == nil {
		r.gap("advisory data", "there is none: name a folder or zip of OSV data, or allow the download")
		return r
	}
	r.Source = db.Source()
	r.Gaps = append(r.Gaps, db.Gaps()...)
	r.Gaps = append(r.Gaps, db.lacking(q.ecosystems(), now)...)
	a := &audit{db: db, query: q, now: now, result: r}
	for i := range q.Modules {
		a.module(&q.Modules[i])
	}
	slices.SortFunc(r.Hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Module.Path, b.Module.Path), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Module.Ecosystem, b.Module.Ecosystem),
			cmp.Compare(a.Module.Manifest, b.Module.Manifest), cmp.Compare(a.Module.Version, b.Module.Version))
	})
	slices.Sort(r.Withdrawn)
	r.Withdrawn = slices.Compact(r.Withdrawn)
	slices.SortFunc(r.Gaps, func(a, b rules.Gap) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Reason, b.Reason))
	})
	r.Gaps = slices.Compact(r.Gaps)
	slices.Sort(r.Notes)
	return r
}

// stale says why data of this age can no longer be relied on.
func stale(s rules.AdvisorySource, now time.Time) string {
	of := s.Modified
	if s.Checked.After(of) {
		of = s.Checked
	}
	switch {
	case of.IsZero():
		return "it has no date: add a db.json with {\"modified\": \"<date>\"} beside the records"
	case now.Sub(of) >= MaxAge:
		return fmt.Sprintf("it is of %s, %d days old or more: fetch it again", of.UTC().Format(time.DateOnly), int(MaxAge.Hours()/24))
	}
	return ""
}

// Run says whether the audit ran to the end.
func (r *Result) Run() rules.VerifierRun {
	run := rules.VerifierRun{Verifier: Verifier, State: rules.Complete}
	if len(r.Gaps) > 0 {
		run.State = rules.Broken
		run.Reason = r.Gaps[0].Subject + ": " + r.Gaps[0].Reason
		if more := len(r.Gaps) - 1; more > 0 {
			run.Reason += fmt.Sprintf(" (and %d more)", more)
		}
	}
	return run
}

func (r *Result) gap(subject, reason string) {
	r.Gaps = append(r.Gaps, rules.Gap{Subject: subject, Reason: reason})
}

// audit is the state of one Audit.
type audit struct {
	db     *Database
	query  Query
	now    time.Time
	result *Result
}

// module audits one module.
func (a *audit) module(m *Module) {
	path, version := m.built()
	gap := func(reason string) {
		a.result.Gaps = append(a.result.Gaps, rules.Gap{Subject: m.Path, Reason: reason, Location: m.Location})
	}
	if version == "" {
		switch {
		case m.Replace != nil && m.Replace.Scanned:
			a.result.Notes = append(a.result.Notes, fmt.Sprintf("%s is replaced by the folder %s of this repository and analysed as its code", m.Path, m.Replace.Path))
		case m.Replace != nil:
			gap(fmt.Sprintf("is replaced by the folder %s, which has no version that advisories could be held against: replace it by a module with a version", m.Replace.Path))
		default:
			gap("has no version that advisories could be held against")
		}
		return
	}
	v, ok := m.spelling().canonical(version)
	if !ok {
		gap(fmt.Sprintf("%q is no released version, so advisories cannot be held against it", version))
		return
	}
	records, gaps := a.naming(m, path)
	a.result.Gaps = append(a.result.Gaps, gaps...)
	a.withdrawn(m, path, v, records)
	kin := a.kin(records)
	named := make([]rules.AliasRecord, len(kin))
	for i, r := range kin {
		named[i] = rules.AliasRecord{ID: r.ID, Aliases: r.Aliases}
		if slices.Contains(records, r) {
			named[i].Package = path
		}
	}
	for _, set := range rules.MergeAliases(named) {
		if set.Package != path {
			continue
		}
		var known []*Advisory
		for _, r := range kin {
			if slices.Contains(set.IDs, r.ID) {
				known = append(known, r)
			}
		}
		slices.SortFunc(known, func(a, b *Advisory) int { return cmp.Compare(a.ID, b.ID) })
		a.set(m, path, v, known, set.IDs, gap)
	}
}

// A statement is a record's word about the module at hand.
type statement struct {
	record *Advisory
	about  *Affected
}

// naming returns the records that speak of a module: those that name it, and
// those that name an imported package of it, as some of GitHub's do.
func (a *audit) naming(m *Module, path string) ([]*Advisory, []rules.Gap) {
	records, gaps := a.db.Naming(m.ecosystem(), path)
	if m.ecosystem() != Go {
		return records, gaps
	}
	if a.query.Imported == nil || m.goItself() {
		return records, gaps
	}
	for _, name := range a.db.within(Go, path+"/") {
		if a.query.Imported[m.Path+strings.TrimPrefix(name, path)] != m.Path {
			continue
		}
		more, g := a.db.Naming(Go, name)
		gaps = append(gaps, g...)
		for _, r := range more {
			if !slices.Contains(records, r) {
				records = append(records, r)
			}
		}
	}
	return records, gaps
}

// kin returns the records, withdrawn ones left out, and every record in force
// that may be the same vulnerability as one of them: reached over ids and
// aliases in either direction, any number of steps. rules.MergeAliases decides
// about them.
func (a *audit) kin(records []*Advisory) []*Advisory {
	var kin []*Advisory
	in := map[string]bool{}
	add := func(list []*Advisory) {
		for _, r := range list {
			if !in[r.ID] && r.InForce(a.now) {
				in[r.ID] = true
				kin = append(kin, r)
			}
		}
	}
	add(records)
	asked := map[string]bool{}
	for i := 0; i < len(kin); i++ {
		for _, id := range append([]string{kin[i].ID}, kin[i].Aliases...) {
			if asked[id] {
				continue
			}
			asked[id] = true
			more, gaps := a.db.Mentioning(id)
			a.result.Gaps = append(a.result.Gaps, gaps...)
			add(more)
		}
	}
	return kin
}

// set judges one vulnerability against one module. known are the records of
// its alias set, ids all its names.
func (a *audit) set(m *Module, path, v string, known []*Advisory, ids []string, gap func(string)) {
	var covering []statement // of our package, covering the version
	var spoken []statement   // of our package
	for _, r := range known {
		for i := range r.Affected {
			f := &r.Affected[i]
			if f.Ecosystem != m.ecosystem() || !a.about(m, path, f.Package) {
				continue
			}
			in, err := f.affects(v)
			if err != nil {
				gap(fmt.Sprintf("%s cannot be held against %s: %v", r.ID, m.spelling().display(v), err))
				continue
			}
			spoken = append(spoken, statement{r, f})
			if in {
				covering = append(covering, statement{r, f})
			}
		}
	}
	if len(covering) == 0 {
		return
	}
	packages, here := a.packages(m, path, covering)
	if !here {
		return // only on other platforms
	}
	hit := Hit{Module: *m, IDs: ids, Known: known, Packages: packages, Fixed: fix(m.spelling(), v, spoken),
		Rule: preferred(ids), Key: rules.AdvisoryKey(ids, m.identity())}
	for _, s := range covering {
		if !slices.Contains(hit.Affected, s.record) {
			hit.Affected = append(hit.Affected, s.record)
		}
	}
	a.result.Hits = append(a.result.Hits, hit)
}

// withdrawn notes which of a module's records would cover it and are withdrawn.
func (a *audit) withdrawn(m *Module, path, v string, records []*Advisory) {
	for _, r := range records {
		if r.InForce(a.now) {
			continue
		}
		for i := range r.Affected {
			f := &r.Affected[i]
			if f.Ecosystem != m.ecosystem() || !a.about(m, path, f.Package) {
				continue
			}
			if in, err := f.affects(v); in && err == nil {
				a.result.Withdrawn = append(a.result.Withdrawn, r.ID+"@"+m.Path)
			}
		}
	}
}

// about reports whether a name in a record means the module: its path, or the
// import path of a package of it that the program imports.
func (a *audit) about(m *Module, path, name string) bool {
	if name == path {
		return true
	}
	if m.ecosystem() != Go {
		return NormalName(m.Ecosystem, name) == NormalName(m.Ecosystem, path)
	}
	rest, ok := strings.CutPrefix(name, path+"/")
	return ok && a.query.Imported[m.Path+"/"+rest] == m.Path
}

// packages returns the vulnerable packages among the statements that cover the
// module's version. It reports false when statements name packages and all of
// those are for other platforms.
func (a *audit) packages(m *Module, path string, covering []statement) ([]VulnerablePackage, bool) {
	if m.ecosystem() != Go {
		return nil, true // other records name no packages that a program could import
	}
	symbols := map[string][]string{} // nil: the whole package
	named := false
	for _, s := range covering {
		imports := s.about.Imports
		if len(imports) == 0 && s.about.Package != path {
			imports = []Import{{Path: s.about.Package}}
		}
		for _, imp := range imports {
			named = true
			if !matches(a.query.GOOS, imp.GOOS) || !matches(a.query.GOARCH, imp.GOARCH) {
				continue
			}
			// Records spell import paths of what is built; the program those
			// of what was replaced.
			pkg := imp.Path
			if !m.goItself() && (pkg == path || strings.HasPrefix(pkg, path+"/")) {
				pkg = m.Path + strings.TrimPrefix(pkg, path)
			}
			before, seen := symbols[pkg]
			switch {
			case len(imp.Symbols) == 0, seen && before == nil:
				symbols[pkg] = nil
			default:
				symbols[pkg] = append(before, imp.Symbols...)
			}
		}
	}
	if named && len(symbols) == 0 {
		return nil, false
	}
	if !named {
		for pkg, module := range a.query.Imported {
			if module == m.Path {
				symbols[pkg] = nil
			}
		}
	}
	var list []VulnerablePackage
	for pkg, names := range symbols {
		slices.Sort(names)
		_, imported := a.query.Imported[pkg]
		list = append(list, VulnerablePackage{Path: pkg, Symbols: slices.Compact(names), Imported: imported})
	}
	slices.SortFunc(list, func(a, b VulnerablePackage) int { return cmp.Compare(a.Path, b.Path) })
	return list, true
}

func matches(have string, listed []string) bool {
	return have == "" || len(listed) == 0 || slices.Contains(listed, have)
}

// fix returns the lowest fixed version above v that none of the statements
// covers.
func fix(how spelling, v string, spoken []statement) string {
	type candidate struct{ text, canonical string }
	var candidates []candidate
	for _, s := range spoken {
		for _, r := range s.about.Ranges {
			for _, e := range r.Events {
				if r.Type == "GIT" || e.Fixed == "" {
					continue
				}
				if c, ok := how.canonical(e.Fixed); ok && how.compare(c, v) > 0 {
					candidates = append(candidates, candidate{e.Fixed, c})
				}
			}
		}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return how.compare(a.canonical, b.canonical) })
	for _, c := range candidates {
		covered := slices.ContainsFunc(spoken, func(s statement) bool {
			in, err := s.about.affects(c.canonical)
			return in || err != nil
		})
		if !covered {
			return how.display(c.text)
		}
	}
	return ""
}

// preferred chooses the id a vulnerability is shown under: GitHub's, because
// partners meet it in alerts and policies name it; then the CVE's; then that of
// the Go vulnerability database; then any. Of several of one kind the smallest,
// so that the choice does not depend on the order of records.
func preferred(ids []string) string {
	for _, kind := range []string{"GHSA-", "CVE-", "GO-", ""} {
		for _, id := range ids {
			if strings.HasPrefix(id, kind) {
				return id
			}
		}
	}
	return ""
}
