package scan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/catalog"
	"github.com/staylisted/staylisted/rules/code"
	"github.com/staylisted/staylisted/rules/posture"
)

// ReadSettings asks opts.GitHub what a scan of opts.Dir would ask it about the
// repository's settings, and nothing else is looked at: no package is loaded and
// no advisory fetched. Policy errors are of type evidence.ErrorList.
func ReadSettings(ctx context.Context, cat *rules.Catalogue, opts Options, now time.Time) (*posture.Settings, error) {
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
	return s.askSettings()
}

// askSettings asks GitHub.
func (s *run) askSettings() (*posture.Settings, error) {
	repository := cmp.Or(s.opts.Repository, s.git.repository)
	if repository == "" {
		return nil, errors.New("the repository's name on GitHub is not known; name it with --repository OWNER/NAME")
	}
	return posture.Read(s.ctx, s.opts.GitHub, repository, s.question(), s.now)
}

// question names whom and what of the policy GitHub is asked about.
func (s *run) question() posture.Question {
	q := posture.Question{}
	if s.policy == nil {
		return q
	}
	if s.opts.Policy == "" { // a file from elsewhere has no commits there
		q.PolicyPath = s.policy.Name
	}
	for _, c := range s.policy.Contacts {
		if c.GitHub != "" {
			q.Contacts = append(q.Contacts, c.GitHub)
		}
	}
	owner := func(name string) {
		if strings.HasPrefix(name, "@") { // an officer's name is no handle
			q.People = append(q.People, name)
		}
	}
	for _, a := range s.policy.Attestations {
		owner(a.Owner)
	}
	for _, secret := range s.policy.Secrets {
		owner(secret.Owner)
	}
	for _, d := range s.policy.Documents {
		q.Owned = append(q.Owned, d.Path)
	}
	return q
}
