package sarif

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// GitHub's limits on the texts of a rule. They are stated in characters; we
// keep them in bytes, which holds however they are counted.
const (
	maxName        = 255
	maxDescription = 1024
	// maxMessage is ours: GitHub names no limit for a result's message, but a
	// hostile repository must not be able to fill the 10 MB of a file with one.
	maxMessage = 4096
)

// plain returns text as one line for a plain-text property: valid UTF-8, no
// control or direction-changing characters, blanks collapsed, no embedded link,
// at most limit bytes.
func plain(text string, limit int) string {
	return clip(escapeLinks(oneLine(text)), limit)
}

// oneLine cleans text and joins its lines with single blanks.
func oneLine(text string) string {
	return strings.Join(strings.Fields(clean(text)), " ")
}

// clean drops what could deceive a reader or break a viewer, and keeps line
// ends and tabs.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			return '\n'
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\uFEFF':
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// escapeLinks makes embedded links of SARIF's plain-text messages (§3.11.6:
// "[text](destination)") impossible. The standard allows brackets without a
// backslash anywhere but in a link's text, and viewers show a backslash that is
// not needed, so text that could not hold a link stays as it is.
func escapeLinks(text string) string {
	if !strings.Contains(text, "](") {
		return text
	}
	return strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`).Replace(text)
}

// clip shortens text to at most limit bytes without splitting a character and
// marks the cut with an ellipsis.
func clip(text string, limit int) string {
	const mark = "…"
	if len(text) <= limit {
		return text
	}
	cut := limit - len(mark)
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return strings.TrimRight(text[:cut], ` \`) + mark
}

// firstOf returns the first text that is not blank.
func firstOf(texts ...string) string {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}

// markdownText escapes text for the middle of a Markdown line, so that it is
// shown as it is.
func markdownText(text string) string {
	var b strings.Builder
	for _, r := range oneLine(text) {
		if strings.ContainsRune("\\`*_{}[]<>|~&$#!@", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// codeSpan shows text as Markdown inline code, whatever it holds.
func codeSpan(text string) string {
	text = oneLine(text)
	fence := strings.Repeat("`", longestRun(text, '`')+1)
	if len(fence) > 1 {
		return fence + " " + text + " " + fence
	}
	return fence + text + fence
}

// codeBlock shows text as a fenced Markdown block, whatever it holds.
func codeBlock(text string) string {
	text = strings.Trim(clean(text), "\n")
	fence := strings.Repeat("`", max(3, longestRun(text, '`')+1))
	return fence + "\n" + text + "\n" + fence
}

// longestRun returns the length of the longest run of c in text.
func longestRun(text string, c byte) int {
	longest, run := 0, 0
	for i := range len(text) {
		if text[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
