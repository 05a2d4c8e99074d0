package reports

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lax is a JSON value of a report that may have any type: what does not fit is
// as if it were absent. Other tools' files are read for what they say, not held
// to their format.
type lax[T any] struct {
	v T
}

// UnmarshalJSON never fails: what is not a T leaves the zero value.
func (l *lax[T]) UnmarshalJSON(data []byte) error {
	var v T
	if json.Unmarshal(data, &v) == nil {
		l.v = v
	}
	return nil
}

// laxList is a list of which each element that does not fit is left out.
type laxList[T any] struct {
	v       []T
	dropped int
	there   bool // it is a list, maybe an empty one: null and absent are none
}

// UnmarshalJSON never fails.
func (l *laxList[T]) UnmarshalJSON(data []byte) error {
	var raw []json.RawMessage
	if json.Unmarshal(data, &raw) != nil {
		return nil
	}
	l.there = raw != nil
	for _, r := range raw {
		var v T
		if string(r) == "null" || json.Unmarshal(r, &v) != nil {
			l.dropped++
			continue
		}
		l.v = append(l.v, v)
	}
	return nil
}

// word reads text, or a number as text.
type word string

// UnmarshalJSON never fails.
func (w *word) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) == nil {
		*w = word(s)
		return nil
	}
	var n json.Number
	if json.Unmarshal(data, &n) == nil {
		*w = word(n.String())
	}
	return nil
}

// words reads a list of texts, or one text.
type words []string

// UnmarshalJSON never fails.
func (w *words) UnmarshalJSON(data []byte) error {
	var list laxList[word]
	if list.UnmarshalJSON(data); list.v != nil {
		for _, s := range list.v {
			*w = append(*w, string(s))
		}
		return nil
	}
	var one word
	if one.UnmarshalJSON(data); one != "" {
		*w = words{string(one)}
	}
	return nil
}

// plain keeps of a foreign text what reads as one plain line: letters, digits
// and harmless punctuation. Nothing of it can be Markdown, HTML, a mention, a
// workflow command or an escape sequence.
func plain(s string, most int) string {
	var b strings.Builder
	space := false
	for _, c := range s {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune(" .,:;/+-'=%", c) || !unicode.IsPrint(c) {
			c = ' '
		}
		if c == ' ' {
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		if b.Len()+utf8.RuneLen(c) > most {
			break
		}
		b.WriteRune(c)
	}
	return strings.TrimRight(strings.ReplaceAll(b.String(), "::", ":"), " .")
}

// slug turns a tool's or rule's name into a part of a rule id.
func slug(s string, most int) string {
	s = strings.Map(func(c rune) rune {
		switch {
		case c < utf8.RuneSelf && (unicode.IsLetter(c) || unicode.IsDigit(c)), c == '.', c == '_', c == '-', c == '/':
			return c
		}
		return '-'
	}, s)
	for strings.Contains(s, "--") {
		s = strings.ReplaceAll(s, "--", "-")
	}
	s = strings.Trim(s, "-/")
	if len(s) > most {
		s = strings.TrimRight(s[:most], "-/")
	}
	return s
}

// printable makes a name safe to show.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) {
			return utf8.RuneError
		}
		return c
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

var cweShape = regexp.MustCompile(`(?i)\bcwe[-_ /]{0,2}0*([1-9][0-9]{0,4})\b`)

// cweIn finds the CWE ids in texts, sorted.
func cweIn(texts ...string) []int {
	var ids []int
	for _, text := range texts {
		for _, m := range cweShape.FindAllStringSubmatch(text, 16) {
			if id, err := strconv.Atoi(m[1]); err == nil {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
