package scan

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/catalog"
	"github.com/staylisted/staylisted/rules/code"
	"github.com/staylisted/staylisted/rules/deps/extract"
)

// A Listing is what a repository is built from.
type Listing struct {
	Repository string // "owner/name" or empty
	Commit     string // empty outside git
	Module     string // path of the root's Go module, or empty
	Components []rules.Component
	// Gaps are why components may be missing, one line each.
	Gaps []string
	// Notes are things a person should know besides.
	Notes []string
}

// Components lists what the repository in opts.Dir is built from, with licences,
// as [Run] does, and analyses nothing. Errors are those of Run.
func Components(ctx context.Context, cat *rules.Catalogue, opts Options, now time.Time) (*Listing, error) {
	s := newRun(ctx, cat, opts, now, code.With)
	var err error
	if s.data == nil {
		if s.data, err = catalog.LoadPack(); err != nil {
			return nil, fmt.Errorf("reading the embedded catalogue: %w", err)
		}
	}
	if s.tree, err = discover(ctx, opts.Dir); err != nil {
		return nil, err
	}
	if err := s.readPolicy(); err != nil {
		return nil, err
	}
	s.git = readGit(ctx, s.tree.root, opts.Env)
	s.repoTree = s.commitFiles()
	if s.root != nil {
		defer s.root.Close()
	}
	s.inventory = extract.Read(ctx, s.repoTree, extract.Options{LeaveOut: onlyText})
	out := &Listing{Repository: s.git.repository, Commit: s.git.commit}
	for _, u := range s.tree.units {
		name := u.modules[0].path
		if u.dir == "." {
			out.Module = name
		}
		s.progress("list", 0, 0, "listing the packages of "+name)
		if err := s.listUnit(u); err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			out.Gaps = append(out.Gaps, printable(name)+": its packages could not be listed: "+printable(listAdvice(err.Error())))
		}
	}
	out.Notes = s.judgeLicences().Notes
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out.Components = mergeComponents(s.parts)
	for _, g := range slices.Concat(s.tree.gaps, s.inventory.Gaps) {
		out.Gaps = append(out.Gaps, g.Subject+" "+g.Reason)
	}
	return out, nil
}

// listUnit lists a unit's modules and starts looking at their licences.
func (s *run) listUnit(u *unit) error {
	cmd, done, err := newGoCommand(s.tree.root, u, s.opts.Env, s.opts.Offline)
	if err != nil {
		return err
	}
	defer done()
	env, err := cmd.environment(s.ctx)
	if err != nil {
		return err
	}
	list, err := cmd.withoutIndex(env).list(s.ctx, u, env, s.opts.Tags)
	if err != nil {
		return errors.New(strings.ReplaceAll(err.Error(), s.tree.root+string(filepath.Separator), ""))
	}
	q := query(s.tree, u, list, env)
	s.readLicences(u, env, list, q.Modules)
	for _, p := range list {
		if p.DepOnly && !p.Standard && p.Module == nil && p.Error != nil {
			s.inventory.Gaps = append(s.inventory.Gaps, rules.Gap{Subject: printable(u.modules[0].path),
				Reason: fmt.Sprintf("imports %s, which could not be resolved, so its module is not known", printable(p.ImportPath))})
		}
	}
	return nil
}
