package scan

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/catalog"
	"github.com/staylisted/staylisted/rules/code"
	"github.com/staylisted/staylisted/rules/deps"
)

// Ids of the rules about suppression comments and about what a policy teaches.
const (
	invalidDirective   = "SUP001"
	unusedDirective    = "SUP002"
	misplacedDirective = "SUP003"
	foreignDirective   = "SUP004"
	uselessTeaching    = "SUP005"
)

// DirectiveRules describes what is said about suppression comments and about
// the names a policy teaches.
func DirectiveRules() []rules.Rule {
	return []rules.Rule{
		{ID: invalidDirective, Name: "invalid-suppression", Title: "Suppression comment that suppresses nothing", Class: rules.Informational, Tool: "staylisted",
			Flags:       "A `#nosec` or `//staylisted:ignore` comment without a rule id, without a reason, whose `until` is over, or that cannot be read.",
			Safe:        "A comment that names the rules it excuses and says why.",
			Remediation: "Name the rule and the reason: `// #nosec G402 -- the peer is pinned below`.",
			Wrong:       "// #nosec", Right: "// #nosec G402 -- the peer certificate is pinned in VerifyConnection"},
		{ID: unusedDirective, Name: "unused-suppression", Title: "Suppression comment without a finding", Class: rules.Informational, Tool: "staylisted",
			Flags:       "A suppression comment at a place where its rules find nothing.",
			Safe:        "Removing the comment.",
			Remediation: "Remove the comment, so that it does not hide a later finding.",
			Wrong:       "x := 1 // #nosec G402 -- no longer needed", Right: "x := 1"},
		{ID: misplacedDirective, Name: "misplaced-suppression", Title: "Suppression comment in the wrong place", Class: rules.Informational, Tool: "staylisted",
			Flags:       "A suppression comment that covers no finding of its rules, while one stands close by: above a function whose body holds it, at the top of the file, some lines away, or inside another comment's text.",
			Safe:        "A comment at the end of the line that is reported, or directly above its statement.",
			Remediation: "Move the comment to the statement it is about. It covers the statement, field or specification it belongs to; above a function only the function's first line.",
			Wrong:       "// #nosec G401 -- etags only\nfunc etag(b []byte) [16]byte {\n\treturn md5.Sum(b)\n}",
			Right:       "func etag(b []byte) [16]byte {\n\treturn md5.Sum(b) // #nosec G401 -- etags only\n}"},
		{ID: foreignDirective, Name: "nolint-suppression", Title: "Comment silences gosec in golangci-lint only", Class: rules.Informational, Tool: "staylisted",
			Flags:       "A `//nolint:gosec` comment, and a bare `//nolint` on a line that is reported. golangci-lint heeds it, gosec itself and this scan do not: what it hides there is still found here.",
			Safe:        "A `#nosec` comment with id and reason, which all of them heed.",
			Remediation: "Replace the comment by `// #nosec G402 -- why it is safe here`, or mend what it hides.",
			Wrong:       "conf.InsecureSkipVerify = true //nolint:gosec", Right: "conf.InsecureSkipVerify = true // #nosec G402 -- the peer certificate is pinned in VerifyConnection"},
		{ID: uselessTeaching, Name: "taught-name-unknown", Title: "Name under teach that nothing has", Class: rules.Informational, Tool: "staylisted",
			Flags:       "An entry of `teach` in the policy file whose package is not part of the build, or whose package has no such function, method or type with methods.",
			Safe:        "The import path as a Go file writes it, a dot, and `Func`, `Type`, `Type.Method` or `(*Type).Method`. A method is named by the type that declares it, not by one that embeds it.",
			Remediation: "Correct the name, or remove the entry if the function is gone.",
			Wrong:       "teach: {auth: [internal/auth.Require]}", Right: "teach: {auth: [example.com/app/internal/auth.Require]}"},
	}
}

