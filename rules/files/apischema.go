package files

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/staylisted/staylisted/rules"
)

// API documents
//
// An OpenAPI 3 or Swagger 2 document is a file of the repository like any
// other: hostile text. It is read up to a size, into a tree that follows no
// reference and unfolds no alias, and only its paths, methods and base paths
// are looked at. A GraphQL schema is read as far as its root types.

const (
	// MaxAPIDocument is how many bytes of an API document are read.
	MaxAPIDocument = 8 << 20
	// APIDocumentHead is within how many bytes the key must stand that says what
	// a file is.
	APIDocumentHead = 64 << 10

	maxSchemaOperations = 10_000
	maxSchemaBases      = 8
	maxSchemaDepth      = 200
)

// An APIOperation is one method of one path of an API document. Without a
// method it stands for a path whose methods are in another file.
type APIOperation struct {
	Method   string // "GET", upper case
	Path     string // as written: "/orders/{id}"
	Bases    []string
	Location rules.Location
}

// ErrNoAPIDocument says that a file is something else.
var ErrNoAPIDocument = errors.New("neither `openapi` nor `swagger` is a key of it")

// MayBeAPIDocument reports whether a file's name is one that API documents
// have: openapi.yaml, swagger.json, docs/v1.yaml, api/orders.swagger.json.
func MayBeAPIDocument(name string) bool {
	base := strings.ToLower(path.Base(name))
	switch path.Ext(base) {
	case ".yaml", ".yml", ".json":
	default:
		return false
	}
	dirs := strings.Split(strings.ToLower(path.Dir(name)), "/")
	if slices.ContainsFunc(dirs, func(d string) bool {
		switch d {
		case "testdata", "fixtures", "vendor", "third_party", "node_modules", "examples":
			return true
		}
		return false
	}) {
		return false
	}
	if strings.Contains(base, "openapi") || strings.Contains(base, "swagger") || strings.HasPrefix(base, "api.") {
		return true
	}
	return slices.ContainsFunc(dirs, func(d string) bool {
		switch d {
		case "api", "apis", "openapi", "swagger", "docs", "doc", "spec", "specs", "schema", "schemas", "contract", "contracts":
			return true
		}
		return false
	})
}

// LooksLikeAPIDocument reports whether the beginning of a file has the key that
// says what it is.
func LooksLikeAPIDocument(name string, head []byte) bool {
	for _, key := range []string{"openapi", "swagger"} {
		if strings.HasSuffix(strings.ToLower(name), ".json") {
			if bytes.Contains(head, []byte(`"`+key+`"`)) {
				return true
			}
			continue
		}
		for line := range bytes.Lines(head) {
			line = bytes.TrimLeft(bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")), `"'{ `)
			if rest, ok := bytes.CutPrefix(line, []byte(key)); ok && bytes.HasPrefix(bytes.TrimLeft(rest, `"' `), []byte(":")) {
				return true
			}
		}
	}
	return false
}

// APIOperations reads the operations of an API document. Of a file that is none
// it returns [ErrNoAPIDocument].
func APIOperations(name string, src []byte) ([]APIOperation, error) {
	root, err := parseTree(name, src)
	if err != nil {
		return nil, err
	}
	if root.Kind != yaml.MappingNode {
		return nil, ErrNoAPIDocument
	}
	var bases []string
	switch {
	case valueOf(root, "openapi") != nil:
		bases = serverPaths(valueOf(root, "servers"))
	case valueOf(root, "swagger") != nil:
		if n := valueOf(root, "basePath"); n != nil && n.Kind == yaml.ScalarNode {
			bases = addBase(bases, n.Value)
		}
	default:
		return nil, ErrNoAPIDocument
	}
	paths := valueOf(root, "paths")
	if paths == nil || isNull(paths) {
		return nil, nil // only components, or web hooks
	}
	if paths.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: `paths` is no mapping", paths.Line)
	}
	var out []APIOperation
	for i := 0; i+1 < len(paths.Content); i += 2 {
		key, item := paths.Content[i], target(paths.Content[i+1])
		if !strings.HasPrefix(key.Value, "/") {
			continue // x-… extensions
		}
		if item.Kind != yaml.MappingNode {
			return nil, fmt.Errorf("line %d: the path %s is no mapping", key.Line, cut(key.Value, 80))
		}
		at := rules.Location{Path: printable(name), Line: key.Line, Column: key.Column}
		operation := APIOperation{Path: key.Value, Bases: bases, Location: at}
		for _, base := range serverPaths(valueOf(item, "servers")) {
			operation.Bases = addBase(slices.Clip(operation.Bases), base)
		}
		if valueOf(item, "$ref") != nil {
			out = append(out, operation) // its methods stand in another file
		}
		for j := 0; j+1 < len(item.Content); j += 2 {
			switch method := item.Content[j].Value; method {
			case "get", "put", "post", "delete", "options", "head", "patch", "trace", "query":
				o := operation
				o.Method = strings.ToUpper(method)
				o.Location.Line, o.Location.Column = item.Content[j].Line, item.Content[j].Column
				for _, base := range serverPaths(valueOf(target(item.Content[j+1]), "servers")) {
					o.Bases = addBase(slices.Clip(o.Bases), base)
				}
				out = append(out, o)
			}
		}
		if len(out) > maxSchemaOperations {
			return nil, fmt.Errorf("it has more than %d operations", maxSchemaOperations)
		}
	}
	return out, nil
}

