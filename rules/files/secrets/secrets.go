// Package secrets looks for credentials in every text file of a commit and, on
// request, in every version of every file that the git history has.
//
// # Contract
//
//	files of the tree ─┐
//	blobs of history ──┴► Scan ─► patterns ─► what is no secret is left out ─► findings, one run a verifier
//
// The patterns are gitleaks' default rules, read from its package and nowhere
// else, and a few of our own for the three marketplaces, for URLs and for values
// that stand in when nobody sets one. Which part of a text an expression has to
// see is decided here, because running two hundred of them over everything is
// what makes a secret scan slow; a test holds the answers against gitleaks' own
// detector.
//
// # Promises
//
//   - No value leaves this package: findings, notes, reasons and digests are made
//     of file names, of the names that values are given to, and of nothing else. A
//     name with five characters or more of any value found in the file is left out.
//   - What could not be read to its end (a file that is missing, too large or
//     unreadable, a shallow history) makes its verifier broken, by name.
//   - Files that other tools read to excuse secrets are not obeyed: they give no
//     reason and no end.
//
// # What it never does
//
// It opens no file itself, runs no command, dials nothing, and asks no provider
// whether a credential is alive.
package secrets

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/tree"
)

const (
	// usualText is read at once; larger files are looked at for text first.
	usualText = 4 << 20
	// maxText is the largest text that is looked at. A larger one is not passed
	// over in silence: the run is broken then.
	maxText = 64 << 20
)

// A secretScan is one run over files or history. It is safe for concurrent use.
type secretScan struct {
	patterns *secretPatterns
	rules    map[string]rules.Rule
	rank     map[string]int
	seed     maphash.Seed
	now      time.Time
}

func newSecretScan(described []rules.Rule, now time.Time) (*secretScan, error) {
	patterns, err := loadSecretPatterns()
	if err != nil {
		return nil, err
	}
	s := &secretScan{patterns: patterns, rules: map[string]rules.Rule{}, rank: map[string]int{}, seed: maphash.MakeSeed(), now: now}
	for i, r := range described {
		s.rules[r.ID], s.rank[r.ID] = r, i
	}
	return s, nil
}

// digest keys a value within this process: the seed is random and is kept
// nowhere.
func (s *secretScan) digest(pattern string, value []byte) uint64 {
	var h maphash.Hash
	h.SetSeed(s.seed)
	h.WriteString(pattern)
	h.WriteByte(0)
	h.Write(value)
	return h.Sum64()
}

// Options say what [Scan] looks at beside the files.
type Options struct {
	Now time.Time
	// History, when not nil, hands over every blob of the git history once.
	History func(ctx context.Context, each func(Blob) error) error
}

// A Blob is one version of a file in the git history.
type Blob struct {
	Commit string // 40 hex digits, the first commit that has it
	Path   string
	Data   []byte
}

// Scan runs MKT405, files:secrets and files:secret-history.
func Scan(ctx context.Context, t *tree.Tree, opts Options) (g rules.Gathered) {
	g.Rules = Rules()
	var s *secretScan
	err := contained(func() (err error) { s, err = newSecretScan(g.Rules, opts.Now); return err })
	if err != nil {
		g.Broken("the rules about secrets could not be loaded: "+err.Error()+"; please report this", verifierSecrets, verifierURLs, verifierHistory)
		return g
	}
	s.run(ctx, t, opts, &g)
	return g
}

// run looks at the files and, when it is handed over, at the history.
func (s *secretScan) run(ctx context.Context, t *tree.Tree, opts Options, g *rules.Gathered) {
	present := s.files(ctx, t, g)
	if opts.History == nil {
		g.Skipped("the git history was not looked at; scan with --history", verifierHistory)
		return
	}
	s.history(ctx, opts.History, present, g)
}

// A fileResult is what looking at one file gave.
type fileResult struct {
	found []foundSecret
	err   error
}

