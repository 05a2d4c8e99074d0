package scan

import (
	"cmp"
	"context"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/evidence"
	"github.com/staylisted/staylisted/rules/evidence/reports"
	"github.com/staylisted/staylisted/rules/files"
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
}

// gather starts what needs no result of the analysis.
func (s *run) gather() {
	s.repoTree = s.commitFiles()
	g := &s.gathering
	g.wait.Go(func() {
		opts := files.Options{Now: s.now}
		if s.policy != nil {
			for _, service := range s.policy.Services {
				opts.Services = append(opts.Services, service.Hosts...)
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
		switch {
		case s.opts.ProbeRecord != nil:
			record = s.opts.ProbeRecord
		case s.opts.Prober != nil:
			record = s.opts.Prober.Probe(s.ctx, targets, s.now)
		default:
			reason = "the deployed endpoints were not looked at; scan without --offline and with --probe"
		}
		g.probe = probe.Judge(record, targets, reason, s.now)
	})
}

// gathered waits for everything that was started and adds what needs the facts.
func (s *run) gathered(e *rules.Evidence) rules.Gathered {
	g := &s.gathering
	g.wait.Wait()
	var all rules.Gathered
	all.Add(g.files)
	all.Add(g.settings)
	all.Add(g.probe)
	in := evidence.Input{Catalogue: s.catalogue, File: s.policy, Tree: s.repoTree, Facts: slices.Concat(e.Facts, g.files.Facts),
		Now: s.now, Blame: s.git.blame(s.ctx), Commits: map[string]evidence.Commit{}, People: map[string]rules.Ternary{}}
	if g.answered != nil {
		for hash, c := range g.answered.PolicyCommits {
			in.Commits[hash] = evidence.Commit{Author: c.Author, Verified: c.Verified, Approvers: c.Approvers, OwnerApproved: c.OwnerApproved}
		}
		in.People = g.answered.People
	}
	all.Add(evidence.Gather(in))
	opts := reports.Options{Commit: e.Commit, Now: s.now}
	if s.policy != nil {
		for _, endpoint := range s.policy.Endpoints {
			opts.Endpoints = append(opts.Endpoints, endpoint.URL)
		}
		opts.MaxAge = s.policy.Limits.DASTAge.Length
	}
	all.Add(reports.Read(s.opts.Reports, opts))
	return all
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

// blame returns what tells the commit that last changed a line.
func (g *gitTree) blame(ctx context.Context) func(string, int) (string, time.Time, bool) {
	return func(path string, line int) (string, time.Time, bool) { return "", time.Time{}, false }
}

// blobs hands over every version of every file of the history once.
func (g *gitTree) blobs(ctx context.Context, each func(files.Blob) error) error { return nil }
