package evidence

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Pos is a place in the policy file. Both numbers are 1-based; Column counts
// bytes, as rules.Location does.
type Pos struct {
	Line, Column int
}

// An Error is one thing that is wrong with the policy file.
type Error struct {
	File string // as it was given to Parse
	Pos
	Message string // what is wrong, without a value that could be secret
	Advice  string // what to write instead
}

// Error returns "file:line:column: what is wrong; what to write instead". The
// file name is escaped, since a repository chooses it.
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s; %s", printable(e.File), e.Line, e.Column, e.Message, e.Advice)
}

// An ErrorList is all that is wrong with one file, sorted by position. An empty
// list means that nothing is wrong; use [ErrorList.Err] where an error is asked
// for.
type ErrorList []*Error

// Error returns one line an error.
func (l ErrorList) Error() string {
	lines := make([]string, len(l))
	for i, e := range l {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Err returns the list as an error, or nil when it is empty.
func (l ErrorList) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// Unwrap gives errors.Is and errors.As the single errors.
func (l ErrorList) Unwrap() []error {
	errs := make([]error, len(l))
	for i, e := range l {
		errs[i] = e
	}
	return errs
}

// sorted orders the list by position, then text, and drops repetitions.
func (l ErrorList) sorted() ErrorList {
	slices.SortFunc(l, func(a, b *Error) int {
		return cmp.Or(
			cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Message, b.Message), cmp.Compare(a.Advice, b.Advice))
	})
	return slices.CompactFunc(l, func(a, b *Error) bool { return *a == *b })
}

// maxQuoted is how much of a value an error shows at most, in characters.
const maxQuoted = 40

// quoted returns a key or a word of a closed list in quotes, cut when it is
// long, or only its length when it could be a secret.
func quoted(s string) string {
	if looksSecret(s) {
		return fmt.Sprintf("(%d characters, not shown)", utf8.RuneCountInString(s))
	}
	if runes := []rune(s); len(runes) > maxQuoted {
		s = string(runes[:maxQuoted]) + "…"
	}
	return `"` + printable(s) + `"`
}

// printable escapes what could steer a terminal, a log or the eye.
func printable(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r == '"' || !unicode.IsPrint(r) }) {
		return s
	}
	q := strconv.QuoteToGraphic(s)
	return q[1 : len(q)-1]
}

// looksSecret reports whether a word has the shape of a key or a token: a run
// of letters and digits that no person would choose as a name. Ids such as
// APOLLO-APPSEC-02 fall into short parts and stay readable.
func looksSecret(s string) bool {
	parts := strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	for _, p := range parts {
		mixed := strings.ContainsFunc(p, unicode.IsDigit) && strings.ContainsFunc(p, unicode.IsLetter)
		if n := utf8.RuneCountInString(p); n >= 24 || mixed && n >= 12 {
			return true
		}
	}
	return false
}

// nearest returns the candidate a misspelt word most likely means.
func nearest(word string, candidates []string) (string, bool) {
	if len(word) > maxQuoted {
		return "", false
	}
	word = fold(word)
	best, at := "", 1+max(1, len(word)/4)
	for _, c := range candidates {
		if d := distance(word, fold(c), at); d < at {
			best, at = c, d
		}
	}
	return best, best != ""
}

// fold takes away what people mix up: case, and the kind of dash.
func fold(s string) string {
	return strings.NewReplacer("_", "-", " ", "-").Replace(strings.ToLower(s))
}

// distance is the number of bytes to insert, delete or replace, or swap with
// their neighbour, between a and b; anything from limit on may come back as limit.
func distance(a, b string, limit int) int {
	if max(len(a)-len(b), len(b)-len(a)) >= limit {
		return limit
	}
	before, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			change := prev[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(change, prev[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, prev, row = prev, row, before
	}
	return min(prev[len(b)], limit)
}
