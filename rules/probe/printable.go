package probe

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// printable keeps what a server says from driving a terminal or reordering
// text.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// clip shortens a text of somebody else's to n runes.
func clip(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n]) + "…"
	}
	return s
}

// shown makes a text of somebody else's fit for a message.
func shown(s string) string { return clip(printable(s), 120) }
