package touch

import (
	"strings"
	"unicode/utf8"
)

// The kinds of tokens.
const (
	word   = 'w' // identifier or keyword
	text   = 's' // string, without its quotes
	number = 'n'
	sign   = 'o' // operator or punctuation, one character or one of twoSigns
)

// A tok is one token. A string over several lines is one token a line, so that a
// change to one line of a query is a change of that line.
type tok struct {
	kind byte
	text string
	line int
	off  int
}

var twoSigns = map[string]bool{
	"!=": true, "==": true, ":=": true, "=>": true, "->": true, "&&": true, "||": true, "<=": true, ">=": true, "++": true, "--": true, "+=": true, "::": true, "?.": true, "??": true, "<-": true,
}

// tokens cuts text into tokens and leaves comments and blanks out. It never fails:
// what it does not understand is a token of one character, a string that does not
// end ends with its line, and what looks like the start of a comment or of a text
// over several lines and never ends is none, so that it cannot hide the rest.
func tokens(src string, l *language) []tok {
	var out []tok
	line := 1
	put := func(kind byte, s string, off int) { out = append(out, tok{kind, s, line, off}) }
	// lines puts a text of several lines as a token a line.
	lines := func(s string, off int) {
		for {
			part, rest, more := strings.Cut(s, "\n")
			if t := strings.Join(strings.Fields(part), " "); t != "" || !more {
				put(text, t, off)
			}
			if !more {
				return
			}
			line++
			off += len(part) + 1
			s = rest
		}
	}
	// find returns where s stands at or after from, or -1; once it is known that it
	// does not come again it is not looked for again.
	gone := map[string]bool{}
	find := func(from int, s string) int {
		if gone[s] || from > len(src) {
			return -1
		}
		n := strings.Index(src[from:], s)
		if n < 0 {
			gone[s] = true
			return -1
		}
		return from + n
	}
scan:
	for i := 0; i < len(src); {
		c := src[i]
		switch {
		case c == '\n':
			line++
			i++
			continue
		case c <= ' ':
			i++
			continue
		}
		for _, mark := range l.line {
			if strings.HasPrefix(src[i:], mark) && !(l.markup && mark == "//" && i > 0 && src[i-1] == ':') {
				if n := strings.IndexByte(src[i:], '\n'); n >= 0 {
					i += n
				} else {
					i = len(src)
				}
				continue scan
			}
		}
		if open, closing := "/*", "*/"; l.block && strings.HasPrefix(src[i:], open) || l.markup && strings.HasPrefix(src[i:], "<!--") {
			if src[i] == '<' {
				closing = "-->"
			}
			if n := find(i+2, closing); n >= 0 {
				line += strings.Count(src[i:n], "\n")
				i = n + len(closing)
				continue
			}
		}
		switch {
		case l.triple && (strings.HasPrefix(src[i:], `"""`) || strings.HasPrefix(src[i:], "'''")):
			n := find(i+3, src[i:i+3])
			if n < 0 {
				put(sign, src[i:i+3], i)
				i += 3
				continue
			}
			lines(src[i+3:n], i)
			i = n + 3
		case l.raw != 0 && c == l.raw:
			n := find(i+1, string(c))
			for n >= 0 && l.name != "go" && escaped(src, n) {
				n = find(n+1, string(c))
			}
			if n < 0 {
				put(sign, string(c), i)
				i++
				continue
			}
			lines(src[i+1:n], i)
			i = n + 1
		case c == '"' || c == '\'':
			end := i + 1
			for end < len(src) && src[end] != c && src[end] != '\n' {
				if src[end] == '\\' && end+1 < len(src) && src[end+1] != '\n' {
					end++
				}
				end++
			}
			end = min(end, len(src))
			put(text, src[i+1:end], i)
			if end < len(src) && src[end] == c {
				end++
			}
			i = end
		case isLetter(c):
			end := i + 1
			for end < len(src) && (isLetter(src[end]) || isDigit(src[end])) {
				end++
			}
			put(word, src[i:end], i)
			i = end
		case isDigit(c):
			end := i + 1
			for end < len(src) && (isLetter(src[end]) || isDigit(src[end]) || src[end] == '.' && end+1 < len(src) && isDigit(src[end+1])) {
				end++
			}
			put(number, src[i:end], i)
			i = end
		default:
			n := 1
			if i+2 <= len(src) && twoSigns[src[i:i+2]] {
				n = 2
			} else if c >= utf8.RuneSelf {
				_, n = utf8.DecodeRuneInString(src[i:])
			}
			put(sign, src[i:i+n], i)
			i += n
		}
	}
	return out
}

// escaped reports whether the character at i has an odd number of backslashes before
// it.
func escaped(src string, i int) bool {
	n := 0
	for i--; i >= 0 && src[i] == '\\'; i-- {
		n++
	}
	return n%2 == 1
}

// Letters of other alphabets belong to identifiers too; their bytes are all above
// ASCII.
func isLetter(c byte) bool {
	return c == '_' || c == '$' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= utf8.RuneSelf
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// prose reports whether a string is a sentence for people: a message, a title, a
// log line. Its wording is no behaviour. A query, a header's value, a list or a
// name is not prose.
func prose(s string) bool {
	words := 0
	for w := range strings.FieldsSeq(s) {
		switch w {
		case "SELECT", "INSERT", "UPDATE", "DELETE", "ALTER", "CREATE", "DROP", "WHERE", "FROM", "AND", "JOIN", "ADD", "VALUES", "GRANT", "REVOKE", "=", "?":
			return false
		}
		if strings.ContainsAny(w, ";{}<>") || strings.Contains(w, "='") {
			return false
		}
		letters := true
		for i := range len(w) {
			if !(isLetter(w[i]) || strings.IndexByte(".,:!?'()-%\"\\[]/#", w[i]) >= 0) {
				letters = false
			}
		}
		if letters {
			words++
		}
	}
	return words >= 3
}
