package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

const (
	// maxErrors bounds the work a hostile file can cause. A person's file
	// never comes near it.
	maxErrors = 1000
	// maxDepth is more than any key of the policy needs.
	maxDepth = 8
)

// Parse reads a policy file. It returns the file and no errors, or no file and
// all errors. name is used for citing only.
//
// Time and memory are linear in len(src), which is at most MaxSize, but for a
// file whose syntax is broken: finding the very place costs a logarithmic
// number of further passes.
func Parse(name string, src []byte, known Known) (*File, ErrorList) {
	r := &reader{name: name, known: known}
	file := r.parse(src)
	if len(r.errs) > 0 {
		return nil, r.errs.sorted()
	}
	file.Notes = r.notes.sorted()
	return file, nil
}

// parse runs the four steps; its result counts only when there is no error.
func (r *reader) parse(src []byte) *File {
	src = bytes.TrimPrefix(src, []byte("\uFEFF")) // an editor's mark, invisible to people
	r.setText(src)
	if len(src) > MaxSize {
		r.errorAt(Pos{1, 1}, fmt.Sprintf("the file is larger than %d KiB", MaxSize>>10), "keep documents in files of their own and name them under documents")
		return nil
	}
	if src = r.checkText(src); src == nil {
		return nil
	}
	root := r.decode(src)
	if root == nil {
		return nil
	}
	r.checkShape(root, 1)
	if !r.kind("the policy", root, yaml.MappingNode, minimum) {
		return nil
	}
	return r.file(root)
}

// checkText finds bytes that are not UTF-8 (returning nil) and characters that
// show a person something else than a program reads. Those are masked in the
// returned copy, byte for byte, so that reading can go on.
func (r *reader) checkText(src []byte) []byte {
	const advice = "delete the character"
	var masked []byte
	for i := 0; i < len(src); {
		c, size := utf8.DecodeRune(src[i:])
		what := ""
		switch {
		case c == utf8.RuneError && size == 1:
			r.errorAt(r.offset(i), "the text is not UTF-8", "save the file as UTF-8")
			return nil
		case c == '\r' && i+1 < len(src) && src[i+1] == '\n', c == '\n', c == '\t':
		case c == '\r', c == '\u0085', c == '\u2028', c == '\u2029':
			what = "an unusual line break"
		case unicode.Is(unicode.Bidi_Control, c):
			what = "an invisible character that changes the direction of text"
		case unicode.IsControl(c), c == '\uFEFF':
			what = "an invisible control character"
		}
		if what != "" {
			if masked == nil {
				masked = bytes.Clone(src)
			}
			copy(masked[i:i+size], "xxxx"[:size])
			r.errorAt(r.offset(i), fmt.Sprintf("%s, U+%04X", what, c), advice)
		}
		i += size
	}
	if masked != nil {
		return masked
	}
	return src
}

// hidden reports a character no value may hold, however it is escaped.
func hidden(c rune) bool {
	return c != '\n' && c != '\t' && (unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) ||
		c == '\u2028' || c == '\u2029' || c == '\uFEFF' || c == utf8.RuneError)
}

// decode returns the root node of the only document, or nil after an error.
func (r *reader) decode(src []byte) *yaml.Node {
	const empty = "the file says nothing"
	d := yaml.NewDecoder(bytes.NewReader(src))
	var doc, second yaml.Node
	switch err := d.Decode(&doc); {
	case errors.Is(err, io.EOF):
		r.errorAt(Pos{1, 1}, empty, minimum)
		return nil
	case err != nil:
		r.syntax(src, err)
		return nil
	}
	switch err := d.Decode(&second); {
	case err == nil:
		r.errorAt(r.pos(&second), "a second document begins", "keep one document and remove the line ---")
	case !errors.Is(err, io.EOF):
		r.syntax(src, err)
	}
	root := doc.Content[0]
	if root.Kind == yaml.ScalarNode && root.ShortTag() == "!!null" {
		r.errorAt(Pos{1, 1}, empty, minimum)
		return nil
	}
	return root
}

// minimum advises the shortest policy that works.
const minimum = "write at least version: 1 and marketplaces: [druva, apollo]"