// files looks at all files and records the runs. It returns the digests of what
// it reported, by which the history knows it again.
func (s *secretScan) files(ctx context.Context, t *tree.Tree, g *rules.Gathered) map[uint64]bool {
	names := t.Names()
	results := make([]fileResult, len(names))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), max(1, len(names))) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(names) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				results[i].err = contained(func() (err error) { results[i].found, err = s.file(t, names[i]); return err })
			}
		})
	}
	wait.Wait()
	reported := map[uint64]bool{}
	var unread []string
	for i, r := range results {
		if r.err != nil {
			unread = append(unread, printableName(names[i])+" ("+r.err.Error()+")")
		}
		for _, f := range r.found {
			reported[f.digest] = true
			g.Findings = append(g.Findings, s.finding(names[i], f))
		}
	}
	for _, name := range t.Missing() {
		unread = append(unread, printableName(name)+" (the commit has it and the folder does not)")
	}
	switch {
	case ctx.Err() != nil:
		g.Broken("the search for secrets was stopped before its end; scan again with more time", verifierSecrets, verifierURLs)
	case len(unread) > 0:
		g.Broken("files could not be looked at for secrets: "+listed(unread)+"; scan a complete checkout with readable files, and keep texts below 64 MiB",
			verifierSecrets, verifierURLs)
	default:
		g.Complete(verifierSecrets, verifierURLs)
	}
	s.notes(t, g)
	return reported
}

// listed names the first few.
func listed(names []string) string {
	const most = 3
	if n := len(names) - most; n > 0 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(names, ", ")
}

// contained runs f and turns a panic into an error that says where it came
// from. What the panic says may quote the text, so it is not repeated.
func contained(f func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("a pattern failed on it, which is a bug of this program")
		}
	}()
	return f()
}

// file looks at one file.
func (s *secretScan) file(t *tree.Tree, name string) ([]foundSecret, error) {
	var found []foundSecret
	for _, i := range s.patterns.byPath {
		p := s.patterns.list[i]
		if p.Path != nil && p.Path.MatchString(name) && !exercise.MatchString(name) {
			found = append(found, foundSecret{rule: ruleRandom, pattern: p.RuleID, what: "a key store (" + p.RuleID + ")", rank: s.rank[ruleRandom], digest: s.digest(p.RuleID, []byte(name))})
		}
	}
	data, err := t.Read(name, usualText)
	if errors.Is(err, tree.ErrTooLarge) {
		if packed(name) {
			return found, nil
		}
		data, err = t.Read(name, maxText)
	}
	if err != nil {
		if errors.Is(err, tree.ErrTooLarge) {
			return found, errors.New("larger than 64 MiB")
		}
		return found, errors.New("it cannot be read")
	}
	text, ok := plainText(data)
	if !ok {
		return found, nil
	}
	return append(found, s.inspect(name, text)...), nil
}

// packed recognises large files that hold no text by their name.
func packed(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".zip", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".jar", ".war", ".whl", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".avif", ".pdf", ".mp3", ".mp4", ".mov", ".webm", ".wav",
		".ogg", ".flac", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".exe", ".dll", ".so", ".dylib", ".a", ".o", ".class", ".pyc", ".wasm", ".bin", ".dat", ".db", ".sqlite", ".sqlite3", ".mmdb", ".parquet", ".onnx", ".pt", ".iso", ".dmg":
		return true
	}
	return false
}

// notes tells of files that excuse secrets for other tools.
func (s *secretScan) notes(t *tree.Tree, g *rules.Gathered) {
	for _, name := range t.Names() {
		switch path.Base(name) {
		case ".gitleaksignore", ".gitleaks.toml", "gitleaks.toml", ".secrets.baseline", ".trufflehogignore", ".secretlintrc", ".secretlintignore", ".ggshield.yml", ".ggshield.yaml", ".gitguardian.yml", ".gitguardian.yaml":
			g.Notes = append(g.Notes, printableName(name)+" excuses secrets for another tool and is not obeyed here; suppress findings in the policy file, with a reason and an end")
		}
	}
}

// A pastSecret is a finding of the history and which blob of it it came from.
type pastSecret struct {
	foundSecret
	order  int
	commit string
	path   string
}

