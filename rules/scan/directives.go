package scan

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/staylisted/staylisted/rules"
)

// A directive is a comment that wants to excuse findings:
//
//	// #nosec G402 -- the peer is pinned below
//	//staylisted:ignore MKT102 reason="internal network only" until=2027-01-31
//
// It needs at least one rule id and a reason of some words; without them it
// excuses nothing and is reported, and so are comments that only look like one. It covers the statement, field or
// specification it belongs to; above a function it covers the function's first
// line, not its body.
type directive struct {
	Rules    []string       `json:"rules"` // rule ids without variant, or with one
	Reason   string         `json:"reason,omitempty"`
	Until    string         `json:"until,omitempty"` // YYYY-MM-DD, last day it holds
	Location rules.Location `json:"location"`        // of the comment
	// From and To are the lines it covers, both included: the lines of the
	// comment and of the syntax it belongs to.
	From int `json:"from"`
	To   int `json:"to"`
	// NearFrom and NearTo are lines that somebody who put the comment here may
	// have meant: the body of the function below it, the file below one at its
	// top, a few lines around any other.
	NearFrom int `json:"near_from"`
	NearTo   int `json:"near_to"`
	// Invalid says why it excuses nothing; empty for a valid one.
	Invalid string `json:"invalid,omitempty"`
	// Rewrite is true when the remark should end with how to write the comment,
	// which depends on what it covers.
	Rewrite bool `json:"rewrite,omitempty"`
	// Bare is true for a comment that is only worth telling where it covers a
	// finding.
	Bare bool `json:"bare,omitempty"`
	// Report is the id under which an invalid one is reported.
	Report string `json:"report,omitempty"`
}

// nearLines is how far from its statement a comment may have slipped.
const nearLines = 2

