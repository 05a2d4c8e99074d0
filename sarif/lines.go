package sarif

import "bytes"

// maxLine is the longest line, in bytes, in which columns are counted: a
// minified file with a thousand findings on its only line must not cost a
// thousand walks over megabytes.
const maxLine = 1 << 16

// text is a source file cut into lines at LF, as the Go scanner does.
type text struct {
	src    []byte
	starts []int // offset of each line
	bom    int   // length of a byte order mark, which is no part of the text
}

const byteOrderMark = "\uFEFF"

func newText(src []byte) *text {
	t := &text{src: src, starts: []int{0}}
	if bytes.HasPrefix(src, []byte(byteOrderMark)) {
		t.bom = len(byteOrderMark)
	}
	for i, c := range src {
		if c == '\n' {
			t.starts = append(t.starts, i+1)
		}
	}
	return t
}

// line returns line n (1-based) without its line end and byte order mark, and
// how many bytes of it were left out in front.
func (t *text) line(n int) (line []byte, before int, ok bool) {
	if n < 1 || n > len(t.starts) {
		return nil, 0, false
	}
	end := len(t.src)
	if n < len(t.starts) {
		end = t.starts[n] - 1
	}
	line = bytes.TrimSuffix(t.src[t.starts[n-1]:end], []byte("\r"))
	if n == 1 {
		before = t.bom
	}
	return line[min(before, len(line)):], before, true
}

// column returns the column, in UTF-16 code units and 1-based, of the byte
// column of the line. A byte column inside a character is the character's; one
// past the end of the line is the end. ok is false when the line does not exist
// or is too long to count in.
func (t *text) column(n, byteColumn int) (column int, ok bool) {
	line, before, ok := t.line(n)
	if !ok || len(line) > maxLine {
		return 0, false
	}
	want := byteColumn - 1 - before
	column = 1
	for offset := 0; offset < len(line); {
		r, size := decode(line[offset:])
		offset += size
		if offset > want {
			break
		}
		column++
		if r >= 0x10000 {
			column++
		}
	}
	return column, true
}

// end returns the column just past the last character of the line.
func (t *text) end(n int) (column int, ok bool) {
	return t.column(n, len(t.src)+2)
}
