package scan

import (
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// cover counts what was expected and what was analysed of a unit's modules.
// Every Go file that the walk found below a module must be accounted for: it
// belongs to an analysed package, it is left out for a reason that is listed,
// or it is a gap.
func (s *run) cover(u *unit, mains []*pkg) {
	type account struct {
		coverage rules.ModuleCoverage
		skipped  map[string][]string
		files    map[string]bool
	}
	accounts := map[*module]*account{}
	for _, m := range u.modules {
		accounts[m] = &account{
			coverage: rules.ModuleCoverage{Path: m.path, Dir: m.dir, Go: m.goVersion},
			skipped:  map[string][]string{}, files: map[string]bool{},
		}
	}
	owning := func(rel string) *account { return accounts[s.tree.owner(rel)] }
	for _, p := range mains {
		a := owning(slashJoin(p.relative(p.Dir), "x.go"))
		if a == nil {
			continue
		}
		// Files that were left out on purpose.
		for _, base := range slices.Concat(p.TestGoFiles, p.XTestGoFiles, p.IgnoredGoFiles) {
			rel := p.relative(base)
			a.files[rel] = true
			s.leaveOut(a.skipped, rel)
		}
		if len(p.sources()) == 0 && p.listed.Error == nil {
			continue // a package of tests only
		}
		pc := rules.PackageCoverage{Path: p.ImportPath}
		r := s.analysed[p]
		sound := r != nil && len(r.Errors) == 0 && p.listed.Error == nil
		for _, base := range p.sources() {
			rel := p.relative(base)
			a.files[rel] = true
			pc.Files = append(pc.Files, printable(rel))
		}
		a.coverage.Packages.Expected++
		a.coverage.Files.Expected += len(pc.Files)
		switch {
		case sound:
			pc.Analysed, pc.Lines = true, r.Lines
			a.coverage.Packages.Analysed++
			a.coverage.Files.Analysed += len(pc.Files)
			a.coverage.Lines += r.Lines
		case p.listed.Error != nil && (r == nil || len(r.Errors) == 0):
			s.gaps = append(s.gaps, rules.Gap{Subject: p.ImportPath, Reason: "does not build: " + p.listError()})
		case r == nil:
			s.gaps = append(s.gaps, rules.Gap{Subject: p.ImportPath, Reason: "it was not analysed"})
		}
		a.coverage.PackageList = append(a.coverage.PackageList, pc)
	}
	// Folders in which every file is excluded are not listed at all.
	folders := map[string]bool{}
	for _, p := range mains {
		folders[p.relative(p.Dir)] = true
	}
	for _, rel := range s.tree.goFiles {
		a := owning(rel)
		if a == nil || a.files[rel] {
			continue
		}
		dir := path.Dir(rel)
		switch {
		case mains == nil:
			a.coverage.Files.Expected++
		case s.tree.owner(rel).ignores(rel):
			a.skipped["in a folder that go.mod tells the go command to ignore"] = append(a.skipped["in a folder that go.mod tells the go command to ignore"], rel)
		case !folders[dir] && s.leaveOut(a.skipped, rel):
		default:
			a.coverage.Files.Expected++
			s.gaps = append(s.gaps, rules.Gap{Subject: rel, Location: rules.Location{Path: rel},
				Reason: "the go command lists no package that holds it; run `go list ./...` in its folder to see why"})
		}
	}
	for _, m := range u.modules {
		a := accounts[m]
		for _, reason := range sortedKeys(a.skipped) {
			names := a.skipped[reason]
			slices.Sort(names)
			a.coverage.Skipped = append(a.coverage.Skipped, rules.SkippedSet{Reason: reason, Files: slices.Compact(names)})
		}
		slices.SortFunc(a.coverage.PackageList, func(x, y rules.PackageCoverage) int { return strings.Compare(x.Path, y.Path) })
		s.modules = append(s.modules, a.coverage)
	}
}

// leaveOut lists a Go file under the reason for which the build leaves it out
// and reports whether there is one.
func (s *run) leaveOut(skipped map[string][]string, rel string) bool {
	reason := "test code, not shipped"
	if !strings.HasSuffix(rel, "_test.go") {
		reason = whyExcluded(filepath.Join(s.tree.root, filepath.FromSlash(rel)), s.platform)
	}
	if reason == "" {
		return false
	}
	skipped[reason] = append(skipped[reason], printable(rel))
	if reason == needsCgo && !s.cgoChosen {
		s.gaps = append(s.gaps, rules.Gap{Subject: printable(rel), Location: rules.Location{Path: printable(rel)},
			Reason: "it needs cgo, which is off only because there is no C compiler; set CGO_ENABLED to what the product is built with"})
	}
	return true
}

// coverage is the account of the whole scan.
func (s *run) coverage(languages languageCount) rules.Coverage {
	c := rules.Coverage{Modules: s.modules, Languages: languages.coverage, Platform: s.platform, Gaps: slices.Concat(s.tree.gaps, s.gaps), Taught: s.taughtCoverage()}
	if c.Platform.Tags == nil {
		c.Platform.Tags = []string{}
	}
	for _, rel := range s.tree.goFiles {
		if s.tree.owner(rel) == nil {
			c.Gaps = append(c.Gaps, rules.Gap{Subject: rel, Location: rules.Location{Path: rel},
				Reason: "it belongs to no Go module; add a go.mod above it (`go mod init`)"})
		}
	}
	n := 0
	for _, m := range c.Modules {
		n += m.Packages.Expected
	}
	// Server code in other languages is no gap: each control that reads code asks
	// for an analysis of it by somebody else.
	elsewhere := s.tree.withoutGo() && len(languages.coverage) > 0
	if n == 0 && len(c.Gaps) == 0 && !elsewhere {
		c.Gaps = append(c.Gaps, rules.Gap{Subject: ".", Reason: "no Go package was found, so no rule over Go code could look at anything; scan the folder that holds go.mod"})
	}
	for _, reason := range sortedKeys(s.tree.skipped) {
		c.Skipped = append(c.Skipped, rules.SkippedSet{Reason: reason, Files: slices.Sorted(slices.Values(s.tree.skipped[reason]))})
	}
	slices.SortFunc(c.Modules, func(a, b rules.ModuleCoverage) int { return strings.Compare(a.Dir, b.Dir) })
	slices.SortFunc(c.Gaps, func(a, b rules.Gap) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Location.Path, b.Location.Path),
			cmp.Compare(a.Location.Line, b.Location.Line), cmp.Compare(a.Location.Column, b.Location.Column), cmp.Compare(a.Reason, b.Reason))
	})
	c.Gaps = slices.Compact(c.Gaps)
	if c.Gaps == nil {
		c.Gaps = []rules.Gap{}
	}
	c.Runs = s.runs(elsewhere)
	return c
}

