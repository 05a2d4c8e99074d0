package sarif

import "strconv"

// lineHashKey is the one key of partialFingerprints that GitHub reads.
const lineHashKey = "primaryLocationLineHash"

const (
	hashWindow = 100    // characters a line's hash looks at
	hashBase   = 37     // multiplier of the rolling hash
	endOfFile  = 0xFFFF // stands for the end of the file in the window

	// oldest is 37^100 modulo 2^64: what the character that leaves the window
	// still weighs after the multiplication that makes room for the next one.
	oldest = pow50 * pow50 & (1<<64 - 1)
	pow50  = pow25 * pow25 & (1<<64 - 1)
	pow25  = pow5 * pow5 * pow5 * pow5 * pow5
	pow5   = hashBase * hashBase * hashBase * hashBase * hashBase
)

// LineHashes returns primaryLocationLineHash for every line of src: element i
// belongs to line i+1. There is always at least one, and one more than there
// are line ends (CR, LF and CR LF each count as one).
//
// The hash of a line covers the 100 UTF-16 code units from its start on, blanks
// and tabs left out, line ends as LF, past the end of the file 65535 once and
// then zeros: h = sum of c[i]*37^(99-i) modulo 2^64, in lower-case hex without
// leading zeros. A colon and the ordinal among the lines of this file with the
// same hash follow. Bytes that are not UTF-8 count as U+FFFD, one for each
// maximal broken sequence. This is what github/codeql-action computes in
// src/fingerprints.ts when a file is uploaded without hashes.
//
// It takes time and memory linear in src.
func LineHashes(src []byte) []string {
	var out []string
	hashLines(src, func(_ int, h lineHash) { out = append(out, h.String()) })
	return out
}

// A lineHash is a hash and its ordinal among the equal ones of the file.
type lineHash struct {
	value   uint64
	ordinal int
}

// String returns the hash as partialFingerprints spells it.
func (h lineHash) String() string {
	return strconv.FormatUint(h.value, 16) + ":" + strconv.Itoa(h.ordinal)
}

// hashLines calls yield with every line (1-based, ascending) and its hash.
func hashLines(src []byte, yield func(line int, hash lineHash)) {
	h := lineHasher{yield: yield, seen: map[uint64]int{}, lineStart: true}
	for len(src) > 0 {
		r, size := decode(src)
		src = src[size:]
		if r >= 0x10000 {
			r -= 0x10000
			h.add(0xD800 + uint64(r>>10))
			h.add(0xDC00 + uint64(r&0x3FF))
			continue
		}
		h.add(uint64(r))
	}
	h.add(endOfFile)
	for range hashWindow {
		h.push(0)
	}
}

// lineHasher is the rolling window. A slot remembers the line that starts at
// it; when the window has come round to the slot again, it holds exactly the
// characters of that line's hash.
type lineHasher struct {
	yield     func(line int, hash lineHash)
	seen      map[uint64]int // how often each hash was given out
	window    [hashWindow]uint64
	starts    [hashWindow]int // line that starts in the slot; 0 for none
	next      int             // slot to be overwritten
	hash      uint64
	line      int
	lineStart bool // the next character that counts begins a line
	afterCR   bool // the character before was a CR
}

// add takes one UTF-16 code unit of the text.
func (h *lineHasher) add(c uint64) {
	skip := c == ' ' || c == '\t' || h.afterCR && c == '\n'
	h.afterCR = c == '\r'
	if skip {
		return
	}
	if c == '\r' {
		c = '\n'
	}
	start := h.lineStart
	h.lineStart = c == '\n'
	slot := h.next
	h.push(c)
	if start {
		h.line++
		h.starts[slot] = h.line
	}
}

// push moves the window on by one character and gives out the hash of the line
// that began where the window now ends.
func (h *lineHasher) push(c uint64) {
	if line := h.starts[h.next]; line != 0 {
		h.starts[h.next] = 0
		h.seen[h.hash]++
		h.yield(line, lineHash{h.hash, h.seen[h.hash]})
	}
	h.hash = h.hash*hashBase + c - oldest*h.window[h.next]
	h.window[h.next] = c
	h.next = (h.next + 1) % hashWindow
}
