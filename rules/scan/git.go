package scan

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A gitTree is what git says about the scanned folder. The zero value means
// that the folder is not in a git repository, or that git is not installed.
type gitTree struct {
	dir        string // absolute
	env        []string
	commit     string // 40 hex digits
	repository string // "owner/name" of the origin, if its URL tells
	shallow    bool
	tracked    map[string]bool // relative to dir; nil when not known
	dirty      bool            // tracked files differ from the commit
}

// git runs a read-only git command. A repository's own configuration must not
// start programs: no hooks, no file monitor, no pager, no filters of diffs.
func (g *gitTree) git(ctx context.Context, args ...string) (string, bool) {
	cmd := exec.CommandContext(ctx, "git", append([]string{
		"-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull, "-c", "core.pager=cat", "-c", "diff.external=",
		"-c", "core.quotePath=false", "--no-optional-locks", "--literal-pathspecs"}, args...)...)
	cmd.Dir = g.dir
	cmd.Env = append(slices.Clone(g.env), "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "LC_ALL=C")
	cmd.WaitDelay = 2 * time.Second
	var out bytes.Buffer
	cmd.Stdout = &out
	err := cmd.Run()
	return strings.TrimRight(out.String(), "\n"), err == nil
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
	if list, ok := g.git(ctx, "ls-files", "-z"); ok {
		g.tracked = map[string]bool{}
		for name := range strings.SplitSeq(list, "\x00") {
			if name != "" {
				g.tracked[name] = true
			}
		}
	}
	if g.commit != "" {
		changed, ok := g.git(ctx, "status", "--porcelain", "--untracked-files=no", "--ignore-submodules=all")
		g.dirty = ok && changed != ""
	}
	return g
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
	pattern := `(^|[[:space:]])` + strings.Join(words, `[[:space:]]+`) + `($|[[:space:]])`
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
