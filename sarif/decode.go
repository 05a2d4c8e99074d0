package sarif

import "unicode/utf8"

// decode returns the first character of src as a WHATWG decoder reads it: a
// maximal sequence that begins like UTF-8 and breaks off is one U+FFFD. (The
// decoder of package utf8 gives one for each byte.) src must not be empty.
func decode(src []byte) (rune, int) {
	r, size := utf8.DecodeRune(src)
	if r != utf8.RuneError || size != 1 {
		return r, size
	}
	need, low, high := 0, byte(0x80), byte(0xBF)
	switch c := src[0]; {
	case 0xC2 <= c && c <= 0xDF:
		need = 1
	case 0xE0 <= c && c <= 0xEF:
		need = 2
		if c == 0xE0 {
			low = 0xA0
		} else if c == 0xED {
			high = 0x9F
		}
	case 0xF0 <= c && c <= 0xF4:
		need = 3
		if c == 0xF0 {
			low = 0x90
		} else if c == 0xF4 {
			high = 0x8F
		}
	}
	size = 1
	for size <= need && size < len(src) && low <= src[size] && src[size] <= high {
		size++
		low, high = 0x80, 0xBF
	}
	return utf8.RuneError, size
}