// finish puts the evidence together.
func (s *run) finish() *Result {
	known := map[string]rules.Rule{}
	for _, r := range s.rules() {
		known[r.ID] = r
	}
	surface := s.surfaceFindings(known) // before the runs are told
	licences := s.judgeLicences()
	languages := countLanguages(s.tree, s.git.tracked)
	e := rules.Evidence{
		Repository: s.git.repository, Commit: s.git.commit, ObservedAt: s.now.UTC(),
		Policy:     s.policy.Policy(),
		Components: mergeComponents(s.parts),
		Coverage:   s.coverage(languages),
	}
	e.Runs = e.Coverage.Runs
	if s.db != nil {
		e.Advisories = s.db.Source()
		s.db.Close()
	}
	if s.git.dirty {
		s.notes = append(s.notes, "files differ from the commit: the report describes the working tree")
	}
	slices.SortFunc(s.results, func(a, b *packageResult) int { return slices.Compare(a.Files, b.Files) })
	merged := code.Facts{}
	for _, r := range s.results {
		merged.Merge(r.Facts)
	}
	_, factsFailed := s.failed[factsVerifier]
	repo := repository{tree: s.tree, languages: languages, packages: merged, complete: len(e.Coverage.Gaps) == 0 && !factsFailed && !s.tree.withoutGo(),
		deps: e.Components, depsKnown: !s.listingFailed(), through: s.through, policy: s.policy, inventory: s.inventory}
	e.Facts = append(repo.facts(), repo.customerKeys(s.results))
	slices.SortFunc(e.Facts, func(a, b rules.Fact) int { return strings.Compare(a.ID, b.ID) })

	e.Findings = append(e.Findings, s.codeFindings(known)...)
	e.Findings = append(e.Findings, s.serviceFindings(known)...)
	authorised := merged.Authorisations()
	g := s.gathered(&e, authorised)
	g.Add(licences)
	found, advisories := splitAdvisories(g.Findings)
	s.controlsOf(found)
	e.Findings = append(e.Findings, found...)
	e.Findings = append(e.Findings, s.excuse(e.Findings, known)...)
	e.Findings = append(e.Findings, s.godebugFindings(known)...)
	e.Findings = append(e.Findings, surface...)
	e.Findings = append(e.Findings, s.taughtFindings(known)...)
	number(e.Findings)
	adoptDates(e.Findings, s.gathering.answered)
	e.Findings = mergeDuplicates(e.Findings, s.primitives(), func(f *rules.Finding) bool {
		return slices.ContainsFunc(e.Policy.Suppressions, func(p rules.PolicySuppression) bool { return p.Names(f) })
	})
	e.Findings = append(e.Findings, mergeAdvisories(deps.MergeFindings(s.findings), advisories)...)
	e.Observations = slices.Concat(s.observations(&e, languages.sources), s.authorisations(authorised), g.Observations)
	e.Shortfalls = g.Shortfalls
	e.Facts = append(e.Facts, g.Facts...)
	e.Components = append(e.Components, g.Components...)
	e.Runs = append(e.Runs, g.Runs...)
	e.Coverage.Runs = e.Runs
	s.notes = append(s.notes, g.Notes...)
	if s.root != nil {
		s.root.Close()
	}

	slices.Sort(s.notes)
	out := &Result{Evidence: e, RulePack: s.pack, Notes: slices.Compact(s.notes), Root: s.tree.root}
	for _, r := range g.Rules {
		known[r.ID] = r
	}
	for _, id := range slices.Sorted(maps.Keys(known)) {
		out.Rules = append(out.Rules, known[id])
	}
	seen := map[string]bool{}
	slices.SortStableFunc(s.advisory, func(a, b rules.Rule) int { return strings.Compare(a.ID, b.ID) })
	for _, r := range s.advisory {
		if !seen[r.ID] {
			seen[r.ID] = true
			out.Rules = append(out.Rules, r)
		}
	}
	return out
}

// listingFailed reports whether some module's dependencies are not known.
func (s *run) listingFailed() bool {
	n := 0
	for _, m := range s.modules {
		n += m.Packages.Expected
	}
	return n == 0
}

