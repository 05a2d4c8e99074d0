package files

// blankComments replaces the comments of a JavaScript or TypeScript source by
// blanks and keeps its lines and places. It knows quotes and template texts; a
// regular expression with a quote in it is read as one, so that it may leave a
// comment, never take away code outside of one.
func blankComments(src []byte) []byte {
	out := make([]byte, len(src))
	copy(out, src)
	clear := func(from, to int) {
		for i := from; i < to && i < len(out); i++ {
			if out[i] != '\n' {
				out[i] = ' '
			}
		}
	}
	for i := 0; i < len(src); i++ {
		switch c := src[i]; {
		case c == '"' || c == '\'' || c == '`':
			end := i + 1
			for end < len(src) && src[end] != c && (c == '`' || src[end] != '\n') {
				if src[end] == '\\' {
					end++
				}
				end++
			}
			i = end
		case c == '/' && i+1 < len(src) && src[i+1] == '/' && (i == 0 || src[i-1] != ':' && src[i-1] != '\\'):
			end := i
			for end < len(src) && src[end] != '\n' {
				end++
			}
			clear(i, end)
			i = end
		case c == '/' && i+1 < len(src) && src[i+1] == '*':
			end := i + 2
			for end+1 < len(src) && (src[end] != '*' || src[end+1] != '/') {
				end++
			}
			clear(i, end+2)
			i = end + 1
		}
	}
	return out
}