var (
	nosecID   = regexp.MustCompile(`\bG[0-9]{3}\b`)
	ownID     = regexp.MustCompile(`^(MKT[0-9]{3}|G[0-9]{3})(/[a-z0-9-]+)?$`)
	attribute = regexp.MustCompile(`^([a-z]+)=(?:"((?:[^"\\]|\\.)*)"|"([^"]*)"|([^"]\S*|))$`)
	fieldsOf  = regexp.MustCompile(`[a-z]+="(?:[^"\\]|\\.)*"|[a-z]+="[^"]*"|\S+`)
	unescape  = strings.NewReplacer(`\"`, `"`, `\\`, `\`)
	anyCaseID = regexp.MustCompile(`(?i)\bg[0-9]{3}\b`)
	// Comments that look like directives and are none.
	inText   = regexp.MustCompile(`\s#nosec[:\s]+G[0-9]{3}\b`)
	unmarked = regexp.MustCompile(`^\s*nosec(?:$|\s*$|[:\s]+G[0-9]{3}\b|\s*--)`)
	spaced   = regexp.MustCompile(`^\s+staylisted:ignore(?:$|\s)`)
	nolint   = regexp.MustCompile(`^\s*nolint:\s*([A-Za-z0-9_, -]+)`)
	bare     = regexp.MustCompile(`^\s*nolint\s*(?:$|//)`)
	ownWord  = regexp.MustCompile(`^(?i:staylisted):(?:\S+|[ \t]+(?i:ignore)\b)`)
)

// directives reads every suppression comment of a package's files.
func (pl *placer) directives() []directive {
	var out []directive
	for _, f := range pl.p.files {
		if len(f.Comments) == 0 {
			continue
		}
		var covered map[*ast.CommentGroup]extent
		for _, group := range f.Comments {
			for _, c := range group.List {
				d, ok := parseDirective(c.Text)
				if !ok {
					continue
				}
				if covered == nil {
					covered = pl.covered(f)
				}
				at := position(pl.p.fset, c.Pos())
				d.Location = pl.p.location(at)
				d.From, d.To = at.Line, position(pl.p.fset, c.End()).Line
				of, known := covered[group]
				if known && of.from > 0 {
					d.From, d.To = min(d.From, of.from), max(d.To, of.to)
				}
				d.NearFrom, d.NearTo = max(1, d.From-nearLines), d.To+nearLines
				if known && of.wide > 0 {
					d.NearFrom, d.NearTo = d.From, max(d.To, of.wide)
				}
				out = append(out, d)
			}
		}
	}
	return out
}

// An extent is the lines a comment covers, from 0 for none but its own, and the
// last line of what it stands above, 0 where that is the same.
type extent struct{ from, to, wide int }

// covered maps each comment group to the lines of the syntax it belongs to, by
// the go/ast rules of association. A group that belongs to the whole file
// covers only itself: one comment must not excuse a file.
func (pl *placer) covered(f *ast.File) map[*ast.CommentGroup]extent {
	line := func(pos token.Pos) int { return position(pl.p.fset, pos).Line }
	out := map[*ast.CommentGroup]extent{}
	for n, groups := range ast.NewCommentMap(pl.p.fset, f, f.Comments) {
		of := extent{from: line(n.Pos()), to: line(n.End())}
		switch n := n.(type) {
		case *ast.File:
			of = extent{wide: line(n.End())}
		case *ast.FuncDecl:
			if n.Body != nil {
				// One comment must not excuse a whole function.
				of.to, of.wide = line(n.Body.Lbrace), of.to
			}
		}
		for _, g := range groups {
			out[g] = of
		}
	}
	return out
}

// parseDirective reads one comment; ok is false for comments that are not
// directives.
func parseDirective(comment string) (d directive, ok bool) {
	text := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(comment, "//"), "/*"), "*/")
	if rest, found := strings.CutPrefix(text, "staylisted:ignore"); found && (rest == "" || rest[0] == ' ' || rest[0] == '\t') {
		return parseIgnore(rest), true
	}
	if word := ownWord.FindString(text); word != "" {
		d := directive{Report: invalidDirective, Rewrite: true, Invalid: fmt.Sprintf("%q is nothing this program reads", cut(printable(word), 40))}
		for field := range strings.FieldsSeq(text) {
			d.Rules = append(d.Rules, idsAmong(field)...)
		}
		return d, true
	}
	if d, ok := lookalike(text); ok {
		return d, true
	}
	rest, found := "", false
	for _, tag := range []string{"#nosec", "gosec:disable"} {
		if i := strings.Index(text, tag); i >= 0 && strings.TrimSpace(text[:i]) == "" {
			rest, found = text[i+len(tag):], true
			break
		}
	}
	if !found || rest != "" && !strings.ContainsRune(" \t:", rune(rest[0])) {
		return directive{}, false
	}
	ids, reason, _ := strings.Cut(rest, "--")
	d = directive{Rules: nosecID.FindAllString(ids, -1), Reason: cleanReason(strings.TrimLeft(reason, "-"))}
	switch d.Report = invalidDirective; {
	case len(d.Rules) == 0 && anyCaseID.MatchString(ids):
		d.Invalid = "it names no rule: ids are written in capitals; did you mean " + strings.ToUpper(anyCaseID.FindString(ids)) + "?"
	case len(d.Rules) == 0:
		d.Invalid, d.Rewrite = "it names no rule", true
	case len(d.Reason) < minReason:
		d.Invalid, d.Rewrite = "it gives no reason that a reviewer could follow", true
	}
	return d, true
}

// lookalike recognises comments that were meant to excuse something and that
// nobody heeds.
func lookalike(text string) (d directive, ok bool) {
	d = directive{Rules: nosecID.FindAllString(text, -1), Report: invalidDirective}
	if m := nolint.FindStringSubmatch(text); m != nil {
		named := func(want string) bool {
			return slices.ContainsFunc(strings.Split(m[1], ","), func(name string) bool {
				first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
				return first == want
			})
		}
		d.Bare = !named("gosec")
		if d.Bare && !named("all") {
			return directive{}, false
		}
	} else {
		d.Bare = bare.MatchString(text)
	}
	if d.Bare || nolint.MatchString(text) {
		d.Rules, d.Report, d.Rewrite = nil, foreignDirective, true
		d.Invalid = "it speaks to golangci-lint only"
		return d, true
	}
	switch {
	case spaced.MatchString(text):
		d.Invalid = "a space stands before staylisted:ignore; write //staylisted:ignore without one"
	case unmarked.MatchString(text):
		d.Invalid, d.Rewrite = "it begins with nosec instead of #nosec", true
	case !strings.HasPrefix(strings.TrimSpace(text), "#nosec") && inText.MatchString(text):
		d.Report = misplacedDirective
		d.Invalid = "#nosec stands inside the comment; begin a comment of its own with it"
	default:
		return directive{}, false
	}
	return d, true
}