// codeFindings turns hits into findings.
func (s *run) codeFindings(known map[string]rules.Rule) []rules.Finding {
	var out []rules.Finding
	for _, r := range s.results {
		for _, h := range r.Hits {
			if h.Service != nil || h.Route != nil {
				continue
			}
			rule, ok := known[h.Rule]
			if h.Tool == "gosec" {
				rule, ok = s.data.Gosec.Match(h.Rule, h.Message)
			}
			if !ok {
				// A rule nobody has judged must not pass silently.
				rule = rules.Rule{ID: h.Rule, Title: h.Rule, Class: rules.Review, Controls: []string{"secure-coding-baseline"}, Tool: h.Tool}
			}
			f := rule.Finding("code", h.Message, h.Location)
			f.Steps, f.Tokens, f.Measure = h.Steps, h.Tokens, h.Measure
			f.Class = cmp.Or(h.Class, f.Class)
			out = append(out, f)
		}
	}
	return out
}

// excuse applies the suppression comments to findings and returns what is to be
// said about the comments themselves.
func (s *run) excuse(findings []rules.Finding, known map[string]rules.Rule) []rules.Finding {
	byPath := map[string][]*rules.Finding{}
	for i := range findings {
		byPath[findings[i].Location.Path] = append(byPath[findings[i].Location.Path], &findings[i])
	}
	var out []rules.Finding
	for _, r := range s.results {
		for i := range r.Directives {
			d := &r.Directives[i]
			used := map[string]bool{}
			var covered []string           // families of the rules that find something here
			aliases := map[string]string{} // family -> gosec's id that excuses it as well
			for _, f := range byPath[d.Location.Path] {
				if f.Location.Line < d.From || f.Location.Line > d.To {
					continue
				}
				if family := rules.Family(f.Rule); f.Suppressed == nil && f.Class != rules.Informational && !slices.Contains(covered, family) {
					covered = append(covered, family)
					for _, name := range rules.Names(f.Rule) {
						if nosecID.MatchString(name) && name != family {
							aliases[family] = name
						}
					}
				}
				if d.excuses(f.Rule) == "" {
					continue
				}
				for _, name := range rules.Names(f.Rule) {
					used[name] = true
				}
				if d.Invalid == "" && f.Suppressed == nil {
					f.Suppressed = d.suppression()
				}
			}
			if d.Invalid != "" {
				if d.Bare && len(covered) == 0 {
					continue
				}
				covered = slices.DeleteFunc(covered, func(id string) bool { return slices.Contains(covered, aliases[id]) })
				slices.Sort(covered)
				why := d.Invalid
				if d.Rewrite {
					why += "; " + d.rewritten(covered)
				}
				out = append(out, known[cmp.Or(d.Report, invalidDirective)].Finding("code", "this comment excuses nothing: "+why, d.Location))
				continue
			}
			if len(used) > 0 && d.expired(s.now) {
				out = append(out, known[invalidDirective].Finding("code", "this comment expired on "+d.Until+" and excuses nothing any more; mend what it hides, or renew `until` if the reason still holds", d.Location))
			}
			var unused, unknown []string
			for _, id := range d.Rules {
				switch {
				case used[id]:
				case !s.knows(id, known):
					unknown = append(unknown, id)
				case len(r.Errors) == 0 && !s.idle(id):
					unused = append(unused, id)
				}
			}
			if len(unknown) > 0 {
				out = append(out, known[invalidDirective].Finding("code", fmt.Sprintf("there is no rule %s, so this comment excuses nothing of it", strings.Join(unknown, ", ")), d.Location))
			}
			if len(unused) == 0 {
				continue
			}
			names := strings.Join(unused, ", ")
			near := func(f *rules.Finding) bool {
				return f.Suppressed == nil && f.Location.Line >= d.NearFrom && f.Location.Line <= d.NearTo && slices.Contains(unused, d.excuses(f.Rule))
			}
			if at := slices.IndexFunc(byPath[d.Location.Path], near); at >= 0 {
				f := byPath[d.Location.Path][at]
				out = append(out, known[misplacedDirective].Finding("code", fmt.Sprintf("%s finds nothing where this comment counts, but %s does in line %d; move the comment there", names, f.Rule, f.Location.Line), d.Location))
				continue
			}
			what := "the comment"
			if len(unused) < len(d.Rules) {
				what = "it from the comment"
			}
			out = append(out, known[unusedDirective].Finding("code", names+" finds nothing here; remove "+what, d.Location))
		}
	}
	return out
}

