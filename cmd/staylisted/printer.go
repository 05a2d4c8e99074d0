package main

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/staylisted/staylisted/internal/markdown"
)

// clean makes text safe to show: control characters (escape sequences begin
// with one), bidirectional controls, invisible format characters, line
// separators and bytes that are not UTF-8 are written out as \xNN or \u{NNNN}
// instead of acting on the terminal. Newlines count as control characters.
func clean(s string) string { return markdown.Clean(s) }

// cleanLines is clean for text of several lines: the line breaks stay.
func cleanLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = clean(line)
	}
	return strings.Join(lines, "\n")
}

// hostile reports whether a rune must not reach a terminal as it is.
func hostile(r rune) bool { return markdown.Hostile(r) }

// workflowCommand matches what GitHub's runner takes for an instruction in what a step
// prints: "::" after blanks at the start of a line, and "##[" anywhere in it
// (actions/runner, src/Runner.Common/ActionCommand.cs). Colours in front and in
// between count as nothing here, because who shows a log may drop them first.
var workflowCommand = regexp.MustCompile(`(?m)^(?:[\s\v\x{85}\pZ]|\x1b\[[0-9;]*m)*:(?:\x1b\[[0-9;]*m)*:|#(?:\x1b\[[0-9;]*m)*#(?:\x1b\[[0-9;]*m)*\[`)

// inert takes the meaning of workflow commands from text that is about to be
// printed: text of a repository, broken to any width, must not annotate, mask
// or set anything in the workflow that shows it. A backslash is the mark, which
// Markdown does not show.
func inert(text string) string {
	return workflowCommand.ReplaceAllStringFunc(text, func(match string) string {
		mark := strings.IndexByte(match, ':')
		if mark < 0 {
			mark = strings.LastIndexByte(match, '#')
		}
		return match[:mark] + `\` + match[mark:]
	})
}

// A style is how a piece of text looks where colours are on.
type style string

// The styles are parameters of the terminal's "select graphic rendition".
const (
	plain  style = ""
	bold   style = "1"
	dim    style = "2"
	red    style = "1;31"
	green  style = "1;32"
	yellow style = "1;33"
	blue   style = "1;34"
)

// A span is a piece of text in one style.
type span struct {
	style style
	text  string
}

// A printer collects lines for a terminal. All text passes through clean here
// and nowhere else; colours are added after it.
type printer struct {
	b     strings.Builder
	width int // columns to break at; at least 40
	color bool
}

// newPrinter returns a printer for the given width; widths that leave no room
// are widened.
func newPrinter(width int, color bool) *printer {
	return &printer{width: max(width, 40), color: color}
}

// String returns all that was printed.
func (p *printer) String() string { return p.b.String() }

// blank ends a block: an empty line, unless there is one already.
func (p *printer) blank() {
	if s := p.b.String(); s != "" && !strings.HasSuffix(s, "\n\n") {
		p.b.WriteByte('\n')
	}
}

// line prints spans on one line as they are, without breaking it.
func (p *printer) line(spans ...span) {
	var row []span
	for _, s := range spans {
		row = append(row, span{s.style, clean(s.text)})
	}
	p.emit(row)
}

// wrap prints spans broken between words to the width. The first line begins
// with first, the others with rest; both count as text of the program and may
// be written in any style. A word longer than the width stays whole, so that a
// path can be copied.
func (p *printer) wrap(first []span, rest int, spans ...span) {
	row := make([]span, 0, len(first)+len(spans))
	column := 0
	for _, s := range first {
		text := clean(s.text)
		row = append(row, span{s.style, text})
		column += utf8.RuneCountInString(text)
	}
	start := true
	for _, s := range spans {
		for word := range strings.FieldsSeq(clean(s.text)) {
			n := utf8.RuneCountInString(word)
			switch {
			case start:
			case column+1+n > p.width:
				p.emit(row)
				row = []span{{plain, strings.Repeat(" ", rest)}}
				column = rest
			default:
				row = append(row, span{s.style, " "})
				column++
			}
			row = append(row, span{s.style, word})
			column += n
			start = false
		}
	}
	p.emit(row)
}

// emit writes one line of spans that are clean already.
func (p *printer) emit(row []span) {
	var line strings.Builder
	for len(row) > 0 {
		n := 1
		for n < len(row) && row[n].style == row[0].style {
			n++
		}
		var text strings.Builder
		for _, s := range row[:n] {
			text.WriteString(s.text)
		}
		if p.color && row[0].style != plain && strings.TrimSpace(text.String()) != "" {
			fmt.Fprintf(&line, "\x1b[%sm%s\x1b[0m", row[0].style, text.String())
		} else {
			line.WriteString(text.String())
		}
		row = row[n:]
	}
	p.b.WriteString(strings.TrimRight(line.String(), " "))
	p.b.WriteByte('\n')
}

// indent returns a span of n spaces, for the start of a line.
func indent(n int) []span { return []span{{plain, strings.Repeat(" ", n)}} }

// pad widens text with spaces to n columns.
func pad(text string, n int) string {
	return text + strings.Repeat(" ", max(0, n-utf8.RuneCountInString(text)))
}

// count returns "1 finding" or "3 findings".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok && !strings.HasSuffix(stem, "a") {
		return fmt.Sprintf("%s %sies", thousands(n), stem)
	}
	return fmt.Sprintf("%s %ss", thousands(n), noun)
}

// thousands writes a number with commas.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
