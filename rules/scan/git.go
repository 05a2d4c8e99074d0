package scan

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// A gitTree is what git says about the scanned folder. The zero value means
// that the folder is not in a git repository, or that git is not installed.
type gitTree struct {
	dir        string // absolute
	env        []string
	commit     string // 40 hex digits
	repository string // "owner/name" of the origin, if its URL tells
	shallow    bool
	tracked    map[string]bool // files, relative to dir; nil when not known
	submodules []string        // folders, likewise
	dirty      bool            // tracked Go files differ from the commit
}

// git runs a read-only git command and returns what it prints, without the last
// line ends.
func (g *gitTree) git(ctx context.Context, args ...string) (string, bool) {
	cmd := g.command(ctx, args...)
	var out bytes.Buffer
	cmd.Stdout = &out
	err := cmd.Run()
	return strings.TrimRight(out.String(), "\n"), err == nil
}

// command makes a read-only git command. A repository's own configuration must not
// start programs or open connections: no hooks, no file monitor, no pager, no
// signature checks, no fetching of what a partial clone left out; and no command
// is used that would run a content filter. The caller's GIT_ variables (a hook
// sets GIT_DIR) must not lead to another repository.
func (g *gitTree) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append([]string{
		"-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull, "-c", "core.pager=cat", "-c", "diff.external=",
		"-c", "log.showSignature=false", "-c", "core.quotePath=false", "--no-optional-locks", "--literal-pathspecs"}, args...)...)
	cmd.Dir = g.dir
	cmd.Env = append(slices.DeleteFunc(slices.Clone(g.env), func(v string) bool { return strings.HasPrefix(v, "GIT_") }),
		"GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", "LC_ALL=C")
	cmd.WaitDelay = 2 * time.Second
	return cmd
}

// readGit asks git about dir. Anything git does not answer stays empty: a
// folder without git is scanned all the same.
func readGit(ctx context.Context, dir string, env []string) *gitTree {
	if env == nil {
		env = os.Environ()
	}
	g := &gitTree{dir: dir, env: env}
	top, ok := g.git(ctx, "rev-parse", "--show-toplevel")
	if !ok {
		return g
	}
	// Only the repository whose top this folder is: a scan of a folder inside
	// another repository (an example, a fixture) is not a scan of that one.
	if real, err := filepath.EvalSymlinks(top); err != nil || real != dir {
		return g
	}
	if commit, ok := g.git(ctx, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"); ok && sha.MatchString(commit) {
		g.commit = commit
	}
	if remote, ok := g.git(ctx, "config", "--get", "remote.origin.url"); ok {
		g.repository = ownerName(remote)
	}
	answer, _ := g.git(ctx, "rev-parse", "--is-shallow-repository")
	g.shallow = answer == "true"
	if list, ok := g.git(ctx, "ls-files", "--stage", "-z"); ok {
		g.tracked = map[string]bool{}
		for entry := range strings.SplitSeq(list, "\x00") {
			info, name, ok := strings.Cut(entry, "\t")
			switch {
			case !ok:
			case strings.HasPrefix(info, "160000 "):
				g.submodules = append(g.submodules, name)
			default:
				g.tracked[name] = true
				if fields := strings.Fields(info); len(fields) > 1 && !g.dirty && (strings.HasSuffix(name, ".go") || path.Base(name) == "go.mod") {
					g.dirty = differs(filepath.Join(dir, filepath.FromSlash(name)), fields[1])
				}
			}
		}
	}
	if g.commit != "" {
		staged, _ := g.git(ctx, "diff-index", "--cached", "--raw", "--ignore-submodules=all", "HEAD")
		g.dirty = g.dirty || staged != ""
	}
	return g
}

// differs reports whether a file's content is not the blob that git's index
// names. git itself is not asked, because it would run content filters.
func differs(name, blob string) bool {
	data, err := os.ReadFile(name)
	if err != nil {
		return true
	}
	head := fmt.Sprintf("blob %d\x00", len(data))
	sum := sha1.Sum(append([]byte(head), data...))
	if len(blob) != hex.EncodedLen(len(sum)) {
		return false // another object format
	}
	return hex.EncodeToString(sum[:]) != blob
}

// absent lists what the commit has and the folder does not: Go code of a sparse
// checkout, and submodules that were not fetched.
func (g *gitTree) absent() []rules.Gap {
	var gaps []rules.Gap
	gap := func(rel, reason string) {
		gaps = append(gaps, rules.Gap{Subject: printable(rel), Reason: reason, Location: rules.Location{Path: printable(rel)}})
	}
	for rel := range g.tracked {
		if !strings.HasSuffix(rel, ".go") && path.Base(rel) != "go.mod" || strings.HasSuffix(rel, "_test.go") || ignoredByGo(rel) {
			continue
		}
		if _, err := os.Lstat(filepath.Join(g.dir, filepath.FromSlash(rel))); errors.Is(err, os.ErrNotExist) {
			gap(rel, "the commit has this file and the folder does not; scan a complete checkout (not a sparse one)")
		}
	}
	for _, rel := range g.submodules {
		if entries, err := os.ReadDir(filepath.Join(g.dir, filepath.FromSlash(rel))); err != nil || len(entries) == 0 {
			gap(rel, "the submodule was not fetched, so its code was not analysed; check out with `submodules: recursive`, or remove it")
		}
	}
	return gaps
}

var (
	sha   = regexp.MustCompile(`^[0-9a-f]{40}$`)
	owner = regexp.MustCompile(`^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$`)
)

// ownerName takes "owner/name" from a remote URL. Credentials in the URL are
// left behind; a URL of another shape gives "".
func ownerName(remote string) string {
	rest := ""
	if u, err := url.Parse(remote); err == nil && u.Host != "" {
		rest = u.Path
	} else if _, path, ok := strings.Cut(remote, ":"); ok && !strings.HasPrefix(remote, "/") {
		rest = path // git@host:owner/name.git
	}
	rest = strings.TrimSuffix(strings.Trim(rest, "/"), ".git")
	if !owner.MatchString(rest) {
		return ""
	}
	return rest
}

// released returns when the newest tag was made; zero when there is none or git
// does not tell.
func (g *gitTree) released(ctx context.Context) time.Time {
	if g.commit == "" {
		return time.Time{}
	}
	out, ok := g.git(ctx, "for-each-ref", "--sort=-creatordate", "--count=1", "--format=%(creatordate:iso-strict)", "refs/tags")
	if !ok {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, out)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// introduced returns when the newest commit that brought the words, one after
// the other on a line, into the file was made; zero when history does not show
// it: no git, a shallow clone, or a change that is not committed.
func (g *gitTree) introduced(ctx context.Context, file string, words ...string) time.Time {
	if g.commit == "" || g.shallow {
		return time.Time{}
	}
	for i, w := range words {
		words[i] = regexp.QuoteMeta(w)
	}
	// v0.1.1 must not match in v0.1.10.
	return g.lastChange(ctx, file, `(^|[[:space:]])`+strings.Join(words, `[[:space:]]+`)+`($|[[:space:]])`)
}

// lastChange returns when the newest commit was made that changed how often a
// pattern (POSIX, extended) matches in a file.
func (g *gitTree) lastChange(ctx context.Context, file, pattern string) time.Time {
	out, ok := g.git(ctx, "log", "-1", "--format=%cI", "--no-ext-diff", "--no-textconv", "--pickaxe-regex", "-S"+pattern, "--", file)
	if !ok {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, out)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
