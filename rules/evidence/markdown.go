package evidence

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// maxDocument is how large a Markdown file may be to count as a document, in
// bytes. A person's document of a hundred pages stays far below it.
const maxDocument = 256 << 10

// A page is a Markdown file as far as evidence goes: its front matter and its
// blocks in order, without formatting.
type page struct {
	front    front
	headings []heading
	blocks   []block
}

// A heading is one that stands on its own, not inside a list or a quotation.
type heading struct {
	title string   // plain text
	words []string // normalised, see [wordsOf]
	level int
	line  int
}

// The kinds of a block.
const (
	prose = iota
	row   // of a table
	item  // of a list
	code  // a code block
)

// A block is a paragraph, an item of a list, a row of a table or a code block.
type block struct {
	kind    int
	text    string // plain for people's text, as it is for code
	raw     string // as written, for links and images
	lang    string // of a fenced code block
	line    int
	heading int // index of the heading it stands below; -1 above the first
}

var (
	errNotText  = errors.New("is not UTF-8 text")
	errTooLarge = errors.New("is larger than 256 KiB")
	errTooDeep  = errors.New("nests quotations or lists deeper than a person reads")
)

// readPage reads a Markdown file. The front matter's own problems are kept in
// it: the text below can be read all the same.
//
// Only the blocks are parsed. What decides is which lines are headings, code or
// comments; emphasis and links are stripped by patterns, which keeps the time
// linear in the size of hostile text.
func readPage(src []byte) (*page, error) {
	if len(src) > maxDocument {
		return nil, errTooLarge
	}
	src = bytes.TrimPrefix(src, []byte("\uFEFF"))
	if !utf8.Valid(src) || bytes.IndexByte(src, 0) >= 0 {
		return nil, errNotText
	}
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	src = bytes.ReplaceAll(src, []byte("\r"), []byte("\n"))
	if tooDeep(src) {
		return nil, errTooDeep
	}
	p := &page{}
	yaml, body, above := cutFront(src)
	p.front = readFront(yaml)
	doc := parser.NewParser(parser.WithBlockParsers(parser.DefaultBlockParsers()...)).Parse(text.NewReader(body))
	w := pageWriter{page: p, src: body, lines: lineStarts(body), above: above}
	err := ast.Walk(doc, w.visit)
	if err != nil { // visit returns none
		return nil, err
	}
	return p, nil
}

// maxNesting is how many quotations and lists one line may open. The parser's
// time grows with the square of it.
const maxNesting = 50

func tooDeep(src []byte) bool {
	for line := range bytes.Lines(src) {
		depth := 0
	marks:
		for i, c := range line {
			switch {
			case c == ' ' || c == '\t' || c >= '0' && c <= '9':
				continue
			case c == '>':
				depth++
				continue
			case strings.IndexByte("-+*.)", c) >= 0:
				if i+1 < len(line) && (line[i+1] == ' ' || line[i+1] == '\t') {
					depth++
				}
				continue
			}
			break marks
		}
		if depth > maxNesting {
			return true
		}
	}
	return false
}

