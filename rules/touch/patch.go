package touch

import (
	"bytes"
	"strconv"
	"strings"
)

// A hunk is a piece of a patch: lines of one place, before and after.
type hunk struct {
	heading          string // what the patch says stands above: a function's head
	before, after    []string
	oldLine, newLine int // of the first line
}

// Patch makes a file of what GitHub's API gives for one file of a pull request: its
// paths and the text of its patch, which has neither "---" nor "+++" lines. An empty
// path means added or deleted. An empty patch is what the API gives for files that
// are binary, only renamed, or too large: the file is marked as truncated, unless it
// was only renamed. See the package comment for what patches cannot show.
func Patch(oldPath, newPath string, patch []byte) File {
	f := File{OldPath: oldPath, NewPath: newPath, patch: true}
	if len(patch) > MaxSize {
		patch, f.Truncated = patch[:MaxSize], true
	}
	if len(patch) == 0 && (oldPath == "" || newPath == "" || oldPath == newPath) {
		f.Truncated = true
	}
	f.hunks = hunks(patch)
	if len(patch) > 0 && len(f.hunks) == 0 {
		f.Truncated = true
	}
	f.Before, f.After = side(f.hunks, false), side(f.hunks, true)
	return f
}

// side joins the lines of one side; it is not the file, only what is known of it.
func side(hunks []hunk, after bool) []byte {
	var b bytes.Buffer
	for _, h := range hunks {
		lines := h.before
		if after {
			lines = h.after
		}
		for _, l := range lines {
			b.WriteString(l)
			b.WriteByte('\n')
		}
	}
	return b.Bytes()
}

// hunks reads the hunks of one file's patch. Lines that are no part of a hunk are
// left out.
func hunks(patch []byte) []hunk {
	var out []hunk
	var h *hunk
	left, right := 0, 0 // lines still to come
	for line := range strings.Lines(string(patch)) {
		line = strings.TrimRight(line, "\r\n")
		if h == nil || left <= 0 && right <= 0 {
			if strings.HasPrefix(line, "@@ -") {
				var ok bool
				var next hunk
				if next, left, right, ok = heading(line); ok {
					out = append(out, next)
					h = &out[len(out)-1]
				}
			}
			continue
		}
		mark, body := byte(' '), ""
		if line != "" {
			mark, body = line[0], line[1:]
		}
		switch mark {
		case '+':
			h.after = append(h.after, body)
			right--
		case '-':
			h.before = append(h.before, body)
			left--
		case ' ':
			h.before, h.after = append(h.before, body), append(h.after, body)
			left--
			right--
		case '@':
			// The hunk was shorter than it said: the patch was cut.
			var next hunk
			var ok bool
			if next, left, right, ok = heading(line); ok {
				out = append(out, next)
				h = &out[len(out)-1]
			} else {
				h = nil
			}
		case '\\': // "\ No newline at end of file"
		default:
			h = nil
		}
	}
	return out
}

// heading reads "@@ -1,7 +1,9 @@ func Name(".
func heading(line string) (h hunk, left, right int, ok bool) {
	ranges, rest, ok := strings.Cut(strings.TrimPrefix(line, "@@ "), " @@")
	old, now, ok2 := strings.Cut(ranges, " ")
	if !ok || !ok2 {
		return h, 0, 0, false
	}
	read := func(s, sign string) (start, count int, ok bool) {
		s, ok = strings.CutPrefix(s, sign)
		if !ok {
			return 0, 0, false
		}
		first, n, more := strings.Cut(s, ",")
		start, err := strconv.Atoi(first)
		if err != nil || start < 0 {
			return 0, 0, false
		}
		count = 1
		if more {
			if count, err = strconv.Atoi(n); err != nil || count < 0 {
				return 0, 0, false
			}
		}
		return start, count, true
	}
	var okOld, okNew bool
	h.oldLine, left, okOld = read(old, "-")
	h.newLine, right, okNew = read(now, "+")
	h.heading = strings.TrimSpace(rest)
	return h, left, right, okOld && okNew
}

// FromDiff cuts a unified diff of several files, as `git diff` writes it or GitHub
// serves as application/vnd.github.diff, into files as [Patch] makes them. Text
// before the first "diff --git" line is left out. More than [MaxFiles] are not read;
// one more is returned, so that [Compute] says so.
func FromDiff(diff []byte) []File {
	var files []File
	text := string(diff)
	for at := nextFile(text, 0); at >= 0 && len(files) <= MaxFiles; {
		end := nextFile(text, at+1)
		part := text[at:]
		if end >= 0 {
			part = text[at:end]
		}
		files = append(files, oneFile(part))
		at = end
	}
	return files
}