// knows reports whether a rule of that id, or of its family, exists or is to
// come.
func (s *run) knows(id string, known map[string]rules.Rule) bool {
	if _, ok := known[id]; ok || slices.Contains(s.suite.verifiers(), id) {
		return true
	}
	if slices.ContainsFunc(s.data.Planned, func(p catalog.Planned) bool { return p.ID == id }) {
		return true
	}
	for other := range known {
		if rules.Family(other) == id {
			return true
		}
	}
	return false
}

// idle reports whether a rule did not look everywhere: it failed, is not built
// yet, or has nothing to look for without a policy file that says what.
func (s *run) idle(id string) bool {
	family := rules.Family(id)
	if _, failed := s.failed[family]; failed {
		return true
	}
	return !slices.Contains(s.suite.verifiers(), family) || codeOptions(s.policy).Idle(family)
}

// primitives tells which package of cryptography a finding is about.
func (s *run) primitives() func(*rules.Finding) string {
	type key struct {
		rule string
		at   rules.Location
	}
	known := map[key]string{}
	for _, r := range s.results {
		for _, h := range r.Hits {
			if h.Primitive != "" {
				known[key{rules.Family(h.Rule), h.Location}] = h.Primitive
			}
		}
	}
	return func(f *rules.Finding) string { return known[key{rules.Family(f.Rule), f.Location}] }
}

// services lists where the code speaks to outside services.
func (s *run) services() []rules.Item {
	var items []rules.Item
	for _, r := range s.results {
		for _, h := range r.Hits {
			if h.Service != nil {
				items = append(items, rules.Item{Name: h.Service.Host, Detail: h.Service.Via, Location: h.Location})
			}
		}
	}
	return items
}

// serviceFindings compares the services the code speaks to with those the
// policy declares.
func (s *run) serviceFindings(known map[string]rules.Rule) []rules.Finding {
	var declared []string
	if s.policy != nil {
		for _, service := range s.policy.Services {
			declared = append(declared, service.Hosts...)
		}
	}
	var out []rules.Finding
	for _, u := range code.Undeclared(s.services(), declared) {
		f := known["MKT801"].Finding("code", u.Message, u.Item.Location)
		f.Tokens = rules.TokenDigest(u.Item.Name)
		out = append(out, f)
	}
	return out
}

// godebugFindings looks at the godebug lines of go.mod and go.work files.
func (s *run) godebugFindings(known map[string]rules.Rule) []rules.Finding {
	var settings []code.GodebugSetting
	add := func(path string, lines []*modfile.Godebug) {
		for _, g := range lines {
			settings = append(settings, code.GodebugSetting{Key: g.Key, Value: g.Value, Location: rules.Location{Path: path, Line: g.Syntax.Start.Line}})
		}
	}
	for _, m := range s.tree.modules {
		add(slashJoin(m.dir, "go.mod"), m.file.Godebug)
	}
	for _, u := range s.tree.units {
		if !u.workspace {
			continue
		}
		path := slashJoin(u.dir, "go.work")
		if data, err := os.ReadFile(filepath.Join(s.tree.root, filepath.FromSlash(path))); err == nil {
			if work, err := modfile.ParseWork(path, data, nil); err == nil {
				add(path, work.Godebug)
			}
		}
	}
	var out []rules.Finding
	for _, h := range code.Godebug(settings) {
		f := known[h.Rule].Finding("code", h.Message, h.Setting.Location)
		f.Tokens = rules.TokenDigest(h.Setting.Key)
		out = append(out, f)
	}
	return out
}

