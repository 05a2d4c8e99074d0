// Package markdown makes text of any origin inert before it is put into a page
// of GitHub's Markdown or on a terminal.
//
// Text of a repository is hostile: it may hold control characters, markup, HTML,
// mentions, references to issues and links. What leaves this package shows the
// same words and does nothing.
package markdown

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes text safe to show: control characters (escape sequences begin
// with one), bidirectional controls, invisible format characters, line
// separators and bytes that are not UTF-8 are written out as \xNN or \u{NNNN}
// instead of acting on the terminal. Newlines count as control characters.
func Clean(s string) string {
	if !strings.ContainsFunc(s, Hostile) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case Hostile(r) && r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case Hostile(r):
			fmt.Fprintf(&b, `\u{%04x}`, r)
		default:
			b.WriteRune(r)
		}
		s = s[size:]
	}
	return b.String()
}

// Hostile reports whether a rune must not reach a terminal as it is.
func Hostile(r rune) bool {
	switch {
	case unicode.IsControl(r): // C0, DEL and C1
		return true
	case unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs):
		return true
	}
	return false
}

// Text makes text of any origin inert in GitHub's Markdown, for use inside a
// line: no markup, no HTML, no mention, no reference to an issue, no link of its
// own.
func Text(s string) string {
	return escapes.Replace(Clean(s))
}

// breaker is an invisible character that ends a word for GitHub's autolinks.
const breaker = "&#8203;"

// escapes holds what means something in the middle of a Markdown line.
var escapes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;",
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`, "$", `\$`,
	"@", "@"+breaker, "#", "#"+breaker, "://", ":"+breaker+"//",
	"www.", "www"+breaker+".", "WWW.", "WWW"+breaker+".", "GH-", "GH"+breaker+"-", "gh-", "gh"+breaker+"-",
)

// HTML is Text for text inside an HTML element, where Markdown is not
// read.
func HTML(s string) string { return htmlEscapes.Replace(Clean(s)) }

var htmlEscapes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;",
	"@", "@"+breaker, "#", "#"+breaker, "://", ":"+breaker+"//",
	"www.", "www"+breaker+".", "WWW.", "WWW"+breaker+".", "GH-", "GH"+breaker+"-", "gh-", "gh"+breaker+"-",
)

// Code puts text into a code span, in which nothing is interpreted. The fence
// is longer than any run of back quotes inside.
func Code(s string) string {
	s = Clean(s)
	if s == "" {
		return ""
	}
	longest, run := 0, 0
	for _, r := range s {
		if r == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	fence := strings.Repeat("`", longest+1)
	if longest > 0 || strings.TrimSpace(s) != s {
		s = " " + s + " "
	}
	return fence + strings.ReplaceAll(s, "|", "&#124;") + fence
}

// Block puts text of several lines into a fenced code block of a language. The
// fence is longer than any run of back quotes inside.
func Block(language, s string) string {
	lines := strings.Split(strings.Trim(s, "\n"), "\n")
	longest := 2
	for i, line := range lines {
		lines[i] = Clean(line)
		run := 0
		for _, r := range line {
			if run++; r != '`' {
				run = 0
			}
			longest = max(longest, run)
		}
	}
	fence := strings.Repeat("`", longest+1)
	return fence + language + "\n" + strings.Join(lines, "\n") + "\n" + fence + "\n"
}
