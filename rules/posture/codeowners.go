package posture

import (
	"errors"
	"strings"
)

// The CODEOWNERS file, as GitHub documents it ("About code owners"): one pattern
// a line with its owners, the last pattern that matches decides, a pattern
// without owners takes ownership away. Patterns are those of gitignore without
// "!" and "[ ]".

// maxCodeowners is the largest file GitHub reads, in bytes.
const maxCodeowners = 3 << 20

// maxPattern bounds a pattern; GitHub's paths are shorter.
const maxPattern = 4096

// owners is a CODEOWNERS file.
type owners []ownerRule

// An ownerRule is one line.
type ownerRule struct {
	segments []string // "**" stands for any number of folders
	folder   bool     // the pattern ends in "/": it matches what is below
	direct   bool     // it ends in "/*": it matches nothing further below
	names    []string
}

// parseOwners reads a CODEOWNERS file. Lines that cannot be understood are left
// out, as GitHub leaves them out; it lists them as errors itself.
func parseOwners(data []byte) (owners, error) {
	if len(data) > maxCodeowners {
		return nil, errors.New("the file is larger than GitHub reads (3 MB)")
	}
	var all owners
	for line := range strings.SplitSeq(string(data), "\n") {
		fields := ownerFields(line)
		if len(fields) == 0 || len(fields[0]) > maxPattern || strings.HasPrefix(fields[0], "!") || strings.ContainsAny(fields[0], "[]") {
			continue
		}
		r := ownerRule{names: fields[1:]}
		pattern := fields[0]
		r.folder = strings.HasSuffix(pattern, "/")
		anchored := strings.Contains(strings.TrimSuffix(pattern, "/"), "/")
		pattern = strings.Trim(pattern, "/")
		if pattern == "" {
			if !r.folder {
				continue
			}
			pattern = "**"
		}
		r.segments = strings.Split(pattern, "/")
		r.direct = len(r.segments) > 1 && r.segments[len(r.segments)-1] == "*"
		if !anchored && r.segments[0] != "**" {
			r.segments = append([]string{"**"}, r.segments...)
		}
		all = append(all, r)
	}
	return all, nil
}

// ownerFields splits a line at white space that is not escaped and drops
// comments.
func ownerFields(line string) []string {
	var fields []string
	var field strings.Builder
	open := false
	flush := func() {
		if open {
			fields = append(fields, field.String())
			field.Reset()
			open = false
		}
	}
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && i+1 < len(line):
			i++
			field.WriteByte(line[i])
			open = true
		case c == ' ' || c == '\t' || c == '\r':
			flush()
		case c == '#' && !open:
			return fields
		default:
			field.WriteByte(c)
			open = true
		}
	}
	flush()
	return fields
}

// of returns the owners of a path, as the file writes them.
func (o owners) of(path string) []string {
	segments := strings.Split(path, "/")
	for i := len(o) - 1; i >= 0; i-- {
		if o[i].matches(segments) {
			return o[i].names
		}
	}
	return nil
}

// matches reports whether the pattern matches the path or a folder above it.
func (r *ownerRule) matches(path []string) bool {
	// reach[j] is true when the segments so far match the first j of the path.
	reach := make([]bool, len(path)+1)
	reach[0] = true
	for _, segment := range r.segments {
		next := make([]bool, len(path)+1)
		if segment == "**" {
			seen := false
			for j := range reach {
				seen = seen || reach[j]
				next[j] = seen
			}
		} else {
			for j := 1; j <= len(path); j++ {
				next[j] = reach[j-1] && wildcard(segment, path[j-1])
			}
		}
		reach = next
	}
	whole := reach[len(path)] && !r.folder
	if r.direct {
		return whole
	}
	for j := 1; j < len(path); j++ {
		if reach[j] {
			return true
		}
	}
	return whole
}

// wildcard matches one name with "*" and "?".
func wildcard(pattern, name string) bool {
	p, n, star, mark := 0, 0, -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p++
			n++
		case star >= 0:
			mark++
			p, n = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
