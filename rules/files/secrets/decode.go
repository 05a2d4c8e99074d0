package secrets

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/zricethezav/gitleaks/v8/detect/codec"
)

// maxDecodings is how many encodings inside each other are undone, as gitleaks'
// command does by default.
const maxDecodings = 5

// aroundSegment is how much of a line before and behind an encoded part is
// looked at together with it: the name the value is given to.
const aroundSegment = 256

// findEncoded returns the secrets that a text holds in base64, hexadecimal,
// percent or \u form. The hits point at the encoded text.
func (v *secretView) findEncoded(text []byte) []secretHit {
	var hits []secretHit
	for _, w := range encodedParts(text) {
		hits = append(hits, v.decode(text, w)...)
	}
	return hits
}

// decode looks into one part of a text again and again, each time with what is
// encoded in it decoded once more.
func (v *secretView) decode(text []byte, part span) []secretHit {
	var hits []secretHit
	decoder := codec.NewDecoder()
	current := string(text[part.from:part.to])
	var segments []*codec.EncodedSegment
	for range maxDecodings {
		if current, segments = decoder.Decode(current, segments); len(segments) == 0 {
			break
		}
		clear := []byte(current)
		for _, h := range v.find(clear, lower(nil, clear)) {
			over := codec.SegmentsWithDecodedOverlap(segments, h.from, h.to)
			if len(over) == 0 {
				continue // it stands there in clear and was found before
			}
			at := codec.AdjustMatchIndex(over, []int{h.from, h.to})
			from := min(max(at[0], 0), part.to-part.from)
			to := min(max(at[1], from), part.to-part.from)
			h.hidden = bytes.Clone(h.secret(clear))
			h.from, h.to = part.from+from, part.from+to
			h.value, h.end = h.from, h.to
			hits = append(hits, h)
		}
	}
	return hits
}

// encodedParts returns the parts of a text that may hold something encoded which
// decodes to printable text, each within a line.
func encodedParts(text []byte) []span {
	var parts []span
	add := func(from, to int) {
		begin, end := max(0, from-aroundSegment), min(len(text), to+aroundSegment)
		if i := bytes.LastIndexByte(text[begin:from], '\n'); i >= 0 {
			begin += i + 1
		}
		if i := bytes.IndexByte(text[to:end], '\n'); i >= 0 {
			end = to + i
		}
		if n := len(parts); n > 0 && parts[n-1].to > begin {
			begin, end = parts[n-1].from, max(end, parts[n-1].to)
			parts = parts[:n-1]
		}
		parts = append(parts, span{begin, end})
	}
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case inBase64[c]:
			j := i + 1
			for j < len(text) && inBase64[text[j]] {
				j++
			}
			if j-i >= 16 && decodes(text[i:j]) {
				add(i, j)
			}
			i = j
		case c == '%' && i+2 < len(text) && hexDigit(text[i+1]) && hexDigit(text[i+2]),
			c == '\\' && i+5 < len(text) && text[i+1] == 'u' && hexDigit(text[i+2]) && hexDigit(text[i+5]):
			add(i, i+3)
			i += 3
		default:
			i++
		}
	}
	return parts
}

var (
	inBase64 = alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")
	sextets  = func() (t [256]byte) {
		for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
			t[c] = byte(i)
		}
		t['-'], t['_'] = 62, 63
		return t
	}()
)

func alphabet(chars string) (in [256]bool) {
	for _, c := range []byte(chars) {
		in[c] = true
	}
	return in
}

func hexDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// decodes reports whether a run of base64 characters begins with printable
// text, as base64 or as hexadecimal digits. Names in code do not.
func decodes(run []byte) bool {
	printable := func(c byte) bool { return '\t' <= c && c <= '~' }
	asBase64 := true
	for i := 0; i+4 <= 16 && asBase64; i += 4 {
		n := uint32(sextets[run[i]])<<18 | uint32(sextets[run[i+1]])<<12 | uint32(sextets[run[i+2]])<<6 | uint32(sextets[run[i+3]])
		asBase64 = printable(byte(n>>16)) && printable(byte(n>>8)) && printable(byte(n))
	}
	if asBase64 {
		return true
	}
	if len(run) < 32 {
		return false
	}
	for i := 0; i < 32; i += 2 {
		if !hexDigit(run[i]) || !hexDigit(run[i+1]) || run[i] < '0' || run[i] > '7' {
			return false
		}
	}
	return true
}

// plainText returns a file's text in UTF-8. A file in UTF-16 is converted when
// its byte order mark says so; other content with NUL bytes is not text.
func plainText(data []byte) (text []byte, ok bool) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return data, bytes.IndexByte(data[:min(len(data), 8000)], 0) < 0
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i+1 < len(data); i += 2 {
		units = append(units, order.Uint16(data[i:]))
	}
	text = make([]byte, 0, len(data))
	for _, r := range utf16.Decode(units) {
		text = utf8.AppendRune(text, r)
	}
	return text, true
}