func parseIgnore(rest string) directive {
	d := directive{Report: invalidDirective}
	wrong := func(format string, args ...any) {
		if d.Invalid == "" {
			d.Invalid = fmt.Sprintf(format, args...)
		}
	}
	for _, field := range fieldsOf.FindAllString(rest, -1) {
		if ownID.MatchString(field) {
			d.Rules = append(d.Rules, field)
			continue
		}
		m := attribute.FindStringSubmatch(field)
		if ids := idsAmong(field); len(ids) > 0 {
			d.Rules = append(d.Rules, ids...)
			if strings.Contains(field, ",") {
				wrong("commas stand between its ids; separate ids with spaces")
			} else {
				wrong("ids are written in capitals; did you mean %s?", ids[0])
			}
			continue
		}
		switch {
		case m == nil && strings.Contains(field, `="`):
			name, _, _ := strings.Cut(field, "=")
			wrong("the quotation marks of %s do not match; write %s=\"…\", and \\\" for one inside", cut(printable(name), 20), cut(printable(name), 20))
		case m == nil:
			wrong("%q is neither a rule id nor reason=\"…\" nor until=YYYY-MM-DD", cut(printable(field), 40))
		case m[1] == "reason":
			d.Reason = cleanReason(unescape.Replace(m[2]) + m[3] + m[4])
		case m[1] == "until":
			d.Until = m[2] + m[3] + m[4]
			if _, err := time.Parse(time.DateOnly, d.Until); err != nil {
				wrong("until=%s is not a date; write until=2027-01-31", cut(printable(d.Until), 20))
			}
		default:
			wrong("it has no attribute %q; use reason=\"…\" and until=YYYY-MM-DD", cut(m[1], 20))
		}
	}
	switch {
	case d.Invalid != "":
	case len(d.Rules) == 0:
		d.Invalid, d.Rewrite = "it names no rule", true
	case len(d.Reason) < minReason:
		d.Invalid = "it gives no reason that a reviewer could follow; add reason=\"why it is safe here\""
	}
	return d
}

// idsAmong returns the rule ids of a field that holds ids and nothing else, but
// not as they must be written: with commas or in small letters.
func idsAmong(field string) []string {
	var ids []string
	for part := range strings.SplitSeq(strings.TrimSuffix(field, ","), ",") {
		family, variant, found := strings.Cut(part, "/")
		id := strings.ToUpper(family)
		if found {
			id += "/" + strings.ToLower(variant)
		}
		if !ownID.MatchString(id) {
			return nil
		}
		ids = append(ids, id)
	}
	return ids
}

// rewritten says how the comment is to be written for the rules that find
// something where it stands, or in general when none does.
func (d *directive) rewritten(covered []string) string {
	const why = "why it is safe here"
	if len(d.Rules) > 0 {
		covered = d.Rules
	}
	switch {
	case len(covered) == 0:
		return "write `#nosec`, the rule's id and ` -- " + why + "`, or `//staylisted:ignore`, the id and `reason=\"" + why + "\"`"
	case slices.ContainsFunc(covered, func(id string) bool { return !nosecID.MatchString(id) }):
		return "write `//staylisted:ignore " + strings.Join(covered, " ") + " reason=\"" + why + "\"`"
	}
	return "write `// #nosec " + strings.Join(covered, " ") + " -- " + why + "`"
}

// minReason is how many bytes a reason has at least: too few to write an essay
// for, too many for "ok".
const minReason = 10

func cleanReason(s string) string { return cut(printable(strings.Join(strings.Fields(s), " ")), 300) }

// cut shortens s to n runes.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// excuses returns the id by which the directive names the rule, one of its
// names; empty when it does not.
func (d *directive) excuses(rule string) string {
	for _, name := range rules.Names(rule) {
		if slices.Contains(d.Rules, name) {
			return name
		}
	}
	return ""
}

// expired reports whether the last day of a valid directive is over, in UTC.
func (d *directive) expired(now time.Time) bool {
	day, err := time.Parse(time.DateOnly, d.Until)
	return err == nil && !now.UTC().Before(day.AddDate(0, 0, 1))
}

// suppression returns what a valid directive says about a finding.
func (d *directive) suppression() *rules.Suppression {
	return &rules.Suppression{
		Kind: "false-positive", Reason: d.Reason, Expires: d.Until,
		Where: fmt.Sprintf("comment %s:%d", d.Location.Path, d.Location.Line),
	}
}
