package posture

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// plain makes foreign text fit for one line of a message: no control, format or
// bidirectional characters, single spaces, at most so many runes.
func plain(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return string(runes)
}

// several writes names as a sentence part: "a, b and 3 more".
func several[T cmp.Ordered](names []T, most int) string {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	var parts []string
	for _, n := range names {
		parts = append(parts, fmt.Sprint(n))
	}
	switch n := len(parts); {
	case n > most+1:
		return strings.Join(parts[:most], ", ") + fmt.Sprintf(" and %d more", n-most)
	case n > 1:
		return strings.Join(parts[:n-1], ", ") + " and " + parts[n-1]
	}
	return strings.Join(parts, "")
}

// counted writes a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