// syntaxAdvice translates the YAML reader's complaints. Its own text is not
// shown: some of it quotes the file.
var syntaxAdvice = []struct{ part, message, advice string }{
	{"unknown anchor", "an alias (*name) is not allowed", "write the value out"},
	{"cannot start any token", "a value begins with a character YAML reserves", "put it in double quotes"},
	{"mapping values are not allowed", "a colon where no key can stand", `align keys of one level, and put a value that contains ": " in double quotes`},
	{"did not find expected ',' or", "a list or mapping in brackets is not closed, or lacks a comma", "separate entries with commas and close it with ] or }"},
	{"did not find expected key", "an indentation that fits no level above", "align keys and dashes of one level"},
	{"did not find expected '-' indicator", "an indentation that fits no level above", "align keys and dashes of one level"},
	{"could not find expected ':'", "a line that is neither a key nor an entry", "write key: value, or begin the line with #"},
	{"unexpected end of stream", "a quotation mark is not closed", `end the value with the same quotation mark`},
	{"unknown escape character", "an unknown escape in double quotes", "write \\\\ for a backslash, or use single quotes"},
	{"incompatible YAML document", "a %YAML line", "remove the line; the file is read as YAML"},
	{"expected <document start>", "a second document begins", "keep one document and remove the lines --- and ..."},
	{"exceeded max depth", "brackets or dashes nested far too deep", "write plain lists and mappings"},
}

// syntax reports what the YAML reader could not read, at the place where
// reading fails. The reader's own line number is off by one at times, so the
// place is the end of the shortest beginning of the file that gives the same
// complaint.
func (r *reader) syntax(src []byte, err error) {
	message, advice := "this is not YAML", "compare with the example in the documentation"
	for _, s := range syntaxAdvice {
		if strings.Contains(err.Error(), s.part) {
			message, advice = s.message, s.advice
			break
		}
	}
	end := sort.Search(len(src), func(n int) bool {
		e := wellFormed(src[:n])
		return e != nil && e.Error() == err.Error()
	})
	at := max(0, len(bytes.TrimRight(src[:end], " \n\r"))-1)
	switch {
	case at < len(src) && src[at] == '\t':
		message, advice = "a tab where YAML wants spaces", "indent with spaces"
	case strings.Contains(err.Error(), "incompatible YAML document"):
		at = max(0, bytes.Index(src, []byte("%YAML")))
	}
	r.errorAt(r.offset(at), message, advice)
}

// wellFormed returns the first complaint about the first two documents.
func wellFormed(src []byte) error {
	d := yaml.NewDecoder(bytes.NewReader(src))
	for range 2 {
		var n yaml.Node
		if err := d.Decode(&n); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
	return nil
}

// checkShape reports what no part of a policy may have.
func (r *reader) checkShape(n *yaml.Node, depth int) {
	if depth > maxDepth {
		r.errorf(n, "write the keys as documented", "nested deeper than any key of the policy")
		return
	}
	if n.Anchor != "" {
		r.errorf(n, "write the value out where it is used", "an anchor (&name) is not allowed")
	}
	if n.Style&yaml.TaggedStyle != 0 {
		r.errorf(n, "remove the tag", "a tag (!name) is not allowed")
	}
	switch n.Kind {
	case yaml.AliasNode:
		r.errorf(n, "write the value out", "an alias (*name) is not allowed")
	case yaml.ScalarNode:
		if strings.ContainsFunc(n.Value, hidden) {
			r.errorf(n, "remove it", "the text holds an invisible character")
		}
	case yaml.MappingNode:
		first := map[string]Pos{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			r.checkShape(key, depth+1)
			r.checkShape(n.Content[i+1], depth+1)
			if key.Kind != yaml.ScalarNode {
				if key.Kind != yaml.AliasNode {
					r.errorf(key, "write key: value", "a key must be a single word")
				}
				continue
			}
			if p, ok := first[key.Value]; ok {
				r.errorf(key, fmt.Sprintf("merge it with the one in line %d", p.Line), "the key %s appears twice", quoted(key.Value))
				continue
			}
			first[key.Value] = r.pos(key)
		}
	default:
		for _, c := range n.Content {
			r.checkShape(c, depth+1)
		}
	}
}
