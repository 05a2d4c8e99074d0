package files

import (
	"bytes"
	"path"
	"slices"
	"sort"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/staylisted/staylisted/rules"
)

// Pages and templates
//
// A page is cut into tags by the tokenizer of golang.org/x/net/html. What a
// template engine puts in ({{ … }} of html/template, { … } of templ and JSX) is
// replaced before by a byte that no page holds, as long as it was, so that
// places stay and nothing an action writes is taken for markup. A value with
// that byte is unknown.

// maxPage is how much of a page or template is read.
const maxPage = 4 << 20

// hole stands for a byte that a template puts in at run time.
const hole = '\x01'

// A pageKind says which template language a file is in.
type pageKind int

const (
	noPage    pageKind = iota
	htmlPage           // HTML, and html/template
	templPage          // github.com/a-h/templ
	jsxPage            // the entry page of a JSX application
)

// kindOfPage classifies a file by its name. Mail templates are no pages: no
// browser runs what they hold.
func kindOfPage(name string) pageKind {
	if !shipped(name) || strings.HasSuffix(name, "_templ.go") {
		return noPage
	}
	lower := strings.ToLower(name)
	for elem := range strings.SplitSeq(strings.TrimSuffix(lower, path.Ext(lower)), "/") {
		if slices.ContainsFunc(strings.FieldsFunc(elem, func(r rune) bool { return r == '_' || r == '-' || r == '.' }), func(w string) bool {
			return slices.Contains([]string{"mail", "mails", "email", "emails", "mjml", "mailer", "newsletter"}, w)
		}) {
			return noPage
		}
	}
	base := path.Base(lower)
	switch path.Ext(base) {
	case ".html", ".htm", ".gohtml", ".xhtml":
		return htmlPage
	case ".tmpl", ".tpl", ".gotmpl":
		// Templates of anything: those that are pages say so in their name or begin
		// with markup, which the reader sees.
		return htmlPage
	case ".templ":
		return templPage
	case ".jsx", ".tsx":
		switch strings.TrimSuffix(base, path.Ext(base)) {
		case "index", "_document", "_app", "layout", "document", "app", "main", "root":
			return jsxPage
		}
	}
	return noPage
}

// A tag is a start tag with its place.
type tag struct {
	name    string
	atom    atom.Atom
	attrs   []html.Attribute
	at      rules.Location
	content string // of a script: the text up to its end
	closed  bool   // an end tag
	// unknown says that the template puts attributes in.
	unknown bool
}

// attr returns an attribute's value.
func (t *tag) attr(key string) (string, bool) {
	for _, a := range t.attrs {
		if strings.EqualFold(a.Key, key) {
			return a.Val, true
		}
	}
	return "", false
}

// filled reports whether a template puts something into a value.
func filled(value string) bool { return strings.IndexByte(value, hole) >= 0 }