// number gives code findings their identity. The ordinal tells apart findings
// that agree in everything else, in the order of their places.
func number(findings []rules.Finding) {
	slices.SortStableFunc(findings, func(a, b rules.Finding) int {
		return cmp.Or(
			cmp.Compare(a.Location.Path, b.Location.Path), cmp.Compare(a.Location.Line, b.Location.Line),
			cmp.Compare(a.Location.Column, b.Location.Column), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
	ordinals := map[string]int{}
	for i := range findings {
		f := &findings[i]
		family := rules.Family(f.Rule)
		same := rules.CodeKey(family, f.Location.Path, f.Location.Symbol, f.Tokens, 0)
		f.Fingerprint = rules.CodeKey(family, f.Location.Path, f.Location.Symbol, f.Tokens, ordinals[same])
		ordinals[same]++
		f.ID = family + "-" + f.Fingerprint[:10]
	}
}

// authorisations say by which grant the code is authorised at which
// marketplace: one observation a tag, at its first places. Nothing is said of a
// client whose host is only known at run time, so that the control asks for
// evidence then; a client for one marketplace carries that one's tag alone, and
// a login at anybody else's none.
func (s *run) authorisations(clients []rules.Item) []rules.Observation {
	byTag := map[string][]rules.Item{}
	for _, it := range clients {
		byTag[it.Name] = append(byTag[it.Name], it)
	}
	var out []rules.Observation
	for _, tag := range sortedKeys(byTag) {
		items := byTag[tag]
		slices.SortFunc(items, func(a, b rules.Item) int {
			return cmp.Or(cmp.Compare(a.Location.Path, b.Location.Path), cmp.Compare(a.Location.Line, b.Location.Line), cmp.Compare(a.Detail, b.Detail))
		})
		var places []string
		for _, it := range items {
			if at := fmt.Sprintf("%s:%d", it.Location.Path, it.Location.Line); !slices.Contains(places, at) {
				places = append(places, at)
			}
		}
		more := ""
		if n := len(places) - 3; n > 0 {
			places, more = places[:3], fmt.Sprintf(" and %d more places", n)
		}
		_, grant, _ := strings.Cut(tag, ":")
		out = append(out, rules.Observation{Verifier: oauthVerifier, Control: "delegated-access", Tags: []string{tag}, At: s.now.UTC(), Letter: "M",
			Text: fmt.Sprintf("the code is authorised at %s by %s: %s%s", items[0].Detail, grantNames[grant], strings.Join(places, ", "), more), Link: places[0]})
	}
	return out
}

// grantNames tell the ways to be authorised in words.
var grantNames = map[string]string{
	"oauth2-code": "the OAuth 2.0 code flow", "oauth2-client-credentials": "OAuth 2.0 client credentials", "oauth2-device": "the OAuth 2.0 device flow",
	"oauth2-jwt-bearer": "OAuth 2.0 with a signed assertion", "oidc": "OpenID Connect", "api-token": "an API token",
}

// observations are what this package saw that speaks for a control. sources are
// the files of server code that the rules do not read.
func (s *run) observations(e *rules.Evidence, sources []string) []rules.Observation {
	var packages, files int
	for _, m := range e.Coverage.Modules {
		packages += m.Packages.Analysed
		files += m.Files.Analysed
	}
	state := map[string]rules.RunState{}
	for _, run := range e.Runs {
		state[run.Verifier] = run.State
	}
	var out []rules.Observation
	if state[staticVerifier] == rules.Complete && len(e.Coverage.Gaps) == 0 && packages > 0 {
		text := fmt.Sprintf("gosec %s (%d rules) and %d rules of our own ran over %d packages, %d files",
			gosecVersion, len(s.suite.gosec.ids()), len(s.suite.own), packages, files)
		out = append(out, rules.Observation{Verifier: staticVerifier, Control: "sast-run", Text: text, At: s.now.UTC(), Letter: "M"})
	}
	// A call to a marketplace's API is what its partners must have.
	called := map[string]rules.Item{}
	for _, it := range s.services() {
		if m := code.MarketplaceOf(it.Name); m != "" && called[m].Name == "" {
			called[m] = it
		}
	}
	for m, it := range marketplaceCalls(s.tree, sources) {
		if called[m].Name == "" {
			called[m] = it
		}
	}
	for _, m := range sortedKeys(called) {
		at := called[m].Location
		out = append(out, rules.Observation{Verifier: "MKT801", Control: "services-declared", Tags: []string{"api-" + m}, At: s.now.UTC(), Letter: "M",
			Text: fmt.Sprintf("the code calls %s at %s:%d", called[m].Name, at.Path, at.Line), Link: at.Path})
	}
	if state[auditRunVerifier] == rules.Complete {
		text := fmt.Sprintf("%d components were held against %d advisories of %s",
			len(e.Components), e.Advisories.Entries, e.Advisories.Modified.UTC().Format("2006-01-02"))
		out = append(out, rules.Observation{Verifier: auditRunVerifier, Control: "sca-run", Text: text, At: s.now.UTC(), Letter: "S"})
	}
	return out
}
