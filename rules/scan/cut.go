package scan

import "bytes"

// cutBodies returns Go source with the bodies of top-level functions replaced
// by "{}" and comments removed. What is left declares exactly the same package
// members, which is all a type-checker needs of a dependency when it ignores
// function bodies. Bodies inside package-level variable initialisers stay.
//
// It works on bytes, not on a syntax tree, because not parsing bodies is the
// point. Source that it cannot follow comes back unchanged.
func cutBodies(src []byte) []byte {
	c := cutter{src: src, out: make([]byte, 0, len(src)/3+64)}
	depth := 0
	for {
		tok, ok := c.next()
		if !ok {
			return src
		}
		switch tok.kind {
		case 0: // end of file
			if depth != 0 {
				return src
			}
			c.flush(len(src))
			return c.out
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth < 0 {
				return src
			}
		case word:
			// At top level a func keyword begins a declaration only where a
			// statement can begin; elsewhere it is part of a type or a literal.
			if depth == 0 && (tok.after == newline || tok.after == ';') && c.is(tok, "func") && !c.function() {
				return src
			}
		}
	}
}

// Token kinds besides the byte of a punctuation mark itself.
const (
	word    = 'w' // identifier, keyword or number
	literal = 'l' // string, raw string or rune
	newline = 'n' // a line break that ends a statement
)

// A lexeme is one significant piece of source: src[start:end].
type lexeme struct {
	kind       byte // word, literal, newline, a punctuation byte, or 0 at the end
	start, end int
	after      byte // kind of the token before it, 0 at the start of the file
}

// ends reports whether a statement can end with a token of this kind, so that
// a line break after it is a semicolon.
func ends(kind byte) bool {
	switch kind {
	case word, literal, newline, ';', ')', ']', '}':
		return true
	}
	return false
}

// A cutter reads tokens of src and copies what is kept to out. Everything
// before copied has been copied or dropped.
type cutter struct {
	src    []byte
	out    []byte
	i      int // next byte to read
	copied int
	last   byte // kind of the last token
}

func (c *cutter) flush(to int) {
	c.out = append(c.out, c.src[c.copied:to]...)
	c.copied = to
}

func (c *cutter) is(t lexeme, s string) bool { return string(c.src[t.start:t.end]) == s }

// function follows a declaration whose func keyword was just read and drops its
// body if it has one; false means that the source is not well formed.
func (c *cutter) function() bool {
	depth := 0
	typeBrace := false // the last word was struct or interface: a brace opens a type
	for {
		tok, ok := c.next()
		if !ok {
			return false
		}
		switch tok.kind {
		case 0:
			return depth == 0
		case newline, ';':
			if depth == 0 {
				return true // declared without a body
			}
		case '(', '[':
			depth++
		case ')', ']', '}':
			if depth--; depth < 0 {
				return false
			}
		case '{':
			if depth == 0 && !typeBrace {
				c.flush(tok.end)
				if !c.block() {
					return false
				}
				c.copied = c.i - 1 // keep the closing brace
				return true
			}
			depth++
		}
		typeBrace = tok.kind == word && (c.is(tok, "struct") || c.is(tok, "interface"))
	}
}

// block passes over a function body up to its closing brace.
func (c *cutter) block() bool {
	// Comments inside the body are dropped with it, so nothing may be flushed
	// while passing over them.
	copied, out := c.copied, len(c.out)
	for depth := 1; depth > 0; {
		tok, ok := c.next()
		if !ok || tok.kind == 0 {
			return false
		}
		switch tok.kind {
		case '{':
			depth++
		case '}':
			depth--
		}
	}
	c.copied, c.out = copied, c.out[:out]
	return true
}

// next reads one token. Comments are left out of the copy on the way.
func (c *cutter) next() (lexeme, bool) {
	after := c.last
	for c.i < len(c.src) {
		b := c.src[c.i]
		start := c.i
		switch {
		case b == '\n':
			c.i++
			if ends(after) && after != newline && after != ';' {
				c.last = newline
				return lexeme{newline, start, c.i, after}, true
			}
		case b == ' ' || b == '\t' || b == '\r':
			c.i++
		case b == '/' && c.i+1 < len(c.src) && c.src[c.i+1] == '/':
			c.flush(start)
			if n := bytes.IndexByte(c.src[start:], '\n'); n >= 0 {
				c.i = start + n
			} else {
				c.i = len(c.src)
			}
			c.copied = c.i
		case b == '/' && c.i+1 < len(c.src) && c.src[c.i+1] == '*':
			n := bytes.Index(c.src[start+2:], []byte("*/"))
			if n < 0 {
				return lexeme{}, false
			}
			c.flush(start)
			c.i = start + 2 + n + 2
			c.copied = c.i
			// A comment that holds a line break acts like one.
			if bytes.IndexByte(c.src[start:c.i], '\n') >= 0 {
				c.out = append(c.out, '\n')
				if ends(after) && after != newline && after != ';' {
					c.last = newline
					return lexeme{newline, start, c.i, after}, true
				}
			} else {
				c.out = append(c.out, ' ')
			}
		case b == '"' || b == '\'':
			c.i++
			for c.i < len(c.src) && c.src[c.i] != b {
				switch c.src[c.i] {
				case '\\':
					c.i++
				case '\n':
					return lexeme{}, false
				}
				c.i++
			}
			if c.i >= len(c.src) {
				return lexeme{}, false
			}
			c.i++
			c.last = literal
			return lexeme{literal, start, c.i, after}, true
		case b == '`':
			n := bytes.IndexByte(c.src[start+1:], '`')
			if n < 0 {
				return lexeme{}, false
			}
			c.i = start + 1 + n + 1
			c.last = literal
			return lexeme{literal, start, c.i, after}, true
		case wordByte(b):
			for c.i < len(c.src) && wordByte(c.src[c.i]) {
				c.i++
			}
			c.last = word
			return lexeme{word, start, c.i, after}, true
		default:
			c.i++
			c.last = b
			return lexeme{b, start, c.i, after}, true
		}
	}
	c.last = 0
	return lexeme{0, c.i, c.i, after}, true
}

// wordByte reports whether b can be part of an identifier, keyword or number;
// bytes outside ASCII are taken for letters.
func wordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b >= 0x80
}