// parseTree reads YAML or JSON into one kind of tree.
func parseTree(name string, src []byte) (*yaml.Node, error) {
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	if strings.HasSuffix(strings.ToLower(name), ".json") {
		j := &jsonTree{dec: json.NewDecoder(bytes.NewReader(src)), src: src, line: 1}
		j.dec.UseNumber()
		return j.value(0)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(src, &doc); err != nil {
		return nil, err
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		return nil, ErrNoAPIDocument
	}
	return doc.Content[0], nil
}

// A jsonTree turns JSON into the nodes that YAML gives, with their lines.
type jsonTree struct {
	dec  *json.Decoder
	src  []byte
	line int // of offset
	from int
}

func (j *jsonTree) value(depth int) (*yaml.Node, error) {
	if depth > maxSchemaDepth {
		return nil, fmt.Errorf("it is nested deeper than %d", maxSchemaDepth)
	}
	token, err := j.dec.Token()
	if err != nil {
		return nil, err
	}
	end := int(j.dec.InputOffset())
	j.line += bytes.Count(j.src[j.from:end], []byte("\n"))
	j.from = end
	node := &yaml.Node{Kind: yaml.ScalarNode, Line: j.line, Column: 1}
	switch t := token.(type) {
	case json.Delim:
		node.Kind = yaml.MappingNode
		if t == '[' {
			node.Kind = yaml.SequenceNode
		}
		for j.dec.More() {
			child, err := j.value(depth + 1)
			if err != nil {
				return nil, err
			}
			node.Content = append(node.Content, child)
		}
		if _, err := j.dec.Token(); err != nil {
			return nil, err
		}
	case string:
		node.Value = t
	case nil:
		node.Tag = "!!null"
	default:
		node.Value = fmt.Sprint(t)
	}
	return node, nil
}

// serverPaths are the base paths of a list of servers. A variable stands for
// its default.
func serverPaths(servers *yaml.Node) (bases []string) {
	if servers == nil || servers.Kind != yaml.SequenceNode {
		return nil
	}
	for _, s := range servers.Content {
		n := valueOf(target(s), "url")
		if n == nil || n.Kind != yaml.ScalarNode || len(n.Value) > 2048 {
			continue
		}
		text := n.Value
		if variables := valueOf(target(s), "variables"); variables != nil && variables.Kind == yaml.MappingNode {
			for i := 0; i+1 < len(variables.Content) && i < 2*maxSchemaBases; i += 2 {
				if d := valueOf(target(variables.Content[i+1]), "default"); d != nil && len(text) < 4096 && len(d.Value) < 256 {
					text = strings.ReplaceAll(text, "{"+variables.Content[i].Value+"}", d.Value)
				}
			}
		}
		if _, rest, ok := strings.Cut(text, "://"); ok {
			_, text, _ = strings.Cut(rest, "/")
			text = "/" + text
		}
		if u, err := url.Parse(text); err == nil {
			text = u.Path
		}
		bases = addBase(bases, text)
	}
	return bases
}

func addBase(bases []string, base string) []string {
	base = "/" + strings.Trim(base, "/")
	if base == "/" || len(bases) >= maxSchemaBases || slices.Contains(bases, base) {
		return bases
	}
	return append(bases, base)
}