// nextFile returns where the next file starts at or after from. A line of contents
// always has a mark before it, so it never starts with "diff --git ".
func nextFile(text string, from int) int {
	const head = "diff --git "
	for from < len(text) {
		n := strings.Index(text[from:], head)
		if n < 0 {
			return -1
		}
		if n += from; n == 0 || text[n-1] == '\n' {
			return n
		}
		from = n + 1
	}
	return -1
}

// oneFile reads the part of a diff that speaks of one file.
func oneFile(part string) File {
	var old, now string
	var haveOld, haveNew, added, deleted, binary, same bool
	first, _, _ := strings.Cut(part, "\n")
	body := ""
	at := 0
	for line := range strings.Lines(part) {
		if strings.HasPrefix(line, "@@ -") {
			body = part[at:]
			break
		}
		at += len(line)
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(line, "new file mode"):
			added = true
		case strings.HasPrefix(line, "deleted file mode"):
			deleted = true
		case strings.HasPrefix(line, "rename from "), strings.HasPrefix(line, "copy from "):
			_, p, _ := strings.Cut(line, " from ")
			old, haveOld = unquote(p), true
		case strings.HasPrefix(line, "rename to "), strings.HasPrefix(line, "copy to "):
			_, p, _ := strings.Cut(line, " to ")
			now, haveNew = unquote(p), true
		case strings.HasPrefix(line, "similarity index 100%"), strings.HasPrefix(line, "old mode "):
			same = true
		case strings.HasPrefix(line, "--- ") && line != "--- /dev/null":
			old, haveOld = strings.TrimPrefix(unquote(line[4:]), "a/"), true
		case strings.HasPrefix(line, "+++ ") && line != "+++ /dev/null":
			now, haveNew = strings.TrimPrefix(unquote(line[4:]), "b/"), true
		case strings.HasPrefix(line, "Binary files "), strings.HasPrefix(line, "GIT binary patch"):
			binary = true
		}
	}
	if !haveOld && !haveNew {
		// Only the heading names the file, twice: "a/NAME b/NAME".
		old, now = twice(strings.TrimPrefix(strings.TrimRight(first, "\r"), "diff --git "))
	} else if !haveOld {
		old = now
	} else if !haveNew {
		now = old
	}
	if added {
		old = ""
	}
	if deleted {
		now = ""
	}
	f := Patch(old, now, []byte(body))
	f.Binary = binary
	if body == "" && (binary || same || added || deleted) {
		f.Truncated = false // nothing to show: an empty file, a mode, a rename
	}
	return f
}

// twice reads the two equal names of a heading.
func twice(s string) (old, now string) {
	if strings.HasPrefix(s, `"`) {
		q, rest, ok := strings.Cut(s[1:], `" `)
		if !ok {
			return "", ""
		}
		return strings.TrimPrefix(unquote(`"`+q+`"`), "a/"), strings.TrimPrefix(unquote(rest), "b/")
	}
	half := len(s) / 2
	if len(s)%2 == 1 && s[half] == ' ' {
		return strings.TrimPrefix(s[:half], "a/"), strings.TrimPrefix(s[half+1:], "b/")
	}
	a, b, _ := strings.Cut(s, " b/")
	return strings.TrimPrefix(a, "a/"), b
}

// unquote reads a path as git writes it: in C quotes where it has bytes that are not
// plain, with a tab after it where it has blanks.
func unquote(s string) string {
	s = strings.TrimSuffix(s, "\t")
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	// Git's escapes are a subset of Go's: \t \n \" \\ and three octal digits.
	if plain, err := strconv.Unquote(s); err == nil {
		return plain
	}
	return s
}

// A rawLine is a changed line as it stands in the file.
type rawLine struct {
	text  string
	line  int // in the head for added lines, in the base for removed ones
	added bool
}

// changedLines lists the lines that a plain comparison finds changed, comments and
// all. It is what secrets and directives in comments are looked for in.
func changedLines(f *File) []rawLine {
	var out []rawLine
	compare := func(before, after []string, oldLine, newLine int) {
		differ(before, after, func(i int) {
			out = append(out, rawLine{before[i], oldLine + i, false})
		}, func(i int) {
			out = append(out, rawLine{after[i], newLine + i, true})
		})
	}
	if f.patch {
		for _, h := range f.hunks {
			compare(h.before, h.after, h.oldLine, h.newLine)
		}
		return out
	}
	compare(splitLines(f.Before), splitLines(f.After), 1, 1)
	return out
}

func splitLines(b []byte) []string {
	var out []string
	for line := range strings.Lines(string(b)) {
		out = append(out, strings.TrimRight(line, "\r\n"))
	}
	return out
}
