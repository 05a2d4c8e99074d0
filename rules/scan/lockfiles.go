package scan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	modpath "golang.org/x/mod/module"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/deps"
	"github.com/staylisted/staylisted/rules/deps/extract"
)

// readLockfiles reads what the lockfiles name and opens the advisories of every
// ecosystem that occurs.
func (s *run) readLockfiles() {
	inv := extract.Read(s.ctx, s.repoTree, extract.Options{LeaveOut: onlyText})
	ecosystems := inv.Ecosystems()
	if len(s.tree.units) > 0 || len(ecosystems) == 0 {
		ecosystems = append(ecosystems, deps.Go)
	}
	db, notes, problem := openAdvisories(s.ctx, &s.opts, ecosystems, s.now)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inventory, s.db, s.dbProblem = inv, db, problem
	s.notes = append(s.notes, notes...)
}

// maxToldGaps is how many unread or unlocked files are told one by one.
const maxToldGaps = 20

// auditLockfiles holds what the lockfiles name against the advisories. It is
// called when advisories are open and every Go module is audited.
func (s *run) auditLockfiles() {
	inv := s.inventory
	for i, g := range inv.Gaps {
		if i == maxToldGaps {
			s.notes = append(s.notes, fmt.Sprintf("and %d more files whose dependencies are not known", len(inv.Gaps)-i))
			break
		}
		place := g.Subject
		if g.Location.Line > 0 {
			place = fmt.Sprintf("%s:%d", g.Subject, g.Location.Line)
		}
		s.notes = append(s.notes, place+" "+g.Reason)
	}
	if len(inv.Modules) > 0 {
		r := deps.Audit(s.db, deps.Query{Modules: inv.Modules}, s.now)
		s.take(r)
		s.findings = append(s.findings, r.Findings(nil)...)
	}
	if n := len(inv.Gaps); n > 0 {
		reason := inv.Gaps[0].Subject + " " + inv.Gaps[0].Reason
		if n > 1 {
			reason += fmt.Sprintf(" (and %d more)", n-1)
		}
		s.auditGap(reason)
	}
}

// maxAdoptions bounds how many packages of lockfiles are looked for in the
// history; each costs a run of git.
const maxAdoptions = 200

// adoptLocked finds out when a package came into a lockfile. Formats differ in
// what stands between a name and its version, but none has a digit there, save
// yarn's, whose packages stay without a date: then no time to fix is granted.
func (g *gitTree) adoptLocked(ctx context.Context, m *deps.Module) time.Time {
	if g.commit == "" || g.shallow || m.Version == "" {
		return time.Time{}
	}
	name := m.Path
	if m.Ecosystem == deps.Maven && !strings.HasSuffix(m.Manifest, ".lockfile") {
		_, name, _ = strings.Cut(name, ":")
	}
	pattern := `(^|[^A-Za-z0-9_.-])` + regexp.QuoteMeta(name) + `([^0-9A-Za-z_.-]|[[:space:]])([^0-9]|[[:space:]]){0,80}` + regexp.QuoteMeta(m.Version) + `($|[^0-9A-Za-z.+-])`
	return g.lastChange(ctx, m.Manifest, pattern)
}

// licences finds out what the components are licensed under, beside the
// analysis.
type licences struct {
	wait  sync.WaitGroup
	mu    sync.Mutex
	found map[string]string // module folder's key -> expression
}

// moduleKey names a module version as it is built.
func moduleKey(m *deps.Module) string {
	if m.Replace != nil {
		return m.Replace.Path + "@" + m.Replace.Version
	}
	return m.Path + "@" + m.Version
}

// readLicences starts looking at the licences of a unit's modules.
func (s *run) readLicences(u *unit, env goEnv, list []*listed, modules []deps.Module) {
	dirs := map[string]string{}
	for _, p := range list {
		if m := p.Module; m != nil && !m.Main {
			dir := m.Dir
			if m.Replace != nil && m.Replace.Dir != "" {
				dir = m.Replace.Dir
			}
			dirs[m.Path] = dir
		}
	}
	s.goModules = append(s.goModules, modules...)
	vendor := filepath.Join(s.tree.root, filepath.FromSlash(u.dir), "vendor")
	s.licences.wait.Go(func() {
		for i := range modules {
			if s.ctx.Err() != nil {
				return
			}
			m := &modules[i]
			dir, kept := dirs[m.Path], false
			path, version := m.Path, m.Version
			if m.Replace != nil {
				path, version = m.Replace.Path, m.Replace.Version
			}
			if dir == "" {
				dir = cachedModule(env.GOMODCACHE, path, version)
			}
			if dir == "" {
				dir = filepath.Join(vendor, filepath.FromSlash(m.Path))
			}
			// What lies in the module cache never changes.
			kept = env.GOMODCACHE != "" && strings.HasPrefix(dir, env.GOMODCACHE+string(filepath.Separator))
			s.licences.put(moduleKey(m), s.licence(dir, path+"@"+version, kept))
		}
	})
}

func (l *licences) put(key, expression string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.found == nil {
		l.found = map[string]string{}
	}
	if old := l.found[key]; old == "" || old == deps.NoAssertion {
		l.found[key] = expression
	}
}

// licenceForm changes whenever what a kept licence means does.
const licenceForm = "licence 1\x00"

// licence returns the licence of a module's folder.
func (s *run) licence(dir, name string, keep bool) string {
	sum := sha256.Sum256([]byte(licenceForm + name))
	key := hex.EncodeToString(sum[:])
	var expression string
	if keep && s.cache.get(key, &expression) {
		return expression
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return deps.NoAssertion // not on this machine
	}
	defer root.Close()
	if expression, err = extract.Licence(root.FS()); err != nil {
		return deps.NoAssertion
	}
	if keep {
		s.cache.put(key, expression)
	}
	return expression
}

// cachedModule returns the folder of a module version in the module cache, or
// "" when it cannot be there.
func cachedModule(cache, path, version string) string {
	if cache == "" || version == "" {
		return ""
	}
	p, err := modpath.EscapePath(path)
	if err != nil {
		return ""
	}
	v, err := modpath.EscapeVersion(version)
	if err != nil {
		return ""
	}
	dir := filepath.Join(cache, filepath.FromSlash(p)+"@"+v)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return ""
	}
	return dir
}

// goLicence is the licence of the standard library and the toolchain
// (https://go.dev/LICENSE).
const goLicence = "BSD-3-Clause"

// judgeLicences waits for the licences, judges them and writes them into the
// components.
func (s *run) judgeLicences() rules.Gathered {
	s.licences.wait.Wait()
	for i := range s.goModules {
		m := &s.goModules[i]
		switch {
		case m.Path == deps.Stdlib || m.Path == deps.Toolchain:
			m.Licence = goLicence
		default:
			m.Licence = s.licences.found[moduleKey(m)]
		}
	}
	q := deps.LicenceQuestion{Modules: slices.Concat(s.goModules, s.inventory.Modules), Silent: s.inventory.Silent, Gaps: slices.Clone(s.inventory.Gaps)}
	if s.policy != nil {
		q.Deny = s.policy.DeniedLicences
		for _, k := range s.policy.KnownLicences {
			q.Known = append(q.Known, deps.KnownLicence{Component: k.Component, Licence: k.Licence})
		}
	}
	q.Gaps = append(q.Gaps, s.unlistedUnits...)
	g := deps.Licences(&q)
	s.parts = nil
	for i := range q.Modules {
		s.parts = append(s.parts, q.Modules[i].Component())
	}
	return g
}
