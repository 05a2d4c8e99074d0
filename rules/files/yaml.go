package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/staylisted/staylisted/rules"
)

// YAML is read into nodes, which keep their places and unfold no alias: a
// document cannot grow by being read.

// maxDocuments is how many documents of one stream are read.
const maxDocuments = 1000

// A yamlFile is a YAML stream with its lines, so that a place inside a scalar
// can be found again.
type yamlFile struct {
	name  string
	lines []string
	roots []*yaml.Node // the top value of each document that is not empty
}

// readYAML reads every document of a stream.
func readYAML(name string, data []byte) (*yamlFile, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	f := &yamlFile{name: name, lines: strings.Split(string(data), "\n")}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var doc yaml.Node
		err := dec.Decode(&doc)
		switch {
		case errors.Is(err, io.EOF):
			return f, nil
		case err != nil:
			return nil, err
		case len(f.roots) == maxDocuments:
			return nil, fmt.Errorf("it has more than %d documents", maxDocuments)
		}
		if doc.Kind == yaml.DocumentNode && len(doc.Content) == 1 && !isNull(doc.Content[0]) {
			f.roots = append(f.roots, doc.Content[0])
		}
	}
}

// at returns where a node begins.
func (f *yamlFile) at(n *yaml.Node) rules.Location {
	return rules.Location{Path: f.name, Line: n.Line, Column: n.Column}
}

// within returns where a text that stands in a node's value is in the file. ord
// counts equal texts of the value from 0. Where the file writes the value in
// another way (folded, escaped), the node's own place is returned.
func (f *yamlFile) within(n *yaml.Node, text string, ord int) rules.Location {
	for i := n.Line - 1; i >= 0 && i < len(f.lines) && i < n.Line+strings.Count(n.Value, "\n")+2; i++ {
		line, from := f.lines[i], 0
		if i == n.Line-1 {
			from = min(max(n.Column-1, 0), len(line))
		}
		for {
			j := strings.Index(line[from:], text)
			if j < 0 {
				break
			}
			if ord == 0 {
				return rules.Location{Path: f.name, Line: i + 1, Column: from + j + 1, EndLine: i + 1, EndColumn: from + j + len(text) + 1}
			}
			ord--
			from += j + len(text)
		}
	}
	return f.at(n)
}

// line returns the place of a line of a literal block, 0 being its first.
func (f *yamlFile) line(n *yaml.Node, k int) rules.Location {
	if n.Style&yaml.LiteralStyle == 0 || n.Line+k >= len(f.lines) {
		return f.at(n)
	}
	text := f.lines[n.Line+k]
	return rules.Location{Path: f.name, Line: n.Line + k + 1, Column: len(text) - len(strings.TrimLeft(text, " ")) + 1}
}

// target follows an alias, once: nothing that is looked at here needs more.
func target(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// valueOf returns the value of a mapping's key, nil when it has none.
func valueOf(n *yaml.Node, key string) *yaml.Node {
	for k, v := range pairs(n) {
		if k.Value == key {
			return v
		}
	}
	return nil
}

// keyOf returns the key of a mapping, nil when it has none.
func keyOf(n *yaml.Node, key string) *yaml.Node {
	for k := range pairs(n) {
		if k.Value == key {
			return k
		}
	}
	return nil
}

// path returns the value below a chain of keys.
func pathOf(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		n = valueOf(n, key)
	}
	return n
}

// pairs walks the keys of a mapping with their values; of anything else there
// are none.
func pairs(n *yaml.Node) func(yield func(key, value *yaml.Node) bool) {
	n = target(n)
	return func(yield func(key, value *yaml.Node) bool) {
		if n == nil || n.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i], target(n.Content[i+1])) {
				return
			}
		}
	}
}

// items returns the elements of a sequence.
func items(n *yaml.Node) []*yaml.Node {
	n = target(n)
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	out := make([]*yaml.Node, 0, len(n.Content))
	for _, c := range n.Content {
		out = append(out, target(c))
	}
	return out
}

// scalar returns a scalar's text, "" of anything else.
func scalar(n *yaml.Node) string {
	n = target(n)
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}

// scalars visits every scalar value below a node with the keys that lead to it,
// to a depth that people write. Aliases are not followed.
func scalars(n *yaml.Node, visit func(keys []string, value *yaml.Node)) {
	var walk func(n *yaml.Node, keys []string)
	walk = func(n *yaml.Node, keys []string) {
		if n == nil || len(keys) > 64 {
			return
		}
		switch n.Kind {
		case yaml.ScalarNode:
			visit(keys, n)
		case yaml.SequenceNode:
			for _, c := range n.Content {
				walk(c, append(keys, "[]"))
			}
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				walk(n.Content[i+1], append(keys, n.Content[i].Value))
			}
		}
	}
	walk(n, nil)
}
