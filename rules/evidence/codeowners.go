package evidence

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/staylisted/staylisted/rules"
	"github.com/staylisted/staylisted/rules/tree"
)

// FactCodeowners is true when CODEOWNERS is valid and somebody owns the policy
// file: only then does a change of the policy need an owner's approval.
const FactCodeowners = "codeowners"

const (
	maxCodeowners   = 3 << 20 // what GitHub reads at most
	maxOwnerLines   = 20000
	maxOwnerPattern = 1000
)

// An ownerRule is one line of CODEOWNERS.
type ownerRule struct {
	pattern *regexp.Regexp
	owners  int
}

// readCodeowners reads the file as GitHub does: the last matching line decides,
// negation and ranges are not supported. Lines that GitHub skips are problems.
func readCodeowners(src []byte) (lines []ownerRule, problems []string) {
	text := strings.ReplaceAll(strings.ToValidUTF8(string(src), "\uFFFD"), "\r\n", "\n")
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		fields := strings.Fields(strings.ReplaceAll(line, `\ `, "\x00"))
		for i, f := range fields {
			if strings.HasPrefix(f, "#") {
				fields = fields[:i]
				break
			}
		}
		if len(fields) == 0 {
			continue
		}
		pattern := strings.ReplaceAll(fields[0], "\x00", " ")
		if strings.HasPrefix(pattern, "!") || strings.ContainsAny(pattern, "[]") || len(pattern) > maxOwnerPattern {
			problems = append(problems, fmt.Sprintf("line %d uses a pattern that CODEOWNERS does not know", n))
			continue
		}
		if len(lines) == maxOwnerLines {
			return lines, append(problems, fmt.Sprintf("there are more than %d lines", maxOwnerLines))
		}
		bad := false
		for _, owner := range fields[1:] {
			if !handleShape.MatchString(owner) && !validEmail(owner) {
				problems = append(problems, fmt.Sprintf("line %d names an owner that is no @login, @org/team or e-mail address", n))
				bad = true
			}
		}
		if !bad {
			lines = append(lines, ownerRule{ownerPattern(pattern), len(fields) - 1})
		}
	}
	return lines, problems
}

// ownerPattern turns a pattern into an expression over repository paths.
func ownerPattern(p string) *regexp.Regexp {
	folder := strings.HasSuffix(p, "/")
	body := strings.Trim(p, "/")
	anchored := strings.HasPrefix(p, "/") || strings.Contains(body, "/")
	var b strings.Builder
	b.WriteString("^")
	if !anchored {
		b.WriteString("(?:.*/)?")
	}
	last := body[strings.LastIndexByte(body, '/')+1:]
	for len(body) > 0 {
		switch {
		case strings.HasPrefix(body, "**/"):
			b.WriteString("(?:.*/)?")
			body = body[3:]
		case strings.HasPrefix(body, "**"):
			b.WriteString(".*")
			body = body[2:]
		case body[0] == '*':
			b.WriteString("[^/]*")
			body = body[1:]
		case body[0] == '?':
			b.WriteString("[^/]")
			body = body[1:]
		default:
			end := strings.IndexAny(body, "*?")
			if end < 0 {
				end = len(body)
			}
			b.WriteString(regexp.QuoteMeta(body[:end]))
			body = body[end:]
		}
	}
	switch {
	case p == "*":
		b.WriteString(".*")
	case folder:
		b.WriteString("/.+")
	case !strings.ContainsAny(last, "*?"): // a name may be a folder's
		b.WriteString("(?:/.+)?")
	}
	b.WriteString("$")
	return regexp.MustCompile(b.String())
}

// owned reports whether somebody owns a path.
func owned(lines []ownerRule, name string) bool {
	has := false
	for _, l := range lines {
		if l.pattern.MatchString(name) {
			has = l.owners > 0
		}
	}
	return has
}

// codeowners states the fact; its absence speaks against nothing by itself.
func codeowners(in *Input) rules.Gathered {
	g := rules.Gathered{}
	fact := rules.Fact{ID: FactCodeowners, State: rules.False, Detail: "there is no CODEOWNERS file"}
	name := ""
	for _, at := range []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"} {
		if in.Tree.Has(at) {
			name = at
			break
		}
	}
	if name == "" {
		g.Facts = []rules.Fact{fact}
		return g
	}
	policy := PolicyPath
	if in.File != nil && in.File.Name != "" {
		policy = in.File.Name
	}
	src, err := in.Tree.Read(name, maxCodeowners)
	if err != nil {
		fact.State, fact.Detail = rules.Undecided, name+" could not be read"
		if errors.Is(err, tree.ErrTooLarge) {
			fact.State, fact.Detail = rules.False, name+" is larger than GitHub reads"
		}
		g.Facts = []rules.Fact{fact}
		return g
	}
	lines, problems := readCodeowners(src)
	fact.Items = []rules.Item{{Name: name, Location: rules.Location{Path: name}}}
	switch {
	case len(problems) > 0:
		fact.Detail = name + ": " + problems[0]
		g.Notes = append(g.Notes, fact.Detail+"; GitHub skips such lines")
	case !owned(lines, policy):
		fact.Detail = name + " gives " + printable(policy) + " no owner"
		g.Notes = append(g.Notes, fact.Detail+"; add a line such as: /"+printable(policy)+" @org/security")
	default:
		fact.State, fact.Detail = rules.True, name+" is valid and gives "+printable(policy)+" an owner"
	}
	g.Facts = []rules.Fact{fact}
	return g
}
