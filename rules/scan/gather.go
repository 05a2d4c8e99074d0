package scan

import (
	"cmp"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/code"
	"github.com/staylisted/staylisted/rules/deps"
	"github.com/staylisted/staylisted/rules/evidence"
	"github.com/staylisted/staylisted/rules/evidence/reports"
	"github.com/staylisted/staylisted/rules/files"
	"github.com/staylisted/staylisted/rules/files/secrets"
	"github.com/staylisted/staylisted/rules/posture"
	"github.com/staylisted/staylisted/rules/probe"
	"github.com/staylisted/staylisted/rules/tree"
)

// A gathering runs the verifiers that read no Go code beside the analysis.
type gathering struct {
	wait     sync.WaitGroup
	files    rules.Gathered
	settings rules.Gathered
	probe    rules.Gathered
	answered *posture.Settings // what GitHub said; nil when it was not asked
	seen     *probe.Record     // what the probe saw; nil when it did not look
}

// GatheredRules describes the rules of the verifiers that read no Go code.
func GatheredRules() []rules.Rule {
	return slices.Concat(files.Rules(), secrets.Rules(), deps.LicenceRules(), posture.Rules(), probe.Rules(), evidence.Rules(), reports.Rules())
}

// gather starts what needs no result of the analysis.
func (s *run) gather() {
	s.repoTree = s.commitFiles()
	g := &s.gathering
	g.wait.Go(func() {
		opts := files.Options{Now: s.now, Repository: cmp.Or(s.opts.Repository, s.git.repository), Marketplace: code.MarketplaceOf, Credential: credential}
		if s.policy != nil {
			for _, service := range s.policy.Services {
				opts.Services = append(opts.Services, service.Hosts...)
			}
			for _, endpoint := range s.policy.Endpoints {
				opts.Endpoints = append(opts.Endpoints, endpoint.URL)
			}
		}
		if s.opts.History {
			opts.History = s.git.blobs
		}
		g.files = files.Scan(s.ctx, s.repoTree, opts)
	})
	g.wait.Go(func() {
		var reason string
		g.answered, reason = s.readSettings()
		g.settings = posture.Judge(g.answered, reason, s.now)
	})
	g.wait.Go(func() {
		targets := s.targets()
		var record *probe.Record
		reason := ""
		prober := s.opts.Prober
		if prober == nil && s.opts.Probe {
			prober = probe.New(probe.Options{Repository: probe.Repository{Name: cmp.Or(s.opts.Repository, s.git.repository)}})
		}
		switch {
		case s.opts.ProbeRecord != nil:
			// Whose the hosts are was asked for the record's repository.
			ours, theirs := cmp.Or(s.opts.Repository, s.git.repository), s.opts.ProbeRecord.Repository.Name
			if ours != "" && theirs != "" && !strings.EqualFold(ours, theirs) {
				reason = "the recorded probe is that of " + printable(theirs) + ", this is " + printable(ours) + "; probe again"
			} else {
				record = s.opts.ProbeRecord
			}
		case prober != nil:
			record = prober.Probe(s.ctx, targets, s.now)
		default:
			reason = "the deployed endpoints were not looked at; scan without --offline and --probe=never"
		}
		g.probe = probe.Judge(record, targets, reason, s.now)
		g.seen = record
	})
}

// credential reports whether a value of that name is a password, token or key in
// the clear.
func credential(name string) bool { return code.SplitName(name).Secret() }

// gathered waits for everything that was started and adds what needs the facts.
func (s *run) gathered(e *rules.Evidence, authorised []rules.Item) rules.Gathered {
	g := &s.gathering
	g.wait.Wait()
	var all rules.Gathered
	all.Add(g.files)
	all.Add(g.settings)
	all.Add(g.probe)
	in := evidence.Input{Catalogue: s.catalogue, File: s.policy, Tree: s.repoTree, Facts: slices.Concat(e.Facts, g.files.Facts), Authorised: authorised,
		Now: s.now, Blame: s.git.blame(s.ctx), Commits: map[string]evidence.Commit{}, People: map[string]rules.Ternary{}}
	if g.answered != nil {
		for hash, c := range g.answered.PolicyCommits {
			in.Commits[hash] = evidence.Commit{Author: c.Author, Verified: c.Verified, Approvers: c.Approvers, OwnerApproved: c.OwnerApproved}
		}
		in.People = g.answered.People
	}
	all.Add(evidence.Gather(in))
	all.Add(s.imported(e))
	return all
}