// readPage returns the tags of a page.
func readPage(name string, kind pageKind, data []byte) []tag {
	masked := maskActions(data)
	if kind != htmlPage {
		masked = maskBraces(masked)
	}
	if path.Ext(name) != ".html" && path.Ext(name) != ".htm" && !markup(masked) {
		return nil
	}
	lines := lineStarts(masked)
	z := html.NewTokenizer(bytes.NewReader(masked))
	z.SetMaxBuf(maxPage + 1)
	var out []tag
	offset := 0
	for {
		tt := z.Next()
		raw := len(z.Raw())
		start := offset
		offset += raw
		switch tt {
		case html.ErrorToken:
			return out
		case html.TextToken:
			if n := len(out); n > 0 && out[n-1].atom == atom.Script && !out[n-1].closed && out[n-1].content == "" {
				out[n-1].content = string(masked[start:offset])
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			tok := z.Token()
			if kind != htmlPage && tt == html.SelfClosingTagToken {
				z.NextIsNotRawText() // <script … /> ends there in JSX and templ
			}
			t := tag{name: tok.Data, atom: tok.DataAtom, attrs: tok.Attr, at: place(name, lines, start, start+raw), closed: tt == html.EndTagToken}
			for _, a := range tok.Attr {
				t.unknown = t.unknown || filled(a.Key)
			}
			if len(out) < 200_000 {
				out = append(out, t)
			}
		}
	}
}

// markup reports whether a text has a tag of a page.
func markup(data []byte) bool {
	lower := bytes.ToLower(data)
	for _, tag := range [...]string{"<html", "<!doctype html", "<body", "<head", "<div", "<form", "<script", "<link", "<input", "<main", "<section", "<p>", "<span", "<a ", "<button"} {
		if bytes.Contains(lower, []byte(tag)) {
			return true
		}
	}
	return false
}

// lineStarts returns the offset of each line.
func lineStarts(data []byte) []int {
	starts := []int{0}
	for i, c := range data {
		if c == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// place turns offsets into a location.
func place(name string, lines []int, start, end int) rules.Location {
	position := func(offset int) (line, column int) {
		i := sort.SearchInts(lines, offset+1) - 1
		return i + 1, offset - lines[i] + 1
	}
	at := rules.Location{Path: name}
	at.Line, at.Column = position(start)
	at.EndLine, at.EndColumn = position(end)
	return at
}

// maskActions replaces the actions of html/template by holes: their braces and
// what is between, lines kept. Text in the quotes of an action ends it not.
func maskActions(data []byte) []byte {
	out := bytes.Clone(data)
	for i := 0; i+1 < len(out); i++ {
		if out[i] != '{' || out[i+1] != '{' {
			continue
		}
		end := actionEnd(out, i+2)
		if end < 0 {
			return out
		}
		blank(out, i, end)
		i = end - 1
	}
	return out
}

// actionEnd returns the offset behind the braces that close an action, -1 when
// none do.
func actionEnd(data []byte, from int) int {
	if rest := bytes.TrimLeft(bytes.TrimPrefix(data[from:], []byte("-")), " \t\r\n"); bytes.HasPrefix(rest, []byte("/*")) {
		end := bytes.Index(data[from:], []byte("*/"))
		if end < 0 {
			return -1
		}
		from += end + 2
	}
	for i := from; i < len(data); i++ {
		switch c := data[i]; c {
		case '"', '\'', '`':
			end := i + 1
			for end < len(data) && data[end] != c {
				if data[end] == '\\' && c != '`' {
					end++
				}
				if end < len(data) && data[end] == '\n' && c != '`' {
					break // no text of an action, such as an apostrophe
				}
				end++
			}
			if end >= len(data) || data[end] == '\n' {
				continue
			}
			i = end
		case '}':
			if i+1 < len(data) && data[i+1] == '}' {
				return i + 2
			}
		}
	}
	return -1
}

// maskBraces replaces the expressions that templ and JSX put into attributes.
func maskBraces(data []byte) []byte {
	out := bytes.Clone(data)
	open := 0 // braces that nothing closes
	for i := 0; i < len(out) && open < 100; i++ {
		if out[i] != '{' {
			continue
		}
		before := bytes.TrimRight(out[:i], " \t\r\n")
		spread := bytes.HasPrefix(bytes.TrimLeft(out[i+1:], " \t"), []byte("..."))
		if !spread && (len(before) == 0 || before[len(before)-1] != '=' || len(before) > 1 && bytes.IndexByte([]byte("=!<>:"), before[len(before)-2]) >= 0) {
			continue
		}
		if end := bracesEnd(out, i); end > 0 {
			// A plain text in braces says what it is: src={"https://…"}.
			if inner := bytes.Clone(bytes.TrimSpace(out[i+1 : end-1])); len(inner) > 1 && (inner[0] == '"' || inner[0] == '\'') && inner[len(inner)-1] == inner[0] && bytes.Count(inner, inner[:1]) == 2 && !bytes.ContainsAny(inner, "\\<>") {
				copy(out[i:end], bytes.Repeat([]byte{' '}, end-i))
				copy(out[i:], inner)
				i = end - 1
				continue
			}
			blank(out, i, end)
			i = end - 1
		} else {
			open++
		}
	}
	return out
}

// bracesEnd returns the offset behind the brace that closes the one at i, 0 when
// none does.
func bracesEnd(data []byte, i int) int {
	depth := 0
	for j := i; j < len(data); j++ {
		switch c := data[j]; c {
		case '"', '\'', '`':
			end := j + 1
			for end < len(data) && data[end] != c && (c == '`' || data[end] != '\n') {
				if data[end] == '\\' {
					end++
				}
				end++
			}
			if end < len(data) && data[end] == c {
				j = end
			}
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return j + 1
			}
		}
	}
	return 0
}

// blank turns a stretch into holes and keeps its lines.
func blank(data []byte, from, to int) {
	for i := from; i < to && i < len(data); i++ {
		if data[i] != '\n' {
			data[i] = hole
		}
	}
}