// runs records for every verifier of this package how its run ended. elsewhere
// says that all code is in languages that are not analysed here.
func (s *run) runs(elsewhere bool) []rules.VerifierRun {
	var out []rules.VerifierRun
	for _, id := range append(s.suite.verifiers(), factsVerifier, secondLookVerifier, oauthVerifier) {
		run := rules.VerifierRun{Verifier: id, State: rules.Complete}
		from := id
		if id == oauthVerifier {
			from = factsVerifier // it reads what the facts' walk has seen
		}
		if reason, failed := s.failed[from]; failed {
			run.State, run.Reason = rules.Broken, reason
		} else if id == surfaceVerifier && s.surface != "" {
			run.State, run.Reason = rules.Broken, s.surface
		}
		out = append(out, run)
	}
	static := rules.VerifierRun{Verifier: staticVerifier, State: rules.Complete}
	if len(s.failed) > 0 {
		static.State = rules.Broken
		static.Reason = fmt.Sprintf("%d rules did not run to the end: %s", len(s.failed), strings.Join(sortedKeys(s.failed), ", "))
	}
	audit := s.audit
	switch {
	case audit.State != "":
	case s.tree.withoutGo() && s.inventory != nil && len(s.inventory.Files) > 0:
		// Every manifest and lockfile was read and names nothing.
		audit = rules.VerifierRun{Verifier: auditVerifier, State: rules.Complete}
	case elsewhere:
		audit = rules.VerifierRun{Verifier: auditVerifier, State: rules.NotRun, Reason: "no manifest or lockfile says what the code is built from; commit the lockfile of its package manager"}
	default:
		audit = rules.VerifierRun{Verifier: auditVerifier, State: rules.Broken, Reason: "there was no module to audit"}
	}
	again := audit
	again.Verifier = auditRunVerifier
	out = append(out, static, audit, again,
		rules.VerifierRun{Verifier: dueVerifier, State: rules.Complete}, rules.VerifierRun{Verifier: freshVerifier, State: rules.Complete})
	slices.SortFunc(out, func(a, b rules.VerifierRun) int { return strings.Compare(a.Verifier, b.Verifier) })
	return out
}

// Verifiers of this package besides the rules, as the catalogue names them.
const (
	staticVerifier   = "run:static-analysis"
	oauthVerifier    = "run:oauth-clients"
	auditVerifier    = "dependencies:audit"
	auditRunVerifier = "run:dependency-audit"
	dueVerifier      = "clock:due-dates"
	freshVerifier    = "clock:freshness"
)