// imported holds the reports of other tools against the commit and the declared
// endpoints, and notes which languages they cover.
func (s *run) imported(e *rules.Evidence) rules.Gathered {
	opts := reports.Options{Catalogue: s.catalogue, Commit: e.Commit, Now: s.now, Released: s.git.released(s.ctx), CI: s.opts.CI}
	if s.git.dirty {
		opts.Commit = "" // the reports are about the commit, and this is another tree
	}
	if s.policy != nil {
		for _, endpoint := range s.policy.Endpoints {
			opts.Endpoints = append(opts.Endpoints, reports.Endpoint{URL: endpoint.URL, Owned: s.gathering.seen.Owned(endpoint.URL),
				Where: rules.Location{Path: s.policy.Name, Line: endpoint.Line, Column: endpoint.Column}})
		}
		opts.MaxAge = s.policy.Limits.DASTAge.Length
	}
	inputs := slices.Clone(s.opts.Reports)
	for i, in := range inputs {
		if !s.repoTree.Has(in.Path) {
			inputs[i].Path = "" // beside the repository, or not part of the commit
		}
	}
	result := reports.Read(inputs, opts)
	for i := range e.Coverage.Languages {
		l := &e.Coverage.Languages[i]
		if cwe, covered := result.Analysed[l.Language]; covered {
			l.Covered, l.CWE = true, cwe
		}
	}
	return result.Gathered
}

// commitFiles lists what of the folder belongs to the commit.
func (s *run) commitFiles() *tree.Tree {
	var names, missing []string
	present := map[string]bool{}
	for _, rel := range s.tree.all {
		present[rel] = true
		if s.git.tracked == nil || s.git.tracked[rel] {
			names = append(names, rel)
		}
	}
	for rel := range s.git.tracked {
		if !present[rel] {
			if _, err := os.Lstat(s.tree.root + string(os.PathSeparator) + rel); err != nil {
				missing = append(missing, rel)
			}
		}
	}
	root, err := os.OpenRoot(s.tree.root)
	if err != nil {
		return tree.New(os.DirFS(s.tree.root), nil, names)
	}
	s.root = root
	return tree.New(root.FS(), names, missing)
}

// readSettings returns the repository's settings, or why there are none.
func (s *run) readSettings() (*posture.Settings, string) {
	if recorded := s.opts.Settings; recorded != nil {
		if ours := cmp.Or(s.opts.Repository, s.git.repository); ours != "" && !strings.EqualFold(ours, recorded.Repository) {
			return nil, "the recorded settings are those of " + printable(recorded.Repository) + ", this is " + printable(ours) + "; record them again with `staylisted settings`"
		}
		if old := recorded.Outdated(s.now); old != "" {
			return nil, old // what it says of people and commits is as old
		}
		return recorded, ""
	}
	if s.opts.GitHub == nil || s.opts.Offline {
		return nil, "GitHub was not asked; give the scan a token in GITHUB_TOKEN, or recorded settings with --settings"
	}
	settings, err := s.askSettings()
	if err != nil {
		return nil, "GitHub could not be asked: " + printable(err.Error())
	}
	return settings, ""
}

// targets are the endpoints the policy declares.
func (s *run) targets() []probe.Target {
	if s.policy == nil {
		return nil
	}
	var out []probe.Target
	for _, e := range s.policy.Endpoints {
		t := probe.Target{URL: e.URL, Kind: e.Kind, Where: rules.Location{Path: s.policy.Name, Line: e.Line, Column: e.Column}}
		for _, r := range e.Private {
			t.Private = append(t.Private, strings.TrimSpace(r.Method+" "+r.Path))
		}
		for _, r := range e.Anonymous {
			t.Anonymous = append(t.Anonymous, strings.TrimSpace(r.Method+" "+r.Path))
		}
		out = append(out, t)
	}
	return out
}
