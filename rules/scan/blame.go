package scan

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A blamed line is a line of a file as the scanned commit has it, with the
// commit that last changed it.
type blamed struct {
	text     string
	commit   string
	at       time.Time // when its author made it
	boundary bool      // history was not followed further
}

// maxBlamed is how large a file may be to be asked about.
const maxBlamed = 1 << 20

// blame returns what tells the commit that last changed a line of the file as
// it lies in the folder, counted from 1, and when its author made it. It does
// not tell (ok is false) outside git, for a line that is not committed as it
// stands, and where a shallow clone hides older commits. Each file is asked
// about once.
//
// The commit is looked at instead of the file in the folder, because git would
// run the content filters that the repository's configuration names on the
// latter.
func (g *gitTree) blame(ctx context.Context) func(string, int) (string, time.Time, bool) {
	var mutex sync.Mutex
	files := map[string][]blamed{}
	return func(path string, line int) (string, time.Time, bool) {
		mutex.Lock()
		defer mutex.Unlock()
		lines, asked := files[path]
		if !asked {
			lines = g.blameFile(ctx, path)
			files[path] = lines
		}
		if line < 1 || line > len(lines) || lines[line-1].commit == "" {
			return "", time.Time{}, false
		}
		l := lines[line-1]
		return l.commit, l.at, true
	}
}

// blameFile returns one entry for each line of the file in the folder; a line
// of which git does not tell has no commit.
func (g *gitTree) blameFile(ctx context.Context, path string) []blamed {
	if g.commit == "" || !g.tracked[path] {
		return nil
	}
	name := filepath.Join(g.dir, filepath.FromSlash(path))
	if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() || info.Size() > maxBlamed {
		return nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	out, ok := g.git(ctx, "--no-replace-objects", "blame", "--porcelain", "--no-textconv", "--ignore-revs-file=", g.commit, "--", path)
	if !ok {
		return nil
	}
	committed := parseBlame(out)
	for i := range committed {
		if g.shallow && committed[i].boundary {
			committed[i].commit = ""
		}
	}
	return align(strings.Split(string(data), "\n"), committed)
}

// align carries what is known of the committed lines over to the lines of the
// file in the folder: those before the first and after the last difference.
func align(lines []string, committed []blamed) []blamed {
	same := func(a string, b blamed) bool { return strings.TrimSuffix(a, "\r") == strings.TrimSuffix(b.text, "\r") }
	if n := len(lines); n > 0 && lines[n-1] == "" {
		lines = lines[:n-1] // what follows the last line feed is no line
	}
	out := make([]blamed, len(lines))
	n := min(len(lines), len(committed))
	head := 0
	for head < n && same(lines[head], committed[head]) {
		out[head] = committed[head]
		head++
	}
	for tail := 1; tail <= n-head && same(lines[len(lines)-tail], committed[len(committed)-tail]); tail++ {
		out[len(lines)-tail] = committed[len(committed)-tail]
	}
	return out
}

var blameHead = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64}) [0-9]+ ([0-9]+)(?: [0-9]+)?$`)

// parseBlame reads git's porcelain format: a line with the commit and the line
// number, what is known of the commit where it is named first, and the line
// itself after a tab (git-blame(1), "THE PORCELAIN FORMAT").
func parseBlame(out string) []blamed {
	var lines []blamed
	known := map[string]blamed{}
	var now blamed
	for row := range strings.SplitSeq(out, "\n") {
		key, value, _ := strings.Cut(row, " ")
		switch head := blameHead.FindStringSubmatch(row); {
		case strings.HasPrefix(row, "\t"):
			known[now.commit] = now
			now.text = row[1:]
			lines = append(lines, now)
		case head != nil:
			if n, err := strconv.Atoi(head[2]); err != nil || n != len(lines)+1 {
				return nil // a line is missing: nothing can be told for sure
			}
			now = known[head[1]]
			now.commit = head[1]
		case key == "author-time":
			if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
				now.at = time.Unix(seconds, 0).UTC()
			}
		case row == "boundary":
			now.boundary = true
		}
	}
	if slices.ContainsFunc(lines, func(l blamed) bool { return l.commit == "" || l.at.IsZero() }) {
		return nil
	}
	return lines
}