// foreign recognises code of others that was once committed along: it is left
// out of the files that are there as well, and looked at as a dependency.
var foreign = regexp.MustCompile(`(?:^|/)(?:node_modules|bower_components|vendor/[\w-]+(?:\.[\w-]+)+)/`)

// history looks at every blob that the history hands over.
func (s *secretScan) history(ctx context.Context, each func(context.Context, func(Blob) error) error, present map[uint64]bool, g *rules.Gathered) {
	type job struct {
		order int
		blob  Blob
	}
	jobs := make(chan job, 2*runtime.GOMAXPROCS(0))
	var mu sync.Mutex
	var past []pastSecret
	var failed []string
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for j := range jobs {
				var found []foundSecret
				err := contained(func() error {
					if text, ok := plainText(j.blob.Data); ok {
						found = s.inspect(j.blob.Path, text)
					}
					return nil
				})
				mu.Lock()
				if err != nil {
					failed = append(failed, printableName(j.blob.Path)+" of commit "+short(j.blob.Commit)+" ("+err.Error()+")")
				}
				for _, f := range found {
					if rule := historical(s.rules[f.rule].Class, f.rule); rule != "" && !present[f.digest] {
						f.rule = rule
						past = append(past, pastSecret{f, j.order, j.blob.Commit, j.blob.Path})
					}
				}
				mu.Unlock()
			}
		})
	}
	order := 0
	err := contained(func() error {
		return each(ctx, func(b Blob) error {
			order++
			if foreign.MatchString(b.Path) {
				return nil
			}
			select {
			case jobs <- job{order, b}:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	close(jobs)
	wait.Wait()
	g.Findings = append(g.Findings, s.pastFindings(past)...)
	slices.Sort(failed)
	switch {
	case ctx.Err() != nil:
		g.Broken("the search of the git history was stopped before its end; scan again with more time", verifierHistory)
	case err != nil:
		g.Broken("the git history could not be read to its end: "+err.Error(), verifierHistory)
	case len(failed) > 0:
		g.Broken("versions of files could not be looked at for secrets: "+listed(failed), verifierHistory)
	default:
		g.Complete(verifierHistory)
	}
}

// historical says as what a finding of a present file counts in the history.
func historical(class rules.Class, rule string) string {
	switch {
	case class == rules.Violation && rule != ruleProxyArgument:
		return ruleHistory
	case rule == ruleRandom, rule == ruleDoubtful:
		return ruleHistoryReview
	}
	return "" // a setting that was once weak, a link: nothing that leaks
}

// pastFindings reports each secret once, where the history first had it, and
// what is only suspected once for each file and pattern.
func (s *secretScan) pastFindings(past []pastSecret) []rules.Finding {
	slices.SortFunc(past, func(a, b pastSecret) int {
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column), cmp.Compare(a.pattern, b.pattern))
	})
	type file struct{ path, pattern string }
	seen, seenIn := map[uint64]bool{}, map[file]bool{}
	var out []rules.Finding
	for _, p := range past {
		at := file{p.path, p.pattern}
		if seen[p.digest] || p.rule == ruleHistoryReview && seenIn[at] {
			continue
		}
		seen[p.digest] = true
		if p.rule == ruleHistoryReview {
			seenIn[at] = true
		}
		called := ""
		if p.name != "" {
			called = " under the name " + p.name
		}
		message := fmt.Sprintf("commit %s has %s%s in this file, line %d; a leaked secret stays leaked: rotate it, even if the line is gone", short(p.commit), p.what, called, p.line)
		if p.rule == ruleHistoryReview {
			message = fmt.Sprintf("commit %s has %s%s in this file, line %d; if it opens anything, rotate it, even if the line is gone", short(p.commit), p.what, called, p.line)
		}
		f := s.rules[p.rule].Finding("file", message, rules.Location{Path: printableName(p.path)})
		f.Tokens = rules.TokenDigest("secret", p.rule, p.pattern, p.name)
		out = append(out, f)
	}
	return out
}

// short abbreviates a commit's hash.
func short(commit string) string { return commit[:min(len(commit), 12)] }