func lineStarts(src []byte) []int {
	starts := []int{0}
	for i, c := range src {
		if c == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// A pageWriter flattens the tree of blocks.
type pageWriter struct {
	*page
	src   []byte
	lines []int
	above int // lines above the body
	last  int // line of the block before
}

func (w *pageWriter) visit(n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	switch n := n.(type) {
	case *ast.Heading:
		if n.Parent().Kind() == ast.KindDocument {
			title := strings.Join(strings.Fields(plain(string(n.Lines().Value(w.src)))), " ")
			w.headings = append(w.headings, heading{title, wordsOf(title), n.Level, w.line(n)})
		} else {
			w.add(prose, n, "")
		}
	case *ast.FencedCodeBlock:
		w.add(code, n, strings.ToLower(string(n.Language(w.src))))
	case *ast.CodeBlock:
		w.add(code, n, "")
	case *ast.HTMLBlock:
		raw := string(n.Lines().Value(w.src))
		if n.HasClosure() {
			raw += string(n.ClosureLine.Value(w.src))
		}
		w.put(prose, raw, "", w.line(n))
	case *ast.Paragraph, *ast.TextBlock:
		kind := prose
		for up := n.Parent(); up != nil; up = up.Parent() {
			if up.Kind() == ast.KindListItem {
				kind = item
			}
		}
		w.add(kind, n, "")
	}
	return ast.WalkContinue, nil
}

// line is where a block begins. An empty heading has no text that would say so;
// it takes the line of what stands before it.
func (w *pageWriter) line(n ast.Node) int {
	if n.Lines().Len() > 0 {
		at, exact := slices.BinarySearch(w.lines, n.Lines().At(0).Start)
		if exact {
			at++
		}
		w.last = max(w.last, w.above+at)
	}
	return max(w.last, w.above, 1)
}

var (
	tableRule = regexp.MustCompile(`^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$`)
	cellEdges = " \t|"
)

// add takes in a block; a paragraph with a table's rule in its second line is a
// table, and each of its rows below the rule a block.
func (w *pageWriter) add(kind int, n ast.Node, lang string) {
	raw := string(n.Lines().Value(w.src))
	at := w.line(n)
	lines := strings.Split(strings.TrimRight(raw, "\n"), "\n")
	if kind != code && len(lines) > 1 && strings.Contains(lines[0], "|") && strings.Contains(lines[1], "-") && tableRule.MatchString(lines[1]) {
		for i, l := range lines {
			if i != 1 {
				w.put(row, strings.Trim(l, cellEdges), "", at+i)
			}
		}
		return
	}
	w.put(kind, raw, lang, at)
}

func (w *pageWriter) put(kind int, raw, lang string, at int) {
	b := block{kind: kind, text: raw, raw: raw, lang: lang, line: at, heading: len(w.headings) - 1}
	if kind != code {
		b.raw = htmlComment.ReplaceAllString(raw, "")
		b.text = plain(raw)
	}
	w.blocks = append(w.blocks, b)
}

var (
	htmlComment = regexp.MustCompile(`(?s)<!--.*?(?:-->|$)`)
	htmlUnseen  = regexp.MustCompile(`(?is)<(?:script|style|template)\b.*?(?:</(?:script|style|template)\s*>|$)`)
	htmlTag     = regexp.MustCompile(`(?s)</?[A-Za-z][^<>]*>|<[!?][^<>]*>`)
	// linkTarget is the definition of a link, which people use for comments too.
	linkTarget = regexp.MustCompile(`(?m)^ {0,3}\[[^\[\]\n]+\]:[ \t]*\S.*$`)
	linkAlone  = regexp.MustCompile(`<((?:https?|mailto|tel):[^<>\s]*|[^<>\s@]+@[^<>\s@]+)>`)
	imageMark  = regexp.MustCompile(`!\[[^\[\]]*\](?:\([^()\n]*\)|\[[^\[\]\n]*\])`)
	linkMark   = regexp.MustCompile(`\[([^\[\]]*)\](?:\([^()\n]*\)|\[[^\[\]\n]*\])`)
	headingID  = regexp.MustCompile(`\s*\{#[^{}]*\}\s*$`)
	marks      = strings.NewReplacer("`", "", "**", "", "__", "", "~~", "", "\\", "", "&nbsp;", " ", "&amp;", "&")
)

// plain strips what people do not read as text: comments, tags, images, link
// targets, marks of emphasis. Inline code stays, without its ticks.
func plain(s string) string {
	s = htmlComment.ReplaceAllString(s, " ")
	s = htmlUnseen.ReplaceAllString(s, " ")
	s = linkTarget.ReplaceAllString(s, " ")
	s = linkAlone.ReplaceAllString(s, "$1")
	s = imageMark.ReplaceAllString(s, " ")
	s = linkMark.ReplaceAllString(s, "$1")
	s = htmlTag.ReplaceAllString(s, " ")
	s = headingID.ReplaceAllString(s, "")
	return marks.Replace(s)
}

// wordsOf returns the words of a text in lower case and singular: runs of
// letters and digits. "RTO/RPO" is two words, "Trust Boundaries" is trust and
// boundary.
func wordsOf(s string) []string {
	words := strings.FieldsFunc(strings.ReplaceAll(strings.ToLower(s), "e-mail", "email"), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		words[i] = singularOf(w)
	}
	return words
}

func singularOf(w string) string {
	switch {
	case len(w) > 4 && strings.HasSuffix(w, "ies"):
		return w[:len(w)-3] + "y"
	case len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is"):
		return w[:len(w)-1]
	}
	return w
}

// phraseAt returns where phrase stands in words, or -1.
func phraseAt(words, phrase []string) int {
	for i := 0; len(phrase) > 0 && i+len(phrase) <= len(words); i++ {
		if slices.Equal(words[i:i+len(phrase)], phrase) {
			return i
		}
	}
	return -1
}

// says reports whether a text has one of the phrases, as whole words.
func says(words []string, phrases ...string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool { return phraseAt(words, wordsOf(p)) >= 0 })
}
